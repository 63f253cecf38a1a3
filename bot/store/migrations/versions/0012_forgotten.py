"""A conversation that its visitor has deleted lets nobody in any more."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this version."""
    op.add_column(
        "conversations", sa.Column("forgotten_at", sa.DateTime(timezone=True))
    )


def downgrade() -> None:
    """Take them back to the version before."""
    # As it is: a table made anew would lose the triggers of the search.
    op.drop_column("conversations", "forgotten_at")
