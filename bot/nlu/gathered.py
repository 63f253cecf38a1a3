"""Puts all that Rasa learns from into one file.

Rasa copies everything that it has read for each further file, and there are ninety.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_LISTS = ("nlu", "rules", "stories")
_TABLES = ("responses", "forms")


def gathered(files: Iterable[Path]) -> str:
    """Return one Rasa file that says what all these say, in their order.

    What is ours alone (an answer's sources) is left out; of a response that stands
    twice the last counts, as it does for Rasa.

    Args:
        files: Rasa's YAML files.

    Returns:
        YAML; JSON would be quicker to write, but Rasa takes it for other tools' files.
    """
    yaml = YAML(typ="safe")
    whole: dict[str, Any] = {"version": "3.1"}
    for file in files:
        content = yaml.load(file) or {}
        for key in _LISTS:
            whole.setdefault(key, []).extend(content.get(key) or [])
        for key in _TABLES:
            whole.setdefault(key, {}).update(content.get(key) or {})
    text = StringIO()
    yaml.dump({key: value for key, value in whole.items() if value}, text)
    return text.getvalue()
