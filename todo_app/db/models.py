"""The tables."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from todo_app.db.types import PriorityRank, UtcDateTime, sortable_text
from todo_app.domain.task import Due, Priority, Status

# Due dates sort by the wall clock of their user: all-day ones at the end of their day, none at all last.
NO_DUE = datetime.max  # noqa: DTZ901  # wall clocks have no zone
ALL_DAY = time(23, 59, 59)


class Setting(SQLModel, table=True):
    """A decision of the operator, e.g. whether sign-up is open, or what a job has to remember."""

    __tablename__ = "settings"

    name: str = Field(primary_key=True, max_length=50)
    value: str = Field(sa_type=Text)


class User(SQLModel, table=True):
    """A person with an account."""

    __tablename__ = "users"

    id: UUID = Field(primary_key=True)
    email: str = Field(max_length=254)
    email_folded: str = Field(max_length=254, unique=True)
    password_hash: str = Field(max_length=255)
    timezone: str = Field(max_length=64)
    # How long before it is due a new task with a time reminds; none when it does not by itself.
    default_reminder_minutes: int | None = None
    is_operator: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Session(SQLModel, table=True):
    """A browser that is logged in; the cookie holds a secret of which only the digest is stored."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_user", "user_id"), Index("ix_sessions_expires", "expires_at"))

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    token_digest: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class PasswordReset(SQLModel, table=True):
    """A link to set a new password, valid once and for an hour."""

    __tablename__ = "password_resets"

    token_digest: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    expires_at: datetime = Field(sa_type=UtcDateTime)


class Project(SQLModel, table=True):
    """A project: a list of tasks with a name."""

    __tablename__ = "projects"
    __table_args__ = (
        Index(
            "uq_projects_name",
            "user_id",
            "name_folded",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    name: str = Field(max_length=80)
    name_folded: str = Field(max_length=240)
    created_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class Tag(SQLModel, table=True):
    """A tag with its colour; a merged one points to the tag that took its place."""

    __tablename__ = "tags"
    __table_args__ = (
        Index(
            "uq_tags_name",
            "user_id",
            "name_folded",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    name: str = Field(max_length=80)
    name_folded: str = Field(max_length=240)
    color: str = Field(max_length=20)
    created_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    merged_into_id: UUID | None = Field(default=None, sa_type=Uuid)
    version: int = 1


class SavedFilter(SQLModel, table=True):
    """A filter with a name, in the language of filters; ``rank`` is its place among the others."""

    __tablename__ = "filters"
    __table_args__ = (
        Index(
            "uq_filters_name",
            "user_id",
            "name_folded",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    name: str = Field(max_length=80)
    name_folded: str = Field(max_length=240)
    query: str = Field(sa_type=Text)
    rank: str = Field(sa_column=Column(sortable_text(200), nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class TaskTag(SQLModel, table=True):
    """That a task bears a tag; ``command_id`` names the command that put it there."""

    __tablename__ = "task_tags"
    __table_args__ = (
        Index("ix_task_tags_tag", "tag_id", "task_id"),
        Index("ix_task_tags_command", "command_id"),
    )

    task_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    )
    tag_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True))
    command_id: UUID = Field(sa_type=Uuid)


_OPEN = "completed_at IS NULL AND deleted_at IS NULL"
_COMPLETED = "completed_at IS NOT NULL AND deleted_at IS NULL"


def _list_index(name: str, *columns: str, where: str) -> Index:
    """An index for one list in one order, holding only the rows that the list can show."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Task(SQLModel, table=True):
    """A task. It is completed when ``completed_at`` is set, in the trash when ``deleted_at`` is."""

    __tablename__ = "tasks"
    __table_args__ = (
        *(
            _list_index(f"ix_tasks_open_{name}", "user_id", *columns, "id", where=_OPEN)
            for name, columns in {
                "due": ("due_sort",),
                "created": ("created_at",),
                "priority": ("priority", "due_sort"),
                "title": ("title_sort",),
                "rank": ("rank",),
            }.items()
        ),
        *(
            _list_index(f"ix_tasks_project_{name}", "user_id", "project_id", *columns, "id", where=_OPEN)
            for name, columns in {
                "due": ("due_sort",),
                "created": ("created_at",),
                "priority": ("priority", "due_sort"),
                "title": ("title_sort",),
                "rank": ("rank",),
            }.items()
        ),
        *(
            _list_index(f"ix_tasks_completed_{name}", "user_id", *columns, "id", where=_COMPLETED)
            for name, columns in {
                "due": ("due_sort",),
                "created": ("created_at",),
                "priority": ("priority", "due_sort"),
                "title": ("title_sort",),
                "rank": ("rank",),
            }.items()
        ),
        _list_index(
            "ix_tasks_completed",
            "user_id",
            "completed_at",
            "id",
            where=_COMPLETED,
        ),
        _list_index(
            "ix_tasks_trash",
            "user_id",
            "deleted_at",
            "id",
            where="deleted_at IS NOT NULL AND purged_at IS NULL",
        ),
        _list_index("ix_tasks_purged", "purged_at", where="purged_at IS NOT NULL"),
        _list_index("ix_tasks_project", "project_id", where="project_id IS NOT NULL"),
        _list_index("ix_tasks_parent", "parent_id", "rank", where="parent_id IS NOT NULL"),
        Index(
            "uq_tasks_occurrence",
            "series_id",
            "occurrence",
            unique=True,
            sqlite_where=text("series_id IS NOT NULL"),
            postgresql_where=text("series_id IS NOT NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    project_id: UUID | None = Field(
        default=None, sa_column=Column(Uuid, ForeignKey("projects.id", ondelete="SET NULL"), nullable=True)
    )
    parent_id: UUID | None = Field(
        default=None, sa_column=Column(Uuid, ForeignKey("tasks.id", ondelete="CASCADE"), nullable=True)
    )
    title: str = Field(max_length=500)
    title_sort: str = Field(sa_column=Column(sortable_text(720), nullable=False))
    description: str = Field(default="", sa_type=Text)
    priority: Priority | None = Field(default=None, sa_column=Column(PriorityRank, nullable=False))
    due_date: date | None = None
    due_time: time | None = None
    due_timezone: str | None = Field(default=None, max_length=64)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_sort: datetime = Field(default=NO_DUE, sa_type=DateTime)
    # Which occurrence of a series it is: a date, or a wall clock in a series with a time.
    # No foreign key, which SQLite could not take back: a series goes with its user, as its tasks do.
    series_id: UUID | None = Field(default=None, sa_type=Uuid)
    occurrence: str | None = Field(default=None, max_length=24)
    # Fields that were changed in this occurrence alone, as JSON: what the following ones have instead.
    only_here: str | None = Field(default=None, sa_type=Text)
    rank: str = Field(sa_column=Column(sortable_text(200), nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Closed without having been done; `completed_at` says when.
    skipped: bool = False
    # Whether somebody has been reminded of it since it was last put off.
    reminder_sent: bool = False
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    purged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1

    @property
    def status(self) -> Status:
        """Whether the task is still to be done."""
        return Status.COMPLETED if self.completed_at else Status.OPEN

    @property
    def due(self) -> Due | None:
        """When the task is due."""
        return Due(self.due_date, self.due_time, self.due_timezone) if self.due_date else None


class TaskRecurrence(SQLModel, table=True):
    """A series of tasks: the rule by which completing one makes the next.

    ``rule`` is RFC 5545, one rule a line, counted from ``starts_on`` and ``starts_time`` (none in an
    all-day series) on the wall clock of ``timezone`` (none follows the user).
    """

    __tablename__ = "task_recurrences"
    __table_args__ = (Index("ix_task_recurrences_user", "user_id"),)

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    # The frequency in one word, e.g. "monthly"; "several" when it takes more than one rule.
    recurrence_type: str = Field(max_length=10)
    rule: str = Field(sa_type=Text)
    anchor: str = Field(max_length=10)
    if_overdue: str = Field(max_length=10)
    starts_on: date
    starts_time: time | None = None
    timezone: str | None = Field(default=None, max_length=64)
    # The last day that can have an occurrence, when the rule names one.
    end: date | None = None
    # How many occurrences came to be, for a rule from completion that ends after so many.
    occurrences_made: int = 1
    # The newest occurrence and the one before it: closing the newest makes the next, nothing else does.
    latest_id: UUID = Field(sa_type=Uuid)
    previous_id: UUID | None = Field(default=None, sa_type=Uuid)
    # The occurrence that follows the newest one, as far as the calendar tells; none when it is the last.
    next_due: str | None = Field(default=None, max_length=19)
    last_created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Numbers the events of the series itself.
    version: int = 0


class Reminder(SQLModel, table=True):
    """When to remind of a task: so many minutes before it is due, or at an instant."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_task", "task_id"),
        Index("ix_reminders_user", "user_id", "id"),
        Index(
            "ix_reminders_fires",
            "fires_at",
            sqlite_where=text("fires_at IS NOT NULL AND sent_at IS NULL"),
            postgresql_where=text("fires_at IS NOT NULL AND sent_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    task_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("tasks.id", ondelete="CASCADE"), nullable=False))
    minutes_before: int | None = None
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # A snooze is about this occurrence alone, so that the next one does not have it.
    is_snooze: bool = False
    # Set by the reminders worker; none while the task is closed or has no date, or when the moment was past.
    fires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # Numbers the events of the reminder.
    version: int = 0


class NotificationPreferences(SQLModel, table=True):
    """How somebody wants to be told; without a row everything has its default."""

    __tablename__ = "notification_preferences"

    user_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    # The hour that stands for an all-day due date when minutes are counted back from it.
    all_day_at: time = time(9)
    overdue_notice: bool = False
    digest_at: time | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    # The wall clock up to which overdue tasks were told of, and the day of the last digest.
    overdue_told_until: datetime | None = Field(default=None, sa_type=DateTime)
    digest_sent_on: date | None = None
    version: int = 1


class Notification(SQLModel, table=True):
    """Something that a person was told, as the bell lists it."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user", "user_id", "created_at", "id"),
        Index("ix_notifications_created", "created_at"),
        Index(
            "ix_notifications_unread",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notifications_task", "task_id"),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    task_id: UUID | None = Field(
        default=None, sa_column=Column(Uuid, ForeignKey("tasks.id", ondelete="CASCADE"), nullable=True)
    )
    # What it is about: "reminder", "overdue", "digest", or "problem" with a channel.
    reason: str = Field(max_length=10)
    title: str = Field(max_length=500)
    body: str = Field(default="", sa_type=Text)
    # The moment that it was meant for, and whether it came noticeably later.
    meant_for: datetime = Field(sa_type=UtcDateTime)
    is_late: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class NotificationChannel(SQLModel, table=True):
    """A way to reach somebody outside the app. ``target`` may hold a secret and is never shown whole."""

    __tablename__ = "notification_channels"
    __table_args__ = (Index("ix_notification_channels_user", "user_id"),)

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    # "email", "push" or "apprise".
    kind: str = Field(max_length=10)
    name: str = Field(max_length=80)
    target: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # Set when it is switched off, by its owner or because it is gone, with the reason in words.
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_because: str = Field(default="", sa_type=Text)


class Delivery(SQLModel, table=True):
    """One notification on its way through one channel: claimed for a while, tried again after a failure."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_next",
            "kind",
            "next_attempt_at",
            sqlite_where=text("next_attempt_at IS NOT NULL"),
            postgresql_where=text("next_attempt_at IS NOT NULL"),
        ),
        Index("ix_deliveries_user", "user_id", "created_at", "id"),
        Index("ix_deliveries_notification", "notification_id"),
        Index("ix_deliveries_channel", "channel_id"),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    notification_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("notifications.id", ondelete="CASCADE"), nullable=False)
    )
    channel_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("notification_channels.id", ondelete="CASCADE"), nullable=False)
    )
    # The channel's: each kind has workers of its own, so that one that hangs holds up no other.
    kind: str = Field(max_length=10)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # None once it was sent or given up.
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    claimed_by: str | None = Field(default=None, max_length=64)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # The last failure in plain words.
    error: str = Field(default="", sa_type=Text)


class Webhook(SQLModel, table=True):
    """An address that is told of a person's events. Its secrets are sealed (todo_app/secret_box.py)."""

    __tablename__ = "webhooks"
    __table_args__ = (Index("ix_webhooks_user", "user_id"),)

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    name: str = Field(max_length=80)
    url: str = Field(sa_type=Text)
    # As a JSON list; none for every type, those of later versions too.
    event_types: str | None = Field(default=None, sa_type=Text)
    secret: str = Field(sa_type=Text)
    # The one before, with which messages are signed as well until then.
    previous_secret: str | None = Field(default=None, sa_type=Text)
    previous_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # Since when nothing has arrived, although it was tried.
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_because: str = Field(default="", sa_type=Text)


class WebhookDelivery(SQLModel, table=True):
    """One event on its way to one webhook, or a test; what it says is read from the event when it is sent."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index(
            "ix_webhook_deliveries_next",
            "next_attempt_at",
            sqlite_where=text("next_attempt_at IS NOT NULL"),
            postgresql_where=text("next_attempt_at IS NOT NULL"),
        ),
        Index("ix_webhook_deliveries_log", "webhook_id", "created_at", "id"),
        Index("ix_webhook_deliveries_created", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    # No foreign keys but one: deliveries go with their webhook, and events may be forgotten before.
    user_id: UUID = Field(sa_type=Uuid)
    webhook_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False)
    )
    event_id: UUID | None = Field(default=None, sa_type=Uuid)
    type: str = Field(max_length=50)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # None once it was sent or given up.
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    claimed_by: str | None = Field(default=None, max_length=64)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # What came of the last attempt: in plain words, and what the other side said.
    error: str = Field(default="", sa_type=Text)
    status_code: int | None = None
    duration_ms: int | None = None
    answer: str = Field(default="", sa_type=Text)


class UsedLink(SQLModel, table=True):
    """A signed link of a mail that has been used, kept until it would have expired."""

    __tablename__ = "used_links"
    __table_args__ = (Index("ix_used_links_expires", "expires_at"),)

    id: UUID = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class ApiToken(SQLModel, table=True):
    """A key for programs, of which only the digest is stored."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_user", "user_id"),)

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    name: str = Field(max_length=80)
    token_digest: str = Field(max_length=64, unique=True)
    # "read", "write" or "admin"; each may do what the one before may.
    scope: str = Field(max_length=10)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotencyKey(SQLModel, table=True):
    """That a program's request with this key has been carried out, and what it was answered.

    Of the key only a digest is stored, and the answer is sealed: it may hold a secret that is told once.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created", "created_at"),)

    user_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    key_digest: str = Field(primary_key=True, max_length=64)
    # Of the method, the address and the body, which a retry repeats.
    request_digest: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # Empty while the request is being carried out, which nobody else sees.
    answer: str = Field(default="", sa_type=Text)


class CalendarFeed(SQLModel, table=True):
    """The secret address of somebody's calendar feed, of which only the digest is stored."""

    __tablename__ = "calendar_feeds"

    user_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    secret_digest: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ListCount(SQLModel, table=True):
    """How many tasks a list of the sidebar holds, kept with every change instead of counted.

    ``list_key`` is ``inbox``, ``all``, ``completed``, ``trash``, ``project:<id>`` or ``tag:<id>``.
    """

    __tablename__ = "list_counts"

    user_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    list_key: str = Field(primary_key=True, max_length=50)
    tasks: int


class TaskSearch(SQLModel, table=True):
    """The folded words of a task, which the full-text index of each database is built on."""

    __tablename__ = "task_search"

    # SQLite's FTS5 addresses rows by integer.
    row: int | None = Field(default=None, primary_key=True)
    task_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("tasks.id", ondelete="CASCADE"), nullable=False, unique=True)
    )
    # The user's id in hex: a word of the index like the others, so a search never visits others' tasks. Empty
    # while the task is in the trash, so that it visits none of those either.
    owner: str = Field(max_length=32)
    title: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)


class OutboxEvent(SQLModel, table=True):
    """A committed event, whether the relay has published it, and whether every consumer is done with it."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("aggregate_id", "seq", name="uq_outbox_aggregate_seq"),
        Index("ix_outbox_command", "command_id"),
        Index(
            "ix_outbox_undoes",
            "undoes",
            sqlite_where=text("undoes IS NOT NULL"),
            postgresql_where=text("undoes IS NOT NULL"),
        ),
        Index("ix_outbox_occurred", "occurred_at"),
        Index(
            "ix_outbox_claimed",
            "claimed_until",
            sqlite_where=text("claimed_until IS NOT NULL"),
            postgresql_where=text("claimed_until IS NOT NULL"),
        ),
        Index(
            "ix_outbox_unsettled",
            "aggregate_id",
            "seq",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(
            "ix_outbox_unpublished",
            "id",
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(sa_type=Uuid)
    aggregate_id: UUID = Field(sa_type=Uuid)
    seq: int
    type: str = Field(max_length=50)
    command_id: UUID = Field(sa_type=Uuid)
    undoes: UUID | None = Field(default=None, sa_type=Uuid)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    envelope: str = Field(sa_type=Text)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: str | None = Field(default=None, max_length=64)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InboxEntry(SQLModel, table=True):
    """That an event has taken effect at a consumer, written in the transaction of the effect.

    A discarded one has not, and never will: the operator decided so.
    """

    __tablename__ = "inbox"

    event_id: UUID = Field(primary_key=True)
    consumer: str = Field(primary_key=True, max_length=50)
    processed_at: datetime = Field(sa_type=UtcDateTime)
    discarded: bool = False


class DeadLetter(SQLModel, table=True):
    """An event that a consumer could not process, until it is replayed or discarded."""

    __tablename__ = "dead_letters"
    __table_args__ = (
        UniqueConstraint("consumer", "event_id", name="uq_dead_letters_event"),
        Index("ix_dead_letters_aggregate", "consumer", "aggregate_id"),
    )

    id: UUID = Field(primary_key=True)
    consumer: str = Field(max_length=50)
    event_id: UUID = Field(sa_type=Uuid)
    user_id: UUID = Field(sa_type=Uuid)
    aggregate_id: UUID = Field(sa_type=Uuid)
    type: str = Field(max_length=50)
    envelope: str = Field(sa_type=Text)
    error: str = Field(sa_type=Text)
    attempts: int
    failed_at: datetime = Field(sa_type=UtcDateTime)


class AuditRecord(SQLModel, table=True):
    """One sealed link of a user's audit chain; holds digests alone, so that it may stay for ever."""

    __tablename__ = "audit_records"

    user_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True)
    event_id: UUID = Field(sa_type=Uuid, unique=True)
    content_digest: str = Field(max_length=64)
    previous_seal: str = Field(max_length=64)
    seal: str = Field(max_length=64)


class AuditContent(SQLModel, table=True):
    """What an audit record seals, in words; erased with the account."""

    __tablename__ = "audit_contents"
    __table_args__ = (
        Index("ix_audit_contents_aggregate", "user_id", "aggregate_id", "position"),
        Index("ix_audit_contents_command", "user_id", "command_id"),
    )

    user_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    position: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    salt: str = Field(sa_column=Column(String(32), nullable=False))
    aggregate_id: UUID = Field(sa_type=Uuid)
    command_id: UUID = Field(sa_type=Uuid)
    type: str = Field(max_length=50)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    envelope: str = Field(sa_type=Text)


class AuditHead(SQLModel, table=True):
    """How long a user's chain is and how it ends, kept apart so that a cut tail is found."""

    __tablename__ = "audit_heads"
    __table_args__ = (
        Index(
            "ix_audit_heads_unpublished",
            "user_id",
            sqlite_where=text("published < records"),
            postgresql_where=text("published < records"),
        ),
    )

    user_id: UUID = Field(primary_key=True)
    records: int
    last_seal: str = Field(max_length=64)
    # Of the two above, so that an earlier end can't be stated without the key.
    seal: str = Field(max_length=64)
    # How many records outside systems have been told of, in the distributed mode.
    published: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class StoredValue(SQLModel, table=True):
    """The key-value state of the embedded mode: throttles and the like, with an end of life."""

    __tablename__ = "state_store"

    key: str = Field(primary_key=True, max_length=200)
    value: str = Field(sa_type=Text)
    etag: int = 1
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
