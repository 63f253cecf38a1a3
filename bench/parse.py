"""A child process of the bench: loads a model as Rasa does and parses messages.

Arguments: "lean" or "stock", the model, a JSON file with the messages, the file to
write: one JSON object with the parses and the processor milliseconds of each.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

_WARM_UP = 20


async def parse_all(model: str, messages: list[str]) -> dict[str, Any]:
    """Parse each message once, after a warm-up that is not counted."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    for message in messages[:_WARM_UP]:
        await agent.parse_message(message)
    parses, cpu_ms = [], []
    for message in messages:
        start = time.process_time()
        parsed = await agent.parse_message(message)
        cpu_ms.append((time.process_time() - start) * 1000)
        parses.append(parsed)
    return {"parses": parses, "cpu_ms": cpu_ms}


def main() -> int:
    """Parse as the arguments say."""
    way, model, messages, target = sys.argv[1:]
    if way == "lean":
        from bot.nlu import lean

        lean.close_roads()
    result = asyncio.run(parse_all(model, json.loads(Path(messages).read_text())))
    # Rasa's parses hold numpy numbers.
    Path(target).write_text(json.dumps(result, default=float))
    return 0


if __name__ == "__main__":
    sys.exit(main())
