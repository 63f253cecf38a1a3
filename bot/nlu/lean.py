"""Rasa without TensorFlow.

Rasa 3.6 loads TensorFlow (25 s of processor time, 350 MB) even where no component
uses it. `close_roads`, called before anything of Rasa's is imported, closes the roads:

- `rasa.utils.train_utils`, which every entity extractor imports, runs only when one
  of its own functions is called. (skops asks each loaded module for names at random;
  those get an AttributeError and do not wake it.)
- The six stock components built on TensorFlow are empty classes of the same name:
  Rasa's registry and validator name them, our config.yml never does.
- A serving copy of a model (`serving_copy`) leaves out the training graph, whose
  loading imports all of Rasa's components.
"""

from __future__ import annotations

import ast
import importlib.metadata
import io
import json
import sys
import tarfile
from collections.abc import Sequence
from importlib.abc import InspectLoader, Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.clinic.errors import MeridianError

RASA = "3.6.21"

_DEFERRED = "rasa.utils.train_utils"
_STAND_INS = {
    "rasa.nlu.classifiers.diet_classifier": "DIETClassifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": "ConveRTFeaturizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": "LanguageModelFeaturizer",
    "rasa.nlu.selectors.response_selector": "ResponseSelector",
    "rasa.core.policies.ted_policy": "TEDPolicy",
    "rasa.core.policies.unexpected_intent_policy": "UnexpecTEDIntentPolicy",
}


class _Deferred(ModuleType):
    """A module that runs when one of its own functions is first asked for."""

    own_names: frozenset[str] = frozenset()
    real_loader: Loader

    def __getattr__(self, name: str) -> Any:
        if name not in self.own_names:
            raise AttributeError(name)
        loader = self.real_loader
        self.__class__ = ModuleType  # type: ignore[assignment] # from now on as any other
        loader.exec_module(self)
        return getattr(self, name)


class _DeferringLoader(Loader):
    def __init__(self, real: InspectLoader) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Deferred(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        if isinstance(module, _Deferred):
            source = self._real.get_source(module.__name__) or ""
            module.own_names = frozenset(
                node.name
                for node in ast.parse(source).body
                if isinstance(node, ast.FunctionDef | ast.ClassDef)
            )
            module.real_loader = self._real


class _StandInLoader(Loader):
    def exec_module(self, module: ModuleType) -> None:
        from rasa.engine.graph import GraphComponent

        name = _STAND_INS[module.__name__]
        setattr(module, name, type(name, (GraphComponent,), {}))


class _Finder(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if fullname in _STAND_INS:
            return ModuleSpec(fullname, _StandInLoader())
        if fullname != _DEFERRED:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, InspectLoader):
            spec.loader = _DeferringLoader(spec.loader)
        return spec


class WrongRasa(MeridianError):
    """Another Rasa is installed than the one whose roads are known."""


def close_roads() -> None:
    """Keep TensorFlow out of this process, however much of Rasa it imports.

    Raises:
        WrongRasa: the installed Rasa is not the one that this was written for.
    """
    version = importlib.metadata.version("rasa")
    if version != RASA:
        raise WrongRasa(f"Meridian runs with Rasa {RASA}, not {version}: make setup")
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def serving_copy(model: Path, target: Path) -> None:
    """Write a copy of a model that loads in a third of the time, to serve from.

    Keep the original as well: only it can be trained further (`--finetune`).

    Args:
        model: an archive that Rasa trained.
        target: where the copy goes; its folder exists. Written whole or not at all.
    """
    partial = target.with_suffix(".partial")
    with tarfile.open(model) as source, tarfile.open(partial, "w:gz") as copy:
        for member in source:
            data = source.extractfile(member)
            content = data.read() if data else b""
            if member.name.removeprefix("./") == "metadata.json":
                metadata = json.loads(content)
                metadata["train_schema"] = {"nodes": {}}
                content = json.dumps(metadata).encode()
                member.size = len(content)
            copy.addfile(member, io.BytesIO(content))
    partial.replace(target)


def check_replies_quickly() -> None:
    """Let Rasa check action servers' replies with one validator, made once.

    Rasa makes and checks the JSON schema's validator anew for every reply: 26 ms of
    a booking turn. The verdict on a reply and the error raised stay the same.
    """
    from jsonschema.exceptions import best_match  # type: ignore[import-untyped]
    from jsonschema.validators import validator_for  # type: ignore[import-untyped]
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: Any, result: dict[str, Any]) -> bool:
        error = best_match(validator.iter_errors(result))
        if error is None:
            return True
        error.message += f". The reply to action '{self.name()}' is not valid."
        raise error

    RemoteAction._validate_action_result = validate
