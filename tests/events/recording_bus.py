"""A bus that writes down what it is given, and refuses what a test tells it to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from todo_app.domain.events import Event
from todo_app.events.consumers import Consumer


class RecordingBus:
    """Implements `Bus` without consumers."""

    def __init__(self) -> None:
        self.published: list[Event] = []
        self.refused: set[UUID] = set()

    def subscribe(self, consumer: Consumer) -> None:
        raise AssertionError("nobody subscribes here")

    async def publish(self, events: Sequence[Event]) -> list[Event]:
        self.published += [event for event in events if event.id not in self.refused]
        return [event for event in events if event.id in self.refused]

    def numbers_of(self, aggregate_id: UUID) -> list[int]:
        """The numbers of the events of one object, in the order in which they came."""
        return [event.seq for event in self.published if event.aggregate_id == aggregate_id]
