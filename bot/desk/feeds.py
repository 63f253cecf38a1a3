"""A practitioner's visits as a calendar to subscribe to, at an address of its own."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.clinic.booking import Appointment
from bot.clinic.errors import NotFound
from bot.clinic.profile import Clinic
from bot.desk.ports import FeedUnit

_KEY_BYTES = 32
_LOOK_BACK = timedelta(days=30)


def feed_key(
    unit: FeedUnit,
    clinic: Clinic,
    practitioner_id: str,
    now: datetime,
    renew: bool = False,
) -> str:
    """Return the key in the address of somebody's feed, made at its first use; commit.

    Args:
        renew: make another one; the old address leads nowhere from then on.

    Raises:
        NotFound: the clinic's files name no such practitioner.
    """
    if practitioner_id not in clinic.practitioners:
        raise NotFound(f"There is no practitioner {practitioner_id!r}.")
    known = unit.feeds.key_of(practitioner_id)
    if known is not None and not renew:
        return known
    key = secrets.token_urlsafe(_KEY_BYTES)
    unit.feeds.put(practitioner_id, key, now)
    unit.commit()
    return key


def visits_of_feed(
    unit: FeedUnit, clinic: Clinic, key: str, now: datetime
) -> list[Appointment]:
    """Return what the feed at an address shows: from a month ago to the horizon.

    Raises:
        NotFound: nobody's feed is there, or no longer.
    """
    practitioner_id = unit.feeds.whose(key)
    if practitioner_id not in clinic.practitioners:
        raise NotFound("There is no such calendar.")
    # A day more: the last visit of the horizon may begin at its very end.
    until = now + timedelta(days=clinic.policy.horizon_days + 1)
    return unit.bookings.of_practitioner(practitioner_id, now - _LOOK_BACK, until)
