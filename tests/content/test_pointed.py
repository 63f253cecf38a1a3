"""Prices and hours by name, at the made-up clinics."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.content.pointed import pointed
from bot.house import load_shelf
from bot.settings import load

# A Wednesday, 11:00 in Edmonton.
NOW = datetime(2026, 11, 18, 18, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def edmonton():
    return load_shelf(replace(load(), clinic="edmonton")).clinic


@pytest.fixture(scope="module")
def new_york():
    return load_shelf(replace(load(), clinic="new_york")).clinic


@pytest.mark.parametrize(
    "text", ["how much is cupping", "Cupping price?", "and for the cups"]
)
def test_a_named_treatment_gets_its_own_price(edmonton, text):
    assert pointed("cost", text, edmonton, NOW) == "Cupping (30 minutes): $65."


def test_what_has_no_price_is_said_to_be_unknown(edmonton, new_york):
    assert "don't know a price for moxibustion" in str(
        pointed("cost", "price of moxa", edmonton, NOW)
    )
    # It gives this treatment nowhere, and lists no price at all.
    assert "don't know a price for cupping" in str(
        pointed("cost", "how much is cupping", new_york, NOW)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("are you open on sunday", "Sunday, November 22: closed."),
        ("open sundays?", "Sunday: closed."),
        ("weekend hours", "Saturday: 10 am to 3 pm. Sunday: closed."),
        ("are you open tomorrow", "Tomorrow, Thursday, November 19: 9 am to 8 pm."),
        ("open on christmas eve?", "Thursday, December 24: closed (Winter holidays)."),
        ("are you open on christmas", "Friday, December 25: closed (Winter holidays)."),
        ("are you open on friday", "Friday, November 20: 9 am to 5 pm."),
        ("open on good friday?", "Friday, March 26: closed (Good Friday)."),
        ("open on family day?", "Monday, February 15: closed (Family Day)."),
        ("open now?", "We are open now, until 8 pm."),
    ],
)
def test_a_named_day_gets_its_own_hours(edmonton, text, said):
    assert pointed("hours", text, edmonton, NOW) == said


def test_a_feast_without_a_closure_promises_nothing(edmonton):
    without = replace(edmonton, closures=())

    said = str(pointed("hours", "are you open on christmas", without, NOW))

    assert "know of no closure" in said
    assert "am" not in said.split(": ")[1].split()


def test_nothing_named_gets_nothing_more(edmonton):
    assert pointed("cost", "how much is a session", edmonton, NOW) is None
    assert pointed("hours", "what are your hours", edmonton, NOW) is None
    assert pointed("needle_pain", "does cupping hurt on sunday", edmonton, NOW) is None


def test_a_clinic_without_hours_says_nothing_of_days(edmonton):
    silent = replace(edmonton, hours={})

    assert pointed("hours", "open on sunday?", silent, NOW) is None
