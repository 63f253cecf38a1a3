"""The assistant: Rasa's own server with the trained model, on this machine only."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.logs import WordlessFormatter
from bot.nlu.discretion import keep_forgetting, without_words
from bot.settings import ROOT, Settings

logger = logging.getLogger(__name__)

Mark = tuple[int, int] | None

_LOOK_SECONDS = 2.0
_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def serve(settings: Settings) -> None:
    """Run Rasa until it is told to stop.

    Only the `rest` channel is open: no HTTP API, no tracker or model route.

    Raises:
        BadContent: the clinic's files cannot be used.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    from bot.nlu import lean  # before anything of Rasa: it closes TensorFlow's roads
    from bot.nlu.train import serving_model

    lean.close_roads()
    lean.check_replies_quickly()
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    model = serving_model(settings.data_dir)
    _hush()
    keep_forgetting(_memory(settings), logging.getLogger(__name__).error)
    serve_application(
        model_path=str(model),
        interface="127.0.0.1",
        port=settings.assistant_port,
        credentials=str(ROOT / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(_endpoints(settings))),
        enable_api=False,
        server_listeners=[
            (partial(_follow, model, _mark(model)), "after_server_start")
        ],
    )


def _follow(model: Path, known: Mark, app: Any, _loop: Any) -> None:
    """Take each new model up as it comes, while the old one answers."""
    threading.Thread(
        target=_watch, args=(model, known, app.ctx.agent.load_model), daemon=True
    ).start()


def _watch(model: Path, known: Mark, load: Callable[[str], None]) -> None:
    while True:
        time.sleep(_LOOK_SECONDS)
        mark = _mark(model)
        if mark is None or mark == known:
            continue
        known = mark
        try:
            load(str(model))
        except Exception:
            # The old model goes on; a start from nothing may do what this could not.
            logger.exception("the new model could not be taken up; starting anew")
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            logger.info("the new model is in use")


def _mark(model: Path) -> Mark:
    """Return what changes when the file is replaced; None where there is none now."""
    try:
        found = model.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _hush() -> None:
    """Let Rasa log no word of a visitor."""
    import structlog
    from rasa.utils.log_utils import configure_structlog

    # Below warnings, Rasa's log lines hold what visitors wrote; above, its values do.
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(WordlessFormatter(_LINE))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            without_words,
            structlog.processors.JSONRenderer(),
        ]
    )


def _memory(settings: Settings) -> Path:
    """Return the file in which Rasa keeps the state of its conversations."""
    return settings.data_dir / "assistant.db"


def _endpoints(settings: Settings) -> Path:
    """Write endpoints.yml again with the ports and folders of the settings."""
    yaml = YAML(typ="safe")
    endpoints = yaml.load(ROOT / "endpoints.yml")
    endpoints["action_endpoint"]["url"] = f"{settings.actions_url}/webhook"
    endpoints["tracker_store"]["db"] = str(_memory(settings))
    path = settings.data_dir / "endpoints.yml"
    with path.open("w") as file:
        yaml.dump(endpoints, file)
    return path
