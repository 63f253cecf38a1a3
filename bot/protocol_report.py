"""Writes the screening rules as one page, for the clinicians who sign them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from bot.clinic.questionnaire import Questionnaire, Read
from bot.clinic.screening import (
    All,
    AnyOf,
    Compare,
    Condition,
    Disposition,
    Not,
    Rules,
)
from bot.content.files import plain, read
from bot.content.screening import FOLDER
from bot.content.shape import mapping, some
from bot.house import Shelf
from bot.look import pages
from bot.screen_cases import verdict_of

CASES = Path("tests/clinic/cases.yml")
_OPERATORS = {
    "lt": "under",
    "lte": "at most",
    "gt": "over",
    "gte": "at least",
    "has": "includes",
    "has_any": "includes any of",
    "count_gte": "has at least so many:",
}


def write(shelf: Shelf, page: Path, out: TextIO) -> int:
    """Write the page and say where it is.

    Args:
        shelf: the clinic's files, read and checked.
        page: the file to write.
        out: where to say so.

    Returns:
        The exit code: 0.

    Raises:
        BadContent: the worked cases or the signatures cannot be read.
    """
    protocol = shelf.protocol
    rules = [
        {"one": one, "when": say(protocol.questionnaire, one.condition)}
        for one in protocol.rules.criteria
    ]
    signatures = plain(mapping(read(FOLDER / "signed.yml"), []))["signatures"]
    template = pages.environment(Path(__file__).parent / "look")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        template.get_template("protocol.html").render(
            title="Screening rules, for review",
            style=pages.STYLE.read_text("utf-8"),
            clinic=shelf.clinic,
            protocol=protocol,
            dispositions=list(Disposition),
            rules=rules,
            signatures=signatures,
            signed=any(one["version"] == protocol.rules.version for one in signatures),
            sources=[
                {"key": key, "one": one, "read": _READ[one.read], "rules": names}
                for key, one in protocol.sources.items()
                if (names := _resting_on(key, protocol.rules))
            ],
            cases=_cases(shelf),
        ),
        encoding="utf-8",
    )
    out.write(f"The screening rules, to read and sign: {page}\n")
    return 0


_READ: Mapping[Read, str] = {
    "all": "read",
    "part": "an excerpt read",
    "copy": "a copy or a quotation read, not the owner's page",
    "abstract": "the abstract read",
    "titles": "title or contents read only",
    "no": "not read",
}


def _resting_on(key: str, rules: Rules) -> list[str]:
    """Return the rules that name a source."""
    return [one.id for one in rules.criteria if key in one.sources]


def say(asked: Questionnaire, condition: Condition) -> str:
    """Put a condition into words."""
    if isinstance(condition, Not):
        return f"not ({say(asked, condition.part)})"
    if isinstance(condition, All):
        return " AND ".join(_part(asked, part) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return " OR ".join(_part(asked, part) for part in condition.parts)
    return _compared(asked, condition)


def _part(asked: Questionnaire, condition: Condition) -> str:
    said = say(asked, condition)
    return f"({said})" if isinstance(condition, (All, AnyOf)) else said


def _compared(asked: Questionnaire, one: Compare) -> str:
    question = asked.questions.get(one.question)
    name = question.name if question else one.question.replace("_", " ")
    labels = question.labels if question else {}
    values = one.value if isinstance(one.value, (list, tuple)) else (one.value,)
    words = {True: "yes", False: "no"}
    said = " or ".join(
        words[value] if isinstance(value, bool) else str(labels.get(str(value), value))
        for value in values
    )
    return f"{name}: {_OPERATORS.get(one.operator, '')} {said}".replace("  ", " ")


def _cases(shelf: Shelf) -> list[Mapping[str, Any]]:
    document = read(CASES)
    everybody = plain(mapping(document, []))["defaults"]
    found = []
    for index, _ in enumerate(some(document, ["cases"])):
        case = plain(mapping(document, ["cases", index]))
        answers = everybody | case["answers"]
        given = verdict_of(shelf.protocol.rules, case["id"], answers)
        expected = case["expect"]
        agrees = (given["disposition"], given["flags"]) == (
            expected["disposition"],
            sorted(expected["flags"]),
        )
        found.append(case | {"given": given, "agrees": agrees})
    return found
