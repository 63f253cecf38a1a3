"""Keeps in mind which missed questions say much the same, for the console's page."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.clinic.misses import Miss
from bot.desk.misses import open_misses
from bot.settings import ROOT
from bot.store.unit import Store

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 120
Sort = Callable[[Sequence[str]], Sequence[int]]


class Unsorted(Exception):
    """The texts could not be compared now."""


def sorted_by_encoder(texts: Sequence[str]) -> Sequence[int]:
    """Have the texts compared in a process of its own; see `bot.nlu.alike`.

    Raises:
        Unsorted: it failed, or took two minutes.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.nlu.alike"],
            cwd=ROOT,
            input=json.dumps(list(texts)),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
        numbers: list[int] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as fault:
        raise Unsorted(type(fault).__name__) from None
    return numbers


class Likeness:
    """Groups of misses, made anew when the list has changed, never by a request."""

    def __init__(self, store: Store, sort: Sort = sorted_by_encoder) -> None:
        self._store, self._sort = store, sort
        self._groups: Mapping[tuple[str, int], int] = {}

    def refresh(self, _now: datetime) -> None:
        """Compare what is on the list now, unless all of it was compared before."""
        with self._store.reading() as unit:
            found = open_misses(unit)
        if {_key(one) for one in found} <= self._groups.keys():
            return
        try:
            numbers = self._sort([one.text for one in found])
        except Unsorted as fault:
            logger.warning("misses are not sorted: %s", fault)
            return
        self._groups = {
            _key(one): number for one, number in zip(found, numbers, strict=True)
        }

    def together(self, found: Sequence[Miss]) -> list[list[Miss]]:
        """Put misses into their groups: the largest first, then the newest.

        What was not compared yet stands alone.

        Args:
            found: newest first.
        """
        groups: dict[object, list[Miss]] = {}
        for one in found:
            key = _key(one)
            groups.setdefault(self._groups.get(key, key), []).append(one)
        return sorted(groups.values(), key=len, reverse=True)


def _key(one: Miss) -> tuple[str, int]:
    return one.conversation_id, one.seq
