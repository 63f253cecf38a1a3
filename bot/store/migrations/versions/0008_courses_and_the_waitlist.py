"""Courses of visits, and the waitlist."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this version."""
    op.add_column("appointments", sa.Column("course_id", sa.String(length=36)))
    op.add_column("appointments", sa.Column("course_number", sa.Integer()))
    op.create_index("ix_appointments_course_id", "appointments", ["course_id"])
    op.create_table(
        "courses",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("per", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_courses_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
    )
    op.create_index("ix_courses_conversation_id", "courses", ["conversation_id"])
    op.create_index("ix_courses_offered_at", "courses", ["offered_at"])
    op.create_table(
        "waitlist",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("patient_name", sa.String(length=120), nullable=False),
        sa.Column("patient_phone", sa.String(length=20), nullable=False),
        sa.Column("patient_email", sa.String(length=254), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("appointment_id", sa.String(length=36)),
        sa.Column("offered_until", sa.DateTime(timezone=True)),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_waitlist_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist")),
    )
    op.create_index("ix_waitlist_conversation_id", "waitlist", ["conversation_id"])
    op.create_index("ix_waitlist_state_queued_at", "waitlist", ["state", "queued_at"])


def downgrade() -> None:
    """Take the tables back to the version before."""
    op.drop_table("waitlist")
    op.drop_table("courses")
    op.drop_index("ix_appointments_course_id", table_name="appointments")
    # Not by a copy of the table: cells refer to it.
    op.execute("ALTER TABLE appointments DROP COLUMN course_number")
    op.execute("ALTER TABLE appointments DROP COLUMN course_id")
