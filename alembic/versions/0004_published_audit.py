"""How far outside systems have been told of the audit chains."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.add_column("audit_heads", sa.Column("published", sa.Integer(), nullable=False, server_default="0"))
    behind = sa.text("published < records")
    op.create_index(
        "ix_audit_heads_unpublished",
        "audit_heads",
        ["user_id"],
        sqlite_where=behind,
        postgresql_where=behind,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_audit_heads_unpublished", table_name="audit_heads")
    op.drop_column("audit_heads", "published")
