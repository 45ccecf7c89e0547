"""Which topics an event type travels on."""

from __future__ import annotations

from typing import Final

TASK_EVENTS: Final = "task-events"
REMINDERS: Final = "reminders"
TASK_RECURRENCE: Final = "task-recurrence"
# Topics that carry no domain events but what is derived from them.
TASK_UPDATES: Final = "task-updates"
TASK_AUDIT: Final = "task-audit"

# What the recurrence worker makes of a task travels with its other work.
_TOPICS_OF_TYPE: Final[dict[str, tuple[str, ...]]] = {"task.recurred": (TASK_RECURRENCE,)}
# By the first word of the type; a new family of events needs a line here, which a test asks for.
_TOPICS_OF_FAMILY: Final[dict[str, tuple[str, ...]]] = {
    "task": (TASK_EVENTS,),
    "recurrence": (TASK_RECURRENCE,),
    "reminder": (REMINDERS,),
    "project": (TASK_EVENTS,),
    "tag": (TASK_EVENTS,),
    "filter": (TASK_EVENTS,),
    "account": (TASK_EVENTS,),
}


def topics_of(event_type: str) -> tuple[str, ...]:
    """The topics that events of a type are published to.

    Raises:
        KeyError: when the catalogue does not know the type's family.
    """
    return _TOPICS_OF_TYPE.get(event_type) or _TOPICS_OF_FAMILY[event_type.split(".", 1)[0]]


def dead_letter_topic(topic: str) -> str:
    """Where the broker puts what could not be processed."""
    return f"{topic}-dead"
