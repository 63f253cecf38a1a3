import configparser
import socket
from dataclasses import replace

import pytest

from bot import run
from bot.settings import load


@pytest.fixture
def settings(tmp_path):
    return replace(load(), data_dir=tmp_path)


def test_a_port_in_use_is_named_with_its_setting(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(run.PortTaken, match=f"{port}.*MERIDIAN_ACTIONS_PORT"):
            run.check_ports(
                replace(settings, port=0, assistant_port=0, actions_port=port)
            )


def test_every_process_is_started_again_when_it_dies(settings):
    config = configparser.RawConfigParser()
    config.read(run._write_config(settings))

    for name in run.PROCESSES:
        assert config[f"program:{name}"]["autorestart"] == "true"
        assert config[f"program:{name}"]["command"].endswith(f"-m bot {name}")
