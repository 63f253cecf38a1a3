"""The desk as it is, but for a Telegram whose second is short, and one word.

A clinic that has decided otherwise about questions on health is had by TELEGRAM_HEALTH.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from bot.__main__ import main
from bot.channels.telegram import running
from bot.channels.telegram.pressed import Presses
from bot.channels.telegram.typed import Typed
from bot.clinic.profile import Clinic
from bot.content import profile

running._SECOND = float(os.environ["TELEGRAM_SECOND"])
_load = profile.load


def _decided(folder: Path) -> Clinic:
    clinic = _load(folder)
    chosen: Any = os.environ.get("TELEGRAM_HEALTH", clinic.health_by_telegram)
    return replace(clinic, health_by_telegram=chosen)


profile.load = cast(Any, _decided)


def _stumbling(hears: Any) -> Any:
    async def hear(self: Any, update: Any, heard: Any) -> None:
        if "stumble" in str(heard):
            raise RuntimeError
        await hears(self, update, heard)

    return hear


for _kind in (Typed, Presses):
    setattr(_kind, "hear", _stumbling(_kind.hear))  # noqa: B010 - of two kinds

if __name__ == "__main__":
    sys.exit(main())
