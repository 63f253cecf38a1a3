"""Questions that nobody answered, and what the assistant is to learn from them."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import redirect

from bot.clinic.conversation import tidy
from bot.clinic.errors import NotAllowed, NotFound
from bot.clinic.examples import LONGEST_EXAMPLE, Example, folded, worded
from bot.clinic.misses import Miss
from bot.clinic.restricted import HELD_BACK
from bot.clinic.staff import Role
from bot.clinic.when import today
from bot.console.caller import Caller
from bot.console.crisis import is_shut
from bot.console.door import ROOT, Console, Door, field, note
from bot.console.labels import choices, name_of
from bot.content.learned import drop, keep, known, read_learned
from bot.desk.misses import LONGEST_LIST, mark_handled, one_miss, open_misses, teach
from bot.house import DATA
from bot.learning import progress, start

_HERE = f"{ROOT}/misses"
_READERS: tuple[Role, ...] = ("staff", "admin")
_GUESSES = 3


def add(door: Door) -> None:
    """Register the page and the deeds."""
    door.get("/misses", _misses, roles=_READERS)
    door.get("/misses/one", _one, roles=("admin",))
    door.post("/misses/leave", _leave, roles=_READERS)
    door.post("/misses/teach", _teach, roles=("admin",))
    door.post("/misses/forget", _forget, roles=("admin",))
    door.post("/misses/train", _train, roles=("admin",))


async def _misses(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    # A page that looks by itself shows how the training goes, and reads nothing else.
    again = request.args.get("again", "") == "1"
    found = [] if again else await asyncio.to_thread(_look_through, console, caller)
    values = await asyncio.to_thread(_values, console, caller, found)
    return console.pages.show("misses.html", caller, title="Misses", **values)


def _look_through(console: Console, caller: Caller) -> list[Miss]:
    """Read what was missed, and write down who read it."""
    with console.house.store.reading() as unit:
        found = [
            one
            for one in open_misses(unit)
            if not is_shut(console, unit, caller, one.conversation_id)
        ]
    with console.house.store.unit() as unit:
        note(unit, caller, "read misses", about=f"{len(found)} messages")
        for one in found:
            note(unit, caller, "read miss", one.conversation_id, f"message {one.seq}")
        unit.commit()
    return found


def _values(console: Console, caller: Caller, found: list[Miss]) -> dict[str, Any]:
    settings, answers = console.house.settings, console.house.shelf.answers
    groups = console.likeness.together(found)
    training = progress(settings, caller.now)
    taught = read_learned(settings.learned_dir)
    return {
        "groups": [
            (_heading(group, answers), [(one, _guesses(one, answers)) for one in group])
            for group in groups
            if len(group) > 1
        ],
        "alone": [
            (group[0], _guesses(group[0], answers))
            for group in groups
            if len(group) == 1
        ],
        "most": LONGEST_LIST,
        "count": len(found),
        "taught": [
            (one, name_of(one.label, answers))
            for one in sorted(taught, key=lambda one: one.on, reverse=True)
        ],
        "training": training,
        "failed": [
            (one["text"], *(name_of(one[key], answers) for key in ("wanted", "got")))
            for one in (training.failed if training else ())
        ],
    }


def _heading(group: list[Miss], answers: Any) -> str:
    """Say what most of a group was likeliest to mean."""
    first = [name_of(one.ranking[0][0], answers) for one in group if one.ranking]
    return max(first, key=first.count, default="")


def _guesses(one: Miss, answers: Any) -> list[tuple[str, int]]:
    return [
        (name_of(label, answers), round(chance * 100))
        for label, chance in one.ranking[:_GUESSES]
    ]


async def _one(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    key = _key(f"{request.args.get('conversation', '')}:{request.args.get('seq', '')}")
    found = await asyncio.to_thread(_look, console, caller, *key)
    return _form(console, caller, found, found.text, _likely(console, found))


def _look(console: Console, caller: Caller, conversation_id: str, seq: int) -> Miss:
    with console.house.store.reading() as unit:
        found = one_miss(unit, conversation_id, seq)
        if is_shut(console, unit, caller, conversation_id):
            raise NotAllowed(HELD_BACK)
    with console.house.store.unit() as unit:
        note(unit, caller, "read miss", conversation_id, f"message {seq}")
        unit.commit()
    return found


def _likely(console: Console, one: Miss) -> str:
    """Return what it stands for by the button that was pressed next, else by chance."""
    known_names = {
        name: label
        for _, group in choices(console.house.shelf.answers)
        for label, name in group
    }
    if one.next_step and one.next_step.pressed and one.next_step.text in known_names:
        return known_names[one.next_step.text]
    return one.ranking[0][0] if one.ranking else ""


def _form(
    console: Console,
    caller: Caller,
    one: Miss,
    text: str,
    label: str,
    problem: str = "",
) -> HTTPResponse:
    answers = console.house.shelf.answers
    return console.pages.show(
        "miss.html",
        caller,
        status=422 if problem else 200,
        title="An example to learn",
        one=one,
        guesses=_guesses(one, answers),
        text=text,
        label=label,
        problem=problem,
        choices=choices(answers),
        longest=LONGEST_EXAMPLE,
    )


async def _teach(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    conversation_id, seq = _key(field(request, "miss"))
    text, label = field(request, "text"), field(request, "label")
    try:
        clean = field(request, "clean") == "1"
        await asyncio.to_thread(
            _keep, console, caller, conversation_id, seq, text, label, clean
        )
    except ValueError as problem:
        found = await asyncio.to_thread(_look, console, caller, conversation_id, seq)
        return _form(console, caller, found, text, label, str(problem))
    return redirect(_HERE, status=303)


def _keep(
    console: Console,
    caller: Caller,
    conversation_id: str,
    seq: int,
    text: str,
    label: str,
    clean: bool,
) -> None:
    """Write an example down.

    Raises:
        ValueError: it will not do; says why.
        NotFound: the miss is not on the list any more.
    """
    folder = console.house.settings.learned_dir
    example = Example(
        text=worded(text),
        label=_checked(console, label),
        by=caller.person.name,
        on=today(caller.now, console.clinic.zone),
    )
    if not clean:
        raise ValueError("Please confirm that nothing in it tells who wrote it.")
    if console.house.shelf.red_flags.match(tidy(example.text)):
        raise ValueError(
            "This sounds like an emergency, which is never an example of anything else."
        )
    already = known(DATA, folder).get(folded(example.text))
    if already:
        name = name_of(already, console.house.shelf.answers)
        raise ValueError(f"The assistant knows this already, as: {name}")
    with console.house.store.unit() as unit:
        note(unit, caller, "teach", conversation_id, f"message {seq} as {label}")
        teach(
            unit,
            conversation_id,
            seq,
            caller.person.name,
            caller.now,
            partial(keep, folder, example),
        )


def _checked(console: Console, label: str) -> str:
    allowed = {
        one for _, group in choices(console.house.shelf.answers) for one, _ in group
    }
    if label not in allowed:
        raise ValueError("Please choose what it is an example of.")
    return label


async def _leave(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    chosen = _all_of(request, "miss")
    if not chosen or len(chosen) > LONGEST_LIST:
        raise ValueError("Nothing was chosen.")
    keys = [_key(one) for one in chosen]
    await asyncio.to_thread(_dismiss, console, caller, keys)
    return redirect(_HERE, status=303)


def _all_of(request: Request, name: str) -> list[str]:
    """Return every value of a field that may be sent more than once."""
    return list(request.form.getlist(name, [])) if request.form else []


def _dismiss(console: Console, caller: Caller, keys: list[tuple[str, int]]) -> None:
    for conversation_id, seq in keys:
        with console.house.store.unit() as unit:
            note(unit, caller, "leave miss", conversation_id, f"message {seq}")
            mark_handled(unit, conversation_id, seq, caller.person.name, caller.now)


async def _forget(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    text, label = field(request, "text"), field(request, "label")
    await asyncio.to_thread(_drop, console, caller, text, label)
    return redirect(f"{_HERE}#taught", status=303)


def _drop(console: Console, caller: Caller, text: str, label: str) -> None:
    """Take an example out of the files; what was learnt from it stays until the next.

    Raises:
        NotFound: it is not there any more.
    """
    with console.house.store.unit() as unit:
        note(unit, caller, "forget example", about=label)
        if not drop(console.house.settings.learned_dir, label, text):
            raise NotFound("That example is not there any more.")
        unit.commit()


async def _train(console: Console, _request: Request, caller: Caller) -> HTTPResponse:
    await asyncio.to_thread(_start, console, caller)
    return redirect(f"{_HERE}#training", status=303)


def _start(console: Console, caller: Caller) -> None:
    settings, name = console.house.settings, caller.person.name
    if not start(settings, name, caller.now):
        raise ValueError("A training is going on already. Please wait for its end.")
    with console.house.store.unit() as unit:
        note(unit, caller, "train")
        unit.commit()


def _key(text: str) -> tuple[str, int]:
    """Read `conversation:number`.

    Raises:
        NotFound: that names no message.
    """
    conversation_id, _, seq = text.rpartition(":")
    if not (seq.isascii() and seq.isdecimal() and len(seq) < 10):
        raise NotFound("There is no such question.")
    return conversation_id, int(seq)
