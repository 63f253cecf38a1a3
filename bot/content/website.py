"""Reads how the chat stands on the clinic's own website."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from bot.clinic.website import Website
from bot.content.files import Document

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_PICTURES = (".svg", ".png", ".webp", ".jpg")
_MOST_LOGO_BYTES = 60_000


@dataclass(frozen=True)
class RawWebsite:
    """The `website` entry of profile.yml, unchecked."""

    origins: list[str] = field(default_factory=list)
    accent: str = ""
    logo: str = ""


def read_website(document: Document, raw: RawWebsite) -> Website:
    """Check the entry.

    Raises:
        BadContent: an origin has a path or is no address, the accent is no colour,
            or the logo is no small picture in the clinic's folder.
    """
    for number, origin in enumerate(raw.origins):
        if not _ORIGIN.fullmatch(origin):
            raise document.bad(
                ["website", "origins", number],
                "write a website as https://www.clinic.example, without a path",
            )
    if raw.accent and not _COLOUR.fullmatch(raw.accent):
        raise document.bad(["website", "accent"], "write a colour as '#0F6259'")
    if raw.logo:
        _check_logo(document, raw.logo)
    return Website(
        origins=tuple(dict.fromkeys(one.lower() for one in raw.origins)),
        accent=raw.accent,
        logo=raw.logo,
    )


def _check_logo(document: Document, name: str) -> None:
    path, at = document.path.parent / name, ["website", "logo"]
    if Path(name).name != name or path.suffix.lower() not in _PICTURES:
        raise document.bad(at, f"a file beside this one: {', '.join(_PICTURES)}")
    if not path.is_file():
        raise document.bad(at, f"there is no file {name!r} beside this one")
    if path.stat().st_size > _MOST_LOGO_BYTES:
        raise document.bad(at, f"keep it under {_MOST_LOGO_BYTES // 1000} kB")
