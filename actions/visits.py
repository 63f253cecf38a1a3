"""What stands for a visitor: visits ahead, a request that waits, a waitlist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import Turn
from bot.clinic.booking import Appointment, AppointmentRequest
from bot.clinic.when import say_moment, today
from bot.desk.booking import upcoming
from bot.desk.handoff_words import waiting
from bot.desk.matching import in_words
from bot.desk.telling import card, card_of_several
from bot.desk.wish_beside import beside_visit
from bot.links import links


def visits_ahead(turn: Turn) -> list[Appointment]:
    """Return the visits ahead, as far as this clinic's files still know them."""
    clinic = turn.house.shelf.clinic
    with turn.house.store.reading() as unit:
        ahead = upcoming(unit, turn.conversation_id, turn.now)
    return [
        one
        for one in ahead
        if one.place_id in clinic.places
        and one.treatment_id in clinic.treatments
        and one.practitioner_id in clinic.practitioners
    ]


def moving(turn: Turn) -> Appointment | None:
    """Return the visit that is being moved, None where none is."""
    if turn.tracker.active_loop_name != "change_form":
        return None
    with turn.house.store.reading() as unit:
        visit = unit.bookings.get(str(turn.tracker.get_slot("appointment_id") or ""))
    if visit is None or visit.conversation_id != turn.conversation_id:
        return None
    return visit


def leaning_on(turn: Turn, text: str, visit: Appointment) -> str:
    """Return a text with "a day later" as the day that it means, seen from a visit."""
    zone = turn.house.shelf.clinic.zone
    return beside_visit(text, visit.starts_at.astimezone(zone), today(turn.now, zone))


def when_is(turn: Turn, visit: Appointment) -> str:
    """Say when a visit is, in the clinic's own time."""
    clinic = turn.house.shelf.clinic
    return say_moment(visit.starts_at, clinic.zone, turn.now, clinic.locale)


def say_visits(
    turn: Turn, ahead: Sequence[Appointment], buttons: Sequence[tuple[str, str]] = ()
) -> None:
    """Show the visits ahead on one card."""
    clinic = turn.house.shelf.clinic
    turn.say(
        _how_they_stand(ahead),
        buttons,
        card=visit_card(turn, ahead[0])
        if len(ahead) == 1
        else card_of_several(
            clinic, ahead, "Your visits", turn.now, _file(turn, ahead)
        ),
    )


def asked_for(turn: Turn) -> str:
    """Say what this visitor has asked for and not got yet; "" for nothing."""
    clinic, of = turn.house.shelf.clinic, turn.conversation_id
    with turn.house.store.reading() as unit:
        requests = unit.bookings.new_requests_of(of)
        waiting = unit.waitlist.of(of)
    if requests:
        times = times_of(requests)
        return (
            f"Our staff have your request ({times}) and will call you to settle it. No "
            "visit is booked yet."
        )
    if waiting:
        wish = in_words(clinic, waiting[-1].wish, turn.now)
        return f"You are on the waitlist ({wish}). No visit is booked yet."
    return ""


def times_of(requests: Sequence[AppointmentRequest]) -> str:
    """Say which times were asked for, on one line."""
    return "; ".join(line for one in requests for line in one.preferred.splitlines())


def waiting_words(turn: Turn) -> str:
    """Return by when staff will reply, as far as that can be promised, and what else.

    For a conversation that has just been put into their queue.
    """
    shelf = turn.house.shelf
    with turn.house.store.reading() as unit:
        handoff = unit.handoffs.open_of(turn.conversation_id)
        staffed = unit.staff.anyone()
    if handoff is None:  # they took it and gave it back in this very second
        return shelf.handoff_words.reach
    return waiting(
        shelf.handoff_words, shelf.clinic, handoff, turn.now, staffed=staffed
    )


def tell_in_a_form(turn: Turn) -> None:
    """Answer "when is my appointment?" while something is being arranged."""
    if ahead := visits_ahead(turn):
        say_visits(turn, ahead)
    else:
        turn.say(
            asked_for(turn) or "You have no visit booked in this conversation yet."
        )


def visit_card(
    turn: Turn, appointment: Appointment, title: str = "Booked"
) -> dict[str, Any]:
    """Make the card of a visit that stands, with its calendar file."""
    return card(
        turn.house.shelf.clinic,
        appointment,
        "Held for you" if appointment.status == "pending" else title,
        turn.now,
        links(turn.house.settings).calendar(appointment.id),
    )


def course_file(turn: Turn, visit: Appointment) -> str:
    """Return the address of one calendar file for all visits of a course."""
    if visit.course_id is None:
        return ""
    return links(turn.house.settings).course(visit.course_id)


def _how_they_stand(ahead: Sequence[Appointment]) -> str:
    """Say of all visits at once whether they are booked or only held."""
    held = sum(one.status == "pending" for one in ahead)
    if len(ahead) == 1:
        return (
            "This time is held for you until a practitioner has looked at your answers."
            if held
            else "This visit is booked."
        )
    told = f"You have {len(ahead)} visits ahead."
    if held == len(ahead):
        return f"{told} They are held until a practitioner has looked at your answers."
    if held:
        told += f" A practitioner has yet to look at your answers for {held} of them."
    return told


def _file(turn: Turn, ahead: Sequence[Appointment]) -> str:
    """Return the address of one calendar file where all belong to one course."""
    courses = {one.course_id for one in ahead}
    return course_file(turn, ahead[0]) if len(courses) == 1 else ""
