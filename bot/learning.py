"""How far the background training is: begun by whom, taken up or refused, and why."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from bot.settings import ROOT, Settings

State = Literal["running", "taken", "refused", "failed", "nothing", "interrupted"]
"""`nothing`: there was nothing new to learn."""

_STARTS_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class Progress:
    """The last training that was asked for.

    Args:
        by: who asked.
        began_at: aware UTC, as `ended_at`.
        trouble: why it failed, in words for staff.
        failed: the sentences that the new model got wrong: check, text, wanted, got.
    """

    state: State
    by: str
    began_at: datetime
    ended_at: datetime | None = None
    trouble: str = ""
    failed: tuple[Mapping[str, str], ...] = ()


class AlreadyRunning(Exception):
    """Another training is going on."""


def progress(settings: Settings, now: datetime) -> Progress | None:
    """Return how the last training went, or None where there never was one.

    One that died is `interrupted`; the model in use is the old one then.
    """
    try:
        found = _read(_state_file(settings))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    fresh = now - found.began_at < _STARTS_WITHIN
    if found.state == "running" and not fresh and not _is_locked(settings):
        return Progress("interrupted", found.by, found.began_at)
    return found


def start(settings: Settings, by: str, now: datetime) -> bool:
    """Begin a training in a process of its own; False while one is going on.

    It goes on if the desk stops.
    """
    last = progress(settings, now)
    if last is not None and last.state == "running":
        return False
    note(settings, Progress("running", by, now))
    with (_folder(settings) / "learning.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-m", "bot", "learn", f"--by={by}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # Somebody has to take notice of its end.
    threading.Thread(target=child.wait, daemon=True).start()
    return True


def note(settings: Settings, progress: Progress) -> None:
    """Write down how far it is; whole or not at all."""
    plain = asdict(progress)
    for name in ("began_at", "ended_at"):
        plain[name] = plain[name] and plain[name].isoformat()
    path = _state_file(settings)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Let one training run at a time; a process that dies lets go of it.

    Raises:
        AlreadyRunning: another one has it.
    """
    with _lock_file(settings).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield


def _is_locked(settings: Settings) -> bool:
    try:
        with alone(settings):
            return False
    except AlreadyRunning:
        return True


def _read(path: Path) -> Progress:
    plain = json.loads(path.read_text(encoding="utf-8"))
    ended = plain["ended_at"]
    return Progress(
        state=plain["state"],
        by=plain["by"],
        began_at=datetime.fromisoformat(plain["began_at"]),
        ended_at=datetime.fromisoformat(ended) if ended else None,
        trouble=plain["trouble"],
        failed=tuple(plain["failed"]),
    )


def _folder(settings: Settings) -> Path:
    folder = settings.data_dir / "learning"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _state_file(settings: Settings) -> Path:
    return _folder(settings) / "state.json"


def _lock_file(settings: Settings) -> Path:
    return _folder(settings) / "lock"
