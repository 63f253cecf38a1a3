"""Reads the clinic's screening: questions, criteria, messages and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.clinic.contacts import Contacts, unknown_placeholders
from bot.clinic.profile import Clinic
from bot.clinic.questionnaire import RuleSource, ScreeningProtocol
from bot.clinic.screened import RED_FLAGS
from bot.clinic.screening import (
    CLOSING_MESSAGE,
    PLAIN_MESSAGE,
    THINNER_MESSAGE,
    Criterion,
    Disposition,
    Rules,
)
from bot.content.conditions import Known, condition
from bot.content.files import Document, Key, build, plain, read
from bot.content.questionnaire import known_questions, read_questionnaire
from bot.content.shape import mapping, some, text

FOLDER = Path("data/screening")
_ALWAYS_NEEDED = (CLOSING_MESSAGE, PLAIN_MESSAGE, THINNER_MESSAGE)


@dataclass(frozen=True)
class _CriterionRow:
    id: str
    then: str
    flags: tuple[str, ...]
    msg: str
    why: str
    src: tuple[str, ...]
    at: Literal["end"] | None = None


def load(folder: Path, clinic: Clinic) -> ScreeningProtocol:
    """Read everything one clinic's screening needs.

    Args:
        folder: with questions, screens, words, rules, sources, flags, messages and
            contacts (.yml).
        clinic: whose country, numbers and age of consent are used.

    Raises:
        BadContent: anything that does not fit together; nothing is half-loaded.
    """
    questions = read(folder / "questions.yml")
    messages = _messages(read(folder / "messages.yml"))
    contacts = read(folder / "contacts.yml")
    questionnaire = read_questionnaire(
        questions, read(folder / "screens.yml"), read(folder / "words.yml")
    )
    rules = _rules(read(folder / "rules.yml"), known_questions(questions), messages)
    return ScreeningProtocol(
        questionnaire=questionnaire,
        rules=rules,
        messages=messages,
        contacts=contacts_of(contacts, clinic),
        flags=_flags(read(folder / "flags.yml"), rules),
        sources=_sources(read(folder / "sources.yml"), rules),
    )


def read_rules(folder: Path) -> Rules:
    """Read the criteria alone, checked against questions and messages.

    Raises:
        BadContent: an unknown question, answer or message, or an id used twice.
    """
    return _rules(
        read(folder / "rules.yml"),
        known_questions(read(folder / "questions.yml")),
        _messages(read(folder / "messages.yml")),
    )


def contacts_of(document: Document, clinic: Clinic) -> Contacts:
    """Return whom to call: the clinic's own numbers, else those of its country.

    Raises:
        BadContent: there is no emergency number for the clinic's country.
    """
    known = mapping(document, [])
    country = clinic.country if clinic.country in known else "OTHER"
    entry = mapping(document, [country])
    emergency = clinic.emergency or _said(document, country, entry, "emergency")
    return Contacts(
        country=country,
        emergency=emergency,
        crisis=_line(clinic.crisis) or _said(document, country, entry, "crisis"),
        health_line=_line(clinic.health_line)
        or _said(document, country, entry, "health_line"),
        clinic_phone=clinic.phone,
        clinic=clinic.name,
        adult_age=str(clinic.adult_age),
        review_by=clinic.facts.get("review_by", ""),
    )


def _line(line: Any) -> str:
    return f"{line.name} on {line.number}" if line else ""


def _said(document: Document, country: str, entry: Mapping[str, Any], name: str) -> str:
    """Return the words for one contact; only OTHER may do without a number."""
    contact = mapping(document, [country, name]) if entry.get(name) else {}
    number = str(contact.get("number") or "").strip()
    if name == "emergency" and country != "OTHER" and not number:
        raise document.bad([country, name], "an emergency number is missing")
    said = str(contact.get("say") or number).strip()
    if not said:
        raise document.bad([country, name], "there is neither a number nor words")
    return said


def _messages(document: Document) -> dict[str, str]:
    messages = {name: text(document, [name]) for name in mapping(document, [])}
    messages.pop("version", None)
    for name, words in messages.items():
        unknown = unknown_placeholders(words)
        if unknown:
            raise document.bad([name], f"nothing fills {{{unknown[0]}}}")
    missing = [name for name in _ALWAYS_NEEDED if name not in messages]
    if missing:
        raise document.bad([], f"the message {missing[0]!r} is missing")
    return messages


def _flags(document: Document, rules: Rules) -> dict[str, str]:
    flags = {
        name: text(document, ["flags", name]) for name in mapping(document, ["flags"])
    }
    raised = {flag for criterion in rules.criteria for flag in criterion.flags}
    missing = sorted(raised.union(RED_FLAGS).difference(flags))
    if missing:
        raise document.bad(["flags"], f"the flag {missing[0]!r} has no words")
    return flags


def _sources(document: Document, rules: Rules) -> dict[str, RuleSource]:
    sources = {
        key: build(RuleSource, document, mapping(document, [key]), [key])
        for key in mapping(document, [])
    }
    named = {key for criterion in rules.criteria for key in criterion.sources}
    missing = sorted(named.difference(sources))
    if missing:
        raise document.bad([], f"the source {missing[0]!r} is not described")
    return sources


def _rules(
    document: Document, known: Mapping[str, Known], messages: Mapping[str, str]
) -> Rules:
    if plain(some(document, ["order"])) != [one.value for one in Disposition]:
        raise document.bad(["order"], "the dispositions have another order")
    criteria: list[Criterion] = []
    for index, node in enumerate(some(document, ["criteria"])):
        one = _criterion(document, ["criteria", index], node, known)
        if one.id in {other.id for other in criteria}:
            raise document.bad(["criteria", index], f"{one.id!r} is there twice")
        if one.message not in messages:
            raise document.bad(
                ["criteria", index, "msg"], f"there is no message {one.message!r}"
            )
        criteria.append(one)
    constants = plain(mapping(document, ["constants"]))
    return Rules(text(document, ["version"]), tuple(criteria), constants)


def _criterion(
    document: Document, key: Key, node: Any, known: Mapping[str, Known]
) -> Criterion:
    if not isinstance(node, Mapping) or "if" not in node:
        raise document.bad(key, "expected a criterion with `if`")
    others = {name: value for name, value in node.items() if name != "if"}
    row = build(_CriterionRow, document, others, key)
    if not row.src:
        raise document.bad([*key, "src"], "a source is missing")
    return Criterion(
        id=row.id,
        condition=condition(document, [*key, "if"], node["if"], known),
        then=_disposition(document, key, row.then),
        flags=row.flags,
        message=row.msg,
        why=row.why,
        sources=row.src,
        at_end=row.at == "end",
    )


def _disposition(document: Document, key: Key, name: str) -> Disposition:
    try:
        return Disposition(name)
    except ValueError:
        raise document.bad([*key, "then"], f"no such disposition: {name!r}") from None
