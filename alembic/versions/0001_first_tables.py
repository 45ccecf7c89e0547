"""The first tables, and the full-text index of each database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE task_search_fts USING fts5(
        owner, title, description, content='task_search', content_rowid='row',
        tokenize='unicode61 remove_diacritics 0', prefix='2 3'
    )
    """,
    """
    CREATE TRIGGER task_search_inserted AFTER INSERT ON task_search BEGIN
        INSERT INTO task_search_fts(rowid, owner, title, description)
        VALUES (new.row, new.owner, new.title, new.description);
    END
    """,
    """
    CREATE TRIGGER task_search_deleted AFTER DELETE ON task_search BEGIN
        INSERT INTO task_search_fts(task_search_fts, rowid, owner, title, description)
        VALUES ('delete', old.row, old.owner, old.title, old.description);
    END
    """,
    """
    CREATE TRIGGER task_search_updated AFTER UPDATE ON task_search BEGIN
        INSERT INTO task_search_fts(task_search_fts, rowid, owner, title, description)
        VALUES ('delete', old.row, old.owner, old.title, old.description);
        INSERT INTO task_search_fts(rowid, owner, title, description)
        VALUES (new.row, new.owner, new.title, new.description);
    END
    """,
)
# The words come folded and separated, so every one is a lexeme as it stands; the owner is one among them.
_POSTGRESQL_SEARCH = (
    """
    ALTER TABLE task_search ADD COLUMN words tsvector GENERATED ALWAYS AS (
        array_to_tsvector(ARRAY['_' || owner])
        || setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', description), 'D')
    ) STORED
    """,
    "CREATE INDEX ix_task_search_words ON task_search USING gin (words)",
)

# Wakes every relay when a transaction with events commits; one notification per transaction.
_POSTGRESQL_WAKE = (
    """
    CREATE FUNCTION wake_relays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('outbox', '');
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER outbox_wakes_relays AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_relays()",
)


def _sortable(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_heads",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("last_seal", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "audit_records",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("previous_seal", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "position"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.String(50), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(50), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("consumer", "event_id", name="uq_dead_letters_event"),
    )
    op.create_index("ix_dead_letters_aggregate", "dead_letters", ["consumer", "aggregate_id"])

    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.String(50), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "consumer"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(50), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(64), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("aggregate_id", "seq", name="uq_outbox_aggregate_seq"),
    )
    op.create_index("ix_outbox_command", "outbox", ["command_id"])
    op.create_index("ix_outbox_occurred", "outbox", ["occurred_at"])
    _index("ix_outbox_undoes", "outbox", ["undoes"], where="undoes IS NOT NULL")
    _index("ix_outbox_unpublished", "outbox", ["id"], where="published_at IS NULL")
    _index("ix_outbox_claimed", "outbox", ["claimed_until"], where="claimed_until IS NOT NULL")
    _index("ix_outbox_unsettled", "outbox", ["aggregate_id", "seq"], where="settled_at IS NULL")

    op.create_table(
        "settings",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "state_store",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("etag", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_folded", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email_folded"),
    )
    op.create_table(
        "audit_contents",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(50), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "position"),
    )
    op.create_index("ix_audit_contents_aggregate", "audit_contents", ["user_id", "aggregate_id", "position"])
    op.create_index("ix_audit_contents_command", "audit_contents", ["user_id", "command_id"])

    op.create_table(
        "list_counts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("list_key", sa.String(50), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "list_key"),
    )
    op.create_table(
        "password_resets",
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_folded", sa.String(240), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index(
        "uq_projects_name", "projects", ["user_id", "name_folded"], where="deleted_at IS NULL", unique=True
    )

    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_digest"),
    )
    op.create_index("ix_sessions_expires", "sessions", ["expires_at"])
    op.create_index("ix_sessions_user", "sessions", ["user_id"])

    op.create_table(
        "tags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_folded", sa.String(240), nullable=False),
        sa.Column("color", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("uq_tags_name", "tags", ["user_id", "name_folded"], where="deleted_at IS NULL", unique=True)

    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("title_sort", _sortable(720), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("due_timezone", sa.String(64), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_sort", sa.DateTime(), nullable=False),
        sa.Column("rank", _sortable(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["tasks.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index(
        "ix_tasks_completed",
        "tasks",
        ["user_id", "completed_at", "id"],
        where="completed_at IS NOT NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_open_created",
        "tasks",
        ["user_id", "created_at", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_open_due",
        "tasks",
        ["user_id", "due_sort", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_open_priority",
        "tasks",
        ["user_id", "priority", "due_sort", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_open_rank",
        "tasks",
        ["user_id", "rank", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_open_title",
        "tasks",
        ["user_id", "title_sort", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index("ix_tasks_project", "tasks", ["project_id"], where="project_id IS NOT NULL")
    _index("ix_tasks_parent", "tasks", ["parent_id", "rank"], where="parent_id IS NOT NULL")
    _index(
        "ix_tasks_project_created",
        "tasks",
        ["user_id", "project_id", "created_at", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_project_due",
        "tasks",
        ["user_id", "project_id", "due_sort", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_project_priority",
        "tasks",
        ["user_id", "project_id", "priority", "due_sort", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_project_rank",
        "tasks",
        ["user_id", "project_id", "rank", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index(
        "ix_tasks_project_title",
        "tasks",
        ["user_id", "project_id", "title_sort", "id"],
        where="completed_at IS NULL AND deleted_at IS NULL",
    )
    _index("ix_tasks_purged", "tasks", ["purged_at"], where="purged_at IS NOT NULL")
    _index(
        "ix_tasks_trash",
        "tasks",
        ["user_id", "deleted_at", "id"],
        where="deleted_at IS NOT NULL AND purged_at IS NULL",
    )

    op.create_table(
        "task_search",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("task_id"),
    )
    op.create_table(
        "task_tags",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", "tag_id"),
    )
    op.create_index("ix_task_tags_command", "task_tags", ["command_id"])
    op.create_index("ix_task_tags_tag", "task_tags", ["tag_id", "task_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_SEARCH if sqlite else (*_POSTGRESQL_SEARCH, *_POSTGRESQL_WAKE):
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE task_search_fts")
    for table in [
        "task_tags",
        "task_search",
        "tasks",
        "tags",
        "sessions",
        "projects",
        "password_resets",
        "list_counts",
        "audit_contents",
        "users",
        "state_store",
        "settings",
        "outbox",
        "inbox",
        "dead_letters",
        "audit_records",
        "audit_heads",
    ]:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION wake_relays()")
