"""Put new words into PostgreSQL's search index at once.

By default they wait in a list, up to 4 MB of it, which every search reads from end to end, until a vacuum comes by; with
a long one the index is not used at all.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_task_search_words SET (fastupdate = off)")
        op.execute("SELECT gin_clean_pending_list('ix_task_search_words')")


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_task_search_words RESET (fastupdate)")
