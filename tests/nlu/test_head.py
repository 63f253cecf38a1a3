"""The head's decisions, on vectors of two numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.head import Floats, Head, WrongModel

LABELS = ("crisis", "faq/cost", "out_of_scope", "report_emergency")


def vector(*numbers: float) -> Floats:
    return np.array(numbers, np.float32)


@pytest.fixture
def head() -> Head:
    """East is a question of cost, west out of scope, north an emergency."""
    return Head(
        labels=LABELS,
        examples=np.array([[1, 0], [-1, 0], [0, 1]], np.float32),
        in_scope=np.array([True, False, True]),
        weights=np.array([[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], np.float32),
        sharpness=2.0,
        temperature=10.0,
        cosine_weight=0.3,
        alarm=0.25,
        worry=0.1,
        threshold=0.9,
    )


def test_nearest_direction_wins(head: Head):
    reading = head.read(vector(1, 0))

    assert reading.label == "faq/cost"
    assert reading.sure
    assert reading.similarity == 1.0
    assert reading.chances.sum() == pytest.approx(1.0)


def test_unlike_every_example_is_unsure(head: Head):
    reading = head.read(vector(0.4, -0.9))

    assert reading.label == "faq/cost"
    assert not reading.sure


def test_out_of_scope_needs_no_gate(head: Head):
    reading = head.read(vector(-1, 0))

    assert (reading.label, reading.sure) == ("out_of_scope", True)
    assert reading.similarity == 0.0


def test_nearness_to_the_out_of_scope_closes_the_gate(head: Head):
    examples = np.array([[1, 0], [0.9, 0.44], [0, 1]], np.float32)
    crowded = replace(head, examples=examples, alarm=1.0)

    assert head.read(vector(1, 0)).sure
    assert crowded.read(vector(1, 0)).label == "faq/cost"
    assert not crowded.read(vector(1, 0)).sure


def test_likely_emergency_outvotes_a_likelier_question(head: Head):
    reading = head.read(vector(0.73, 0.68))

    assert reading.chances[LABELS.index("faq/cost")] > 0.5
    assert (reading.label, reading.sure) == ("report_emergency", True)


def test_what_may_be_an_emergency_is_worrying_but_raises_no_alarm(head: Head):
    careful = replace(head, alarm=0.6)

    reading = careful.read(vector(0.73, 0.68))

    assert reading.label == "faq/cost"
    assert reading.worrying
    assert not careful.read(vector(1, 0)).worrying


def test_an_alarm_is_no_mere_worry(head: Head):
    assert not head.read(vector(0, 1)).worrying


def test_below_the_alarm_no_label_of_safety_is_chosen(head: Head):
    deaf = replace(head, alarm=1.1)

    assert deaf.read(vector(0, 1)).label not in ("crisis", "report_emergency")


def test_alarm_passes_the_closed_gate(head: Head):
    closed = replace(head, threshold=np.inf)

    assert closed.read(vector(0, 1)).sure
    assert not closed.read(vector(1, 0)).sure


def test_noise_raises_no_alarm(head: Head):
    # All labels are as likely as each other: the two of safety make a half.
    reading = head.read(vector(0, 0))

    assert reading.chances.max() < 0.5
    assert not reading.sure


def test_saved_head_reads_the_same(head: Head, tmp_path: Path):
    head.save(tmp_path)

    loaded = Head.load(tmp_path / "head.npz", (tmp_path / "head.json").read_text())

    assert loaded.labels == head.labels
    assert loaded.read(vector(0.6, 0.3)).score == head.read(vector(0.6, 0.3)).score


def test_head_of_another_version_is_refused(head: Head, tmp_path: Path):
    head.save(tmp_path)
    plain = json.loads((tmp_path / "head.json").read_text())
    del plain["alarm"]

    with pytest.raises(WrongModel, match="alarm"):
        Head.load(tmp_path / "head.npz", json.dumps(plain))


def test_saving_twice_gives_the_same_bytes(head: Head, tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        head.save(tmp_path / name)

    for file in ("head.npz", "head.json"):
        one, two = tmp_path / "one" / file, tmp_path / "two" / file
        assert one.read_bytes() == two.read_bytes()
