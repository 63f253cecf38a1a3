"""What a conversation is: what was said, who holds it, who is told by letter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.clinic.conversation import Choice, Conversation, Message, Said
from bot.clinic.handoff import Handoff
from bot.clinic.letters import Letter, State, Way
from bot.clinic.staff import Login, Staff


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


class StaffRecord(Protocol):
    """Staff and their logins."""

    def add(self, person: Staff) -> bool:
        """Store a new person; False where the name is taken."""

    def replace(self, person: Staff) -> None:
        """Store the new state of a person."""

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
