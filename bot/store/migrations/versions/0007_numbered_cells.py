"""Cells are numbered, and their key is the table."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SECONDS = 300


def upgrade() -> None:
    """Bring the tables up to this version."""
    seconds = {
        "sqlite": "CAST(strftime('%s', starts_at) AS INTEGER)",
        "postgresql": "CAST(extract(epoch FROM starts_at) AS INTEGER)",
    }[op.get_bind().dialect.name]
    _remake(sa.Integer(), f"{seconds} / {_SECONDS}", with_rowid=False)


def downgrade() -> None:
    """Take the tables back to the version before."""
    moment = {
        "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', starts_at * 300, 'unixepoch')",
        "postgresql": "to_timestamp(starts_at * 300)",
    }[op.get_bind().dialect.name]
    _remake(sa.DateTime(timezone=True), moment, with_rowid=True)


def _remake(kind: sa.types.TypeEngine, start: str, *, with_rowid: bool) -> None:
    """Copy the cells into a table whose starts are kept in another way."""
    op.rename_table("cells", "old_cells")
    op.drop_index("ix_cells_appointment_id", table_name="old_cells")
    if op.get_bind().dialect.name == "postgresql":
        # They keep their names when a table gets another, and stand in the way.
        for name in ("pk_cells", "fk_cells_appointment_id"):
            op.execute(f"ALTER TABLE old_cells RENAME CONSTRAINT {name} TO old_{name}")
    cells = op.create_table(
        "cells",
        sa.Column("resource", sa.String(length=100), nullable=False),
        sa.Column("starts_at", kind, nullable=False),
        sa.Column("appointment_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_cells_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("resource", "starts_at", name=op.f("pk_cells")),
        sqlite_with_rowid=with_rowid,
    )
    old = sa.table("old_cells", sa.column("resource"), sa.column("appointment_id"))
    kept = sa.select(old.c.resource, sa.literal_column(start), old.c.appointment_id)
    names = ["resource", "starts_at", "appointment_id"]
    op.execute(cells.insert().from_select(names, kept))
    op.drop_table("old_cells")
    op.create_index("ix_cells_appointment_id", "cells", ["appointment_id"])
