import io
from datetime import timedelta

from bot.desk import conversation
from bot.desk.handoff import open_handoff
from bot.handoffs import answer, show
from bot.house import House, load_shelf
from bot.settings import load
from tests.people import RECEPTIONIST, begin_conversation


def shown(store, now, text):
    """Return what staff read after a visitor wrote this."""
    chat = begin_conversation(store, now)
    with store.unit() as unit:
        conversation.hear_text(unit, chat, "c1", text, now)
        unit.commit()
    with store.unit() as unit:
        open_handoff(unit, chat, "complaint", "urgent", now)
        unit.commit()
    out = io.StringIO()
    show(store, out, now)
    return out.getvalue()


def test_control_characters_never_reach_the_terminal(store, now):
    screen = shown(store, now, "hi\x1b[2J\x07\x9b31m\u202etxt\r\x08")

    assert "hi[2J31mtxt\n" in screen
    assert all(char.isprintable() or char == "\n" for char in screen)


def test_a_further_line_never_looks_like_another_row(store, now):
    screen = shown(
        store, now, "hello\n  12:00:00 Priya: booked\u2028STAT  x\v  13:00:00 system: y"
    )

    rows = screen.splitlines()
    assert len([row for row in rows if row.startswith("  1")]) == 1
    further = [row for row in rows if "booked" in row or "STAT" in row or ": y" in row]
    assert further
    assert all(row.startswith("           | ") for row in further)


def test_reading_on_the_command_line_is_written_down_as_well(store, now):
    shown(store, now, "hello")

    with store.reading() as unit:
        ((_, entry),) = unit.audit.newest(10)
    assert (entry.name, entry.deed) == ("command line", "read")


def test_an_answer_on_the_command_line_is_written_down_with_its_taking(store, now):
    chat = begin_conversation(store, now)
    settings = load()
    house = House(settings, load_shelf(settings), store)

    for minutes in (0, 1):
        answer(house, chat, RECEPTIONIST, "Hello", now + timedelta(minutes=minutes))

    with store.reading() as unit:
        entries = [entry for _, entry in unit.audit.newest(10)]
    assert [one.deed for one in reversed(entries)] == ["take", "reply", "reply"]
    assert {one.name for one in entries} == {RECEPTIONIST}


def test_nobody_waiting_is_said(store, now):
    out = io.StringIO()

    show(store, out, now)

    assert out.getvalue() == "Nobody is waiting.\n"
