"""Fixtures that every floor of the tests may use."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from bot.store.migrate import migrate
from bot.store.unit import Store
from tests.live import Live

# A Wednesday, 11:00 in Edmonton.
NOW = datetime(2026, 11, 18, 17, 0, tzinfo=timezone.utc)

POSTGRES = os.environ.get(
    "MERIDIAN_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/test"
)


@pytest.fixture(scope="session", autouse=True)
def signals_as_in_a_terminal() -> None:
    """Hand Ctrl-C and a closed terminal on to the processes that tests start.

    A run in a script's background, or under nohup, begins with them ignored.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with next to no work; what is slow on purpose is not tested."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("bot.desk.staff._HASHER", quick)


@pytest.fixture
def now() -> datetime:
    """Return the instant at which all fixed-clock tests take place."""
    return NOW


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Open an empty record with the real migrations, on either database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'meridian.db'}"
        migrate(url)
        opened = Store(url)
        yield opened
        opened.close()
        return
    yield from _on_postgres()


def _on_postgres() -> Iterator[Store]:
    """Give each test a schema of its own, dropped afterwards."""
    schema = f"meridian_{uuid.uuid4().hex}"
    admin = sa.create_engine(POSTGRES)
    with admin.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    url = sa.engine.make_url(POSTGRES).update_query_dict(
        {"options": f"-csearch_path={schema}"}
    )
    text = url.render_as_string(hide_password=False)
    migrate(text)
    opened = Store(text)
    yield opened
    opened.close()
    with admin.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    admin.dispose()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Run the real processes once for all tests that talk to them."""
    meridian = Live(tmp_path_factory.mktemp("live"))
    meridian.start()
    meridian.wait_until_ready()
    yield meridian
    meridian.stop()
