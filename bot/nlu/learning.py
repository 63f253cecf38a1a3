"""Fits the head to labelled vectors and sets its gate by what it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import LinAlgError, cho_solve, lapack
from threadpoolctl import threadpool_limits

from bot.nlu.danger import SAFETY, Danger, Floats
from bot.nlu.head import OUT_OF_SCOPE, Head, Reading

# Sentences this near say the same in nearly the same words: they are left out together.
TWIN_COSINE = 0.88
_TEMPERATURES = np.arange(4.0, 41.0, 2.0)
# Where more than this share is fresh, each half of it is read for itself.
_MOST_HELD_OUT = 0.5
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
        danger_alarm, danger_framed_alarm, danger_worry, danger_framed_worry,
            danger_agreed_alarm, danger_agreed_worry: see `bot.nlu.danger.Danger`, and
            docs/decisions/0018 and 0021.
        keep: share of rightly classified messages that the gate must let through.
    """

    sharpness: float = 1.0
    ridge: float = 0.1
    cosine_weight: float = 0.3
    alarm: float = 0.5
    worry: float = 0.1
    danger_sharpness: float = 1.5
    danger_ridge: float = 0.02
    danger_alarm: float = 0.5
    danger_framed_alarm: float = 0.7
    danger_worry: float = 0.32
    danger_framed_worry: float = 0.4
    danger_agreed_alarm: float = 0.02
    danger_agreed_worry: float = 0.0003
    keep: float = 0.95


def learn(
    vectors: Floats,
    labels: Sequence[str],
    settings: Settings,
    fresh: Sequence[bool],
) -> tuple[Head, list[Reading]]:
    """Fit a head, and let heads that have not seen them read the fresh examples.

    Kernel ridge regression on one thread, so that the same input gives the same head:
    8 s and 0.7 GB for 9,000 examples.

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
        votes, nearest, weights = _unseen(vectors, wanted, in_scope, news, settings)
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
        settings.danger_framed_worry,
        settings.danger_agreed_alarm,
        settings.danger_agreed_worry,
    )


def fit(vectors: Floats, wanted: Floats, sharpness: float, ridge: float) -> Floats:
    """Return what each example says for each label, shape (n, k)."""
    factor = _factor(vectors, sharpness, ridge)
    weights: Floats = cho_solve((factor, True), wanted, check_finite=False)
    return weights


def _factor(vectors: Floats, sharpness: float, ridge: float) -> Floats:
    """Return the lower triangle whose square is the ridged kernel, shape (n, n).

    What stands above the diagonal means nothing.
    """
    kernel = vectors @ vectors.T  # 0.3 GB for 9,000 examples, so used in place
    kernel -= 1
    kernel *= sharpness
    np.exp(kernel, out=kernel)
    kernel[np.diag_indices_from(kernel)] += ridge
    # Symmetric, so this is the same matrix in the order that LAPACK takes.
    factor, trouble = lapack.spotrf(kernel.T, lower=True, clean=False, overwrite_a=True)
    if trouble:
        raise LinAlgError(f"the kernel is not positive at {trouble}")
    found: Floats = factor
    return found


def _unseen(
    vectors: Floats,
    wanted: Floats,
    in_scope: npt.NDArray[np.bool_],
    news: npt.NDArray[np.intp],
    settings: Settings,
) -> tuple[Floats, Floats, Floats]:
    """Let the news be read by what was fitted without them and their twins.

    Returns:
        The votes for the news, shape (m, k); the cosine of each to the nearest
        example in scope that is no twin of it, shape (m,); and what each example says
        for each label where all are known, shape (n, k).
    """
    votes = np.zeros((len(news), wanted.shape[1]), np.float32)
    nearest = np.full(len(news), -1, np.float32)
    parts = 2 if len(news) > _MOST_HELD_OUT * len(vectors) else 1
    for start in range(parts):
        part = np.arange(start, len(news), parts)
        cosines = vectors[news[part]] @ vectors.T
        known = (cosines <= TWIN_COSINE).all(axis=0)
        known[news[part]] = False
        some, weights = _fit_twice(vectors, wanted, known, settings)
        kernel = np.exp(settings.sharpness * (cosines[:, known] - 1))
        votes[part] = kernel @ some
        nearest[part] = cosines[:, known & in_scope].max(axis=1, initial=-1)
    return votes, nearest, weights


def _fit_twice(
    vectors: Floats, wanted: Floats, known: npt.NDArray[np.bool_], settings: Settings
) -> tuple[Floats, Floats]:
    """Fit to the known examples and to all, for the price of all.

    With the known ones first, their triangle is the corner of everybody's.

    Returns:
        Weights of the known examples alone, shape (known, k), and of all, (n, k).
    """
    order = np.argsort(~known, kind="stable")
    factor = _factor(vectors[order], settings.sharpness, settings.ridge)
    count = int(known.sum())
    corner = factor[:count, :count]
    some = cho_solve((corner, True), wanted[order[:count]], check_finite=False)
    weights = np.empty_like(wanted)
    weights[order] = cho_solve((factor, True), wanted[order], check_finite=False)
    return some, weights


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
