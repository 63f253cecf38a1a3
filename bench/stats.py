"""What is said of a row of measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least measured value that `share` of all values do not exceed.

    The nearest rank: always a value that was measured, never one in between.

    Args:
        values: at least one, in any order.
        share: above 0, at most 1; 0.5 for the median.
    """
    return sorted(values)[math.ceil(share * len(values)) - 1]


@dataclass(frozen=True)
class Times:
    """How long something took, in milliseconds."""

    p50: float
    p95: float
    max: float

    @staticmethod
    def of(values: Sequence[float]) -> Times:
        """Sum up a row of times in milliseconds, to the hundredth."""
        return Times(
            p50=round(percentile(values, 0.5), 2),
            p95=round(percentile(values, 0.95), 2),
            max=round(max(values), 2),
        )


def share(hits: Sequence[bool]) -> float | None:
    """Return the part of all that are true, None where there is nothing to count."""
    return round(sum(hits) / len(hits), 4) if hits else None
