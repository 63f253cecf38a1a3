"""What visitors ask staff for: sent, taken back, or declined."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.clinic.profile import Clinic, Policy
from bot.desk.handoff import open_handoff, take
from bot.desk.outcomes import Refused, Requested
from bot.desk.requests import add_words, decline_request, request, withdraw
from bot.store.unit import Store
from tests.clinic.making import clinic
from tests.desk.cast import BO, Cast

BY = "Maren Odell"


@pytest.fixture
def here() -> Clinic:
    return clinic(policy=Policy(self_booking=False))


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


def asked_for(cast: Cast, here: Clinic, visitor: str, times: str = "mornings") -> str:
    """Ask staff for a visit, as the dialogue does."""
    with cast.store.unit() as unit:
        open_handoff(unit, visitor, "appointment_request", "routine", cast.now)
        asked = request(unit, here, visitor, times, BO, cast.now)
    assert isinstance(asked, Requested)
    return asked.request.id


def declined(cast: Cast, here: Clinic, visitor: str, request_id: str) -> object:
    with cast.store.unit() as unit:
        return decline_request(unit, here, visitor, request_id, BY, cast.now)


def taken_back(cast: Cast, visitor: str) -> list[str]:
    with cast.store.unit() as unit:
        return [one.id for one in withdraw(unit, visitor, cast.now)]


def in_the_queue(cast: Cast, visitor: str) -> str | None:
    """Return the state of what waits for staff; None where nothing does."""
    with cast.store.reading() as unit:
        waiting = unit.handoffs.open_of(visitor)
    return waiting.state if waiting else None


def test_a_declined_request_is_answered_once(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor(None)
    request_id = asked_for(cast, here, visitor)

    first = declined(cast, here, visitor, request_id)
    second = declined(cast, here, visitor, request_id)

    assert (first, second) == (None, Refused("unknown"))
    assert in_the_queue(cast, visitor) is None
    with cast.store.reading() as unit:
        assert "other times" in unit.conversations.after(visitor, 0)[-1].text


def test_a_second_request_goes_on_waiting(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor(None)
    first = asked_for(cast, here, visitor)
    asked_for(cast, here, visitor, "evenings")

    declined(cast, here, visitor, first)

    assert in_the_queue(cast, visitor) == "waiting"


def test_a_request_that_is_taken_back_leaves_the_list(cast: Cast, here: Clinic) -> None:
    visitor, other = cast.visitor(None), cast.visitor(None)
    mine, theirs = asked_for(cast, here, visitor), asked_for(cast, here, other)

    first, second = taken_back(cast, visitor), taken_back(cast, visitor)

    assert (first, second) == ([mine], [])
    assert in_the_queue(cast, visitor) is None
    with cast.store.reading() as unit:
        assert [one.id for one in unit.bookings.requests()] == [theirs]
        audited = unit.audit.newest(5, conversation_id=visitor)
    assert [(one.name, one.deed, one.about) for _, one in audited] == [
        ("visitor", "withdraw request", mine)
    ]


def test_what_was_taken_back_cannot_be_answered(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor(None)
    request_id = asked_for(cast, here, visitor)
    taken_back(cast, visitor)

    assert declined(cast, here, visitor, request_id) == Refused("unknown")


@pytest.mark.parametrize("held", [False, True])
def test_whoever_waits_for_more_than_a_visit_stays_in_the_queue(
    cast: Cast, here: Clinic, *, held: bool
) -> None:
    visitor = cast.visitor(None)
    asked_for(cast, here, visitor)
    with cast.store.unit() as unit:
        if held:
            take(unit, visitor, BY, cast.now)
        else:
            open_handoff(unit, visitor, "complaint", "urgent", cast.now)
        unit.commit()

    taken_back(cast, visitor)

    assert in_the_queue(cast, visitor) == ("held" if held else "waiting")


def added(cast: Cast, visitor: str, words: str) -> str | None:
    with cast.store.unit() as unit:
        more = add_words(unit, visitor, words, cast.now)
    return more.preferred if more else None


def test_words_are_added_behind_the_times(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor(None)
    asked_for(cast, here, visitor)

    assert added(cast, visitor, "not on\n fridays?") == "mornings\nnot on fridays"
    with cast.store.reading() as unit:
        (stored,) = unit.bookings.new_requests_of(visitor)
    assert stored.preferred == "mornings\nnot on fridays"


def test_the_first_and_the_newest_words_are_kept(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor(None)
    asked_for(cast, here, visitor)
    for number in range(30):
        kept = added(cast, visitor, f"{number} {'x' * 90}")

    assert kept is not None
    assert kept.startswith("mornings\n")
    assert "\n29 x" in kept
    assert len(kept) <= 1000


def test_nothing_is_added_to_an_answered_request(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor(None)
    declined(cast, here, visitor, asked_for(cast, here, visitor))

    assert added(cast, visitor, "fridays") is None
