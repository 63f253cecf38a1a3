"""What the clinic's terms say of a late change, said before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence

from actions import Turn
from bot.clinic.booking import Appointment

LATE = "late"
"""The `answer` that a button carries under which the terms of late changes stand."""

_LAST_FEW = 5


def late_terms(turn: Turn, visits: Sequence[Appointment], which: str = "It") -> str:
    """Return what the terms say where one of the visits is near; else "".

    Args:
        which: what a single visit is called.
    """
    policy = turn.house.shelf.clinic.policy
    if not any(one.late_terms_count(policy, turn.now) for one in visits):
        return ""
    fee = turn.house.shelf.facts["late_fee"]  # there is none without terms
    if len(visits) > 1:
        return (
            f"Less than {policy.cancel_hours} hours before a visit our terms say: "
            f"{fee}."
        )
    return (
        f"{which} is less than {policy.cancel_hours} hours away, and our terms then "
        f"say: {fee}."
    )


def knows_terms(turn: Turn) -> bool:
    """Tell whether what was pressed, or said yes to, stood under the late terms."""
    if not turn.typed:
        return LATE in turn.entities("answer")
    return any(f'"answer": "{LATE}"' in one for one in last_offered(turn))


def last_offered(turn: Turn) -> Sequence[str]:
    """Return what the buttons of the last message to the visitor carry.

    The desk's record knows; the assistant keeps no words and no buttons. Nothing where
    the visitor had not seen that message yet.
    """
    _, seen = turn.heard
    if not seen:
        return ()
    with turn.house.store.reading() as unit:
        talk = unit.conversations.get(turn.conversation_id)
        newest = talk.last_seq + 1 if talk else 0
        said = unit.conversations.before(turn.conversation_id, newest, _LAST_FEW)
        shown = next((one.extras for one in said if one.author != "visitor"), {})
        ids = [str(one["id"]) for one in shown.get("buttons", ())]
        buttons = unit.conversations.choices(turn.conversation_id, ids)
    return [choice.payload for _, choice in buttons.values()]
