import pytest

from bot.clinic.conversation import Choice, Said, neutral, tidy
from bot.clinic.errors import NotFound
from bot.desk import conversation
from tests.people import begin_conversation


@pytest.fixture
def chat(store, now):
    return begin_conversation(store, now)


def hear(store, chat, client_id, text, now):
    with store.unit() as unit:
        received = conversation.hear_text(unit, chat, client_id, text, now)
        unit.commit()
        return received


def shown(store, chat, said, now):
    with store.unit() as unit:
        unit.conversations.say(chat, said, now)
        unit.commit()
    with store.reading() as unit:
        return unit.conversations.after(chat, 0)[-1]


def test_messages_are_numbered_from_one(store, chat, now):
    received = [hear(store, chat, f"c{n}", "hi", now) for n in range(3)]

    assert [one.seq for one in received] == [1, 2, 3]


def test_a_repeated_client_id_stores_nothing(store, chat, now):
    first = hear(store, chat, "c1", "hi", now)
    again = hear(store, chat, "c1", "hi", now)

    assert (again.seq, again.fresh) == (first.seq, False)
    with store.reading() as unit:
        assert len(unit.conversations.after(chat, 0)) == 1


def test_one_client_id_may_occur_in_two_conversations(store, chat, now):
    other = begin_conversation(store, now)
    hear(store, chat, "c1", "hi", now)

    assert hear(store, other, "c1", "hi", now).fresh


def test_what_is_not_committed_is_lost(store, chat, now):
    with store.unit() as unit:
        unit.conversations.hear(chat, "hi", None, "c1", now)

    with store.reading() as unit:
        assert unit.conversations.after(chat, 0) == []


def test_a_choice_is_stored_with_its_label_and_payload(store, chat, now):
    said = Said("Well?", choices=(Choice("Yes", "/yes"), Choice("No", "/no")))
    yes, _ = shown(store, chat, said, now).extras["buttons"]
    with store.unit() as unit:
        conversation.hear_choice(unit, chat, "c1", [yes["id"]], now)
        unit.commit()

    with store.reading() as unit:
        heard = unit.conversations.after(chat, 1)[0]
    assert (heard.text, heard.payload) == ("Yes", "/yes")


def test_several_ticks_are_one_message(store, chat, now):
    boxes = (Choice("A", "/a"), Choice("B", "/b"), Choice("None", "/none"))
    message = shown(
        store, chat, Said("Which?", checklist=boxes, none_of_these="/none"), now
    )
    listed = message.extras["checklist"]
    ids = [option["id"] for option in listed["options"]]
    with store.unit() as unit:
        conversation.hear_choice(unit, chat, "c1", ids[:2], now)
        unit.commit()

    with store.reading() as unit:
        heard = unit.conversations.after(chat, 1)[0]
    assert listed["none_id"] == ids[2]
    assert (heard.text, heard.payload) == ("A, B", "/a\n/b")


LATER = {
    "a reply": lambda talk, chat, now: talk.hear(chat, "no, friday", None, "c2", now),
    "a question": lambda talk, chat, now: talk.say(
        chat, Said("Friday?", choices=(Choice("Yes", "/confirm"),)), now
    ),
    "a person": lambda talk, chat, now: talk.say(chat, Said("Hello.", "staff"), now),
    "advice": lambda talk, chat, now: talk.say(
        chat, Said("Call 911.", extras={"urgent": True}), now
    ),
    "a note": lambda talk, chat, now: talk.say(chat, Said("One moment."), now),
}


@pytest.mark.parametrize("what", LATER)
def test_a_choice_under_an_older_question_does_not_answer_the_newest(
    store, chat, now, what
):
    said = Said("Thursday?", choices=(Choice("Yes", "/confirm"),))
    (yes,) = shown(store, chat, said, now).extras["buttons"]
    with store.unit() as unit:
        LATER[what](unit.conversations, chat, now)
        conversation.hear_choice(unit, chat, "c1", [yes["id"]], now)
        unit.commit()

    with store.reading() as unit:
        heard = unit.conversations.after(chat, 2)[0]
    assert heard.extras == ({} if what == "a note" else {"unseen": True})


def test_a_choice_that_comes_again_is_the_same_message(store, chat, now):
    said = Said("Well?", choices=(Choice("Yes", "/yes"),))
    (yes,) = shown(store, chat, said, now).extras["buttons"]
    with store.unit() as unit:
        for _ in range(2):
            conversation.hear_choice(unit, chat, "c1", [yes["id"]], now)
        unit.commit()

    with store.reading() as unit:
        (heard,) = unit.conversations.after(chat, 1)
    assert heard.extras == {}


def test_a_button_of_somebody_else_is_not_on_offer(store, chat, now):
    other = begin_conversation(store, now)
    said = Said("Well?", choices=(Choice("Yes", "/yes"),))
    (yes,) = shown(store, other, said, now).extras["buttons"]

    with store.unit() as unit, pytest.raises(NotFound):
        conversation.hear_choice(unit, chat, "c1", [yes["id"]], now)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/restart", "restart"),
        ("  //x", "x"),
        ("\u200b/x", "x"),
        ("a/b", "a/b"),
        ("///", "."),
        ("\u202e/x", "x"),
    ],
)
def test_neutral_text_never_begins_with_a_slash(typed, read):
    assert neutral(typed) == read


def test_tidy_keeps_line_breaks_and_letters_of_every_script():
    assert tidy("a\nनमस्ते\x00\u200d!") == "a\nनमस्ते!"
