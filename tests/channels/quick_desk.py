"""The desk as it is, but for a Telegram whose second is short.

A clinic that has decided otherwise about questions on health is had by TELEGRAM_HEALTH.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from bot.__main__ import main
from bot.channels.telegram import running
from bot.clinic.profile import Clinic
from bot.content import profile

running._SECOND = float(os.environ["TELEGRAM_SECOND"])
_load = profile.load


def _decided(folder: Path) -> Clinic:
    clinic = _load(folder)
    chosen: Any = os.environ.get("TELEGRAM_HEALTH", clinic.health_by_telegram)
    return replace(clinic, health_by_telegram=chosen)


profile.load = cast(Any, _decided)

if __name__ == "__main__":
    sys.exit(main())
