import contextlib
import json
import logging
import sqlite3
import time
from io import StringIO

import pytest
import sqlalchemy as sa
import structlog
from structlog.typing import Processor

from bot.logs import WordlessFormatter, told
from bot.nlu.discretion import KEPT_SECONDS, forget_old, without_words
from tests.live import Live, Visitor

WORDS = "since the marmalade festival"


@pytest.mark.model
def test_answers_about_health_stay_out_of_logs_and_the_assistants_memory(live: Live):
    """Only the desk's own record keeps what a visitor says."""
    visitor = Visitor(live.url)
    visitor.says("would acupuncture suit me?")
    visitor.presses("Yes")
    visitor.says(f"for me, {WORDS}")
    visitor.says("stop")

    written = [path for path in live.data_dir.iterdir() if path.is_file()]
    holding = [path.name for path in written if WORDS.encode() in path.read_bytes()]
    assert "assistant.db" in {path.name for path in written}
    assert set(holding) <= {"meridian.db", "meridian.db-wal"}
    assert holding


# Logs ---------------------------------------------------------------------------------


def assistants_log(**event: object) -> dict[str, object]:
    """Return the line that the assistant prints for one of Rasa's events."""
    out = StringIO()
    chain: list[Processor] = [without_words, structlog.processors.JSONRenderer()]
    logger = structlog.wrap_logger(structlog.PrintLogger(out), chain)
    logger.error("rest.message.received.timeout", **event)
    line: dict[str, object] = json.loads(out.getvalue())
    return line


@pytest.mark.parametrize(
    "name", ["text", "message", "entities", "slot_values", "a_name_of_the_future"]
)
def test_rasas_log_events_lose_all_their_values(name):
    line = assistants_log(**{name: {"value": WORDS}})

    assert line == {"event": "rest.message.received.timeout"}


def stumble(words: str) -> None:
    raise KeyError(words)


def stumble_twice(words: str) -> None:
    try:
        stumble(words)
    except KeyError as fault:
        raise RuntimeError(words) from fault


def test_rasas_failures_are_told_by_place_without_words():
    try:
        stumble(WORDS)
    except KeyError:
        line = assistants_log(text=WORDS, exc_info=True)

    assert WORDS not in str(line)
    assert "KeyError" in str(line["exception"])
    assert "in stumble" in str(line["exception"])


def test_a_failure_is_told_with_its_causes_and_without_messages():
    with pytest.raises(RuntimeError) as fault:
        stumble_twice(WORDS)

    line = told(fault.value)

    assert WORDS not in line
    assert line.index("RuntimeError") < line.index("KeyError")


def test_a_traceback_in_the_log_has_no_message():
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(WordlessFormatter("%(message)s"))
    logger = logging.Logger("alone")
    logger.addHandler(handler)
    try:
        stumble_twice(WORDS)
    except RuntimeError:
        logger.exception("it failed")

    assert out.getvalue().startswith("it failed\nRuntimeError\n")
    assert WORDS not in out.getvalue()


def test_a_statement_that_fails_does_not_show_its_values(store):
    statement = sa.text("INSERT INTO nowhere VALUES (:words)")
    with store.engine.connect() as record, pytest.raises(sa.exc.DBAPIError) as fault:
        record.execute(statement, {"words": WORDS})

    # PostgreSQL quotes the statement in its own message: only `told` is for logs.
    assert "Error" in told(fault.value)
    assert WORDS not in told(fault.value)


# Memory -------------------------------------------------------------------------------


def remember(memory, *timestamps):
    with contextlib.closing(sqlite3.connect(memory)) as rows, rows:
        rows.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, timestamp FLOAT)")
        rows.executemany(
            "INSERT INTO events (timestamp) VALUES (?)", [(one,) for one in timestamps]
        )


def test_the_assistant_forgets_after_a_day(tmp_path):
    memory, now = tmp_path / "assistant.db", time.time()
    remember(memory, now - KEPT_SECONDS - 1, now - KEPT_SECONDS + 1, now)

    assert forget_old(memory, now) == 1
    assert forget_old(memory, now) == 0


def test_a_memory_that_is_not_there_yet_is_no_mistake(tmp_path):
    memory = tmp_path / "assistant.db"
    sqlite3.connect(memory).close()

    assert forget_old(tmp_path / "none.db", 0) == 0
    assert forget_old(memory, 0) == 0
    assert not (tmp_path / "none.db").exists()
