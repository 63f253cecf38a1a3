"""Words safety advice as it is shown: urgent, with one action first."""

from __future__ import annotations

from bot.clinic.contacts import fill
from bot.clinic.conversation import Said
from bot.clinic.questionnaire import ScreeningProtocol


def advice(protocol: ScreeningProtocol, key: str) -> Said:
    """Return what is said for a key of messages.yml, such as `em_chest`.

    The text says nothing of staff having been told: a place in their queue is not
    yet somebody who knows.
    """
    contacts = protocol.contacts
    return Said(
        text=fill(protocol.messages[key], contacts),
        extras={
            "urgent": True,
            "card": {
                "kind": "emergency",
                "title": "Get help now",
                "rows": [],
                "links": [
                    {
                        "label": f"Call {contacts.emergency}",
                        "href": f"tel:{contacts.emergency}",
                    }
                ],
            },
        },
    )
