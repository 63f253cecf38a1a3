"""The audit page, over a real desk."""

import httpx
import pytest


def test_a_look_at_a_conversation_stands_in_the_audit(place, priya, sam):
    chat = place.chats["complaint"]
    sam.get(f"/staff/conversations/{chat}")

    page = priya.get(f"/staff/audit?name=Sam&conversation={chat}").text

    assert "<td>Sam</td><td>read</td>" in page
    assert chat[:4] in page


def test_another_day_holds_nothing(priya):
    assert "Nothing stands here" in priya.get("/staff/audit?day=2020-01-01").text


def test_a_day_that_does_not_exist_is_refused(priya):
    page = priya.get("/staff/audit?day=2026-02-31")

    assert page.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "A date is written like" in page.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_time_is_refused(priya, day):
    page = priya.get(f"/staff/audit?day={day}")

    assert page.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "too far away" in page.text


@pytest.mark.parametrize("before", ["9" * 40, "-1", "x", "\u0663"])
def test_a_page_number_that_is_none_is_refused(priya, before):
    page = priya.get(f"/staff/audit?before={before}")

    assert page.status_code == httpx.codes.UNPROCESSABLE_ENTITY


def test_only_administrators_read_it(sam, maren):
    assert sam.get("/staff/audit").status_code == httpx.codes.NOT_FOUND
    assert maren.get("/staff/audit").status_code == httpx.codes.NOT_FOUND
