"""Phrases as visitors type them, on a fixed Wednesday: 18 November 2026, 10:00.

Most were written down before the code had read any of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.clinic.profile import Policy
from bot.clinic.wish import Wish
from bot.content.profile import load
from bot.desk.wishes import Ambiguous, Unworkable, read_wish
from bot.settings import ROOT
from tests.desk.wishing import said, wishing_well

HERE = wishing_well()
SEEN_LATER = {
    "anytime monday through wednesday before noon": "Mon/Tue/Wed 0:00-12:00",
    "can i get in around 10:15 next wednesday": "Wed 25 Nov 9:15-11:16 ~10:15",
    "i can only do evenings after 6:30": "18:30-24:00",
    "i'm free from 2 o'clock onwards on thursday": "Thu 19 Nov 14:00-24:00",
    "tues 1 dec or weds 2 dec, mornings": "Tue 01 Dec +1 0:00-12:00",
    "the first week of january but not the 1st": "Sat 02 Jan +5",
    "any saturday in december": "Sat 05 Dec, Sat 12 Dec, Sat 19 Dec, Sat 26 Dec",
    "a week on thursday at 11.30": "Thu 26 Nov 10:30-12:31 ~11:30",
    "fri 27th nov 9am": "Fri 27 Nov 8:00-10:01 ~9:00",
    "sometime between the 1st and the 5th of december": "Tue 01 Dec +4",
    "after the 10th but before christmas": "Fri 11 Dec +13",
    "not before next week": "from Mon 23 Nov",
    "next week apart from monday": "Tue 24 Nov +5",
    "next week but not monday or friday": "Tue 24 Nov +2, Sat 28 Nov +1",
    "i can't make thursdays or fridays": "Mon/Tue/Wed/Sat/Sun",
    "anything but mondays": "Tue/Wed/Thu/Fri/Sat/Sun",
    "never before 10": "10:00-24:00",
    "no evenings please": "0:00-17:00",
    "tomorrow if you can, if not friday": "Thu 19 Nov +1",
    "i'd like to see a woman, ideally tuesday": "Tue 24 Nov, woman",
    "someone other than ben, preferably a woman": "woman, not ben",
    "ada if she's free on friday morning": "Fri 20 Nov 0:00-12:00, ada",
    "i'm not keen on a male practitioner": "woman",
    "no zoom, in person please": "in person",
    "could it be by video": "online",
    "my mum fell yesterday, could she be seen today": "Wed 18 Nov",
    "i've been off work for two weeks with my back": "",
    "i saw ben on monday and he said to come back in 2 weeks": "Tue 01 Dec +4",
    "the pain comes at night": "",
    "it was fine until tuesday": "",
    "is there a space at 3 today": "Wed 18 Nov 14:00-16:01 ~15:00",
    "today before 5 if possible": "Wed 18 Nov 0:00-17:00",
    "saturday 28 november 2026 at noon": "Sat 28 Nov 11:00-13:01 ~12:00",
    "in 10 days time": "Sat 28 Nov",
    "the monday after christmas": "Mon 28 Dec",
    "the last week of november, mornings": "Tue 24 Nov +6 0:00-12:00",
    "late january": "Thu 21 Jan +10",
    "2nd or 9th december at 10": "Wed 02 Dec, Wed 09 Dec 9:00-11:01 ~10:00",
    "from tomorrow until sunday": "Thu 19 Nov +3",
    "up to 3pm on fridays": "Fri 0:00-15:00",
    "earliest on tuesday": "Tue 24 Nov",
    "does next tuesday at a quarter to six suit": "Tue 24 Nov 16:45-18:46 ~17:45",
    "5 pm works, but no fridays": "Mon/Tue/Wed/Thu/Sat/Sun 16:00-18:01 ~17:00",
}
MID_JANUARY = "Tue 12 Jan, Thu 14 Jan, Tue 19 Jan"
EARLY_SATURDAYS = "Sat 05 Dec, Sat 02 Jan, Sat 09 Jan"
MIXED = "Mon 07 Dec, Mon 14 Dec, Mon 21 Dec, Mon 28 Dec, Tue 05 Jan"
NETWORK = load(ROOT / "data" / "clinics" / "bangalore")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("either tuesday or thursday in mid january", MID_JANUARY),
        ("tuesdays in mid january or thursdays in mid january", MID_JANUARY),
        ("a tuesday or, failing that, a thursday in mid january", MID_JANUARY),
        ("wednesday or friday, next week", "Wed 25 Nov, Fri 27 Nov"),
        ("friday next week or monday", "Mon 23 Nov, Fri 27 Nov"),
        ("saturdays in early december or early january", EARLY_SATURDAYS),
        ("early december or early january, saturdays", EARLY_SATURDAYS),
        ("monday in december or tuesday in the first week of january", MIXED),
        ("tomorrow or next week", "Thu 19 Nov, Mon 23 Nov +6"),
        ("sunday or next week", "Sun 22 Nov +7"),
        ("the first tuesday or wednesday of january", "Tue 05 Jan +1"),
    ],
)
def test_days_on_both_sides_of_an_or_share_their_weeks(
    now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("friday fortnight", "Fri 04 Dec"),
        ("saturday fortnight please", "Sat 05 Dec"),
        ("two weeks from friday", "Fri 04 Dec"),
        ("two weeks on monday", "Mon 07 Dec"),
        ("two weeks tomorrow", "Thu 03 Dec"),
        ("three weeks today", "Wed 09 Dec"),
        ("three weeks from tomorrow", "Thu 10 Dec"),
        ("3 days from monday", "Thu 26 Nov"),
        ("could you do wednesday week around 3", "Wed 25 Nov 14:00-16:01 ~15:00"),
        ("monday after next", "Mon 30 Nov"),
        ("next tuesday but one", "Tue 01 Dec"),
        ("next to next week", "Mon 30 Nov +6"),
        ("in about ten days", "Sat 28 Nov"),
        ("in a couple of weeks", "Tue 01 Dec +4"),
        ("after 10 days", "from Sat 28 Nov"),
        ("first monday in december", "Mon 07 Dec"),
        ("the second tuesday in december", "Tue 08 Dec"),
        ("2nd saturday", "Sat 12 Dec"),
        ("the last friday of november", "Fri 27 Nov"),
        ("the second week of december", "Tue 08 Dec +6"),
        ("mid december", "Fri 11 Dec +9"),
        ("end of the month", "Sat 21 Nov +9"),
        ("week commencing 7 december", "Mon 07 Dec +6"),
        ("the week of the 7th", "Mon 07 Dec +6"),
        ("christmas eve", "Thu 24 Dec"),
        ("new year's eve", "Thu 31 Dec"),
        ("new year's day", "Fri 01 Jan"),
        ("the day before christmas eve", "Wed 23 Dec"),
        ("monday the 30th at half nine", "Mon 30 Nov 8:30-10:31 ~9:30"),
        ("wednesday 25 november at 4pm", "Wed 25 Nov 15:00-17:01 ~16:00"),
        ("december the third", "Thu 03 Dec"),
        ("the 7th of next month", "Mon 07 Dec"),
        ("the 15", "Tue 15 Dec"),
    ],
)
def test_a_day_is_not_mistaken_for_a_nearer_one(
    now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today or tomorrow", "Wed 18 Nov +1"),
        ("tomorrow or friday", "Thu 19 Nov +1"),
        ("tomorrow or the day after", "Thu 19 Nov +1"),
        ("1st dec or 3rd dec", "Tue 01 Dec, Thu 03 Dec"),
        ("either the 1st or the 3rd of december", "Tue 01 Dec, Thu 03 Dec"),
        ("dec 1, 2 or 4", "Tue 01 Dec +1, Fri 04 Dec"),
        ("7 or 8 december", "Mon 07 Dec +1"),
        ("mon 7th or tues 8th", "Mon 07 Dec +1"),
        ("thursday or friday next week", "Thu 26 Nov +1"),
        ("next week, thursday or friday", "Thu 26 Nov +1"),
        ("mon wed fri", "Mon/Wed/Fri"),
        ("fridays or weekends", "Fri/Sat/Sun"),
        ("this or next thursday", "Thu 19 Nov, Thu 26 Nov"),
        ("this week or next", "Wed 18 Nov +11"),
        ("mon-fri after 5", "Mon/Tue/Wed/Thu/Fri 17:00-24:00"),
        ("mornings only, tuesday to thursday", "Tue/Wed/Thu 0:00-12:00"),
        ("7th-10th december, afternoons", "Mon 07 Dec +3 12:00-17:00"),
        ("between 7 and 10 december", "Mon 07 Dec +3"),
        ("before friday", "Wed 18 Nov +1"),
        ("before the weekend", "Wed 18 Nov +2"),
        ("by the end of next week", "Wed 18 Nov +11"),
        ("after thursday", "from Fri 20 Nov"),
        ("after the weekend", "from Mon 23 Nov"),
        ("any time after the 5th of december", "from Sun 06 Dec"),
        ("from the 2nd of december onwards", "from Wed 02 Dec"),
        ("not until january", "from Fri 01 Jan"),
        ("as soon as possible after friday", "from Sat 21 Nov"),
        ("next week before thursday", "Mon 23 Nov +2"),
        ("within a week", "Wed 18 Nov +7"),
        ("sometime in the next two weeks", "Wed 18 Nov +14"),
        ("thursday or friday but not before 2", "Thu/Fri 14:00-24:00"),
        ("friday at 5, no wait, saturday", "Sat 21 Nov 16:00-18:01 ~17:00"),
    ],
)
def test_alternatives_ranges_and_bounds_are_all_kept(
    now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not today", "from Thu 19 Nov"),
        ("any day but tomorrow", "not Thu 19 Nov"),
        ("not friday", "Mon/Tue/Wed/Thu/Sat/Sun"),
        ("i never have time on fridays", "Mon/Tue/Wed/Thu/Sat/Sun"),
        ("mondays are no good for me", "Tue/Wed/Thu/Fri/Sat/Sun"),
        ("i work mondays", "Tue/Wed/Thu/Fri/Sat/Sun"),
        ("any day except weekends", "Mon/Tue/Wed/Thu/Fri"),
        ("any weekday but monday", "Tue/Wed/Thu/Fri"),
        ("not this week please", "from Mon 23 Nov"),
        ("i'm away until the 30th", "from Tue 01 Dec"),
        ("can't do thursday, how about friday", "Fri 20 Nov"),
        ("not monday, tuesday instead", "Tue 24 Nov"),
        ("tuesday not wednesday", "Tue 24 Nov"),
        ("friday doesn't work, what about saturday morning", "Sat 21 Nov 0:00-12:00"),
        ("some time next week, not friday", "Mon 23 Nov +3, Sat 28 Nov +1"),
        ("any day next week except wednesday", "Mon 23 Nov +1, Thu 26 Nov +3"),
        ("apart from the 24th i'm free next week", "Mon 23 Nov, Wed 25 Nov +4"),
        ("no mornings", "12:00-24:00"),
        ("i can't do mornings", "12:00-24:00"),
        ("anything but evenings", "0:00-17:00"),
        ("not first thing", "10:00-24:00"),
        ("not too late friday", "Fri 20 Nov 0:00-17:00"),
        ("no later than 3", "0:00-15:00"),
        ("not after 4", "0:00-16:00"),
        ("no earlier than 10 and no later than 4", "10:00-16:00"),
        ("i can't do before 5", "17:00-24:00"),
        ("i work till 5", "17:00-24:00"),
        ("i only finish work at 5:30", "17:30-24:00"),
        ("kids are at school until 3", "15:00-24:00"),
        ("free until 3 on tuesday", "Tue 24 Nov 0:00-15:00"),
        ("i don't want a man", "woman"),
        ("i'd prefer not to have a male therapist", "woman"),
        ("please no men", "woman"),
        ("anyone but a woman", "man"),
        ("not online", "in person"),
        ("i don't do video calls", "in person"),
        ("rather not in person", "online"),
        ("not with ada", "not ada"),
        ("anyone except ben on friday", "Fri 20 Nov, not ben"),
        ("friday, not with ada or ben", "Fri 20 Nov, not ada, not ben"),
        ("a woman please, not ada", "woman, not ada"),
        ("not ben again, thursday if possible", "Thu 19 Nov, not ben"),
        ("why not friday", "Fri 20 Nov"),
        ("not only mondays, tuesdays too", "Mon/Tue"),
    ],
)
def test_what_is_refused_is_never_taken_for_a_wish(
    now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow 2-4", "Thu 19 Nov 14:00-16:00"),
        ("tuesdays 10-12", "Tue 10:00-12:00"),
        ("friday 9-5", "Fri 20 Nov 9:00-17:00"),
        ("friday 6-8", "Fri 20 Nov 18:00-20:00"),
        ("10am\u20132pm friday", "Fri 20 Nov 10:00-14:00"),
        ("thurs 9:30-11:30", "Thu 19 Nov 9:30-11:30"),
        ("9 till 12 tomorrow", "Thu 19 Nov 9:00-12:00"),
        ("this sunday 11 to 1", "Sun 22 Nov 11:00-13:00"),
        ("saturday 10 to noon", "Sat 21 Nov 10:00-12:00"),
        ("friday between half two and four", "Fri 20 Nov 14:30-16:00"),
        ("after 10 but before 2", "10:00-14:00"),
        ("after 2 before 5 thursday", "Thu 19 Nov 14:00-17:00"),
        ("post 6 pm", "18:00-24:00"),
        ("post lunch tomorrow", "Thu 19 Nov 13:00-17:00"),
        ("sat am", "Sat 21 Nov 0:00-12:00"),
        ("monday pm", "Mon 23 Nov 12:00-24:00"),
        ("i am free friday", "Fri 20 Nov"),
        ("ten to five friday", "Fri 20 Nov 15:50-17:51 ~16:50"),
        ("twenty past four", "15:20-17:21 ~16:20"),
        ("at five to nine on monday", "Mon 23 Nov 7:55-9:56 ~8:55"),
        ("morning or afternoon on friday", "Fri 20 Nov 0:00-17:00"),
        ("2 or 3 on friday", "Fri 20 Nov 13:00-16:01 ~14:00"),
        ("can't make 3 o'clock, can we do 5", "16:00-18:01 ~17:00"),
        ("make it 5 rather than 4:30", "16:00-18:01 ~17:00"),
        ("2 at night", "1:00-3:01 ~2:00"),
        ("weekday lunchtimes", "Mon/Tue/Wed/Thu/Fri 11:30-14:00"),
    ],
)
def test_hours_are_neither_dates_nor_reversed(
    now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("mornings or evenings", "before 12 noon or from 5 pm?"),
        ("not in the afternoon", "before 12 noon or from 5 pm?"),
        ("before 10 or after 4", "before 10 am or from 4 pm?"),
        ("weekends or after 6", "Saturday or Sunday or from 6 pm?"),
        ("monday morning or tuesday afternoon", "Tuesday, November 24, 12 noon to 5"),
        ("next thurs or fri", "or Thursday, November 26"),
    ],
)
def test_what_does_not_go_together_gets_a_question_with_both(
    now: datetime, text: str, question: str
) -> None:
    asked = read_wish(text, HERE, now)

    assert isinstance(asked, Ambiguous)
    assert question in asked.question
    assert len({wish for _, wish in asked.options}) == len(asked.options) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("thursday the 24th", "November 24 is a Tuesday"),
        ("monday 8 december", "December 8 is a Tuesday"),
        ("anytime except monday mornings", "Which day and time"),
        ("the fifth monday in december", "no such date"),
        ("not next week, next week", "put those days together"),
    ],
)
def test_what_cannot_be_kept_is_asked_for(
    now: datetime, text: str, reason: str
) -> None:
    asked = read_wish(text, HERE, now)

    assert isinstance(asked, Unworkable)
    assert reason in asked.reason
    assert asked.reason.endswith("?")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i've had neck pain for 3 weeks, book me in", ""),
        ("i fell 2 weeks ago, can i book a visit?", ""),
        ("i hurt my back last friday and would like an appointment", ""),
        ("i hurt my back yesterday, can i book an appointment?", ""),
        ("can i book? my pain started 3 months ago", ""),
        ("my pain is 7/10 please book me", ""),
        ("pain is worse at night, can i make an appointment", ""),
        ("my knee has been bad since monday, i want to book", ""),
        ("i'd like to book, i saw ada last week", ""),
        ("i had a car accident on the 3rd of march, can i book", ""),
        ("it started about two weeks ago", ""),
        ("the pain wakes me at 3 at night", ""),
        ("my back is killing me since last tuesday, fit me in tomorrow?", "Thu 19 Nov"),
        ("i had surgery in june and would like to come next month", "Tue 01 Dec +30"),
        ("my appointment was yesterday, can i have another on friday", "Fri 20 Nov"),
        ("for the last 3 months i've had headaches, anything friday?", "Fri 20 Nov"),
        ("i was hoping for friday", "Fri 20 Nov"),
        ("the last week of november", "Tue 24 Nov +6"),
    ],
)
def test_the_story_of_the_pain_is_no_wish(
    now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("in hindi or kannada", ["Hindi", "Kannada"]),
        (
            "not physiotherapy",
            [
                *("acupuncture", "Ayurveda", "cupping"),
                *("herbal medicine", "posture coaching"),
            ],
        ),
    ],
)
def test_one_of_several_treatments_or_languages_is_asked_for(
    now: datetime, text: str, options: list[str]
) -> None:
    asked = read_wish(text, NETWORK, now)

    assert isinstance(asked, Ambiguous)
    assert [label for label, _ in asked.options] == options


def test_a_place_that_is_refused_leaves_the_others(now: datetime) -> None:
    places = {one.id: one for one in NETWORK.places.values() if one.kind != "online"}

    read = read_wish("not at a hospital", NETWORK, now)

    assert isinstance(read, Wish)
    assert read.places == {key for key, one in places.items() if one.kind != "hospital"}


def test_a_later_kind_of_person_lifts_an_earlier_name() -> None:
    named, kind = Wish(practitioner_id="ben"), Wish(gender="woman")

    assert named.then(kind) == kind


def test_who_is_refused_later_is_no_longer_wished_for() -> None:
    later = Wish(practitioner_id="ben").then(Wish(not_with=frozenset({"ben"})))

    assert later == Wish(not_with=frozenset({"ben"}))


def test_who_is_named_later_is_no_longer_refused() -> None:
    later = Wish(not_with=frozenset({"ben"})).then(Wish(practitioner_id="ben"))

    assert later == Wish(practitioner_id="ben")


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("CA", "black friday", "Fri 27 Nov"),
        ("CA", "the monday after cyber monday", "Mon 07 Dec"),
        ("US", "the day after thanksgiving", "Fri 27 Nov"),
        ("US", "thanksgiving weekend", "Thu 26 Nov +3"),
        ("US", "the week of thanksgiving", "Mon 23 Nov +6"),
        ("US", "mlk day", "Mon 18 Jan"),
        ("CA", "st. patrick's day", "Wed 17 Mar"),
        ("CA", "family day", "Mon 15 Feb"),
        ("CA", "good friday", "Fri 26 Mar"),
        ("GB", "easter monday", "Mon 29 Mar"),
        ("IN", "before pongal", "Wed 18 Nov +57"),
        ("IN", "on holi", "Mon 22 Mar"),
        ("IN", "deepavali", "Fri 29 Oct"),
        ("CA", "not on family day, but that week", "not Mon 15 Feb"),
        ("CA", "lundi matin", "Mon 23 Nov 0:00-12:00"),
        ("CA", "demain après 15h30", "Thu 19 Nov 15:30-24:00"),
        ("CA", "mardi ou jeudi, vers 10h", "Tue/Thu 9:00-11:01 ~10:00"),
        ("CA", "la semaine prochaine, pas mardi", "Mon 23 Nov, Wed 25 Nov +4"),
        ("CA", "le 2 février", "Tue 02 Feb"),
        ("US", "lundi", ""),
    ],
)
def test_days_are_called_as_people_in_the_country_do(
    now: datetime, country: str, text: str, expected: str
) -> None:
    there = replace(HERE, country=country, policy=Policy(horizon_days=400))

    assert said(read_wish(text, there, now), there) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1730 on friday", "Fri 20 Nov 16:30-18:31 ~17:30"),
        ("friday at 530", "Fri 20 Nov 16:30-18:31 ~17:30"),
        ("1030am monday", "Mon 23 Nov 9:30-11:31 ~10:30"),
        ("between 1400 and 1600 tomorrow", "Thu 19 Nov 14:00-16:00"),
        ("17h30 tomorrow", "Thu 19 Nov 16:30-18:31 ~17:30"),
        ("5 to 5 on friday", "Fri 20 Nov 15:55-17:56 ~16:55"),
        ("20 to 9 on monday", "Mon 23 Nov 7:40-9:41 ~8:40"),
        ("10 to 5 on friday", "Fri 20 Nov 10:00-17:00"),
        ("noonish friday", "Fri 20 Nov 11:00-13:01 ~12:00"),
        ("elevenish", "10:00-12:01 ~11:00"),
        ("3 december 2026", "Thu 03 Dec"),
        ("555 0142", ""),
        ("call me on 555 1730", ""),
        ("any day after 5", "17:00-24:00"),
        ("monday 30", "Mon 30 Nov"),
        ("monday 14 at 3", "Mon 14 Dec 14:00-16:01 ~15:00"),
        ("friday 14-16", "Fri 20 Nov 14:00-16:00"),
        ("thursday 15", "Thu 19 Nov 14:00-16:01 ~15:00"),
        ("tuesday 30", "November 30 is a Monday. Which day do you mean?"),
        ("friday, no, thursday", "Thu 19 Nov"),
        ("friday, sorry, thursday", "Thu 19 Nov"),
        ("can i speak with ada on friday", "Fri 20 Nov, ada"),
        ("someone who knows what they do", ""),
        ("female only please", "woman"),
        ("preferably not a guy", "woman"),
        ("online or in person, friday", "Fri 20 Nov"),
    ],
)
def test_short_ways_to_put_it_are_read(now: datetime, text: str, expected: str) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected


@pytest.mark.parametrize(("text", "expected"), sorted(SEEN_LATER.items()))
def test_phrases_that_were_written_after_the_grammar(
    now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected
