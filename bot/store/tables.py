"""Every table of the record. Instants are aware UTC; ids are UUID text."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

from bot.clinic.booking import CELL

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC instant; SQLite would drop the zone without a word."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Any
    ) -> datetime | None:
        """Refuse a naive instant and turn any zone into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(timezone.utc)

    def process_result_value(
        self, value: datetime | None, dialect: Any
    ) -> datetime | None:
        """Give the instant back aware, in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc)


class CellStart(sa.types.TypeDecorator[datetime]):
    """The UTC start of five minutes, kept as their number since 1970.

    Whole numbers are small, and the database can put many of them into one.
    """

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Number a cell; what is not the start of one is refused."""
        if value is None:
            return None
        number, rest = divmod(value - _EPOCH, CELL)
        if rest:
            raise ValueError("a cell begins on full five minutes")
        return number

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """Give the start back aware, in UTC."""
        return None if value is None else _EPOCH + value * CELL


conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("clinic", sa.String(80), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False, default=0),
    # A new Rasa sender id per epoch: raising it forgets any half-filled form.
    sa.Column("epoch", sa.Integer, nullable=False, default=0),
    # The last message before the epoch began.
    sa.Column("epoch_seq", sa.Integer, nullable=False, default=0),
    # When the visitor had it deleted: from then on the key to it opens nothing.
    sa.Column("forgotten_at", UtcDateTime),
    # What the visitor's browser or app is set to, "hi-IN".
    sa.Column("language", sa.String(35), nullable=False, server_default=""),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("author", sa.String(10), nullable=False),
    sa.Column("name", sa.String(120)),
    sa.Column("text", sa.Text, nullable=False),
    # What the reader sees besides the text: buttons, checklist, card, sources.
    sa.Column("extras", sa.JSON, nullable=False, default=dict),
    sa.Column("answer_version", sa.String(64)),
    sa.Column("client_id", sa.String(64)),
    # What the assistant is given for a pressed button; None for typed text.
    sa.Column("payload", sa.Text),
    # Where the visitor wrote it; None is the clinic's own page.
    sa.Column("channel", sa.String(20)),
    # The visitor's message is: new, queued (checked, for the assistant), done.
    sa.Column("state", sa.String(10), nullable=False, default="done"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("conversation_id", "client_id"),
    sa.Index("ix_messages_state", "state"),
)

buttons = sa.Table(
    "buttons",
    metadata,
    sa.Column("id", sa.String(24), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Index("ix_buttons_conversation_id_seq", "conversation_id", "seq"),
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("priority", sa.String(10), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("detail", sa.Text),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("waiting_since", UtcDateTime, nullable=False),
    sa.Column("held_by", sa.String(120)),
    sa.Column("held_at", UtcDateTime),
    sa.Column("here_at", UtcDateTime),
    sa.Column("acted_at", UtcDateTime),
    sa.Column("seen_seq", sa.Integer, nullable=False, default=0),
    sa.Column("reminded_at", UtcDateTime),
    sa.Column("missed_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Index("ix_handoffs_state", "state"),
    # Two processes that open one at once must not both succeed.
    sa.Index(
        "ix_handoffs_open",
        "conversation_id",
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'held')"),
        postgresql_where=sa.text("state IN ('waiting', 'held')"),
    ),
)

# Notes of staff for each other; no visitor ever reads them.
notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("ix_notes_conversation_id_at", "conversation_id", "at"),
)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    # The name as it is compared: two logins never differ by case or spaces alone.
    sa.Column("name_key", sa.String(80), nullable=False, unique=True),
    # staff, practitioner, admin
    sa.Column("role", sa.String(12), nullable=False),
    # For a practitioner: the id in the clinic's profile.
    sa.Column("practitioner_id", sa.String(80)),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("totp_secret", sa.String(64)),
    # The last time step of a code that was taken; none is taken twice.
    sa.Column("totp_step", sa.Integer, nullable=False, default=0),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("disabled_at", UtcDateTime),
)

logins = sa.Table(
    "logins",
    metadata,
    # The hash of what the browser keeps: a copy of the record opens no door.
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("staff_id", sa.ForeignKey("staff.id"), nullable=False),
    sa.Column("begun_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Index("ix_logins_staff_id", "staff_id"),
)

# Who read or did what; rows are only ever added.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("deed", sa.String(40), nullable=False),
    sa.Column("conversation_id", sa.String(36)),
    # Numbers and ids that say more exactly what; never words of a visitor.
    sa.Column("about", sa.Text, nullable=False, default=""),
    sa.Index("ix_audit_conversation_id_at", "conversation_id", "at"),
    sa.Index("ix_audit_at", "at"),
)

appointments = sa.Table(
    "appointments",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("practitioner_id", sa.String(80), nullable=False),
    sa.Column("room_id", sa.String(80)),
    sa.Column("treatment_id", sa.String(80), nullable=False),
    sa.Column("place_id", sa.String(80), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    # held, pending, booked, cancelled, fulfilled, noshow
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("held_until", UtcDateTime),
    sa.Column("patient_name", sa.String(120), nullable=False, default=""),
    sa.Column("patient_phone", sa.String(20), nullable=False, default=""),
    sa.Column("patient_email", sa.String(254), nullable=False, default=""),
    sa.Column("screening_id", sa.String(36)),
    sa.Column("cancelled_at", UtcDateTime),
    sa.Column("cancelled_by", sa.String(120)),
    # Who at the clinic cleared or declined a pending visit, or booked it by hand.
    sa.Column("decided_by", sa.String(120)),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("course_id", sa.String(36)),
    sa.Column("course_number", sa.Integer),
    # Raised by every change, for the calendars that follow the appointment.
    sa.Column("sequence", sa.Integer, nullable=False, default=0),
    sa.Index(
        "ix_appointments_conversation_id_practitioner_id",
        "conversation_id",
        "practitioner_id",
    ),
    sa.Index("ix_appointments_patient_phone", "patient_phone"),
    sa.Index("ix_appointments_course_id", "course_id"),
    sa.Index("ix_appointments_status_held_until", "status", "held_until"),
    sa.Index(
        "ix_appointments_practitioner_id_starts_at", "practitioner_id", "starts_at"
    ),
)

# Five minutes of a practitioner or a room. The primary key is what makes two visits
# at one time impossible; nothing else needs to check it.
cells = sa.Table(
    "cells",
    metadata,
    sa.Column("resource", sa.String(100), primary_key=True),
    sa.Column("starts_at", CellStart, primary_key=True),
    sa.Column("appointment_id", sa.ForeignKey("appointments.id"), nullable=False),
    sa.Index("ix_cells_appointment_id", "appointment_id"),
    # The key is the table: a search reads a person's day in one go.
    sqlite_with_rowid=False,
)

# Visits that were booked together; the next such course is offered once.
courses = sa.Table(
    "courses",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("visits", sa.Integer, nullable=False),
    sa.Column("weeks", sa.Integer, nullable=False),
    sa.Column("per", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("offered_at", UtcDateTime),
    sa.Index("ix_courses_conversation_id", "conversation_id"),
    sa.Index("ix_courses_offered_at", "offered_at"),
)

# Who would come if a time became free.
waitlist = sa.Table(
    "waitlist",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("wish", sa.JSON, nullable=False),
    sa.Column("patient_name", sa.String(120), nullable=False),
    sa.Column("patient_phone", sa.String(20), nullable=False),
    sa.Column("patient_email", sa.String(254), nullable=False, default=""),
    # Their place in the line.
    sa.Column("queued_at", UtcDateTime, nullable=False),
    # waiting, offered, taken, over
    sa.Column("state", sa.String(10), nullable=False),
    # What is held for them; no reference, since a hold goes when it lapses.
    sa.Column("appointment_id", sa.String(36)),
    sa.Column("offered_until", UtcDateTime),
    sa.Column("passed", sa.JSON, nullable=False),
    sa.Index("ix_waitlist_conversation_id", "conversation_id"),
    sa.Index("ix_waitlist_state_queued_at", "state", "queued_at"),
)

# What staff changed about the hours of one day; the usual hours stand in the clinic's
# files. `whose` is `practitioner:mara` or `place:main`.
hours_exceptions = sa.Table(
    "hours_exceptions",
    metadata,
    sa.Column("whose", sa.String(100), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    # Place to its stretches, [["09:00", "12:00"], ...]; empty: away, or closed.
    sa.Column("hours", sa.JSON, nullable=False),
    sa.Column("made_by", sa.String(120), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Index("ix_hours_exceptions_day", "day"),
)

# Somebody's usual hours from a day on, in place of those in the clinic's files.
usual_weeks = sa.Table(
    "usual_weeks",
    metadata,
    sa.Column("practitioner_id", sa.String(80), primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    # Place to weekday ("0" is Monday) to its stretches; NULL: as in the files again.
    sa.Column("hours", sa.JSON(none_as_null=True)),
    sa.Column("made_by", sa.String(120), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
)

appointment_requests = sa.Table(
    "appointment_requests",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("preferred", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("patient_name", sa.String(120), nullable=False),
    sa.Column("patient_phone", sa.String(20), nullable=False),
    sa.Column("patient_email", sa.String(254), nullable=False, default=""),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # new, done, declined, withdrawn
    sa.Column("state", sa.String(10), nullable=False, default="new"),
    sa.Index("ix_appointment_requests_state", "state"),
    sa.Index("ix_appointment_requests_conversation_id", "conversation_id"),
)

screenings = sa.Table(
    "screenings",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    # in-progress, completed, stopped
    sa.Column("status", sa.String(11), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("answers", sa.JSON, nullable=False, default=dict),
    sa.Column("asked", sa.JSON, nullable=False, default=dict),
    sa.Column("disposition", sa.String(20)),
    sa.Column("flags", sa.JSON, nullable=False, default=list),
    sa.Column("rules", sa.JSON, nullable=False, default=list),
    sa.Column("messages", sa.JSON, nullable=False, default=list),
    sa.Column("rules_version", sa.String(20), nullable=False),
    sa.Column("questions_version", sa.String(20), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    # While in progress: until when it can be resumed; then: until when it counts.
    sa.Column("expires_at", UtcDateTime, nullable=False),
    # The visitor's message that was taken last: one that comes twice counts once.
    sa.Column("heard_seq", sa.Integer, nullable=False, default=0),
    sa.Column("released_by", sa.String(120)),
    sa.Column("released_at", UtcDateTime),
    sa.Column("release_reason", sa.Text),
    sa.Index("ix_screenings_conversation_id", "conversation_id"),
    sa.Index("ix_screenings_status_expires_at", "status", "expires_at"),
)

# What a visitor asked and nobody answered; the words themselves are the message's.
misses = sa.Table(
    "misses",
    metadata,
    sa.Column("conversation_id", sa.String(36), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    # [[label, probability], ...], likeliest first.
    sa.Column("ranking", sa.JSON, nullable=False),
    sa.Column("handled_by", sa.String(120)),
    sa.Column("handled_at", UtcDateTime),
    sa.ForeignKeyConstraint(
        ["conversation_id", "seq"],
        ["messages.conversation_id", "messages.seq"],
        # Rubbed out with the words.
        ondelete="CASCADE",
    ),
    sa.Index("ix_misses_handled_at", "handled_at"),
)

# What somebody is to be told: the words and the address are put in when it is sent.
letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    # confirmation, held, change, cancellation, reminder, last_reminder, follow_up,
    # course, course_held, course_off, alert, transcript
    sa.Column("kind", sa.String(14), nullable=False),
    # mail, chat, room
    sa.Column("way", sa.String(4), nullable=False),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("appointment_id", sa.ForeignKey("appointments.id", ondelete="CASCADE")),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("written_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("detail", sa.String(20), nullable=False, default=""),
    # waiting, sent, filed, withdrawn, failed
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("reason", sa.String(40), nullable=False, default=""),
    # Whoever is sending it now; after that instant, nobody.
    sa.Column("claimed_until", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    # One thing about a visit is told once each way. (An alert has no visit.)
    sa.UniqueConstraint("appointment_id", "sequence", "kind", "way"),
    sa.Index("ix_letters_state_due_at", "state", "due_at"),
    sa.Index("ix_letters_conversation_id", "conversation_id"),
)

# Who wants no reminders: an e-mail address in small letters, or a conversation.
unreminded = sa.Table(
    "unreminded",
    metadata,
    sa.Column("address", sa.String(254), primary_key=True),
    sa.Column("since", UtcDateTime, nullable=False),
)

# The address of each practitioner's calendar feed holds its key.
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("practitioner_id", sa.String(80), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("made_at", UtcDateTime, nullable=False),
)

# Where a channel such as Telegram finds a visitor, and how far its messages got.
addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("address", sa.String(80), primary_key=True),
    sa.Column(
        "conversation_id",
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    # The last message that is settled, and how many parts of the next one went out.
    sa.Column("delivered_seq", sa.Integer, nullable=False, default=0),
    sa.Column("delivered_parts", sa.Integer, nullable=False, default=0),
    # Later messages that went out before their turn, and any that were refused.
    sa.Column("apart", sa.JSON, nullable=False, default=dict),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("due_at", UtcDateTime),
    # open, or blocked: the visitor, or the channel, wants nothing more from us
    sa.Column("state", sa.String(10), nullable=False, default="open"),
    # What the channel itself has to remember here.
    sa.Column("kept", sa.JSON, nullable=False, default=dict),
    sa.Column("claimed_by", sa.String(120)),
    sa.Column("claimed_until", UtcDateTime),
    sa.UniqueConstraint("channel", "conversation_id"),
)

# What a channel was sent, before it was acknowledged; without its words once handled.
updates = sa.Table(
    "updates",
    metadata,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("address", sa.String(80), nullable=False),
    sa.Column("body", sa.JSON(none_as_null=True)),
    sa.Column("handled", sa.Boolean, nullable=False, default=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("ix_updates_channel_handled_address", "channel", "handled", "address"),
    sa.Index("ix_updates_at", "at"),
)

# Links that let a visitor go on elsewhere, each of them once.
passes = sa.Table(
    "passes",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column(
        "conversation_id",
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    # the channel that it leads to
    sa.Column("leads_to", sa.String(20), nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("used_at", UtcDateTime),
    sa.Index("ix_passes_expires_at", "expires_at"),
)
