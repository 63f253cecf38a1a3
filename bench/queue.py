"""Times the staff's queue page with 500 open handoffs: `python -m bench.queue`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sanic import HTTPResponse

from bench.processes import say
from bench.stats import Times
from bot.clinic.handoff import PRIORITIES
from bot.clinic.staff import Login
from bot.clock import utc_now
from bot.console import queue
from bot.console.caller import Caller
from bot.console.door import Console
from bot.console.pages import REASONS, Pages
from bot.desk import staff as people
from bot.desk.bell import Bell
from bot.house import House, load_shelf
from bot.likeness import Likeness
from bot.settings import load
from bot.store.migrate import migrate
from bot.store.tables import appointments, conversations, handoffs, messages
from bot.store.unit import Store

_NAME = "Bench"
_PASSWORD = "only for this run"  # noqa: S105 - opens a record that is thrown away
_MESSAGES = 12
_ROUNDS = 200
_WARM_UP = 10
_HELD = 0.2


def main() -> None:
    """Fill a record, then show the queue again and again."""
    parser = argparse.ArgumentParser(prog="python -m bench.queue", description=__doc__)
    parser.add_argument("--open", type=int, default=500, help="open handoffs")
    parser.add_argument("--past", type=int, default=5_000, help="ones that are over")
    parser.add_argument("--database-url", help="an empty database; SQLite if not given")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder:
        url = chosen.database_url or f"sqlite:///{Path(folder) / 'record.db'}"
        migrate(url)
        settings = load()
        house = House(settings, load_shelf(settings), Store(url))
        pages = Pages(house.shelf.clinic)
        likeness = Likeness(house.store)
        console = Console(house, Bell(), pages, asyncio.Semaphore(1), likeness)
        _fill(house.store, chosen.open, chosen.past)
        browser = _log_in(house.store)
        gc.collect()
        gc.freeze()  # as the desk does when it has started
        say(f"{chosen.open} open handoffs, {chosen.past} that are over; milliseconds")
        page = _page(console, browser)
        say(f"the page has {len(page.body or b'') // 1024} kB")
        for name, work in _parts(console, browser):
            wall, cpu = _time(work)
            say(f"{name}: processor {cpu}, wall clock {wall}")
        house.store.close()


def _page(
    console: Console, browser: str, most: int | None = queue.AT_ONCE
) -> HTTPResponse:
    """Do all that a request for the queue does but for reading and sending bytes."""
    caller = _caller(console, browser)
    with console.house.store.reading() as unit:
        found = queue.read(console, unit, caller.person, caller.now, most)
    return console.pages.show(
        "queue.html", caller, title="Queue", queue=found, open_id=""
    )


def _caller(console: Console, browser: str) -> Caller:
    now = utc_now()
    with console.house.store.reading() as unit:
        person = people.who(unit, browser, now)
    if person is None:
        raise SystemExit("the login did not last")
    return Caller(person, browser, "csrf", now)


def _parts(
    console: Console, browser: str
) -> Iterator[tuple[str, Callable[[], object]]]:
    caller = _caller(console, browser)

    def rows() -> object:
        with console.house.store.reading() as unit:
            return unit.queue.waiting()

    def read() -> queue.Queue:
        with console.house.store.reading() as unit:
            return queue.read(console, unit, caller.person, caller.now, queue.AT_ONCE)

    found = read()
    yield "who asks", lambda: _caller(console, browser)
    yield "rows", rows
    yield "rows and lines", read
    yield (
        "template",
        lambda: console.pages.show(
            "queue.html", caller, title="Queue", queue=found, open_id=""
        ),
    )
    yield "the whole page", lambda: _page(console, browser)
    yield "the same with all lines", lambda: _page(console, browser, None)


def _time(work: Callable[[], object]) -> tuple[Times, Times]:
    """Return wall-clock and processor time of one piece of work, many times."""
    for _ in range(_WARM_UP):
        work()
    wall, cpu = [], []
    for _ in range(_ROUNDS):
        began, used = time.perf_counter(), time.process_time()
        work()
        cpu.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return Times.of(wall), Times.of(cpu)


def _log_in(store: Store) -> str:
    now = utc_now()
    with store.unit() as unit:
        person = people.add_staff(unit, _NAME, _PASSWORD, "admin", now, None)
    browser = "a browser of this run"
    with store.unit() as unit:
        unit.staff.begin_login(Login(people.key_of(browser), person.id, now, now))
        unit.commit()
    return browser


def _fill(store: Store, waiting: int, past: int) -> None:
    """Store conversations of twelve messages; every other has a visit."""
    chance = random.Random(4711)  # noqa: S311 - not for secrets
    now = utc_now()
    ids = [str(uuid.UUID(int=number)) for number in range(waiting + past)]
    with store.engine.begin() as connection:
        connection.execute(conversations.insert(), [_conversation(i, now) for i in ids])
        connection.execute(
            messages.insert(),
            [
                {
                    "conversation_id": one,
                    "seq": seq + 1,
                    "author": "assistant" if seq % 2 else "visitor",
                    "text": "Something of the length of an ordinary message.",
                    "extras": {},
                    "at": now - timedelta(minutes=60 - seq),
                }
                for one in ids
                for seq in range(_MESSAGES)
            ],
        )
        connection.execute(
            handoffs.insert(),
            [
                _handoff(one, number < waiting, now, chance)
                for number, one in enumerate(ids)
            ],
        )
        connection.execute(
            appointments.insert(), [_visit(one, now) for one in ids[::2]]
        )


def _conversation(conversation_id: str, now: datetime) -> dict[str, object]:
    return {
        "id": conversation_id,
        "channel": "web",
        "clinic": "edmonton",
        "created_at": now,
        "last_seq": _MESSAGES,
    }


def _handoff(
    conversation_id: str, is_open: bool, now: datetime, chance: random.Random
) -> dict[str, object]:
    held = is_open and chance.random() < _HELD
    since = now - timedelta(minutes=chance.randint(1, 600))
    state = "held" if held else "waiting"
    return {
        "id": conversation_id,
        "conversation_id": conversation_id,
        "state": state if is_open else "closed",
        "priority": chance.choice(PRIORITIES),
        "reason": chance.choice(list(REASONS)),
        "opened_at": since,
        "waiting_since": since,
        "held_by": chance.choice([_NAME, "Sam", "Priya"]) if held else None,
        "seen_seq": chance.choice([0, 4, _MESSAGES]),
    }


def _visit(conversation_id: str, now: datetime) -> dict[str, object]:
    number = uuid.UUID(conversation_id).int
    return {
        "id": conversation_id,
        "conversation_id": conversation_id,
        "practitioner_id": f"p{number % 12}",
        "treatment_id": "acupuncture",
        "place_id": "main",
        "starts_at": now,
        "ends_at": now,
        "status": "booked",
        "created_at": now,
        "patient_name": f"Patient {number}",
        "patient_phone": f"+1780{number:07d}",
    }


if __name__ == "__main__":
    main()
