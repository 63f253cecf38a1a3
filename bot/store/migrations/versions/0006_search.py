"""Words of messages, indexed for searching."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_VISITS_OF = "ix_appointments_conversation_id_practitioner_id"

# The words only, not a copy of the text; `message_index` numbers the messages, since
# SQLite may give rows without a whole-number key new row numbers.
_SQLITE = (
    """
    CREATE TABLE message_index (
        id INTEGER PRIMARY KEY,
        conversation_id VARCHAR(36) NOT NULL,
        seq INTEGER NOT NULL,
        at DATETIME NOT NULL,
        UNIQUE (conversation_id, seq)
    )
    """,
    "CREATE INDEX ix_message_index_at ON message_index (at)",
    """
    CREATE VIRTUAL TABLE message_words USING fts5 (
        text, content='', tokenize="unicode61 remove_diacritics 2"
    )
    """,
    """
    INSERT INTO message_index (conversation_id, seq, at)
    SELECT conversation_id, seq, at FROM messages ORDER BY at, seq
    """,
    """
    INSERT INTO message_words (rowid, text)
    SELECT message_index.id, messages.text FROM message_index JOIN messages
    USING (conversation_id, seq)
    """,
    """
    CREATE TRIGGER message_said AFTER INSERT ON messages BEGIN
        INSERT INTO message_index (conversation_id, seq, at)
        VALUES (new.conversation_id, new.seq, new.at);
        INSERT INTO message_words (rowid, text)
        SELECT id, new.text FROM message_index
        WHERE conversation_id = new.conversation_id AND seq = new.seq;
    END
    """,
    """
    CREATE TRIGGER message_changed AFTER UPDATE OF text ON messages BEGIN
        INSERT INTO message_words (message_words, rowid, text)
        SELECT 'delete', id, old.text FROM message_index
        WHERE conversation_id = old.conversation_id AND seq = old.seq;
        INSERT INTO message_words (rowid, text)
        SELECT id, new.text FROM message_index
        WHERE conversation_id = new.conversation_id AND seq = new.seq;
    END
    """,
    """
    CREATE TRIGGER message_forgotten AFTER DELETE ON messages BEGIN
        INSERT INTO message_words (message_words, rowid, text)
        SELECT 'delete', id, old.text FROM message_index
        WHERE conversation_id = old.conversation_id AND seq = old.seq;
        DELETE FROM message_index
        WHERE conversation_id = old.conversation_id AND seq = old.seq;
    END
    """,
)


def upgrade() -> None:
    """Bring the tables up to this version."""
    op.drop_index("ix_appointments_conversation_id", "appointments")
    op.create_index(_VISITS_OF, "appointments", ["conversation_id", "practitioner_id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
        return
    op.create_index("ix_messages_at", "messages", ["at"])
    op.create_index(
        "ix_messages_words",
        "messages",
        [sa.text("to_tsvector('simple', text)")],
        postgresql_using="gin",
    )


def downgrade() -> None:
    """Take the tables back to the version before."""
    op.drop_index(_VISITS_OF, "appointments")
    op.create_index(
        "ix_appointments_conversation_id", "appointments", ["conversation_id"]
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("message_said", "message_changed", "message_forgotten"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE message_words")
        op.execute("DROP TABLE message_index")
        return
    op.drop_index("ix_messages_words", "messages")
    op.drop_index("ix_messages_at", "messages")
