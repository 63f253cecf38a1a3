"""Fits the head to labelled vectors and sets its gate by what it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve
from threadpoolctl import threadpool_limits

from bot.nlu.danger import SAFETY, Danger, Floats
from bot.nlu.head import OUT_OF_SCOPE, Head, Reading

# Sentences this near say the same in nearly the same words: they are left out together.
TWIN_COSINE = 0.88
_TEMPERATURES = np.arange(4.0, 41.0, 2.0)
_PARTS = 2
# Of the ordinary examples so many stand against danger: those that are most like it.
_ORDINARY = 3000
# The gate does not judge these.
_UNGATED = (OUT_OF_SCOPE, *SAFETY)


@dataclass(frozen=True)
class Settings:
    """How to learn; the keys of the component in config.yml.

    What else was tried, and by how much it lost: docs/decisions/0011.

    Attributes:
        sharpness: see `bot.nlu.head.Head`; larger listens to near examples only.
        ridge: larger trusts single examples less.
        cosine_weight: see `bot.nlu.head.Head`.
        alarm, worry: see `bot.nlu.head.Head`, and docs/decisions/0014 for what other
            values find and raise for nothing.
        danger_sharpness, danger_ridge: the same for the danger of a message.
        danger_alarm, danger_framed_alarm, danger_worry, danger_agreed_alarm,
            danger_agreed_worry: see `bot.nlu.danger.Danger`, and docs/decisions/0018.
        keep: share of rightly classified messages that the gate must let through.
    """

    sharpness: float = 1.0
    ridge: float = 0.1
    cosine_weight: float = 0.3
    alarm: float = 0.5
    worry: float = 0.1
    danger_sharpness: float = 1.5
    danger_ridge: float = 0.02
    danger_alarm: float = 0.46
    danger_framed_alarm: float = 0.6
    danger_worry: float = 0.24
    danger_agreed_alarm: float = 0.05
    danger_agreed_worry: float = 0.001
    keep: float = 0.95


def learn(
    vectors: Floats,
    labels: Sequence[str],
    settings: Settings,
    fresh: Sequence[bool],
) -> tuple[Head, list[Reading]]:
    """Fit a head, and let heads that have not seen them read the fresh examples.

    Kernel ridge regression on one thread, so that the same input gives the same head:
    20 s and 0.9 GB for 9,000 examples.

    Args:
        vectors: unit vectors, shape (n, 384).
        labels: n full labels, of at least two kinds.
        settings: how to learn.
        fresh: which of them the encoder was not tuned on, n; only they tell how sure
            to be of new messages.

    Returns:
        The head, whose gate lets through `settings.keep` of the fresh examples that it
        classified rightly unseen (all, where it classified none rightly), and the
        reading of each fresh example, unseen, in order.
    """
    names, rows = np.unique(np.array(labels), return_inverse=True)
    wanted = np.eye(len(names), dtype=np.float32)[rows]
    in_scope = np.array(labels) != OUT_OF_SCOPE
    news = np.flatnonzero(fresh)
    with threadpool_limits(1):
        votes, nearest = _unseen(vectors, wanted, in_scope, news, settings)
        weights = fit(vectors, wanted, settings.sharpness, settings.ridge)
    head = Head(
        labels=tuple(str(name) for name in names),
        examples=vectors,
        in_scope=in_scope,
        weights=weights,
        sharpness=settings.sharpness,
        temperature=_temperature(votes, rows[news]),
        cosine_weight=settings.cosine_weight,
        alarm=settings.alarm,
        worry=settings.worry,
        threshold=-np.inf,
    )
    scores = [
        reading.score
        for reading, row in zip(_judged(head, votes, nearest), news, strict=True)
        if reading.label == labels[row] and labels[row] not in _UNGATED
    ]
    if scores:
        threshold = float(np.quantile(scores, 1 - settings.keep))
        head = replace(head, threshold=threshold)
    return head, _judged(head, votes, nearest)


def learn_danger(
    vectors: Floats,
    labels: Sequence[str],
    told: Floats,
    told_labels: Sequence[str],
    settings: Settings,
) -> Danger:
    """Fit what says whether somebody is in danger.

    Args:
        vectors: unit vectors of the training examples, shape (n, 384).
        labels: their n full labels.
        told: unit vectors of more messages, alarming ones and ones that only sound so,
            shape (m, 384).
        told_labels: for each a label of `SAFETY`, or "" where nobody is in danger.
        settings: how to learn.
    """
    everything = np.vstack([told, vectors])
    meant = np.array([*told_labels, *labels])
    wanted = (meant[:, None] == np.array(SAFETY)).astype(np.float32)
    alarming = wanted.any(axis=1)
    ordinary = np.flatnonzero(~alarming[len(told) :]) + len(told)
    with threadpool_limits(1):
        likeness = (everything[ordinary] @ everything[alarming].T).max(
            axis=1, initial=-1
        )
        chosen = alarming | (np.arange(len(meant)) < len(told))
        chosen[ordinary[np.argsort(-likeness, kind="stable")[:_ORDINARY]]] = True
        weights = fit(
            everything[chosen],
            wanted[chosen],
            settings.danger_sharpness,
            settings.danger_ridge,
        )
    return Danger(
        everything[chosen],
        weights,
        settings.danger_sharpness,
        settings.danger_alarm,
        settings.danger_framed_alarm,
        settings.danger_worry,
        settings.danger_agreed_alarm,
        settings.danger_agreed_worry,
    )


def fit(vectors: Floats, wanted: Floats, sharpness: float, ridge: float) -> Floats:
    """Return what each example says for each label, shape (n, k)."""
    kernel = vectors @ vectors.T  # 0.3 GB for 9,000 examples, so used in place
    kernel -= 1
    kernel *= sharpness
    np.exp(kernel, out=kernel)
    kernel[np.diag_indices_from(kernel)] += ridge
    weights: Floats = solve(kernel, wanted, assume_a="pos", overwrite_a=True)
    return weights


def _unseen(
    vectors: Floats,
    wanted: Floats,
    in_scope: npt.NDArray[np.bool_],
    news: npt.NDArray[np.intp],
    settings: Settings,
) -> tuple[Floats, Floats]:
    """Let each half of the news be read by what was fitted without it and its twins.

    Returns:
        The votes for the news, shape (m, k), and the cosine of each to the nearest
        example in scope that is no twin of it, shape (m,).
    """
    votes = np.zeros((len(news), wanted.shape[1]), np.float32)
    nearest = np.full(len(news), -1, np.float32)
    for half in range(_PARTS):
        part = np.arange(half, len(news), _PARTS)
        cosines = vectors[news[part]] @ vectors.T
        known = (cosines <= TWIN_COSINE).all(axis=0)
        known[news[part]] = False
        weights = fit(vectors[known], wanted[known], settings.sharpness, settings.ridge)
        kernel = np.exp(settings.sharpness * (cosines[:, known] - 1))
        votes[part] = kernel @ weights
        nearest[part] = cosines[:, known & in_scope].max(axis=1, initial=-1)
    return votes, nearest


def _judged(head: Head, votes: Floats, nearest: Floats) -> list[Reading]:
    return [
        head.judge(row, float(cosine))
        for row, cosine in zip(votes, nearest, strict=True)
    ]


def _temperature(votes: Floats, rows: npt.NDArray[np.intp]) -> float:
    """Return the temperature under which what was meant is likeliest."""

    def surprise(temperature: float) -> float:
        logits = temperature * votes
        totals = np.logaddexp.reduce(logits, axis=1)
        return float((totals - logits[np.arange(len(rows)), rows]).mean())

    return float(min(_TEMPERATURES, key=surprise))
