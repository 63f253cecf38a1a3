"""What a visitor would like: when, with whom, where, in terms the diary knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.clinic.profile import Clinic, Gender, Plan, Practitioner, Treatment
from bot.clinic.when import MINUTES_A_DAY, minute_of_day


@dataclass(frozen=True)
class Course:
    """Several visits in one rhythm.

    Args:
        count: visits in all.
        weeks: the rhythm repeats every so many weeks ...
        visits: ... and has so many visits in it.
    """

    count: int
    weeks: int = 1
    visits: int = 1

    @property
    def rhythm(self) -> str:
        """Say how often: "once a week"."""
        if self.weeks > self.visits:
            return "every 2 weeks"
        return "twice a week" if self.visits > self.weeks else "once a week"

    def days_after(self, number: int) -> int:
        """Return how many days after the first a visit is due; the first is 0."""
        return number * 7 * self.weeks // self.visits


@dataclass(frozen=True)
class Wish:
    """When, with whom and where a visitor would like to come; all of it optional.

    Args:
        earliest: aware UTC; the visit begins then or later.
        latest: aware UTC; the visit begins before that.
        weekdays: 0 is Monday; empty means any.
        not_on: days of the clinic's calendar that do not do.
        from_minute: minute of the clinic's day; the visit begins then or later.
        until_minute: minute of the clinic's day; the visit begins before that.
        near_minute: minute of the day that would be best.
        soonest: any time will do; takes back what was said about it before.
        any_day_does: takes back the days that were said before.
        any_hour_does: takes back the hours that were said before.
        anybody_does: takes back the person, or the man or woman, that was asked for.
        not_with: ids of practitioners who do not do.
        places: ids of those that would do; empty means any.
        online: True for online only, False for in person only.
        complaint: id of what the visitor comes with.
        most: the highest price, in the clinic's currency.
        course: more than one visit.
        together: with what the clinic proposes beside it for the complaint.
    """

    earliest: datetime | None = None
    latest: datetime | None = None
    weekdays: frozenset[int] = frozenset()
    not_on: frozenset[date] = frozenset()
    from_minute: int = 0
    until_minute: int = MINUTES_A_DAY
    near_minute: int | None = None
    soonest: bool = False
    any_day_does: bool = False
    any_hour_does: bool = False
    anybody_does: bool = False
    treatment_id: str | None = None
    therapy: str | None = None
    practitioner_id: str | None = None
    not_with: frozenset[str] = frozenset()
    gender: Gender | None = None
    language: str | None = None
    places: frozenset[str] = frozenset()
    online: bool | None = None
    complaint: str | None = None
    most: Decimal | None = None
    course: Course | None = None
    together: bool = False

    @property
    def says_days(self) -> bool:
        """Tell whether it names days."""
        return bool(self.earliest or self.latest or self.weekdays or self.not_on)

    @property
    def says_hours(self) -> bool:
        """Tell whether it names a time of day."""
        return self.any_hour() != self

    @property
    def says_when(self) -> bool:
        """Tell whether it speaks of the time at all, if only that any will do."""
        lifts = self.soonest or self.any_day_does or self.any_hour_does
        return lifts or self.says_days or self.says_hours

    @property
    def says_whom(self) -> bool:
        """Tell whether it names a person or a kind of person."""
        return bool(
            self.practitioner_id or self.not_with or self.gender or self.language
        )

    @property
    def parts(self) -> int:
        """Count what it asks for: person, place, day, time of day and treatment."""
        return sum(
            (
                self.says_whom,
                bool(self.places) or self.online is not None,
                self.says_days,
                self.says_hours,
                bool(self.treatment_id or self.therapy or self.complaint),
            )
        )

    def anytime(self) -> Wish:
        """Return the same wish for any time at all."""
        return replace(self.any_hour().any_day(), soonest=False)

    def any_day(self) -> Wish:
        """Return the same wish for any day at all."""
        return replace(
            self, earliest=None, latest=None, weekdays=frozenset(), not_on=frozenset()
        )

    def any_hour(self) -> Wish:
        """Return the same wish for any hour of the days it names."""
        return replace(
            self, from_minute=0, until_minute=MINUTES_A_DAY, near_minute=None
        )

    def when(self) -> Wish:
        """Return the days and hours alone."""
        return Wish(
            earliest=self.earliest,
            latest=self.latest,
            weekdays=self.weekdays,
            not_on=self.not_on,
            from_minute=self.from_minute,
            until_minute=self.until_minute,
            near_minute=self.near_minute,
        )

    def then(self, later: Wish) -> Wish:
        """Return what is wished after something more was said.

        "With a woman, thursday after 5", then "no wait, friday": with a woman on
        Friday after 5.
        """
        days, hours = self, self
        # Who names a person no longer asks for a kind of person, and the reverse.
        kind = Wish() if later.practitioner_id else self
        lifts = later.gender or later.language or later.anybody_does
        person = Wish() if lifts else self
        gender = None if later.anybody_does else kind.gender
        named = (
            None if person.practitioner_id in later.not_with else person.practitioner_id
        )
        refused = (later.not_with | self.not_with) - {later.practitioner_id}
        if later.soonest or later.any_day_does or later.says_days:
            days = later
        if later.soonest or later.any_hour_does or later.says_hours:
            hours = later
        return Wish(
            earliest=days.earliest,
            latest=days.latest,
            weekdays=days.weekdays,
            not_on=days.not_on,
            from_minute=hours.from_minute,
            until_minute=hours.until_minute,
            near_minute=hours.near_minute,
            treatment_id=later.treatment_id
            or (None if later.therapy else self.treatment_id),
            therapy=later.therapy or self.therapy,
            practitioner_id=later.practitioner_id or named,
            not_with=refused,
            gender=later.gender or gender,
            language=later.language or kind.language,
            places=later.places or self.places,
            online=self.online if later.online is None else later.online,
            complaint=later.complaint or self.complaint,
            most=later.most or self.most,
            course=later.course or self.course,
            together=later.together or self.together,
        )

    def allows(self, day: date) -> bool:
        """Tell whether a day, within its bounds, is one of those wished for."""
        return day not in self.not_on and (
            not self.weekdays or day.weekday() in self.weekdays
        )

    def allows_at(self, moment: datetime, here: ZoneInfo) -> bool:
        """Tell whether a moment lies in the days and hours wished for."""
        local = moment.astimezone(here)
        return (
            (self.earliest is None or self.earliest <= moment)
            and (self.latest is None or moment < self.latest)
            and self.allows(local.date())
            and self.from_minute <= minute_of_day(local) < self.until_minute
        )

    def suits(self, practitioner: Practitioner) -> bool:
        """Tell whether a practitioner is of the kind that was asked for."""
        return (
            self.practitioner_id in (None, practitioner.id)
            and practitioner.id not in self.not_with
            and self.gender in (None, practitioner.gender)
            and (self.language is None or self.language in practitioner.languages)
            and (self.therapy is None or self.therapy in practitioner.therapies)
        )

    def treatment(self, clinic: Clinic) -> Treatment | None:
        """Return the treatment asked for, or what a new patient usually books.

        An online wish gets a treatment that can happen online, where there is one;
        a complaint gets the therapy that the clinic offers first for it. None where
        nothing costs as little as was said.
        """
        if self.treatment_id is not None:
            return clinic.treatments.get(self.treatment_id)
        order = self._therapies(clinic)
        fitting = [
            one
            for one in clinic.treatments.values()
            if one.therapy in order
            and (one.online if self.online else one.in_person)
            and self._affords(one)
        ]
        return min(
            fitting,
            key=lambda one: (
                one.visit == "follow_up",
                order.index(one.therapy),
                one.visit != "first",
            ),
            default=None,
        )

    def plan(self, clinic: Clinic) -> Plan | None:
        """Return the plan that the clinic proposes for the complaint, if any."""
        return next(
            (one for one in clinic.plans.values() if self.complaint in one.complaints),
            None,
        )

    def _therapies(self, clinic: Clinic) -> list[str]:
        """Return the therapies that would do, the likeliest first."""
        if self.therapy is not None:
            return [self.therapy]
        complaint = clinic.complaints.get(self.complaint or "")
        order = list(complaint.therapies if complaint else clinic.therapies)
        person = clinic.practitioners.get(self.practitioner_id or "")
        if person is None:
            return order
        return [one for one in order if one in person.therapies] or [*person.therapies]

    def _affords(self, treatment: Treatment) -> bool:
        if self.most is None:
            return True
        return treatment.price is not None and treatment.price <= self.most
