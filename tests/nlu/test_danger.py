"""What decides whether somebody is in danger, on vectors of two numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.danger import Danger, Floats, WrongModel
from bot.nlu.examples import told
from bot.nlu.head import Head
from bot.nlu.learning import Settings, learn_danger

LABELS = ("crisis", "faq/cost", "out_of_scope", "report_emergency")


def vector(*numbers: float) -> Floats:
    return np.array(numbers, np.float32)


@pytest.fixture
def danger() -> Danger:
    """North is an emergency, south a crisis, east harmless."""
    return Danger(
        examples=np.array([[1, 0], [0, 1], [0, -1]], np.float32),
        weights=np.array([[0, 0], [1, 0], [0, 1]], np.float32),
        sharpness=4.0,
        alarm=0.5,
        framed_alarm=2.0,
        worry=0.2,
        framed_worry=0.6,
        agreed_alarm=0.05,
        agreed_worry=0.01,
    )


@pytest.fixture
def head(danger: Danger) -> Head:
    """Take everything for a question of cost, hardly ever for danger."""
    return Head(
        labels=LABELS,
        examples=np.array([[1, 0], [0, 1], [0, -1]], np.float32),
        in_scope=np.array([True, True, True]),
        weights=np.array([[0, 1, 0, 0.7]] * 3, np.float32),
        sharpness=2.0,
        temperature=7.0,
        cosine_weight=0.3,
        alarm=0.5,
        worry=0.1,
        threshold=0.0,
        danger=danger,
    )


@pytest.mark.parametrize(
    ("direction", "label"),
    [((0, 1), "report_emergency"), ((0, -1), "crisis"), ((1, 0), "faq/cost")],
)
def test_danger_decides_whatever_else_is_likelier(
    head: Head, direction: tuple[float, float], label: str
):
    reading = head.read(vector(*direction))

    assert (reading.label, reading.sure) == (label, True)
    assert reading.chances[LABELS.index("faq/cost")] > 0.5
    assert not reading.worrying


def test_a_little_danger_is_worrying_only(head: Head):
    reading = head.read(vector(0.8, 0.6))

    assert reading.label == "faq/cost"
    assert reading.worrying


def test_what_is_named_as_not_so_takes_more_for_an_alarm(head: Head):
    reading = head.read(vector(0, 1), framed=True)

    assert reading.label == "faq/cost"
    assert reading.worrying


def test_what_is_named_as_not_so_takes_more_for_a_worry(head: Head):
    assert head.read(vector(0.8, 0.6)).worrying
    assert not head.read(vector(0.8, 0.6), framed=True).worrying


def test_danger_alone_raises_no_alarm(head: Head):
    sure = replace(head, temperature=11.0)
    surer = replace(head, temperature=40.0)

    assert sure.read(vector(0, 1)).label == "faq/cost"
    assert sure.read(vector(0, 1)).worrying
    assert not surer.read(vector(0, 1)).worrying


def test_what_is_like_no_example_is_no_danger(head: Head):
    reading = head.read(vector(0, 0))

    assert (reading.label, reading.worrying) == ("faq/cost", False)


def test_saved_danger_reads_the_same(danger: Danger, tmp_path: Path):
    arrays, plain = tmp_path / "danger.npz", tmp_path / "danger.json"
    danger.save(arrays, plain)

    loaded = Danger.load(arrays, plain.read_text())

    assert (
        loaded.read(vector(0.6, 0.3)).tolist() == danger.read(vector(0.6, 0.3)).tolist()
    )
    assert (loaded.alarm, loaded.worry) == (danger.alarm, danger.worry)


def test_danger_of_another_version_is_refused(danger: Danger, tmp_path: Path):
    arrays, plain = tmp_path / "danger.npz", tmp_path / "danger.json"
    danger.save(arrays, plain)
    numbers = json.loads(plain.read_text())
    del numbers["alarm"]

    with pytest.raises(WrongModel, match="alarm"):
        Danger.load(arrays, json.dumps(numbers))


def test_learns_from_examples_and_from_what_was_told():
    east, north, south = vector(1, 0), vector(0, 1), vector(0, -1)
    settings = replace(Settings(), danger_sharpness=4.0)

    danger = learn_danger(
        np.stack([east, north]),
        ["faq/cost", "report_emergency"],
        np.stack([south, -east]),
        ["crisis", ""],
        settings,
    )

    assert danger.read(north)[0] > 0.9
    assert danger.read(south)[1] > 0.9
    assert abs(danger.read(east)).max() < 0.1
    assert abs(danger.read(-east)).max() < 0.1


def test_told_messages_come_with_the_label_of_their_group(tmp_path: Path):
    (tmp_path / "some.yml").write_text(
        "alarming:\n  CRISIS: [a]\n  STROKE: [b]\nharmless: [c]\n"
    )

    assert list(told(tmp_path)) == [
        ("a", "crisis"),
        ("b", "report_emergency"),
        ("c", ""),
    ]
