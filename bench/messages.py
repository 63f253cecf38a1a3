"""What the visitors of the bench say: questions with some small talk in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, islice, zip_longest

SMALL_TALK = (
    *("greet", "thanks", "affirm", "deny"),
    *("capabilities", "bot_challenge", "stop", "goodbye"),
)
# One message in so many is small talk.
_EVERY = 4


def conversation(examples: Iterable[tuple[str, str]], count: int) -> list[str]:
    """Choose messages from the examples: first every topic's first one, and so on.

    Args:
        examples: texts with their full labels, in the order of the files.
        count: how many; where the examples run out they begin anew.

    Returns:
        Messages of which no two neighbours are the same.
    """
    by_label: dict[str, list[str]] = {}
    for text, label in examples:
        by_label.setdefault(label, []).append(text)
    questions = cycle(
        _in_turn([by_label[each] for each in by_label if each.startswith("faq/")])
    )
    talk = cycle(_in_turn([by_label[each] for each in SMALL_TALK]))
    return [
        next(talk if number % _EVERY == 0 else questions) for number in range(count)
    ]


def _in_turn(groups: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in zip_longest(*groups):
        yield from (text for text in row if text is not None)


def parts(messages: Sequence[str], length: int) -> Iterator[list[str]]:
    """Cut messages into conversations of some length; the last may be shorter."""
    rest = iter(messages)
    while part := list(islice(rest, length)):
        yield part
