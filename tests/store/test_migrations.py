from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store.migrate import migrate
from bot.store.tables import metadata


def test_the_migrations_make_exactly_the_tables_of_the_code(store):
    with store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []


def test_migrating_twice_changes_nothing(tmp_path):
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    migrate(url)

    migrate(url)
