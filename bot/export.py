"""Writes what the record holds for other programs of the clinic, as one FHIR bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TextIO

from fhir.resources.bundle import Bundle

from bot.clinic.errors import NotFound
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


KINDS: Mapping[str, Kind] = {"screenings": _screenings}
"""What can be exported: a name, and what yields its resources.

Each is given the house and a conversation's id, or None for all conversations.
"""


def export(house: House, kind: str, conversation_id: str | None, out: TextIO) -> int:
    """Write one bundle of type `collection`, a single JSON document.

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
    resources = list(KINDS[kind](house, conversation_id))
    bundle = Bundle.parse_obj(
        {"type": "collection", "entry": [{"resource": one} for one in resources]}
    )
    out.write(json.dumps(json.loads(bundle.json()), ensure_ascii=False, indent=2))
    out.write("\n")
    return 0
