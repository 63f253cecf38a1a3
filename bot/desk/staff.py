"""Lets the clinic's people in at the console, and keeps others out.

Passwords are hashed with argon2id (RFC 9106, the library's defaults); a code of an
authenticator app may be asked for as well (TOTP, RFC 6238). What the browser keeps is
stored as a hash, so that a copy of the record opens no door.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from bot.clinic.audit import Entry
from bot.clinic.staff import (
    LONGEST_NAME_CHARACTERS,
    LONGEST_PASSWORD_CHARACTERS,
    SHORTEST_PASSWORD_CHARACTERS,
    Login,
    Role,
    Staff,
    name_key,
    wait_after,
)
from bot.desk.ports import StaffUnit

_KEY_BYTES = 32
_CODE_SECONDS = 30
_HASHER = PasswordHasher()


@dataclass(frozen=True)
class Knocked:
    """Somebody gave a name; what they know is still to be seen.

    Args:
        person: None where nobody has that name: the password is checked all the same,
            so that the time it takes tells nothing.
        wait_until: the door stays shut until then, whatever is known.
    """

    person: Staff | None
    wait_until: datetime | None = None


@dataclass(frozen=True)
class Codes:
    """What two authenticator apps show: the one in use, if any, and the new one."""

    present: str
    new: str


def add_staff(
    unit: StaffUnit,
    name: str,
    password: str,
    role: Role,
    now: datetime,
    practitioner_id: str | None = None,
) -> Staff:
    """Make a login for somebody.

    Args:
        name: as visitors will read it.
        practitioner_id: of the clinic's profile, for the role `practitioner`.

    Raises:
        ValueError: the name is taken, or name or password will not do; says why.
    """
    shown = " ".join(name.split())
    if not shown.isprintable() or not 0 < len(shown) <= LONGEST_NAME_CHARACTERS:
        raise ValueError(
            f"A name has 1 to {LONGEST_NAME_CHARACTERS} letters, on one line."
        )
    if len(name_key(shown)) > LONGEST_NAME_CHARACTERS:
        raise ValueError("That name is too long.")
    person = Staff(
        id=str(uuid.uuid4()),
        name=shown,
        role=role,
        password_hash=hashed(password),
        created_at=now,
        practitioner_id=practitioner_id,
    )
    if not unit.staff.add(person):
        raise ValueError(f"There is a login for {shown!r} already.")
    unit.audit.add(Entry(now, "command line", "add login", about=f"{shown} {role}"))
    unit.commit()
    return person


def hashed(password: str) -> str:
    """Hash a password, which takes a while on purpose.

    Raises:
        ValueError: it is too short or too long.
    """
    if len(password) < SHORTEST_PASSWORD_CHARACTERS:
        raise ValueError(
            f"A password needs {SHORTEST_PASSWORD_CHARACTERS} characters or more. "
            "A few words in a row are easy to keep in mind."
        )
    if len(password) > LONGEST_PASSWORD_CHARACTERS:
        raise ValueError(
            f"A password has {LONGEST_PASSWORD_CHARACTERS} characters at most."
        )
    return str(_HASHER.hash(password))


def knock(unit: StaffUnit, name: str, now: datetime) -> Knocked:
    """Begin a login: the attempt counts as a failure until it has succeeded.

    Counting first is what keeps a hundred attempts at one time from being one.
    """
    person = unit.staff.named(name)
    if person is None or person.disabled_at is not None:
        return Knocked(None)
    if person.locked_until and now < person.locked_until:
        return Knocked(person, person.locked_until)
    failures = person.failures + 1
    wait = wait_after(failures)
    counted = replace(
        person, failures=failures, locked_until=now + wait if wait else None
    )
    unit.staff.replace(counted)
    unit.commit()
    return Knocked(counted)


def knows(knocked: Knocked, password: str) -> bool:
    """Say whether a password is right; slow, and needs no unit of work."""
    against = knocked.person.password_hash if knocked.person else _nobodys_hash()
    try:
        right = _HASHER.verify(against, password[:LONGEST_PASSWORD_CHARACTERS])
    except VerificationError:
        return False
    return bool(right) and knocked.person is not None


def enter(
    unit: StaffUnit, person: Staff, code: str, browser: str | None, now: datetime
) -> str | None:
    """Let in somebody whose password was right, if their code is right as well.

    Args:
        code: six digits of the authenticator app; not looked at without one.
        browser: the key of a login that this one takes the place of.

    Returns:
        What the browser keeps, or None where the code is wrong or was used before.
    """
    current = _now(unit, person)
    if current.disabled_at is not None:
        return None
    step = _step_of(current, code, now)
    if step is None:
        return None
    key = secrets.token_urlsafe(_KEY_BYTES)
    unit.staff.replace(replace(current, failures=0, locked_until=None, totp_step=step))
    if browser:
        unit.staff.end_login(key_of(browser))
    unit.staff.begin_login(Login(key_of(key), current.id, begun_at=now, seen_at=now))
    unit.audit.add(Entry(now, current.name, "log in"))
    unit.commit()
    return key


def who(unit: StaffUnit, browser: str, now: datetime) -> Staff | None:
    """Return who is logged in in a browser, or None; reads only."""
    found = unit.staff.login(key_of(browser))
    if found is None:
        return None
    login, person = found
    return None if login.over(now) or person.disabled_at else person


def leave(
    unit: StaffUnit, person: Staff, browser: str, now: datetime, *, everywhere: bool
) -> None:
    """Log somebody out, here or in every browser."""
    if everywhere:
        unit.staff.end_logins(person.id)
    else:
        unit.staff.end_login(key_of(browser))
    deed = "log out everywhere" if everywhere else "log out"
    unit.audit.add(Entry(now, person.name, deed))
    unit.commit()


def new_second_factor(person: Staff, clinic: str) -> tuple[str, str]:
    """Make a secret for an authenticator app.

    Returns:
        The secret in base 32, and the address that its QR code carries.
    """
    secret = pyotp.random_base32()
    return secret, second_factor_address(secret, person, clinic)


def second_factor_address(secret: str, person: Staff, clinic: str) -> str:
    """Return the `otpauth` address of a secret."""
    return str(
        pyotp.TOTP(secret).provisioning_uri(name=person.name, issuer_name=clinic)
    )


def set_second_factor(
    unit: StaffUnit, person: Staff, secret: str, codes: Codes, now: datetime
) -> bool:
    """Switch the second factor on, or another in its place.

    Args:
        person: whose password was right just now.
        codes: one of the app in use, if there is one, and one of the new app.
    """
    current = _now(unit, person)
    if _step_of(current, codes.present, now) is None:
        return False
    fresh = replace(current, totp_secret=secret, totp_step=0)
    step = _step_of(fresh, codes.new, now)
    if step is None:
        return False
    unit.staff.replace(replace(fresh, totp_step=step, failures=0, locked_until=None))
    unit.audit.add(Entry(now, person.name, "second factor on"))
    unit.commit()
    return True


def drop_second_factor(unit: StaffUnit, person: Staff, now: datetime, by: str) -> None:
    """Switch the second factor off."""
    unit.staff.replace(replace(_now(unit, person), totp_secret=None, totp_step=0))
    unit.audit.add(Entry(now, by, "second factor off", about=person.name))
    unit.commit()


def set_password(
    unit: StaffUnit, person: Staff, password_hash: str, now: datetime, by: str
) -> None:
    """Give somebody a new password; every login of theirs ends."""
    current = _now(unit, person)
    unit.staff.replace(
        replace(current, password_hash=password_hash, failures=0, locked_until=None)
    )
    unit.staff.end_logins(person.id)
    unit.audit.add(Entry(now, by, "set password", about=person.name))
    unit.commit()


def disable(unit: StaffUnit, person: Staff, now: datetime, by: str) -> None:
    """Take a login away; what was done under the name stays."""
    unit.staff.replace(replace(_now(unit, person), disabled_at=now))
    unit.staff.end_logins(person.id)
    unit.audit.add(Entry(now, by, "remove login", about=person.name))
    unit.commit()


def key_of(browser: str) -> str:
    """Return the hash under which a browser's login is stored."""
    return hashlib.sha256(browser.encode()).hexdigest()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return str(_HASHER.hash(secrets.token_urlsafe(_KEY_BYTES)))


def _now(unit: StaffUnit, person: Staff) -> Staff:
    """Return somebody as they are by now; whoever else would change them waits.

    Of two logins with one code, the second finds that it was used.
    """
    return unit.staff.named(person.name) or person


def _step_of(person: Staff, code: str, now: datetime) -> int | None:
    """Return the time step of a right code, one step either way; None for a wrong one.

    Without a second factor anything is right.
    """
    if not person.totp_secret:
        return person.totp_step
    totp = pyotp.TOTP(person.totp_secret)
    this = int(now.timestamp()) // _CODE_SECONDS
    given = "".join(code.split())
    for step in (this, this - 1, this + 1):
        expected = totp.generate_otp(step)
        if step > person.totp_step and secrets.compare_digest(
            expected.encode(), given.encode()
        ):
            return step
    return None
