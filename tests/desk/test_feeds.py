"""A practitioner's feed has one address, shows their visits, and can be moved away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clinic.errors import NotFound
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.desk import booking
from bot.desk.feeds import feed_key, visits_of_feed
from tests.clinic.making import clinic
from tests.desk.cast import Cast


@pytest.fixture
def cast(store, now):
    return Cast(store, now)


def key(store, who, now, renew=False):
    with store.unit() as unit:
        return feed_key(unit, clinic(), who, now, renew)


def shown(store, address, now, here=None):
    with store.reading() as unit:
        return visits_of_feed(unit, here or clinic(), address, now)


def of(cast, who, number=0, **more):
    wish = Wish(practitioner_id=who, **more)
    return cast.booked(clinic(), opening=cast.offers(clinic(), wish)[number])


def test_the_address_stays_until_another_is_wanted(store, now):
    first = key(store, "ada", now)

    assert key(store, "ada", now) == first
    assert key(store, "ben", now) != first
    second = key(store, "ada", now, renew=True)
    assert second != first
    with pytest.raises(NotFound):
        shown(store, first, now)
    assert shown(store, second, now) == []


def test_it_shows_its_practitioners_visits_only(cast, store, now):
    mine, address = of(cast, "ada"), key(store, "ada", now)
    of(cast, "ben")

    assert shown(store, address, now) == [mine]


def test_what_is_held_or_off_is_not_shown(cast, store, now):
    later = now + timedelta(days=1)
    address, visit = key(store, "ada", now), of(cast, "ada", earliest=later)
    opening = cast.offers(clinic(), Wish(practitioner_id="ada"))[1]
    cast.hold(clinic(), cast.visitor(), opening)
    pending = cast.booked(
        clinic(),
        Disposition.PRACTITIONER_REVIEW,
        cast.offers(clinic(), Wish(practitioner_id="ada"))[2],
    )
    with store.unit() as unit:
        booking.cancel(unit, clinic(), visit.conversation_id, visit.id, now)

    assert shown(store, address, now) == [pending]


def test_visits_stay_for_a_month(cast, store, now):
    address, visit = key(store, "ada", now), of(cast, "ada")

    assert shown(store, address, now + timedelta(days=30)) == [visit]
    assert shown(store, address, now + timedelta(days=32)) == []


def test_nobody_has_no_feed(store, now):
    with pytest.raises(NotFound):
        key(store, "nobody", now)


@pytest.mark.parametrize("address", ["", "x", "' OR 1=1 --", "é" * 50])
def test_a_guessed_address_leads_nowhere(store, now, address):
    key(store, "ada", now)

    with pytest.raises(NotFound):
        shown(store, address, now)


def test_who_has_left_the_clinic_has_no_feed(store, now):
    address = key(store, "ada", now)
    without = replace(clinic(), practitioners={})

    with pytest.raises(NotFound):
        shown(store, address, now, without)
