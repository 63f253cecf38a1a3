"""A child process of the tests: load a model as Rasa does, and print what it says.

Arguments: "lean" or "stock", the model, then the messages. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any


async def converse(model: str, messages: list[str]) -> dict[str, Any]:
    """Return the parse of each message, and the events of saying them in a row."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    parses = [await agent.parse_message(message) for message in messages]
    for message in messages:
        await agent.handle_text(message, sender_id="visitor")
    tracker = await agent.tracker_store.retrieve("visitor")
    actions = [
        event.action_name for event in tracker.events if event.type_name == "action"
    ]
    return {
        "parses": parses,
        "actions": actions,
        "form": tracker.active_loop_name,
        "name": tracker.get_slot("visitor_name"),
        "tensorflow": "tensorflow" in sys.modules,
    }


if __name__ == "__main__":
    if sys.argv[1] == "lean":
        from bot.nlu import lean

        lean.close_roads()
        lean.check_replies_quickly()
    answer = asyncio.run(converse(sys.argv[2], sys.argv[3:]))
    sys.stdout.write("\n" + json.dumps(answer))
