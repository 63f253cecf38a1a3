"""Full-text search over the messages: FTS5 on SQLite, a text index on PostgreSQL.

The words are indexed in the transaction that stores them, by triggers on SQLite; see
the migration that makes them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult, Row

from bot.clinic.search import Find, Wanted
from bot.store.tables import (
    appointment_requests,
    appointments,
    conversations,
    messages,
    screenings,
)

# Several hits of one conversation are one find, so more are read than are shown.
_HITS_A_FIND = 8
_OVERTAKERS = 1000
_FEW = 500
"""So many conversations or fewer have a rare flag."""
_NEWEST = 20_000
"""So many messages PostgreSQL walks through before it asks its index of words.

Words that are often said are found there at once; the index would fetch every message
with them from the disk to tell which are the newest.
"""
_WITH_A_PATIENT = ("booked", "pending", "fulfilled", "noshow", "cancelled")

# Rows of SQLite only: each message's number in the order of storing, and its words.
_index = sa.table(
    "message_index",
    sa.column("id"),
    sa.column("conversation_id"),
    sa.column("seq"),
    sa.column("at", messages.c.at.type),
)
_words = sa.table("message_words", sa.column("rowid"))
# A column of PostgreSQL's alone, which it fills by itself.
_WORDS_OF: sa.sql.ColumnElement[Any] = sa.literal_column("messages.words")
_SHOWN = (
    messages.c.conversation_id,
    messages.c.seq,
    messages.c.author,
    messages.c.text,
    messages.c.at,
)


class Search:
    """Looks through the record inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._on_file = connection.dialect.name == "sqlite"

    def messages(self, wanted: Wanted, limit: int) -> list[Find]:
        """Return the newest message that fits from each conversation, newest first."""
        if self._on_file:
            return self._found(self._on_sqlite(wanted), limit)
        if wanted.words and wanted.since is None and wanted.until is None:
            found = self._found(_among_the_newest(wanted), limit)
            if len(found) == limit:
                return found
        return self._found(_on_postgres(wanted), limit)

    def _found(self, hits: sa.sql.Select, limit: int) -> list[Find]:
        rows = self._connection.execute(hits.limit(limit * _HITS_A_FIND))
        return _first_of_each(rows, limit)

    def patients(self, wanted: Wanted, limit: int) -> list[Find]:
        """Return the last message of each conversation whose patient fits.

        A patient has a visit, or has asked for one.
        """
        if not wanted.digits and not wanted.words:
            return []
        visits = self._named(appointments, wanted)
        named = sa.union_all(
            visits.where(appointments.c.status.in_(_WITH_A_PATIENT)),
            self._named(appointment_requests, wanted),
        )
        if wanted.since is None and wanted.until is None:
            # Nothing that comes later leaves one out.
            newest = sa.desc("created_at")
            named = named.order_by(newest).limit(limit * _HITS_A_FIND)
        people = named.subquery()
        last = (
            people.join(conversations, conversations.c.id == people.c.conversation_id)
        ).join(
            messages,
            sa.and_(
                messages.c.conversation_id == conversations.c.id,
                messages.c.seq == conversations.c.last_seq,
            ),
        )
        found = sa.select(*_SHOWN, people.c.patient).select_from(last)
        rows = self._connection.execute(
            _when(found, wanted).order_by(messages.c.at.desc())
        )
        return _first_of_each(rows, limit)

    def _named(self, table: sa.Table, wanted: Wanted) -> sa.sql.Select:
        """Look in one table for who has the number or all parts of the name."""
        if wanted.digits:
            fits = [table.c.patient_phone.like(f"%{wanted.digits}")]
        else:
            fits = [self._has(table.c.patient_name, word) for word in wanted.words]
        whose = sa.select(
            table.c.conversation_id,
            table.c.patient_name.label("patient"),
            table.c.created_at,
        )
        return _whose(whose.where(*fits), wanted, table.c.conversation_id)

    def _has(
        self, name: sa.sql.ColumnElement[str], word: str
    ) -> sa.sql.ColumnElement[bool]:
        """Look for a part of a name in capital or small letters."""
        if self._on_file:  # whose LIKE takes both; lower() costs as much again
            return name.contains(word, autoescape=True)
        if word.isascii():  # letter by letter, in two thirds of the time
            name = sa.collate(name, "C")
        return sa.func.lower(name).contains(word.lower(), autoescape=True)

    def _on_sqlite(self, wanted: Wanted) -> sa.sql.Select:
        """Walk backwards through the index, so that the newest come first."""
        numbered = _index.join(
            messages,
            sa.and_(
                messages.c.conversation_id == _index.c.conversation_id,
                messages.c.seq == _index.c.seq,
            ),
        )
        number = _index.c.id
        if wanted.words:
            number = _words.c.rowid
            numbered = numbered.join(_words, number == _index.c.id)
        hits = sa.select(*_SHOWN, _patient()).select_from(numbered)
        if wanted.words:
            hits = hits.where(
                sa.text("message_words MATCH :phrases").bindparams(
                    phrases=_phrases(wanted.words)
                )
            )
            if wanted.flag and self._is_rare(wanted.flag):
                # Cheaper than to look up whose each message with the word is. The
                # plus keeps SQLite from looking the words up message by message.
                theirs = sa.select(_index.c.id).where(
                    _index.c.conversation_id.in_(_flagged(wanted.flag))
                )
                hits = hits.where(sa.literal_column("+message_words.rowid").in_(theirs))
        hits = self._about(hits, number, wanted)
        return _within(hits, wanted, _index.c.conversation_id).order_by(number.desc())

    def _is_rare(self, flag: str) -> bool:
        some = _flagged(flag).distinct().limit(_FEW + 1).subquery()
        count = sa.select(sa.func.count()).select_from(some)
        return int(self._connection.execute(count).scalar_one()) <= _FEW

    def _about(
        self, hits: sa.sql.Select, number: sa.sql.ColumnElement[int], wanted: Wanted
    ) -> sa.sql.Select:
        """Begin and end the walk near the time asked for.

        Numbers follow the clock but for writers that overtook each other.
        """
        at = _index.c.at
        if wanted.since:
            first = sa.select(_index.c.id).where(at >= wanted.since).order_by(at)
            found = self._connection.execute(first.limit(1)).scalar_one_or_none()
            hits = hits.where(number >= (found or 0) - _OVERTAKERS)
        if wanted.until:
            last = sa.select(_index.c.id).where(at < wanted.until).order_by(at.desc())
            found = self._connection.execute(last.limit(1)).scalar_one_or_none()
            hits = hits.where(number <= (found or 0) + _OVERTAKERS)
        return hits


def _on_postgres(wanted: Wanted) -> sa.sql.Select:
    hits = sa.select(*_SHOWN, _patient())
    if wanted.words:
        hits = hits.where(_says(_WORDS_OF, wanted))
    return _within(hits, wanted).order_by(messages.c.at.desc())


def _among_the_newest(wanted: Wanted) -> sa.sql.Select:
    walked = sa.select(*_SHOWN, _WORDS_OF.label("words")).order_by(messages.c.at.desc())
    newest = walked.limit(_NEWEST).subquery()
    of = newest.c.conversation_id
    shown = [newest.c[column.name] for column in _SHOWN]
    hits = sa.select(*shown, _patient(of)).where(_says(newest.c.words, wanted))
    return _whose(hits, wanted, of).order_by(newest.c.at.desc())


def _says(words: sa.sql.ColumnElement[Any], wanted: Wanted) -> Any:
    asked = sa.func.to_tsquery(sa.text("'simple'"), _terms(wanted.words))
    return words.op("@@")(asked)


def _within(
    hits: sa.sql.Select,
    wanted: Wanted,
    of: sa.sql.ColumnElement[str] = messages.c.conversation_id,
) -> sa.sql.Select:
    """Keep what fits the time, the flag and the practitioner.

    Args:
        of: the conversation's id, from the table that is read first.
    """
    return _whose(_when(hits, wanted), wanted, of)


def _when(hits: sa.sql.Select, wanted: Wanted) -> sa.sql.Select:
    if wanted.since:
        hits = hits.where(messages.c.at >= wanted.since)
    if wanted.until:
        hits = hits.where(messages.c.at < wanted.until)
    return hits


def _whose(
    hits: sa.sql.Select, wanted: Wanted, of: sa.sql.ColumnElement[str]
) -> sa.sql.Select:
    if wanted.flag:
        hits = hits.where(of.in_(_flagged(wanted.flag)))
    if wanted.practitioner_id is not None:
        theirs = appointments.alias()  # the hits may be appointments themselves
        hits = hits.where(
            sa.exists().where(
                theirs.c.conversation_id == of,
                theirs.c.practitioner_id == wanted.practitioner_id,
                theirs.c.status.in_(_WITH_A_PATIENT),
            )
        )
    return hits


def _flagged(flag: str) -> sa.sql.Select:
    """Return the conversations with a flag or a disposition of that name."""
    flags = sa.cast(screenings.c.flags, sa.Text)
    return sa.select(screenings.c.conversation_id).where(
        sa.or_(
            screenings.c.disposition == flag,
            flags.contains(f'"{flag}"', autoescape=True),
        )
    )


def _patient(
    of: sa.sql.ColumnElement[str] = messages.c.conversation_id,
) -> sa.sql.ColumnElement[Any]:
    """Name who has a visit, or else who has asked for one."""
    visits = appointments.c.status.in_(_WITH_A_PATIENT)
    return sa.func.coalesce(
        _name_in(appointments, of, visits), _name_in(appointment_requests, of), ""
    ).label("patient")


def _name_in(
    table: sa.Table,
    of: sa.sql.ColumnElement[str],
    *only: sa.sql.ColumnElement[bool],
) -> Any:
    theirs = table.c.conversation_id == of
    return (
        sa.select(sa.func.max(table.c.patient_name))
        .where(theirs, *only)
        .scalar_subquery()
    )


def _phrases(words: tuple[str, ...]) -> str:
    """Write words so that FTS5 takes none for an operator."""
    plain = (word.replace('"', "") for word in words)
    return " ".join(f'"{word}"{"*" * _may_go_on(word)}' for word in plain)


def _terms(words: tuple[str, ...]) -> str:
    """Write words so that PostgreSQL takes none for an operator."""
    plain = (word.replace("\\", "").replace("'", "''") for word in words)
    return " & ".join(f"'{word}'{':*' * _may_go_on(word)}" for word in plain)


def _may_go_on(word: str) -> bool:
    """Say whether any word with this beginning counts; one letter begins too many."""
    return len(word) > 1


def _first_of_each(rows: CursorResult, limit: int) -> list[Find]:
    """Read no further than it must: SQLite works out row after row."""
    found: dict[str, Find] = {}
    for row in rows:
        if row.conversation_id not in found:
            found[row.conversation_id] = _find(row)
        if len(found) == limit:
            rows.close()
            break
    return list(found.values())


def _find(row: Row) -> Find:
    return Find(
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=row.author,
        text=row.text,
        at=row.at,
        patient=row.patient,
    )
