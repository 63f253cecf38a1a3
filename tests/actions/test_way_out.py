"""A question that was put in vain is not put without end: there is a way out."""

import uuid

import pytest

from actions.screening import _ask
from actions.screening_replies import read
from bot.clinic.conversation import Said
from tests.actions.chat import payloads, said
from tests.actions.test_interruptions import at, going, waiting

WAY_OUT = "sorry to ask again"


def hear(chat, text, intent="inform", **more):
    """Type something in the form, and keep all of the turn in the record."""
    with chat.house.store.unit() as unit:
        seq = unit.conversations.hear(chat.id, text, None, str(uuid.uuid4()), chat.now)
        unit.commit()
    form = {"form": "screening_form", "requested_slot": "screening_reply"}
    turn = chat.turn(text, intent, seq=seq, **form, **more)
    read(turn)
    turn.tracker.events += [
        {"event": "bot", "data": one} for one in turn.dispatcher.messages
    ]
    _ask(turn)
    with chat.house.store.unit() as unit:
        for message in turn.dispatcher.messages:
            shown = message["custom"] or {"text": message["text"]}
            extras = {
                name: shown[name] for name in ("health", "progress") if name in shown
            }
            unit.conversations.say(
                chat.id, Said(shown["text"], extras=extras), chat.now
            )
        unit.commit()
    return turn


@pytest.mark.parametrize(
    ("screen_id", "reply"),
    [
        ("consent", "purple"),
        ("age", "older than the hills"),
        ("gate", "idk, none"),
        ("site", "hip and knee alike"),
        ("nrs", "no"),
        ("nrs", "14"),
        ("impact", "seven"),
    ],
)
def test_the_same_miss_again_offers_a_way_out(chat, screen_id, reply):
    at(chat, screen_id)

    first, again, still = (hear(chat, reply) for _ in range(3))

    assert WAY_OUT not in said(first)
    assert WAY_OUT in said(again)
    assert "/talk_to_human" in payloads(again)
    assert WAY_OUT in said(still)
    assert waiting(chat) == screen_id


def test_several_misses_of_other_kinds_offer_it_too(chat):
    at(chat, "site")

    turns = [hear(chat, one) for one in ("hip and knee", "all alike", "hip and knee")]

    assert [WAY_OUT in said(turn) for turn in turns] == [False, False, True]


def test_what_comes_between_is_no_miss(chat):
    at(chat, "age")
    for intent in ("thanks", "greet", "thanks"):
        hear(chat, "hello", intent)

    assert WAY_OUT not in said(hear(chat, "purple"))


def test_the_way_out_skips_and_is_never_a_no(chat):
    at(chat, "gate")
    hear(chat, "idk, none")
    way_out = hear(chat, "idk, none")
    (skips,) = [one for one in payloads(way_out) if "skip" in one]

    hear(chat, skips, "answer", entities={"answer": "skip", "screen": "gate"})

    assert waiting(chat) == "site"
    assert going(chat).answers["chest_pain"] == "declined"


def test_agreement_cannot_be_skipped(chat):
    at(chat, "consent")
    hear(chat, "purple")

    assert not [one for one in payloads(hear(chat, "purple")) if "skip" in one]


def test_the_question_can_be_seen_again(chat):
    at(chat, "age")
    hear(chat, "purple")
    way_out = hear(chat, "purple")

    shown = hear(chat, "/start_screening", "start_screening")

    assert "/start_screening" in payloads(way_out)
    assert "How old is" in said(shown)
