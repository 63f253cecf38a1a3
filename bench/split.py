"""Splits examples so that no two that resemble each other lie on different sides."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

# Two texts are of one family if this much of their letter groups is shared ...
ALIKE_IN_LETTERS = 0.6
# ... or their sentence vectors point this much the same way.
ALIKE_IN_MEANING = 0.85
HELD_OUT = 0.2


@dataclass(frozen=True)
class Split:
    """Row numbers of the examples to learn from and of those held out."""

    known: tuple[int, ...]
    held_out: tuple[int, ...]
    families: int


def alike_in_letters(texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Say which texts share so many groups of 3 to 5 letters, shape (n, n).

    Rare groups count more (tf-idf), so "can you" makes no family.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32
    )
    vectors: Any = vectorizer.fit_transform(texts)
    # Sparse until the end: most texts share nothing.
    alike: npt.NDArray[np.bool_] = ((vectors @ vectors.T) >= ALIKE_IN_LETTERS).toarray()
    return alike


def families(near: npt.NDArray[np.bool_]) -> list[int]:
    """Number the families: who is near to somebody belongs with them.

    Args:
        near: shape (n, n), symmetric; true where two texts are alike.

    Returns:
        A family's number for each of the n texts.
    """
    numbers = list(range(len(near)))

    def head_of(row: int) -> int:
        while numbers[row] != row:
            numbers[row] = numbers[numbers[row]]
            row = numbers[row]
        return row

    for one, other in np.argwhere(np.triu(near, 1)):
        numbers[head_of(int(other))] = head_of(int(one))
    return [head_of(row) for row in range(len(near))]


def split(labels: Sequence[str], texts: Sequence[str], family: Sequence[int]) -> Split:
    """Hold about a fifth of every label out, in whole families.

    The same texts always give the same split, in whatever order they come: families
    are taken by the hash of their texts, as long as none of their labels would lose
    more than a fifth of its examples.

    Args:
        labels: one for each text.
        texts: the examples.
        family: the number of each text's family.
    """
    room = {
        label: int(count * HELD_OUT + 0.5) for label, count in Counter(labels).items()
    }
    members: dict[int, list[int]] = defaultdict(list)
    for row, number in enumerate(family):
        members[number].append(row)
    held_out: list[int] = []
    for rows in sorted(members.values(), key=lambda rows: _lot(rows, texts)):
        wanted = Counter(labels[row] for row in rows)
        if all(count <= room[label] for label, count in wanted.items()):
            for label, count in wanted.items():
                room[label] -= count
            held_out += rows
    gone = set(held_out)
    known = tuple(row for row in range(len(texts)) if row not in gone)
    return Split(known, tuple(sorted(held_out)), len(members))


def _lot(rows: Sequence[int], texts: Sequence[str]) -> str:
    first = min(texts[row] for row in rows)
    return hashlib.sha256(first.encode()).hexdigest()
