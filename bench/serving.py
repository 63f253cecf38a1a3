"""Starts the real processes, lets visitors talk to them, and counts what it costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from ruamel.yaml import YAML

from bench.processes import (
    cpu_seconds,
    ended_at_last,
    memory_mb,
    own_children,
    say,
    wait_until,
)
from bench.project import Project
from bench.talk import Cost, DeskTalk, Talk, WebhookTalk, measure
from bot.settings import ROOT
from tests.live import Live

WARM_UP = 20
# A visit's worth of messages, and everything in one conversation.
LENGTHS = (20, 200)
_PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Served:
    """What serving cost.

    Attributes:
        start_seconds: from starting the processes to being ready to answer.
        start_cpu_seconds: processor time of each process until then.
        memory_mb: what each process holds at the end.
        costs: by way in and messages in one conversation: "desk 20", "webhook 200".
    """

    start_seconds: float
    start_cpu_seconds: dict[str, float]
    memory_mb: dict[str, int]
    costs: dict[str, Cost]


def serve_meridian(folder: Path, messages: Sequence[str]) -> Served:
    """Measure desk, assistant and actions as `make run` starts them."""
    folder.mkdir()
    meridian = Live(folder)
    start = time.monotonic()
    meridian.start()
    try:
        meridian.wait_until_ready()
        ready = time.monotonic() - start
        found = own_children()
        processes = {name: found[name] for name in ("desk", "assistant", "actions")}
        ways: dict[str, Callable[[], Talk]] = {
            "desk": lambda: DeskTalk(meridian.ports["desk"]),
            "webhook": lambda: WebhookTalk(meridian.ports["assistant"]),
        }
        return _served(ready, processes, ways, messages)
    finally:
        meridian.stop()


def serve_stock(project: Project, folder: Path, messages: Sequence[str]) -> Served:
    """Measure stock `rasa run` with the same endpoints and our action server."""
    folder.mkdir()
    beside = Live(folder)
    endpoints = _endpoints(project, beside.ports)
    port = beside.ports["assistant"]
    start = time.monotonic()
    beside.start("actions")
    try:
        with (project.folder / "run.log").open("wb") as log:
            assistant = subprocess.Popen(  # noqa: S603 - Rasa's own command
                [
                    *(str(Path(sys.executable).parent / "rasa"), "run"),
                    *("--model", str(project.model)),
                    *("--endpoints", str(endpoints)),
                    *("--credentials", "credentials.yml"),
                    *("--interface", "127.0.0.1", "--port", str(port)),
                ],
                cwd=project.folder,
                env={**os.environ, **project.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        with ended_at_last(assistant):
            wait_until(lambda: _answers(port), _PATIENCE_SECONDS, "rasa run")
            ready = time.monotonic() - start
            processes = {
                "assistant": assistant.pid,
                "actions": own_children()["actions"],
            }
            ways = {"webhook": lambda: WebhookTalk(port)}
            return _served(ready, processes, ways, messages)
    finally:
        beside.stop()


def _served(
    ready: float,
    processes: Mapping[str, int],
    ways: Mapping[str, Callable[[], Talk]],
    messages: Sequence[str],
) -> Served:
    start_cpu = {name: round(cpu_seconds(pid), 1) for name, pid in processes.items()}
    costs: dict[str, Cost] = {}
    for way, begin in ways.items():
        measure(begin, messages[-WARM_UP:], WARM_UP, processes)
        for length in LENGTHS:
            cost = measure(begin, messages, length, processes)
            costs[f"{way} {length}"] = cost
            say(f"  {way}, {length} in a conversation: {cost.first_answer_ms}")
    memory = {name: memory_mb(pid) for name, pid in processes.items()}
    return Served(round(ready, 1), start_cpu, memory, costs)


def _endpoints(project: Project, ports: Mapping[str, int]) -> Path:
    yaml = YAML(typ="safe")
    endpoints = yaml.load(ROOT / "endpoints.yml")
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{ports['actions']}/webhook"
    endpoints["tracker_store"]["db"] = str(project.data_dir / "assistant.db")
    path = project.folder / "endpoints.yml"
    with path.open("w") as file:
        yaml.dump(endpoints, file)
    return path


def _answers(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
