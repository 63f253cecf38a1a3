"""`python -m bench.openings`: how long a search for the soonest openings takes.

The network of 600 practitioners, a diary of 90 days with 50,000 visits in it, SQLite.
Nothing is asserted; the figures are printed and written beside this file.
"""

from __future__ import annotations

import json
import platform
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from bot.clinic.booking import Cell, Opening, cells_of
from bot.clinic.diary import Busy, Search
from bot.clinic.profile import Clinic
from bot.clinic.when import UTC
from bot.clinic.wish import Wish
from bot.content.profile import load
from bot.desk import claims, conversation
from bot.desk.openings import offer
from bot.desk.wishes import read_wish
from bot.settings import ROOT
from bot.store.migrate import migrate
from bot.store.tables import appointments, cells
from bot.store.unit import Store

VISITS = 50_000
DAYS = 90
ROUNDS = 12
NOW = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
WISHES = (
    "soonest",
    "acupuncture",
    "physiotherapy with a woman who speaks Kannada",
    "online",
    "online with a man who speaks Tamil",
    "saturday morning",
    "any evening after 6",
    "next monday at 10",
    "in Jayanagar",
    "a woman who speaks Urdu in Whitefield",
    "with Asha Verrin",
    "in two months",
    "ayurveda with someone who speaks Bengali",
    "sundays",
    "at 3 in the morning",
)
"""The last one suits nobody on any day."""
_RESULTS = Path(__file__).parent / "openings.json"


def main() -> None:
    """Fill a diary, search in it, and say how long that took."""
    clinic = load(ROOT / "data" / "clinics" / "bangalore")
    clinic = replace(clinic, policy=replace(clinic.policy, horizon_days=DAYS))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/meridian.db"
        migrate(url)
        store = Store(url)
        fill(store, clinic, VISITS)
        figures = measure(store, clinic)
        store.close()
    print(table(figures))  # noqa: T201 - a report
    _RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


def fill(store: Store, clinic: Clinic, count: int) -> None:
    """Book random visits all over the diary, as many as asked for."""
    dice = random.Random(1)  # noqa: S311
    with store.unit() as unit:
        talk = conversation.begin(unit, "web", clinic.id, NOW)
    taken: set[Cell] = set()
    visits: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for opening in _some_openings(clinic, dice):
        claimed = _claim(clinic, opening, taken)
        if not claimed:
            continue
        visit = claims.new_appointment(talk.id, opening, "booked", NOW)
        visits.append(asdict(visit))
        rows += [
            {"resource": name, "starts_at": at, "appointment_id": visit.id}
            for name, at in claimed
        ]
        if len(visits) == count:
            break
    if len(visits) < count:
        raise SystemExit(f"the diary has room for {len(visits)} visits only")
    with store.engine.begin() as connection:
        connection.execute(appointments.insert(), visits)
        connection.execute(cells.insert(), rows)


def _claim(clinic: Clinic, opening: Opening, taken: set[Cell]) -> list[Cell]:
    rooms: list[str | None] = [
        room.id for room in clinic.places[opening.place_id].rooms
    ]
    for room in rooms or [None]:
        wanted = cells_of(
            clinic.treatments[opening.treatment_id],
            clinic.policy,
            opening.practitioner_id,
            room,
            opening.starts_at,
        )
        if taken.isdisjoint(wanted):
            taken.update(wanted)
            return wanted
    return []


def _some_openings(clinic: Clinic, dice: random.Random) -> Iterator[Opening]:
    """Walk openings of every practitioner's every day, in a random order."""
    end, empty = NOW + timedelta(days=DAYS), Busy(NOW, {})
    found: list[Opening] = []
    for one in clinic.practitioners.values():
        gives = [each for each in clinic.treatments.values() if clinic.gives(one, each)]
        search = Search(clinic, dice.choice(gives), [one], NOW, end)
        for day in search.days():
            free = list(search.openings(day, search.lanes(day), empty))
            found += dice.sample(free, min(8, len(free)))
    dice.shuffle(found)
    yield from found


def measure(store: Store, clinic: Clinic) -> dict[str, Any]:
    """Search for every wish at several hours of several days."""
    moments = [NOW + timedelta(days=3 * n, hours=2 * n) for n in range(ROUNDS)]
    asked = [
        (text, moment, wish)
        for moment in moments
        for text in WISHES
        if isinstance(wish := read_wish(text, clinic, moment), Wish)
    ]
    offer_one(store, clinic, asked[0][2], asked[0][1])  # opens the file
    wall, cpu = dict[str, list[float]](), dict[str, list[float]]()
    for text, moment, wish in asked:
        began, began_cpu = time.perf_counter(), time.process_time()
        offer_one(store, clinic, wish, moment)
        wall.setdefault(text, []).append((time.perf_counter() - began) * 1000)
        cpu.setdefault(text, []).append((time.process_time() - began_cpu) * 1000)
    return {
        "practitioners": len(clinic.practitioners),
        "days": DAYS,
        "visits": VISITS,
        "searches": len(asked),
        "python": platform.python_version(),
        "all": _row([*chain(*wall.values())], [*chain(*cpu.values())]),
        "by_wish": {text: _row(wall[text], cpu[text]) for text in wall},
    }


def offer_one(store: Store, clinic: Clinic, wish: Wish, now: datetime) -> list[Opening]:
    """Search as the dialogue does: its own connection, three openings."""
    with store.reading() as unit:
        return offer(unit, clinic, wish, now)


def _row(wall: Sequence[float], cpu: Sequence[float]) -> dict[str, float]:
    return {
        "p50_ms": round(_at(wall, 0.5), 1),
        "p95_ms": round(_at(wall, 0.95), 1),
        "p50_cpu_ms": round(_at(cpu, 0.5), 1),
        "p95_cpu_ms": round(_at(cpu, 0.95), 1),
    }


def _at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: dict[str, Any]) -> str:
    """Return the figures as lines of text."""
    head = (
        f"{figures['practitioners']} practitioners, {figures['days']} days, "
        f"{figures['visits']} visits, {figures['searches']} searches (ms)"
    )
    lines = [head, f"{'':48}{'p50':>8}{'p95':>8}{'cpu p50':>9}{'cpu p95':>9}"]
    rows = {**figures["by_wish"], "all": figures["all"]}
    for name, row in rows.items():
        lines.append(
            f"{name:48}{row['p50_ms']:8}{row['p95_ms']:8}"
            f"{row['p50_cpu_ms']:9}{row['p95_cpu_ms']:9}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
