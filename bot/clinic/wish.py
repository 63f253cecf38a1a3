"""What a visitor would like: when, with whom, where, in terms the diary knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.clinic.booking import Opening
from bot.clinic.profile import Clinic, Gender, Practitioner, Treatment
from bot.clinic.when import MINUTES_A_DAY, minute_of_day


@dataclass(frozen=True)
class Wish:
    """When, with whom and where a visitor would like to come; all of it optional.

    Args:
        earliest: aware UTC; the visit begins then or later.
        latest: aware UTC; the visit begins before that.
        weekdays: 0 is Monday; empty means any.
        from_minute: minute of the clinic's day; the visit begins then or later.
        until_minute: minute of the clinic's day; the visit begins before that.
        near_minute: minute of the day that would be best.
        online: True for online only, False for in person only.
    """

    earliest: datetime | None = None
    latest: datetime | None = None
    weekdays: frozenset[int] = frozenset()
    from_minute: int = 0
    until_minute: int = MINUTES_A_DAY
    near_minute: int | None = None
    treatment_id: str | None = None
    therapy: str | None = None
    practitioner_id: str | None = None
    gender: Gender | None = None
    language: str | None = None
    place_id: str | None = None
    online: bool | None = None

    @property
    def says_when(self) -> bool:
        """Tell whether it says anything about the time."""
        return self.anytime() != self

    def anytime(self) -> Wish:
        """Return the same wish for any time at all."""
        return replace(
            self,
            earliest=None,
            latest=None,
            weekdays=frozenset(),
            from_minute=0,
            until_minute=MINUTES_A_DAY,
            near_minute=None,
        )

    def any_hour(self) -> Wish:
        """Return the same wish for any hour of the days it names."""
        return replace(
            self, from_minute=0, until_minute=MINUTES_A_DAY, near_minute=None
        )

    def suits(self, practitioner: Practitioner) -> bool:
        """Tell whether a practitioner is of the kind that was asked for."""
        return (
            self.practitioner_id in (None, practitioner.id)
            and self.gender in (None, practitioner.gender)
            and (self.language is None or self.language in practitioner.languages)
            and (self.therapy is None or self.therapy in practitioner.therapies)
        )

    def allows(self, opening: Opening, clinic: Clinic) -> bool:
        """Tell whether an opening is at a time and place that was asked for."""
        local = opening.starts_at.astimezone(clinic.zone)
        online = clinic.places[opening.place_id].kind == "online"
        return (
            self.from_minute <= minute_of_day(local) < self.until_minute
            and (not self.weekdays or local.weekday() in self.weekdays)
            and (self.earliest is None or self.earliest <= opening.starts_at)
            and (self.latest is None or opening.starts_at < self.latest)
            and self.place_id in (None, opening.place_id)
            and self.online in (None, online)
        )

    def treatment(self, clinic: Clinic) -> Treatment | None:
        """Return the treatment asked for, or what a new patient usually books.

        An online wish gets a treatment that can happen online, where there is one.
        """
        if self.treatment_id is not None:
            return clinic.treatments.get(self.treatment_id)
        fitting = [
            one
            for one in clinic.treatments.values()
            if self.therapy in (None, one.therapy)
            and (one.online if self.online else one.in_person)
        ]
        order = {"first": 0, "any": 1, "follow_up": 2}
        return min(fitting, key=lambda one: order[one.visit], default=None)
