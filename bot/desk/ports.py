"""What the desk's deeds need from outside: the record, and an assistant to ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol

from bot.clinic.audit import Entry
from bot.clinic.booking import (
    Appointment,
    AppointmentRequest,
    Cell,
    CourseOfVisits,
)
from bot.clinic.conversation import Choice, Conversation, Message, Said
from bot.clinic.delivery import Address
from bot.clinic.diary import Busy
from bot.clinic.handoff import Handoff
from bot.clinic.hours import HoursException, UsualWeek
from bot.clinic.insights import Funnel, Wait
from bot.clinic.letters import Letter, State, Way
from bot.clinic.misses import Miss
from bot.clinic.note import Note
from bot.clinic.screened import Screening
from bot.clinic.search import Find, Wanted
from bot.clinic.staff import Login, Staff
from bot.clinic.waiting import Waiting, WaitState


class Conversations(Protocol):
    """The conversation record."""

    def add(self, conversation: Conversation) -> None:
        """Begin a conversation."""

    def get(self, conversation_id: str) -> Conversation | None:
        """Return one conversation, or None."""

    def lock(self, conversation_id: str) -> bool:
        """Make other writers of this conversation wait until this unit is over.

        Returns:
            False when there is no such conversation.
        """

    def seq_of(self, conversation_id: str, client_id: str) -> int | None:
        """Return the number of the message stored under a client id."""

    def hear(
        self,
        conversation_id: str,
        text: str,
        payload: str | None,
        client_id: str,
        at: datetime,
        channel: str | None = None,
        unseen: bool = False,
    ) -> int:
        """Append what the visitor said, in state `new`; return its number.

        Args:
            channel: where it was written, if not on the clinic's own page.
            unseen: it was not meant for the newest question.
        """

    def say(
        self,
        conversation_id: str,
        said: Said,
        at: datetime,
        client_id: str | None = None,
    ) -> int:
        """Append something said to the visitor; return its number.

        Args:
            client_id: of whoever says it, unique within the conversation.
        """

    def choices(
        self, conversation_id: str, ids: Sequence[str]
    ) -> dict[str, tuple[int, Choice]]:
        """Return the buttons of this conversation among the ids, with their message."""

    def after(self, conversation_id: str, seq: int, limit: int = 500) -> list[Message]:
        """Return the messages after a number, oldest first."""

    def before(self, conversation_id: str, seq: int, limit: int) -> list[Message]:
        """Return the last messages before a number, newest first."""

    def in_state(self, conversation_id: str, state: str) -> list[Message]:
        """Return the visitor's messages in a state, oldest first."""

    def set_state(self, conversation_id: str, seq: int, state: str) -> None:
        """Move one of the visitor's messages on."""

    def unanswered(self) -> list[str]:
        """Return the conversations in which something is still new or queued."""

    def renew(self, conversation_id: str) -> None:
        """Let the assistant begin anew; what is queued for it stays."""

    def forget(self, conversation_id: str) -> None:
        """Let the assistant begin anew; drop what is queued for it."""

    def erase(self, conversation_id: str) -> None:
        """Delete every message and button of a conversation for good."""

    def shut(self, conversation_id: str, at: datetime) -> None:
        """Let its visitor in no more."""

    def open_to_visitor(self, conversation_id: str) -> bool:
        """Say whether there is such a conversation and its visitor may come in."""


class Handoffs(Protocol):
    """The handoffs to staff."""

    def add(self, handoff: Handoff) -> None:
        """Store a new handoff."""

    def replace(self, handoff: Handoff) -> None:
        """Store the new state of a handoff."""

    def open_of(self, conversation_id: str) -> Handoff | None:
        """Return the handoff of a conversation that is waiting or held."""

    def all_open(self) -> list[Handoff]:
        """Return what waits for staff or is held, most pressing first."""

    def latest_of(self, conversation_id: str) -> Handoff | None:
        """Return the newest handoff of a conversation, also when it is over."""

    def unread(self) -> dict[str, int]:
        """Count, for each open handoff, what the visitor wrote and nobody has seen."""

    def seen(self, conversation_id: str, seq: int) -> None:
        """Note that staff have had everything up to a message on the screen."""

    def here(self, name: str, now: datetime) -> None:
        """Note a sign of life of somebody, in all that they hold."""

    def unanswered_since(self, conversation_id: str) -> datetime | None:
        """Return when the visitor wrote what no member of staff has replied to."""

    def unanswered_by_assistant(self, before: datetime) -> list[str]:
        """Return the conversations that staff do not know of and the assistant left."""


class Notes(Protocol):
    """The notes of staff for each other."""

    def add(self, note: Note) -> None:
        """Store a new note."""

    def of(self, conversation_id: str) -> list[Note]:
        """Return the notes about a conversation, oldest first."""

    def erase(self, conversation_id: str) -> None:
        """Delete the notes about a conversation for good."""


class Audit(Protocol):
    """Who read or did what."""

    def add(self, entry: Entry) -> None:
        """Add one entry."""


class StaffRecord(Protocol):
    """Staff and their logins."""

    def add(self, person: Staff) -> bool:
        """Store a new person; False where the name is taken."""

    def replace(self, person: Staff) -> None:
        """Store the new state of a person."""

    def get(self, staff_id: str) -> Staff | None:
        """Return one person, or None."""

    def named(self, name: str) -> Staff | None:
        """Return the person of a name, or None; other writers of it wait."""

    def anyone(self) -> bool:
        """Say whether somebody can log in at all."""

    def begin_login(self, login: Login) -> None:
        """Store a new login."""

    def login(self, key: str) -> tuple[Login, Staff] | None:
        """Return a login and its person, or None."""

    def someone_since(self, moment: datetime, conversation_id: str) -> bool:
        """Say whether somebody who may see a conversation has done something since."""

    def touch(self, key: str, at: datetime) -> None:
        """Note that somebody did something in a login; what is older says nothing."""

    def end_login(self, key: str) -> None:
        """Forget one login."""

    def end_logins(self, staff_id: str) -> int:
        """Forget every login of one person; return how many."""


class Letters(Protocol):
    """What visitors and staff are to be told."""

    def add(self, letter: Letter) -> None:
        """Write a letter; the same about the same visit is written once."""

    def any_due(self, now: datetime) -> bool:
        """Tell whether there is anything to send."""

    def take(self, now: datetime, until: datetime) -> Letter | None:
        """Claim the next letter that is due, alerts to staff first."""

    def end(self, letter_id: str, state: State, reason: str, at: datetime) -> None:
        """Note that a letter is done with."""

    def put_off(self, letter_id: str, due_at: datetime, reason: str) -> None:
        """Let a letter that still waits be sent at another time."""

    def withdraw(self, appointment_id: str, at: datetime) -> None:
        """Take back whatever still waits about a visit."""

    def waiting_alert(self, conversation_id: str, way: Way) -> Letter | None:
        """Return the alert about a conversation that nobody has begun to send."""

    def of_conversation(self, conversation_id: str) -> list[Letter]:
        """Return a conversation's letters, in the order in which they are due."""

    def set_detail(self, letter_id: str, detail: str) -> None:
        """Change what a letter says besides its kind."""

    def troubled(self, limit: int) -> list[Letter]:
        """Return what failed, or waits for another try; the newest first."""

    def drop_ended(self, before: datetime) -> int:
        """Forget the letters that ended before an instant; return how many."""

    def silence(self, addresses: Collection[str], at: datetime) -> None:
        """Note that nobody wants reminders at these addresses."""

    def unsilence(self, addresses: Collection[str]) -> None:
        """Let reminders go to these addresses again."""

    def silenced(self, addresses: Collection[str]) -> bool:
        """Tell whether reminders are unwanted at any of these addresses."""


class Addresses(Protocol):
    """Where channels find visitors, and how far their messages got."""

    def get(self, channel: str, address: str) -> Address | None:
        """Return one address, or None."""

    def locked(self, channel: str, address: str) -> Address | None:
        """Return one address, to be changed by nobody else until this unit is over."""

    def of(self, conversation_id: str) -> list[Address]:
        """Return the addresses of a conversation, one a channel at most."""

    def waiting(self, channel: str, now: datetime) -> list[Address]:
        """Return the open ones with messages to settle now."""

    def add(self, address: Address) -> bool:
        """Store a new address; False where it, or the conversation, has one."""

    def replace(self, address: Address) -> None:
        """Store the new state of an address; who is sending to it goes on."""

    def let_go(self, address: Address) -> None:
        """Store the new state of an address, for whoever sends to it next."""

    def remove(self, channel: str, conversation_id: str) -> None:
        """Forget the address of a conversation."""

    def claim(
        self, channel: str, address: str, by: str, until: datetime, now: datetime
    ) -> Address | None:
        """Take an address to oneself for a while; None while another desk has it."""


class Updates(Protocol):
    """What a channel was sent, until it is handled."""

    def add(
        self,
        channel: str,
        number: int,
        address: str,
        body: Mapping[str, Any],
        at: datetime,
    ) -> bool:
        """Store an update; False where it is known already."""

    def next(self, channel: str, address: str) -> tuple[int, Mapping[str, Any]] | None:
        """Return the lowest update of an address that is not handled, or None."""

    def unhandled(self, channel: str) -> list[tuple[int, str]]:
        """Return number and address of all that are not handled, lowest first."""

    def newest(self, channel: str) -> int | None:
        """Return the highest number of all, or None."""

    def take(self, channel: str, number: int) -> bool:
        """Mark an update as handled and forget its words; False where it was."""

    def drop_before(self, at: datetime) -> None:
        """Forget the handled ones from before an instant."""

    def forget_address(self, channel: str, address: str) -> None:
        """Forget whose the handled ones were; their numbers stay, against repeats."""


class Passes(Protocol):
    """Links that let a visitor go on elsewhere, once."""

    def add(
        self, pass_id: str, conversation_id: str, leads_to: str, expires_at: datetime
    ) -> None:
        """Store a new pass."""

    def use(self, pass_id: str, leads_to: str, now: datetime) -> str | None:
        """Use a pass up; return its conversation, None where it opens nothing."""

    def drop_expired(self, now: datetime) -> None:
        """Forget the passes that are too old."""

    def drop_of(self, conversation_id: str) -> None:
        """Forget the passes into a conversation."""


class Talk(Protocol):
    """A unit of work over a conversation, its handoff and its letters."""

    @property
    def conversations(self) -> Conversations:
        """The conversation record."""

    @property
    def handoffs(self) -> Handoffs:
        """The handoffs to staff."""

    @property
    def staff(self) -> StaffRecord:
        """Staff and their logins."""

    @property
    def letters(self) -> Letters:
        """What visitors and staff are to be told."""

    def commit(self) -> None:
        """Keep what was written; without it everything is rolled back."""


class ChannelUnit(Talk, Protocol):
    """A unit of work over a conversation and the channels that it is held on."""

    @property
    def addresses(self) -> Addresses:
        """Where channels find visitors."""

    @property
    def updates(self) -> Updates:
        """What a channel was sent."""

    @property
    def passes(self) -> Passes:
        """Links that let a visitor go on elsewhere."""


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

    def settle_request(self, request_id: str, state: str) -> None:
        """Move a wish on to done or declined."""

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


class Screenings(Protocol):
    """The screenings."""

    def add(self, screening: Screening) -> None:
        """Store a new screening."""

    def replace(self, screening: Screening) -> None:
        """Store the new state of a screening."""

    def remove(self, screening_id: str) -> None:
        """Forget a screening altogether."""

    def erase(self, conversation_id: str) -> bool:
        """Remove a conversation's screenings, all but those that a visit rests on.

        Returns:
            Whether a lock that staff have not released stays, without its answers.
        """

    def get(self, screening_id: str) -> Screening | None:
        """Return one screening, or None."""

    def of(self, conversation_id: str) -> list[Screening]:
        """Return the screenings of a conversation, newest first."""

    def lapsed(self, now: datetime) -> list[Screening]:
        """Return those left unfinished for longer than they can be resumed."""

    def drop_expired(self, now: datetime) -> int:
        """Remove ended screenings past their time; return how many.

        Those that a visit rests on stay; a lock that staff have not released stays
        without its answers.
        """


class ScreeningUnit(Protocol):
    """A unit of work over the screenings."""

    @property
    def screenings(self) -> Screenings:
        """The screenings."""

    def commit(self) -> None:
        """Keep what was written; without it everything is rolled back."""


class Correspondence(Talk, Protocol):
    """A unit of work over letters and the visits that they are about."""

    @property
    def bookings(self) -> Bookings:
        """The diary."""


class Feeds(Protocol):
    """The keys of practitioners' calendar feeds."""

    def key_of(self, practitioner_id: str) -> str | None:
        """Return the key of a practitioner's feed, or None."""

    def whose(self, key: str) -> str:
        """Return the practitioner whose feed has this key, "" for nobody's."""

    def put(self, practitioner_id: str, key: str, now: datetime) -> None:
        """Give a practitioner's feed a key in place of the one it had."""


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


class Misses(Protocol):
    """What visitors asked and nobody answered."""

    def add(
        self, conversation_id: str, seq: int, ranking: Sequence[tuple[str, float]]
    ) -> None:
        """Note a visitor's message as missed, once; pass over one that is not there."""

    def before(self, conversation_id: str, seq: int) -> bool:
        """Say whether the visitor's last message before a number was missed."""

    def open(self, limit: int) -> list[Miss]:
        """Return what nobody has dealt with, newest first, with the next step."""

    def get(self, conversation_id: str, seq: int) -> Miss | None:
        """Return one that nobody has dealt with, or None."""

    def handle(self, conversation_id: str, seq: int, name: str, at: datetime) -> bool:
        """Take a miss off the list; False where none waits."""


class MissUnit(Talk, Protocol):
    """A unit of work over a conversation, its handoff and its misses."""

    @property
    def misses(self) -> Misses:
        """What nobody answered."""


class FrontDesk(Diary, Protocol):
    """A unit of work over the diary and the conversations of those who are in it."""

    @property
    def waitlist(self) -> Waitlist:
        """Who waits for a time to become free."""


class WholeRecord(FrontDesk, Protocol):
    """A unit of work over everything that is kept about one visitor."""

    @property
    def notes(self) -> Notes:
        """What staff noted for each other."""

    @property
    def audit(self) -> Audit:
        """Who did what."""

    @property
    def addresses(self) -> Addresses:
        """Where channels find visitors."""

    @property
    def updates(self) -> Updates:
        """What a channel was sent."""

    @property
    def passes(self) -> Passes:
        """Links that let a visitor go on elsewhere."""


class StaffUnit(Protocol):
    """A unit of work over staff, their logins and what they did."""

    @property
    def staff(self) -> StaffRecord:
        """Staff and their logins."""

    @property
    def audit(self) -> Audit:
        """Who read or did what."""

    def commit(self) -> None:
        """Keep what was written; without it everything is rolled back."""


class Search(Protocol):
    """Looks through what was said and who has visits."""

    def patients(self, wanted: Wanted, limit: int) -> list[Find]:
        """Return the last message of each conversation whose patient fits."""

    def messages(self, wanted: Wanted, limit: int) -> list[Find]:
        """Return the newest message that fits from each conversation."""


class SearchUnit(Protocol):
    """A unit of work that can be searched."""

    @property
    def search(self) -> Search:
        """Looks through the record."""


class InsightCounts(Protocol):
    """Counts what happened between two instants, the later one not included."""

    def funnel(self, since: datetime, until: datetime) -> Funnel:
        """Count how far the conversations came that began then."""

    def waits(self, since: datetime, until: datetime) -> list[Wait]:
        """Return the handoffs opened then."""

    def topics(
        self, since: datetime, until: datetime, limit: int
    ) -> list[tuple[str, int]]:
        """Count the written answers given in conversations that began then."""


class InsightUnit(Protocol):
    """A unit of work that can be summed up."""

    @property
    def insights(self) -> InsightCounts:
        """Counts."""
