"""Weighs what a page loads for the chat: `python -m bot.channels.weight`."""

from __future__ import annotations

import sys

from bot.channels.widget_files import widget_files
from bot.content import profile
from bot.settings import ROOT

LIMIT_BYTES = 15_000
"""Of the script that stands on every page, after gzip."""


def main() -> int:
    """Print the size of each file; 1 where the script is too heavy."""
    folder = ROOT / "data" / "clinics" / "edmonton"
    sizes = {
        name: len(file.packed)
        for name, file in widget_files(profile.load(folder), folder).items()
    }
    for name, size in sorted(sizes.items()):
        sys.stdout.write(f"widget {name:12} {size:6} bytes after gzip\n")
    script = sizes["meridian.js"]
    sys.stdout.write(f"widget on every page: {script} of {LIMIT_BYTES} bytes\n")
    return int(script >= LIMIT_BYTES)


if __name__ == "__main__":
    sys.exit(main())
