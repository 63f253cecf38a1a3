"""Wishes for an appointment that staff answer, as rows."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy.engine import Connection

from bot.clinic.booking import AppointmentRequest
from bot.store.tables import appointment_requests


class Requests:
    """Reads and writes wishes inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_request(self, request: AppointmentRequest) -> None:
        """Store a wish for an appointment that staff will answer."""
        self._connection.execute(
            appointment_requests.insert().values(**asdict(request))
        )

    def request(self, request_id: str) -> AppointmentRequest | None:
        """Return one wish, or None."""
        row = self._connection.execute(
            appointment_requests.select().where(appointment_requests.c.id == request_id)
        ).one_or_none()
        return AppointmentRequest(**row._mapping) if row else None

    def reword_request(self, request_id: str, preferred: str) -> None:
        """Store other words for the times of a wish."""
        self._connection.execute(
            appointment_requests.update()
            .where(appointment_requests.c.id == request_id)
            .values(preferred=preferred)
        )

    def settle_request(self, request_id: str, state: str) -> None:
        """Move a wish on to done, declined or withdrawn."""
        self._connection.execute(
            appointment_requests.update()
            .where(appointment_requests.c.id == request_id)
            .values(state=state)
        )

    def new_requests_of(self, conversation_id: str) -> list[AppointmentRequest]:
        """Return the wishes of a conversation that wait for an answer, oldest first."""
        rows = self._connection.execute(
            appointment_requests.select()
            .where(
                appointment_requests.c.conversation_id == conversation_id,
                appointment_requests.c.state == "new",
            )
            .order_by(appointment_requests.c.created_at)
        )
        return [AppointmentRequest(**row._mapping) for row in rows]

    def requests(self, state: str = "new") -> list[AppointmentRequest]:
        """Return the wishes in a state, oldest first."""
        rows = self._connection.execute(
            appointment_requests.select()
            .where(appointment_requests.c.state == state)
            .order_by(appointment_requests.c.created_at)
        )
        return [AppointmentRequest(**row._mapping) for row in rows]
