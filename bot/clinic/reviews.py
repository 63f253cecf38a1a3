"""Which written texts somebody should look at again, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

SOON = timedelta(days=60)
"""So long before its day a text is shown as coming due."""

SIGNED_FOR = timedelta(days=365)
"""A signature under the screening rules holds for a year, as the answers' dates do."""

CONFIRMED_FOR = timedelta(days=182)
"""Numbers to call are confirmed every six months (data/screening/contacts.yml)."""


@dataclass(frozen=True)
class ToReview:
    """One text with its dates.

    Args:
        file: the one to edit, as the clinic knows it.
        sources: where its facts come from, in words.
        reviewed_on: when somebody last checked it; None for never.
        review_by: after that day it is past its review; None where nobody ever
            checked it, so that it is due now.
        note: what is missing, where a date does not say it.
    """

    title: str
    file: str
    sources: tuple[str, ...] = ()
    reviewed_on: date | None = None
    review_by: date | None = None
    note: str = ""

    def past(self, today: date) -> bool:
        """Tell whether it should have been looked at before today."""
        return self.review_by is None or self.review_by < today


def due(texts: Iterable[ToReview], today: date) -> list[ToReview]:
    """Return what is past its review or will be within `SOON`, most overdue first."""
    found = [
        one for one in texts if one.review_by is None or one.review_by <= today + SOON
    ]
    return sorted(found, key=lambda one: (one.review_by or date.min, one.title))
