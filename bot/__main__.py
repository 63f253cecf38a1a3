"""`python -m bot DEED`: one process or deed of Meridian."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot import settings as environment
from bot.clinic.audit import Entry
from bot.clinic.errors import MeridianError
from bot.clock import utc_now
from bot.logs import WordlessFormatter
from bot.settings import Settings
from bot.staff import add_arguments as add_staff_arguments

Deed = Callable[[Settings, argparse.Namespace], int]


def main() -> int:
    """Run the deed named on the command line."""
    os.umask(0o077)  # whatever is written about visitors is the owner's alone
    arguments = _parser().parse_args()
    # No log line holds what visitors wrote, not even inside a failure's message.
    handler = logging.StreamHandler()
    handler.setFormatter(
        WordlessFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # httpx logs every request; a conversation's own log line says more.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It names every letter that a transcript on paper has.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    deed: Deed = arguments.deed
    try:
        return deed(environment.load(), arguments)
    except (MeridianError, ValueError) as fault:
        sys.stderr.write(f"meridian: {fault}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    deeds = parser.add_subparsers(required=True, metavar="DEED")
    for name, deed, words in (
        ("run", _run, "the three processes, until Ctrl-C"),
        ("desk", _desk, "the desk: chat API, widget and page"),
        ("assistant", _assistant, "the assistant: Rasa with the trained model"),
        ("actions", _actions, "the action server"),
        ("migrate", _migrate, "bring the database up to date"),
        ("understand", _understand, "say what each line of standard input means"),
        ("handoffs", _handoffs, "list what waits for staff, with transcripts"),
    ):
        deeds.add_parser(name, help=words).set_defaults(deed=deed)
    prepare = deeds.add_parser("prepare", help="encoder, database and model")
    prepare.add_argument("--without-model", action="store_true")
    prepare.set_defaults(deed=_prepare)
    learn = deeds.add_parser(
        "learn", help="train with what staff taught, and use it if the checks pass"
    )
    learn.add_argument("--by", default="command line", help="who asks for it")
    learn.set_defaults(deed=_learn)
    reply = deeds.add_parser("reply", help="answer a visitor as a member of staff")
    reply.add_argument("conversation")
    reply.add_argument("text")
    reply.add_argument("--name", required=True, help="who answers")
    reply.set_defaults(deed=_reply)
    give_back = deeds.add_parser("return", help="give a conversation back")
    give_back.add_argument("conversation")
    give_back.set_defaults(deed=_return)
    release = deeds.add_parser("release", help="let a locked visitor book again")
    release.add_argument("conversation")
    release.add_argument("--name", required=True, help="who decided")
    release.add_argument("--reason", required=True)
    release.set_defaults(deed=_release)
    export = deeds.add_parser("export", help="write the record for other programs")
    export.add_argument(
        "--fhir", required=True, metavar="KIND", help="what to write: screenings, diary"
    )
    export.add_argument("conversation", nargs="?", help="only this one's")
    export.set_defaults(deed=_export)
    feed = deeds.add_parser("feed", help="the address of a practitioner's calendar")
    feed.add_argument("practitioner", help="as in practitioners.yml")
    feed.add_argument(
        "--new", action="store_true", help="another address; the old one ends"
    )
    feed.set_defaults(deed=_feed)
    staff = deeds.add_parser("staff", help="logins for the console: add NAME, list ...")
    add_staff_arguments(staff)
    staff.set_defaults(deed=_staff)
    chat = deeds.add_parser(
        "chat",
        help="talk to a running desk from this terminal",
        description="Talk to a running desk as a visitor would. Type what you like; "
        "where buttons are shown, type a number or the words on one, and for a list "
        "to tick several numbers (1 3). Arrow keys bring earlier lines back. Ctrl-D "
        "ends it; the next time it goes on where it was.",
    )
    chat.add_argument("--new", action="store_true", help="begin a new conversation")
    chat.add_argument("--url", help="of the desk; by default the one on this machine")
    chat.set_defaults(deed=_chat)
    report = deeds.add_parser("protocol-report", help="the rules as a page to sign")
    report.set_defaults(deed=_protocol_report)
    screen = deeds.add_parser("screen", help="evaluate worked screening cases")
    screen.add_argument("cases", type=Path)
    screen.set_defaults(deed=_screen)
    return parser


def _run(settings: Settings, _: argparse.Namespace) -> int:
    from bot.prepare import prepare
    from bot.run import CannotStart, alone, check_ports, run

    try:
        with alone(settings):
            check_ports(settings)
            prepare(settings)
            return run(settings)
    except CannotStart as reason:
        sys.stderr.write(f"meridian: {reason}\n")
        return 1


def _prepare(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.prepare import prepare

    prepare(settings, model=not arguments.without_model)
    return 0


def _learn(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.learn_command import run

    return run(settings, arguments.by, sys.stdout)


def _desk(settings: Settings, _: argparse.Namespace) -> int:
    from bot import house, watchdog
    from bot.app import build
    from bot.assistant import RasaAssistant

    watchdog.watch(settings.host, settings.port, "/healthz")
    app = build(
        house.opened(), RasaAssistant(settings.assistant_url, settings.actions_url)
    )
    app.run(settings.host, settings.port, access_log=False, motd=False)
    return 0


def _assistant(settings: Settings, _: argparse.Namespace) -> int:
    from bot import watchdog
    from bot.nlu.serve import serve

    watchdog.watch("127.0.0.1", settings.assistant_port, "/")
    serve(settings)
    return 0


def _actions(settings: Settings, _: argparse.Namespace) -> int:
    from rasa_sdk.endpoint import create_app

    from bot import house, watchdog

    watchdog.watch("127.0.0.1", settings.actions_port, "/health")
    house.opened()  # a mistake in the clinic's files stops it here, not in a chat
    # It warns of every value that is checked while it is read, as all of ours are.
    logging.getLogger("rasa_sdk.forms").setLevel(logging.ERROR)
    logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)
    app = create_app("actions")
    app.config.REQUEST_MAX_SIZE = 4 * 1024 * 1024  # a whole Rasa tracker
    app.run("127.0.0.1", settings.actions_port, access_log=False, motd=False)
    return 0


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    from bot.store.migrate import migrate

    migrate(settings.database_url)
    return 0


def _understand(settings: Settings, _: argparse.Namespace) -> int:
    from bot.understand import understand

    return understand(settings, sys.stdin.buffer, sys.stdout)


def _chat(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.chat import run

    url = arguments.url or f"http://127.0.0.1:{settings.port}"
    kept = settings.data_dir / "chat.key"
    return run(url.rstrip("/"), kept, arguments.new, sys.stdin, sys.stdout)


def _screen(_: Settings, arguments: argparse.Namespace) -> int:
    from bot.screen_cases import run

    return run(arguments.cases, sys.stdout)


def _feed(_: Settings, arguments: argparse.Namespace) -> int:
    from bot import house
    from bot.desk.feeds import feed_key
    from bot.links import links

    here = house.opened()
    with here.store.unit() as unit:
        key = feed_key(
            unit, here.shelf.clinic, arguments.practitioner, utc_now(), arguments.new
        )
    sys.stdout.write(links(here.settings).feed(key) + "\n")
    return 0


def _protocol_report(settings: Settings, _: argparse.Namespace) -> int:
    from bot.house import load_shelf
    from bot.protocol_report import write

    return write(load_shelf(settings), settings.data_dir / "protocol.html", sys.stdout)


def _export(_: Settings, arguments: argparse.Namespace) -> int:
    from bot import house
    from bot.export import KINDS, export

    if arguments.fhir not in KINDS:
        raise ValueError(f"--fhir takes one of: {', '.join(KINDS)}")
    return export(house.opened(), arguments.fhir, arguments.conversation, sys.stdout)


def _handoffs(settings: Settings, _: argparse.Namespace) -> int:
    from bot.handoffs import show
    from bot.store.unit import Store

    return show(Store(settings.database_url), sys.stdout, utc_now())


def _reply(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot import house
    from bot.handoffs import answer

    answer(
        house.opened(),
        arguments.conversation,
        arguments.name,
        arguments.text,
        utc_now(),
    )
    return 0


def _return(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot import house
    from bot.desk.handoff import give_back
    from bot.desk.handoff_words import named

    here = house.opened()
    with here.store.unit() as unit:
        said = named(here.shelf.handoff_words.returned)
        unit.audit.add(
            Entry(utc_now(), "command line", "return", arguments.conversation)
        )
        give_back(unit, arguments.conversation, said, utc_now())
    return 0


def _staff(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot import house, staff

    here = house.opened()
    staff.run(here.store, here.shelf.clinic, arguments, utc_now(), sys.stdout)
    return 0


def _release(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.handoffs import unlock
    from bot.store.unit import Store

    unlock(
        Store(settings.database_url),
        arguments.conversation,
        arguments.name,
        arguments.reason,
        utc_now(),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
