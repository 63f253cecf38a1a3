"""Signed addresses: whoever has one may see and change the one visit behind it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import Settings
from bot.tokens import Tokens

_DAYS = 365
"""Longer than a visit is booked ahead; after the visit its page changes nothing."""


@dataclass(frozen=True)
class Links:
    """Makes addresses and reads them back.

    Args:
        base: scheme and host, without a slash at its end.
        tokens: for the pages of single visits.
        courses: for the calendar files of whole courses, which open nothing else.
    """

    base: str
    tokens: Tokens
    courses: Tokens

    def visit(self, appointment_id: str) -> str:
        """Return the address of a visit's page."""
        return f"{self.base}/visits/{self.tokens.issue(appointment_id)}"

    def calendar(self, appointment_id: str) -> str:
        """Return the address of a visit's calendar file."""
        return f"{self.visit(appointment_id)}/visit.ics"

    def course(self, course_id: str) -> str:
        """Return the address of the calendar file of a whole course."""
        return f"{self.base}/courses/{self.courses.issue(course_id)}/visits.ics"

    def chat(self) -> str:
        """Return the address of the page with the chat."""
        return f"{self.base}/"

    def reminders(self, appointment_id: str) -> str:
        """Return the address where reminders are ended."""
        return f"{self.visit(appointment_id)}/reminders"

    def feed(self, key: str) -> str:
        """Return the address of a practitioner's feed."""
        return f"{self.base}/feeds/{key}.ics"

    def conversation(self, conversation_id: str) -> str:
        """Return the address at which staff open a conversation, logged in."""
        return f"{self.base}/staff/conversations/{conversation_id}"


def links(settings: Settings) -> Links:
    """Return what makes this clinic's addresses."""
    return Links(
        settings.public_url,
        Tokens(settings.secret, _DAYS, purpose="visit"),
        Tokens(settings.secret, _DAYS, purpose="course"),
    )
