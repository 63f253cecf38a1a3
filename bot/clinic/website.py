"""How the chat stands on the clinic's own website."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Website:
    """Which pages may show the chat, and how it is dressed there.

    Args:
        origins: scheme, host and port of each website that may show it, e.g.
            `https://www.clinic.example`; the desk's own pages always may.
        accent: the clinic's colour as `#rrggbb`; "" for Meridian's own.
        logo: a picture's file name in the clinic's folder; "" for none.
    """

    origins: tuple[str, ...] = ()
    accent: str = ""
    logo: str = ""
