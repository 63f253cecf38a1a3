"""Usual weeks that staff entered, in place of those in the files."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this version."""
    op.create_table(
        "usual_weeks",
        sa.Column("practitioner_id", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "practitioner_id", "since", name=op.f("pk_usual_weeks")
        ),
    )


def downgrade() -> None:
    """Take the tables back to the version before."""
    op.drop_table("usual_weeks")
