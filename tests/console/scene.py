"""An ordinary afternoon at the clinic, for the console's tests."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from bot.clinic.booking import Patient
from bot.clinic.conversation import Said
from bot.clinic.handoff import Priority, Reason
from bot.clinic.note import Note
from bot.clinic.wish import Wish
from bot.desk import conversation, screening
from bot.desk.booking import book
from bot.desk.emergency import alarm
from bot.desk.handoff import open_handoff, reply, take
from bot.desk.handoff_words import named
from bot.desk.openings import offer
from bot.desk.screening import Asked
from bot.desk.staff import add_staff
from bot.house import Shelf
from bot.store.unit import Store
from tests.people import COLLEAGUE, RECEPTIONIST
from tests.screening import CALM

PASSWORD = "five wet umbrellas"  # noqa: S105 - opens nothing
PRACTITIONER = "Maren Odell"


def staff_up(store: Store, now: datetime) -> None:
    """Make three logins: an administrator, a receptionist and a practitioner."""
    for name, role, practitioner in (
        (RECEPTIONIST, "admin", None),
        (COLLEAGUE, "staff", None),
        (PRACTITIONER, "practitioner", "maren_odell"),
    ):
        with store.unit() as unit:
            add_staff(unit, name, PASSWORD, role, now, practitioner)  # type: ignore[arg-type]


def chat(store: Store, at: datetime, *lines: tuple[str, str]) -> str:
    """Begin a conversation in which some lines were said, half a minute apart."""
    with store.unit() as unit:
        begun = conversation.begin(unit, "web", "edmonton", at).id
    for number, (author, text) in enumerate(lines):
        with store.unit() as unit:
            then = at + timedelta(seconds=30 * number)
            if author == "visitor":
                seq = conversation.hear_text(
                    unit, begun, str(uuid.uuid4()), text, then
                ).seq
                unit.conversations.set_state(begun, seq, "done")
            else:
                version = "needle_pain@2026-11-01+3f" if "needle" in text else None
                unit.conversations.say(begun, Said(text, answer_version=version), then)
            unit.commit()
    return begun


def go_on(store: Store, chat_id: str, at: datetime, until: int) -> None:
    """Let a visitor write line after line, up to a number, in one go."""
    with store.unit() as unit:
        talk = unit.conversations.get(chat_id)
        assert talk
        for number in range(talk.last_seq + 1, until + 1):
            then = at + timedelta(seconds=number)
            text, key = f"line {number}.", str(uuid.uuid4())
            seq = unit.conversations.hear(chat_id, text, None, key, then)
            unit.conversations.set_state(chat_id, seq, "done")
        unit.commit()


def misses(store: Store, at: datetime, *texts: str) -> str:
    """Let visitors write what nobody understands; return the last conversation."""
    begun = ""
    for text in texts:
        begun = chat(store, at, ("visitor", text))
        with store.unit() as unit:
            unit.misses.add(begun, 1, [("faq/cost", 0.4), ("book_appointment", 0.2)])
            unit.commit()
    return begun


def hand_over(
    store: Store, chat_id: str, reason: Reason, priority: Priority, at: datetime
) -> None:
    """Put a conversation into the queue."""
    with store.unit() as unit:
        open_handoff(unit, chat_id, reason, priority, at)
        unit.commit()


def be_screened(store: Store, shelf: Shelf, chat_id: str, at: datetime) -> None:
    """Answer the safety questions as somebody with a plain sore back."""
    with store.unit() as unit:
        last = screening.start(unit, chat_id, "web", shelf.protocol, at)
        while isinstance(last, Asked):
            last = screening.answer(  # type: ignore[assignment]
                unit, chat_id, shelf.protocol, CALM[last.screen.id], at
            )
        unit.commit()


def book_one(
    store: Store,
    shelf: Shelf,
    chat_id: str,
    name: str,
    at: datetime,
    whose: str = "maren_odell",
    phone: str = "+17805550163",
) -> None:
    """Book the first opening of a practitioner."""
    wish = Wish(treatment_id="first_acupuncture", practitioner_id=whose)
    with store.unit() as unit:
        (opening,) = offer(unit, shelf.clinic, wish, at, count=1)
        patient = Patient(name, phone, "ana@example.net")
        book(unit, shelf.clinic, chat_id, opening, patient, at)


def afternoon(store: Store, shelf: Shelf, now: datetime) -> dict[str, str]:
    """Fill the record; return the conversations by what they are about."""
    ago = lambda minutes: now - timedelta(minutes=minutes)  # noqa: E731
    pressing = chat(
        store,
        ago(4),
        ("visitor", "Do the needles hurt?"),
        ("assistant", "Most people feel little: a needle is as thin as a hair."),
        ("visitor", "my chest is tight and I can't breathe"),
    )
    with store.unit() as unit:
        alarm(unit, pressing, "EMERGENCY", "chest_tight", ago(3))
        advice = Said(
            "This can be serious. Call 911 now.", extras={"urgent": {"call": "911"}}
        )
        unit.conversations.say(pressing, advice, ago(3))
        unit.commit()
    ana = chat(
        store,
        ago(38),
        ("visitor", "I'd like to book an appointment"),
        ("assistant", "Your visit is booked."),
        ("visitor", "Could I come half an hour earlier? I have to fetch my son."),
        ("assistant", "I'm not sure I understood. Did you mean:"),
        ("visitor", "I'd like to talk to a person"),
        ("assistant", "I have put this conversation into our staff's queue."),
    )
    be_screened(store, shelf, ana, ago(38))
    book_one(store, shelf, ana, "Ana O'Neil", ago(37))
    hand_over(store, ana, "asked_for_a_person", "routine", ago(35))
    sour = chat(
        store, ago(20), ("visitor", "I was charged twice and nobody answers the phone.")
    )
    hand_over(store, sour, "complaint", "urgent", ago(20))
    with store.unit() as unit:
        take(unit, sour, COLLEAGUE, ago(12), said=named("You are now talking to Sam."))
        reply(unit, sour, COLLEAGUE, "I am sorry. I am looking at it now.", ago(11))
        unit.notes.add(
            Note(str(uuid.uuid4()), sour, COLLEAGUE, "Paid on 3 and 4 Nov.", ago(10))
        )
        unit.commit()
    script = chat(store, ago(9), ("visitor", "<script>alert(1)</script> hello"))
    hand_over(store, script, "not_understood", "routine", ago(8))
    return {"emergency": pressing, "booked": ana, "complaint": sour, "script": script}
