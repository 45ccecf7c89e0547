"""A consumer whose effects a test can count: it writes down which events took effect, in their transactions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from todo_app.db.models import StoredValue
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.events import Event, event_types
from todo_app.events.consumers import Consumer, one_by_one


class Poisoned(Exception):
    """What the witness does with an event that it can't bear."""


class Witness:
    """Each effect adds the event's number to a note about its aggregate; a second effect is seen there."""

    def __init__(self, name: str = "witness", types: Sequence[str] | None = None) -> None:
        self.consumer = Consumer(name, frozenset(types or event_types()), one_by_one(self._handle))
        self.poison: set[UUID] = set()
        self.attempts: dict[UUID, int] = defaultdict(int)

    async def _handle(self, uow: UnitOfWork, event: Event) -> None:
        self.attempts[event.id] += 1
        key = f"{self.consumer.name}:{event.aggregate_id}"
        note = await uow.session.get(StoredValue, key)
        if note is None:
            uow.session.add(StoredValue(key=key, value=str(event.seq)))
        else:
            note.value += f" {event.seq}"
        await uow.session.flush()
        # After the effect, so that a test sees whether it is taken back.
        if event.id in self.poison:
            raise Poisoned(event.data)

    async def seen(self, work: Work) -> dict[UUID, list[int]]:
        """The numbers of the events that took effect, in order, by aggregate."""
        prefix = f"{self.consumer.name}:"
        query = select(StoredValue).where(col(StoredValue.key).startswith(prefix))
        async with work.read() as uow:
            return {
                UUID(note.key.removeprefix(prefix)): [int(seq) for seq in note.value.split()]
                for note in await uow.session.scalars(query)
            }
