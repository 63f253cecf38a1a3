"""Times the search of staff over a million messages: `python -m bench.search`."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from bench.processes import say
from bench.stats import Times
from bot.clinic.search import Wanted
from bot.desk.search import search
from bot.nlu.examples import examples
from bot.settings import ROOT
from bot.store.migrate import migrate
from bot.store.tables import appointments, conversations, messages
from bot.store.unit import Store

_NOW = datetime(2026, 11, 1, tzinfo=timezone.utc)
_A_CONVERSATION = 20
_AT_ONCE = 50_000
_EVERY_SEARCH = 10

Taken = tuple[float, float]
"""Wall-clock and processor time of one search, in milliseconds."""


def main() -> None:
    """Fill a record, then look for common, rare, begun and absent words in it."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--database-url", help="an empty database; SQLite if not given")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder:
        url = chosen.database_url or f"sqlite:///{Path(folder) / 'record.db'}"
        migrate(url)
        store = Store(url)
        say(f"filling the record with {chosen.messages:,} messages ...")
        _fill(store, chosen.messages)
        say("milliseconds; on PostgreSQL the processor time is that of this side only")
        together: list[Taken] = []
        for name, wanted in _searches():
            taken = list(_each(store, wanted))
            together += taken
            say(f"{name}: {_said(taken)}")
        say(f"all: {_said(together)}")
        store.close()


def _searches() -> Iterator[tuple[str, list[Wanted]]]:
    since, until = _NOW - timedelta(days=300), _NOW - timedelta(days=293)
    yield "a common word", [Wanted("the"), Wanted("needle"), Wanted("i")]
    yield "two words", [Wanted("how much"), Wanted("back pain"), Wanted("does it hurt")]
    yield "the beginning of a word", [Wanted("acup"), Wanted("n"), Wanted("insur")]
    yield "a rare word", [Wanted("warfarin"), Wanted("moxibustion")]
    yield "no such word", [Wanted("xylophone"), Wanted("xylophone needle")]
    yield (
        "a week of last winter",
        [Wanted("needle", since, until), Wanted("", since, until)],
    )
    yield "a patient", [Wanted("patient 4711"), Wanted("+1 780 000 4711")]
    yield "a practitioner's own", [Wanted("needle", practitioner_id="p3")]
    yield "a flag that nobody has", [Wanted("needle", flag="CES_RISK")]


def _each(store: Store, wanted: list[Wanted]) -> Iterator[Taken]:
    for _ in range(_EVERY_SEARCH):
        for one in wanted:
            start, used = time.perf_counter(), time.process_time()
            with store.reading() as unit:
                search(unit, one)
            cpu, wall = time.process_time() - used, time.perf_counter() - start
            yield wall * 1000, cpu * 1000


def _said(taken: list[Taken]) -> str:
    wall, cpu = (Times.of(values) for values in zip(*taken, strict=True))
    return f"processor {cpu}, wall clock {wall}"


def _fill(store: Store, count: int) -> None:
    """Store conversations of twenty messages, one after the other, over two years."""
    chance = random.Random(4711)  # noqa: S311 - not for secrets
    texts = [text for text, _ in examples(ROOT / "data")]
    step = timedelta(days=730) / count
    rows = iter(range(count))
    while numbers := list(islice(rows, _AT_ONCE)):
        ids = [str(uuid.UUID(int=n)) for n in numbers[::_A_CONVERSATION]]
        with store.engine.begin() as connection:
            connection.execute(conversations.insert(), [_conversation(i) for i in ids])
            connection.execute(
                messages.insert(),
                [
                    {
                        "conversation_id": ids[place // _A_CONVERSATION],
                        "seq": place % _A_CONVERSATION + 1,
                        "author": "visitor" if place % 2 else "assistant",
                        "text": " ".join(chance.choices(texts, k=chance.randint(1, 3))),
                        "extras": {},
                        "state": "done",
                        "at": _NOW - step * (count - number),
                    }
                    for place, number in enumerate(numbers)
                ],
            )
            connection.execute(appointments.insert(), [_visit(i) for i in ids])
    if store.engine.dialect.name == "postgresql":
        with store.engine.begin() as connection:
            connection.execute(sa.text("ANALYZE"))


def _conversation(conversation_id: str) -> dict[str, object]:
    return {
        "id": conversation_id,
        "channel": "web",
        "clinic": "edmonton",
        "created_at": _NOW,
        "last_seq": _A_CONVERSATION,
    }


def _visit(conversation_id: str) -> dict[str, object]:
    number = uuid.UUID(conversation_id).int // _A_CONVERSATION
    return {
        "id": conversation_id,
        "conversation_id": conversation_id,
        "practitioner_id": f"p{number % 12}",
        "treatment_id": "follow_up",
        "place_id": "clinic",
        "starts_at": _NOW,
        "ends_at": _NOW,
        "status": "booked",
        "created_at": _NOW,
        "patient_name": f"Patient {number}",
        "patient_phone": f"+1780{number:07d}",
    }


if __name__ == "__main__":
    main()
