"""What may come of a deed in the diary; expected outcomes are values, not errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.clinic.booking import Appointment, AppointmentRequest, Opening
from bot.clinic.diary import Misfit

Reason = (
    Misfit
    | Literal[
        "screening_needed",
        "locked",
        "no_self_booking",
        "self_booking",
        "too_many",
        "too_late",
        "late",
        "unknown",
        "empty",
    ]
)


@dataclass(frozen=True)
class Held:
    """The time is kept for ten minutes."""

    appointment: Appointment


@dataclass(frozen=True)
class Booked:
    """The visit stands in the diary, as booked or as pending."""

    appointment: Appointment


@dataclass(frozen=True)
class Cancelled:
    """The visit is off and its time is free again."""

    appointment: Appointment


@dataclass(frozen=True)
class Requested:
    """Staff have the wish for an appointment."""

    request: AppointmentRequest


@dataclass(frozen=True)
class OpeningTaken:
    """Somebody else has that time."""

    opening: Opening


@dataclass(frozen=True)
class Refused:
    """The deed was not done; nothing was written.

    Args:
        reason: `too_soon`, `too_far` and `outside_hours` are about the time;
            `screening_needed` and `locked` about safety; `too_many` about the cap of
            visits ahead; `no_self_booking` and `self_booking` about how this clinic
            books; `too_late` means that the visit has begun; `late` that the visitor
            does not know the terms which count by now; `unknown` that this
            conversation has no such visit; `empty` that no times were named.
    """

    reason: Reason
