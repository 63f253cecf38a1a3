"""A clinic's own colour, made readable on paper and in the dark."""

from __future__ import annotations

PAPER, INK = "#FAF8F4", "#1D2B2A"
DARK_PAPER, DARK_INK = "#18211F", "#0B1F1B"
ENOUGH = 4.5
"""The contrast that text needs: WCAG 2.2, success criterion 1.4.3."""

_STEPS = 40


def rules(accent: str, selector: str, prefix: str = "") -> str:
    """Return the style rules that give a page, or the widget, the clinic's colour.

    Args:
        accent: `#rrggbb`, or "" for no rules at all.
        selector: `:root` for a page, `:host` for the widget.
        prefix: of the variables by which a page that shows the widget may still
            choose other colours, e.g. `--meridian-`.
    """
    if not accent:
        return ""
    light, dark = readable(accent, PAPER), readable(accent, DARK_PAPER)
    on_light = max("#FFFFFF", INK, key=lambda ink: contrast(ink, light))
    on_dark = max("#FFFFFF", DARK_INK, key=lambda ink: contrast(ink, dark))
    return (
        f"{selector}{{{_colours(light, on_light, prefix, '')}}}"
        "@media (prefers-color-scheme:dark){"
        f"{selector}{{{_colours(dark, on_dark, prefix, '-dark')}}}}}"
    )


def _colours(accent: str, on_accent: str, prefix: str, mode: str) -> str:
    pairs = {"accent": accent, "on-accent": on_accent}
    return ";".join(
        f"--{name}:var({prefix}{name}{mode},{colour})"
        if prefix
        else f"--{name}:{colour}"
        for name, colour in pairs.items()
    )


def readable(colour: str, paper: str) -> str:
    """Return the colour, or the nearest tint of it that can be read on the paper."""
    away = "#000000" if _luminance(paper) > 0.5 else "#FFFFFF"
    tints = (_mixed(colour, away, step / _STEPS) for step in range(_STEPS + 1))
    return next(tint for tint in tints if contrast(tint, paper) >= ENOUGH)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, other: str, share: float) -> str:
    mixed = (
        round(one + (two - one) * share)
        for one, two in zip(_parts(colour), _parts(other), strict=True)
    )
    return "#" + "".join(f"{part:02X}" for part in mixed)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
