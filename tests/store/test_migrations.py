import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.clinic.booking import CELL
from bot.store.migrate import migrate, migrations
from bot.store.tables import UtcDateTime, cells, metadata

BEFORE_NUMBERS = "0006"


@pytest.fixture
def store_before(store):
    """Take a record back to where a visit's cells were kept as instants."""
    url = store.engine.url.render_as_string(hide_password=False)
    config = migrations(url)
    command.downgrade(config, BEFORE_NUMBERS)
    return store.engine, config


# SQLite's full-text index and PostgreSQL's are no tables that SQLAlchemy can describe.
SEARCH = ("message_index", "message_words", "ix_messages_at", "ix_messages_words")
WORDS = ("column", "words")


def not_of_search(_object, name, kind, *_more):
    return not str(name).startswith(SEARCH) and (kind, name) != WORDS


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


def test_numbered_cells_keep_what_was_claimed(store_before, now):
    """Cells written by an earlier version are the same five minutes afterwards."""
    engine, config = store_before
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO conversations (id, channel, clinic, created_at, last_seq, "
                "epoch, epoch_seq) VALUES ('c', 'web', 'test', :now, 0, 0, 0)"
            ),
            {"now": now},
        )
        visit = (
            "INSERT INTO appointments (id, conversation_id, practitioner_id, "
            "treatment_id, place_id, starts_at, ends_at, status, created_at, "
            "patient_name, patient_phone, patient_email, sequence) VALUES ('a', 'c', "
            "'ada', 't', 'main', :now, :now, 'booked', :now, '', '', '', 0)"
        )
        connection.execute(sa.text(visit), {"now": now})
        cell = "INSERT INTO cells VALUES ('practitioner:ada', :at, 'a')"
        for number in range(12):
            connection.execute(sa.text(cell), {"at": now + number * CELL})

    command.upgrade(config, "head")

    with engine.connect() as connection:
        kept = connection.execute(sa.select(cells.c.starts_at)).scalars().all()
    assert sorted(kept) == [now + number * CELL for number in range(12)]
    command.downgrade(config, BEFORE_NUMBERS)
    with engine.connect() as connection:
        older = sa.table("cells", sa.column("starts_at", UtcDateTime))
        kept = connection.execute(sa.select(older.c.starts_at)).scalars().all()
    assert sorted(kept) == [now + number * CELL for number in range(12)]
