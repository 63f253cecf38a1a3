"""Sets up what is missing before anything else can run: Python 3.10, .venv, packages.

Runs under any Python 3, before a single package is there: standard library only and
no syntax newer than Python 3.6.
"""

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, List, NoReturn, Optional

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
NEEDED = (3, 10)


def say(line: str) -> None:
    """Show the newcomer that something goes on."""
    print("meridian: " + line, flush=True)


def fail(line: str) -> NoReturn:
    """Stop with one clear line."""
    sys.exit("meridian: " + line)


def main() -> None:
    """Make .venv fit the locked requirements; quick when it already does."""
    parser = argparse.ArgumentParser(description="Set up what Meridian needs.")
    parser.add_argument("--dev", action="store_true", help="also what tests need")
    dev = parser.parse_args().dev
    if not (PYTHON.exists() and UV.exists()):
        make_environment(find_python())
    install("requirements.txt", "Rasa and the rest, about 600 MB to fetch")
    if dev:
        install("requirements-dev.txt", "what tests and checks need")


def candidates() -> Iterator[Optional[str]]:
    """Yield every place where a Python 3.10 may be, nearest first."""
    yield sys.executable
    yield shutil.which("python3.10")
    for versions in pyenv_folders():
        pattern = os.path.join(versions, "3.10.*", "bin", "python3.10")
        for found in sorted(glob.glob(pattern), reverse=True):
            yield found
    uv = shutil.which("uv")
    if uv:
        yield ask([uv, "python", "find", "3.10"])


def pyenv_folders() -> List[str]:
    """Return pyenv's version folders, also when HOME is not where pyenv lives."""
    roots = [os.environ.get("PYENV_ROOT", ""), os.path.expanduser("~/.pyenv")]
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        parent, name = os.path.split(folder.rstrip("/"))
        if name in ("shims", "bin") and os.path.basename(parent).endswith("pyenv"):
            roots.append(parent)
    unique = dict.fromkeys(root for root in roots if root)
    return [os.path.join(root, "versions") for root in unique]


def find_python() -> str:
    """Return the path of a working Python 3.10, fetching one as the last resort."""
    for path in candidates():
        if path and is_needed(path):
            return path
    say("no Python 3.10 here; fetching one with uv")
    with tempfile.TemporaryDirectory() as folder:
        fetched = fetch_python(Path(folder))
    if fetched and is_needed(fetched):
        return fetched
    fail(
        "Python 3.10 is needed and could not be fetched. Please install it (for "
        "example from your system's packages, or with pyenv) and try again."
    )


def fetch_python(folder: Path) -> Optional[str]:
    """Install Python 3.10 with the uv that is here, or a new one; return its path."""
    uv = shutil.which("uv") or fetch_uv(folder / "tools")
    if uv and subprocess.call([uv, "python", "install", "3.10"]) == 0:
        return ask([uv, "python", "find", "3.10"])
    return None


def fetch_uv(tools: Path) -> Optional[str]:
    """Install uv into an environment of its own; return its path, or None."""
    lock = str(ROOT / "requirements-uv.txt")
    steps = [
        [sys.executable, "-m", "venv", str(tools)],
        [str(tools / "bin" / "python"), "-m", "pip", "install", "-q", "-r", lock],
    ]
    for step in steps:
        if subprocess.call(step) != 0:
            return None
    return str(tools / "bin" / "uv")


def is_needed(path: str) -> bool:
    """Say whether this really runs, is 3.10 and can make an environment."""
    code = "import sys, venv, ensurepip; print(sys.version_info[:2])"
    return ask([path, "-c", code]) == str(NEEDED)


def ask(command: List[str]) -> Optional[str]:
    """Return what a command prints, or None when it fails."""
    try:
        answer = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.decode().strip()


def make_environment(python: str) -> None:
    """Make .venv whole or not at all."""
    say("making .venv with " + python)
    run([python, "-m", "venv", "--clear", str(VENV)], "could not make .venv")
    lock = str(ROOT / "requirements-uv.txt")
    run(
        [str(PYTHON), "-m", "pip", "install", "-q", "--require-hashes", "-r", lock],
        "could not fetch the installer uv",
    )


def install(lock: str, what: str) -> None:
    """Install a lock file unless exactly this one was installed before."""
    text = (ROOT / lock).read_bytes()
    stamp = VENV / (lock + ".installed")
    digest = hashlib.sha256(text).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("installing " + what)
    command = ["pip", "install", "--require-hashes", "-r", str(ROOT / lock)]
    to = ["--python", str(PYTHON)]
    # A company's own certificates stand where the system keeps its own.
    trusting = dict(os.environ, UV_SYSTEM_CERTS="true")
    if subprocess.call([str(UV)] + command[:2] + to + command[2:], env=trusting) != 0:
        # pip reads settings that uv does not: a company's mirror, for example.
        say("uv could not install it; trying pip, which is slower")
        run([str(PYTHON), "-m"] + command, "could not install " + lock)
    stamp.write_text(digest)


def run(command: List[str], trouble: str) -> None:
    """Run one step of the set-up and stop with a clear line when it fails."""
    if subprocess.call(command) != 0:
        fail(trouble + "; see above. Run the same command again to go on.")


if __name__ == "__main__":
    main()
