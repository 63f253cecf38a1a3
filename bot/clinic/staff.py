"""The clinic's people at the console: who they are, and when a door stays shut."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

Role = Literal["staff", "practitioner", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

IDLE = timedelta(minutes=30)
"""A login that nobody has touched for so long is over."""

LONGEST_LOGIN = timedelta(hours=12)
"""And so is one of yesterday, however busy: a shift has an end."""

SHORTEST_PASSWORD_CHARACTERS = 12
LONGEST_PASSWORD_CHARACTERS = 256
LONGEST_NAME_CHARACTERS = 80

_FREE_FAILURES = 4
_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Staff:
    """One person who may log in.

    Args:
        name: as visitors read it; compared without case and spaces at the ends.
        practitioner_id: of the clinic's profile; set for the role `practitioner`.
        totp_secret: base 32, once a second factor is switched on.
        totp_step: the last 30-second step whose code was taken.
        failures: wrong passwords or codes since the last right ones.
        locked_until: nobody gets in under this name before that.
        disabled_at: when the login was taken away.
    """

    id: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime
    practitioner_id: str | None = None
    totp_secret: str | None = None
    totp_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None
    disabled_at: datetime | None = None


@dataclass(frozen=True)
class Login:
    """One browser in which somebody is logged in.

    Args:
        key: the hash of what the browser keeps.
        seen_at: when its person last did something.
    """

    key: str
    staff_id: str
    begun_at: datetime
    seen_at: datetime

    def over(self, now: datetime) -> bool:
        """Say whether it has been idle, or has lasted, for too long."""
        return now - self.seen_at > IDLE or now - self.begun_at > LONGEST_LOGIN


def name_key(name: str) -> str:
    """Return a name as it is compared: `  PRIYA ` is `priya`."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def wait_after(failures: int) -> timedelta:
    """Say how long a door stays shut after so many failures in a row.

    The first few cost nothing, as fingers slip; then each doubles the wait, up to a
    quarter of an hour. A stranger who knows a name and tries again whenever a wait is
    over keeps its owner out, until a password that is set anew opens the door.
    """
    beyond = failures - _FREE_FAILURES
    if beyond <= 0:
        return timedelta(0)
    doublings: int = min(beyond - 1, 16)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
