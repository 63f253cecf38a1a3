"""`python -m bot staff`: makes logins for the console and takes them away."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import datetime
from typing import TextIO

from bot.clinic.errors import NotFound
from bot.clinic.profile import Clinic
from bot.clinic.staff import ROLES, name_key
from bot.desk.staff import add_staff, disable, drop_second_factor, hashed, set_password
from bot.store.unit import Store

_BY = "command line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the deeds of `python -m bot staff`."""
    deeds = parser.add_subparsers(required=True, metavar="WHAT", dest="what")
    add = deeds.add_parser("add", help="make a login; asks for the password")
    add.add_argument("name", help="as visitors will read it")
    add.add_argument("--role", choices=ROLES, default="staff")
    add.add_argument(
        "--practitioner",
        metavar="ID",
        help="for the role practitioner: whose patients; else the one of that name",
    )
    password = deeds.add_parser("password", help="set a new password")
    for one in (add, password):
        one.add_argument("--password-stdin", action="store_true")
    remove = deeds.add_parser("remove", help="take a login away")
    reset = deeds.add_parser("reset-code", help="switch the second factor off")
    for one in (password, remove, reset):
        one.add_argument("name")
    deeds.add_parser("list", help="who may log in")


def run(
    store: Store,
    clinic: Clinic,
    arguments: argparse.Namespace,
    now: datetime,
    out: TextIO,
) -> None:
    """Do what was asked on the command line.

    Raises:
        NotFound: nobody has that name.
        ValueError: name, password or practitioner will not do; says why.
    """
    if arguments.what == "list":
        _list(store, out)
    elif arguments.what == "add":
        _add(store, clinic, arguments, now)
        out.write(f"{arguments.name} can log in at /staff now.\n")
    else:
        _change(store, arguments, now)


def _add(
    store: Store, clinic: Clinic, arguments: argparse.Namespace, now: datetime
) -> None:
    practitioner = (
        _practitioner(clinic, arguments.practitioner or arguments.name)
        if arguments.role == "practitioner"
        else None
    )
    password = _password(arguments.password_stdin)
    with store.unit() as unit:
        add_staff(unit, arguments.name, password, arguments.role, now, practitioner)


def _change(store: Store, arguments: argparse.Namespace, now: datetime) -> None:
    changed = (
        hashed(_password(arguments.password_stdin))
        if arguments.what == "password"
        else ""
    )
    with store.unit() as unit:
        person = unit.staff.named(arguments.name)
        if person is None:
            raise NotFound(f"There is no login for {arguments.name!r}.")
        if arguments.what == "password":
            set_password(unit, person, changed, now, _BY)
        elif arguments.what == "remove":
            disable(unit, person, now, _BY)
        else:
            drop_second_factor(unit, person, now, _BY)


def _list(store: Store, out: TextIO) -> None:
    with store.reading() as unit:
        everybody = unit.staff.all()
    for person in everybody:
        off = "  (taken away)" if person.disabled_at else ""
        out.write(f"{person.role:13} {person.name}{off}\n")
    if not everybody:
        out.write("Nobody can log in yet: python -m bot staff add NAME\n")


def _practitioner(clinic: Clinic, wanted: str) -> str:
    for practitioner_id, one in clinic.practitioners.items():
        if wanted == practitioner_id or name_key(wanted) == name_key(one.name):
            return practitioner_id
    known = ", ".join(sorted(clinic.practitioners))
    raise ValueError(
        f"The clinic has no practitioner {wanted!r}. Name one with --practitioner: "
        f"{known}"
    )


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise ValueError("There is nobody to ask for a password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise ValueError("The two passwords differ. Nothing was changed.")
    return password
