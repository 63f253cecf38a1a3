"""Writes a transcript as a PDF.

The font is DejaVu Sans, which comes with matplotlib (locked with Rasa). It has Latin,
Greek, Cyrillic and many signs. A text with Kannada, Hindi or another script of which
`manimgx_fonts` has a Noto font is set in that, and shaped by HarfBuzz: its letters
join and change places. A sign that no font has, such as Chinese and most emoji, becomes
a frame, and a line below says so: the printed page, for which the browser brings its
fonts, and the JSON have all of them.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.fonts import TTFFont

from bot.clinic.profile import Clinic
from bot.clinic.transcript import Line, Transcript, offered
from bot.clinic.when import MONTHS, say_time

FRAME = "\u25af"
LACKING = f"{FRAME} stands for a sign that this file cannot show."
RESTRICTED = (
    "Restricted: about a crisis, or danger from somebody. Keep it from other eyes."
)
AUTHORS = {"visitor": "Visitor", "assistant": "Automated assistant", "system": "Desk"}

_FAMILY = "text"
_LETTER_COUNTRIES = ("US", "CA")
_MARGIN_MM, _LINE_MM, _GAP_MM = 20, 5, 2.5
_TEXT_PT, _SMALL_PT, _TITLE_PT = 10, 8, 16
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")
_VARIATIONS = range(0xFE00, 0xFE10)


def pdf(transcript: Transcript, clinic: Clinic, now: datetime) -> bytes:
    """Write a transcript; about a second for 2,000 messages."""
    paper = _Paper("Letter" if clinic.country in _LETTER_COUNTRIES else "A4")
    paper.heading(transcript, clinic, now)
    for line in transcript.lines:
        _write(paper, transcript, clinic, line)
    return bytes(paper.output())


def author_of(transcript: Transcript, line: Line) -> str:
    """Say who speaks in a line."""
    if line.author == "staff":
        return f"{line.name or 'Staff'}, a person at the clinic"
    if line.author == "visitor" and transcript.name:
        return transcript.name
    return AUTHORS[line.author]


def besides(line: Line) -> Iterator[str]:
    """Say what was shown with a message: buttons, boxes, a card, its version."""
    buttons = [one["label"] for one in line.extras.get("buttons") or []]
    if buttons:
        yield "Offered: " + " \u00b7 ".join(buttons)
    if boxes := offered(line):
        yield "To tick: " + " \u00b7 ".join(boxes)
    for label, value in (line.extras.get("card") or {}).get("rows") or []:
        yield f"{label}: {value}"
    if line.answer_version:
        yield f"Answer {line.answer_version}"


def moment(at: datetime, clinic: Clinic) -> str:
    """Say an instant in full, in the clinic's own time: "25 November 2026, 4:36 am"."""
    local = at.astimezone(clinic.zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {say_time(local)}"


def showable(text: str, known: Callable[[int], bool]) -> tuple[str, bool]:
    """Return a text as the font can show it, and whether it lacked something."""
    kept, lacking = [], False
    for sign in unicodedata.normalize("NFC", text.replace("\t", "    ")):
        if sign == "\n" or known(ord(sign)):
            kept.append(sign)
        elif (
            unicodedata.category(sign) not in _DROPPED and ord(sign) not in _VARIATIONS
        ):
            kept.append(FRAME)
            lacking = True
    return "".join(kept), lacking


def scripts_of(text: str) -> list[str]:
    """Return the scripts of a text that have a font of their own, the most used first.

    A letter's name begins with its script: "KANNADA LETTER A".
    """
    if text.isascii():
        return []
    names = (unicodedata.name(sign, "") for sign in text if not sign.isascii())
    counted = Counter(name.partition(" ")[0].lower() for name in names)
    return [script for script, _ in counted.most_common() if _file_of(script).is_file()]


def wrapped(text: str, width: Callable[[str], float], most: float) -> Iterator[str]:
    """Break a text into lines no wider than `most`; a long word is cut.

    fpdf2's own way costs 4 ms a message, this one a tenth of it.
    """
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for word in paragraph.split(" "):
            for piece in _pieces(word, width, most):
                more = width(f" {piece}") if line else width(piece)
                if line and used + more > most:
                    yield line
                    line, used, more = "", 0.0, width(piece)
                line, used = f"{line} {piece}" if line else piece, used + more
        yield line


def _pieces(word: str, width: Callable[[str], float], most: float) -> Sequence[str]:
    if width(word) <= most:
        return (word,)
    pieces, piece, used = [], "", 0.0
    for sign in word:
        more = width(sign)
        if piece and used + more > most:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + sign, used + more
    return [*pieces, piece]


class _Paper(FPDF):
    """A4 or Letter, one column, numbered pages."""

    def __init__(self, size: str) -> None:
        super().__init__(format=size)
        folder = _fonts()
        self.add_font(_FAMILY, "", folder / "DejaVuSans.ttf")
        self.add_font(_FAMILY, "B", folder / "DejaVuSans-Bold.ttf")
        self.set_margins(_MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(True, _MARGIN_MM)
        self.set_font(_FAMILY, "", _TEXT_PT)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-_MARGIN_MM + _GAP_MM)
        self.set_font(_FAMILY, "", _SMALL_PT)
        self.cell(0, _LINE_MM, str(self.page_no()), align="C")

    def heading(self, transcript: Transcript, clinic: Clinic, now: datetime) -> None:
        title = f"Conversation with {clinic.name}"
        self.set_title(title)
        self.set_creation_date(now)
        self.set_lang(clinic.locale.replace("_", "-"))
        self.write_lines(title, "B", _TITLE_PT, 8)
        if transcript.restricted:
            self.write_lines(RESTRICTED, "B", _TEXT_PT)
        whose = f"{transcript.name}. " if transcript.name else ""
        begun, made = (moment(at, clinic) for at in (transcript.begun_at, now))
        told = f"{whose}Begun {begun}. Copied {made} ({clinic.time_zone})."
        self.write_lines(f"{told} Number {transcript.conversation_id}.", "", _SMALL_PT)
        self.ln(_GAP_MM)

    def write_lines(
        self, text: str, style: str, points: float, height: float = _LINE_MM
    ) -> bool:
        """Write a text; say whether the fonts lacked a sign of it."""
        if scripts := scripts_of(text):
            return self._write_shaped(text, scripts, points, height)
        self.set_font(_FAMILY, style, points)
        font = cast(TTFFont, self.fonts[_FAMILY + style])
        shown, lacking = showable(text, font.cmap.__contains__)
        scale = points / 1000 / self.k
        width = partial(_width, font.cw, scale)
        for line in wrapped(shown, width, self.epw - 2 * self.c_margin):
            self.cell(0, height, line, new_x="LMARGIN", new_y="NEXT")
        return lacking

    def _write_shaped(
        self, text: str, scripts: Sequence[str], points: float, height: float
    ) -> bool:
        """Write a text with the fonts of its scripts, the most used one first.

        A font of Noto has the plain Latin letters, too, so that a word is never torn.
        """
        for script in scripts:
            if script not in self.fonts:
                self.add_font(script, "", _file_of(script))
        fonts = [cast(TTFFont, self.fonts[one]) for one in (*scripts, _FAMILY)]
        shown, lacking = showable(
            text, lambda sign: any(sign in font.cmap for font in fonts)
        )
        self.set_font(scripts[0], "", points)
        self.set_fallback_fonts([*scripts[1:], _FAMILY], exact_match=False)
        self.set_text_shaping(True)
        width = cache(self.get_string_width)  # it shapes, which is slow
        for line in wrapped(shown, width, self.epw - 2 * self.c_margin):
            self.cell(0, height, line, new_x="LMARGIN", new_y="NEXT")
        self.set_text_shaping(False)
        self.set_fallback_fonts([])
        return lacking


def _width(widths: Mapping[int, float], scale: float, text: str) -> float:
    return sum(widths[ord(sign)] for sign in text) * scale


def _write(paper: _Paper, transcript: Transcript, clinic: Clinic, line: Line) -> None:
    pressed = ", pressed" if line.pressed else ""
    who = f"{author_of(transcript, line)}, {moment(line.at, clinic)}{pressed}"
    lacking = paper.write_lines(who, "B", _SMALL_PT)
    lacking |= paper.write_lines(line.text, "", _TEXT_PT)
    for more in besides(line):
        lacking |= paper.write_lines(more, "", _SMALL_PT, 4)
    if lacking:
        paper.write_lines(LACKING, "", _SMALL_PT, 4)
    paper.ln(_GAP_MM)


def _file_of(script: str) -> Path:
    name = f"NotoSans{script.title()}[wght].ttf"
    return _folder_of("manimgx_fonts") / name


def _fonts() -> Path:
    return _folder_of("matplotlib") / "mpl-data" / "fonts" / "ttf"


@cache
def _folder_of(package: str) -> Path:
    """Return where a package keeps its files; it is not loaded for that."""
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    if not places:
        raise FileNotFoundError(f"{package}, which brings a font, is not installed")
    return Path(places[0])
