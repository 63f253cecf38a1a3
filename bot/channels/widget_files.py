"""Puts the widget together from its sources: one small script, and parts on demand.

The sources in `widget/` stay readable; what goes out has no comments and no spare
whitespace. This happens once, when the desk starts.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from pathlib import Path
from typing import Any

import rjsmin

from bot.channels.served import Served
from bot.clinic.profile import Clinic
from bot.look import accent

WIDGET = Path(__file__).parent / "widget"
CORE = ("tools.js", "keep.js", "desk.js", "parts.js", "chat.js", "start.js")
"""In this order, in one function; together they are `meridian.js`."""

_SCRIPT = "text/javascript; charset=utf-8"
_JSON = "application/json; charset=utf-8"
_THEIR_OWN = "yoursWords"


def widget_files(
    clinic: Clinic, folder: Path, telegram: bool = False
) -> dict[str, Served]:
    """Return every file under `/widget/`, by name.

    Args:
        folder: the clinic's own, where its logo is.
        telegram: whether the clinic has a bot to go on with.
    """
    strings = json.loads((WIDGET / "strings.json").read_text("utf-8"))
    english = dict(strings["en"])
    # The script on every page does without the words of its rarest part.
    own_words = {
        "ENGLISH": english.pop(_THEIR_OWN),
        "TELEGRAM": clinic.health_by_telegram if telegram else "",
    }
    files = {
        "body.js": _script({"CSS": _small("body.css")}, "body.js"),
        "yours.js": _script(own_words, "yours.js"),
    }
    for language in strings.keys() - {"en"}:
        files[f"{language}.json"] = Served(_json(strings[language]).encode(), _JSON)
    if logo := clinic.website.logo:
        kind = mimetypes.guess_type(logo)[0] or "image/png"
        files["logo" + Path(logo).suffix] = Served((folder / logo).read_bytes(), kind)
    given = {
        "CLINIC": {
            "name": clinic.name,
            "emergency": clinic.emergency,
            "logo": "logo" + Path(logo).suffix if logo else "",
        },
        "ENGLISH": english,
        "LANGUAGES": list(strings),
        # A part that does not fit this script must never come from a cache.
        "VERSION": _version(files),
        "CSS": _style(clinic),
    }
    return {**files, "meridian.js": _script(given, *CORE, wrapped=True)}


def _script(given: dict[str, Any], *names: str, wrapped: bool = False) -> Served:
    """Make one script of some sources and what they are given as constants."""
    sources = "\n".join((WIDGET / name).read_text("utf-8") for name in names)
    constants = "".join(f"const {name}={_json(one)};" for name, one in given.items())
    code = constants + str(rjsmin.jsmin(sources))
    whole = f'(()=>{{"use strict";{code}}})();\n' if wrapped else code
    return Served(whole.encode(), _SCRIPT)


def _style(clinic: Clinic) -> str:
    theme = accent.rules(clinic.website.accent, ":host", prefix="--meridian-")
    return _small("meridian.css") + theme


def _small(name: str) -> str:
    """Return a style sheet without comments and spare whitespace."""
    source = (WIDGET / name).read_text("utf-8")
    bare = " ".join(re.sub(r"/\*.*?\*/", "", source, flags=re.S).split())
    small = re.sub(r"\s*([{};,>])\s*|:\s+", lambda found: found[1] or ":", bare)
    return small.replace(";}", "}")


def _version(files: dict[str, Served]) -> str:
    together = "".join(one.version for one in files.values())
    return hashlib.sha256(together.encode()).hexdigest()[:8]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
