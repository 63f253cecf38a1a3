"""Takes a conversation out of the record, whole, and puts it on paper."""

from __future__ import annotations

import logging

from bot.clinic.errors import MeridianError, NotFound
from bot.clinic.letters import File, Letter
from bot.clinic.screening import SENSITIVE
from bot.clinic.transcript import Transcript
from bot.clock import utc_now
from bot.house import House
from bot.logs import told
from bot.store.unit import Unit

logger = logging.getLogger(__name__)

_NEWEST = 1 << 31


def whole(unit: Unit, conversation_id: str, until: int = _NEWEST) -> Transcript:
    """Return everything that was said in a conversation.

    Args:
        until: the number of the last message that is wanted.

    Raises:
        NotFound: there is no such conversation.
    """
    talk = unit.conversations.get(conversation_id)
    if talk is None:
        raise NotFound("There is no such conversation.")
    visits = unit.bookings.history_of(conversation_id)
    flags = {flag for one in unit.screenings.of(conversation_id) for flag in one.flags}
    handoff = unit.handoffs.latest_of(conversation_id)
    in_crisis = handoff is not None and handoff.reason == "crisis"
    before = min(until, talk.last_seq) + 1
    return Transcript(
        conversation_id=conversation_id,
        name=unit.queue.name_of(conversation_id),
        channel=talk.channel,
        begun_at=talk.created_at,
        lines=tuple(unit.transcripts.page(conversation_id, before, before)),
        restricted=in_crisis or bool(SENSITIVE & flags),
        visits=tuple(visits),
    )


def file_of(house: House, letter: Letter) -> File | None:
    """Make the file of a transcript that goes out by e-mail; None if it cannot be."""
    from fpdf.errors import FPDFException

    from bot.look.paper import pdf  # loads 20 MB that few desks ever need

    try:
        with house.store.reading() as unit:
            found = whole(unit, letter.conversation_id, letter.sequence)
        content = pdf(found, house.shelf.clinic, utc_now())
    except (MeridianError, OSError, FPDFException) as fault:
        logger.error("no transcript of %s: %s", letter.conversation_id, told(fault))  # noqa: TRY400
        return None
    return File("conversation.pdf", "application/pdf", content)
