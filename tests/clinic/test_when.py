"""Instants, gaps and repeated hours, and how times are spoken."""

import zoneinfo
from datetime import date, datetime, time, timedelta, timezone
from importlib import metadata, resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clinic.when import (
    UTC,
    UnknownZone,
    instant,
    say_day,
    say_moment,
    say_time,
    today,
    zone,
)

ROOT = Path(__file__).parents[2]
EDMONTON = zone("America/Edmonton")
SPRING, AUTUMN = date(2026, 3, 8), date(2025, 11, 2)


def test_zones_come_from_the_pinned_package() -> None:
    """Alberta stopped changing its clocks in 2026; older copies do not know that."""
    winter = datetime(2026, 12, 1, 12, tzinfo=EDMONTON)

    assert winter.utcoffset() == timedelta(hours=-6)
    assert metadata.version("tzdata") >= "2026.3"


def test_the_version_is_the_one_in_the_lock() -> None:
    lock = (ROOT / "requirements.txt").read_text()

    assert f"tzdata=={metadata.version('tzdata')} " in lock


def test_the_machines_own_copy_is_never_asked(tmp_path: Path) -> None:
    """A machine whose Edmonton lies in Kolkata misleads `ZoneInfo`, not us."""
    wrong = resources.files("tzdata") / "zoneinfo" / "Asia" / "Kolkata"
    (tmp_path / "America").mkdir()
    (tmp_path / "America" / "Edmonton").write_bytes(wrong.read_bytes())
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    before = zoneinfo.TZPATH
    try:
        zoneinfo.reset_tzpath([tmp_path])
        misled = ZoneInfo.no_cache("America/Edmonton")
        ours = zone.__wrapped__("America/Edmonton")
    finally:
        zoneinfo.reset_tzpath(before)

    assert noon.astimezone(misled).utcoffset() == timedelta(hours=5, minutes=30)
    assert noon.astimezone(ours).utcoffset() == timedelta(hours=-6)


@pytest.mark.parametrize("name", ["America/Edmontown", "", "../etc/passwd", "UTC\n"])
def test_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone(name)


def test_winter_and_summer_differ_by_an_hour() -> None:
    new_york = zone("America/New_York")

    assert instant(date(2026, 12, 1), time(9), new_york).hour == 14
    assert instant(date(2026, 7, 1), time(9), new_york).hour == 13


@pytest.mark.parametrize("skipped", [time(2), time(2, 5), time(2, 30), time(2, 59)])
def test_skipped_time_becomes_the_moment_of_change(skipped: time) -> None:
    assert instant(SPRING, skipped, EDMONTON) == datetime(2026, 3, 8, 9, tzinfo=UTC)


def test_repeated_time_is_the_first_of_the_two() -> None:
    first = instant(AUTUMN, time(1, 30), EDMONTON)

    assert first == datetime(2025, 11, 2, 7, 30, tzinfo=UTC)
    assert first.astimezone(EDMONTON).fold == 0


def test_kolkata_has_no_change_all_year() -> None:
    kolkata = zone("Asia/Kolkata")
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(365))

    assert {instant(day, time(2, 30), kolkata).time() for day in days} == {time(21)}


def test_today_is_the_clinics_day() -> None:
    late = datetime(2026, 11, 19, 5, 30, tzinfo=timezone.utc)

    assert today(late, EDMONTON) == date(2026, 11, 18)
    assert today(late, zone("Asia/Kolkata")) == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("at", "spoken"),
    [
        (time(9), "9 am"),
        (time(0), "12 am"),
        (time(12), "12 noon"),
        (time(12, 5), "12:05 pm"),
        (time(17, 30), "5:30 pm"),
    ],
)
def test_times_are_spoken_on_twelve_hours(at: time, spoken: str) -> None:
    assert say_time(at) == spoken


@pytest.mark.parametrize(
    ("day", "locale", "spoken"),
    [
        (date(2026, 11, 18), "en_CA", "today, Wednesday, November 18"),
        (date(2026, 11, 19), "en_IN", "tomorrow, Thursday 19 November"),
        (date(2026, 12, 4), "en_US", "Friday, December 4"),
        (date(2026, 12, 4), "en_IN", "Friday 4 December"),
        (date(2027, 12, 4), "en_US", "Saturday, December 4, 2027"),
        (date(2027, 12, 4), "en_IN", "Saturday 4 December 2027"),
    ],
)
def test_days_are_spoken_the_local_way(day: date, locale: str, spoken: str) -> None:
    assert say_day(day, date(2026, 11, 18), locale) == spoken


def test_repeated_hour_is_spoken_with_its_zone(now: datetime) -> None:
    first = datetime(2025, 11, 2, 7, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)

    assert say_moment(first, EDMONTON, now, "en_CA").endswith("at 1:30 am (MDT)")
    assert say_moment(second, EDMONTON, now, "en_CA").endswith("at 1:30 am (MST)")
    assert say_moment(now, EDMONTON, now, "en_CA").endswith("at 11 am")
