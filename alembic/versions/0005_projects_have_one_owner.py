"""PostgreSQL knows that a project's tasks are all of one person.

Without this it takes the two for unrelated, guesses that a person's project holds next to nothing, and now and then
sorts the whole project rather than read its first window along the index.
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE STATISTICS st_tasks_project (dependencies) ON user_id, project_id FROM tasks")


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP STATISTICS st_tasks_project")
