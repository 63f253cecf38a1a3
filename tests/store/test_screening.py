"""Screenings as rows, on the real database."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clinic.booking import Appointment
from bot.clinic.conversation import Conversation
from bot.clinic.screened import Screening, Status
from bot.clinic.screening import Disposition
from bot.store.unit import Store, Unit

CONVERSATION = "c0000000-0000-4000-8000-000000000002"
DAY = timedelta(days=1)


@pytest.fixture
def record(store: Store, now: datetime) -> Store:
    with store.unit() as unit:
        unit.conversations.add(Conversation(CONVERSATION, "web", "test", now, 0, 0))
        unit.commit()
    return store


def a_screening(now: datetime, status: Status = "in-progress") -> Screening:
    return Screening(
        id=str(uuid.uuid4()),
        conversation_id=CONVERSATION,
        status=status,
        channel="web",
        rules_version="0.1.0",
        questions_version="0.1.0",
        started_at=now,
        expires_at=now + DAY,
    )


def finished(now: datetime, disposition: Disposition) -> Screening:
    return replace(
        a_screening(now, "completed"),
        answers={"consent": True, "age": 46, "blood_thinner": ["aspirin"]},
        asked={"ces_sexual": "done"},
        disposition=disposition,
        flags=("ANTIPLATELET",),
        rules=("A02",),
        messages=("ok_flag", "ok_end"),
        ended_at=now,
        expires_at=now + 30 * DAY,
    )


def keep(store: Store, *screenings: Screening) -> None:
    with store.unit() as unit:
        for one in screenings:
            unit.screenings.add(one)
        unit.commit()


def test_a_screening_comes_back_as_it_was(record, now):
    kept = finished(now, Disposition.OK_TO_BOOK)

    keep(record, kept)

    with record.reading() as unit:
        assert unit.screenings.get(kept.id) == kept


def test_without_commit_nothing_is_kept(record, now):
    kept = a_screening(now)

    with record.unit() as unit:
        unit.screenings.add(kept)

    with record.reading() as unit:
        assert unit.screenings.get(kept.id) is None


def test_answers_keep_the_order_in_which_they_came(record, now):
    order = {"zeta": "1", "alpha": "2", "mid": "3"}
    kept = replace(a_screening(now), answers=order)

    keep(record, kept)

    with record.reading() as unit:
        found = unit.screenings.get(kept.id)
        assert found is not None
        assert list(found.answers) == list(order)


def test_a_new_state_replaces_the_old_one(record, now):
    kept = a_screening(now)
    keep(record, kept)
    later = replace(kept, answers={"consent": True}, expires_at=now + 2 * DAY)

    with record.unit() as unit:
        unit.screenings.replace(later)
        unit.commit()

    with record.reading() as unit:
        assert unit.screenings.of(CONVERSATION) == [later]


def test_the_newest_screening_comes_first(record, now):
    old, new = a_screening(now), a_screening(now + DAY)

    keep(record, old, new)

    with record.reading() as unit:
        assert unit.screenings.of(CONVERSATION) == [new, old]
        assert unit.screenings.of("another") == []


def test_a_removed_screening_is_gone(record, now):
    kept = a_screening(now)
    keep(record, kept)

    with record.unit() as unit:
        unit.screenings.remove(kept.id)
        unit.commit()

    with record.reading() as unit:
        assert unit.screenings.of(CONVERSATION) == []


def test_only_unfinished_ones_past_their_time_have_lapsed(record, now):
    left, going = a_screening(now), a_screening(now + DAY)
    done = finished(now - 40 * DAY, Disposition.OK_TO_BOOK)

    keep(record, left, going, done)

    with record.reading() as unit:
        assert unit.screenings.lapsed(now + DAY) == [left]


@pytest.mark.parametrize("disposition", list(Disposition))
def test_expired_results_are_dropped_but_locks_stay_bare(record, now, disposition):
    kept = finished(now - 31 * DAY, disposition)
    keep(record, kept)

    with record.unit() as unit:
        dropped = unit.screenings.drop_expired(now)
        unit.commit()

    with record.reading() as unit:
        found = unit.screenings.get(kept.id)
    if disposition in (Disposition.EMERGENCY, Disposition.URGENT):
        assert dropped == 0
        assert found == replace(kept, answers={}, asked={})
    else:
        assert dropped == 1
        assert found is None


def test_a_released_result_is_dropped_in_its_time(record, now):
    kept = replace(
        finished(now - 31 * DAY, Disposition.URGENT),
        released_by="Dr Rao",
        released_at=now - 30 * DAY,
        release_reason="seen",
    )
    keep(record, kept)

    with record.unit() as unit:
        assert unit.screenings.drop_expired(now) == 1


def test_valid_results_are_not_dropped(record, now):
    keep(record, finished(now - 29 * DAY, Disposition.OK_TO_BOOK), a_screening(now))

    with record.unit() as unit:
        assert unit.screenings.drop_expired(now) == 0


def book(unit: Unit, now: datetime, screening_id: str) -> None:
    visit = Appointment(
        id=str(uuid.uuid4()),
        conversation_id=CONVERSATION,
        practitioner_id="ada",
        room_id=None,
        treatment_id="visit_60",
        place_id="main",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        status="booked",
        created_at=now,
        screening_id=screening_id,
    )
    unit.bookings.claim(visit, [("practitioner:ada", now)])


def test_a_result_that_a_visit_rests_on_stays(record, now):
    kept = finished(now - 31 * DAY, Disposition.OK_TO_BOOK)
    keep(record, kept)

    with record.unit() as unit:
        book(unit, now, kept.id)
        assert unit.screenings.drop_expired(now) == 0
        unit.commit()

    with record.reading() as unit:
        assert unit.screenings.get(kept.id) == kept


@pytest.mark.parametrize(("visited", "dropped"), [(True, 0), (False, 1)])
def test_what_was_told_after_a_visit_stays_with_the_visit(
    record, now, visited, dropped
):
    first = finished(now - 2 * DAY, Disposition.OK_TO_BOOK)
    told = finished(now - 31 * DAY, Disposition.OK_TO_BOOK)
    keep(record, first, replace(told, asked={"follow_up": "done"}))

    with record.unit() as unit:
        if visited:
            book(unit, now, first.id)

        assert unit.screenings.drop_expired(now) == dropped
