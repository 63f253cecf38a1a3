"""The training in the background: one at a time, and how it went is known."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import learn_command, learning, prepare
from bot.clinic.errors import MeridianError
from bot.clinic.examples import Example
from bot.clock import utc_now
from bot.content.learned import keep
from bot.learning import Progress
from bot.nlu.checks import Failed
from bot.nlu.learn import NothingNew, Refused, RefusedBefore, Taken
from bot.settings import load


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr("os.nice", lambda _: 0)
    return replace(load(), data_dir=tmp_path)


def seen(settings, now) -> Progress:
    found = learning.progress(settings, now)
    assert found
    return found


def run(settings, outcome):
    def deed(_settings):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    out = io.StringIO()
    return learn_command.run(settings, "Priya", out, deed), out.getvalue()


def test_before_the_first_there_is_nothing_to_tell(settings, now):
    assert learning.progress(settings, now) is None


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [
        (Taken(), 0, "taken"),
        (NothingNew(), 0, "nothing"),
        (
            Refused((Failed("emergency", "my chest", "emergency", "faq/cost"),)),
            1,
            "refused",
        ),
        (MeridianError("Rasa could not"), 1, "failed"),
    ],
)
def test_how_it_went_is_written_down(settings, now, outcome, status, state):
    got, _ = run(settings, outcome)

    found = seen(settings, now)
    assert found.ended_at
    assert (got, found.state, found.by) == (status, state, "Priya")
    assert found.ended_at >= found.began_at


def test_a_failed_check_is_named(settings, now):
    failed = Failed("emergency", "my chest", "emergency", "faq/cost")

    _, said = run(settings, Refused((failed,)))

    assert "- emergency: my chest (wanted emergency, got faq/cost)" in said
    assert seen(settings, now).failed == (failed.as_plain(),)


def test_a_second_one_is_not_begun(settings, now):
    with learning.alone(settings):
        status, said = run(settings, Taken())

    assert status == 1
    assert "Another training is going on" in said
    assert learning.progress(settings, now) is None


def test_one_that_died_is_called_interrupted(settings, now):
    learning.note(settings, Progress("running", "Priya", now))

    soon = seen(settings, now + timedelta(seconds=5))
    later = seen(settings, now + timedelta(minutes=5))
    with learning.alone(settings):
        alive = seen(settings, now + timedelta(minutes=5))

    assert [one.state for one in (soon, later, alive)] == [
        "running",
        "interrupted",
        "running",
    ]


def test_the_button_begins_none_while_one_runs(settings, now):
    learning.note(settings, Progress("running", "Sam", now))

    assert not learning.start(settings, "Priya", now)


def test_the_button_begins_a_process_that_tells_how_it_went(settings, monkeypatch):
    learned = settings.data_dir / "learned"
    keep(learned, Example("wots the damage", "faq/cost", "Priya", utc_now().date()))
    monkeypatch.setenv("MERIDIAN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MERIDIAN_LEARNED_DIR", str(learned))

    assert learning.start(settings, "Priya", utc_now())
    while (found := seen(settings, utc_now())).state == "running":
        time.sleep(0.1)

    # Nothing to begin with stands in this folder, which is told.
    assert (found.state, found.by) == ("failed", "Priya")
    assert "No sentence encoder" in found.trouble


def test_a_state_that_cannot_be_read_is_none(settings, now):
    (settings.data_dir / "learning").mkdir()
    (settings.data_dir / "learning" / "state.json").write_text("{")

    assert learning.progress(settings, now) is None


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (NothingNew(), ""),
        (Taken(), "is learnt"),
        (Refused(()), "not used"),
        (RefusedBefore(), "not used"),
        (MeridianError("line 3 is wrong"), "line 3 is wrong"),
    ],
)
def test_a_start_goes_on_whatever_staff_taught(settings, monkeypatch, outcome, said):
    def deed(*_, **given):
        assert given == {"again": False}
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr("bot.nlu.learn.learn", deed)

    told = prepare._learn(settings)

    assert said in told
    assert bool(told) == bool(said)


def test_a_start_waits_for_no_other_training(settings):
    with learning.alone(settings):
        assert "being trained" in prepare._learn(settings)
