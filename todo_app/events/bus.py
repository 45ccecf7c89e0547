"""The port through which events reach the consumers: in this process, or by a broker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from todo_app.domain.events import Event
from todo_app.events.consumers import Consumer
from todo_app.events.lanes import Execute


class Bus(Protocol):
    """Carries events at least once, in order per aggregate as far as it can; the database is the judge."""

    def subscribe(self, consumer: Consumer, execute: Execute | None = None) -> None:
        """Deliver every event of the consumer's types to it, from now on.

        ``execute`` makes the effects, where that is not to be done in this process by its own handler.
        """

    async def publish(self, events: Sequence[Event]) -> list[Event]:
        """Hand over a batch; return those that could not be, to be tried again. Does not raise for them."""
