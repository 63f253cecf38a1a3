"""The screening's files fit together, or are refused with the place of the mistake."""

from __future__ import annotations

import io
import json
import shutil
from functools import lru_cache
from pathlib import Path

import pytest

from bot.clinic.contacts import fill
from bot.clinic.errors import BadContent
from bot.clinic.screening import Disposition
from bot.content.files import Document, read
from bot.content.screening import contacts_of, load, read_rules
from bot.screen_cases import run
from tests.screening import CASES, FOLDER, a_clinic, protocol, worked_cases

COUNTRIES = ("IN", "US", "CA", "GB", "AU")


@lru_cache
def _untouched(name: str) -> Document:
    return read(FOLDER / name)


def _read_once(path: Path) -> Document:
    """Read a file; one that a test left as it is was read before."""
    original = FOLDER / path.name
    if path.exists() and path.read_bytes() == original.read_bytes():
        return Document(path, _untouched(path.name).data)
    return read(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the files that a test may spoil."""
    monkeypatch.setattr("bot.content.screening.read", _read_once)
    return Path(shutil.copytree(FOLDER, tmp_path / "screening"))


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


AROUND_VISITS = {"since_visit", "new_worry", "anything_new"}
"""Meridian's own questions, beside those of the protocol."""


def test_protocol_has_all_questions_and_criteria():
    known = protocol()

    assert len(known.questionnaire.questions) == 69 + len(AROUND_VISITS)
    assert len(known.rules.criteria) == 96
    assert known.rules.version == "0.1.1"


def test_criteria_count_as_the_protocol_says():
    counts = {one: 0 for one in Disposition}
    for criterion in protocol().rules.criteria:
        counts[criterion.then] += 1

    assert list(counts.values()) == [16, 24, 8, 32, 16]


def test_every_criterion_has_a_reason_and_a_source():
    for criterion in protocol().rules.criteria:
        assert criterion.why
        assert criterion.sources


def test_every_message_of_a_criterion_is_filled_completely():
    known = protocol()
    for criterion in known.rules.criteria:
        said = fill(known.messages[criterion.message], known.contacts)

        assert said
        assert "{" not in said


def test_no_message_promises_safety():
    for text in protocol().messages.values():
        assert "cleared" not in text
        assert "you are fine" not in text


# One mistake in one file: which file, what was there, what stands there instead, and
# the key and reason that the error names.
MISTAKES = [
    ("rules.yml", "{q: fever, in", "{q: feverish, in", "q", "no question 'feverish'"),
    ("rules.yml", "['yes', unsure]}, then", "[yess, unsure]}, then", "in", "'yess'"),
    ("rules.yml", "msg: em_chest", "msg: em_chess", "msg", "no message 'em_chess'"),
    ("rules.yml", "{id: E05", "{id: E04", "criteria.4", "'E04' is there twice"),
    ("rules.yml", "{q: age, lt: 18}", "{q: age, has: 18}", "has", "does not go with"),
    ("rules.yml", "{q: age, lt: 18}", "{q: age, lt: '18'}", "lt", "not a number"),
    ("rules.yml", "eq: true}}, then", "eq: 'yes'}}, then", "eq", "neither true nor"),
    ("rules.yml", "{q: age, lt: 18}", "{q: age, below: 18}", "below", "no operator"),
    ("rules.yml", "{q: fever, in", "{fever: 1, in", "if", "a question `q`"),
    ("rules.yml", "then: URGENT", "then: URGENTLY", "then", "no such disposition"),
    ("rules.yml", "at: end, if", "at: once, if", "at", "at"),
    ("rules.yml", "src: [FAST]", "src: []", "src", "source is missing"),
    ("rules.yml", "src: [FAST]", "sorce: [FAST]", "sorce", "unknown key"),
    (
        "rules.yml",
        "order: [EMERGENCY, URGENT",
        "order: [URGENT, EMERGENCY",
        "order",
        "",
    ),
    ("rules.yml", "if: {any: [{q: ces", "if: {some: [{q: ces", "if", "question `q`"),
    ("questions.yml", "{id: fever", "{id: cough", "items", "no question 'fever'"),
    ("questions.yml", "{id: fever", "{id: weight_loss", "items", "there twice"),
    ("questions.yml", "{q: age, lt: 18}", "{q: aged, lt: 18}", "ask_if", "'aged'"),
    ("questions.yml", "type: ynu", "type: yesno", "type", "type"),
    ("messages.yml", "{emergency}", "{ambulance}", "em_spine", "{ambulance}"),
    ("messages.yml", "ok_end:", "ok_fin:", "", "'ok_end' is missing"),
    ("screens.yml", "[site]", "[sight]", "screens.4", "no question 'sight'"),
    ("screens.yml", "questions: [nrs]", "questions: [site]", "screens", "no screen"),
    ("screens.yml", "low_back: Low back,", "", "items.site", "'low_back' has no label"),
    ("screens.yml", "low_back: Low", "lo_back: Low", "items.site", "no such answer"),
    ("screens.yml", "call {emergency}. Is", "call {nine}. Is", "screens.0", "{nine}"),
    (
        "screens.yml",
        "duration: na,",
        "duration: nah,",
        "set.duration",
        "no such answer",
    ),
    ("screens.yml", "reopen: [site, nrs]", "reopen: [sites]", "reopen", "'sites'"),
    ("screens.yml", '  closer: "', '  closest: "', "hints", "closest"),
    ("words.yml", "  fever:", "  fevers:", "words.fevers", "no question"),
    ("words.yml", "    past: [past", "    passed: [past", "cancer.passed", "no such"),
    ("sources.yml", "FAST:", "FASTER:", "", "'FAST' is not described"),
    ("sources.yml", "read: abstract", "read: most", "FIN2020", "read"),
    ("screens.yml", "ask: [cancer]", "ask: [cancers]", "ask", "'cancers'"),
    ("flags.yml", "  DVT:", "  CLOT:", "flags", "'DVT' has no words"),
    ("screens.yml", '  age: {name: "Age", ', "  age: {", "items.age", "name"),
    ("contacts.yml", 'number: "911", status', 'number: "", status', "US", "emergency"),
    ("screens.yml", "lists: 4", "lists: 15", "lists", "one question for each list"),
]


@pytest.mark.parametrize(("name", "old", "new", "key", "reason"), MISTAKES)
def test_a_mistake_is_refused_with_its_place(folder, name, old, new, key, reason):
    spoil(folder, name, old, new)

    with pytest.raises(BadContent) as mistake:
        load(folder, a_clinic(country="US", emergency=""))

    fault = mistake.value
    assert fault.file.endswith(".yml")
    assert key in fault.key
    assert reason in str(fault)
    assert fault.line or fault.key == ""


def test_the_line_of_a_mistake_is_the_right_one(folder):
    spoil(folder, "rules.yml", "msg: em_chest", "msg: em_chess")
    lines = (folder / "rules.yml").read_text(encoding="utf-8").splitlines()
    expected = next(n for n, line in enumerate(lines, 1) if "em_chess" in line)

    with pytest.raises(BadContent) as mistake:
        read_rules(folder)

    assert mistake.value.line == expected


@pytest.mark.parametrize("name", ["rules.yml", "screens.yml", "contacts.yml"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()

    with pytest.raises(BadContent, match=name):
        load(folder, a_clinic())


@pytest.mark.parametrize("name", ["rules.yml", "questions.yml", "messages.yml"])
@pytest.mark.parametrize("text", ["", "a: [", "just words", "- 1", "version: 1"])
def test_a_file_that_holds_something_else_is_refused(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")

    with pytest.raises(BadContent, match=name):
        load(folder, a_clinic())


# Numbers to call ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "emergency"),
    [("IN", "112"), ("US", "911"), ("CA", "911"), ("GB", "999"), ("AU", "000")],
)
def test_a_country_has_its_emergency_number(country, emergency):
    document = read(FOLDER / "contacts.yml")

    contacts = contacts_of(document, a_clinic(country=country, emergency=""))

    assert contacts.emergency == emergency


def test_the_clinics_own_numbers_come_first():
    document = read(FOLDER / "contacts.yml")

    contacts = contacts_of(document, a_clinic(emergency="112"))

    assert contacts.emergency == "112"
    assert contacts.crisis == "Northern Line on 555-0199"


def test_another_country_says_to_call_the_local_number():
    document = read(FOLDER / "contacts.yml")

    contacts = contacts_of(document, a_clinic(country="ZZ", emergency="", crisis=None))

    assert contacts.emergency.startswith("your local emergency number")
    assert contacts.crisis


@pytest.mark.parametrize("country", COUNTRIES)
def test_an_empty_emergency_number_is_refused(folder, country):
    path = folder / "contacts.yml"
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines():
        bare = line.startswith("  emergency:")
        kept.append("  emergency: {number: null}" if bare else line)
    path.write_text("\n".join(kept), encoding="utf-8")

    with pytest.raises(BadContent, match="emergency number is missing"):
        contacts_of(read(path), a_clinic(country=country, emergency=""))


# Rasa reads every file under data/ that has a line beginning with one of its keys.
@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.name
)
def test_rasa_takes_no_file_of_the_screening_for_its_own(path):
    keys = ("nlu:", "rules:", "stories:", "responses:")

    for line in path.read_text(encoding="utf-8").splitlines():
        assert not line.lstrip().startswith(keys)


# Worked cases -------------------------------------------------------------------------


def test_worked_cases_come_out_as_json_lines():
    out = io.StringIO()

    code = run(CASES, out, FOLDER)

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    expected = worked_cases()
    assert code == 0
    assert [line["id"] for line in lines] == [case["id"] for case in expected]
    assert [line["disposition"] for line in lines] == [
        case["expect"]["disposition"] for case in expected
    ]
    assert lines[1] == {
        "id": "C002",
        "disposition": "OK_TO_BOOK",
        "flags": [],
        "rules": [],
    }


def test_a_case_may_stand_without_defaults(tmp_path):
    cases = tmp_path / "one.yml"
    cases.write_text("cases:\n- {id: bare, answers: {chest_pain: 'yes'}}\n")
    out = io.StringIO()

    run(cases, out, FOLDER)

    assert json.loads(out.getvalue())["disposition"] == "EMERGENCY"


@pytest.mark.parametrize("text", ["", "- 1", "answers: {}", "cases: [1]", "cases: 5"])
def test_a_file_without_cases_is_refused(tmp_path, text):
    cases = tmp_path / "none.yml"
    cases.write_text(text, encoding="utf-8")

    with pytest.raises(BadContent, match="none"):
        run(cases, io.StringIO(), FOLDER)
