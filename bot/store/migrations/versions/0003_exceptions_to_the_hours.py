"""Exceptions to the hours, and who decided about a visit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this version."""
    op.create_table(
        "hours_exceptions",
        sa.Column("whose", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("whose", "day", name=op.f("pk_hours_exceptions")),
    )
    op.create_index("ix_hours_exceptions_day", "hours_exceptions", ["day"])
    op.add_column("appointments", sa.Column("decided_by", sa.String(length=120)))
    op.add_column("appointments", sa.Column("decided_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take the tables back to the version before."""
    # Not by a copy of the table: cells refer to it.
    op.execute("ALTER TABLE appointments DROP COLUMN decided_at")
    op.execute("ALTER TABLE appointments DROP COLUMN decided_by")
    op.drop_table("hours_exceptions")
