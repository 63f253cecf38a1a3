"""Fits the head to labelled vectors and sets its gate by what it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from bot.nlu.head import OUT_OF_SCOPE, Floats, Head, Reading

_Doubles = npt.NDArray[np.float64]

# Sentences this near say the same in nearly the same words: they are left out together.
TWIN_COSINE = 0.88
_TEMPERATURES = np.arange(4.0, 41.0, 2.0)


@dataclass(frozen=True)
class Settings:
    """How to learn; the keys of the component in config.yml.

    What else was tried, and by how much it lost: docs/decisions/0011.

    Attributes:
        sharpness: see `bot.nlu.head.Head`; larger listens to near examples only.
        ridge: larger trusts single examples less.
        cosine_weight: see `bot.nlu.head.Head`.
        alarm: see `bot.nlu.head.Head`. At 0.2 the classifier finds 95 % of the fresh
            safety examples, and sees one in 1.1 % of the fresh questions.
        keep: share of rightly classified messages that the gate must let through.
    """

    sharpness: float = 1.0
    ridge: float = 0.1
    cosine_weight: float = 0.3
    alarm: float = 0.2
    keep: float = 0.95


def learn(
    vectors: Floats,
    labels: Sequence[str],
    settings: Settings,
    fresh: Sequence[bool],
) -> tuple[Head, list[Reading]]:
    """Fit a head, and let it read what it was fitted to as if it had not seen it.

    Kernel ridge regression: reading an example without itself and its near twins takes
    no second fit (Rifkin and Lippert, Notes on regularized least squares, 2007).
    4 s and 0.5 GB for 3,700 examples; the same input gives the same head.

    Args:
        vectors: unit vectors, shape (n, 384).
        labels: n full labels, of at least two kinds.
        settings: how to learn.
        fresh: which of them the encoder was not tuned on, n; only they tell how sure
            to be of new messages.

    Returns:
        The head, whose gate lets through `settings.keep` of the fresh examples that it
        classified rightly unseen (all, where it classified none rightly), and its
        reading of each example, unseen, in order.
    """
    names, rows = np.unique(np.array(labels), return_inverse=True)
    wanted: _Doubles = np.eye(len(names))[rows]
    in_scope = np.array(labels) != OUT_OF_SCOPE
    # One thread: the same sums in the same order, and nobody else's processor.
    with threadpool_limits(1):
        cosines = (vectors @ vectors.T).astype(np.float64)
        kernel = np.exp(settings.sharpness * (cosines - 1))
        kernel[np.diag_indices_from(kernel)] += settings.ridge
        inverse = np.linalg.inv(kernel)
        weights = inverse @ wanted
        votes = _unseen_votes(inverse, weights, wanted, cosines)
    head = Head(
        labels=tuple(str(name) for name in names),
        examples=vectors,
        in_scope=in_scope,
        weights=weights.astype(np.float32),
        sharpness=settings.sharpness,
        temperature=_temperature(votes[fresh], rows[fresh]),
        cosine_weight=settings.cosine_weight,
        alarm=settings.alarm,
        threshold=-np.inf,
    )
    nearest = np.where(in_scope & (cosines <= TWIN_COSINE), cosines, -1).max(axis=1)
    open_gate = _judged(head, votes, nearest)
    scores = [
        reading.score
        for reading, label, new in zip(open_gate, labels, fresh, strict=True)
        if new and reading.label == label != OUT_OF_SCOPE
    ]
    if scores:
        threshold = float(np.quantile(scores, 1 - settings.keep))
        head = replace(head, threshold=threshold)
    return head, _judged(head, votes, nearest)


def _judged(head: Head, votes: _Doubles, nearest: _Doubles) -> list[Reading]:
    return [
        head.judge(row, float(cosine))
        for row, cosine in zip(votes.astype(np.float32), nearest, strict=True)
    ]


def _unseen_votes(
    inverse: _Doubles, weights: _Doubles, wanted: _Doubles, cosines: _Doubles
) -> _Doubles:
    """Return the votes for each example of a head without it and its twins, (n, k)."""
    votes = wanted - weights / np.diag(inverse)[:, None]
    twins = cosines > TWIN_COSINE
    np.fill_diagonal(twins, val=True)
    for row in np.flatnonzero(twins.sum(axis=1) > 1):
        out = np.flatnonzero(twins[row])
        block = np.linalg.solve(inverse[np.ix_(out, out)], weights[out])
        votes[row] = (wanted[out] - block)[out == row]
    return votes


def _temperature(votes: _Doubles, rows: npt.NDArray[np.intp]) -> float:
    """Return the temperature under which what was meant is likeliest."""

    def surprise(temperature: float) -> float:
        logits = temperature * votes
        totals = np.logaddexp.reduce(logits, axis=1)
        return float((totals - logits[np.arange(len(rows)), rows]).mean())

    return float(min(_TEMPERATURES, key=surprise))
