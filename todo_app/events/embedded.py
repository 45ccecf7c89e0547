"""The bus inside one process: a lane per consumer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from todo_app.db.unit_of_work import Work
from todo_app.domain.events import Event
from todo_app.events.consumers import Consumer
from todo_app.events.lanes import Execute, Lane, Limits, Retries
from todo_app.events.supervisor import Loop


class EmbeddedBus:
    """Implements `Bus` with one lane per consumer."""

    def __init__(self, work: Work, *, retries: Retries | None = None, limits: Limits | None = None) -> None:
        self._work = work
        self._retries = retries
        self._limits = limits
        self._lanes: list[Lane] = []
        self._on_room: list[Callable[[], None]] = []

    def subscribe(self, consumer: Consumer, execute: Execute | None = None) -> None:
        """Deliver every event of the consumer's types to it, from now on."""
        self._lanes.append(
            Lane(
                self._work,
                consumer,
                execute,
                retries=self._retries,
                limits=self._limits,
                on_room=self._tell_of_room,
            )
        )

    async def publish(self, events: Sequence[Event]) -> list[Event]:
        """Put a batch into the queues; nothing fails, since the sweeper makes up for what finds no room."""
        for event in events:
            for lane in self._lanes:
                if lane.wants(event):
                    await lane.put(event)
        return []

    def on_room(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when a consumer that had to leave out events has caught up with its queue."""
        self._on_room.append(listener)

    def loops(self) -> list[Loop]:
        """What must run so that consumers get their events."""
        return [lane.loop for lane in self._lanes]

    def _tell_of_room(self) -> None:
        for listener in self._on_room:
            listener()
