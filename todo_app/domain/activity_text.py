"""What happened, in the words of the activity list."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from todo_app.domain.events import AccountUpdated, Change, Event, ReminderData, TagMerged
from todo_app.domain.labels import PRIORITY_NAMES
from todo_app.domain.recurrence import Anchor, Recurrence, parse_rules
from todo_app.domain.recurrence import describe as recurrence_words
from todo_app.domain.reminder_words import say_before
from todo_app.domain.task import Priority

_VERBS = {
    "created": "added",
    "completed": "completed",
    "recurred": "repeated",
    "skipped": "skipped",
    "withdrawn": "took back the next occurrence of",
    "ended": "ended the repetition of",
    "scheduled": "planned a reminder of",
    "cancelled": "dropped a reminder of",
    "due": "reminded of",
    "delivered": "delivered a notification of",
    "failed": "could not deliver a notification of",
    "reopened": "reopened",
    "deleted": "moved to trash",
    "restored": "restored",
    "purged": "removed for good",
    "unpurged": "brought back to the trash",
}
_ACCOUNT = {
    "registered": "signed up",
    "password": "changed the password",
    "timezone": "changed the time zone",
    "logged_out": "logged out",
    "logged_out_everywhere": "logged out everywhere",
    "notifications": "changed how to be notified",
    "channel_added": "added a notification channel",
    "channel_removed": "removed a notification channel",
    "token_created": "created an API token",
    "token_revoked": "revoked an API token",
    "feed_renewed": "made a new address for the calendar feed",
    "feed_revoked": "revoked the address of the calendar feed",
    "webhook_added": "added a webhook",
    "webhook_changed": "changed a webhook",
    "webhook_removed": "removed a webhook",
}
_FIELDS = {
    "due": "due date",
    "tag_ids": "tags",
    "project_id": "project",
    "parent_id": "parent task",
    "color": "colour",
    "rank": "order",
    "recurrence": "repetition",
}


def describe(event: Event, names: Mapping[str, str], zone: ZoneInfo) -> str:
    """One event as a phrase after the actor's name, on the clock of a zone.

    ``names`` are those of tags and projects by id.
    """
    data = event.data
    if isinstance(data, AccountUpdated):
        return _ACCOUNT[data.what]
    kind, what = event.type.split(".")
    thing = f"{kind} " if kind in ("project", "tag", "filter") else ""
    if isinstance(data, TagMerged):
        return f"merged tag “{data.name}” into “{data.into_name}”"
    if what == "updated":
        changes: list[Change] = getattr(data, "changes", [])
        return "; ".join(_change(change, names, zone) for change in changes)
    verb = "deleted" if kind != "task" and what == "deleted" else _VERBS[what]
    return f"{verb} {thing}".strip()


def subject_of(event: Event) -> str:
    """The title or name of the thing that an event is about; empty for the account."""
    return str(getattr(event.data, "title", getattr(event.data, "name", "")))


def _change(change: Change, names: Mapping[str, str], zone: ZoneInfo) -> str:
    field = _FIELDS.get(change.field, change.field)
    if change.field == "rank":
        return "moved in the list"
    if change.field == "description":
        return "edited the description"
    before, after = (_value(change.field, value, names, zone) for value in (change.before, change.after))
    if before == after:
        # What follows a late one, or from when on: the words don't tell it.
        return f"changed the {field}"
    if not before:
        return f"set the {field} to {after}"
    return f"changed the {field} from {before} to {after}" if after else f"removed the {field} {before}"


def _value(field: str, value: JsonValue, names: Mapping[str, str], zone: ZoneInfo) -> str:
    match field, value:
        case "priority", _:
            return PRIORITY_NAMES[Priority(str(value))] if value else ""
        case "due", dict():
            parts = (str(value["date"]), str(value["time"] or "")[:5], str(value["timezone"] or ""))
            return " ".join(part for part in parts if part)
        case "tag_ids", list():
            return ", ".join(f"#{names.get(str(tag_id), 'deleted tag')}" for tag_id in value)
        case "recurrence", dict():
            recurrence = Recurrence(parse_rules(str(value["rule"])), Anchor(str(value["anchor"])))
            return recurrence_words(recurrence, timezone=zone)
        case "reminders", list():
            return ", ".join(_reminder(ReminderData.model_validate(each), zone) for each in value)
        case "parent_id", str():
            return "another task"
        case "project_id", str():
            return names.get(value, "a deleted project")
        case _:
            return f"“{value}”" if value else ""


def _reminder(reminder: ReminderData, zone: ZoneInfo) -> str:
    if reminder.at is None:
        return say_before(reminder.minutes_before or 0).lower()
    return f"{reminder.at.astimezone(zone):%Y-%m-%d %H:%M}"
