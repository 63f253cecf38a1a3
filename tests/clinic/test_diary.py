"""No opening lies outside hours and none is missed: a slow and simple reference."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinic.booking import Cell, Opening
from bot.clinic.diary import Search, openings
from bot.clinic.hours import HoursException, with_exceptions
from bot.clinic.profile import Clinic, Closure, Policy, Span, Treatment
from bot.clinic.when import minute_of_day
from bot.clinic.wish import Wish
from tests.clinic.making import busy_with, clinic, practitioner, span, treatment
from tests.people import RECEPTIONIST

UTC = timezone.utc
FIVE = timedelta(minutes=5)
Spans = tuple[Span, ...]

# Around the changes of clocks, and an ordinary day.
DAYS = {
    "America/Edmonton": [date(2026, 3, 8), date(2025, 11, 2), date(2027, 6, 2)],
    "America/New_York": [date(2027, 3, 14), date(2027, 11, 7)],
    "Europe/London": [date(2027, 3, 28), date(2027, 10, 31)],
    "Asia/Kolkata": [date(2027, 3, 14)],
    "Australia/Lord_Howe": [date(2027, 4, 4), date(2027, 10, 3)],
}
# Mostly the small hours, in which clocks change.
QUARTERS = st.one_of(st.integers(0, 16), st.integers(0, 95))
VISITS = (
    treatment(15),
    treatment(45),
    treatment(75),
    treatment(50, hands_on=((0, 15), (40, 50))),
    treatment(60, hands_on=((10, 20), (30, 35), (55, 60))),
)


@dataclass(frozen=True)
class Case:
    """A practitioner's day, and everything that is unusual about it.

    Args:
        weekly: the hours of every day of the week.
        own: what staff entered for the practitioner on that day; None: nothing.
        place: what staff entered for the place on that day; None: nothing.
        closed: the clinic's files close the day.
        busy: resource to its taken cells, counted from midnight in UTC.
    """

    zone_and_day: tuple[str, date]
    weekly: Spans
    own: Spans | None
    place: Spans | None
    closed: bool
    visit: Treatment
    step: int
    buffer: int
    busy: dict[str, frozenset[int]]

    @property
    def day(self) -> date:
        return self.zone_and_day[1]

    @property
    def midnight(self) -> datetime:
        return datetime.combine(self.day, time.min, tzinfo=UTC)

    def cells(self) -> set[Cell]:
        return {
            (name, self.midnight + FIVE * number)
            for name, numbers in self.busy.items()
            for number in numbers
        }

    def clinic(self) -> Clinic:
        entered = {"practitioner:ada": self.own, "place:main": self.place}
        return with_exceptions(
            clinic(
                practitioner(hours={"main": dict.fromkeys(range(7), self.weekly)}),
                treatments=(self.visit,),
                time_zone=self.zone_and_day[0],
                closures=(Closure(self.day, self.day),) if self.closed else (),
                policy=Policy(
                    notice_hours=0,
                    horizon_days=4000,
                    start_step_minutes=self.step,
                    buffer_minutes=self.buffer,
                ),
            ),
            [
                HoursException(
                    whose, self.day, {"main": spans}, RECEPTIONIST, self.midnight
                )
                for whose, spans in entered.items()
                if spans is not None
            ],
        )


@st.composite
def stretches(draw: st.DrawFn) -> Spans:
    """Draw one or two stretches of a day, apart from each other."""
    marks = sorted(draw(st.sets(QUARTERS, min_size=2, max_size=4)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(span(f"{clock(first)}-{clock(last)}") for first, last in pairs)


def clock(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"


CASES = st.builds(
    Case,
    zone_and_day=st.sampled_from(
        [(name, day) for name, all_ in DAYS.items() for day in all_]
    ),
    weekly=stretches(),
    own=st.one_of(st.none(), st.none(), st.just(()), stretches()),
    place=st.one_of(st.none(), st.none(), st.just(()), stretches()),
    closed=st.sampled_from([False, False, True]),
    visit=st.sampled_from(VISITS),
    step=st.sampled_from([5, 15, 20]),
    buffer=st.sampled_from([0, 10]),
    busy=st.fixed_dictionaries(
        {
            name: st.frozensets(st.integers(0, 287), max_size=6)
            for name in ("practitioner:ada", "room:r0", "room:r1")
        }
    ),
)


@settings(max_examples=250, deadline=None)
@given(case=CASES)
def test_openings_equal_the_simple_reference(case: Case) -> None:
    here, midnight = case.clinic(), case.midnight
    earliest, latest = midnight, midnight + timedelta(days=1)

    found = [
        one.starts_at
        for one in openings(
            here,
            case.visit,
            here.practitioners.values(),
            busy_with(case.cells(), midnight),
            earliest,
            latest,
            midnight - timedelta(days=1),
        )
    ]

    assert found == [at for at in reference(case) if earliest <= at < latest]


# --- the reference: every five minutes of three days, one after the other ---------


def reference(case: Case) -> Iterator[datetime]:
    """Try every five minutes at which a visit might begin."""
    taken, step = case.cells(), case.step // 5
    for shift in (-1, 0, 1):
        for stretch in on_duty(case, case.day + timedelta(days=shift)):
            for number, at in enumerate(stretch):
                fits = number + case.visit.minutes // 5 <= len(stretch)
                if number % step == 0 and fits and is_free(case, at, taken):
                    yield at


def is_free(case: Case, at: datetime, taken: set[Cell]) -> bool:
    """Look at every cell of the practitioner, then at every cell of each room."""
    length, buffer = case.visit.minutes, case.buffer
    parts = case.visit.hands_on or ((0, length),)
    hands = {minute for first, last in parts for minute in range(first, last, 5)}
    hands |= set(range(parts[-1][1], parts[-1][1] + buffer, 5))
    whole = set(range(0, length + buffer, 5))
    if any(("practitioner:ada", at + timedelta(minutes=m)) in taken for m in hands):
        return False
    return any(
        all((room, at + timedelta(minutes=m)) not in taken for m in whole)
        for room in ("room:r0", "room:r1")
    )


def on_duty(case: Case, day: date) -> Iterator[list[datetime]]:
    """Walk the stretches of a day that lie within hours, as lists of 5 minutes.

    A practitioner comes when the clock first shows the opening time (or has jumped
    over it) and leaves when it first shows the closing time.
    """
    zone = ZoneInfo(case.zone_and_day[0])
    for first, last in runs(day_plan(case, day)):
        came = next(at for at, wall in walk(zone, day) if wall >= wall_of(day, first))
        left = next(at for at, wall in walk(zone, day) if wall >= wall_of(day, last))
        yield [at for at, _ in walk(zone, day) if came <= at < left]


def day_plan(case: Case, day: date) -> list[bool]:
    """Say of every minute of the wall clock whether it lies within hours."""
    special = day == case.day
    own, place = (case.own, case.place) if special else (None, None)
    usual = case.weekly if own is None else own
    if place is None and own is None and special and case.closed:
        return [False] * 1440
    return [
        in_one_of(usual, minute) and (place is None or in_one_of(place, minute))
        for minute in range(1440)
    ]


def in_one_of(spans: Spans, minute: int) -> bool:
    at = time(minute // 60, minute % 60)
    return any(one.opens <= at < one.closes for one in spans)


def runs(plan: list[bool]) -> Iterator[tuple[int, int]]:
    """Pair the first minute of every stretch with the first after it."""
    begin = None
    for minute, inside in enumerate([*plan, False]):
        if inside and begin is None:
            begin = minute
        elif not inside and begin is not None:
            yield begin, minute
            begin = None


def wall_of(day: date, minute: int) -> datetime:
    return datetime.combine(day, time.min) + timedelta(minutes=minute)


@lru_cache(maxsize=64)
def walk(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime]]:
    """Pair every fifth minute around a day with what a wall clock then shows."""
    begin = datetime.combine(day, time.min, tzinfo=UTC) - timedelta(hours=15)
    instants = [begin + FIVE * number for number in range(54 * 12)]
    return [(at, at.astimezone(zone).replace(tzinfo=None)) for at in instants]


@settings(max_examples=60, deadline=None)
@given(
    case=CASES,
    minutes=st.tuples(st.integers(0, 1440), st.integers(0, 1440)),
    weekdays=st.frozensets(st.integers(0, 6), max_size=3),
)
def test_a_wish_leaves_out_exactly_what_it_does_not_allow(
    case: Case, minutes: tuple[int, int], weekdays: frozenset[int]
) -> None:
    here, midnight = case.clinic(), case.midnight
    until = midnight + timedelta(days=1)
    wish = Wish(weekdays=weekdays, from_minute=min(minutes), until_minute=max(minutes))
    people, busy = [*here.practitioners.values()], busy_with(case.cells(), midnight)
    search = Search(here, case.visit, people, midnight, until, wish)

    found = [
        opening
        for day in search.days()
        for opening in search.openings(day, search.lanes(day), busy)
    ]

    expected = openings(here, case.visit, people, busy, midnight, until, midnight)
    assert found == [one for one in expected if allows(wish, one, here)]


def allows(wish: Wish, opening: Opening, here: Clinic) -> bool:
    """Look at what the wall clock shows when a visit begins."""
    local = opening.starts_at.astimezone(here.zone)
    on_time = wish.from_minute <= minute_of_day(local) < wish.until_minute
    return on_time and (not wish.weekdays or local.weekday() in wish.weekdays)
