"""How often somebody may knock, and how many doors they may hold open."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOST_CALLERS = 10_000


class Allowance:
    """A bucket of tokens for each caller, refilled steadily.

    Args:
        burst: how many calls at once.
        per_second: how fast the allowance grows again.
        monotonic: seconds from a clock that never goes back.
    """

    def __init__(
        self, burst: int, per_second: float, monotonic: Callable[[], float]
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._monotonic = monotonic
        self._left: dict[str, tuple[float, float]] = {}

    def wait_seconds(self, caller: str) -> int:
        """Take one call from the allowance.

        Returns:
            0 when the call is allowed, else whole seconds until the next may be.
        """
        now = self._monotonic()
        left, then = self._left.pop(caller, (float(self._burst), now))
        left = min(float(self._burst), left + (now - then) * self._per_second)
        allowed = left >= 1
        # Taken out and put back: the dict stays ordered by last call.
        self._left[caller] = (left - 1 if allowed else left, now)
        if len(self._left) > _MOST_CALLERS:
            del self._left[next(iter(self._left))]
        return 0 if allowed else math.ceil((1 - left) / self._per_second)


class Places:
    """So many places for each caller; in a full house the newest takes the oldest.

    So somebody whose line broke without a word is never shut out by it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[str, list[Callable[[], None]]] = {}

    @contextmanager
    def take(self, caller: str, leave: Callable[[], None]) -> Iterator[None]:
        """Hold a place until the block ends.

        Args:
            leave: called once when another takes the place.
        """
        held = self._held.setdefault(caller, [])
        if len(held) >= self._most:
            held.pop(0)()
        held.append(leave)
        try:
            yield
        finally:
            held = self._held.get(caller, [])
            if leave in held:
                held.remove(leave)
            if not held:
                self._held.pop(caller, None)
