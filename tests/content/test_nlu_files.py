"""The training language covers every intent, repeats nothing and leaks no test set."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.content.test_faq_files import TOPICS

DATA = Path(__file__).parents[2] / "data"
HEARD = DATA / "checks"
NLU_FILES = sorted((DATA / "nlu").glob("*.yml"))
FAQ_FILES = sorted((DATA / "faq").glob("*.yml"))

DEEDS = {
    "book_appointment",
    "reschedule_appointment",
    "cancel_appointment",
    "check_appointment",
    "start_screening",
    "talk_to_human",
    "progress_update",
    "complaint",
}
SAFETY = {"report_emergency", "crisis"}
SMALL_TALK = {
    "greet",
    "goodbye",
    "thanks",
    "affirm",
    "deny",
    "bot_challenge",
    "capabilities",
    "stop",
}
FEWEST = (
    dict.fromkeys(DEEDS | SAFETY, 80)
    | dict.fromkeys(SMALL_TALK, 30)
    | {"out_of_scope": 400, "inform": 60}
)

EMERGENCY_GROUPS = {
    "saddle",
    "bladder",
    "bowel",
    "weakness",
    "chest",
    "breath",
    "needling",
    "stroke",
    "tearing",
    "sepsis",
    "injury",
    "cancer",
    "pregnancy",
    "headache",
    "limb",
    "fainting",
}
CRISIS_GROUPS = {"suicide", "selfharm", "danger"}
HARMLESS_GROUPS = {
    "idiom",
    "negation",
    "past",
    "hypothetical",
    "side_effect",
    "other_person",
    "everyday",
}


def fold(text: str) -> str:
    """Drop case and punctuation; a text of nothing else stays as it is."""
    words = re.sub(r"[^\w\s]|_", " ", text.casefold()).split()
    return " ".join(words) or text


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def examples(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield (intent, utterance) of every example in some of Rasa's files."""
    for path in paths:
        for entry in load(path)["nlu"]:
            for line in entry["examples"].splitlines():
                yield entry["intent"], line.strip().removeprefix("-").strip()


def repeats(texts: list[str]) -> dict[str, list[str]]:
    told = defaultdict(list)
    for text in texts:
        told[fold(text)].append(text)
    return {folded: same for folded, same in told.items() if len(same) > 1}


@pytest.mark.parametrize("intent", sorted(FEWEST))
def test_intent_has_enough_different_examples(intent: str) -> None:
    told = {fold(text) for name, text in examples(NLU_FILES) if name == intent}

    assert len(told) >= FEWEST[intent]


def test_no_example_is_said_twice_anywhere() -> None:
    texts = [text for _, text in examples(NLU_FILES + FAQ_FILES)]

    assert repeats(texts) == {}


def test_every_intent_of_the_contract_has_examples() -> None:
    wanted = set(FEWEST) | {f"faq/{topic}" for topic in TOPICS}

    assert {intent for intent, _ in examples(NLU_FILES + FAQ_FILES)} == wanted


def test_each_intent_stands_in_one_place() -> None:
    places = Counter(
        entry["intent"] for path in NLU_FILES + FAQ_FILES for entry in load(path)["nlu"]
    )

    assert {intent for intent, times in places.items() if times > 1} == set()


def test_examples_are_plain_text_without_markup() -> None:
    marked = [
        text for _, text in examples(NLU_FILES) if re.search(r"^/|[\[\](){}]", text)
    ]

    assert marked == []


@pytest.mark.parametrize("name", ["emergencies_heard.yml", "harmless_heard.yml"])
def test_no_training_example_comes_from_a_test_set(name: str) -> None:
    trained = {fold(text) for _, text in examples(NLU_FILES + FAQ_FILES)}

    leaked = [row for row in load(HEARD / name) if fold(row["text"]) in trained]

    assert leaked == []


def test_heard_messages_are_all_different() -> None:
    rows = load(HEARD / "emergencies_heard.yml") + load(HEARD / "harmless_heard.yml")

    assert repeats([row["text"] for row in rows]) == {}


def test_heard_emergencies_cover_each_group_evenly() -> None:
    rows = load(HEARD / "emergencies_heard.yml")
    count = Counter(row["about"] for row in rows if row["expect"] == "EMERGENCY")

    assert len(rows) == 150
    assert count == dict.fromkeys(EMERGENCY_GROUPS, 7)


def test_heard_crises_cover_each_group() -> None:
    rows = load(HEARD / "emergencies_heard.yml")
    count = Counter(row["about"] for row in rows if row["expect"] == "CRISIS")

    assert set(count) == CRISIS_GROUPS
    assert min(count.values()) >= 10


def test_heard_harmless_messages_cover_each_kind() -> None:
    rows = load(HEARD / "harmless_heard.yml")

    assert len(rows) == 150
    assert {row["about"] for row in rows} == HARMLESS_GROUPS


def test_every_example_of_a_wish_can_be_read():
    # The encoder knows no emoji and no other script: all of them would be one example.
    unread = [
        text
        for intent, text in examples(NLU_FILES + FAQ_FILES)
        if intent != "out_of_scope" and not re.search("[a-z0-9£]", text.casefold())
    ]

    assert unread == []
