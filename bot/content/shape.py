"""Takes a part out of a file, and says so where it is not there or of another shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.content.files import Document, Key


def mapping(document: Document, key: Key) -> Mapping[str, Any]:
    """Return the keys and values at a place.

    Raises:
        BadContent: there is nothing, or something else.
    """
    found = _at(document, key)
    if not isinstance(found, Mapping):
        raise document.bad(key, "expected keys with values here")
    return found


def rows(document: Document, key: Key) -> list[Any]:
    """Return the list at a place; one that is not there is empty.

    Raises:
        BadContent: something else stands there.
    """
    found = _at(document, key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise document.bad(key, "expected a list here")
    return found


def some(document: Document, key: Key) -> list[Any]:
    """Return the list at a place, which must not be empty.

    Raises:
        BadContent: there is nothing, or something else.
    """
    found = rows(document, key)
    if not found:
        raise document.bad(key, "expected a list with at least one entry here")
    return found


def text(document: Document, key: Key) -> str:
    """Return the words at a place.

    Raises:
        BadContent: there is nothing, or something else.
    """
    found = _at(document, key)
    if not isinstance(found, (str, int, float)) or isinstance(found, bool):
        raise document.bad(key, "expected words here")
    return str(found)


def _at(document: Document, key: Key) -> Any:
    """Walk down; where a step is missing the rest is None."""
    found = document.data
    for step in key:
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found
