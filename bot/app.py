"""The desk process: one Sanic app with every way in."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from sanic import Request, Sanic

from bot.assistant import RasaAssistant
from bot.channels import (
    answers,
    chat,
    course,
    feeds,
    forgetting,
    going_on,
    health,
    next_free,
    plain,
    site,
    told,
    visit,
)
from bot.channels.answers import Refusal
from bot.channels.going_on import Crossings
from bot.channels.limits import Allowance, Places
from bot.channels.next_free import NextFree
from bot.channels.origins import allow_origins
from bot.channels.plain_page import PlainPage
from bot.channels.post import Outbox, Smtp, post
from bot.channels.rounds import Round, Rounds
from bot.channels.visit_door import VisitPages
from bot.clinic.conversation import Message, Said
from bot.clinic.delivery import travels_by_link
from bot.clock import utc_now
from bot.console import app as console
from bot.desk.advice import advice
from bot.desk.bell import Bell
from bot.desk.emergency import Ears, EmergencyUnit
from bot.desk.handoff import hand_over, open_handoff
from bot.desk.handoff_words import named, waiting
from bot.desk.left import close_lapsed, tell
from bot.desk.next_course import offer_next_courses
from bot.desk.post import Post, PostRoom, send_due
from bot.desk.post import sweep as sweep_letters
from bot.desk.suggesting import question_raised
from bot.desk.turns import Turns
from bot.desk.waiting import go_round
from bot.desk.watch import look_after, needing
from bot.house import DATA, House, stationery
from bot.likeness import Likeness
from bot.links import links
from bot.settings import Settings
from bot.store.unit import Unit
from bot.tokens import Tokens
from bot.transcripts import file_of

logger = logging.getLogger(__name__)

_MAX_BODY_BYTES = 64 * 1024
_TIMEOUT_SECONDS = 60
# Far more than the widget in several tabs, which reads every 2.5 s without a stream.
_READ_BURST, _READS_PER_SECOND = 240, 10.0
# One browser opens six at most to one host.
_STREAMS = 8
_SWEEP_SECONDS = 600
_WATCH_SECONDS = 15
_POST_SECONDS = 5
_WAITLIST_SECONDS = 20
_MISSES_SECONDS = 60
_UPDATES_KEPT = timedelta(days=7)  # Telegram itself forgets them after one


def _sweep(house: House, bell: Bell, now: datetime) -> None:
    """Drop what nobody needs any more, and hand over what is alarming in it.

    It is the promise made before the questions.
    """
    with house.store.unit() as unit:
        unit.screenings.drop_expired(now)
        unit.bookings.sweep(now)
        unit.staff.sweep_logins(now)
        unit.passes.drop_expired(now)
        unit.updates.drop_before(now - _UPDATES_KEPT)
        unit.commit()
    with house.store.reading() as unit:
        lapsed = {one.conversation_id for one in unit.screenings.lapsed(now)}
    _in_each(house, bell, lapsed, partial(_close_lapsed, house, now=now))


def _close_lapsed(
    house: House, unit: Unit, conversation_id: str, now: datetime
) -> None:
    protocol = house.shelf.protocol
    unit.conversations.lock(conversation_id)
    for left in close_lapsed(unit, conversation_id, protocol, now):
        hand_over(unit, left, now)
        tell(unit, protocol, left, now)
    unit.commit()


def _watch(house: House, bell: Bell, now: datetime) -> None:
    """See to it that nobody who waits for a person is left in silence."""
    clinic, words = house.shelf.clinic, house.shelf.handoff_words
    with house.store.reading() as unit:
        found = list(needing(unit, clinic, now))
    _in_each(
        house,
        bell,
        found,
        lambda unit, conversation_id: look_after(
            unit, clinic, words, conversation_id, now
        ),
    )


def _in_each(
    house: House,
    bell: Bell,
    found: Collection[str],
    deed: Callable[[Unit, str], None],
) -> None:
    """Do something in each conversation, in a transaction of its own.

    Raises:
        RuntimeError: some could not be looked after; all others were.
    """
    failed = 0
    for conversation_id in found:
        try:
            with house.store.unit() as unit:
                deed(unit, conversation_id)
        except Exception:
            # The edge: one that fails must not keep the others waiting.
            logger.exception("not looked after (%s)", conversation_id)
            failed += 1
        else:
            bell.ring_from_thread(conversation_id)
    if failed:
        raise RuntimeError(f"{failed} of {len(found)} conversations not looked after")


def _sweep_letters(house: House, carrier: Smtp | Outbox, now: datetime) -> None:
    """Forget whom we wrote to long ago."""
    with house.store.unit() as unit:
        sweep_letters(unit, now)
        unit.commit()
    carrier.sweep(now)


def _offer(house: House, bell: Bell, now: datetime) -> None:
    """Offer freed times to who waits for them, and the next course after one."""
    store, clinic = house.store, house.shelf.clinic
    told = go_round(store.unit, store.reading, clinic, now)
    told += offer_next_courses(store.unit, store.reading, clinic, now)
    for conversation_id in told:
        bell.ring_from_thread(conversation_id)


def _raise_question(
    house: House, unit: EmergencyUnit, conversation_id: str, message: Message
) -> str | None:
    """Name the question that a message suggests."""
    protocol = house.shelf.protocol
    return question_raised(unit, conversation_id, message, protocol, utc_now())


def _call_person(house: House, unit: EmergencyUnit, conversation_id: str) -> Said:
    """Put a conversation into the staff's queue while the assistant is away."""
    now, clinic, words = utc_now(), house.shelf.clinic, house.shelf.handoff_words
    opened = open_handoff(unit, conversation_id, "asked_for_a_person", "routine", now)
    told = waiting(words, clinic, opened, now, staffed=unit.staff.anyone())
    return named(f"{words.asked_while_away} {told}")


def _add_telegram(
    app: Sanic, house: House, turns: Turns, bell: Bell, crossings: Crossings
) -> None:
    """Add the channel, if the clinic has a bot; its library is loaded only then."""
    if house.settings.telegram_token:
        from bot.channels.telegram.running import Telegram

        Telegram(house, turns, bell, crossings).add_to(app)


def _staff_room(settings: Settings) -> Post | None:
    """Return what carries alerts to the staff's Telegram chat, if there is one."""
    if not settings.staff_telegram_chat:
        return None
    from bot.channels.telegram.staff_room import StaffRoom

    return StaffRoom(
        settings.telegram_token,
        settings.telegram_api_url,
        settings.staff_telegram_chat,
    )


def build(house: House, assistant: RasaAssistant) -> Sanic:
    """Wire the desk's parts together and return the app, not yet running."""
    settings, shelf = house.settings, house.shelf
    bell = Bell()
    turns = Turns(
        unit=house.store.unit,
        reading=house.store.reading,
        assistant=assistant,
        bell=bell,
        ears=Ears(
            shelf.red_flags,
            shelf.protocol,
            advise=lambda key: advice(shelf.protocol, key),
        ),
        words=shelf.words,
        clock=utc_now,
        raise_question=partial(_raise_question, house),
        call_person=partial(_call_person, house),
        by_link=lambda row: travels_by_link(row, shelf.clinic.health_by_telegram),
    )
    paper = stationery(house)
    carrier = post(settings, paper)
    room = PostRoom(
        unit=house.store.unit,
        reading=house.store.reading,
        post=carrier,
        paper=paper,
        ring=bell.ring_from_thread,
        clock=utc_now,
        transcript=partial(file_of, house),
        room=_staff_room(settings),
    )
    likeness = Likeness(house.store)
    rounds = Rounds(
        [
            Round("sweep", _SWEEP_SECONDS, partial(_sweep, house, bell)),
            Round("watch", _WATCH_SECONDS, partial(_watch, house, bell)),
            Round("letters", _SWEEP_SECONDS, partial(_sweep_letters, house, carrier)),
            Round("misses", _MISSES_SECONDS, likeness.refresh),
            Round("waitlist", _WAITLIST_SECONDS, partial(_offer, house, bell)),
            Round("post", _POST_SECONDS, lambda _now: send_due(room)),
        ]
    )
    app = Sanic("meridian-desk", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _MAX_BODY_BYTES
    app.config.REQUEST_TIMEOUT = _TIMEOUT_SECONDS
    # A stream sends a heartbeat more often than that.
    app.config.RESPONSE_TIMEOUT = _TIMEOUT_SECONDS
    app.config.FALLBACK_ERROR_FORMAT = "json"
    answers.answer_errors(app)
    allow_origins(app, shelf.clinic.website.origins)
    way_in = chat.Chat(
        store=house.store,
        turns=turns,
        bell=bell,
        tokens=Tokens(settings.secret, settings.token_days),
        messages=Allowance(
            settings.message_burst, settings.messages_per_second, time.monotonic
        ),
        beginnings=Allowance(
            settings.conversation_burst,
            settings.conversations_per_second,
            time.monotonic,
        ),
        reads=Allowance(_READ_BURST, _READS_PER_SECOND, time.monotonic),
        streams=Places(_STREAMS),
        clinic=settings.clinic,
        protocol=shelf.protocol,
        forgotten=shelf.words.forgotten,
    )
    app.blueprint(chat.blueprint(way_in))
    app.blueprint(forgetting.blueprint(way_in))
    app.blueprint(told.blueprint(house))
    crossings = Crossings(house.store, settings.secret, settings.public_url)
    app.blueprint(
        next_free.blueprint(NextFree(house.store, shelf.clinic, utc_now), shelf.clinic)
    )
    app.blueprint(going_on.blueprint(crossings, way_in, shelf.clinic))
    app.blueprint(plain.blueprint(way_in, PlainPage(shelf.clinic), settings.token_days))
    app.blueprint(
        health.blueprint(house.store, assistant, settings.actions_url, rounds)
    )
    app.blueprint(
        site.blueprint(
            shelf.clinic,
            shelf.facts,
            DATA / "clinics" / settings.clinic,
            telegram=bool(settings.telegram_token),
        )
    )
    app.blueprint(
        visit.blueprint(VisitPages(house.store, paper, links(settings).tokens))
    )
    app.blueprint(course.blueprint(house.store, paper, links(settings).courses))
    app.blueprint(feeds.blueprint(house.store, shelf.clinic))
    app.blueprint(console.blueprint(house, bell, likeness))

    @app.signal("http.lifecycle.request")
    async def refuse_odd_bodies(request: Request) -> None:
        # This Sanic loops for ever on a body or a chunk of negative size.
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()):
            raise Refusal(400, "The length of the body is not a number.")
        if "transfer-encoding" in request.headers:
            raise Refusal(400, "Please send the body in one piece.")

    @app.after_server_start
    async def take_up(_app: Sanic, _loop: object) -> None:
        await turns.resume()
        # Files, templates and libraries stay for good: a collection that walks all of
        # them is 0.15 s of processor time in which nobody is answered.
        gc.collect()
        gc.freeze()

    @app.before_server_stop
    async def put_down(_app: Sanic, _loop: object) -> None:
        await rounds.stop()
        await turns.stop()
        await assistant.close()
        house.store.close()

    _add_telegram(app, house, turns, bell, crossings)

    @app.after_server_start
    async def go_round(_app: Sanic, _loop: object) -> None:
        # Last: all at once they fill the threads, and visitors wait for an answer.
        rounds.start()

    return app
