"""A Rasa project in a folder of its own, with a part of the clinic's examples."""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

from ruamel.yaml import YAML

from bench.processes import run_gently, say
from bot.nlu.encoder_files import encoder_folder
from bot.settings import ROOT

_BIN = Path(sys.executable).parent


class Project:
    """What Rasa trains from: config, domain, rules, and the examples given.

    Attributes:
        folder: where it lies; `var` below it is its data folder.
        model: where the trained model goes.
    """

    def __init__(self, folder: Path, config: Path, without: Collection[str]) -> None:
        """Copy the clinic's project.

        Args:
            folder: a new folder.
            config: the pipeline.
            without: the examples to leave out.
        """
        self.folder = folder
        self.model = folder / "models" / "model.tar.gz"
        self.data_dir = folder / "var"
        for name in ("models", "var", "data/faq", "data/nlu"):
            (folder / name).mkdir(parents=True)
        (self.data_dir / "encoder").symlink_to(encoder_folder().parent)
        shutil.copy(config, folder / "config.yml")
        for name in ("domain.yml", "credentials.yml"):
            shutil.copy(ROOT / name, folder)
        shutil.copytree(ROOT / "data" / "rules", folder / "data" / "rules")
        for kind in ("faq", "nlu"):
            for file in sorted((ROOT / "data" / kind).glob("*.yml")):
                _copy(file, folder / "data" / kind / file.name, without)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes need to find our code and the encoder."""
        return {
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": "0",
            "PYTHONWARNINGS": "ignore",
            "MERIDIAN_DATA_DIR": str(self.data_dir),
            "RASA_CACHE_DIRECTORY": str(self.folder / "cache"),
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }

    def train_lean(self) -> float:
        """Train as `make train` does; return seconds of processor time."""
        module = [sys.executable, "-m", "bot.nlu.rasa_training"]
        paths = (self.folder, self.model, self.folder / "data")
        return self._train([*module, *map(str, paths)])

    def train_stock(self, shelf: Path) -> float:
        """Train as `rasa train` does, unless the same files gave a model before.

        Args:
            shelf: where trained models are kept for the next run.

        Returns:
            Seconds of processor time, of this training or of that one.
        """
        kept = shelf / f"{self._fingerprint()}.tar.gz"
        cost = kept.with_suffix(".cpu_seconds")
        if not cost.exists():
            command = [str(_BIN / "rasa"), "train"]
            seconds = self._train([*command, "--fixed-model-name", self.model.name])
            shelf.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.model, kept)
            cost.write_text(str(seconds))
        else:
            say(f"  trained before: {kept}")
            shutil.copy(kept, self.model)
        return float(cost.read_text())

    def _fingerprint(self) -> str:
        facts = [importlib.metadata.version("rasa")]
        files = [file for file in self.folder.rglob("*.yml") if file.is_file()]
        for file in sorted(files):
            facts += [str(file.relative_to(self.folder)), file.read_text()]
        return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:16]

    def _train(self, command: list[str]) -> float:
        log = self.folder / "train.log"
        return run_gently("training", command, self.folder, self.environment, log)


def _copy(source: Path, target: Path, without: Collection[str]) -> None:
    yaml = YAML(typ="safe")
    content = yaml.load(source)
    kept = {
        key: content[key] for key in ("version", "nlu", "responses") if key in content
    }
    for block in kept.get("nlu", []):
        lines = block["examples"].splitlines()
        block["examples"] = "".join(
            f"{line}\n" for line in lines if line.removeprefix("- ") not in without
        )
    with target.open("w") as file:
        yaml.dump(kept, file)
