"""How well a trained model reads examples that it has not seen."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import run_gently
from bench.project import Project
from bench.stats import Times, share
from bot.nlu.head import OUT_OF_SCOPE, SAFETY
from bot.nlu.understand import FALLBACK, Understanding
from bot.settings import ROOT

DEEDS = (
    *("book_appointment", "reschedule_appointment", "cancel_appointment"),
    *("check_appointment", "start_screening", "talk_to_human"),
    *("progress_update", "complaint"),
)
_TURNED_AWAY = (OUT_OF_SCOPE, FALLBACK)
# The share of messages in scope that are let through when gates are compared.
KEPT = 0.95


@dataclass(frozen=True)
class Reading:
    """What a model makes of one message.

    Attributes:
        taken: the full label acted on; `nlu_fallback` where it is not sure.
        guess: the full label it would act on if it had to.
        score: how much the message seems to be in scope; no unit.
    """

    taken: str
    guess: str
    score: float


@dataclass(frozen=True)
class Accuracy:
    """Shares from 0 to 1, of held-out examples; None where there are none.

    Attributes:
        topics: FAQ questions that get their topic's answer.
        topics_guessed: the same with the gate open.
        deeds: requests that are taken for what they are.
        deeds_guessed: the same with the gate open.
        safety: emergencies and crises taken for either of the two.
        everything: all in scope taken for what they are.
        kept: messages in scope that are not turned away.
        rejected: messages out of scope that are turned away.
        rejected_at_equal_kept: the same with both gates set so that they let through
            0.95 of what is in scope. Set on the held-out examples themselves: it
            compares the scores and promises nothing.
    """

    topics: float | None
    topics_guessed: float | None
    deeds: float | None
    deeds_guessed: float | None
    safety: float | None
    everything: float | None
    kept: float | None
    rejected: float | None
    rejected_at_equal_kept: float | None


def judge(labels: Sequence[str], readings: Sequence[Reading]) -> Accuracy:
    """Compare what was read with what was meant."""
    pairs = list(zip(labels, readings, strict=True))
    topics = [(label, each) for label, each in pairs if label.startswith("faq/")]
    deeds = [(label, each) for label, each in pairs if label in DEEDS]
    inside = [(label, each) for label, each in pairs if label != OUT_OF_SCOPE]
    outside = [each for label, each in pairs if label == OUT_OF_SCOPE]
    return Accuracy(
        topics=share([each.taken == label for label, each in topics]),
        topics_guessed=share([each.guess == label for label, each in topics]),
        deeds=share([each.taken == label for label, each in deeds]),
        deeds_guessed=share([each.guess == label for label, each in deeds]),
        safety=share(
            [each.taken in SAFETY for label, each in pairs if label in SAFETY]
        ),
        everything=share([each.taken == label for label, each in inside]),
        kept=share([each.taken not in _TURNED_AWAY for _, each in inside]),
        rejected=share([each.taken in _TURNED_AWAY for each in outside]),
        rejected_at_equal_kept=rejected_where_kept(
            [each.score for _, each in inside], [each.score for each in outside]
        ),
    )


def rejected_where_kept(
    inside: Sequence[float], outside: Sequence[float]
) -> float | None:
    """Return the share turned away by the bar that keeps 0.95 of what is in scope.

    Args:
        inside: scores of what is in scope.
        outside: scores of what is not; with none the answer is None.
    """
    bar = sorted(inside)[int(len(inside) * (1 - KEPT))]
    return share([score < bar for score in outside])


def parse(
    project: Project, way: str, messages: Sequence[str]
) -> tuple[list[dict[str, Any]], Times]:
    """Parse messages with a project's model; see `parse_with`."""
    return parse_with(way, project.model, messages, project.folder, project.environment)


def parse_with(
    way: str,
    model: Path,
    messages: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
) -> tuple[list[dict[str, Any]], Times]:
    """Parse messages in a process of their own, as Rasa's server does.

    Args:
        way: "lean" for Rasa without TensorFlow, "stock" as it is.
        model: a trained one.
        messages: what is parsed.
        folder: to work in.
        environment: what the process needs to find beside our code.

    Returns:
        Rasa's parses, and the processor milliseconds of one.
    """
    asked, told = folder / "messages.json", folder / "parses.json"
    asked.write_text(json.dumps(list(messages)))
    command = [sys.executable, "-m", "bench.parse", way]
    run_gently(
        "parsing",
        [*command, str(model), str(asked), str(told)],
        folder,
        {"PYTHONPATH": str(ROOT), **environment},
        folder / "parse.log",
    )
    answer = json.loads(told.read_text())
    return answer["parses"], Times.of(answer["cpu_ms"])


def read_meridian(
    project: Project, messages: Sequence[str], parses: Sequence[Mapping[str, Any]]
) -> list[Reading]:
    """Take the label from Rasa's parse, the gate's score from the model itself."""
    understanding = Understanding.open(
        project.model, next((project.data_dir / "encoder").iterdir())
    )
    readings = [understanding.read(message) for message in messages]
    return [
        Reading(_label(parsed["intent"]["name"], parsed), reading.label, reading.score)
        for parsed, reading in zip(parses, readings, strict=True)
    ]


def read_stock(parses: Sequence[Mapping[str, Any]]) -> list[Reading]:
    """Take all from Rasa's parse; the score is what its FallbackClassifier looks at."""
    return [_read_stock(parsed) for parsed in parses]


def _read_stock(parsed: Mapping[str, Any]) -> Reading:
    likely = [each for each in parsed["intent_ranking"] if each["name"] != FALLBACK]
    inside = [each["confidence"] for each in likely if each["name"] != OUT_OF_SCOPE]
    return Reading(
        taken=_label(parsed["intent"]["name"], parsed),
        guess=_label(likely[0]["name"], parsed),
        score=inside[0],
    )


def _label(intent: str, parsed: Mapping[str, Any]) -> str:
    if intent != "faq":
        return intent
    selected = parsed["response_selector"]
    # One of ours names the intent, Rasa's own selector for all intents "default".
    answer = selected.get("faq") or selected["default"]
    return str(answer["response"]["intent_response_key"])
