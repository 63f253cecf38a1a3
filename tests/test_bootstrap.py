"""The set-up before anything is installed, without a network."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import bootstrap


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Point the set-up at an empty folder; the list is what it would have run."""
    ran = []
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "UV", venv / "bin" / "uv")
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])
    (tmp_path / "requirements.txt").write_text("rasa==3.6.21")

    def call(command, **_):
        ran.append([str(part) for part in command])
        if "venv" in command:
            (venv / "bin").mkdir(parents=True, exist_ok=True)
            bootstrap.PYTHON.touch()
        elif any("requirements-uv" in part for part in ran[-1]):
            bootstrap.UV.touch()
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    return ran


def test_a_second_start_installs_nothing(project):
    bootstrap.main()
    first = len(project)
    bootstrap.main()

    assert first == 3
    assert len(project) == first


def test_a_set_up_that_broke_off_before_uv_begins_anew(project):
    bootstrap.main()
    bootstrap.UV.unlink()

    bootstrap.main()

    assert bootstrap.UV.exists()


def test_a_changed_lock_is_installed_again(project):
    bootstrap.main()
    (bootstrap.ROOT / "requirements.txt").write_text("rasa==3.6.22")
    first = len(project)

    bootstrap.main()

    assert len(project) == first + 1


def test_pip_takes_over_where_uv_cannot_install(project, monkeypatch):
    call = subprocess.call

    def without_uv(command, **more):
        call(command, **more)
        return int(str(command[0]) == str(bootstrap.UV))

    monkeypatch.setattr(subprocess, "call", without_uv)

    bootstrap.main()

    assert project[-1][:4] == [str(bootstrap.PYTHON), "-m", "pip", "install"]
    assert "--require-hashes" in project[-1]


def test_a_failed_step_ends_with_one_line_and_can_be_repeated(project, monkeypatch):
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 1)

    with pytest.raises(SystemExit, match="Run the same command again"):
        bootstrap.main()


def test_only_a_python_3_10_that_can_make_environments_will_do(tmp_path):
    other = tmp_path / "python3.10"
    other.write_text("#!/bin/sh\necho '(3, 11)'\n")
    other.chmod(0o755)

    assert bootstrap.is_needed(sys.executable)
    assert not bootstrap.is_needed(str(other))
    assert not bootstrap.is_needed(str(tmp_path / "none"))


def test_pyenv_is_found_when_home_is_elsewhere(tmp_path, monkeypatch):
    folder = tmp_path / ".pyenv" / "versions" / "3.10.13" / "bin"
    folder.mkdir(parents=True)
    (folder / "python3.10").touch()
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setenv("HOME", "/nowhere")
    monkeypatch.setenv("PATH", str(tmp_path / ".pyenv" / "shims"))

    assert str(folder / "python3.10") in list(bootstrap.candidates())


def test_a_uv_that_is_here_fetches_python(tmp_path, monkeypatch, project):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bootstrap, "ask", lambda command: command[0])

    assert bootstrap.fetch_python(Path(tmp_path)) == "/usr/bin/uv"
    assert project == [["/usr/bin/uv", "python", "install", "3.10"]]
