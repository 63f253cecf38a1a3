"""Puts updates back into their order, which the network may have changed."""

from __future__ import annotations

import heapq
from collections.abc import Callable

_STORING_SECONDS = 0.02
_FAR = 10_000  # no network brings an update behind so many later ones


class InOrder:
    """Holds an update back for a moment while an earlier one may still come.

    A channel counts its updates and may bring several at once, in any order. A number
    that does not come at all is given up after the grace. A channel that was quiet for
    long may count from another number, perhaps from a lower one.

    Args:
        grace_seconds: how long a later update waits for an earlier one.
        monotonic: seconds from a clock that never goes back.
        newest: the highest number handled before, or None.
    """

    def __init__(
        self,
        grace_seconds: float,
        monotonic: Callable[[], float],
        newest: int | None = None,
    ) -> None:
        self._grace = grace_seconds
        self._monotonic = monotonic
        self._complete_to = newest or 0
        self._ahead: list[tuple[int, float]] = []
        self._coming: set[int] = set()

    def coming(self, number: int) -> None:
        """Note that an update is being stored; later ones wait for it in any case."""
        self._coming.add(number)

    def arrived(self, number: int, fresh: bool) -> None:
        """Note that an update is stored, or failed to be, or was known before."""
        self._coming.discard(number)
        if fresh and number < self._complete_to - _FAR:
            self._complete_to = 0
        if fresh and number > self._complete_to:
            heapq.heappush(self._ahead, (number, self._monotonic()))

    def wait_seconds(self, number: int) -> float:
        """Return how long an update that is here has to wait, 0 when it may go on."""
        if any(other < number for other in self._coming):
            return _STORING_SECONDS
        now = self._monotonic()
        while self._ahead:
            lowest, since = self._ahead[0]
            left = self._grace - (now - since)
            if lowest > self._complete_to + 1 and left > 0:
                break
            self._complete_to = max(self._complete_to, lowest)
            heapq.heappop(self._ahead)
        if number <= self._complete_to or not self._ahead:
            return 0.0
        return max(left, 0.001)
