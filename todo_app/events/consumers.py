"""Consumers: each event takes effect once, after its predecessors, in one transaction with its inbox row."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from uuid6 import uuid7

from todo_app.db.models import DeadLetter
from todo_app.db.repositories.inbox import UndoneEvent
from todo_app.db.repositories.outbox import StoredEvent, Subscription
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.events import Event

logger = logging.getLogger(__name__)

Handler = Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]
Afterwards = Callable[[Sequence[Event]], None]

_ERROR_LENGTH = 2_000


def _nothing(_: Sequence[Event]) -> None:
    """What most consumers do after a commit."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """Somebody who acts on events.

    ``handle`` makes the effects of events, in their order, in the unit of work that it is given and does not
    commit. ``afterwards`` is told of the events whose effects have been committed; it must not block, and
    may be skipped when the process dies.
    """

    name: str
    types: frozenset[str]
    handle: Handler
    afterwards: Afterwards = _nothing
    # Those of the types that matter only of people who had a webhook when it happened. Nothing is written
    # of the others' events, so that they cost next to nothing.
    webhook_types: frozenset[str] = frozenset()

    @property
    def subscription(self) -> Subscription:
        """What the database needs to know about this consumer."""
        return Subscription(self.name, self.types - self.webhook_types, self.webhook_types)


def one_by_one(handle: Callable[[UnitOfWork, Event], Awaitable[None]]) -> Handler:
    """A handler that makes each event's effect by itself."""

    async def handle_each(uow: UnitOfWork, events: Sequence[Event]) -> None:
        for event in events:
            await handle(uow.part(), event)

    return handle_each


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to become of delivered events, according to the database.

    ``ready`` ones may take effect now, in this order. ``early`` ones wait for a predecessor. ``over``
    ones have taken effect already, are unknown to the outbox (because the account was deleted), or lie in
    the dead letters or behind one: they are dropped here.
    """

    ready: list[Event] = field(default_factory=list)
    early: list[Event] = field(default_factory=list)
    over: list[Event] = field(default_factory=list)


def judge(events: Iterable[Event], undone: Iterable[UndoneEvent]) -> Judgement:
    """Compare delivered events with what is still to be done for their aggregates, in order per aggregate."""
    waiting: dict[UUID, list[UndoneEvent]] = {}
    for entry in undone:
        waiting.setdefault(entry.aggregate_id, []).append(entry)
    judgement = Judgement()
    for event in _in_order(events):
        queue = waiting.get(event.aggregate_id, [])
        if all(entry.id != event.id for entry in queue) or queue[0].dead:
            judgement.over.append(event)
        elif queue[0].id != event.id:
            judgement.early.append(event)
        else:
            queue.pop(0)
            judgement.ready.append(event)
    return judgement


def _in_order(events: Iterable[Event]) -> list[Event]:
    """As they came, except that each aggregate's events are in their own order; duplicates are gone."""
    came = list({event.id: event for event in events}.values())
    of_aggregate: dict[UUID, list[Event]] = {}
    for event in sorted(came, key=lambda event: event.seq, reverse=True):
        of_aggregate.setdefault(event.aggregate_id, []).append(event)
    return [of_aggregate[event.aggregate_id].pop() for event in came]


async def process(work: Work, consumer: Consumer, events: Sequence[Event]) -> Judgement:
    """Let delivered events take effect, all of them or none.

    Raises:
        Exception: whatever the handler raises; nothing has happened then.
    """
    async with work.follow_up() as uow:
        aggregates = {event.aggregate_id for event in events}
        judgement = judge(events, await uow.inbox.undone(consumer.subscription, aggregates))
        taken = await uow.inbox.take(consumer.name, [event.id for event in judgement.ready], now=uow.now)
        done = [event for event in judgement.ready if event.id in taken]
        if not done:
            return judgement
        await consumer.handle(uow, done)
    consumer.afterwards(done)
    return judgement


async def bury(work: Work, consumer: str, event: StoredEvent, *, error: Exception, attempts: int) -> None:
    """Put an event into the dead letters of a consumer, where it blocks the later ones of its aggregate."""
    logger.error(
        "%s gives up on event %s (%s) after %d attempts: %r", consumer, event.id, event.type, attempts, error
    )
    async with work.follow_up() as uow:
        if await uow.dead_letters.of_event(consumer, event.id) is None:
            uow.dead_letters.add(
                DeadLetter(
                    id=uuid7(),
                    consumer=consumer,
                    event_id=event.id,
                    user_id=event.user_id,
                    aggregate_id=event.aggregate_id,
                    type=event.type,
                    envelope=event.envelope,
                    error=f"{type(error).__name__}: {error}"[:_ERROR_LENGTH],
                    attempts=attempts,
                    failed_at=uow.now,
                )
            )
