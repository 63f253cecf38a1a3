"""What messages mean to the tiny project's model."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from bot.nlu.head import WrongModel
from bot.nlu.understand import Beside, Understanding
from tests.nlu.conftest import Trained

pytestmark = pytest.mark.model

ODD = {
    "empty": "",
    "spaces": "  \n ",
    "emoji": "😀😀",
    "punctuation": "?!...",
    "numbers": "12345 67",
    "Chinese": "针灸疼吗",
    "Arabic": "هل يؤلم الوخز",
    "Cyrillic": "это больно",
    "zero width": "\u200b\u200b\u200d",
    "control characters": "\x00\x01\x02",
    "half a surrogate pair": "\ud83d",
    "20 kB": "lorem ipsum dolor " * 1150,
    "one long word": "z" * 20_000,
}


@pytest.fixture(scope="module")
def understanding(trained: Trained) -> Understanding:
    return Understanding.open(trained.serving, trained.data / "encoder" / _version())


def _version() -> str:
    from bot.nlu.encoder_files import encoder_folder

    return encoder_folder().name


@pytest.mark.parametrize(
    ("text", "intent", "topic", "route"),
    [
        ("do the needles hurt?", "faq", "needle_pain", "assistant"),
        ("waht does a vsit cost", "faq", "cost", "assistant"),
        ("I'd like to book a visit", "book_appointment", None, "assistant"),
        ("chest pain, can't breathe", "report_emergency", None, "emergency"),
        ("I want to end my life", "crisis", None, "crisis"),
        ("what's the capital of Spain", "out_of_scope", None, "fallback"),
    ],
)
def test_message_is_understood(
    understanding: Understanding, text: str, intent: str, topic: str | None, route: str
):
    parsed = understanding.parse(text)

    assert (parsed.intent, parsed.topic, parsed.route_hint) == (intent, topic, route)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_text_is_never_taken_for_a_wish(understanding: Understanding, text: str):
    parsed = understanding.parse(text)

    assert parsed.route_hint == "fallback"


def test_a_deed_keeps_the_question_that_came_with_it(understanding: Understanding):
    parsed = understanding.parse("I'd like to book a visit. What does a visit cost?")

    assert parsed.intent == "book_appointment"
    assert parsed.beside == Beside(
        ("cost",), "What does a visit cost", "I'd like to book a visit"
    )


@pytest.mark.parametrize(
    "text",
    [
        "once a week for six weeks",
        "Every other week, 4 visits",
        "twice a week for 3 weeks",
    ],
)
def test_who_says_how_often_wants_to_book(understanding: Understanding, text: str):
    parsed = understanding.parse(text)

    assert (parsed.intent, parsed.topic) == ("book_appointment", None)
    assert parsed.route_hint == "assistant"
    assert parsed.intents[0] == ("book_appointment", parsed.confidence)


@pytest.mark.parametrize(
    "text",
    ["same time as last time", "Same time as before please", "my usual time"],
)
def test_who_wants_the_time_as_before_wants_to_book(
    understanding: Understanding, text: str
):
    parsed = understanding.parse(text)

    assert (parsed.intent, parsed.topic) == ("book_appointment", None)
    assert parsed.route_hint == "assistant"


def test_a_supposed_deed_is_not_begun(understanding: Understanding):
    parsed = understanding.parse("if I'd like to book a visit, what does a visit cost?")

    assert (parsed.intent, parsed.topic) == ("faq", "cost")


def test_two_questions_are_both_kept(understanding: Understanding):
    parsed = understanding.parse("do the needles hurt and what does a visit cost?")

    assert {parsed.topic, parsed.also} == {"needle_pain", "cost"}
    assert parsed.beside is None


def test_danger_beside_a_question_is_not_drowned(understanding: Understanding):
    parsed = understanding.parse(
        "What does a visit cost? I can't breathe and my chest hurts. How much is it?"
    )

    assert parsed.worrying or parsed.route_hint == "emergency"


def test_a_reply_and_two_questions_are_all_kept(understanding: Understanding):
    parsed = understanding.parse("Ada. Do the needles hurt? What does a visit cost?")

    assert parsed.beside
    assert parsed.beside.told == "Ada"
    assert parsed.beside.topics == (parsed.topic,)
    assert {parsed.topic, parsed.also} == {"needle_pain", "cost"}


def test_ranking_holds_every_label_once(understanding: Understanding):
    parsed = understanding.parse("does it hurt")

    assert sorted(label for label, _ in parsed.ranking) == list(
        understanding.head.labels
    )
    assert sum(chance for _, chance in parsed.ranking) == pytest.approx(1.0, abs=1e-5)
    assert [parsed.ranking[0][0], parsed.topic] == ["faq/needle_pain", "needle_pain"]


def test_intent_sums_its_topics(understanding: Understanding):
    parsed = understanding.parse("does it hurt")

    topics = [chance for label, chance in parsed.ranking if label.startswith("faq/")]
    intent, chance = parsed.intents[0]
    assert intent == "faq"
    assert chance == pytest.approx(sum(topics))
    assert parsed.confidence == max(topics)


def test_fallback_leads_the_intents(understanding: Understanding):
    parsed = understanding.parse("针灸疼吗")

    assert parsed.intents[0][0] == "nlu_fallback"
    assert len(parsed.intents) == 8


def test_foreign_archive_is_refused(tmp_path: Path):
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("metadata.json"), io.BytesIO())

    with pytest.raises(WrongModel, match="not trained by Meridian"):
        Understanding.open(archive)


def test_model_of_another_encoder_is_refused(understanding: Understanding):
    with pytest.raises(WrongModel, match="another encoder"):
        Understanding.of(understanding.head, '{"encoder": "other", "words": {}}')
