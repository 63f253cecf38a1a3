"""The diary's pages: who sees what, and hours changed by plain forms."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import httpx
import pytest

from bot.clinic.booking import Patient
from bot.clinic.wish import Wish
from bot.clock import utc_now
from bot.desk.by_hand import book_by_hand
from bot.desk.openings import offer
from bot.desk.outcomes import Booked
from bot.links import links
from bot.settings import load
from tests.console import scene
from tests.people import RECEPTIONIST


def free_day(place, who, weeks=3):
    """Return a day on which somebody works and nothing is booked yet."""
    (opening,) = offered(place, who, utc_now() + timedelta(weeks=weeks))
    return opening.starts_at.astimezone(place.shelf.clinic.zone).date(), opening


def offered(place, who, earliest, latest=None):
    clinic = place.shelf.clinic
    given = [
        one.id
        for one in clinic.treatments.values()
        if who is None or clinic.gives(clinic.practitioners[who], one)
    ]
    wish = Wish(
        treatment_id=given[0],
        practitioner_id=who,
        earliest=earliest,
        latest=latest,
    )
    with place.store.reading() as unit:
        return offer(unit, clinic, wish, utc_now(), count=1)


def book(place, opening, name):
    now = utc_now()
    chat = scene.chat(place.store, now, ("visitor", "Hello"))
    with place.store.unit() as unit:
        booked = book_by_hand(
            unit,
            place.shelf.clinic,
            links(load()),
            chat,
            opening,
            Patient(name, "+17805550177"),
            RECEPTIONIST,
            now,
        )
    assert isinstance(booked, Booked)
    return chat


def hidden(page, name):
    """Return what a form of a page carries out of sight."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found
    return found[1]


def hours_page(who, day):
    return f"/staff/diary/people/{who}/{day}"


def diary(**look):
    return f"/staff/diary?{urlencode(look)}"


def notes(place, deed):
    with place.store.reading() as unit:
        return [entry.about for _, entry in unit.audit.newest(50) if entry.deed == deed]


def test_a_day_shows_visits_hours_and_rooms(place, priya):
    day, opening = free_day(place, "lian_ashdown")
    chat = book(place, opening, "Dana Wu")

    page = priya.get(diary(day=day))

    assert page.status_code == httpx.codes.OK
    assert "Lian Ashdown" in page.text
    assert f'/staff/conversations/{chat}">Dana Wu</a>' in page.text
    assert "room" in page.text
    assert any(
        str(day) in one and "lian_ashdown" in one for one in notes(place, "read diary")
    )


def test_a_week_counts_visits_and_leads_to_one_person(place, priya):
    day, opening = free_day(place, "lian_ashdown", weeks=4)
    book(place, opening, "Eli Stone")

    everybody = priya.get(diary(view="week", day=day)).text
    alone = priya.get(diary(view="week", day=day, who="lian_ashdown")).text

    assert "<strong>1</strong> visit" in everybody
    assert "Eli Stone" not in everybody
    assert "Eli Stone" in alone


def test_rooms_show_who_is_in_them(place, priya):
    day, opening = free_day(place, "lian_ashdown", weeks=5)
    book(place, opening, "Farah Nazari")

    page = priya.get(diary(view="rooms", day=day)).text

    assert "Farah Nazari" in page
    assert "Lian Ashdown" in page


def test_a_holiday_is_named(place, priya):
    day = priya.get(diary(day="2026-12-25")).text
    week = priya.get(diary(view="week", day="2026-12-25", who="maren_odell")).text

    assert "<strong>Closed.</strong>" in day
    assert "Closed: " in week
    assert "Winter holidays" in week


def test_names_and_places_narrow_the_diary(place, priya):
    by_name = priya.get(diary(view="week", find="ODELL")).text
    elsewhere = priya.get(diary(view="week", place="online")).text
    nobody = priya.get(diary(view="week", find="<b>")).text

    assert "Maren Odell" in by_name
    assert "Tomasz Wren" not in by_name
    assert "Maren Odell" in elsewhere
    assert "Nobody of that name" in nobody
    assert "<b>" not in nobody


@pytest.mark.parametrize(
    ("look", "status"),
    [
        ({"day": "2026-02-30"}, 422),
        ({"day": "1926-02-03"}, 422),
        ({"day": "x" * 500}, 422),
        ({"page": "-1"}, 422),
        ({"page": "9999"}, 200),
        ({"view": "year"}, 200),
        ({"who": "nobody"}, 404),
        ({"place": "nowhere"}, 404),
        ({"day": "2000-01-10", "view": "week"}, 200),
        ({"day": "2100-12-20"}, 200),
    ],
)
def test_what_cannot_be_shown_is_said(place, priya, look, status):
    assert priya.get(diary(**look)).status_code == status


def test_a_practitioner_sees_her_own_diary_alone(place, maren):
    day, opening = free_day(place, "tomasz_wren")
    book(place, opening, "Gus Lind")
    mine, own = free_day(place, "maren_odell", weeks=3)
    book(place, own, "Hana Sato")

    page = maren.get(diary(day=day)).text
    week = maren.get(diary(view="week", day=mine)).text

    assert "Gus Lind" not in page
    assert "Tomasz Wren" not in page
    assert "Hana Sato" in week
    assert "/staff/diary/places/" not in page
    for others in ({"who": "tomasz_wren"}, {"view": "rooms"}):
        assert maren.get(diary(**others)).status_code == httpx.codes.NOT_FOUND


def test_a_day_is_closed_and_its_openings_are_gone(place, priya):
    day, opening = free_day(place, "noor_halabi")
    page = priya.get(hours_page("noor_halabi", day))

    answer = priya.post(
        hours_page("noor_halabi", day), what="off", seen=hidden(page, "seen")
    )

    assert answer.status_code == httpx.codes.SEE_OTHER
    assert f"Off by {RECEPTIONIST}" in priya.get(answer.headers["location"]).text
    begins = opening.starts_at
    assert offered(place, "noor_halabi", begins, begins + timedelta(hours=8)) == []
    assert f"practitioner:noor_halabi {day}: no hours" in notes(place, "change hours")


def test_visits_in_the_way_are_named_and_stay(place, priya):
    day, opening = free_day(place, "devinder_sohal")
    chat = book(place, opening, "Ivo <i>Kern")
    address = hours_page("devinder_sohal", day)
    sent = {"what": "off", "seen": hidden(priya.get(address), "seen")}

    first = priya.post(address, **sent)
    again = priya.post(address, **sent, despite=hidden(first, "despite"))

    assert first.status_code == httpx.codes.CONFLICT
    assert "One visit stands in that time:" in first.text
    assert f'/staff/conversations/{chat}">Ivo &lt;i&gt;Kern</a>' in first.text
    assert again.status_code == httpx.codes.OK
    assert "This visit now lies outside hours" in again.text
    page = priya.get(diary(day=day)).text
    assert "Outside hours" in page
    assert "Ivo &lt;i&gt;Kern" in page


def test_an_old_page_changes_nothing_and_keeps_what_was_typed(place, priya, sam):
    day, _ = free_day(place, "noor_halabi", weeks=6)
    address = hours_page("noor_halabi", day)
    old = hidden(priya.get(address), "seen")
    sam.post(address, what="off", seen=old)

    answer = priya.post(
        address,
        what="set",
        seen=old,
        place0="main",
        from0="09:00",
        to0="11:35",
    )

    assert answer.status_code == httpx.codes.CONFLICT
    assert "A colleague has changed this day meanwhile." in answer.text
    assert 'value="11:35"' in answer.text
    assert "Off by Sam" in answer.text


def test_hours_are_set_for_weeks_and_the_usual_ones_come_back(place, priya):
    day, _ = free_day(place, "tomasz_wren", weeks=4)
    address = hours_page("tomasz_wren", day)
    until = day + timedelta(weeks=2)
    priya.post(
        address,
        what="set",
        seen=hidden(priya.get(address), "seen"),
        place0="online",
        from0="06:00",
        to0="07:00",
        repeat="weekly",
        until=until.isoformat(),
    )

    for then in (day, day + timedelta(weeks=1), until):
        assert "Online 6 am to 7 am" in priya.get(hours_page("tomasz_wren", then)).text
    next_day = priya.get(hours_page("tomasz_wren", day + timedelta(days=1))).text
    assert "Online 6 am" not in next_day
    priya.post(address, what="usual", seen=hidden(priya.get(address), "seen"))
    assert "Online 6 am to 7 am" not in priya.get(address).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"what": "set"}, "No hours are entered."),
        ({"what": "set", "from0": "09:00"}, "needs a beginning and an end"),
        ({"what": "set", "from0": "x", "to0": "y"}, "needs a beginning and an end"),
        ({"what": "set", "from0": "11:00", "to0": "10:00"}, "ends after it begins"),
        ({"what": "set", "from0": "11:01", "to0": "12:00"}, "full 5 minutes"),
        (
            {"what": "set", "place0": "moon", "from0": "11:00", "to0": "12:00"},
            "no such place",
        ),
        ({"what": "off", "repeat": "daily"}, "until when it repeats"),
        ({"what": "off", "repeat": "daily", "until": "2026-11-01"}, "before the first"),
        ({"what": "off", "repeat": "daily", "until": "2099-11-01"}, "too far"),
        ({"what": "off", "repeat": "weekly", "until": "soon"}, "written like"),
        ({"what": "explode"}, "too old"),
    ],
)
def test_a_slip_in_the_form_is_said_and_changes_nothing(place, priya, sent, said):
    address = hours_page("lian_ashdown", "2027-01-11")
    seen = hidden(priya.get(address), "seen")

    answer = priya.post(address, **{"seen": seen, "place0": "main", **sent})

    assert answer.status_code in (409, 422)
    assert said in answer.text
    with place.store.reading() as unit:
        left = unit.hours.between(date(2027, 1, 11), date(2027, 1, 11))
    assert "practitioner:lian_ashdown" not in {one.whose for one in left}


def test_a_day_that_is_over_is_read_and_not_changed(place, priya):
    address = hours_page("lian_ashdown", "2026-01-12")

    page = priya.get(address)
    answer = priya.post(address, what="off", seen="usual")

    assert "can be read, not changed" in page.text
    assert answer.status_code == httpx.codes.CONFLICT
    assert "That day is over." in answer.text


def test_a_place_closes_for_everybody(place, priya):
    day, opening = free_day(place, "noor_halabi", weeks=7)
    address = f"/staff/diary/places/main/{day}"

    answer = priya.post(address, what="off", seen=hidden(priya.get(address), "seen"))

    assert "Willow Stair: closed." in priya.get(answer.headers["location"]).text
    begins = opening.starts_at
    assert offered(place, None, begins, begins + timedelta(hours=6)) == []


def test_a_practitioner_enters_her_own_hours(place, maren):
    day, _ = free_day(place, "maren_odell", weeks=5)
    address = hours_page("maren_odell", day)

    answer = maren.post(address, what="off", seen=hidden(maren.get(address), "seen"))

    assert answer.status_code == httpx.codes.SEE_OTHER
    assert f"Off by {scene.PRACTITIONER}" in maren.get(answer.headers["location"]).text


def week_page(who):
    return f"/staff/diary/weeks/{who}"


def week_fields(page):
    """Return what the form of a usual week would send if nothing was touched."""
    form = page.text.partition('id="h-set"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="([a-z]+[0-9][^"]*)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', form):
        chosen = re.search(r'value="([^"]+)" selected', options)
        first = re.search(r'value="([^"]+)"', options)
        shown = chosen or first
        assert shown
        fields[name] = shown[1]
    return fields


def first_day(page):
    """Return the day from which the form would begin, were it not changed."""
    found = re.search(r'name="since" min="[^"]*" value="([^"]*)"', page.text)
    assert found
    return found[1]


def week_of(place, who):
    with place.store.reading() as unit:
        return unit.hours.weeks(who)


def test_a_usual_week_is_entered_and_its_openings_follow(place, priya):
    """Whoever works on Mondays only is offered for no other day.

    The week begins after every visit that other tests book with him.
    """
    since = date.fromordinal(utc_now().toordinal() + 35)
    page = priya.get(week_page("tomasz_wren"))
    sent = {name: "" for name in week_fields(page) if not name.startswith("place")}
    monday = {"place0-0": "main", "from0-0": "10:00", "to0-0": "13:00"}

    answer = priya.post(
        week_page("tomasz_wren"),
        what="set",
        since=since.isoformat(),
        seen=hidden(page, "seen"),
        **{**sent, **monday},
    )

    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    shown = priya.get(answer.headers["location"]).text
    assert "Change the usual week" in shown
    zone = place.shelf.clinic.zone
    begin = utc_now() + timedelta(days=37)
    (first,) = offered(place, "tomasz_wren", begin)
    local = first.starts_at.astimezone(zone)
    assert (local.weekday(), 10 <= local.hour < 13) == (0, True)
    about = f"usual week of practitioner:tomasz_wren from {since}"
    assert about in notes(place, "change hours")
    later = priya.get(week_page("tomasz_wren")).text
    assert f"Entered by {RECEPTIONIST}." in later


def test_a_usual_week_is_kept_as_it_stands_and_given_back(place, priya):
    """Sending the page untouched enters just what the files say."""
    page = priya.get(week_page("lian_ashdown"))
    filed = place.shelf.clinic.practitioners["lian_ashdown"].hours
    since = first_day(page)

    priya.post(
        week_page("lian_ashdown"),
        what="set",
        since=since,
        seen=hidden(page, "seen"),
        **week_fields(page),
    )

    (kept,) = week_of(place, "lian_ashdown")
    given = {
        at: {day: spans for day, spans in days.items() if spans}
        for at, days in filed.items()
    }
    assert kept.hours == given
    again = priya.get(week_page("lian_ashdown"))
    priya.post(
        week_page("lian_ashdown"),
        what="files",
        since=since,
        seen=hidden(again, "seen"),
    )
    (kept,) = week_of(place, "lian_ashdown")
    assert kept.hours is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"from2-0": "09:00"}, "Wednesday: Each stretch needs a beginning and an end"),
        ({"from2-0": "x", "to2-0": "y"}, "Wednesday: Each stretch needs"),
        ({"from2-0": "11:00", "to2-0": "10:00"}, "Wednesday: Each stretch is on full"),
        ({"from2-0": "11:01", "to2-0": "12:00"}, "Wednesday: Each stretch is on full"),
        ({"from2-0": "03:00", "to2-0": "04:00"}, "Wednesday: A usual week lies within"),
        ({"place2-0": "moon", "from2-0": "11:00", "to2-0": "12:00"}, "no such place"),
        ({"since": "2026-02-30"}, "written like"),
        ({"since": "2026-01-12"}, "That day is over."),
        ({"seen": "old"}, "A colleague has changed this week"),
        ({"what": "explode"}, "too old"),
    ],
)
def test_a_slip_in_a_usual_week_is_said_and_nothing_is_lost(place, priya, sent, said):
    before = week_of(place, "noor_halabi")
    address = week_page("noor_halabi")
    page = priya.get(address)
    fields = {
        "what": "set",
        "since": first_day(page),
        "seen": hidden(page, "seen"),
        "place2-0": "main",
        "place4-0": "main",
        "from4-0": "10:10",
        "to4-0": "10:50",
        **sent,
    }

    answer = priya.post(address, **fields)

    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert 'value="10:10"' in answer.text or sent == {"what": "explode"}
    assert week_of(place, "noor_halabi") == before


def test_a_practitioner_enters_her_own_usual_week(place, maren):
    address = week_page("maren_odell")
    page = maren.get(address)

    answer = maren.post(
        address,
        what="set",
        since=first_day(page),
        seen=hidden(page, "seen"),
        **week_fields(page),
    )

    assert answer.status_code in (httpx.codes.OK, httpx.codes.SEE_OTHER)
    assert maren.get(week_page("tomasz_wren")).status_code == httpx.codes.NOT_FOUND
