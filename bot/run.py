"""`make run`: the three processes under supervisor, until Ctrl-C."""

from __future__ import annotations

import configparser
import contextlib
import fcntl
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bot.settings import ROOT, Settings

PROCESSES = ("actions", "assistant", "desk")
_POLL_SECONDS = 0.25
_STOP_SECONDS = 15
_PATIENCE_SECONDS = 180


class CannotStart(Exception):
    """Something is in the way; the message says what, and what to do."""


def run(settings: Settings) -> int:
    """Start everything, say when and where it is ready, and stop it cleanly.

    Returns:
        The exit status: 0 when told to stop (Ctrl-C, SIGTERM, a closed terminal), 1
        when it could not start.
    """
    config = _write_config(settings)
    command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-s", "-c", config]
    # Its own process group: Ctrl-C reaches us, and we stop it in order.
    manager = subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603
    # Set for both: a shell's background job begins with Ctrl-C ignored.
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    # A closed terminal stops it too, but for who asked otherwise with nohup.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        if not _wait_until_ready(settings, manager):
            return 1
        _say(f"ready: {_address(settings)}/   (Ctrl-C stops it)")
        return manager.wait()
    except KeyboardInterrupt:
        _say("stopping")
        return 0
    finally:
        manager.terminate()
        try:
            manager.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            manager.kill()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Keep a second start on the same data away until the block ends.

    Before its desk listens, the ports would not show that one is on its way.

    Raises:
        CannotStart: one runs already.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"it runs already, with its data in {_relative(settings.data_dir)}. "
                "Stop that one first, or set MERIDIAN_DATA_DIR to another folder."
            ) from None
        yield


def check_ports(settings: Settings) -> None:
    """Refuse to begin where another program, or one of our own, has a port already.

    Raises:
        CannotStart: names the port and the setting that changes it.
    """
    ours: dict[int, str] = {}
    for name, host, port in (
        ("MERIDIAN_PORT", settings.host, settings.port),
        ("MERIDIAN_ASSISTANT_PORT", "127.0.0.1", settings.assistant_port),
        ("MERIDIAN_ACTIONS_PORT", "127.0.0.1", settings.actions_port),
    ):
        if port and ours.setdefault(port, name) != name:
            raise CannotStart(f"{ours[port]} and {name} are both {port}. Change one.")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as fault:
                raise CannotStart(
                    f"port {port} on {host} cannot be used ({fault.strerror}). "
                    f"Stop what uses it, or set {name} to another port."
                ) from None


def _write_config(settings: Settings) -> str:
    """Write supervisor's settings; a process that dies is started again at once."""
    logs = settings.data_dir / "log"
    logs.mkdir(parents=True, exist_ok=True)
    config = configparser.RawConfigParser()
    config["supervisord"] = {
        "logfile": str(logs / "supervisor.log"),
        "pidfile": str(settings.data_dir / "supervisor.pid"),
        "childlogdir": str(logs),
    }
    for name in PROCESSES:
        config[f"program:{name}"] = {
            "command": f"{_quoted(sys.executable)} -m bot {name}",
            "directory": str(ROOT),
            "autorestart": "true",
            "startsecs": "1",
            "startretries": "1000000",
            "stopasgroup": "true",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": str(logs / f"{name}.log"),
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": "3",
        }
    path = settings.data_dir / "supervisor.conf"
    with path.open("w") as file:
        config.write(file)
    return str(path)


def _quoted(path: str) -> str:
    # Supervisor splits commands like a shell and expands "%(name)s".
    return '"' + path.replace("%", "%%") + '"'


def _wait_until_ready(settings: Settings, manager: subprocess.Popen[bytes]) -> bool:
    """Print a line for each part as it comes up."""
    url = f"{_address(settings)}/readyz"
    up: set[str] = set()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and manager.poll() is None:
        parts = _parts(url)
        for name in sorted(set(parts) - up):
            _say(f"{name} is up")
        up |= parts
        if parts >= {"desk", "database", "assistant", "actions"}:
            return True
        time.sleep(_POLL_SECONDS)
    _say(f"it did not become ready; see {_relative(settings.data_dir / 'log')}")
    return False


def _address(settings: Settings) -> str:
    """Return where this machine itself reaches the desk."""
    here = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104
    return f"http://{here}:{settings.port}"


def _parts(url: str) -> set[str]:
    """Return which parts answer now."""
    try:
        parts = httpx.get(url, timeout=3.0).json()["parts"]
    except (httpx.HTTPError, ValueError, KeyError):
        return set()
    return {"desk"} | {name for name, answers in parts.items() if answers}


def _relative(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(f"meridian: {line}", flush=True)  # noqa: T201 - the console is the display
