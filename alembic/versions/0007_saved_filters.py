"""Filters that people have saved."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply."""
    rank = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
    op.create_table(
        "filters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_folded", sa.String(240), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("rank", rank, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    not_deleted = sa.text("deleted_at IS NULL")
    op.create_index(
        "uq_filters_name",
        "filters",
        ["user_id", "name_folded"],
        unique=True,
        sqlite_where=not_deleted,
        postgresql_where=not_deleted,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("filters")
