"""The assistant: Rasa's own server with the trained model, on this machine only."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from ruamel.yaml import YAML

from bot.settings import ROOT, Settings


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
    from rasa.utils.log_utils import configure_structlog

    # Below warnings, Rasa's log lines hold what visitors wrote.
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
    serve_application(
        model_path=str(serving_model(settings.data_dir)),
        interface="127.0.0.1",
        port=settings.assistant_port,
        credentials=str(ROOT / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(_endpoints(settings))),
        enable_api=False,
    )


def _endpoints(settings: Settings) -> Path:
    """Write endpoints.yml again with the ports and folders of the settings."""
    yaml = YAML(typ="safe")
    endpoints = yaml.load(ROOT / "endpoints.yml")
    endpoints["action_endpoint"]["url"] = f"{settings.actions_url}/webhook"
    endpoints["tracker_store"]["db"] = str(settings.data_dir / "assistant.db")
    path = settings.data_dir / "endpoints.yml"
    with path.open("w") as file:
        yaml.dump(endpoints, file)
    return path
