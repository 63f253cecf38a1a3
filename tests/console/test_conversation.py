"""What staff do in a conversation, what the audit says of it, and bad input."""

import uuid
from datetime import timedelta

import httpx
import pytest

from bot.clock import utc_now
from bot.desk.emergency import alarm
from bot.desk.handoff import open_handoff
from bot.desk.staff import add_staff
from bot.store.tables import audit
from tests.console import scene
from tests.people import COLLEAGUE, RECEPTIONIST


@pytest.fixture
def chat(place):
    """Begin a conversation that waits for staff."""
    begun = scene.chat(place.store, utc_now(), ("visitor", "I need a person, please."))
    scene.hand_over(place.store, begun, "asked_for_a_person", "routine", utc_now())
    return begun


def at(chat, deed=""):
    return f"/staff/conversations/{chat}{deed}"


def write(person, chat, text, client_id=None):
    fields = {"text": text, "client_id": client_id or str(uuid.uuid4())}
    return person.post(at(chat, "/reply"), **fields)


def press(place, person, chat, deed):
    """Press one of the buttons above a conversation, on a page that is fresh."""
    with place.store.reading() as unit:
        now = unit.handoffs.open_of(chat)
    shown = f"{now.id} {now.priority}" if now else ""
    return person.post(at(chat, deed), shown=shown)


def said(place, chat):
    with place.store.reading() as unit:
        rows = unit.conversations.after(chat, 0)
    return [row.text for row in rows if row.author != "visitor"]


def handoff(place, chat):
    with place.store.reading() as unit:
        return unit.handoffs.latest_of(chat)


def entries(place, chat):
    with place.store.engine.connect() as connection:
        rows = connection.execute(
            audit.select().where(audit.c.conversation_id == chat).order_by(audit.c.id)
        ).all()
    return [(row.name, row.deed) for row in rows]


def test_take_reply_and_give_back(place, priya, chat):
    priya.post(at(chat, "/take"))
    write(priya, chat, "Hello there.")
    answer = press(place, priya, chat, "/return")

    assert answer.status_code == httpx.codes.SEE_OTHER
    first, second, third = said(place, chat)
    assert first.startswith("You are now talking to Priya")
    assert second == "Hello there."
    assert third.startswith("You are back with the automated assistant")
    assert handoff(place, chat).state == "returned"


def test_every_look_and_every_deed_is_one_line(place, priya, chat):
    priya.get(at(chat))
    priya.post(at(chat, "/take"))
    write(priya, chat, "Hello there.")
    priya.post(at(chat, "/note"), text="Called her, no answer.")
    priya.get(at(chat, "/openings"))
    press(place, priya, chat, "/close")

    deeds = ["read", "take", "reply", "note", "read visits", "close"]
    assert entries(place, chat) == [(RECEPTIONIST, deed) for deed in deeds]


def test_a_page_that_looks_by_itself_adds_a_line_only_for_what_is_new(
    place, priya, sam, chat
):
    priya.get(at(chat))
    for _ in range(3):
        priya.get(at(chat, "?again=1"))
    before = entries(place, chat)
    sam.get(at(chat, "?again=1"))
    scene.go_on(place.store, chat, utc_now(), until=2)
    priya.get(at(chat, "?again=1"))

    assert before == [(RECEPTIONIST, "read")]
    assert entries(place, chat)[1:] == [(COLLEAGUE, "read"), (RECEPTIONIST, "read")]


def test_a_deed_that_was_not_done_leaves_no_line(place, priya, sam, chat):
    priya.post(at(chat, "/take"))

    write(sam, chat, "Me too!")

    # He was shown the page instead, and that is what the line says.
    assert entries(place, chat)[1:] == [(COLLEAGUE, "read")]


def test_of_two_who_take_it_the_second_reads_who_was_first(place, priya, sam, chat):
    priya.post(at(chat, "/take"))

    answer = sam.post(at(chat, "/take"))

    assert answer.status_code == httpx.codes.CONFLICT
    assert "Priya has this conversation now." in answer.text
    assert handoff(place, chat).held_by == RECEPTIONIST


def test_a_reply_to_a_closed_conversation_comes_back_with_its_text(place, priya, chat):
    priya.post(at(chat, "/take"))
    press(place, priya, chat, "/close")
    before = said(place, chat)

    answer = write(priya, chat, "One more thing <b>")

    assert answer.status_code == httpx.codes.CONFLICT
    assert "Your text was not sent; it is kept below." in answer.text
    assert "One more thing &lt;b&gt;</textarea>" in answer.text
    assert said(place, chat) == before


def shown_on(page, deed):
    """Return which handoff a page says that it is about, beside one of its buttons."""
    form = page.text.split(f'{deed}" data-quiet>', 1)[1]
    return form.split('name="shown" value="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("deed", ["/return", "/close", "/let-go"])
def test_a_page_from_before_an_emergency_ends_nothing(place, priya, chat, deed):
    priya.post(at(chat, "/take"))
    stale = shown_on(priya.get(at(chat)), deed)
    scene.hand_over(place.store, chat, "emergency", "stat", utc_now())

    refused = priya.post(at(chat, deed), shown=stale)
    before = handoff(place, chat)
    done = priya.post(at(chat, deed), shown=shown_on(refused, deed))

    assert refused.status_code == httpx.codes.CONFLICT
    assert "Something has changed since you opened the page." in refused.text
    assert (before.state, before.priority) == ("held", "stat")
    assert done.status_code == httpx.codes.SEE_OTHER


def test_a_page_from_an_earlier_time_takes_nothing_that_is_over(
    place, priya, sam, chat
):
    stale = shown_on(priya.get(at(chat)), "/take")
    sam.post(at(chat, "/take"))
    press(place, sam, chat, "/close")

    answer = priya.post(at(chat, "/take"), shown=stale)

    assert answer.status_code == httpx.codes.CONFLICT
    assert handoff(place, chat).held_by == COLLEAGUE


def test_a_form_that_is_sent_twice_says_it_once(place, priya, chat):
    priya.post(at(chat, "/take"))
    same = str(uuid.uuid4())

    for _ in range(2):
        write(priya, chat, "Hello there.", same)

    assert said(place, chat).count("Hello there.") == 1


@pytest.mark.parametrize(
    ("text", "client_id"),
    [
        ("", None),
        ("   ", None),
        ("\u200b", None),
        ("x" * 4001, None),
        ("hi", "nonsense"),
    ],
)
def test_a_reply_that_will_not_do_is_refused_in_words(
    place, priya, chat, text, client_id
):
    priya.post(at(chat, "/take"))

    answer = write(priya, chat, text, client_id)

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert len(said(place, chat)) == 1


def test_a_note_is_seen_by_staff_and_by_no_visitor(place, priya, sam, chat):
    priya.post(at(chat, "/note"), text="Pays in cash <i>")

    assert "Pays in cash &lt;i&gt;" in sam.get(at(chat)).text
    assert said(place, chat) == []


@pytest.fixture
def locked(place):
    """Begin a conversation in which an emergency was heard."""
    begun = scene.chat(place.store, utc_now(), ("visitor", "my chest is tight"))
    alarm_in(place, begun, "chest_tight")
    return begun


def alarm_in(place, chat, rule):
    with place.store.unit() as unit:
        alarm(unit, chat, "EMERGENCY", rule, utc_now())
        unit.commit()


def locks_on(page):
    """Return which locks a page says that its form is about."""
    return page.text.split('name="locks" value="', 1)[1].split('"', 1)[0]


def barring(place, chat):
    with place.store.reading() as unit:
        return [one.locks for one in unit.screenings.of(chat)]


def test_a_lock_is_released_with_a_reason_only(place, priya, locked):
    seen = locks_on(priya.get(at(locked)))

    empty = priya.post(at(locked, "/release"), reason="  ", locks=seen)
    before = barring(place, locked)
    priya.post(at(locked, "/release"), reason="Seen by her doctor today", locks=seen)

    assert empty.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert before == [True]
    with place.store.reading() as unit:
        (screening,) = unit.screenings.of(locked)
    assert (screening.released_by, screening.release_reason) == (
        RECEPTIONIST,
        "Seen by her doctor today",
    )


def test_a_reason_that_nobody_would_read_releases_nothing(place, priya, locked):
    seen = locks_on(priya.get(at(locked)))

    long = priya.post(at(locked, "/release"), reason="so " * 1000, locks=seen)

    assert long.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert barring(place, locked) == [True]


def test_a_release_frees_no_emergency_that_nobody_has_seen(place, priya, locked):
    seen = locks_on(priya.get(at(locked)))
    alarm_in(place, locked, "stroke_face")

    answer = priya.post(at(locked, "/release"), reason="Only a cramp", locks=seen)

    assert answer.status_code == httpx.codes.CONFLICT
    assert "Please look at that first." in answer.text
    assert ">Only a cramp</textarea>" in answer.text
    assert barring(place, locked) == [True, True]
    assert said(place, locked) == []
    priya.post(at(locked, "/release"), reason="Only a cramp", locks=locks_on(answer))
    assert barring(place, locked) == [False, False]


def test_a_visit_behind_a_lock_is_booked_with_a_reason_only(place, priya, locked):
    page = priya.get(at(locked, "/openings?treatment=cupping"))
    fields = {"name": "Bo Lund", "phone": "780 555 0199", "locks": locks_on(page)}
    fields["opening"] = opening_on(page)

    empty = priya.post(at(locked, "/book"), **fields)
    booked = priya.post(at(locked, "/book"), reason="Her doctor called", **fields)

    assert "Booking is locked" in page.text
    assert empty.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert booked.status_code == httpx.codes.SEE_OTHER
    assert "Her doctor called" in priya.get(at(locked)).text
    # It is this one visit; whether they may book by themselves is another question.
    assert barring(place, locked) == [True]


def test_a_visit_is_not_booked_through_a_lock_that_nobody_has_seen(place, priya, chat):
    opening = opening_on(priya.get(at(chat, "/openings?treatment=cupping")))
    alarm_in(place, chat, "chest_tight")

    answer = priya.post(
        at(chat, "/book"), opening=opening, name="Bo Lund", phone="780 555 0199"
    )

    assert answer.status_code == httpx.codes.CONFLICT
    assert "has locked booking since you opened the page" in answer.text
    with place.store.reading() as unit:
        assert unit.bookings.of_conversation(chat) == []


def test_a_visit_behind_a_lock_is_moved_with_a_reason_only(place, priya, chat):
    first = priya.get(at(chat, "/openings?treatment=cupping"))
    person = {"name": "Bo Lund", "phone": "780 555 0199"}
    priya.post(at(chat, "/book"), opening=opening_on(first), **person)
    with place.store.reading() as unit:
        (visit,) = unit.bookings.of_conversation(chat)
    looking = at(chat, f"/openings?treatment=cupping&move={visit.id}")
    move = {"visit": visit.id, "sequence": str(visit.sequence)}
    unlocked = priya.get(looking)
    alarm_in(place, chat, "chest_tight")

    stale = priya.post(at(chat, "/move"), opening=opening_on(unlocked), **move)
    page = priya.get(looking)
    move |= {"opening": opening_on(page), "locks": locks_on(page)}
    empty = priya.post(at(chat, "/move"), **move)
    moved = priya.post(at(chat, "/move"), reason="Her doctor called", **move)

    assert "has locked booking since you opened the page" in stale.text
    assert empty.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert moved.status_code == httpx.codes.SEE_OTHER
    assert "Moved although the screening locks booking: Her doctor called" in (
        priya.get(at(chat)).text
    )
    with place.store.reading() as unit:
        (now_there,) = unit.bookings.of_conversation(chat)
    assert now_there.starts_at != visit.starts_at


def test_the_screening_and_its_reasons_stand_on_the_page(place, priya):
    page = priya.get(at(place.chats["booked"])).text

    assert "Nothing in the answers stops a booking" in page
    assert "Low back" in page


def test_what_a_visitor_wrote_is_never_markup(place, priya):
    page = priya.get(at(place.chats["script"])).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt; hello" in page
    assert "<script>alert" not in page


def test_a_long_transcript_comes_in_pages_and_whole(place, priya):
    lines = [("visitor", f"line number {number}.") for number in range(250)]
    long = scene.chat(place.store, utc_now() - timedelta(hours=3), *lines)

    newest = priya.get(at(long)).text
    middle = priya.get(at(long, "?before=151")).text
    oldest = priya.get(at(long, "?before=51")).text

    assert "line number 249." in newest
    assert "line number 149." not in newest
    assert "?before=151" in newest
    assert "line number 50." in middle
    assert "line number 149." in middle
    assert "line number 0." in oldest
    assert "?before" not in oldest


def test_a_transcript_of_4000_lines_stays_a_short_page(place, priya):
    begun = utc_now() - timedelta(days=3)
    long = scene.chat(place.store, begun, ("visitor", "line 1."))
    scene.go_on(place.store, long, begun, 4000)

    page = priya.get(at(long))

    assert page.status_code == httpx.codes.OK
    assert page.text.count('<li class="visitor"') == 100
    assert "line 4000." in page.text
    assert "?before=3901" in page.text
    assert len(page.content) < 120_000


def test_a_page_from_before_the_last_login_is_told_to_load_again(place, priya, chat):
    stale = priya.get(at(chat)).text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    again = place.person(RECEPTIONIST)

    answer = again.post_bare(at(chat, "/take"), csrf=stale)

    assert answer.status_code == httpx.codes.FORBIDDEN
    assert "load the page again" in answer.text
    assert handoff(place, chat).state == "waiting"


@pytest.mark.parametrize("before", ["-1", "x", "1e9", "9" * 40])
def test_a_page_number_that_is_none_is_refused(priya, chat, before):
    answer = priya.get(at(chat, f"?before={before}"))

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY


def test_reading_marks_what_is_new_as_seen_and_a_glance_does_not(place, priya, chat):
    def unread():
        with place.store.reading() as unit:
            return {one.conversation_id: one.unread for one in unit.queue.waiting()}[
                chat
            ]

    priya.get(at(chat, "?glance=1"))
    glanced = unread()
    priya.get(at(chat))

    assert (glanced, unread()) == (1, 0)


def test_what_is_being_read_is_not_counted_as_new_beside_it(place, priya, sam, chat):
    def line(person, path):
        page = person.get(path).text
        return page.split(f'id="q-{chat}"', 1)[1].split("</a>", 1)[0]

    glanced = line(priya, at(chat, "?glance=1"))

    assert "1<span" in glanced
    assert " new</span>" not in line(priya, at(chat))


def opening_on(page):
    return page.text.split('name="opening" value="', 1)[1].split('"', 1)[0]


def test_a_visit_is_held_booked_moved_and_cancelled_and_the_visitor_knows(
    place, priya, chat
):
    page = priya.get(at(chat, "/openings?treatment=cupping"))
    opening = opening_on(page)
    person = {"name": "Bo Lund", "phone": "780 555 0199", "email": ""}

    priya.post(at(chat, "/hold"), opening=opening)
    booked = priya.post(at(chat, "/book"), opening=opening, **person)
    with place.store.reading() as unit:
        (visit,) = [
            one for one in unit.bookings.of_conversation(chat) if one.status == "booked"
        ]
    priya.post(at(chat, "/cancel"), visit=visit.id, sequence="0")

    assert booked.status_code == httpx.codes.SEE_OTHER
    assert (visit.patient_name, visit.decided_by) == ("Bo Lund", RECEPTIONIST)
    page = priya.get(at(chat)).text
    assert "Earlier visits (1)" in page
    assert "cancelled by Priya" in page
    assert ">Bo Lund</h1>" in page
    with place.store.reading() as unit:
        authors = {one.author for one in unit.conversations.after(chat, 1)}
    assert authors == {"system"}
    told = said(place, chat)
    assert told[0].startswith("Priya is holding ")
    assert told[1] == "Priya has booked a visit for you."
    assert told[2].startswith("Priya has cancelled your visit ")


@pytest.mark.parametrize(
    "fields",
    [
        {"opening": ""},
        {"opening": "nobody.nothing.nowhere.1"},
        {"name": "7"},
        {"phone": "12"},
        {"email": "no address"},
    ],
)
def test_a_booking_with_something_wrong_books_nothing(place, priya, chat, fields):
    opening = opening_on(priya.get(at(chat, "/openings?treatment=cupping")))
    right = {"opening": opening, "name": "Bo Lund", "phone": "780 555 0199"}

    answer = priya.post(at(chat, "/book"), **{**right, **fields})

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    with place.store.reading() as unit:
        assert unit.bookings.of_conversation(chat) == []


def test_nobody_cancels_a_visit_of_another_conversation(place, priya, chat):
    with place.store.reading() as unit:
        (visit,) = unit.bookings.of_conversation(place.chats["booked"])

    answers = [
        priya.post(at(chat, "/cancel"), visit=visit.id, sequence="0"),
        priya.post(
            at(chat, "/decide"),
            visit=visit.id,
            sequence="0",
            answer="clear",
            by="maren_odell",
        ),
        priya.post(at(chat, "/move"), visit=visit.id, opening=""),
        priya.get(at(chat, f"/openings?move={visit.id}")),
    ]

    assert [one.status_code for one in answers] == [409, 409, 422, 404]
    assert said(place, chat) == []
    with place.store.reading() as unit:
        assert unit.bookings.get(visit.id).status == "booked"


def test_a_holder_who_shows_life_keeps_the_conversation(place, priya, chat):
    priya.post(at(chat, "/take"))
    before = handoff(place, chat).here_at

    priya.post("/staff/here", idle="0")

    assert handoff(place, chat).here_at > before


def test_a_practitioner_called_like_an_operator_is_only_a_name(place, priya):
    name = "Or NEAR Not*"
    with place.store.unit() as unit:
        add_staff(unit, name, scene.PASSWORD, "practitioner", utc_now(), "lian_ashdown")
    chat = scene.chat(place.store, utc_now(), ("visitor", "Hello to Lian."))
    shelf = place.shelf
    scene.be_screened(place.store, shelf, chat, utc_now())
    scene.book_one(place.store, shelf, chat, "Cy Rao", utc_now(), "lian_ashdown")
    lian = place.person(name)

    lian.post(at(chat, "/take"))
    write(lian, chat, "umbrella stand")
    found = lian.get("/staff/search?text=Or+NEAR+Not*")
    audited = priya.get("/staff/audit?name=Or+NEAR+Not*").text

    assert found.status_code == httpx.codes.OK
    assert chat in lian.get("/staff/search?text=umbrella").text
    assert said(place, chat)[0].startswith(f"You are now talking to {name}")
    assert audited.count(f"<td>{name}</td>") >= 3
    assert f"<td>{COLLEAGUE}</td>" not in audited


def test_a_name_that_is_an_operator_is_only_a_name(place, priya, chat):
    booked = {
        "opening": opening_on(priya.get(at(chat, "/openings?treatment=cupping"))),
        "name": "Or Not",
        "phone": "780 555 0199",
    }

    priya.post(at(chat, "/book"), **booked)

    assert "Or Not" in priya.get("/staff").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("hi-IN,hi;q=0.9,en;q=0.8", "Browser is in</dt><dd>Hindi (India) "),
        ("kn", "Browser is in</dt><dd>Kannada "),
        ("qq-QQ", "Browser is in</dt><dd>qq-QQ "),
        ("<script>,en", "Browser is in</dt><dd>not told "),
        ("x" * 500, "Browser is in</dt><dd>not told "),
        ("*", "Browser is in</dt><dd>not told "),
        ("", "Browser is in</dt><dd>not told "),
    ],
)
def test_the_brief_says_what_the_visitors_browser_is_set_to(place, priya, asked, told):
    begun = httpx.post(
        f"{place.url}/chat/conversations", headers={"Accept-Language": asked}
    ).json()

    page = priya.get(at(begun["conversation"])).text

    assert told in page
    assert "(the chat is in English)" in page


def test_the_brief_says_why_in_words(place, priya, chat):
    with place.store.unit() as unit:
        for detail in ("chest_pain", "E03", "needle_pain", "classifier"):
            open_handoff(unit, chat, "emergency", "stat", utc_now(), detail=detail)
        unit.commit()

    page = priya.get(at(chat)).text
    why = page.split("<h2>Why</h2>", 1)[1].split("</section>", 1)[0]

    assert ">chest_pain" not in page
    assert place.shelf.red_flags.reasons["chest_pain"] in page
    assert "asked_for_a_person" not in page
    assert "Weakness in both legs is a spinal emergency." in why
    assert place.shelf.answers["needle_pain"].title in why
    for name in ("E03", "needle_pain", "classifier"):
        assert name not in why
