"""Written answers: worded for one clinic, with their sources and their date."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_VERSION_CHARACTERS = 12


@dataclass(frozen=True)
class Source:
    """Where a fact comes from.

    Args:
        year: of publication; None where not known.
    """

    title: str
    year: int | None = None


@dataclass(frozen=True)
class ClinicSentence:
    """A sentence that only the clinic itself can fill in.

    Args:
        text: with `{placeholders}` from the clinic's profile.
        silent: said instead where the profile does not know; "" says nothing.
    """

    text: str
    silent: str = ""


@dataclass(frozen=True)
class Answer:
    """The written answer to one FAQ topic.

    Args:
        topic: e.g. `needle_pain`.
        title: short label of the topic, for buttons.
        text: the general answer, true in any clinic.
        clinic: what this clinic adds.
        reviewed_on: when somebody last checked it.
        review_by: after that day it is due for review.
    """

    topic: str
    title: str
    text: str
    clinic: tuple[ClinicSentence, ...]
    sources: tuple[Source, ...]
    reviewed_on: date
    review_by: date


@dataclass(frozen=True)
class Worded:
    """An answer as one clinic gives it.

    Args:
        text: what is said.
        complete: False where the clinic's profile was silent on something asked for.
        version: changes with every change of the wording.
    """

    text: str
    complete: bool
    version: str


def word(answer: Answer, facts: Mapping[str, str]) -> Worded:
    """Word an answer with what a clinic says about itself.

    Args:
        answer: the written answer.
        facts: placeholder to words; what is missing is not known, never guessed.
    """
    sentences, complete = [answer.text], True
    for sentence in answer.clinic:
        if placeholders(sentence.text) <= facts.keys():
            sentences.append(sentence.text.format_map(facts))
        elif sentence.silent:
            sentences.append(sentence.silent)
            complete = False
    text = " ".join(sentences)
    digest = hashlib.sha256(text.encode()).hexdigest()[:_VERSION_CHARACTERS]
    return Worded(text, complete, f"{answer.topic}@{answer.reviewed_on}+{digest}")


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
