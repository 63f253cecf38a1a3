"""A calendar program subscribes to a practitioner's feed."""

import httpx
import pytest
from icalendar import Calendar

from bot.clock import utc_now
from bot.desk.feeds import feed_key
from bot.house import load_shelf
from bot.settings import load


@pytest.fixture(scope="module")
def address(desk):
    clinic, store = load_shelf(load()).clinic, desk.live.store()
    with store.unit() as unit:
        key = feed_key(unit, clinic, next(iter(clinic.practitioners)), utc_now())
    store.close()
    return f"{desk.url}/feeds/{key}.ics"


def test_the_feed_is_a_calendar(address):
    answer = httpx.get(address)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert Calendar.from_ical(answer.content)["version"] == "2.0"
    assert "private" in answer.headers["cache-control"]


def test_what_has_not_changed_is_not_sent_again(address):
    tag = httpx.get(address).headers["etag"]

    again = httpx.get(address, headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


def test_another_address_leads_nowhere(address):
    assert httpx.get(address.replace(".ics", "x.ics")).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nobody_writes_through_a_feed(address, method):
    assert httpx.request(method, address).status_code == 405
