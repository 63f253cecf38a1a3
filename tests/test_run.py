import configparser
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from bot import run
from bot.settings import ROOT, load


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def settings(tmp_path):
    return replace(load(), data_dir=tmp_path)


def test_a_port_in_use_is_named_with_its_setting(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(run.CannotStart, match=f"{port}.*MERIDIAN_ACTIONS_PORT"):
            run.check_ports(
                replace(settings, port=0, assistant_port=0, actions_port=port)
            )


def test_two_processes_cannot_have_one_port(settings):
    port = free_port()

    with pytest.raises(run.CannotStart, match=f"MERIDIAN_PORT and .*ACTIONS.*{port}"):
        run.check_ports(
            replace(settings, port=port, assistant_port=0, actions_port=port)
        )


def test_a_second_start_on_the_same_data_is_refused(settings):
    with (
        run.alone(settings),
        pytest.raises(run.CannotStart, match="runs already"),
        run.alone(settings),
    ):
        pass

    with run.alone(settings):
        pass


def test_the_three_processes_are_kept(settings):
    config = configparser.RawConfigParser()
    config.read(run._write_config(settings))

    for name in run.PROCESSES:
        assert config[f"program:{name}"]["command"].endswith(f"-m bot {name}")


DESK_ONLY = """
from bot import run, settings
run.PROCESSES = ("desk",)
run.run(settings.load())
"""


def desks_of(folder):
    """Return the process ids that supervisor says it gave the desk, oldest first."""
    log = folder / "log" / "supervisor.log"
    told = log.read_text() if log.exists() else ""
    return re.findall(r"spawned: 'desk' with pid (\d+)", told)


def test_a_process_that_dies_is_started_again(tmp_path):
    ours = {"MERIDIAN_DATA_DIR": str(tmp_path), "MERIDIAN_PORT": str(free_port())}
    runner = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", DESK_ONLY], cwd=ROOT, env={**os.environ, **ours}
    )
    wait_for(lambda: desks_of(tmp_path))
    (first,) = desks_of(tmp_path)

    os.kill(int(first), signal.SIGKILL)

    wait_for(lambda: len(desks_of(tmp_path)) > 1)
    runner.send_signal(signal.SIGTERM)
    runner.wait(20)


ALONE = """
from bot import run, settings
run.PROCESSES = ()
run.run(settings.load())
"""


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(happened):
    end = time.monotonic() + 20
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)
    assert happened()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_runs_on_when_it_is_told_to_stop(tmp_path, how):
    """A closed terminal (SIGHUP) stops supervisor as well."""
    ours = {"MERIDIAN_DATA_DIR": str(tmp_path), "MERIDIAN_PORT": str(free_port())}
    runner = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", ALONE], cwd=ROOT, env={**os.environ, **ours}
    )
    manager = tmp_path / "supervisor.pid"
    wait_for(lambda: manager.exists() and manager.read_text().strip())
    pid = int(manager.read_text())

    runner.send_signal(how)

    assert runner.wait(20) == 0
    wait_for(lambda: not is_there(pid))


def test_what_is_written_is_for_its_owner_only(tmp_path):
    database = tmp_path / "meridian.db"
    ours = {
        "MERIDIAN_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{database}",
    }
    subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=ROOT,
        env={**os.environ, **ours},
        check=True,
    )

    assert database.stat().st_mode & 0o077 == 0
