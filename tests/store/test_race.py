"""Many processes fight for one morning: no overlap, nothing lost, nothing left over.

Each thread is a visitor who holds, books, moves, cancels and lets holds lapse, by the
real deeds of the desk. What came of it is read from the tables alone.
"""

from __future__ import annotations

import multiprocessing
import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.clinic.booking import HOLD, Appointment, Cell, Opening, Patient, cells_of
from bot.clinic.conversation import Conversation
from bot.clinic.diary import Busy, openings
from bot.clinic.profile import Clinic, Policy
from bot.clinic.screened import Screening
from bot.clinic.screening import Disposition
from bot.desk import booking
from bot.desk.booking import Booked, Cancelled, Held
from bot.store.tables import cells
from bot.store.unit import Store
from tests.clinic.making import clinic, treatment
from tests.conftest import NOW

STEPS = 8
LAST_TRIES = 3
LONG_AGO = NOW - HOLD - timedelta(minutes=1)
NOTHING_TAKEN = Busy(NOW, {})
AFTERWARDS = NOW + HOLD
DEEDS = ("held", "left to lapse", "booked", "moved", "cancelled")
BO = Patient("Bo Ray", "")


def morning() -> Clinic:
    """Return two people with a morning each, two rooms, and visits of two lengths."""
    return clinic(
        treatments=(treatment(60), treatment(30)),
        policy=Policy(notice_hours=0, horizon_days=60, max_upcoming=99),
    )


def menu(here: Clinic, taken: Busy = NOTHING_TAKEN) -> list[Opening]:
    """Return the openings of that morning; everybody looks at the same list."""
    tomorrow = NOW + timedelta(hours=12)
    return [
        opening
        for visit in here.treatments.values()
        for opening in openings(
            here,
            visit,
            here.practitioners.values(),
            taken,
            tomorrow,
            tomorrow + timedelta(hours=16),
            NOW,
        )
    ]


Deed = Callable[[Clinic, Opening], None]


@dataclass
class Visitor:
    """One thread: what it does, and what it was told stands in the diary."""

    store: Store
    conversation_id: str
    dice: random.Random
    visits: dict[str, datetime] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def go(self, here: Clinic, wanted: list[Opening]) -> None:
        """Do this and that; whoever has a visit goes on for longer."""
        for step in range(3 * STEPS):
            if step >= STEPS and not self.visits:
                return
            deeds: list[Deed] = [self.hold, self.lapse, self.book, self.book]
            if self.visits:
                deeds += [self.move, self.move, self.cancel, self.cancel]
            self.dice.choice(deeds)(here, self.dice.choice(wanted))

    def close(self, here: Clinic, wanted: list[Opening]) -> None:
        """Try for what may be left when all holds have lapsed."""
        for opening in wanted:
            self.book(here, opening, AFTERWARDS)

    def hold(self, here: Clinic, opening: Opening) -> None:
        with self.store.unit() as unit:
            done = booking.hold(unit, here, self.conversation_id, opening, NOW)
        self.done["held"] += isinstance(done, Held)

    def lapse(self, here: Clinic, opening: Opening) -> None:
        """Hold it as somebody did who never came back."""
        with self.store.unit() as unit:
            done = booking.hold(unit, here, self.conversation_id, opening, LONG_AGO)
        self.done["left to lapse"] += isinstance(done, Held)

    def book(self, here: Clinic, opening: Opening, now: datetime = NOW) -> None:
        with self.store.unit() as unit:
            done = booking.book(unit, here, self.conversation_id, opening, BO, now)
        self.done["booked"] += isinstance(done, Booked)
        if isinstance(done, Booked):
            self.visits[done.appointment.id] = done.appointment.starts_at

    def move(self, here: Clinic, _opening: Opening) -> None:
        """Ask for one time after another that is near, maybe with somebody else."""
        which = self.dice.choice(sorted(self.visits))
        near = [
            one
            for one in menu(here)
            if abs(one.starts_at - self.visits[which]) <= timedelta(minutes=30)
        ]
        for opening in self.dice.sample(near, len(near)):
            with self.store.unit() as unit:
                done = booking.reschedule(
                    unit, here, self.conversation_id, which, opening, NOW
                )
            if isinstance(done, Booked):
                self.done["moved"] += 1
                self.visits[which] = done.appointment.starts_at
                return

    def cancel(self, here: Clinic, _opening: Opening) -> None:
        which = self.dice.choice(sorted(self.visits))
        with self.store.unit() as unit:
            done = booking.cancel(unit, here, self.conversation_id, which, NOW)
        self.done["cancelled"] += isinstance(done, Cancelled)
        if isinstance(done, Cancelled):
            del self.visits[which]


Share = list[tuple[str, list[Opening]]]
"""Visitors of one process, each with the openings to try for last."""

Report = tuple[dict[str, datetime], Counter[str]]


def fight(url: str, share: Share, seed: int, last: bool) -> Report:
    """Let some visitors loose in this process; return what they were told.

    Any deed that fails, rather than being answered, fails the whole.
    """
    store, here = Store(url), morning()
    wanted, begin = menu(here), threading.Barrier(len(share))

    def run(number: int) -> Visitor:
        conversation_id, rest = share[number]
        dice = random.Random(seed + number)  # noqa: S311 - no secret
        visitor = Visitor(store, conversation_id, dice)
        begin.wait()
        if last:
            visitor.close(here, rest)
        else:
            visitor.go(here, wanted)
        return visitor

    with ThreadPoolExecutor(len(share)) as threads:
        crowd = list(threads.map(run, range(len(share))))
    store.close()
    return (
        {key: at for one in crowd for key, at in one.visits.items()},
        sum((one.done for one in crowd), Counter[str]()),
    )


def race(store: Store, processes: int, threads: int) -> dict[str, datetime]:
    """Let them all fight, then take the rest; return the visits they believe in."""
    url = store.engine.url.render_as_string(hide_password=False)
    wanted = menu(morning()) * LAST_TRIES * processes * threads
    everybody = [
        (enter(store), wanted[number * LAST_TRIES :][:LAST_TRIES])
        for number in range(processes * threads)
    ]
    shares = [everybody[number::processes] for number in range(processes)]
    seeds = [number * 1000 for number in range(processes)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as crowds:
        reports = [
            report
            for last in (False, True)
            for report in crowds.map(
                fight, [url] * processes, shares, seeds, [last] * processes
            )
        ]
    done = sum((count for _, count in reports), Counter[str]())
    assert all(done[deed] for deed in DEEDS), done
    return {key: at for visits, _ in reports for key, at in visits.items()}


def enter(store: Store) -> str:
    """Let a visitor in who has answered the safety questions."""
    conversation_id = str(uuid.uuid4())
    with store.unit() as unit:
        unit.conversations.add(Conversation(conversation_id, "web", "t", NOW, 0, 0))
        unit.screenings.add(
            Screening(
                id=str(uuid.uuid4()),
                conversation_id=conversation_id,
                status="completed",
                channel="web",
                rules_version="1",
                questions_version="1",
                started_at=NOW,
                expires_at=NOW + timedelta(days=30),
                disposition=Disposition.OK_TO_BOOK,
                ended_at=NOW,
            )
        )
        unit.commit()
    return conversation_id


# --- what the tables say -----------------------------------------------------------


def taking_time(store: Store) -> list[Appointment]:
    with store.reading() as unit:
        return unit.bookings.between(NOW, NOW + timedelta(days=9))


def claimed(store: Store) -> list[tuple[Cell, str]]:
    with store.engine.connect() as connection:
        rows = connection.execute(cells.select())
        return [((row.resource, row.starts_at), row.appointment_id) for row in rows]


def overlaps(visits: list[Appointment]) -> list[tuple[str, str]]:
    """Pair the visits that share a person or a room at one time, by their hours."""
    return [
        (one.id, other.id)
        for number, one in enumerate(visits)
        for other in visits[number + 1 :]
        if one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        and (
            one.practitioner_id == other.practitioner_id or one.room_id == other.room_id
        )
    ]


def lost_and_left_over(store: Store, here: Clinic) -> Iterator[Cell]:
    """Walk the cells that a visit lacks, and those that belong to none."""
    held = Counter(claimed(store))
    needed = Counter(
        (cell, visit.id)
        for visit in taking_time(store)
        for cell in cells_of(
            here.treatments[visit.treatment_id],
            here.policy,
            visit.practitioner_id,
            visit.room_id,
            visit.starts_at,
        )
    )
    for cell, _ in (needed - held) + (held - needed):
        yield cell


def still_open(store: Store, here: Clinic) -> list[Opening]:
    with store.reading() as unit:
        taken = unit.bookings.busy(
            [f"practitioner:{one}" for one in here.practitioners]
            + [
                f"room:{one.id}"
                for place in here.places.values()
                for one in place.rooms
            ],
            NOW,
            NOW + timedelta(days=9),
            AFTERWARDS,
        )
    return menu(here, taken)


def check(store: Store, processes: int, threads: int) -> None:
    here = morning()
    assert len(still_open(store, here)) == 40

    believed = race(store, processes, threads)

    visits = taking_time(store)
    assert overlaps(visits) == [], "visits overlap"
    assert list(lost_and_left_over(store, here)) == []
    assert {one.id: one.starts_at for one in visits} == believed
    assert {one.status for one in visits} == {"booked"}
    assert still_open(store, here) == []


@pytest.fixture
def without_the_key(store: Store) -> Store:
    """Put a table without its primary key where the cells belong."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE cells")
        connection.exec_driver_sql(
            "CREATE TABLE cells (resource VARCHAR(100), starts_at INTEGER, "
            "appointment_id VARCHAR(36))"
        )
    return store


def test_a_crowd_in_two_processes_never_overlaps(store: Store) -> None:
    check(store, processes=2, threads=8)


def test_the_same_crowd_overlaps_without_the_key(without_the_key: Store) -> None:
    """The checks above can fail: they do as soon as the key is gone."""
    with pytest.raises(AssertionError, match="visits overlap"):
        check(without_the_key, processes=2, threads=8)


@pytest.mark.services
def test_sixty_four_threads_in_four_processes_never_overlap(store: Store) -> None:
    check(store, processes=4, threads=64)


@pytest.mark.services
def test_sixty_four_threads_in_four_processes_overlap_without_the_key(
    without_the_key: Store,
) -> None:
    with pytest.raises(AssertionError, match="visits overlap"):
        check(without_the_key, processes=4, threads=64)
