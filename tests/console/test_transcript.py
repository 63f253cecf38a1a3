"""Transcripts on their way out of the console."""

import itertools
import json

import httpx
import pytest

from bot.clock import utc_now
from bot.store.tables import audit
from tests.console import scene
from tests.people import COLLEAGUE, RECEPTIONIST

_NUMBERS = itertools.count(1000)


@pytest.fixture
def chat(place):
    """Begin a conversation with a visit for which an address was given."""
    begun = scene.chat(
        place.store,
        utc_now(),
        ("visitor", "कमर में दर्द 😀 <b>since</b> Monday"),
        ("assistant", "Most people feel little: a needle is thin."),
    )
    scene.be_screened(place.store, place.shelf, begun, utc_now())
    phone = f"+1780556{next(_NUMBERS)}"  # nobody may have many visits ahead
    scene.book_one(place.store, place.shelf, begun, "Cy Dahl", utc_now(), phone=phone)
    return begun


def at(chat, what=""):
    return f"/staff/conversations/{chat}/transcript{what}"


def entries(place, chat):
    with place.store.engine.connect() as connection:
        rows = connection.execute(
            audit.select().where(audit.c.conversation_id == chat).order_by(audit.c.id)
        ).all()
    return [(row.name, row.deed, row.about) for row in rows]


def letters(place, chat):
    with place.store.reading() as unit:
        found = unit.letters.of_conversation(chat)
    return [one for one in found if one.kind == "transcript"]


def visit_of(place, chat):
    with place.store.reading() as unit:
        return unit.bookings.of_conversation(chat)[0].id


def test_the_page_to_print_has_all_of_it_and_no_note(place, sam, chat):
    sam.post(f"/staff/conversations/{chat}/note", text="Owes us 40 dollars.")

    page = sam.get(at(chat))

    assert page.status_code == httpx.codes.OK
    assert "कमर में दर्द 😀 &lt;b&gt;since&lt;/b&gt; Monday" in page.text
    assert "Answer needle_pain@2026-11-01+3f" in page.text
    assert "Cy Dahl" in page.text
    assert "Owes us" not in page.text


def test_the_files_are_a_pdf_and_json(place, sam, chat):
    pdf, plain = sam.get(at(chat, ".pdf")), sam.get(at(chat, ".json"))

    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert 'filename="conversation-' in pdf.headers["content-disposition"]
    assert pdf.headers["cache-control"] == "no-store"
    found = json.loads(plain.content)
    assert [one["author"] for one in found["messages"]] == ["visitor", "assistant"]
    assert found["messages"][0]["text"] == "कमर में दर्द 😀 <b>since</b> Monday"
    assert (found["patient"], found["restricted"]) == ("Cy Dahl", False)


def test_each_way_out_is_one_line_of_the_audit(place, sam, chat):
    for what in ("", ".pdf", ".json"):
        sam.get(at(chat, what))

    assert entries(place, chat) == [
        (COLLEAGUE, "take out transcript", f"{how}, messages 1 to 2")
        for how in ("print view", "pdf", "json")
    ]


def test_it_goes_to_the_address_that_the_visitor_gave(place, priya, chat):
    visit = visit_of(place, chat)

    sent = priya.post(at(chat, "/mail"), visit=visit, asked="1")

    assert sent.status_code == httpx.codes.SEE_OTHER
    (letter,) = letters(place, chat)
    assert letter.appointment_id == visit
    assert entries(place, chat)[-1] == (
        RECEPTIONIST,
        "mail transcript",
        f"messages 1 to 2, address of visit {visit}",
    )
    with place.store.reading() as unit:
        said = unit.conversations.after(chat, 2)
    assert said[0].text.startswith("Priya is sending you a copy")


def test_it_goes_nowhere_else(place, priya, chat):
    own, other = visit_of(place, chat), visit_of(place, place.chats["booked"])

    unasked = priya.post(at(chat, "/mail"), visit=own)
    foreign = priya.post(at(chat, "/mail"), visit=other, asked="1")
    typed = priya.post(at(chat, "/mail"), visit="eve@example.net", asked="1")

    assert [one.status_code for one in (unasked, foreign, typed)] == [422, 404, 404]
    assert letters(place, chat) == []
    assert "mail transcript" not in [deed for _, deed, _ in entries(place, chat)]


def test_what_is_about_a_crisis_is_marked_and_not_mailed(place, priya, chat):
    scene.hand_over(place.store, chat, "crisis", "stat", utc_now())

    page = priya.get(at(chat)).text
    sent = priya.post(at(chat, "/mail"), visit=visit_of(place, chat), asked="1")

    assert "Not by e-mail." in page
    assert sent.status_code == httpx.codes.FORBIDDEN
    assert letters(place, chat) == []
    assert json.loads(priya.get(at(chat, ".json")).content)["restricted"] is True
    assert entries(place, chat)[-1][2] == "json, messages 1 to 2, crisis answers"


def test_a_practitioner_takes_out_her_own_patients_only(place, maren, chat):
    own = [maren.get(at(chat, what)).status_code for what in ("", ".pdf", ".json")]
    others = [
        maren.get(at(place.chats["complaint"], what)).status_code
        for what in ("", ".pdf", ".json")
    ]

    assert own == [200, 200, 200]
    assert others == [404, 404, 404]


def test_without_an_address_there_is_nothing_to_send_to(place, sam):
    page = sam.get(at(place.chats["complaint"])).text

    assert "gave no e-mail address" in page
    assert 'name="visit"' not in page
