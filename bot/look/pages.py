"""Renders pages: one frame, one style sheet, every value escaped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import jinja2
from markupsafe import Markup

_HERE = Path(__file__).parent
STYLE = _HERE / "look.css"
"""Tokens and plain elements; served as `/look.css`, before a page's own sheet."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
"""The Content-Security-Policy of a page: nothing from elsewhere, nothing inline."""


def framed_by(origins: Iterable[str]) -> str:
    """Return the policy of a page that some websites may show in a frame."""
    listed = " ".join(["'self'", *origins])
    return POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {listed}")


def environment(folder: Path) -> jinja2.Environment:
    """Return an environment for the templates of one folder.

    They may extend `frame.html`, which takes `title`, `locale`, and the blocks
    `head`, `top` and `main`, and write a telephone number with `| dial`. A value that
    was not given is an error, not a gap.
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, _HERE]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["dial"] = dial
    return made


def dial(number: str, words: str = "{}", kind: str = "") -> Markup:
    """Return a telephone number as a link that a phone dials.

    Args:
        words: what the link says, with `{}` for the number.
        kind: its class.
    """
    named = Markup(' class="{}"').format(kind) if kind else ""
    link = Markup('<a{} href="tel:{}">{}</a>')
    return link.format(named, number.replace(" ", ""), words.format(number))
