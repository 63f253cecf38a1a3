"""What a screen says about itself, so that a channel may ask with more than buttons."""

from actions.offers import ask_opening
from actions.screens import show
from bot.clinic.interview import next_screen
from bot.clinic.screening import Answer, Disposition
from tests.actions.chat import payloads


def screen_called(chat, wanted):
    """Answer harmlessly up to one screen."""
    questionnaire = chat.house.shelf.protocol.questionnaire
    answers: dict[str, Answer] = {}
    while screen := next_screen(questionnaire, answers, {}):
        if screen.id == wanted:
            return screen
        for name in screen.questions:
            question = questionnaire.questions[name]
            answers[name] = 5 if question.type == "int" else question.none_answer
    raise LookupError(wanted)


def shown(chat, wanted):
    turn = chat.turn()
    show(turn, screen_called(chat, wanted))
    (message,) = turn.dispatcher.messages
    return message["custom"], payloads(turn)


def test_the_place_of_the_pain_may_be_shown_on_a_body(chat):
    message, buttons = shown(chat, "site")

    assert message["hint"]["kind"] == "body_map"
    assert message["hint"]["parts"][:3] == ["low_back", "upper_back", "neck"]
    assert len(message["hint"]["parts"]) == len(buttons)


def test_one_number_is_a_scale_with_buttons(chat):
    message, buttons = shown(chat, "nrs")

    assert message["hint"] == {"kind": "scale"}
    assert len(buttons) == 11


def test_three_numbers_are_a_scale_of_three_lines(chat):
    message, buttons = shown(chat, "impact")

    assert len(message["hint"]["lines"]) == 3
    assert message["text"].endswith("\n".join(message["hint"]["lines"]))
    assert buttons == []


def test_openings_come_apart_into_day_time_and_person(chat):
    chat.screened(Disposition.OK_TO_BOOK)
    turn = chat.turn(intent="book_appointment")
    ask_opening(turn)
    message = turn.dispatcher.messages[-1]["custom"]

    labels = [button["title"] for button in message["buttons"]]
    assert message["hint"]["kind"] == "openings"
    assert [
        f"{day} at {time}, {who}" for day, time, who in message["hint"]["parts"]
    ] == labels[:3]
    assert labels[3:] == ["Other times", "Another day"]
