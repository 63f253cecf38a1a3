"""Logging in and out, and one's own login."""

from __future__ import annotations

import asyncio
from datetime import datetime

import segno
from sanic import HTTPResponse, Request
from sanic.response import redirect

from bot.clinic.staff import Staff
from bot.clock import utc_now
from bot.console.caller import Caller
from bot.console.door import (
    LOGIN,
    ROOT,
    Console,
    Door,
    cookie_name,
    csrf_of,
    field,
    keep,
    new_key,
)
from bot.console.pages import ago
from bot.desk import staff as people

_WRONG = "That name and password do not go together, or the code is wrong."


def add(door: Door) -> None:
    """Register the pages."""
    door.open_get("/login", _login_page)
    door.open_post("/login", _login)
    door.post("/logout", _logout)
    door.get("/account", _account)
    door.post("/account/code", _begin_code)
    door.post("/account/code/on", _code_on)
    door.post("/account/password", _password)


async def _login_page(console: Console, request: Request) -> HTTPResponse:
    return await _show_login(console, request)


async def _login(console: Console, request: Request) -> HTTPResponse:
    async with console.checking:
        entered = await asyncio.to_thread(_log_in, console, request, utc_now())
    if entered[0] is None:
        return await _show_login(console, request, 401, entered[1])
    response = redirect(_within(field(request, "next")), status=303)
    return keep(request, response, entered[0])


async def _logout(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    everywhere = field(request, "everywhere") == "1"
    await asyncio.to_thread(_log_out, console, caller, everywhere)
    return keep(request, redirect(LOGIN, status=303), new_key())


async def _account(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    return _show_account(console, caller)


async def _begin_code(
    console: Console, request: Request, caller: Caller
) -> HTTPResponse:
    secret, _ = people.new_second_factor(caller.person, _clinic_name(console))
    return _show_account(console, caller, secret=secret)


async def _code_on(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    secret = field(request, "secret")
    codes = people.Codes(field(request, "present"), field(request, "code"))
    async with console.checking:
        problem = await asyncio.to_thread(
            _switch_on, console, caller, field(request, "old"), secret, codes
        )
    if not problem:
        return redirect(f"{ROOT}/account", status=303)
    return _show_account(console, caller, 422, secret, problem)


async def _password(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    old, new = field(request, "old"), field(request, "new")
    async with console.checking:
        problem = await asyncio.to_thread(_new_password, console, caller, old, new)
    if problem:
        return _show_account(console, caller, 422, problem=problem)
    return keep(request, redirect(LOGIN, status=303), new_key())


async def _show_login(
    console: Console, request: Request, status: int = 200, problem: str = ""
) -> HTTPResponse:
    browser = request.cookies.get(cookie_name(request)) or new_key()
    staffed = await asyncio.to_thread(_staffed, console)
    response = console.pages.show(
        "login.html",
        None,
        status=status,
        title="Log in",
        csrf=csrf_of(console, browser),
        next=_within(field(request, "next") or request.args.get("next", "")),
        name=field(request, "name"),
        problem=problem,
        staffed=staffed,
    )
    return keep(request, response, browser)


def _staffed(console: Console) -> bool:
    with console.house.store.reading() as unit:
        return unit.staff.anyone()


def _within(path: str) -> str:
    """Return where to go after logging in: never out of the console."""
    inside = path == ROOT or path.startswith(f"{ROOT}/")
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if inside and plain and not path.startswith(LOGIN) else ROOT


def _log_in(
    console: Console, request: Request, now: datetime
) -> tuple[str | None, str]:
    """Try a name, a password and a code; return the browser's key, or why not."""
    store = console.house.store
    with store.unit() as unit:
        knocked = people.knock(unit, field(request, "name"), now)
    if knocked.wait_until:
        return None, _too_many(knocked.wait_until, now)
    if not people.knows(knocked, field(request, "password")) or not knocked.person:
        return None, _WRONG
    with store.unit() as unit:
        browser = request.cookies.get(cookie_name(request))
        code = field(request, "code")
        key = people.enter(unit, knocked.person, code, browser, now)
    return key, "" if key else _WRONG


def _log_out(console: Console, caller: Caller, everywhere: bool) -> None:
    with console.house.store.unit() as unit:
        people.leave(
            unit, caller.person, caller.browser, caller.now, everywhere=everywhere
        )


def _switch_on(
    console: Console, caller: Caller, password: str, secret: str, codes: people.Codes
) -> str:
    """Switch a second factor on, for who knows the password; return why not."""
    if doubt := _doubt(console, caller, password):
        return doubt
    with console.house.store.unit() as unit:
        done = people.set_second_factor(unit, caller.person, secret, codes, caller.now)
    return "" if done else "A code was not right. Type the ones that are shown now."


def _new_password(console: Console, caller: Caller, old: str, new: str) -> str:
    """Change the password, for who knows the present one; return why not."""
    if doubt := _doubt(console, caller, old):
        return doubt
    changed = people.hashed(new)
    with console.house.store.unit() as unit:
        name = caller.person.name
        people.set_password(unit, caller.person, changed, caller.now, name)
    return ""


def _doubt(console: Console, caller: Caller, password: str) -> str:
    """Ask for the password again, as often as at the door; return what is wrong."""
    with console.house.store.unit() as unit:
        knocked = people.knock(unit, caller.person.name, caller.now)
    if knocked.wait_until:
        return _too_many(knocked.wait_until, caller.now)
    right = people.knows(knocked, password)
    return "" if right else "The present password was not right. Nothing was changed."


def _too_many(until: datetime, now: datetime) -> str:
    wait = ago(until - now).replace("under 1 min", "a minute")
    return f"There were too many wrong tries. Please wait {wait}."


def _show_account(
    console: Console,
    caller: Caller,
    status: int = 200,
    secret: str = "",
    problem: str = "",
) -> HTTPResponse:
    return console.pages.show(
        "account.html",
        caller,
        status=status,
        title="Your login",
        secret=secret,
        picture=_picture(secret, caller.person, _clinic_name(console)),
        problem=problem,
    )


def _picture(secret: str, person: Staff, clinic: str) -> str:
    """Return the QR code of a secret as an address that an image can show."""
    if not secret:
        return ""
    address = people.second_factor_address(secret, person, clinic)
    return str(segno.make(address).svg_data_uri(scale=4, border=4, light="white"))


def _clinic_name(console: Console) -> str:
    return console.clinic.name
