"""Says how much a sentence is like those behind which somebody was in danger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from bot.clinic.errors import MeridianError
from bot.nlu.nearness import Nearness

Floats = npt.NDArray[np.float32]

SAFETY = ("report_emergency", "crisis")
_NUMBERS = (
    *("sharpness", "alarm", "framed_alarm", "worry", "framed_worry"),
    *("agreed_alarm", "agreed_worry"),
)


class WrongModel(MeridianError):
    """The trained model is not ours, of another version or of another encoder."""


@dataclass(frozen=True)
class Danger:
    """A vote of alarming messages and of harmless ones in alarming words.

    It knows far more of both than the head, whose labels the harmless ones lack.

    Attributes:
        examples: unit vectors of the messages, shape (n, 384).
        weights: what each says for each label of `SAFETY`, shape (n, 2).
        sharpness: see `bot.nlu.head.Head`.
        alarm: the votes for both labels together from which on a message is taken for
            an emergency or a crisis.
        framed_alarm: the same where the matcher finds what is meant, and finds that it
            is denied, long over, only asked about or imagined.
        worry: the same, from which on it is worrying.
        framed_worry: the same where `framed_alarm` holds.
        agreed_alarm: what an alarm takes besides: the probability that the head, which
            knows all ordinary messages, gives to the labels of `SAFETY` together.
        agreed_worry: the same for a worry.
    """

    examples: Floats
    weights: Floats
    sharpness: float
    alarm: float
    framed_alarm: float
    worry: float
    framed_worry: float
    agreed_alarm: float
    agreed_worry: float

    def read(self, vector: Floats) -> Floats:
        """Return the votes for each label of `SAFETY`, shape (2,).

        About 1 together where somebody is in danger, 0 where nobody is; below and
        above is possible.

        Args:
            vector: a unit vector of shape (384,).
        """
        kernel = np.exp(self.sharpness * (self._nearness.to(vector) - 1))
        votes: Floats = kernel @ self.weights
        return votes

    @cached_property
    def _nearness(self) -> Nearness:
        return Nearness(self.examples)

    def judge(self, votes: float, agreed: float, *, framed: bool) -> tuple[bool, bool]:
        """Say whether votes are an alarm, and whether they are a worry only.

        Args:
            votes: for both labels together.
            agreed: see `agreed_alarm`.
            framed: see `framed_alarm`.
        """
        alarm = self.framed_alarm if framed else self.alarm
        worry = self.framed_worry if framed else self.worry
        alarmed = votes >= alarm and agreed >= self.agreed_alarm
        worried = votes >= worry and agreed >= self.agreed_worry
        return alarmed, worried and not alarmed

    def save(self, arrays: Path, plain: Path) -> None:
        """Write it as plain numbers, no pickle."""
        np.savez(arrays, examples=self.examples, weights=self.weights)
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        plain.write_text(json.dumps(numbers, indent=1))

    @staticmethod
    def load(arrays: Path | IO[bytes], plain: str) -> Danger:
        """Read what was saved.

        Args:
            arrays: the saved arrays, a path or an open file.
            plain: the text of the saved JSON.

        Raises:
            WrongModel: saved by a Meridian that kept other parts.
        """
        values = json.loads(plain)
        try:
            with np.load(arrays, allow_pickle=False) as numbers:
                return Danger(
                    examples=numbers["examples"],
                    weights=numbers["weights"],
                    **{name: values[name] for name in _NUMBERS},
                )
        except KeyError as error:
            raise WrongModel(
                f"The model lacks {error}; train it again: make train"
            ) from error
