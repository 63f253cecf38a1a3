"""What the forms read from a reply: who comes, and a wish for another time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import Turn, reply_to
from actions.visits import leaning_on, moving, tell_in_a_form
from bot.clinic.booking import read_opening
from bot.clinic.earlier_words import leans_on_earlier
from bot.clinic.handoff import open_on
from bot.clinic.replies import is_none
from bot.clinic.when import days, today
from bot.clinic.wish import Wish
from bot.desk.people import (
    Unreadable,
    brings_somebody,
    for_another,
    plainly_a_name,
    read_contact,
    read_email,
    read_name,
    read_new_name,
    read_phone,
)
from bot.desk.wish_again import as_before
from bot.desk.wish_beside import beside, moves
from bot.desk.wishes import Unworkable, WishRead, read_wish, stamped

Slots = dict[str, Any]

ANOTHER_DAY: Slots = {
    "chosen_opening_id": None,
    "series_openings": None,
    "offered_openings": None,
}

_WISHES_KEPT = 19
_PARTS = re.compile(r"[,;?!\n]|\b(?:or|and)\b", re.IGNORECASE)
ONE_PERSON = (
    "Each visit is for one person, because the safety questions are about them. "
    "Whoever comes too can book in a chat of their own, or say "
    '"talk to a person" and our staff see to both.'
)

_BUT = re.compile(
    r"\b(?:but|instead|rather|except|unless|make it|change it)\b", re.IGNORECASE
)
_DO_IT = re.compile(
    r"(?:(?:yes|yeah|yep|yup|sure|ok|okay|great|perfect|please|just|go ahead and)\W+)*"
    r"(?:book|send|move) (?:it|that|this|them|me in)"
    r"(?:\W+(?:please|now|then|thanks|thank you))*\W*",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"\bhave an? \w+ \w+|\bgood (?:day|night|evening|afternoon|morning)\b"
    r"|\bthat(?:'s| is) the one\b",
    re.IGNORECASE,
)

_INTRODUCES = re.compile(
    r"\b(?i:i'?m|i am|this is|my name is|my name's|name:?)\s+"
    r"((?:[^\W\d_a-z][\w'.-]*)(?:\s+[^\W\d_a-z][\w'.-]*){0,3})"
)
_A_NUMBER = 7
"""Digits of which a phone number has at least so many, and a day and hour fewer."""

_HAS_NO = (
    r"\b(?:no|without|not giving|(?:don'?t|do not|haven'?t|never)"
    r" (?:have|got|use|own|want|need|check|give))\b(?: \w+){0,3}? "
)
_NO_EMAIL = re.compile(rf"^[-/.]+$|{_HAS_NO}(?:e-?mails?|mail|one|it)\b", re.IGNORECASE)
_NO_EMAIL_AT_ALL = re.compile(
    rf"\b(?:and |but )?(?:i |we )?{_HAS_NO}e-?mails?(?: address| account)?\b",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(
    rf"{_HAS_NO}(?:(?:tele)?phone|mobile|cell|number|one)\b", re.IGNORECASE
)
_WHY_A_NUMBER = (
    "The clinic needs a number in case something about the visit changes, so I can't "
    "book without one. A number where they can leave you a message is enough. Or say "
    '"talk to a person", and our staff see to it.'
)
_JUST_THE_NAME = (
    "I have written nothing down yet. Please type just the name, or say stop to leave "
    "it."
)
_CHANGED = (
    "You changed an earlier message, and I took nothing new from it. If something "
    "should be different, please write it here."
)


async def fill(
    slot: str,
    work: Callable[[Turn], Slots],
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
) -> Slots:
    """Read the visitor's reply to a form's question; see `actions.reply_to`.

    An earlier message that they changed is no reply to it, but may correct a number, an
    address or a name that it plainly gives. "When is my appointment?" is answered.
    """

    def read(turn: Turn) -> Slots:
        if turn.changed:
            return read_changed(turn, slot)
        if _asks_for_their_visit(turn):
            tell_in_a_form(turn)
            return {slot: turn.tracker.get_slot(slot)}
        return work(turn)

    return await reply_to(slot, read, dispatcher, tracker)


def read_changed(turn: Turn, slot: str) -> Slots:
    """Read what a changed message corrects; nothing else is taken from it."""
    told = who_corrected(turn)
    if turn.interrupts and not told:
        return {}
    if not told:
        turn.say(_CHANGED)
    asked = ANOTHER_DAY if slot in ANOTHER_DAY else {slot: None}
    return {**asked, **told}


def _asks_for_their_visit(turn: Turn) -> bool:
    """Tell whether somebody asks when their visit is, and wishes for no other."""
    if turn.intent != "check_appointment" or not turn.means_something_else:
        return False
    read = read_wish(turn.typed, turn.house.shelf.clinic, turn.now)
    return read is None or (isinstance(read, Wish) and not read.says_when)


def wish_slots(turn: Turn, *, fresh: bool = False) -> Slots:
    """Return the slots for a wish in the visitor's words; none where there is none.

    Args:
        fresh: what was wished before is over; otherwise it is added to.
    """
    clinic = turn.house.shelf.clinic
    words = said_in_full(turn) if fresh else in_place(turn)
    if leans_on_earlier(words) and not clinic.policy.self_booking:
        return {"wished_time": said_now(turn)}  # staff know when that was
    wish = read_wish(words, clinic, turn.now)
    if wish is None:
        return {}
    if isinstance(wish, Unworkable):
        turn.say(wish.reason)
        return {"chosen_opening_id": turn.tracker.get_slot("chosen_opening_id")}
    said = said_now(turn) if fresh else with_wish(turn, words)
    return {**ANOTHER_DAY, "wished_time": said}


def in_place(turn: Turn) -> str:
    """Return what was typed, with "an hour later" as the time that it means.

    It leans on the opening that is chosen, or else on the first of those on offer; on
    the visit that is moved where nothing was wished of that so far.
    """
    words, clinic = _COURTESY.sub("", said_in_full(turn)), turn.house.shelf.clinic
    if leans_on_earlier(words):
        return words  # on a visit that nobody knows of
    undecided = not (wish_lines(turn) or turn.tracker.get_slot("chosen_opening_id"))
    if undecided and (visit := moving(turn)):
        told = leaning_on(turn, words, visit)
        if moves(words) and told != words:
            return told
    pages: list[list[str]] = turn.tracker.get_slot("offered_openings") or [[]]
    chosen = turn.tracker.get_slot("chosen_opening_id")
    near = [
        one
        for each in (chosen, *pages[-1])
        if (one := read_opening(clinic, each or ""))
    ]
    if not near:
        return words
    people = (clinic.practitioners[one.practitioner_id].name for one in near)
    at = near[0].starts_at.astimezone(clinic.zone)
    return beside(words, at, {*people}, today(turn.now, clinic.zone))


def said_in_full(turn: Turn) -> str:
    """Return what was typed, with "same time as last time" as the time that it means.

    It leans on the last visit that this conversation had, or else has ahead.
    """
    offered = turn.tracker.get_slot("offered_openings")
    if not leans_on_earlier(turn.typed) and (offered or "same" not in turn.typed):
        return turn.typed
    clinic = turn.house.shelf.clinic
    with turn.house.store.reading() as unit:
        history = unit.bookings.history_of(turn.conversation_id)
    visits = [
        one
        for one in history
        if one.status not in ("held", "cancelled")
        and one.practitioner_id in clinic.practitioners
    ]
    before = [one for one in visits if one.starts_at <= turn.now] or visits
    return as_before(turn.typed, before[-1], clinic) if before else turn.typed


def said_now(turn: Turn) -> str:
    """Return this message as a line of a wish, with when it was said."""
    return stamped(said_in_full(turn), turn.now)


def with_wish(turn: Turn, text: str) -> str:
    """Return the lines of what was wished so far, and one more."""
    return "\n".join([*wish_lines(turn)[-_WISHES_KEPT:], stamped(text, turn.now)])


def wish_lines(turn: Turn) -> list[str]:
    """Return what was wished so far, as it was said and when."""
    return str(turn.tracker.get_slot("wished_time") or "").splitlines()


def another_time(turn: Turn) -> Slots:
    """Return the slots for a wish that takes the place of the earlier one.

    "Have a nice evening" wishes for no evening; "38" is an age, or a slip.
    """
    words = in_place(turn)
    if words.strip().isdigit():
        return {}
    if read_wish(words, turn.house.shelf.clinic, turn.now) is None:
        return {}
    if turn.tracker.active_loop_name != "request_form":
        return wish_slots(turn)
    return requested_times(turn)


def requested_times(turn: Turn) -> Slots:
    """Return the slot for times that staff will read, as they were typed.

    Where none of them can be, that is said, and what was asked for before stays.
    """
    clinic = turn.house.shelf.clinic
    if leans_on_earlier(turn.typed):
        return {"requested_times": said_in_full(turn)}  # else staff know when it was
    read = read_wish(turn.typed, clinic, turn.now)
    each = [read_wish(part, clinic, turn.now) for part in _PARTS.split(turn.typed)]
    if isinstance(read, Unworkable) and not any(isinstance(one, Wish) for one in each):
        turn.say(read.reason)
        return {"requested_times": turn.tracker.get_slot("requested_times")}
    if isinstance(read, Wish) and (shut := _shut(turn, read)):
        turn.say(shut)
        return {"requested_times": turn.tracker.get_slot("requested_times")}
    return {"requested_times": _with_times(turn, read)} if read else {}


def on_one_line(times: str) -> str:
    """Return the times that were asked for one after the other, to be read back."""
    return "; ".join(times.splitlines())


def _with_times(turn: Turn, read: WishRead) -> str:
    """Add to the times that were asked for; other days take their place."""
    before = str(turn.tracker.get_slot("requested_times") or "")
    replaces = not isinstance(read, Wish) or read.says_days or read.soonest
    return turn.typed if replaces or not before else f"{before}\n{turn.typed}"


def _shut(turn: Turn, wish: Wish) -> str:
    """Say that we are closed on every day that is wished for; "" where we are not.

    A clinic that gives no hours is not said to be closed.
    """
    clinic = turn.house.shelf.clinic
    if not wish.says_days or not (clinic.hours or clinic.phone_hours):
        return ""
    this_day = today(turn.now, clinic.zone)
    first = today(wish.earliest, clinic.zone) if wish.earliest else this_day
    last = this_day + timedelta(days=clinic.policy.horizon_days)
    if wish.latest:
        last = min(last, today(wish.latest - timedelta(minutes=1), clinic.zone))
    wished = [day for day in days(first, last) if wish.allows(day)]
    if not wished or any(open_on(clinic, day) for day in wished):
        return ""
    return "We are closed then."


def plain_yes(turn: Turn, so_already: Callable[[Wish], bool]) -> bool:
    """Tell whether a reply says yes to what was read back, and nothing else.

    "Yes, but Friday" is no such reply, unless it is a Friday that was read back; nor is
    a yes that was meant for something else, in a message changed later perhaps.

    Args:
        so_already: tells whether all that a wish names was read back.
    """
    _, seen = turn.heard
    agrees = turn.intent in ("confirm", "affirm") or _DO_IT.fullmatch(turn.typed)
    if not (seen and agrees) or says_but(turn):
        return False
    words = in_place(turn)
    read = read_wish(words, turn.house.shelf.clinic, turn.now)
    if isinstance(read, Wish):
        return Wish().then(read) == Wish() or so_already(read)
    return read is None


def says_but(turn: Turn) -> bool:
    """Tell whether a yes is taken back in part: "yes, but ..."."""
    return bool(_BUT.search(turn.typed))


def ask_again(turn: Turn, hint: str) -> None:
    """Say what a reply should be, or why a visit is for one person alone."""
    another = brings_somebody(turn.typed) or for_another(turn.typed)
    turn.say(ONE_PERSON if another else hint)


def told_who(turn: Turn) -> Slots:
    """Return who comes, where a message that asks for a visit says it as well.

    "I'm Dana Whitfield, 780 555 0175": what is told need not be asked again.
    """
    contact = read_contact(turn.typed, turn.house.shelf.clinic.country)
    introduced = _INTRODUCES.search(turn.typed)
    name = read_name(introduced[1]) if introduced else None
    told = {"visitor_phone": contact.phone, "visitor_email": contact.email}
    if isinstance(name, str) and plainly_a_name(name):
        told["visitor_name"] = name
    return {slot: value for slot, value in told.items() if value}


def read_who(turn: Turn) -> Slots:
    """Read a name, with a phone number and an e-mail address if they come along."""
    no_email = _NO_EMAIL_AT_ALL.search(turn.typed)
    typed = _NO_EMAIL_AT_ALL.sub(" ", turn.typed)
    contact = read_contact(typed, turn.house.shelf.clinic.country)
    name = read_name(contact.name)
    told = {"visitor_phone": contact.phone, "visitor_email": contact.email}
    told = {slot: value for slot, value in told.items() if value}
    if no_email and not contact.email:
        told["visitor_email"] = ""
    if isinstance(name, Unreadable):
        return {"visitor_name": None, **told} if told else _no_name(turn, name.reason)
    told_more = contact.phone or contact.email or plainly_a_name(contact.name)
    if turn.means_something_else and not told_more:
        return _no_name(turn, _JUST_THE_NAME)
    return {"visitor_name": name, **told}


def _no_name(turn: Turn, reason: str) -> Slots:
    """Let data/rules/ answer, take another wish for the time, or ask again."""
    if turn.interrupts and (turn.means_something_else or turn.asks):
        return {}
    other_time = another_time(turn)
    if not other_time and turn.typed:
        turn.say(reason)
    return {"visitor_name": None, **other_time}


def read_number(turn: Turn) -> Slots:
    """Read a phone number that the clinic can call."""
    phone = read_phone(turn.typed, turn.house.shelf.clinic.country)
    if isinstance(phone, str):
        return {"visitor_phone": phone, **who_corrected(turn)}
    if _has_none(turn, _NO_NUMBER):
        turn.say(_WHY_A_NUMBER)
        return {"visitor_phone": None}
    if turn.interrupts:
        return {}
    digits = sum(sign.isdigit() for sign in turn.typed)
    other = who_corrected(turn) or (another_time(turn) if digits < _A_NUMBER else {})
    if not other:
        ask_again(turn, phone.reason)
    return {"visitor_phone": None, **other}


def read_address(turn: Turn) -> Slots:
    """Read an e-mail address, or that there is none."""
    email = read_email(turn.typed)
    if isinstance(email, str):
        return {"visitor_email": email}
    if _has_none(turn, _NO_EMAIL):
        return {"visitor_email": ""}
    if turn.interrupts:
        return {}
    other = who_corrected(turn)
    if not other and "@" not in turn.typed:
        other = another_time(turn)
    if not other:
        ask_again(turn, email.reason)
    return {"visitor_email": None, **other}


def _has_none(turn: Turn, has_none: re.Pattern[str]) -> bool:
    """Tell whether somebody has or gives none of what is asked for.

    "No wait, Friday" and another number are no such reply.
    """
    if turn.intent == "skip" or is_none(turn.typed):
        return True
    if not (turn.intent == "deny" or has_none.search(turn.typed)):
        return False
    told = [one for one in who_corrected(turn).values() if one != ""]
    return not (told or another_time(turn))


def who_corrected(turn: Turn) -> Slots:
    """Read another number, address or name; None asks for the name again."""
    if turn.tracker.active_loop_name == "change_form":
        return {}  # whose visit it is does not change with its time
    told: Slots = {}
    phone = read_phone(turn.typed, turn.house.shelf.clinic.country)
    email = read_email(turn.typed)
    name = read_new_name(turn.typed)
    if isinstance(phone, str):
        told["visitor_phone"] = phone
    if isinstance(email, str):
        told["visitor_email"] = email
    elif _NO_EMAIL_AT_ALL.search(turn.typed):
        told["visitor_email"] = ""
    if name is not None and not told:
        told["visitor_name"] = name if isinstance(name, str) else None
    known = turn.tracker.slots
    return {slot: value for slot, value in told.items() if known.get(slot) != value}
