"""The bench's own sums: percentiles, the split by family, the choice of messages."""

import random
from itertools import pairwise

import numpy as np
import pytest

from bench.accuracy import Reading, judge, rejected_where_kept
from bench.messages import SMALL_TALK, conversation, parts
from bench.processes import Failed
from bench.public import public_sets
from bench.split import alike_in_letters, families, split
from bench.stats import Times, percentile, share
from bench.talk import measure


@pytest.mark.parametrize(
    ("part", "value"), [(0.05, 1), (0.5, 10), (0.95, 19), (0.96, 20), (1.0, 20)]
)
def test_a_percentile_is_the_nearest_rank(part, value):
    assert percentile(range(20, 0, -1), part) == value


def test_one_measurement_is_every_percentile():
    assert Times.of([7.126]) == Times(7.13, 7.13, 7.13)


def test_a_share_of_nothing_is_not_zero():
    assert share([]) is None
    assert share([True, False, False, False]) == 0.25


def near(*pairs, count):
    alike = np.eye(count, dtype=bool)
    for one, other in pairs:
        alike[one, other] = alike[other, one] = True
    return alike


def test_a_relative_of_a_relative_is_family():
    numbers = families(near((0, 3), (3, 1), (4, 5), count=6))

    assert numbers[0] == numbers[1] == numbers[3]
    assert numbers[4] == numbers[5]
    assert len(set(numbers)) == 3


def test_reworded_copies_are_alike_in_letters():
    alike = alike_in_letters(
        [
            "how much does a session cost",
            "how much does one session cost?",
            "is parking free on sundays",
        ]
    )

    assert alike[0, 1]
    assert not alike[0, 2]


TEXTS = [f"example number {number}" for number in range(100)]
LABELS = ["one", "two"] * 50
# Neighbours in threes, so families reach across the labels.
FAMILY = [row // 3 for row in range(100)]


def test_no_family_is_on_both_sides():
    parted = split(LABELS, TEXTS, FAMILY)
    known = {FAMILY[row] for row in parted.known}
    held_out = {FAMILY[row] for row in parted.held_out}

    assert sorted(parted.known + parted.held_out) == list(range(100))
    assert known & held_out == set()


@pytest.mark.parametrize("label", ["one", "two"])
def test_no_label_gives_up_more_than_a_fifth(label):
    held_out = split(LABELS, TEXTS, FAMILY).held_out

    assert 1 <= sum(LABELS[row] == label for row in held_out) <= 10


@pytest.mark.parametrize("label", ["one", "two"])
def test_strangers_give_up_a_fifth_of_each_label(label):
    held_out = split(LABELS, TEXTS, range(100)).held_out

    assert sum(LABELS[row] == label for row in held_out) == 10


def test_the_order_of_the_examples_does_not_matter():
    order = list(range(100))
    random.Random(3).shuffle(order)  # noqa: S311 - no secret
    shuffled = split(
        [LABELS[row] for row in order],
        [TEXTS[row] for row in order],
        [FAMILY[row] for row in order],
    )

    assert {TEXTS[order[row]] for row in shuffled.held_out} == {
        TEXTS[row] for row in split(LABELS, TEXTS, FAMILY).held_out
    }


def test_a_family_too_large_for_its_label_is_learnt_from():
    parted = split(["one"] * 10, TEXTS[:10], [0] * 8 + [1, 2])

    assert parted.held_out == (8, 9)


def said(count):
    labels = ["faq/cost", "faq/hours", *SMALL_TALK]
    return conversation(
        [(f"{label} {number}", label) for label in labels for number in range(2)], count
    )


def test_topics_take_turns_and_small_talk_comes_between():
    assert said(6) == [
        *("greet 0", "faq/cost 0", "faq/hours 0", "faq/cost 1"),
        *("thanks 0", "faq/hours 1"),
    ]


def test_nothing_is_said_twice_in_a_row():
    messages = said(200)

    assert len(messages) == 200
    assert all(one != other for one, other in pairwise(messages))


def test_the_last_conversation_may_be_shorter():
    assert list(parts(["a", "b", "c"], 2)) == [["a", "b"], ["c"]]


def test_shares_count_what_they_say():
    readings = {
        "right": Reading("faq/cost", "faq/cost", 0.9),
        "another topic": Reading("faq/hours", "faq/hours", 0.8),
        "unsure": Reading("nlu_fallback", "faq/cost", 0.2),
    }
    labels = ["faq/cost"] * 3 + ["crisis", "complaint", "out_of_scope", "out_of_scope"]

    found = judge(
        labels,
        [
            *readings.values(),
            Reading("report_emergency", "report_emergency", 0.9),
            Reading("out_of_scope", "complaint", 0.3),
            Reading("out_of_scope", "greet", 0.1),
            Reading("greet", "greet", 0.7),
        ],
    )

    assert (found.topics, found.topics_guessed) == (0.3333, 0.6667)
    assert (found.deeds, found.deeds_guessed) == (0.0, 1.0)
    assert found.safety == 1.0
    assert found.everything == 0.2
    assert found.kept == 0.6
    assert found.rejected == 0.5


def test_equal_gates_let_95_of_100_in_scope_through():
    inside = [Reading("greet", "greet", number / 100) for number in range(1, 101)]
    outside = [Reading("greet", "greet", score) for score in (0.01, 0.04, 0.06, 0.5)]

    found = judge(["greet"] * 100 + ["out_of_scope"] * 4, [*inside, *outside])

    assert found.rejected_at_equal_kept == 0.5


class Shy:
    """Answers every message but the one that says so."""

    def say(self, text):
        return None if text == "silence" else 5.0

    def close(self):
        pass


def test_silence_is_counted_and_not_timed():
    cost = measure(Shy, ["one", "silence", "two"], length=2, processes={})

    assert cost.silent == 1
    assert cost.first_answer_ms == Times(5.0, 5.0, 5.0)


def test_who_never_answers_was_not_measured():
    with pytest.raises(Failed, match="not one"):
        measure(Shy, ["silence"], length=1, processes={})


def test_absent_public_sets_are_skipped_with_a_line(tmp_path, capsys):
    assert list(public_sets(None)) == []
    assert list(public_sets(str(tmp_path))) == []

    assert capsys.readouterr().out.count("skipped") == 4


def public_file(folder, name, text):
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def test_ten_examples_of_each_intent_are_drawn_and_every_test_message_asked(tmp_path):
    lines = "".join(f'"text, {n}",{n % 2}\n' for n in range(30))
    public_file(tmp_path, "banking77/train.csv", f"text,category\n{lines}")
    public_file(tmp_path, "banking77/test.csv", "text,category\nhello,0\n")

    (found,) = public_sets(str(tmp_path))

    assert sorted(label for _, label in found.known) == ["0"] * 10 + ["1"] * 10
    assert len(set(found.known)) == 20
    assert found.asked == (("hello", "0"),)
    assert found.outside == ()


def test_a_public_file_with_other_contents_is_named(tmp_path):
    public_file(tmp_path, "clinc150/data_full.json", '{"train": [["text"]]}')

    with pytest.raises(Failed, match="CLINC150"):
        list(public_sets(str(tmp_path)))


def test_the_bar_that_keeps_95_of_100_turns_away_what_lies_below():
    inside = [number / 100 for number in range(1, 101)]

    assert rejected_where_kept(inside, [0.01, 0.04, 0.06, 0.5]) == 0.5
    assert rejected_where_kept(inside, []) is None
