"""Loads the written answers from data/faq/ with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.clinic.faq import Answer, ClinicSentence, Source
from bot.content.files import Document, build, read


@dataclass(frozen=True)
class _SourceEntry:
    """One entry of data/sources.yml."""

    title: str
    read: bool
    year: int | None = None


@dataclass(frozen=True)
class _TopicFile:
    """One file of data/faq/; `nlu` and `responses` are read by Rasa as well."""

    version: str
    topic: str
    title: str
    sources: tuple[str, ...]
    reviewed_on: date
    review_by: date
    clinic: tuple[ClinicSentence, ...]
    nlu: list[dict[str, Any]]
    responses: dict[str, list[dict[str, Any]]]


def load(data: Path) -> dict[str, Answer]:
    """Load every answer.

    Args:
        data: the project's data folder.

    Returns:
        Topic to answer.

    Raises:
        BadContent: a key is missing or unknown, a source is not listed, or the
            file's name, topic and response do not agree.
    """
    sources = _sources(data / "sources.yml")
    answers = [_answer(read(path), sources) for path in _files(data / "faq")]
    return {answer.topic: answer for answer in answers}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _sources(path: Path) -> dict[str, Source]:
    document = read(path)
    return {
        key: Source(entry.title, entry.year)
        for key, data in document.data.items()
        for entry in [build(_SourceEntry, document, data, [key])]
    }


def _answer(document: Document, sources: Mapping[str, Source]) -> Answer:
    topic = build(_TopicFile, document)
    if topic.topic != document.path.stem:
        raise document.bad(["topic"], f"expected {document.path.stem!r}, like the file")
    response = topic.responses.get(f"utter_faq/{topic.topic}")
    if not response or not str(response[0].get("text", "")).strip():
        raise document.bad(["responses"], f"utter_faq/{topic.topic} has no text")
    for key in topic.sources:
        if key not in sources:
            raise document.bad(["sources"], f"{key!r} is not in sources.yml")
    return Answer(
        topic=topic.topic,
        title=topic.title,
        text=" ".join(str(response[0]["text"]).split()),
        clinic=topic.clinic,
        sources=tuple(sources[key] for key in topic.sources),
        reviewed_on=topic.reviewed_on,
        review_by=topic.review_by,
    )
