"""Says in one sentence why somebody was chosen for a wish."""

from __future__ import annotations

from bot.clinic.booking import Opening
from bot.clinic.profile import Clinic
from bot.clinic.wish import Wish

_GENDERS = {"woman": "is a woman", "man": "is a man", "non_binary": "is non-binary"}


def why(clinic: Clinic, wish: Wish, opening: Opening) -> str:
    """Return why an opening fits, such as "Asha Verrin speaks Kannada".

    It names only what was asked for and is true, so it is "" for a plain wish.
    """
    who = clinic.practitioners[opening.practitioner_id]
    place = clinic.places[opening.place_id]
    treatment = clinic.treatments[opening.treatment_id]
    reasons = []
    if wish.complaint is not None or wish.therapy is not None:
        reasons.append(f"gives {clinic.therapies[treatment.therapy]}")
    if wish.language is not None:
        reasons.append(f"speaks {wish.language}")
    if wish.gender is not None:
        reasons.append(_GENDERS[who.gender])
    if place.kind == "online" and wish.online:
        reasons.append("can see you online")
    elif wish.places:
        reasons.append(f"is at {place.name}")
    if wish.most is not None and treatment.price is not None:
        reasons.append("stays within your price")
    if not reasons:
        return ""
    *first, last = reasons
    return f"{who.name} {', '.join(first)}{' and ' if first else ''}{last}."
