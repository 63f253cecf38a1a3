"""What letters are written with in tests."""

from __future__ import annotations

from bot.clinic.profile import Clinic
from bot.content.letters import load
from bot.desk.letter_words import Stationery
from bot.settings import ROOT

WORDS = load(ROOT / "data" / "letters.yml")


class FakeLinks:
    """Readable addresses."""

    def visit(self, appointment_id: str) -> str:
        return f"https://x.example/v/{appointment_id}"

    def calendar(self, appointment_id: str) -> str:
        return f"https://x.example/v/{appointment_id}/visit.ics"

    def course(self, course_id: str) -> str:
        return f"https://x.example/courses/{course_id}/visits.ics"

    def chat(self) -> str:
        return "https://x.example/"

    def reminders(self, appointment_id: str) -> str:
        return f"https://x.example/v/{appointment_id}/reminders"

    def conversation(self, conversation_id: str) -> str:
        return f"https://x.example/c/{conversation_id}"


def stationery(clinic: Clinic, staff_email: str = "staff@example.org") -> Stationery:
    """Lay out paper for a clinic that charges late cancellations."""
    return Stationery(clinic, WORDS, "a fee of $40", staff_email, FakeLinks())
