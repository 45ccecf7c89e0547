"""The app's own commands with a wiring of the tests: `python -m tests.distributed.torture.process COMMAND`.

What it does differently stands in a folder, so that the test changes it while the process runs:

- `armed/POINT=TYPE`: whoever next gets to this point with an event of this type dies there.
- `poison`: every effect of events about something with a poisoned title fails.
- `backwards`: batches of the relay are gathered for a moment, and go out in the wrong order.
- `patient`: a failed effect is tried again late, from the start of the process on.
- `without`: the safeguard that is left out, from the start of the process on.

What has failed on purpose is noted in `failed`, by the consumer's name.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from uuid import UUID

from todo_app.cli import main
from todo_app.db.repositories.inbox import InboxRepository, UndoneEvent
from todo_app.db.repositories.outbox import StoredEvent
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.events import Event
from todo_app.domain.identity import Caller
from todo_app.events import consumers, lanes, sweeper
from todo_app.events.consumers import Judgement
from todo_app.events.dapr import DaprBus
from todo_app.events.lanes import Lane, Retries
from todo_app.events.relay import Relay
from todo_app.events.sweeper import Sweeper

FOLDER: Final = "TORTURE_FOLDER"
AFTER_COMMIT: Final = "after commit"
AFTER_PUBLISH: Final = "after publish"
AFTER_EFFECT: Final = "after effect"
POINTS: Final = (AFTER_COMMIT, AFTER_PUBLISH, AFTER_EFFECT)
POISONED: Final = "Poisoned"
_KILLED = 137
_GATHER_SECONDS = 1.0


class Poisoned(Exception):
    """The test wants an effect to fail."""


class Orders:
    """What the test wants of the processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pass_point(self, point: str, types: Iterable[str]) -> None:
        """Die here, as `kill -9` would have it, if that is wanted; the first one to take the order does."""
        for each in dict.fromkeys(types):
            order = f"{point}={each}"
            with contextlib.suppress(FileNotFoundError):
                (self._folder / "armed" / order).rename(self._folder / "hit" / f"{order}={os.getpid()}")
                os._exit(_KILLED)

    def fail(self, consumer: str, events: Sequence[Event]) -> None:
        """Fail if one of the events is poisoned.

        Raises:
            Poisoned: when one is.
        """
        titles = (str(getattr(event.data, "title", "")) for event in events)
        if (self._folder / "poison").exists() and any(title.startswith(POISONED) for title in titles):
            with (self._folder / "failed").open("a", encoding="ascii") as failed:
                failed.write(f"{consumer}\n")
            raise Poisoned

    @property
    def retries(self) -> Retries:
        """When to try again what has failed."""
        return Retries((0.2, 6.0)) if (self._folder / "patient").exists() else Retries((0.1, 0.5))

    @property
    def backwards(self) -> bool:
        """Whether events are to go out in the wrong order."""
        return (self._folder / "backwards").exists()

    @property
    def without(self) -> str:
        """The safeguard that is left out; empty when none is."""
        file = self._folder / "without"
        return file.read_text(encoding="ascii") if file.exists() else ""


def rewire(orders: Orders) -> None:
    """Put the failpoints in, and make what waits for minutes in the product wait for seconds."""
    for name in ("OVERDUE", "OLD_OVERDUE"):
        _replace(sweeper, name, timedelta(seconds=8))
    _replace(sweeper, "LOOK_EVERY_SECONDS", 4.0)
    _replace(lanes, "Retries", lambda: orders.retries)
    _die_after_commit(orders)
    _die_after_publish(orders)
    _die_after_effect(orders)
    _publish_backwards(orders)
    _LEAVE_OUT.get(orders.without, lambda _: None)(orders)


def _replace(module: ModuleType, name: str, value: object) -> None:
    if not hasattr(module, name):
        raise LookupError(f"{module.__name__} has no {name} any more")
    setattr(module, name, value)


def _die_after_commit(orders: Orders) -> None:
    initialise = Work.__init__

    @wraps(initialise)
    def with_listener(self: Work, *args: Any, **options: Any) -> None:
        initialise(self, *args, **options)
        # The first listener there is: nobody has heard of the commit yet.
        self.after_commit(lambda events: orders.pass_point(AFTER_COMMIT, (event.type for event in events)))

    Work.__init__ = with_listener  # type: ignore[method-assign]


def _die_after_publish(orders: Orders) -> None:
    mark = Relay._mark

    async def die_or_mark(self: Relay, claimed: Sequence[StoredEvent], held: Collection[UUID]) -> None:
        orders.pass_point(AFTER_PUBLISH, (entry.type for entry in claimed if entry.id not in held))
        await mark(self, claimed, held)

    Relay._mark = die_or_mark  # type: ignore[method-assign]


def _die_after_effect(orders: Orders) -> None:
    initialise = Lane.__init__

    @wraps(initialise)
    def with_failing_effects(self: Lane, *args: Any, **options: Any) -> None:
        initialise(self, *args, **options)
        execute = self._execute

        async def fail_or_execute(events: Sequence[Event]) -> Judgement:
            orders.fail(self.consumer.name, events)
            judgement = await execute(events)
            orders.pass_point(AFTER_EFFECT, (event.type for event in judgement.ready))
            return judgement

        self._execute = fail_or_execute

    Lane.__init__ = with_failing_effects  # type: ignore[method-assign]


def _publish_backwards(orders: Orders) -> None:
    publish_batch, publish = Relay.publish_batch, DaprBus.publish

    async def gather(self: Relay) -> Any:
        if orders.backwards:
            await asyncio.sleep(_GATHER_SECONDS)
        return await publish_batch(self)

    async def turn_round(self: DaprBus, events: Sequence[Event]) -> list[Event]:
        return await publish(self, events[::-1] if orders.backwards else events)

    Relay.publish_batch = gather  # type: ignore[method-assign]
    DaprBus.publish = turn_round  # type: ignore[method-assign]


def _without_inbox(_: Orders) -> None:
    """Effects are made without a note of it."""

    async def take(
        self: InboxRepository, consumer: str, event_ids: Collection[UUID], *, now: datetime
    ) -> set[UUID]:
        return set(event_ids)

    InboxRepository.take = take  # type: ignore[method-assign]


def _without_outbox(orders: Orders) -> None:
    """Events are written after the commit of what they tell of, in a transaction of their own."""

    @contextlib.asynccontextmanager
    async def write_twice(
        self: Work, caller: Caller | None, options: dict[str, bool]
    ) -> AsyncIterator[UnitOfWork]:
        async with self._one_writer, self._open(caller, options) as uow:
            await self._prolong_session(uow)
            yield uow
            await uow.flush()
            await uow.session.commit()
        orders.pass_point(AFTER_COMMIT, (event.type for event in uow.events))
        if uow.events:
            async with self._open(None, options) as after:
                await after.outbox.add(uow.events)
                await after.session.commit()
            for listener in self._after_commit:
                listener(uow.events)

    Work._write = write_twice  # type: ignore[method-assign]


def _without_sweeper(_: Orders) -> None:
    """What is lost on the way stays lost."""

    async def do_nothing(self: Sweeper, overdue: timedelta) -> int:
        return 0

    Sweeper.republish = do_nothing  # type: ignore[method-assign]


def _without_seq(_: Orders) -> None:
    """Events take effect in the order in which they come."""

    def in_any_order(events: Iterable[Event], undone: Iterable[UndoneEvent]) -> Judgement:
        open_ids = {entry.id for entry in undone}
        came = list({event.id: event for event in events}.values())
        return Judgement(
            ready=[event for event in came if event.id in open_ids],
            over=[event for event in came if event.id not in open_ids],
        )

    consumers.judge = in_any_order


_LEAVE_OUT: Final[dict[str, Callable[[Orders], None]]] = {
    "inbox": _without_inbox,
    "outbox": _without_outbox,
    "sweeper": _without_sweeper,
    "seq": _without_seq,
}


if __name__ == "__main__":
    rewire(Orders(Path(os.environ[FOLDER])))
    sys.exit(main())
