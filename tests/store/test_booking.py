"""Appointments and cells as rows: one key decides every race."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.clinic.booking import (
    HOLD,
    Appointment,
    AppointmentRequest,
    Cell,
)
from bot.clinic.conversation import Conversation
from bot.clinic.diary import Busy
from bot.store.tables import appointments, cells
from bot.store.unit import Store
from tests.clinic.making import busy_with

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


def test_two_who_want_each_others_time_both_get_an_answer(
    diary: Store, now: datetime
) -> None:
    """Each gives its own time back first; neither waits for the other for ever."""
    ten, eleven = visit(now), visit(now + timedelta(minutes=60))
    with diary.unit() as unit:
        for one in (ten, eleven):
            assert unit.bookings.claim(one, minutes(one.starts_at, 60))
        unit.commit()
    both_let_go = threading.Barrier(2)

    def swap(mine: Appointment, wanted: datetime) -> bool:
        with diary.unit() as unit:
            unit.bookings.free(mine.id)
            with suppress(threading.BrokenBarrierError):
                both_let_go.wait(0.2)
            moved = replace(mine, starts_at=wanted)
            if unit.bookings.move(moved, minutes(wanted, 60)):
                unit.commit()
                return True
            return False

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(swap, (ten, eleven), (eleven.starts_at, ten.starts_at)))

    assert done == [False, False]
    assert rows(diary) == {"appointments": 2, "cells": 24}


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
        assert unit.bookings.new_requests_of(CONVERSATION) == [wish]
        assert unit.bookings.new_requests_of("another") == []
        unit.bookings.settle_request("r1", "done")
        assert unit.bookings.new_requests_of(CONVERSATION) == []


def rows(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in (appointments, cells)
        }
