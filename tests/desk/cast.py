"""Visitors in front of a diary: with a conversation and, if asked, a screening."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.clinic.booking import Appointment, Opening, Patient
from bot.clinic.conversation import Conversation
from bot.clinic.profile import Clinic
from bot.clinic.screened import Screening
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.desk import booking
from bot.desk.booking import Booked, Held, OpeningTaken, Refused
from bot.desk.openings import offer
from bot.store.tables import cells
from bot.store.unit import Store

BO = Patient("Bo Ray", "+17805550142", "bo@example.org")
ANN = Patient("Ann Li", "+17805550143")


class Cast:
    """Makes visitors, and does in the diary what they ask for."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now

    def visitor(self, disposition: Disposition | None = Disposition.OK_TO_BOOK) -> str:
        conversation_id = str(uuid.uuid4())
        with self.store.unit() as unit:
            unit.conversations.add(
                Conversation(conversation_id, "web", "test", self.now, 0, 0)
            )
            if disposition:
                unit.screenings.add(self.screening(conversation_id, disposition))
            unit.commit()
        return conversation_id

    def screening(self, conversation_id: str, disposition: Disposition) -> Screening:
        return Screening(
            id=str(uuid.uuid4()),
            conversation_id=conversation_id,
            status="completed",
            channel="web",
            rules_version="1",
            questions_version="1",
            started_at=self.now - timedelta(minutes=5),
            expires_at=self.now + timedelta(days=30),
            disposition=disposition,
            ended_at=self.now,
        )

    def cells(self) -> int:
        with self.store.engine.connect() as connection:
            count: int = connection.execute(
                sa.select(sa.func.count()).select_from(cells)
            ).scalar_one()
        return count

    def offers(self, here: Clinic, wish: Wish | None = None) -> list[Opening]:
        with self.store.unit() as unit:
            return offer(unit, here, wish or Wish(), self.now)

    def book(
        self,
        here: Clinic,
        visitor: str,
        opening: Opening,
        patient: Patient = BO,
        now: datetime | None = None,
    ) -> Booked | OpeningTaken | Refused:
        with self.store.unit() as unit:
            return booking.book(unit, here, visitor, opening, patient, now or self.now)

    def hold(
        self, here: Clinic, visitor: str, opening: Opening, now: datetime | None = None
    ) -> Held | OpeningTaken | Refused:
        with self.store.unit() as unit:
            return booking.hold(unit, here, visitor, opening, now or self.now)

    def booked(
        self,
        here: Clinic,
        disposition: Disposition = Disposition.OK_TO_BOOK,
        opening: Opening | None = None,
        patient: Patient = BO,
    ) -> Appointment:
        """Let a new visitor book the first opening, or this one."""
        visitor = self.visitor(disposition)
        done = self.book(here, visitor, opening or self.offers(here)[0], patient)
        assert isinstance(done, Booked)
        return done.appointment
