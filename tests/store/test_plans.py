"""What staff read all day is found by an index, however much is in the record."""

import re

import pytest
import sqlalchemy as sa

from bot.clinic.search import Wanted
from bot.desk.search import search

LARGE = ("messages", "message_index", "conversations", "handoffs")
VISITS = ("appointments", "appointment_requests")
"""Whose names and numbers a search reads from end to end: parts of them count."""


@pytest.fixture
def plans(store):
    """Return a function that does something and gives the plans of its reading."""

    def of(reading):
        asked = []

        def note(_connection, _cursor, statement, parameters, *_):
            asked.append((statement, parameters))

        sa.event.listen(store.engine, "before_cursor_execute", note)
        with store.reading() as unit:
            reading(unit)
        sa.event.remove(store.engine, "before_cursor_execute", note)
        selects = [one for one in asked if one[0].startswith(("SELECT", "WITH"))]
        assert selects
        return "\n".join(line for one in selects for line in explained(store, *one))

    return of


def explained(store, statement, parameters):
    with store.engine.connect() as connection:
        if store.engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
            return [row.detail for row in rows]
        # A table of no rows is read as a whole, whatever indexes it has.
        connection.exec_driver_sql("SET enable_seqscan = off")
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return [row[0] for row in rows]


def read_whole(plan, tables=LARGE):
    """Return the tables that a plan reads from end to end."""
    return [
        table
        for table in tables
        for line in plan.splitlines()
        if line.strip() == f"SCAN {table}" or f"Seq Scan on {table} " in line
    ]


@pytest.mark.parametrize("practitioner_id", [None, "mei-lin"])
def test_the_queue_is_found_by_its_indexes(plans, practitioner_id):
    plan = plans(lambda unit: unit.queue.waiting(practitioner_id))

    assert read_whole(plan, LARGE + VISITS) == []


def test_what_changes_in_the_queue_is_found_by_its_indexes(plans):
    assert read_whole(plans(lambda unit: unit.queue.mark())) == []


@pytest.mark.parametrize("text", ["needle", "how much", "7805550142"])
def test_words_are_found_by_their_index(plans, text):
    plan = plans(lambda unit: search(unit, Wanted(text)))

    assert read_whole(plan) == []
    assert re.search("messages?_words", plan)


@pytest.mark.parametrize("only", [{"practitioner_id": "mei-lin"}, {"flag": "CES_RISK"}])
def test_what_narrows_a_search_down_reads_nothing_whole(plans, only):
    plan = plans(lambda unit: search(unit, Wanted("needle", **only)))

    assert read_whole(plan) == []
