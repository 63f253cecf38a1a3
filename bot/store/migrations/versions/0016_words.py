"""The words of each message as a column of PostgreSQL's, not worked out again.

A walk from the newest message backwards reads them a hundred times faster. The table is
written anew once, which takes a minute for a million messages.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEX = "ix_messages_words"


def upgrade() -> None:
    """Bring the tables up to this version."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.drop_index(_INDEX, "messages")
    op.execute(
        "ALTER TABLE messages ADD COLUMN words tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED"
    )
    op.create_index(_INDEX, "messages", ["words"], postgresql_using="gin")


def downgrade() -> None:
    """Take them back to the version before."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.drop_index(_INDEX, "messages")
    op.drop_column("messages", "words")
    op.create_index(
        _INDEX,
        "messages",
        [sa.text("to_tsvector('simple', text)")],
        postgresql_using="gin",
    )
