"""Old notifications are found by their age."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_notifications_created", "notifications", ["created_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_notifications_created", table_name="notifications")
