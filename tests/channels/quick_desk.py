"""The desk as it is, but for a Telegram whose second is short."""

import os
import sys

from bot.__main__ import main
from bot.channels.telegram import running

running._SECOND = float(os.environ["TELEGRAM_SECOND"])

if __name__ == "__main__":
    sys.exit(main())
