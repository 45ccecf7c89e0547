"""Quick add: one typed line becomes a task with date, tags, project, priority, reminders and recurrence."""

from todo_app.domain.quick_add.parser import QuickAdd, parse, parse_due
from todo_app.domain.quick_add.preview import parse_recurrence, preview_phrase
from todo_app.domain.quick_add.reminders import Reminder, ReminderAt, ReminderBefore
from todo_app.domain.quick_add.schedule import Schedule
from todo_app.domain.quick_add.tokens import Token, TokenKind

__all__ = [
    "QuickAdd",
    "Reminder",
    "ReminderAt",
    "ReminderBefore",
    "Schedule",
    "Token",
    "TokenKind",
    "parse",
    "parse_due",
    "parse_recurrence",
    "preview_phrase",
]
