"""What may be set from the environment; every setting has a default.

Each one has a line in docs/settings.md.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
"""The project's root: stock Rasa commands work here too."""

_SECRET_BYTES = 32
_LAST_PORT = 65_535
_DATABASES = frozenset({"sqlite", "postgresql"})


@dataclass(frozen=True)
class Settings:
    """Where things are and how strict the public door is.

    Args:
        host: the address that the desk's public port is bound to.
        port: the desk's public port.
        assistant_port: Rasa's port on 127.0.0.1.
        actions_port: the action server's port on 127.0.0.1.
        data_dir: everything that is written at run time.
        learned_dir: where the examples go that staff choose from missed questions.
        clinic: a folder name under data/clinics/.
        public_url: where visitors reach the desk, for the links that they are sent.
        database_url: SQLite in `data_dir` by default.
        telegram_token: of the clinic's bot; "" is no Telegram.
        telegram_api_url: where the Bot API answers.
        telegram_webhook_url: where Telegram brings updates; "" is: we ask for them.
        secret: signs conversation tokens.
        token_days: after so many days a conversation's token is no longer taken.
        message_burst: messages that one conversation may send at once.
        messages_per_second: how fast that allowance grows again.
        conversation_burst: conversations that one address may begin at once.
        conversations_per_second: how fast that allowance grows again.
        smtp_url: the mail server; "" to write mails into a folder.
        mail_from: who mails come from; "" for the address in the clinic's profile.
        staff_email: where alerts to staff go; "" for nowhere.
        staff_telegram_chat: the chat in which the bot tells staff; "" for none.
    """

    host: str
    port: int
    assistant_port: int
    actions_port: int
    data_dir: Path
    learned_dir: Path
    clinic: str
    public_url: str
    database_url: str
    telegram_token: str
    telegram_api_url: str
    telegram_webhook_url: str
    secret: str
    token_days: int
    message_burst: int
    messages_per_second: float
    conversation_burst: int
    conversations_per_second: float
    smtp_url: str
    mail_from: str
    staff_email: str
    staff_telegram_chat: str

    @property
    def assistant_url(self) -> str:
        """Where the assistant answers, on this machine only."""
        return f"http://127.0.0.1:{self.assistant_port}"

    @property
    def actions_url(self) -> str:
        """Where the action server answers, on this machine only."""
        return f"http://127.0.0.1:{self.actions_port}"


def load() -> Settings:
    """Read the settings from the environment.

    An empty variable is one that is not set.

    Raises:
        ValueError: a value cannot be used; the message names the variable.
    """
    data_dir = Path(os.environ.get("MERIDIAN_DATA_DIR") or ROOT / "var").resolve()
    port = _port("MERIDIAN_PORT", 8080)
    here = f"http://127.0.0.1:{port}"
    return Settings(
        host=os.environ.get("MERIDIAN_HOST") or "127.0.0.1",
        port=port,
        assistant_port=_port("MERIDIAN_ASSISTANT_PORT", 5005),
        actions_port=_port("MERIDIAN_ACTIONS_PORT", 5055),
        data_dir=data_dir,
        learned_dir=Path(
            os.environ.get("MERIDIAN_LEARNED_DIR") or ROOT / "data" / "learned"
        ).resolve(),
        clinic=os.environ.get("MERIDIAN_CLINIC") or "edmonton",
        public_url=(os.environ.get("MERIDIAN_PUBLIC_URL") or here).rstrip("/"),
        database_url=_database_url(f"sqlite:///{data_dir / 'meridian.db'}"),
        telegram_token=os.environ.get("TELEGRAM_BOT_TOKEN", "").strip(),
        telegram_api_url=os.environ.get("TELEGRAM_API_BASE_URL")
        or "https://api.telegram.org",
        telegram_webhook_url=os.environ.get("MERIDIAN_TELEGRAM_WEBHOOK_URL", ""),
        secret=os.environ.get("MERIDIAN_SECRET") or _kept_secret(data_dir),
        token_days=_whole("MERIDIAN_TOKEN_DAYS", 90),
        message_burst=_whole("MERIDIAN_MESSAGE_BURST", 240),
        messages_per_second=_rate("MERIDIAN_MESSAGES_PER_SECOND", 4.0),
        conversation_burst=_whole("MERIDIAN_CONVERSATION_BURST", 240),
        conversations_per_second=_rate("MERIDIAN_CONVERSATIONS_PER_SECOND", 4.0),
        smtp_url=os.environ.get("SMTP_URL") or "",
        mail_from=_email("MERIDIAN_MAIL_FROM"),
        staff_email=_email("MERIDIAN_STAFF_EMAIL"),
        staff_telegram_chat=_chat("MERIDIAN_STAFF_TELEGRAM_CHAT"),
    )


def _whole(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if text and not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text) if text else default


def _port(name: str, default: int) -> int:
    number = _whole(name, default)
    if number > _LAST_PORT:
        raise ValueError(f"{name} must be at most {_LAST_PORT}, not {number}")
    return number


def _rate(name: str, default: float) -> float:
    """Read how often something may happen in a second."""
    text = os.environ.get(name, "")
    try:
        number = float(text) if text else default
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError(f"{name} must be a number above 0, not {text!r}")
    return number


def _database_url(default: str) -> str:
    """Read where the record is; a name of a database that we do not know is refused."""
    text = os.environ.get("DATABASE_URL") or default
    try:
        backend = make_url(text).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in _DATABASES:
        raise ValueError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    return text


def _email(name: str) -> str:
    text = os.environ.get(name, "").strip()
    if not text:
        return ""
    try:
        return validate_email(
            text, check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        raise ValueError(f"{name} must be an e-mail address, not {text!r}") from None


def _chat(name: str) -> str:
    """Read the number of a Telegram chat; that of a group begins with a minus."""
    text = os.environ.get(name, "").strip()
    if not re.fullmatch(r"(?:-?[0-9]{1,18})?", text):
        raise ValueError(f"{name} must be the number of a chat, not {text!r}")
    if text and not os.environ.get("TELEGRAM_BOT_TOKEN", "").strip():
        raise ValueError(f"{name} needs TELEGRAM_BOT_TOKEN as well")
    return text


def _kept_secret(data_dir: Path) -> str:
    """Read this machine's own secret, made once, readable by its owner only."""
    path = data_dir / "secret"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f"secret.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(_SECRET_BYTES))
        # A link appears whole or not at all, and only for the first of several.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()
