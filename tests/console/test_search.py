"""The search page, over a real desk."""

import httpx
import pytest

from tests.people import COLLEAGUE


def test_a_patient_is_found_by_name(place, sam):
    page = sam.get("/staff/search?text=o%27neil").text

    assert "1 conversation<" in page
    assert place.chats["booked"] in page


def test_words_lead_to_their_conversation(place, sam):
    page = sam.get("/staff/search?text=charged+twice").text

    assert place.chats["complaint"] in page
    assert place.chats["booked"] not in page


def test_practitioners_find_their_own_patients_only(place, maren):
    page = maren.get("/staff/search?text=charged").text

    assert "Nothing found" in page
    assert place.chats["booked"] in maren.get("/staff/search?text=ana").text


def test_an_operator_or_a_script_is_a_word_like_any_other(sam):
    page = sam.get("/staff/search?text=NEAR(%22<script>alert(1)</script>%22)+OR+*")

    assert page.status_code == httpx.codes.OK
    assert "<script>alert" not in page.text


def test_a_date_that_is_none_is_said_so(sam):
    assert "A date is written like" in sam.get("/staff/search?since=31.02.2026").text
    assert "Not searched" in sam.get("/staff/search?since=2026-02-31").text
    wrong = sam.get("/staff/search?since=2026-02-03&until=2026-02-01").text
    assert "comes before" in wrong


@pytest.mark.parametrize("day", ["since=0001-01-01", "until=9999-12-31"])
def test_a_day_at_the_end_of_time_is_said_so(sam, day):
    assert "too far away" in sam.get(f"/staff/search?{day}").text


def test_a_search_is_written_down(place, sam):
    chat = place.chats["complaint"]

    sam.get("/staff/search?text=charged")

    with place.store.reading() as unit:
        newest = [entry for _, entry in unit.audit.newest(2, name=COLLEAGUE)]
    written = [(one.deed, one.conversation_id, one.about) for one in newest]
    assert written == [
        ("found", chat, "message 1"),
        ("search", None, "conversations shown: 1"),
    ]
