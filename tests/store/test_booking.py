"""Appointments and cells as rows: one key decides every race."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.clinic.booking import (
    HOLD,
    Appointment,
    AppointmentRequest,
    Cell,
    Opening,
    cells_of,
)
from bot.clinic.conversation import Conversation
from bot.clinic.diary import Busy, busy_with, openings
from bot.clinic.profile import Clinic
from bot.store.tables import appointments, cells
from bot.store.unit import Store
from tests.clinic.making import clinic, practitioner, treatment

CONVERSATION = "c0000000-0000-4000-8000-000000000001"


@pytest.fixture
def diary(store: Store, now: datetime) -> Store:
    with store.unit() as unit:
        unit.conversations.add(Conversation(CONVERSATION, "web", "test", now, 0, 0))
        unit.commit()
    return store


def visit(at: datetime, status: str = "booked", **changes: object) -> Appointment:
    one = Appointment(
        id=str(uuid.uuid4()),
        conversation_id=CONVERSATION,
        practitioner_id="ada",
        room_id=None,
        treatment_id="visit_60",
        place_id="main",
        starts_at=at,
        ends_at=at + timedelta(minutes=60),
        status="booked",
        created_at=at,
    )
    return replace(one, status=status, **changes)  # type: ignore[arg-type]


def minutes(
    at: datetime, length: int, resource: str = "practitioner:ada"
) -> list[Cell]:
    return [(resource, at + timedelta(minutes=m)) for m in range(0, length, 5)]


def test_second_claim_of_a_cell_writes_nothing(diary: Store, now: datetime) -> None:
    later = now + timedelta(minutes=55)
    with diary.unit() as unit:
        first = unit.bookings.claim(visit(now), minutes(now, 60))
        second = unit.bookings.claim(visit(later), minutes(later, 60))
        unit.commit()

    assert (first, second) == (True, False)
    assert rows(diary) == {"appointments": 1, "cells": 12}


def test_back_to_back_visits_both_fit(diary: Store, now: datetime) -> None:
    later = now + timedelta(minutes=60)
    with diary.unit() as unit:
        assert unit.bookings.claim(visit(now), minutes(now, 60))
        assert unit.bookings.claim(visit(later), minutes(later, 60))
        unit.commit()

    assert rows(diary) == {"appointments": 2, "cells": 24}


def test_nothing_is_kept_without_a_commit(diary: Store, now: datetime) -> None:
    with diary.unit() as unit:
        unit.bookings.claim(visit(now), minutes(now, 60))

    assert rows(diary) == {"appointments": 0, "cells": 0}


def test_unknown_conversation_is_an_error_not_a_taken_time(
    diary: Store, now: datetime
) -> None:
    stranger = replace(visit(now), conversation_id="nobody")

    with diary.unit() as unit, pytest.raises(sa.exc.IntegrityError):
        unit.bookings.claim(stranger, minutes(now, 60))


def test_appointment_comes_back_as_it_was(diary: Store, now: datetime) -> None:
    kept = visit(now, patient_name="O'Connor \u0c86", patient_phone="+17805550142")
    with diary.unit() as unit:
        unit.bookings.claim(kept, minutes(now, 60))
        unit.commit()

    with diary.unit() as unit:
        assert unit.bookings.get(kept.id) == kept
        assert unit.bookings.of_conversation(CONVERSATION) == [kept]


def test_failed_move_keeps_the_old_cells(diary: Store, now: datetime) -> None:
    mine, other = visit(now), visit(now + timedelta(hours=2))
    with diary.unit() as unit:
        unit.bookings.claim(mine, minutes(now, 60))
        unit.bookings.claim(other, minutes(other.starts_at, 60))
        moved = replace(mine, starts_at=other.starts_at)
        result = unit.bookings.move(moved, minutes(other.starts_at, 60))
        unit.commit()

    assert result is False
    with diary.unit() as unit:
        assert unit.bookings.get(mine.id) == mine
    assert rows(diary) == {"appointments": 2, "cells": 24}


def test_move_may_overlap_the_old_time(diary: Store, now: datetime) -> None:
    mine, later = visit(now), now + timedelta(minutes=15)
    with diary.unit() as unit:
        unit.bookings.claim(mine, minutes(now, 60))
        moved = unit.bookings.move(replace(mine, starts_at=later), minutes(later, 60))
        unit.commit()

    assert moved is True
    with diary.unit() as unit:
        taken = unit.bookings.busy(
            ["practitioner:ada"], now, now + timedelta(days=1), now
        )
    assert taken == busy_with(minutes(later, 60), now)


def test_lapsed_holds_take_nothing_and_are_swept(diary: Store, now: datetime) -> None:
    held = visit(now, status="held", held_until=now + HOLD)
    with diary.unit() as unit:
        unit.bookings.claim(held, minutes(now, 60))
        unit.commit()

    day = (["practitioner:ada"], now, now + timedelta(days=1))
    with diary.unit() as unit:
        assert unit.bookings.busy(*day, now) == busy_with(minutes(now, 60), now)
        assert unit.bookings.busy(*day, now + HOLD) == Busy(now, {})
        assert unit.bookings.sweep(now) == 0
        assert unit.bookings.sweep(now + HOLD) == 1
        unit.commit()
    assert rows(diary) == {"appointments": 0, "cells": 0}


def test_visits_ahead_are_counted_by_conversation_or_phone(
    diary: Store, now: datetime
) -> None:
    elsewhere = "c0000000-0000-4000-8000-000000000002"
    with diary.unit() as unit:
        unit.conversations.add(Conversation(elsewhere, "web", "test", now, 0, 0))
        for number, status in enumerate(("booked", "pending", "cancelled", "held")):
            at = now + timedelta(hours=number)
            one = visit(at, status=status, patient_phone="+1")
            unit.bookings.claim(one, minutes(at, 60))
        unit.commit()

    with diary.unit() as unit:
        assert unit.bookings.count_ahead(CONVERSATION, "+2", now) == 2
        assert unit.bookings.count_ahead(elsewhere, "+1", now) == 2
        assert unit.bookings.count_ahead(elsewhere, "+2", now) == 0
        assert unit.bookings.count_ahead(elsewhere, "+1", now + timedelta(days=1)) == 0


def test_requests_wait_for_staff(diary: Store, now: datetime) -> None:
    wish = AppointmentRequest(
        "r1", CONVERSATION, "mornings", "my back", "Bo", "+12125550100", "", now
    )
    with diary.unit() as unit:
        unit.bookings.add_request(wish)
        unit.commit()

    with diary.unit() as unit:
        assert unit.bookings.requests() == [wish]
        assert unit.bookings.requests("done") == []


# --- the race --------------------------------------------------------------------

LENGTHS = (30, 45, 60)


def test_race_for_one_morning_has_no_overlaps(diary: Store, now: datetime) -> None:
    won = race(diary, now)

    assert overlaps(diary) == 0
    assert orphans(diary) == 0
    assert rows(diary)["appointments"] == len(won) > 0
    assert rows(diary)["cells"] == sum(length // 5 for length in won) * 2


@pytest.fixture
def without_the_key(diary: Store) -> Store:
    """Put a table without its primary key where the cells belong."""
    with diary.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE cells")
        connection.exec_driver_sql(
            "CREATE TABLE cells (resource VARCHAR(100), starts_at TIMESTAMP, "
            "appointment_id VARCHAR(36))"
        )
    return diary


def test_race_without_the_key_overlaps(without_the_key: Store, now: datetime) -> None:
    """The check above can fail: it does as soon as the key is gone."""
    race(without_the_key, now)

    assert overlaps(without_the_key) > 0


def race(store: Store, now: datetime) -> list[int]:
    """Let 24 threads fight for one practitioner's morning; return lengths booked.

    All of them choose among the openings of the still empty diary, as visitors do who
    look at the same page at the same time.
    """
    visits = tuple(treatment(length) for length in LENGTHS)
    here = clinic(practitioner(), treatments=visits)
    wanted = [menu(here, length, now) for length in LENGTHS]
    begin, won, lock = threading.Barrier(24), list[int](), threading.Lock()

    def fight(number: int) -> None:
        length, choices = LENGTHS[number % 3], wanted[number % 3]
        begin.wait()
        for opening in choices[number // 3 :] + choices[: number // 3]:
            if claim(store, here, opening, now):
                with lock:
                    won.append(length)
                return

    threads = [threading.Thread(target=fight, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won


def menu(here: Clinic, length: int, now: datetime) -> list[Opening]:
    found = openings(
        here,
        here.treatments[f"visit_{length}"],
        here.practitioners.values(),
        Busy(now, {}),
        now + timedelta(hours=12),
        now + timedelta(hours=36),
        now,
    )
    return list(found)


def claim(store: Store, here: Clinic, opening: Opening, now: datetime) -> bool:
    with store.unit() as unit:
        wanted = visit(
            opening.starts_at,
            room_id=opening.room_id,
            treatment_id=opening.treatment_id,
            ends_at=opening.ends_at,
        )
        done = unit.bookings.claim(
            wanted,
            cells_of(
                here.treatments[opening.treatment_id],
                here.policy,
                "ada",
                opening.room_id,
                opening.starts_at,
            ),
        )
        unit.commit()
        return done


def rows(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in (appointments, cells)
        }


def overlaps(store: Store) -> int:
    """Count the pairs of one practitioner's visits that overlap, from the rows."""
    one, other = appointments.alias(), appointments.alias()
    with store.engine.connect() as connection:
        count: int = connection.execute(
            sa.select(sa.func.count())
            .select_from(one)
            .join(
                other,
                sa.and_(
                    one.c.practitioner_id == other.c.practitioner_id,
                    one.c.id < other.c.id,
                    one.c.starts_at < other.c.ends_at,
                    other.c.starts_at < one.c.ends_at,
                ),
            )
        ).scalar_one()
    return count


def orphans(store: Store) -> int:
    """Count cells of no visit, and visits whose cells are not all there."""
    with store.engine.connect() as connection:
        visits = {row.id: row for row in connection.execute(appointments.select())}
        held = Counter(row.appointment_id for row in connection.execute(cells.select()))
    lost = sum(
        held[one.id] != (one.ends_at - one.starts_at) // timedelta(minutes=5) * 2
        for one in visits.values()
    )
    return lost + len(held.keys() - visits.keys())
