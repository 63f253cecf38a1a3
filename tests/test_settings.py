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


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MERIDIAN_PORT", "x"),
        ("MERIDIAN_PORT", "-1"),
        ("MERIDIAN_PORT", "80.5"),
        ("MERIDIAN_PORT", "٣"),
        ("MERIDIAN_ACTIONS_PORT", "99999"),
        ("MERIDIAN_MESSAGES_PER_SECOND", "0"),
        ("MERIDIAN_MESSAGES_PER_SECOND", "nan"),
        ("MERIDIAN_CONVERSATIONS_PER_SECOND", "inf"),
        ("MERIDIAN_CONVERSATIONS_PER_SECOND", "-1"),
        ("DATABASE_URL", "meridian.db"),
        ("DATABASE_URL", "postgres://name@host/database"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    with pytest.raises(ValueError, match=variable):
        settings.load()


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch, tmp_path):
    for variable in ("MERIDIAN_DATA_DIR", "DATABASE_URL", "MERIDIAN_CLINIC"):
        monkeypatch.setenv(variable, "")
    monkeypatch.setattr(settings, "ROOT", tmp_path)

    loaded = settings.load()

    assert loaded.data_dir == tmp_path / "var"
    assert loaded.database_url == f"sqlite:///{tmp_path / 'var' / 'meridian.db'}"
    assert loaded.clinic == "edmonton"


def test_the_secret_is_made_once_and_kept_private(monkeypatch, tmp_path):
    monkeypatch.setenv("MERIDIAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MERIDIAN_SECRET", raising=False)

    first, second = settings.load().secret, settings.load().secret

    assert first == second
    assert len(first) >= 32
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
