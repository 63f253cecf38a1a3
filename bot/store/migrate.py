"""Brings a database up to the tables that this version needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database_url: str) -> None:
    """Run every migration that the database has not seen yet."""
    command.upgrade(migrations(database_url), "head")


def migrations(database_url: str) -> Config:
    """Return what Alembic needs to know about the migrations of a database."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["database_url"] = database_url
    return config
