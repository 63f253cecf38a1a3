"""Finds out when each written text was last checked: answers, rules, words, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.clinic.faq import Answer
from bot.clinic.profile import Clinic
from bot.clinic.reviews import CONFIRMED_FOR, SIGNED_FOR, ToReview
from bot.content.files import build, read
from bot.content.shape import mapping, text

_NOBODY = "nobody yet"


@dataclass(frozen=True)
class _Signature:
    version: str
    name: str
    role: str
    date: date


@dataclass(frozen=True)
class _Signed:
    version: str
    signatures: tuple[_Signature, ...]


def load(
    data: Path, answers: Mapping[str, Answer], clinic: Clinic
) -> tuple[ToReview, ...]:
    """Return every text that has a date of review, or should have one.

    Args:
        data: the project's data folder.
        answers: the written answers, by topic.

    Raises:
        BadContent: a signature or a date cannot be read.
    """
    return (
        *_answers(answers.values()),
        _rules(data / "screening"),
        _numbers(data / "screening", clinic),
        *_words(data / "red_flags"),
    )


def _answers(answers: Iterable[Answer]) -> Iterator[ToReview]:
    for one in answers:
        yield ToReview(
            title=one.title,
            file=f"data/faq/{one.topic}.yml",
            sources=tuple(
                f"{source.title} ({source.year})" if source.year else source.title
                for source in one.sources
            ),
            reviewed_on=one.reviewed_on,
            review_by=one.review_by,
        )


def _rules(folder: Path) -> ToReview:
    version = text(read(folder / "rules.yml"), ["version"])
    document = read(folder / "signed.yml")
    signed = [
        one for one in build(_Signed, document).signatures if one.version == version
    ]
    last = max((one.date for one in signed), default=None)
    return ToReview(
        title=f"Screening rules, version {version}",
        file="data/screening/rules.yml",
        sources=("In the file, beside each rule",),
        reviewed_on=last,
        review_by=last + SIGNED_FOR if last else None,
        note="" if last else "Nobody has signed this version.",
    )


def _numbers(folder: Path, clinic: Clinic) -> ToReview:
    known = mapping(read(folder / "contacts.yml"), [])
    country = clinic.country if clinic.country in known else "OTHER"
    confirmed = _day(known[country].get("verified_on"))
    return ToReview(
        title=f"Numbers to call in an emergency ({country})",
        file="data/screening/contacts.yml",
        sources=("In the file, beside each number",),
        reviewed_on=confirmed,
        review_by=confirmed + CONFIRMED_FOR if confirmed else None,
        note="" if confirmed else "Nobody has confirmed these numbers yet.",
    )


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def _words(folder: Path) -> Iterator[ToReview]:
    """Yield the files of emergency words that nobody has signed."""
    for path in sorted(folder.glob("*.yml")):
        known = mapping(read(path), [])
        if str(known.get("signed_by", "")).strip() == _NOBODY:
            yield ToReview(
                title=f"Emergency words: {path.stem.replace('_', ' ')}",
                file=f"data/red_flags/{path.name}",
                note="Nobody has signed these words.",
            )
