import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store.migrate import migrate
from bot.store.tables import metadata

# SQLite's full-text index and PostgreSQL's are no tables that SQLAlchemy can describe.
SEARCH = ("message_index", "message_words", "ix_messages_at", "ix_messages_words")


def not_of_search(_object, name, *_more):
    return not str(name).startswith(SEARCH)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_the_migrations_make_exactly_the_tables_of_the_code(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": not_of_search}
        )
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_migrating_twice_changes_nothing(tmp_path):
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    migrate(url)

    migrate(url)
