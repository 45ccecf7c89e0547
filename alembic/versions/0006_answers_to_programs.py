"""Answers to requests with a key; reminders, and completed tasks in every order, as programs list them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_COMPLETED = sa.text("completed_at IS NOT NULL AND deleted_at IS NULL")
_ORDERS = {
    "due": ["due_sort"],
    "created": ["created_at"],
    "priority": ["priority", "due_sort"],
    "title": ["title_sort"],
    "rank": ["rank"],
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key_digest"),
    )
    op.create_index("ix_idempotency_keys_created", "idempotency_keys", ["created_at"])
    op.create_index("ix_reminders_user", "reminders", ["user_id", "id"])
    for name, columns in _ORDERS.items():
        op.create_index(
            f"ix_tasks_completed_{name}",
            "tasks",
            ["user_id", *columns, "id"],
            sqlite_where=_COMPLETED,
            postgresql_where=_COMPLETED,
        )


def downgrade() -> None:
    """Take back."""
    for name in _ORDERS:
        op.drop_index(f"ix_tasks_completed_{name}", table_name="tasks")
    op.drop_index("ix_reminders_user", table_name="reminders")
    op.drop_table("idempotency_keys")
