"""Finds conversations again: by words, name, telephone number, date and flag."""

from __future__ import annotations

from bot.clinic.search import Find, Wanted
from bot.desk.ports import SearchUnit

MOST_FINDS = 50


def search(unit: SearchUnit, wanted: Wanted) -> list[Find]:
    """Return the newest message that fits from each conversation, newest first.

    Conversations whose patient has the name or number come before those in which it
    was only said.

    Returns:
        50 finds at most.
    """
    found: dict[str, Find] = {}
    if wanted.text.strip():
        for find in unit.search.patients(wanted, MOST_FINDS):
            found.setdefault(find.conversation_id, find)
    if wanted.words or not wanted.text.strip():
        for find in unit.search.messages(wanted, MOST_FINDS):
            found.setdefault(find.conversation_id, find)
    return list(found.values())[:MOST_FINDS]
