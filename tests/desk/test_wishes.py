"""Wishes in words, read on a fixed Wednesday: 18 November 2026, 11:00 in Edmonton."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.clinic.profile import Clinic, Policy
from bot.clinic.when import UTC
from bot.clinic.wish import Course, Wish
from bot.content.profile import load
from bot.desk.wishes import (
    Ambiguous,
    Unworkable,
    read_wish,
    read_wishes,
    stamped,
    words_of,
)
from bot.settings import ROOT
from tests.desk.wishing import said, wishing_well


@pytest.fixture
def here() -> Clinic:
    return wishing_well()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any chance of thursday after 5?", "Thu 19 Nov 17:00-24:00"),
        ("next tues 10ish", "Tue 24 Nov 9:00-11:01 ~10:00"),
        ("first thing monday", "Mon 23 Nov 0:00-10:00"),
        ("weekend", "Sat 21 Nov +1"),
        ("weekends only", "Sat/Sun"),
        ("15/12", "Tue 15 Dec"),
        ("2026-12-01", "Tue 01 Dec"),
        ("tomorrow morning", "Thu 19 Nov 0:00-12:00"),
        ("tmrw arvo", "Thu 19 Nov 12:00-17:00"),
        ("tonight", "Wed 18 Nov 17:00-24:00"),
        ("the day after tomorrow at 5.30", "Fri 20 Nov 16:30-18:31 ~17:30"),
        ("in a fortnight", "Tue 01 Dec +4"),
        ("in 3 weeks", "Tue 08 Dec +4"),
        ("12 days from now", "Mon 30 Nov"),
        ("a week from saturday", "Sat 28 Nov"),
        ("tuesday week", "Tue 01 Dec"),
        ("a week tomorrow", "Thu 26 Nov"),
        ("tues or thurs after 4", "Tue/Thu 16:00-24:00"),
        ("any day but friday", "Mon/Tue/Wed/Thu/Sat/Sun"),
        ("mondays at 6pm", "Mon 17:00-19:01 ~18:00"),
        ("mornings are better", "0:00-12:00"),
        ("the 14th", "Mon 14 Dec"),
        ("dec 3rd", "Thu 03 Dec"),
        ("december 3 at 5", "Thu 03 Dec 16:00-18:01 ~17:00"),
        ("dec 3rd around noon", "Thu 03 Dec 11:00-13:01 ~12:00"),
        ("3 december 2026", "Thu 03 Dec"),
        ("monday 7 december", "Mon 07 Dec"),
        ("15 d\u00e9cembre", "Tue 15 Dec"),
        ("7th of jan", "Thu 07 Jan"),
        ("thursday at half past two", "Thu 19 Nov 13:30-15:31 ~14:30"),
        ("quarter to 3 tomorrow", "Thu 19 Nov 13:45-15:46 ~14:45"),
        ("tomorrow, late as possible", "Thu 19 Nov 16:00-24:00"),
        ("noon works", "11:00-13:01 ~12:00"),
        ("between 2 and 4 on friday", "Fri 20 Nov 14:00-16:00"),
        ("9-11am tomorrow", "Thu 19 Nov 9:00-11:00"),
        ("from 11 to 2 pm tomorrow", "Thu 19 Nov 11:00-14:00"),
        ("after work", "17:00-24:00"),
        ("lunchtime thursday", "Thu 19 Nov 11:30-14:00"),
        ("friday 4 in the afternoon", "Fri 20 Nov 15:00-17:01 ~16:00"),
        ("saturday morning, not before 11", "Sat 21 Nov 11:00-12:00"),
        ("before noon on friday", "Fri 20 Nov 0:00-12:00"),
        ("next week", "Mon 23 Nov +6"),
        ("thursday next week", "Thu 26 Nov"),
        ("late next week", "Wed 25 Nov +4"),
        ("next month", "Tue 01 Dec +30"),
        ("no wait, friday", "Fri 20 Nov"),
        ("may i come at 5", "16:00-18:01 ~17:00"),
        ("whatever's soonest", ""),
        ("asap please", ""),
        ("any time", ""),
    ],
)
def test_times_are_read_as_people_mean_them(
    here: Clinic, now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, here, now), here) == expected


@pytest.mark.parametrize(
    ("country", "expected"), [("IN", "Sat 05 Dec"), ("GB", "Sat 05 Dec")]
)
def test_day_comes_first_in_most_countries(
    here: Clinic, now: datetime, country: str, expected: str
) -> None:
    there = replace(here, country=country)

    assert said(read_wish("5/12", there, now), there) == expected


def test_month_comes_first_in_the_united_states(here: Clinic, now: datetime) -> None:
    there = replace(here, country="US", locale="en_US")

    assert said(read_wish("12/5", there, now), there) == "Sat 05 Dec"
    assert isinstance(read_wish("5/12", there, now), Unworkable)


def test_canada_writes_dates_both_ways_so_ask(here: Clinic, now: datetime) -> None:
    far = replace(here, policy=Policy(horizon_days=400))

    asked = read_wish("5/12", far, now)

    assert isinstance(asked, Ambiguous)
    assert [label for label, _ in asked.options] == [
        "Wednesday, May 12",
        "Saturday, December 5",
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("next friday", ["Friday, November 20", "Friday, November 27"]),
        ("next weekend", ["Saturday, November 21", "Saturday, November 28"]),
        ("wednesday", ["today, Wednesday, November 18", "Wednesday, November 25"]),
        ("with moro", ["Ada Moro", "Ben Moro"]),
    ],
)
def test_two_meanings_get_one_short_question(
    here: Clinic, now: datetime, text: str, labels: list[str]
) -> None:
    asked = read_wish(text, here, now)

    assert isinstance(asked, Ambiguous)
    assert [label for label, _ in asked.options] == labels
    assert asked.question == f"Do you mean {labels[0]} or {labels[1]}?"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("31/2", "no such date"),
        ("feb 30", "no such date"),
        ("31 february", "no such date"),
        ("the 45th", "no such date"),
        ("2026-13-01", "no such date"),
        ("1 november", "passed"),
        ("yesterday", "passed"),
        ("1/11/2025", "passed"),
        ("today at 9", "passed today"),
        ("this morning before 9", "passed today"),
        ("friday at 25:00", "no such time"),
        ("10:75 tomorrow", "no such time"),
        ("3 june 2027", "too far ahead"),
    ],
)
def test_impossible_times_get_a_clear_reason(
    here: Clinic, now: datetime, text: str, hint: str
) -> None:
    refused = read_wish(text, here, now)

    assert isinstance(refused, Unworkable)
    assert hint in refused.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with a woman who speaks Kannada", Wish(gender="woman", language="Kannada")),
        ("a male practitioner", Wish(gender="man")),
        ("w/ a lady pls", Wish(gender="woman")),
        ("not a man please", Wish(gender="woman")),
        ("someone who speaks Greek", Wish(language="Greek")),
        ("online please", Wish(online=True)),
        ("in person", Wish(online=False)),
        ("with Ada", Wish(practitioner_id="ada")),
        ("cupping", Wish(therapy="cupping")),
        ("a follow-up", Wish(treatment_id="later")),
        ("first visit", Wish(treatment_id="first")),
        ("at quiet lake", Wish(places=frozenset({"lake"}))),
        ("somewhere in rosedale", Wish(places=frozenset({"lake"}))),
    ],
)
def test_who_what_and_where_are_read(
    here: Clinic, now: datetime, text: str, expected: Wish
) -> None:
    assert read_wish(text, here, now) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "does it hurt",
        "my knee hurts",
        "can i bring my dog",
        "6 out of 10",
        "i am a pregnant woman",
        "\u0000\u0001",
        "'; DROP TABLE cells; --",
        "/restart",
    ],
)
def test_other_talk_is_no_wish(here: Clinic, now: datetime, text: str) -> None:
    assert read_wish(text, here, now) is None


def test_very_long_text_is_read_quickly(here: Clinic, now: datetime) -> None:
    assert read_wish("1/" * 50_000, here, now) is not None
    assert said(read_wish("friday " + "x" * 100_000, here, now), here) == "Fri 20 Nov"


def rereads(texts: list[str], here: Clinic, now: datetime) -> Wish | Ambiguous:
    return read_wishes(texts, here, now, Wish())


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ["with a woman, thursday after 5", "no wait, friday"],
            "Fri 20 Nov 17:00-24:00, woman",
        ),
        (["thursday after 5", "morning"], "Thu 19 Nov 0:00-12:00"),
        (["thursday after 5", "whatever's soonest"], ""),
        (["thursday after 5", "any day"], "17:00-24:00"),
        (["thursday after 5", "any day after 6"], "18:00-24:00"),
        (["friday after 5", "any time friday"], "Fri 20 Nov"),
        (["with ada on friday", "anyone is fine"], "Fri 20 Nov"),
        (["a woman on friday", "man or woman, either"], "Fri 20 Nov"),
        (["after 5", "anyone who speaks kannada"], "17:00-24:00"),
        (["next friday after 4", "#1"], "Fri 27 Nov 16:00-24:00"),
        (["next friday after 4", "#0"], "Fri 20 Nov 16:00-24:00"),
        (["next friday after 4", "the 28th"], "Sat 28 Nov 16:00-24:00"),
    ],
)
def test_a_later_wish_adds_to_the_earlier(
    here: Clinic, now: datetime, texts: list[str], expected: str
) -> None:
    assert said(rereads(texts, here, now), here) == expected


def test_a_choice_stands_when_the_phrase_is_no_longer_unclear(
    here: Clinic, now: datetime
) -> None:
    lines = [stamped("next friday after 4", now), stamped("#1", now)]

    on_saturday = read_wishes(lines, here, now + timedelta(days=3), Wish())

    assert said(on_saturday, here) == "Fri 27 Nov 16:00-24:00"


def test_a_line_keeps_when_it_was_said_and_the_words(now: datetime) -> None:
    assert words_of(stamped("tomorrow\n or friday", now)) == "tomorrow or friday"
    assert words_of("tomorrow") == "tomorrow"


def test_with_whom_stays_when_the_day_changes(here: Clinic, now: datetime) -> None:
    wish = rereads(["with a woman who speaks Kannada", "no wait, friday"], here, now)

    assert isinstance(wish, Wish)
    assert (wish.gender, wish.language) == ("woman", "Kannada")


def test_an_open_question_stays_open_until_it_is_answered(
    here: Clinic, now: datetime
) -> None:
    assert isinstance(rereads(["after 4", "next friday"], here, now), Ambiguous)
    assert isinstance(rereads(["next friday", "#7"], here, now), Wish)


@pytest.mark.parametrize(
    ("text", "course"),
    [
        ("once a week for six weeks", Course(6)),
        ("six weekly visits", Course(6)),
        ("weekly for 8 weeks on mondays", Course(8)),
        ("twice a week for three weeks", Course(6, visits=2)),
        ("every two weeks for 3 months", Course(6, weeks=2)),
        ("fortnightly for 8 weeks", Course(4, weeks=2)),
        ("a course of ten", Course(10)),
        ("6 sessions, one a week, evenings", Course(6)),
        ("once a week for a month", Course(4)),
        ("six weeks, once a week", Course(6)),
        ("once every two weeks over three months", Course(6, weeks=2)),
        ("2x a week for 3 weeks", Course(6, visits=2)),
        ("two times a week for a month", Course(8, visits=2)),
        ("4 acupuncture sessions", Course(4)),
    ],
)
def test_a_rhythm_is_a_course_and_no_day(
    here: Clinic, now: datetime, text: str, course: Course
) -> None:
    wish = read_wish(text, here, now)

    assert isinstance(wish, Wish)
    assert wish.course == course
    assert wish.earliest is None


@pytest.mark.parametrize("text", ["twice a week", "a course of 40", "1 visit a week"])
def test_a_rhythm_without_a_number_that_can_be_had_is_asked_for(
    here: Clinic, now: datetime, text: str
) -> None:
    asked = read_wish(text, here, now)

    assert isinstance(asked, Unworkable)
    assert "How many" in asked.reason


def test_more_visits_a_week_than_can_be_planned_are_not_made_fewer(
    here: Clinic, now: datetime
) -> None:
    refused = read_wish("three times a week for two weeks", here, now)

    assert isinstance(refused, Unworkable)
    assert "one or two visits a week" in refused.reason


def test_a_time_that_the_clocks_skip_does_not_exist(
    here: Clinic, now: datetime
) -> None:
    there = replace(here, time_zone="America/New_York", policy=Policy(horizon_days=200))

    skipped = read_wish("march 14 at 2:30 am", there, now)

    assert isinstance(skipped, Unworkable)
    assert "Clocks go forward" in skipped.reason
    assert isinstance(read_wish("november 1 2026 at 1:30 am", there, FAR), Wish)


FAR = datetime(2026, 10, 25, 17, tzinfo=UTC)


# --- in a network ------------------------------------------------------------------


@pytest.fixture(scope="module")
def network() -> Clinic:
    return load(ROOT / "data" / "clinics" / "bangalore")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("someone for sciatica", Wish(complaint="sciatica")),
        ("under 1000 rupees", Wish(most=Decimal(1000))),
        ("less than \u20b91,500", Wish(most=Decimal(1500))),
        ("under 1k", Wish(most=Decimal(1000))),
        ("my budget is 1.5k", Wish(most=Decimal(1500))),
        ("less than 900 please", Wish(most=Decimal(900))),
        ("acupuncture up to rs 800", Wish(therapy="acupuncture", most=Decimal(800))),
        ("with Asha Verrin", Wish(practitioner_id="asha_verrin")),
        ("with Asha", Wish(practitioner_id="asha_verrin")),
        ("my back and sciatica, both", Wish(complaint="sciatica", together=True)),
    ],
)
def test_a_network_is_asked_by_complaint_price_and_name(
    network: Clinic, now: datetime, text: str, expected: Wish
) -> None:
    assert read_wish(text, network, now) == expected


def test_an_area_means_every_place_in_it(network: Clinic, now: datetime) -> None:
    near = read_wish("near Indiranagar", network, now)
    spa = read_wish("a spa in jayanagar", network, now)

    assert isinstance(near, Wish)
    assert isinstance(spa, Wish)
    assert len(near.places) > 1
    assert all("Indiranagar" in network.places[one].address for one in near.places)
    assert {network.places[one].kind for one in spa.places} == {"spa"}


def test_too_many_namesakes_are_asked_for_the_full_name(
    network: Clinic, now: datetime
) -> None:
    asked = read_wish("with Lakshmi", network, now)

    assert isinstance(asked, Unworkable)
    assert "full name" in asked.reason


@pytest.mark.parametrize(
    ("text", "treatment"),
    [
        ("someone for sciatica", "first_physiotherapy"),
        ("online", "online_acupuncture"),
        ("online under 1000 rupees", "online_acupuncture"),
        ("physio under 1200 rupees", "physiotherapy"),
        ("ayurveda", "first_ayurveda"),
        ("with Pranav Shet", "first_physiotherapy"),
    ],
)
def test_a_wish_finds_its_treatment(
    network: Clinic, now: datetime, text: str, treatment: str
) -> None:
    wish = read_wish(text, network, now)

    assert isinstance(wish, Wish)
    found = wish.treatment(network)
    assert found is not None
    assert found.id == treatment


def test_nothing_costs_that_little(network: Clinic, now: datetime) -> None:
    wish = read_wish("under 5 rupees", network, now)

    assert isinstance(wish, Wish)
    assert wish.treatment(network) is None


# --- four locales ------------------------------------------------------------------

LOCALES = {
    "en_CA": ("CA", "America/Edmonton"),
    "en_US": ("US", "America/New_York"),
    "en_GB": ("GB", "Europe/London"),
    "en_IN": ("IN", "Asia/Kolkata"),
}
PHRASES: dict[str, list[str | None]] = {
    "tomorrow": ["Thu 19 Nov"] * 4,
    "day after tomorrow": ["Fri 20 Nov"] * 4,
    "on saturday": ["Sat 21 Nov"] * 4,
    "coming monday": ["Mon 23 Nov"] * 4,
    "3 december": ["Thu 03 Dec"] * 4,
    "december 3rd": ["Thu 03 Dec"] * 4,
    "the 3rd of december": ["Thu 03 Dec"] * 4,
    "2026-12-03": ["Thu 03 Dec"] * 4,
    "13/12": ["Sun 13 Dec"] * 4,
    "12/13": ["Sun 13 Dec"] * 4,
    "1/12": [None, "Tue 12 Jan", "Tue 01 Dec", "Tue 01 Dec"],
    "12/1": [None, "Tue 01 Dec", "Tue 12 Jan", "Tue 12 Jan"],
    "in a fortnight": ["Tue 01 Dec +4"] * 4,
    "next week": ["Mon 23 Nov +6"] * 4,
    "weekend": ["Sat 21 Nov +1"] * 4,
    "half past five": ["16:30-18:31 ~17:30"] * 4,
    "first thing on monday": ["Mon 23 Nov 0:00-10:00"] * 4,
    "1/12 or 3/12": [
        None,
        "Tue 12 Jan, Fri 12 Mar",
        "Tue 01 Dec, Thu 03 Dec",
        "Tue 01 Dec, Thu 03 Dec",
    ],
    "2.1.2027": [None, "Mon 01 Feb", "Sat 02 Jan", "Sat 02 Jan"],
    "9-5 on friday": ["Fri 20 Nov 9:00-17:00"] * 4,
    "friday fortnight": ["Fri 04 Dec"] * 4,
    "between 7 and 10 december": ["Mon 07 Dec +3"] * 4,
    "not on fridays": ["Mon/Tue/Wed/Thu/Sat/Sun"] * 4,
    "sat 5/12 or sun 6/12": ["Sat 05 Dec +1", None, "Sat 05 Dec +1", "Sat 05 Dec +1"],
    "christmas eve after 3": ["Thu 24 Dec 15:00-24:00"] * 4,
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text", PHRASES)
def test_phrases_are_read_by_the_country(
    here: Clinic, now: datetime, text: str, locale: str
) -> None:
    """None stands for a date that must not be guessed, but asked for."""
    country, zone = LOCALES[locale]
    there = replace(here, country=country, locale=locale, time_zone=zone)
    expected = PHRASES[text][list(LOCALES).index(locale)]

    read = read_wish(text, there, now)

    if expected is None:
        assert isinstance(read, Ambiguous | Unworkable)
        assert said(read, there).endswith("?")
    else:
        assert said(read, there) == expected


@pytest.mark.parametrize(
    "text",
    [
        "what if a monday is a holiday",
        "what happens if you're closed on thursday",
        "what if i'm sick on friday",
        "what if it snows on tuesday",
    ],
)
def test_a_question_about_a_day_wishes_for_none(here, now, text):
    assert read_wish(text, here, now) is None


def test_what_if_we_say_friday_wishes_for_it(here, now):
    assert said(read_wish("what if we say friday at 10", here, now), here) == (
        said(read_wish("friday at 10", here, now), here)
    )
