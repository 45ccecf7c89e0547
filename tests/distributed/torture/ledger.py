"""What a client was told, kept where no kill reaches it: what must be true afterwards, and what may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Place(StrEnum):
    """Where a task lies."""

    LIST = "list"
    TRASH = "trash"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class TaskState:
    """What a client can change of a task."""

    title: str
    is_closed: bool = False
    place: Place = Place.LIST


@dataclass
class Ledger:
    """The commands of one client."""

    # How tasks are, as acknowledged.
    tasks: dict[UUID, TaskState] = field(default_factory=dict)
    # How they may be instead, after commands whose answers were lost; nobody touches them any more, except that
    # what came before such a command may be taken back.
    doubts: dict[UUID, set[TaskState]] = field(default_factory=dict)
    # Tasks that may have been added.
    perhaps_added: set[str] = field(default_factory=set)
    # The ids of acknowledged commands, where the answer names them.
    commands: set[UUID] = field(default_factory=set)
    acknowledged: int = 0
    in_doubt: int = 0
    refused: int = 0

    def acknowledge(self, command_id: str = "", **tasks: TaskState) -> None:
        """A command succeeded; ``tasks`` are its tasks by id, as they are now."""
        self.acknowledged += 1
        self.tasks |= {UUID(task_id): state for task_id, state in tasks.items()}
        if command_id:
            self.commands.add(UUID(command_id))

    def doubt(self, **tasks: TaskState) -> None:
        """Nobody knows whether a command succeeded that would have made its tasks so."""
        self.in_doubt += 1
        for task_id, state in tasks.items():
            self.doubts.setdefault(UUID(task_id), set()).add(state)

    def allows(self, task_id: UUID, state: TaskState) -> bool:
        """Whether a task may be so."""
        return state == self.tasks.get(task_id) or state in self.doubts.get(task_id, ())

    def usable(self, *, is_closed: bool = False, place: Place = Place.LIST) -> list[UUID]:
        """Tasks that are known to be so, in the order in which they came to be."""
        return [
            task_id
            for task_id, state in self.tasks.items()
            if task_id not in self.doubts and (state.is_closed, state.place) == (is_closed, place)
        ]
