"""Every file under data/faq keeps the promises made to visitors and to the model."""

import re
import unicodedata
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.clinic.faq import word
from bot.content import faq, profile
from bot.content.facts import facts

DATA = Path(__file__).parents[2] / "data"
FILES = sorted((DATA / "faq").glob("*.yml"))

TOPICS = {
    "what_is_acupuncture",
    "how_it_works",
    "effectiveness",
    "needle_pain",
    "needle_details",
    "needle_hygiene",
    "needle_fear",
    "session_length",
    "session_expect",
    "session_frequency",
    "session_count",
    "effect_duration",
    "preparation",
    "aftercare",
    "safety",
    "contraindications",
    "pregnancy",
    "old_injuries",
    "replace_medical",
    "conditions_treated",
    "upper_back",
    "sciatica",
    "stress_posture",
    "sleep",
    "womens_health",
    "combine_therapies",
    "supportive_techniques",
    "prevention",
    "cost",
    "insurance",
    "location",
    "hours",
    "contact",
    "practitioners",
    "online_consultation",
    "services",
    "cancellation_policy",
    "privacy",
}
KEYS = {
    "version",
    "topic",
    "title",
    "sources",
    "reviewed_on",
    "review_by",
    "clinic",
    "nlu",
    "responses",
}
PLACEHOLDERS = {
    "needle_brand_gauge",
    "hygiene_policy",
    "non_needle_options",
    "first_visit_minutes",
    "follow_up_minutes",
    "conditions_list",
    "practitioner_gender_options",
    "techniques",
    "price_first",
    "price_followup",
    "price_date",
    "package_terms",
    "payment_methods",
    "insurers",
    "receipt",
    "online_offered",
    "practitioner_list",
    "register_link",
    "retention",
    "privacy_contact",
    "cancel_hours",
    "late_fee",
    "illness_exception",
    "address",
    "directions",
    "hours",
    "phone",
    "email",
    "treatments",
    "clinic_name",
    "emergency",
}
FORBIDDEN = re.compile(
    r"\b(cur(e|es|ed|ing)|heal(s|ed|ing)?|detox\w*|guarantee\w*|miracle\w*"
    r"|pain[- ]?free|painless\w*|safe for everyone|root cause)\b",
    re.IGNORECASE,
)
LONGEST_ANSWER_WORDS = 60
FEWEST_EXAMPLES = 45


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def general_answer(file: Any) -> str:
    (variants,) = file["responses"].values()
    (variant,) = variants
    return str(variant["text"])


def clinic_sentences(file: Any) -> list[str]:
    return [
        sentence[key]
        for sentence in file["clinic"]
        for key in ("text", "silent")
        if key in sentence
    ]


def lines_of_examples(file: Any) -> list[str]:
    (entry,) = file["nlu"]
    return str(entry["examples"]).strip().splitlines()


def fold(text: str) -> str:
    """Lowercase words and figures only, as two visitors' spellings compare."""
    return " ".join(re.findall(r"[\w']+", text.lower())).replace("'", "")


def folded_examples(file: Any) -> list[str]:
    return [fold(line.removeprefix("- ")) for line in lines_of_examples(file)]


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def file(path: Path) -> Any:
    return load(path)


@pytest.fixture(scope="module")
def sources() -> Any:
    return load(DATA / "sources.yml")


def test_every_promised_topic_has_a_file():
    assert {path.stem for path in FILES} == TOPICS


def test_file_name_names_topic_intent_and_answer(path, file):
    assert file["topic"] == path.stem
    assert [entry["intent"] for entry in file["nlu"]] == [f"faq/{path.stem}"]
    assert list(file["responses"]) == [f"utter_faq/{path.stem}"]


def test_file_has_exactly_the_agreed_keys(file):
    assert set(file) == KEYS
    assert file["version"] == "3.1"
    assert all(
        {"text"} <= set(sentence) <= {"text", "silent"} for sentence in file["clinic"]
    )


def test_title_fits_a_button(file):
    assert 0 < len(file["title"]) <= 30


def test_topic_has_enough_different_examples(file):
    assert len(set(folded_examples(file))) >= FEWEST_EXAMPLES


def test_topic_has_no_example_twice(file):
    examples = folded_examples(file)

    assert sorted(examples) == sorted(set(examples))


def test_examples_are_plain_text(file):
    for line in lines_of_examples(file):
        assert re.fullmatch(r"- [^/\s\[\](){}][^\[\](){}]*", line), line


def test_no_example_belongs_to_two_topics():
    owners = defaultdict(set)
    for path in FILES:
        for example in folded_examples(load(path)):
            owners[example].add(path.stem)

    assert {e: sorted(o) for e, o in owners.items() if len(o) > 1} == {}


@pytest.mark.parametrize("clinic", ["edmonton", "new_york", "bangalore"])
def test_answers_are_short_as_each_clinic_gives_them(clinic):
    known = facts(profile.load(DATA / "clinics" / clinic))

    longest = {
        topic: len(word(answer, known).text.split())
        for topic, answer in faq.load(DATA).items()
    }

    assert {t: n for t, n in longest.items() if n > LONGEST_ANSWER_WORDS} == {}


def test_nothing_said_promises_or_shouts(file):
    for said in [file["title"], general_answer(file), *clinic_sentences(file)]:
        assert FORBIDDEN.findall(said) == []
        assert "!" not in said
        assert not [sign for sign in said if unicodedata.category(sign) == "So"]


def test_every_source_is_listed(file, sources):
    assert set(file["sources"]) <= set(sources)


def test_answer_without_sources_speaks_for_the_clinic(file):
    assert file["sources"] or file["clinic"]


def test_answer_is_reviewed_again_within_a_year(file):
    reviewed_on, review_by = file["reviewed_on"], file["review_by"]

    assert isinstance(reviewed_on, date)
    assert timedelta(0) < review_by - reviewed_on <= timedelta(days=366)


def test_general_answer_needs_no_profile(file):
    assert "{" not in general_answer(file)


def test_placeholders_are_known(file):
    for sentence in file["clinic"]:
        used = re.findall(r"{(.*?)}", sentence["text"])

        assert used
        assert set(used) <= PLACEHOLDERS


def test_silence_needs_no_profile(file):
    for sentence in file["clinic"]:
        assert "{" not in sentence.get("silent", "")


def test_sources_say_what_they_are(sources):
    for key, source in sources.items():
        assert {"title", "read"} <= set(source) <= {"title", "year", "read"}, key
        assert source["title"].strip(), key
        assert type(source["read"]) is bool, key
        assert type(source.get("year", 2000)) is int, key
