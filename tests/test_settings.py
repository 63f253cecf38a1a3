import pytest

from bot import settings


def test_everything_has_a_default(monkeypatch, tmp_path):
    monkeypatch.setenv("MERIDIAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    loaded = settings.load()

    assert (loaded.port, loaded.assistant_port, loaded.actions_port) == (
        8080,
        5005,
        5055,
    )
    assert loaded.host == "127.0.0.1"
    assert loaded.database_url == f"sqlite:///{tmp_path / 'meridian.db'}"


def test_links_begin_where_visitors_reach_the_desk(monkeypatch, tmp_path):
    monkeypatch.setenv("MERIDIAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MERIDIAN_PORT", "9000")
    here = settings.load().public_url
    monkeypatch.setenv("MERIDIAN_PUBLIC_URL", "https://chat.example.org/")

    assert here == "http://127.0.0.1:9000"
    assert settings.load().public_url == "https://chat.example.org"


@pytest.mark.parametrize("value", ["x", "-1", "80.5", "٣"])
def test_a_port_that_is_no_number_names_its_variable(monkeypatch, value):
    monkeypatch.setenv("MERIDIAN_PORT", value)

    with pytest.raises(ValueError, match="MERIDIAN_PORT"):
        settings.load()


def test_the_secret_is_made_once_and_kept_private(monkeypatch, tmp_path):
    monkeypatch.setenv("MERIDIAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MERIDIAN_SECRET", raising=False)

    first, second = settings.load().secret, settings.load().secret

    assert first == second
    assert len(first) >= 32
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
