"""Visits, hours, who waits, and practitioners' calendar feeds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Literal, Protocol

from bot.clinic.booking import Appointment, AppointmentRequest, Cell, CourseOfVisits
from bot.clinic.diary import Busy
from bot.clinic.hours import HoursException, UsualWeek
from bot.clinic.waiting import Waiting, WaitState
from bot.desk.ports.screening import Screenings
from bot.desk.ports.talk import Talk


class Bookings(Protocol):
    """The diary: appointments and the cells they claim."""

    def busy(
        self,
        resources: Collection[str],
        begin: datetime,
        end: datetime,
        now: datetime,
    ) -> Busy:
        """Return the taken cells of some resources; lapsed holds take nothing."""

    def claim(self, appointment: Appointment, wanted: Sequence[Cell]) -> bool:
        """Store a new appointment with its cells; False where one is taken."""

    def move(self, appointment: Appointment, wanted: Sequence[Cell]) -> bool:
        """Swap an appointment's time and cells; False where one is taken."""

    def replace(self, appointment: Appointment) -> None:
        """Store the new state of an appointment; its cells stay as they are."""

    def free(self, appointment_id: str) -> None:
        """Give back every cell of an appointment."""

    def remove(self, appointment_id: str) -> None:
        """Remove what was only held, cells and all."""

    def sweep(self, now: datetime) -> int:
        """Remove the holds that have lapsed; return how many."""

    def drop_holds(self, conversation_id: str) -> None:
        """Remove what a conversation holds, but not what the waitlist offers it."""

    def left_of(
        self, conversation_id: str
    ) -> tuple[Literal["appointment", "request"], ...]:
        """Say what stands in the diary for a conversation, past or ahead."""

    def get(self, appointment_id: str) -> Appointment | None:
        """Return one appointment, or None."""

    def of_conversation(self, conversation_id: str) -> list[Appointment]:
        """Return what a conversation holds or has booked, soonest first."""

    def between(self, earliest: datetime, latest: datetime) -> list[Appointment]:
        """Return what takes time between two instants, soonest first."""

    def of_people(
        self, practitioner_ids: Collection[str], earliest: datetime, latest: datetime
    ) -> list[Appointment]:
        """Return what takes the time of some people, soonest first, holds included."""

    def in_rooms(
        self, room_ids: Collection[str], earliest: datetime, latest: datetime
    ) -> list[Appointment]:
        """Return what takes some rooms, soonest first, holds included."""

    def of_practitioner(
        self, practitioner_id: str, earliest: datetime, latest: datetime
    ) -> list[Appointment]:
        """Return somebody's visits that begin between two instants, soonest first."""

    def pending(self, now: datetime) -> list[Appointment]:
        """Return the visits ahead that a practitioner must clear, soonest first."""

    def count_ahead(self, conversation_id: str, phone: str, now: datetime) -> int:
        """Count the visits ahead of one person, known by conversation or phone."""

    def add_request(self, request: AppointmentRequest) -> None:
        """Store a wish for an appointment that staff will answer."""

    def add_course(self, course: CourseOfVisits) -> None:
        """Store a course; its visits name it."""

    def course(self, course_id: str) -> CourseOfVisits | None:
        """Return one course, or None."""

    def of_course(self, course_id: str) -> list[Appointment]:
        """Return the visits of a course, in order, cancelled ones too."""

    def finished_courses(self, now: datetime, since: datetime) -> list[CourseOfVisits]:
        """Return the courses that ended meanwhile and have no next one offered."""

    def offered_next(self, course_id: str, now: datetime) -> None:
        """Note that the course after this one was offered."""

    def request(self, request_id: str) -> AppointmentRequest | None:
        """Return one wish, or None."""

    def reword_request(self, request_id: str, preferred: str) -> None:
        """Store other words for the times of a wish."""

    def settle_request(self, request_id: str, state: str) -> None:
        """Move a wish on to done, declined or withdrawn."""

    def new_requests_of(self, conversation_id: str) -> list[AppointmentRequest]:
        """Return the wishes of a conversation that wait for an answer, oldest first."""

    def requests(self, state: str = "new") -> list[AppointmentRequest]:
        """Return the wishes in a state, oldest first."""


class Waitlist(Protocol):
    """Who waits for a time to become free."""

    def add(self, waiting: Waiting) -> None:
        """Put somebody into the line."""

    def replace(self, waiting: Waiting) -> None:
        """Store the new state of somebody in the line."""

    def get(self, waiting_id: str) -> Waiting | None:
        """Return one entry, or None."""

    def in_state(self, *states: WaitState) -> list[Waiting]:
        """Return the entries in some states, who came first in front."""

    def forget(self, conversation_id: str) -> None:
        """Delete whatever a conversation ever waited for."""

    def of(self, conversation_id: str) -> list[Waiting]:
        """Return what a conversation waits for or is offered."""


class HoursChanges(Protocol):
    """What staff changed about the hours of single days, and about usual weeks."""

    def between(self, first: date, last: date) -> list[HoursException]:
        """Return the exceptions from one day to another, both included, in order."""

    def put(self, exception: HoursException) -> None:
        """Store an exception in place of the one for the same day, if any."""

    def remove(self, whose: str, day: date) -> None:
        """Let the usual hours stand again."""

    def weeks(self, practitioner_id: str | None = None) -> list[UsualWeek]:
        """Return the usual weeks of somebody, or of all, as they begin."""

    def put_week(self, week: UsualWeek) -> None:
        """Store a usual week in place of those of the same person from its day on."""


class Feeds(Protocol):
    """The keys of practitioners' calendar feeds."""

    def key_of(self, practitioner_id: str) -> str | None:
        """Return the key of a practitioner's feed, or None."""

    def whose(self, key: str) -> str:
        """Return the practitioner whose feed has this key, "" for nobody's."""

    def put(self, practitioner_id: str, key: str, now: datetime) -> None:
        """Give a practitioner's feed a key in place of the one it had."""


class Correspondence(Talk, Protocol):
    """A unit of work over letters and the visits that they are about."""

    @property
    def bookings(self) -> Bookings:
        """The diary."""


class FeedUnit(Protocol):
    """A unit of work over the feeds and the visits in them."""

    @property
    def feeds(self) -> Feeds:
        """The keys."""

    @property
    def bookings(self) -> Bookings:
        """The diary."""

    def commit(self) -> None:
        """Keep what was written; without it everything is rolled back."""


class Diary(Correspondence, Protocol):
    """A unit of work over the diary, its letters and the screenings that unlock it."""

    @property
    def hours(self) -> HoursChanges:
        """What staff changed about the hours of single days, and about usual weeks."""

    @property
    def screenings(self) -> Screenings:
        """The screenings."""

    def commit(self) -> None:
        """Keep what was written; without it everything is rolled back."""


class FrontDesk(Diary, Protocol):
    """A unit of work over the diary and the conversations of those who are in it."""

    @property
    def waitlist(self) -> Waitlist:
        """Who waits for a time to become free."""
