"""What is said, noted and handed over when a message was not understood."""

import uuid

from actions.misses import _out_of_scope, suggest
from bot.desk.misses import open_misses
from tests.actions.chat import payloads, said

RANKING = {
    "intent_ranking": [
        {"name": "nlu_fallback", "confidence": 0.6},
        {"name": "faq", "confidence": 0.5},
        {"name": "book_appointment", "confidence": 0.2},
        {"name": "out_of_scope", "confidence": 0.1},
    ],
    "response_selector": {
        "faq": {
            "ranking": [
                {"intent_response_key": "faq/cost", "confidence": 0.6},
                {"intent_response_key": "faq/insurance", "confidence": 0.3},
                {"intent_response_key": "faq/needle_pain", "confidence": 0.04},
            ]
        }
    },
}


def heard(chat, text, intent="nlu_fallback", **more):
    """Type something that the record holds, and that the model could not place."""
    with chat.house.store.unit() as unit:
        seq = unit.conversations.hear(chat.id, text, None, str(uuid.uuid4()), chat.now)
        unit.commit()
    turn = chat.turn(text, intent)
    turn.tracker.latest_message.update(more, metadata={"seq": seq})
    return turn


def misses(chat):
    with chat.house.store.reading() as unit:
        return open_misses(unit)


def test_what_may_be_meant_is_offered_likeliest_first(chat):
    turn = heard(chat, "what abt money", **RANKING)
    suggest(turn)

    assert payloads(turn) == [
        '/ask_topic{"topic": "cost"}',
        "/book_appointment",
        '/ask_topic{"topic": "insurance"}',
        "/nlu_fallback",
        "/talk_to_human",
    ]


def test_a_miss_is_noted_with_its_ranking_and_calls_nobody_yet(chat):
    suggest(heard(chat, "what abt money", **RANKING))

    (one,) = misses(chat)
    assert one.ranking[:2] == (("faq/cost", 0.3), ("book_appointment", 0.2))
    assert chat.handoff() is None


def test_where_nothing_is_likely_other_words_are_asked_for(chat):
    turn = heard(chat, "hmpf")
    suggest(turn)

    assert "in other words" in said(turn)
    assert "/talk_to_human" in payloads(turn)


def test_the_second_miss_in_a_row_calls_staff_and_names_the_phone(chat):
    suggest(heard(chat, "what abt money", **RANKING))
    turn = heard(chat, "the money", **RANKING)
    suggest(turn)

    assert chat.handoff().reason == "not_understood"
    assert chat.house.shelf.clinic.phone in said(turn)


def test_the_third_miss_is_told_in_short(chat):
    suggest(heard(chat, "what abt money", **RANKING))
    suggest(heard(chat, "the money", **RANKING))
    turn = heard(chat, "money!!", **RANKING)
    suggest(turn)

    assert "with the rest" in said(turn)
    assert payloads(turn) == ["/capabilities"]
    assert len(misses(chat)) == 3


def test_none_of_these_calls_staff_and_is_no_miss(chat):
    turn = chat.press("/nlu_fallback")
    suggest(turn)

    assert chat.handoff().reason == "not_understood"
    assert "our staff's queue" in said(turn)
    assert misses(chat) == []


def test_what_is_not_ours_to_answer_is_noted_too(chat):
    turn = heard(chat, "do you sell gift cards", "out_of_scope")
    _out_of_scope(turn)

    assert [one.text for one in misses(chat)] == ["do you sell gift cards"]
    assert said(turn) == "utter_out_of_scope"
