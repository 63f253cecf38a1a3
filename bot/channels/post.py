"""Carries e-mails: through the clinic's mail server, or into a folder without one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import errors

from bot.channels.envelope import envelope
from bot.clinic.letters import KEPT, Hopeless, Mail, Outcome, PutOff, Sent
from bot.clock import utc_now
from bot.desk.letter_words import Stationery
from bot.logs import told
from bot.settings import Settings

logger = logging.getLogger(__name__)

_STEP_SECONDS = 20.0
_MAIL_SECONDS = 60.0  # far less than a letter is claimed for
_PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailServer:
    """How the clinic's mail server is reached.

    Args:
        encryption: `smtps` from the first byte, `starttls` before anything is said,
            `smtp` not at all.
    """

    encryption: str
    host: str
    port: int
    name: str | None
    password: str | None


def read_server(url: str) -> MailServer:
    """Read SMTP_URL, e.g. `starttls://desk%40clinic.example:secret@mail.example:587`.

    Raises:
        ValueError: it cannot be read, or would show the password to the network. The
            message never holds the address itself, for the password stands in it.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(
            "SMTP_URL must look like starttls://name:password@host:587, with smtps, "
            "starttls or smtp in front"
        )
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise ValueError("the port in SMTP_URL is not a port") from None
    if parts.password and parts.scheme == "smtp" and parts.hostname not in _HERE:
        raise ValueError(
            "SMTP_URL would send the password unencrypted; write starttls:// or "
            "smtps:// instead of smtp://"
        )
    return MailServer(
        encryption=parts.scheme,
        host=parts.hostname,
        port=port,
        name=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def post(settings: Settings, paper: Stationery) -> Smtp | Outbox:
    """Return what carries this clinic's mails.

    Raises:
        ValueError: SMTP_URL cannot be used.
    """
    address = settings.mail_from or paper.clinic.email
    if settings.smtp_url:
        return Smtp(read_server(settings.smtp_url), paper, address)
    return Outbox(settings.data_dir / "outbox", paper, address)


class Smtp:
    """Hands mails to a mail server, one connection each."""

    def __init__(self, server: MailServer, paper: Stationery, address: str) -> None:
        self._server, self._paper, self._address = server, paper, address

    def send(self, mail: Mail) -> Outcome:
        """Send one mail; blocks for a minute at most."""
        try:
            message = envelope(mail, self._paper, self._address, utc_now())
        except ValueError:
            return Hopeless("address")
        return asyncio.run(self._send(message))

    async def _send(self, message: EmailMessage) -> Outcome:
        try:
            await asyncio.wait_for(self._hand_over(message), _MAIL_SECONDS)
        except errors.SMTPRecipientsRefused as refused:
            return _by_code(refused.recipients[0].code)
        except errors.SMTPDataError as refused:
            return _by_code(refused.code)
        except (errors.SMTPException, OSError, asyncio.TimeoutError) as fault:
            reason = _trouble(fault)
            logger.warning("mail server: %s (%s)", reason, type(fault).__name__)
            return PutOff(reason, stop=True)
        return Sent()

    def sweep(self, now: datetime) -> None:
        """Keep nothing, so delete nothing."""

    async def _hand_over(self, message: EmailMessage) -> None:
        server = self._server
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.name,
            password=server.password,
            use_tls=server.encryption == "smtps",
            start_tls=server.encryption == "starttls",
            timeout=_STEP_SECONDS,
        )


def _by_code(code: int) -> Outcome:
    """Read a reply about one recipient or mail (RFC 5321: 4xx later, 5xx never)."""
    reason = f"smtp {code}"
    return Hopeless(reason) if code >= 500 else PutOff(reason)


def _trouble(fault: BaseException) -> str:
    """Name what is wrong with the server itself, for the console."""
    if isinstance(fault, errors.SMTPAuthenticationError):
        return "login refused"
    if isinstance(fault, errors.SMTPSenderRefused):
        return "sender refused"
    if isinstance(fault, (errors.SMTPTimeoutError, asyncio.TimeoutError)):
        return "too slow"
    return "not reached"


class Outbox:
    """Writes mails into a folder, where no mail server is set."""

    def __init__(self, folder: Path, paper: Stationery, address: str) -> None:
        self._folder, self._paper, self._address = folder, paper, address

    def send(self, mail: Mail) -> Outcome:
        """Write one mail as a file that mail programs open; whole or not at all."""
        now = utc_now()
        try:
            message = envelope(mail, self._paper, self._address, now)
        except ValueError:
            return Hopeless("address")
        name = f"{now:%Y%m%dT%H%M%SZ}-{mail.kind}-{mail.id}.eml"
        draft = self._folder / f".{mail.id}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.write_bytes(message.as_bytes())
            draft.rename(self._folder / name)
        except OSError as fault:
            logger.warning("outbox: %s", told(fault))
            # A full disk, most likely; what was begun would keep it full.
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            return PutOff("folder", stop=True)
        return Sent(filed=True)

    def sweep(self, now: datetime) -> None:
        """Delete what was written long ago, and what was never finished."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            age = now.timestamp() - path.stat().st_mtime
            if path.suffix in (".eml", ".part") and age > KEPT.total_seconds():
                path.unlink()
