"""A visitor in front of the safety questions, with the screenings in memory."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from bot.clinic.screened import Screening
from bot.desk import screening as desk
from bot.desk.screening import Asked, Ended, Unclear
from tests.conftest import NOW
from tests.screening import CALM, protocol

ME = "conversation-1"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROTOCOL = protocol()


class Screenings:
    """Screenings in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, Screening] = {}

    def add(self, screening: Screening) -> None:
        assert screening.id not in self.rows
        self.rows[screening.id] = screening

    def replace(self, screening: Screening) -> None:
        assert screening.id in self.rows
        self.rows[screening.id] = screening

    def remove(self, screening_id: str) -> None:
        del self.rows[screening_id]

    def get(self, screening_id: str) -> Screening | None:
        return self.rows.get(screening_id)

    def of(self, conversation_id: str) -> list[Screening]:
        found = [
            one for one in self.rows.values() if one.conversation_id == conversation_id
        ]
        return sorted(found, key=lambda one: one.started_at, reverse=True)

    def erase(self, conversation_id: str) -> bool:
        for one in self.of(conversation_id):
            if one.locks:
                self.rows[one.id] = dataclasses.replace(one, answers={}, asked={})
            else:
                self.remove(one.id)
        return bool(self.of(conversation_id))


class Unit:
    """A unit of work whose commit does nothing."""

    def __init__(self) -> None:
        self.screenings = Screenings()

    def commit(self) -> None:
        """Nothing to keep."""


class Visitor:
    """Somebody who is screened by the desk."""

    def __init__(self, unit: Unit, now: datetime = NOW) -> None:
        self.unit, self.now = unit, now
        self.last: desk.Result = desk.start(unit, ME, "web", PROTOCOL, now)

    def say(self, *replies: str | list[str], **more: object):
        for reply in replies:
            self.now += timedelta(seconds=20)
            self.last = desk.answer(
                self.unit,
                ME,
                PROTOCOL,
                reply,
                self.now,
                **more,  # type: ignore[arg-type]
            )
        return self.last

    @property
    def screen_id(self) -> str:
        """The screen that waits."""
        assert isinstance(self.last, (Asked, Unclear))
        return self.last.screen.id

    @property
    def kept(self) -> Screening:
        """What is kept of the questions under way."""
        return self.unit.screenings.of(ME)[0]

    def at(self, screen_id: str) -> Visitor:
        """Answer without any alarm until a screen is reached."""
        while isinstance(self.last, Asked) and self.last.screen.id != screen_id:
            self.say(CALM[self.last.screen.id])
        return self

    def to_the_end(self) -> Ended:
        while isinstance(self.last, Asked):
            self.say(CALM[self.last.screen.id])
        assert isinstance(self.last, Ended)
        return self.last
