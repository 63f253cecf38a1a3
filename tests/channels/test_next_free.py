"""The next free time, for the hint on a website."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import cast

import httpx
import pytest

from bot.channels.next_free import NextFree
from bot.clock import utc_now
from bot.content import profile
from bot.settings import ROOT
from bot.store.unit import Store

NOW = datetime(2026, 11, 25, 16, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def clinic():
    return profile.load(ROOT / "data" / "clinics" / "edmonton")


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


class Counted:
    """A record that counts how often it is read."""

    def __init__(self, store):
        self.store, self.read = store, 0

    def reading(self):
        self.read += 1
        return self.store.reading()


def test_it_is_a_time_to_come_by_the_clinics_clock(desk, clinic):
    answer = httpx.get(f"{desk.url}/chat/next")

    assert answer.status_code == 200
    at = datetime.fromisoformat(answer.json()["at"])
    assert at.utcoffset() == at.astimezone(clinic.zone).utcoffset()
    assert utc_now() < at < utc_now() + timedelta(days=61)


def test_a_strange_website_is_refused(desk):
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    assert httpx.get(f"{desk.url}/chat/next", headers=headers).status_code == 403


def test_a_crowd_looks_once_a_minute(store, clinic):
    clock, counted = Clock(), Counted(store)
    next_free = NextFree(cast(Store, counted), clinic, clock)

    async def crowd():
        return await asyncio.gather(*(next_free.at() for _ in range(20)))

    async def all_day():
        first = await crowd()
        clock.now += timedelta(seconds=59)
        await crowd()
        assert counted.read == 1
        clock.now += timedelta(seconds=2)
        await crowd()
        return first

    found = asyncio.run(all_day())

    assert counted.read == 2
    assert len(set(found)) == 1
    assert found[0] > NOW


def test_a_clinic_that_books_by_hand_names_no_time(store, clinic):
    policy = replace(clinic.policy, self_booking=False)
    next_free = NextFree(store, replace(clinic, policy=policy), Clock())

    assert asyncio.run(next_free.at()) is None
