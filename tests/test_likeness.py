"""The groups of missed questions are made between requests, and only when needed."""

from datetime import timedelta

from bot.desk import conversation
from bot.desk.misses import mark_handled, open_misses
from bot.likeness import Likeness, Unsorted
from tests.people import begin_conversation


def missed(store, text, now):
    chat = begin_conversation(store, now)
    with store.unit() as unit:
        seq = conversation.hear_text(unit, chat, text, text, now).seq
        unit.misses.add(chat, seq, [("faq/cost", 0.4)])
        unit.commit()
    return chat, seq


def listed(store):
    with store.reading() as unit:
        return open_misses(unit)


def texts(groups):
    return [[one.text for one in group] for group in groups]


class Sorter:
    """Puts together what begins with the same letter."""

    def __init__(self):
        self.asked, self.broken = 0, False

    def __call__(self, given):
        self.asked += 1
        if self.broken:
            raise Unsorted("x")
        return [ord(text[0]) for text in given]


def test_alike_misses_stand_together_the_largest_group_first(store, now):
    for minute, text in enumerate(["dog", "parking", "dogs", "pool", "park"]):
        missed(store, text, now + timedelta(minutes=minute))
    likeness = Likeness(store, Sorter())

    likeness.refresh(now)

    assert texts(likeness.together(listed(store))) == [
        ["park", "pool", "parking"],
        ["dogs", "dog"],
    ]


def test_what_was_not_compared_yet_stands_alone(store, now):
    missed(store, "dog", now)
    likeness = Likeness(store, Sorter())
    likeness.refresh(now)
    missed(store, "dogs", now + timedelta(minutes=1))

    assert texts(likeness.together(listed(store))) == [["dogs"], ["dog"]]


def test_the_same_list_is_compared_once(store, now):
    chat, seq = missed(store, "dog", now)
    missed(store, "dogs", now)
    sorter = Sorter()
    likeness = Likeness(store, sorter)

    likeness.refresh(now)
    likeness.refresh(now)
    with store.unit() as unit:
        mark_handled(unit, chat, seq, "Sam", now)
    likeness.refresh(now)

    assert sorter.asked == 1


def test_a_comparison_that_fails_is_tried_again(store, now):
    missed(store, "dog", now)
    sorter = Sorter()
    likeness = Likeness(store, sorter)
    sorter.broken = True
    likeness.refresh(now)
    sorter.broken = False

    likeness.refresh(now)

    assert sorter.asked == 2
