"""`python -m bot learn`: one training, its progress written down for the console."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TextIO

from bot.clinic.errors import MeridianError
from bot.clock import utc_now
from bot.learning import AlreadyRunning, Progress, alone, note
from bot.nlu.learn import Outcome, Refused, Taken, learn
from bot.settings import Settings

_NICE = 10
_MOST_TROUBLE = 1000
_SAID = {
    "taken": "The new model passed all checks and is in use.",
    "refused": "These checks failed; the old model stays.",
    "failed": "There is no new model; the old one stays.",
    "nothing": "There is nothing new to learn.",
}

Learn = Callable[[Settings], Outcome]


def run(settings: Settings, by: str, out: TextIO, deed: Learn | None = None) -> int:
    """Learn, say how it went, and keep it for the console's page.

    Args:
        by: who asked for it.
        deed: does the learning.

    Returns:
        The exit status: 0 where the model in use knows all that staff taught.
    """
    os.nice(_NICE)  # visitors who are writing now come first
    begun = Progress("running", by, utc_now())
    try:
        with alone(settings):
            note(settings, begun)
            ended = replace(_end(begun, settings, deed or _learn), ended_at=utc_now())
            note(settings, ended)
    except AlreadyRunning:
        out.write("Another training is going on. This one was not begun.\n")
        return 1
    out.write(f"{_SAID[ended.state]} {ended.trouble}".strip() + "\n")
    for one in ended.failed:
        out.write("- {check}: {text} (wanted {wanted}, got {got})\n".format(**one))
    return 0 if ended.state in ("taken", "nothing") else 1


def _learn(settings: Settings) -> Outcome:
    return learn(settings.data_dir, settings.learned_dir)


def _end(begun: Progress, settings: Settings, deed: Learn) -> Progress:
    try:
        outcome = deed(settings)
    except (MeridianError, OSError) as fault:
        return replace(begun, state="failed", trouble=str(fault)[-_MOST_TROUBLE:])
    if isinstance(outcome, Refused):
        failed = tuple(one.as_plain() for one in outcome.failed)
        return replace(begun, state="refused", failed=failed)
    return replace(begun, state="taken" if isinstance(outcome, Taken) else "nothing")
