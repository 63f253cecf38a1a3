"""The console's door: every page and deed goes through it, and it asks who is there.

A page registered with `get` or `post` is shown to nobody but staff who are logged in
and have the role; one about a conversation only to those who may see that one, one
about a practitioner's diary to no other practitioner. `post` checks the page's CSRF
token as well. Only `open_get` and `open_post` let anybody in.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import ServiceUnavailable
from sanic.response import empty, redirect

from bot.clinic.audit import Entry
from bot.clinic.errors import MeridianError, NotAllowed, NotFound
from bot.clinic.note import Note
from bot.clinic.profile import Clinic
from bot.clinic.staff import ROLES, Role, Staff
from bot.clock import utc_now
from bot.console.caller import Caller
from bot.console.pages import Pages
from bot.desk import staff as people
from bot.desk.bell import Bell
from bot.desk.handoff_words import HandoffWords
from bot.house import House
from bot.likeness import Likeness
from bot.logs import told
from bot.store.unit import Unit

logger = logging.getLogger(__name__)

ROOT = "/staff"
LOGIN = f"{ROOT}/login"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_KEY_BYTES = 32
_STATUS: dict[type[Exception], int] = {NotFound: 404, NotAllowed: 403}
_NAMES = str.maketrans(" /<>-.", "______")
_NO_COOKIE = (
    "Your browser did not send back what keeps a login safe. Open the console with "
    "https, or on this machine as http://127.0.0.1, and load the page again."
)


@dataclass(frozen=True)
class Console:
    """What the pages of the console work with.

    Args:
        checking: lets few passwords be checked at once, as each takes 64 MB.
        likeness: which missed questions say much the same.
    """

    house: House
    bell: Bell
    pages: Pages
    checking: asyncio.Semaphore
    likeness: Likeness

    @property
    def clinic(self) -> Clinic:
        """The clinic, as its files describe it."""
        return self.house.shelf.clinic

    @property
    def words(self) -> HandoffWords:
        """What visitors read about being handed over."""
        return self.house.shelf.handoff_words


Handler = Callable[..., Awaitable[HTTPResponse]]
"""Given the console, the request, who asks (if the page is not for anybody) and what
the path says."""


class Door:
    """Registers the console's routes, none of them unguarded by accident."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.routes = Blueprint("console", url_prefix=ROOT)
        self.open_paths: set[str] = set()
        self.routes.exception(Exception)(self._failed)

    def get(self, path: str, page: Handler, roles: tuple[Role, ...] = ROLES) -> None:
        """Register a page for staff with one of the roles."""
        self._register("GET", path, page, roles)

    def post(self, path: str, deed: Handler, roles: tuple[Role, ...] = ROLES) -> None:
        """Register a deed for staff with one of the roles."""
        self._register("POST", path, deed, roles)

    def open_get(self, path: str, page: Handler) -> None:
        """Register a page for anybody."""
        self._open("GET", path, page)

    def open_post(self, path: str, deed: Handler) -> None:
        """Register a deed for anybody whose form came from here."""
        self._open("POST", path, deed)

    def _open(self, method: str, path: str, handler: Handler) -> None:
        async def guarded(request: Request, **arguments: str) -> HTTPResponse:
            if method == "POST" and not from_here(self.console, request):
                return self._refuse(request, 403, _NO_COOKIE)
            return await handler(self.console, request, **arguments)

        self.open_paths.add(f"{ROOT}{path}")
        self._add(method, path, guarded)

    def _register(
        self, method: str, path: str, handler: Handler, roles: tuple[Role, ...]
    ) -> None:
        async def guarded(request: Request, **arguments: str) -> HTTPResponse:
            caller = await asyncio.to_thread(self._caller, request)
            if caller is None:
                return _to_login(request)
            if method == "POST" and not from_here(self.console, request):
                return self._refuse(request, 403, _NO_COOKIE, caller)
            try:
                await self._let_in(caller, roles, arguments)
                return await handler(self.console, request, caller, **arguments)
            except (MeridianError, ValueError) as refused:
                status = _STATUS.get(type(refused), 422)
                return self._refuse(request, status, str(refused), caller)

        self._add(method, path, guarded)

    def _add(self, method: str, path: str, guarded: Handler) -> None:
        name = f"{method} {path}".lower().translate(_NAMES)
        self.routes.add_route(guarded, path, methods=[method], name=name)

    async def _let_in(
        self, caller: Caller, roles: tuple[Role, ...], arguments: Mapping[str, str]
    ) -> None:
        """Check the role and, for a page about one, the conversation or the diary.

        Raises:
            NotFound: it is not for this caller; nothing says that it exists.
        """
        if caller.person.role not in roles:
            raise NotFound("There is no such page.")
        if "conversation_id" in arguments:
            await asyncio.to_thread(self._may_see, caller, arguments["conversation_id"])
        own = caller.person.practitioner_id
        if (
            caller.person.role == "practitioner"
            and arguments.get("practitioner_id", own) != own
        ):
            raise NotFound("There is no such practitioner.")

    def _caller(self, request: Request) -> Caller | None:
        browser = request.cookies.get(cookie_name(request))
        if not browser:
            return None
        now = utc_now()
        with self.console.house.store.reading() as unit:
            person = people.who(unit, browser, now)
        if person is None:
            return None
        return Caller(person, browser, csrf_of(self.console, browser), now)

    def _may_see(self, caller: Caller, conversation_id: str) -> None:
        with self.console.house.store.reading() as unit:
            if not may_see(unit, caller.person, conversation_id):
                raise NotFound("There is no such conversation.")

    def _refuse(
        self, request: Request, status: int, reason: str, caller: Caller | None = None
    ) -> HTTPResponse:
        return self.console.pages.show(
            "refused.html", caller, status=status, title="Not done", reason=reason
        )

    async def _failed(self, request: Request, fault: Exception) -> HTTPResponse:
        """Say that something broke; the log gets the place, never a word of it."""
        if isinstance(fault, ServiceUnavailable) and str(fault) == "Cancelled":
            return empty()  # the browser has gone; that is no failure of ours
        logger.error("failed at %s: %s", request.path, told(fault))
        reason = "Something went wrong here, and nothing was changed. Please try again."
        return self._refuse(request, 503, reason)


def may_see(unit: Unit, person: Staff, conversation_id: str) -> bool:
    """Say whether somebody may know of a conversation: practitioners of their own."""
    if person.role != "practitioner":
        return unit.conversations.get(conversation_id) is not None
    return unit.queue.has_visit_with(conversation_id, person.practitioner_id or "")


def note(
    unit: Unit,
    caller: Caller,
    deed: str,
    conversation_id: str | None = None,
    about: str = "",
) -> None:
    """Add one line to the audit, in the same transaction as what it tells of."""
    unit.audit.add(Entry(caller.now, caller.person.name, deed, conversation_id, about))


def write_note(unit: Unit, caller: Caller, conversation_id: str, text: str) -> None:
    """Keep something for colleagues; the visitor does not see it."""
    name = caller.person.name
    unit.notes.add(Note(str(uuid.uuid4()), conversation_id, name, text, caller.now))


def is_plain(request: Request) -> bool:
    """Say whether this is plain http on this machine, where no one listens in."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return host in _LOOPBACK and request.scheme == "http"


def cookie_name(request: Request) -> str:
    """Return the cookie's name; `__Host-` makes browsers insist on https."""
    return "staff" if is_plain(request) else "__Host-staff"


def new_key() -> str:
    """Return a key for the browser of somebody who is not logged in yet."""
    return secrets.token_urlsafe(_KEY_BYTES)


def keep(request: Request, response: HTTPResponse, browser: str) -> HTTPResponse:
    """Give the browser its key; no script reads it, no other site sends it."""
    name = cookie_name(request)
    response.cookies[name] = browser
    response.cookies[name]["httponly"] = True
    response.cookies[name]["secure"] = not is_plain(request)
    response.cookies[name]["samesite"] = "Lax"
    return response


def csrf_of(console: Console, browser: str) -> str:
    """Return the token that forms of this browser carry."""
    secret = console.house.settings.secret.encode()
    return hmac.new(secret, f"console:{browser}".encode(), hashlib.sha256).hexdigest()


def from_here(console: Console, request: Request) -> bool:
    """Say whether a form was sent by one of our own pages."""
    browser = request.cookies.get(cookie_name(request), "")
    given = request.headers.get("x-csrf") or field(request, "csrf")
    return bool(browser) and hmac.compare_digest(
        csrf_of(console, browser).encode(), given.encode()
    )


def field(request: Request, name: str) -> str:
    """Return one field of a sent form, "" where it was left out."""
    return str((request.form or {}).get(name) or "")


def _to_login(request: Request) -> HTTPResponse:
    there = quote(request.path) if request.method == "GET" else ROOT
    return redirect(f"{LOGIN}?next={there}", status=303)
