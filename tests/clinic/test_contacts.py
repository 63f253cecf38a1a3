"""Safety texts name the right numbers and say nothing that is not true."""

from __future__ import annotations

import pytest

from bot.clinic.contacts import Contacts, fill, unknown_placeholders

HERE = Contacts("CA", "911", "a crisis line", "811", "555-0100", "Northside", "18")
TOLD = "Please call {emergency}. I've told the clinic team and I won't book. Go now."


def test_numbers_fill_the_text():
    assert fill("Call {emergency} or {clinic_phone}.", HERE) == "Call 911 or 555-0100."


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        (
            True,
            "Please call 911. I've told the clinic team and I won't book. Go now.",
        ),
        (False, "Please call 911. Go now."),
    ],
)
def test_staff_were_told_only_where_they_were(delivered, expected):
    assert fill(TOLD, HERE, alert_delivered=delivered) == expected


def test_a_person_has_been_told_is_left_out_too():
    text = "Call {crisis}. A person from the clinic has been told."

    assert fill(text, HERE) == "Call a crisis line."


@pytest.mark.parametrize(("on_duty", "offered"), [(True, True), (False, False)])
def test_a_call_today_needs_somebody_on_duty(on_duty, offered):
    said = fill(
        "Talk now. May I ask a person to call you today?", HERE, on_duty=on_duty
    )

    assert ("call you today" in said) is offered


def test_a_promise_that_the_clinic_does_not_make_is_left_out():
    said = fill("I'll pass them on. You'll hear from us by {review_by}.", HERE)

    assert said == "I'll pass them on."


def test_unknown_placeholders_are_named():
    assert unknown_placeholders("{emergency} {siren}") == ["siren"]
