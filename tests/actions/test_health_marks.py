"""What is about a visitor's own health is marked: no strange servers carry it."""

import pytest

from actions import screening, screening_replies


def marks(turn):
    return [
        (message["custom"] or message).get("health")
        for message in turn.dispatcher.messages
    ]


def test_each_question_is_marked(chat):
    turn = chat.turn(form="screening_form")
    for _ in range(4):
        screening._ask(turn)
        screening_replies.read(chat.turn("yes", form="screening_form"))

    assert len(marks(turn)) == 4
    assert all(marks(turn))


@pytest.mark.parametrize("reply", ["purple", "no", "yes"])
def test_whatever_is_said_to_an_answer_is_marked(chat, reply):
    screening._ask(chat.turn(form="screening_form"))
    said = []
    for _ in range(15):
        turn = chat.turn(reply, form="screening_form")
        if screening_replies.read(turn).get("screening_reply"):
            said += marks(turn)
            break
        said += marks(turn)

    assert said or reply == "yes"
    assert all(said)
