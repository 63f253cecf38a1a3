"""The desk as it is, but that it hears of nothing except by its bell.

Where it would look at the record again after some seconds it does so after an hour.
"""

import sys

from bot.__main__ import main
from bot.channels import chat
from bot.console import live

chat._HEARTBEAT_SECONDS = live._LOOK_SECONDS = 3600.0

if __name__ == "__main__":
    sys.exit(main())
