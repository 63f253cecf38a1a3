"""Decides which intent a sentence's vector means: numpy only, no Rasa, no sklearn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from bot.nlu.danger import SAFETY as SAFETY
from bot.nlu.danger import Danger
from bot.nlu.danger import Floats as Floats
from bot.nlu.danger import WrongModel as WrongModel
from bot.nlu.nearness import Nearness

OUT_OF_SCOPE = "out_of_scope"
# Below this a text is noise: of 307 safety examples none lay farther from all others.
ALARM_COSINE = 0.35
_ARRAYS = ("examples", "in_scope", "weights")
_NUMBERS = (
    *("sharpness", "temperature", "cosine_weight"),
    *("alarm", "worry", "threshold"),
)


@dataclass(frozen=True)
class Reading:
    """What the head makes of one vector.

    Attributes:
        label: the label to act on, if sure.
        sure: whether the message is enough like what the assistant knows.
        worrying: not surely an emergency or a crisis, and not surely none.
        chances: probability of each label, in the head's order; they sum to 1.
        similarity: cosine to the nearest example that is in scope, -1 to 1.
        score: what the gate looks at; no unit.
    """

    label: str
    sure: bool
    worrying: bool
    chances: Floats
    similarity: float
    score: float


@dataclass(frozen=True)
class Head:
    """A vote of the examples near a vector, with a gate for the unknown.

    Attributes:
        labels: the k labels, full ones (`faq/needle_pain`), sorted.
        examples: unit vectors of the training sentences, shape (n, 384).
        in_scope: which of them the assistant has an answer to, shape (n,).
        weights: what each example says for each label, shape (n, k).
        sharpness: how fast an example's say falls with its distance: it is
            exp(sharpness * (cosine - 1)).
        temperature: turns votes into probabilities; no unit.
        cosine_weight: what the nearest example counts in the gate's score beside
            the best label's votes less those of `out_of_scope`.
        alarm: probability of the safety labels together from which on one of them is
            chosen, whatever else is likelier, past the gate; below it never.
        worry: the same, from which on a message is worrying.
        threshold: the least score of a message that is taken as understood.
        danger: what decides on alarm and worry in place of the probabilities; None in
            a project without messages to learn it from.
    """

    labels: tuple[str, ...]
    examples: Floats
    in_scope: npt.NDArray[np.bool_]
    weights: Floats
    sharpness: float
    temperature: float
    cosine_weight: float
    alarm: float
    worry: float
    threshold: float
    danger: Danger | None = None

    def read(self, vector: Floats, *, framed: bool = False) -> Reading:
        """Read one unit vector of shape (384,); about 1 ms for 9,000 examples.

        Args:
            framed: see `Danger.framed_alarm`.
        """
        cosines = self._nearness.to(vector)
        votes = np.exp(self.sharpness * (cosines - 1)) @ self.weights
        nearest = float(cosines[self.in_scope].max(initial=-1))
        dangers = self.danger.read(vector) if self.danger else None
        return self.judge(votes, nearest, dangers, framed=framed)

    def judge(
        self,
        votes: Floats,
        similarity: float,
        dangers: Floats | None = None,
        *,
        framed: bool = False,
    ) -> Reading:
        """Make a reading of the labels' votes and of what the nearest example is.

        Args:
            votes: shape (k,); about 1 for the label and 0 for all others where the
                examples agree, about 0 for all where there are none near.
            similarity: cosine to the nearest example in scope.
            dangers: what `Danger.read` says of the same vector.
            framed: see `Danger.framed_alarm`.
        """
        powers = np.exp(self.temperature * (votes - votes.max()))
        chances = powers / powers.sum()
        closeness = self.cosine_weight * similarity
        margin = votes[self._is_ordinary].max() - votes[self._is_outside].sum()
        score = float(margin) + closeness
        level = float(chances[self._is_safety].sum())
        votes_for = chances
        alarmed, worrying = level >= self.alarm, self.worry <= level < self.alarm
        if self.danger and dangers is not None:
            votes_for = self._by_label(dangers)
            alarmed, worrying = self.danger.judge(
                float(dangers.sum()), level, framed=framed
            )
        near = similarity >= ALARM_COSINE
        alarmed = near and alarmed
        likely = (
            np.where(self._is_safety, votes_for, -np.inf)
            if alarmed
            else chances * ~self._is_safety
        )
        label = self.labels[int(likely.argmax())]
        return Reading(
            label=label,
            sure=alarmed or label == OUT_OF_SCOPE or score >= self.threshold,
            worrying=near and worrying,
            chances=chances,
            similarity=min(1.0, similarity),
            score=score,
        )

    def _by_label(self, dangers: Floats) -> Floats:
        """Return the votes for danger at the places of their labels, shape (k,)."""
        places = [self.labels.index(label) for label in SAFETY]
        votes = np.zeros(len(self.labels), np.float32)
        votes[places] = dangers
        return votes

    @cached_property
    def _nearness(self) -> Nearness:
        return Nearness(self.examples)

    @cached_property
    def _is_outside(self) -> npt.NDArray[np.bool_]:
        return np.array([label == OUT_OF_SCOPE for label in self.labels])

    @cached_property
    def _is_safety(self) -> npt.NDArray[np.bool_]:
        return np.array([label in SAFETY for label in self.labels])

    @cached_property
    def _is_ordinary(self) -> npt.NDArray[np.bool_]:
        return ~self._is_outside & ~self._is_safety

    def save(self, folder: Path) -> None:
        """Write the head as `head.npz` and `head.json`: plain numbers, no pickle.

        What decides on danger goes beside it, as `danger.npz` and `danger.json`.
        """
        np.savez(folder / "head.npz", **{name: getattr(self, name) for name in _ARRAYS})
        plain = {name: getattr(self, name) for name in ("labels", *_NUMBERS)}
        (folder / "head.json").write_text(json.dumps(plain, indent=1))
        if self.danger:
            self.danger.save(folder / "danger.npz", folder / "danger.json")

    @staticmethod
    def load(arrays: Path | IO[bytes], plain: str) -> Head:
        """Read a saved head.

        Args:
            arrays: `head.npz`, a path or an open file.
            plain: the text of `head.json`.

        Raises:
            WrongModel: saved by a Meridian whose heads had other parts.
        """
        values = json.loads(plain)
        try:
            with np.load(arrays, allow_pickle=False) as numbers:
                return Head(
                    labels=tuple(values["labels"]),
                    **{name: numbers[name] for name in _ARRAYS},
                    **{name: values[name] for name in _NUMBERS},
                )
        except KeyError as error:
            raise WrongModel(
                f"The model lacks {error}; train it again: make train"
            ) from error
