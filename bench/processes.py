"""What a process costs, read from /proc, and processes that are started and ended."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
# Positions in /proc/PID/stat after the name, which may hold spaces (man 5 proc).
_PARENT, _USER_TICKS, _SYSTEM_TICKS = 1, 11, 12
_NEWS_SECONDS = 20.0


class Failed(Exception):
    """A process that is measured ended before it should."""


def say(line: str = "") -> None:
    """Print one line at once, even into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all its threads together."""
    fields = _stat(pid)
    return (int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])) / _TICKS


def memory_mb(pid: int) -> int:
    """Return what a process holds in memory now, in megabytes."""
    status = (_PROC / str(pid) / "status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) // 1024


def own_children() -> dict[str, int]:
    """Return the processes that this one started, by the last word of their command."""
    found = {}
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            try:
                if int(_stat(int(folder.name))[_PARENT]) == os.getpid():
                    command = (folder / "cmdline").read_text().rstrip("\0")
                    found[command.rpartition("\0")[2]] = int(folder.name)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
    return found


def run_gently(
    what: str, command: list[str], folder: Path, environment: dict[str, str], log: Path
) -> float:
    """Run something long at low priority, with a line of news now and then.

    Returns:
        The processor time that it took, in seconds.

    Raises:
        Failed: it ended with an error; the end of its log is in the message.
    """
    before, start = _children_cpu_seconds(), time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            ["nice", "-n", "10", *command],  # noqa: S607 - wherever the system has it
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        with ended_at_last(process):
            while process.poll() is None:
                try:
                    process.wait(_NEWS_SECONDS)
                except subprocess.TimeoutExpired:
                    spent = cpu_seconds(process.pid)
                    passed = time.monotonic() - start
                    say(f"  {what}: {passed:.0f} s, {spent:.0f} s of processor time")
    if process.returncode:
        raise Failed(f"{what}:\n{log.read_text(errors='replace')[-3000:]}")
    return round(_children_cpu_seconds() - before, 1)


@contextmanager
def ended_at_last(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process when its work is over, or when something else went wrong."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(ready: Callable[[], bool], seconds: float, what: str) -> float:
    """Come back when something is so.

    Returns:
        How many seconds it took.

    Raises:
        Failed: it was not so in time.
    """
    start = time.monotonic()
    while not ready():
        if time.monotonic() - start > seconds:
            raise Failed(f"{what} was not ready after {seconds:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - start


def _stat(pid: int) -> list[str]:
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _children_cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
