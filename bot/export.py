"""Writes what the record holds for other programs of the clinic, as one FHIR bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TextIO

from bot.clinic.errors import NotFound
from bot.clock import utc_now
from bot.fhir.diary import appointment, who_and_when
from bot.fhir.questionnaire import questionnaire
from bot.fhir.screening import response
from bot.house import House

Kind = Callable[[House, str | None], Iterator[Any]]


def _screenings(house: House, conversation_id: str | None) -> Iterator[Any]:
    shelf = house.shelf
    asked = shelf.protocol.questionnaire
    yield questionnaire(asked, f"Safety questions of {shelf.clinic.name}")
    with house.store.reading() as unit:
        found = (
            unit.screenings.of(conversation_id)
            if conversation_id
            else unit.screenings.all()
        )
        for screening in found:
            yield response(asked, screening)


def _diary(house: House, conversation_id: str | None) -> Iterator[Any]:
    clinic, now = house.shelf.clinic, utc_now()
    with house.store.reading() as unit:
        if conversation_id is None:
            yield from who_and_when(unit, clinic, now)
        for visit in unit.bookings.every(conversation_id):
            yield appointment(clinic, visit)


KINDS: Mapping[str, Kind] = {"screenings": _screenings, "diary": _diary}
"""What can be exported: a name, and what yields its resources.

Each is given the house and a conversation's id, or None for all conversations.
"""


def export(house: House, kind: str, conversation_id: str | None, out: TextIO) -> int:
    """Write one bundle of type `collection`, a single JSON document.

    It is written entry by entry, one a line, so that a big diary needs little memory.

    Args:
        kind: a key of `KINDS`.
        conversation_id: only what belongs to this one; None for all.

    Returns:
        The exit code: 0.

    Raises:
        NotFound: there is no such conversation.
    """
    with house.store.reading() as unit:
        if conversation_id and unit.conversations.get(conversation_id) is None:
            raise NotFound("There is no such conversation.")
    out.write('{"resourceType": "Bundle", "type": "collection", "entry": [')
    for number, one in enumerate(KINDS[kind](house, conversation_id)):
        entry = {"resource": json.loads(one.json())}
        out.write(f"{',' if number else ''}\n{json.dumps(entry, ensure_ascii=False)}")
    out.write("\n]}\n")
    return 0
