"""The queue looks wishes for a visit up by their conversation."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NAME = "ix_appointment_requests_conversation_id"


def upgrade() -> None:
    """Bring the tables up to this version."""
    op.create_index(_NAME, "appointment_requests", ["conversation_id"])


def downgrade() -> None:
    """Take them back to the version before."""
    op.drop_index(_NAME, "appointment_requests")
