"""`python -m bot understand`: what each message means, and where it would go."""

from __future__ import annotations

import json
from typing import BinaryIO, TextIO

from bot.clinic.conversation import neutral, tidy
from bot.clinic.red_flags import RedFlags
from bot.content import red_flags
from bot.nlu.train import serving_model
from bot.nlu.understand import Understanding
from bot.settings import ROOT, Settings


def understand(settings: Settings, lines: BinaryIO, out: TextIO) -> int:
    """Answer each line with one JSON object, in order.

    A line is the message itself, or a JSON object with the message under `text` (so
    that a message may hold line breaks).
    """
    flags = red_flags.load(ROOT / "data" / "red_flags")
    reader = Understanding.open(serving_model(settings.data_dir))
    for line in lines:
        text = _message(line.decode("utf-8", "replace").rstrip("\r\n"))
        out.write(json.dumps(meaning(text, flags, reader), ensure_ascii=False) + "\n")
        out.flush()
    return 0


def _message(line: str) -> str:
    if line.startswith("{"):
        try:
            text = json.loads(line)["text"]
        except (json.JSONDecodeError, KeyError, RecursionError):
            return line
        if isinstance(text, str):
            return text
    return line


def meaning(text: str, flags: RedFlags, reader: Understanding) -> dict[str, object]:
    """Return what the desk would make of one message; see the contract."""
    flag = flags.match(tidy(text))
    parsed = reader.parse(neutral(text))
    route = parsed.route_hint
    if flag:
        route = "crisis" if flag.kind == "CRISIS" else "emergency"
    return {
        "text": text,
        "emergency": flag.kind if flag else None,
        "intent": parsed.intent,
        "topic": parsed.topic,
        "confidence": round(parsed.confidence, 4),
        "route": route,
    }
