"""What language a visitor's browser or app is set to."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this version."""
    op.add_column(
        "conversations",
        sa.Column("language", sa.String(35), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Take them back to the version before."""
    # Not by a copy of the table: messages refer to it.
    op.execute("ALTER TABLE conversations DROP COLUMN language")
