"""Notices on their way between processes: what one knows, every web process hears (`task-updates`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict

from todo_app.domain.events import Event
from todo_app.events.envelope import SOURCE
from todo_app.events.notices import Notice, Notices, notices_of
from todo_app.events.supervisor import Loop

# Of one notice; one without ids is news to everybody.
_IDS_MAX = 500
_IDLE_SECONDS = 3600.0


class UpdateKind(StrEnum):
    """What a page has to read anew."""

    CHANGED = "changed"
    HISTORY = "history"
    TOLD = "told"


class UpdateData(BaseModel):
    """Which things of a user changed, by id and event type; of notifications, only that they did."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: UpdateKind
    event_ids: frozenset[UUID] = frozenset()
    aggregate_ids: frozenset[UUID] = frozenset()
    types: frozenset[str] = frozenset()
    command_ids: frozenset[UUID] = frozenset()


class Update(BaseModel):
    """A notice as a CloudEvent 1.0; brokers add attributes, which are not ours to refuse."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str = SOURCE
    type: Literal["updates.noticed"] = "updates.noticed"
    subject: UUID
    datacontenttype: Literal["application/json"] = "application/json"
    data: UpdateData


# Hands over a batch and returns those that could not be.
Publish = Callable[[Sequence[Update]], Awaitable[Sequence[Update]]]


class UpdatePublisher:
    """Gathers notices and publishes them, those of one kind and user as one.

    What can't be published stays until it can; what a process that dies had gathered is lost, and the
    pages see it at the next change or look by themselves.
    """

    def __init__(self, publish: Publish) -> None:
        self.loop = Loop("updates", self.step)
        self._publish = publish
        self._waiting: dict[tuple[UUID, UpdateKind], UpdateData] = {}

    def changed(self, events: Iterable[Event]) -> None:
        """These events are committed."""
        self._add_notices(notices_of(events), UpdateKind.CHANGED)

    def history(self, events: Iterable[Event]) -> None:
        """These events are in the activity list now."""
        self._add_notices(notices_of(events), UpdateKind.HISTORY)

    def told(self, user_id: UUID) -> None:
        """The notifications of a user are other ones now."""
        self._add(user_id, UpdateData(kind=UpdateKind.TOLD))

    async def step(self) -> float:
        """Publish what has been gathered.

        Raises:
            CantPublish: when some of it could not be; it stays.
        """
        waiting, self._waiting = self._waiting, {}
        updates = [Update(id=uuid4(), subject=user_id, data=data) for (user_id, _), data in waiting.items()]
        left = await self._publish(updates) if updates else []
        for update in left:
            self._add(update.subject, update.data)
        if left:
            raise CantPublish(f"{len(left)} of {len(updates)} updates could not be published")
        return 0.0 if self._waiting else _IDLE_SECONDS

    def _add_notices(self, notices: Iterable[Notice], kind: UpdateKind) -> None:
        for notice in notices:
            data = UpdateData(
                kind=kind,
                event_ids=notice.event_ids,
                aggregate_ids=notice.aggregate_ids,
                types=notice.types,
                command_ids=notice.command_ids,
            )
            self._add(notice.user_id, data)

    def _add(self, user_id: UUID, data: UpdateData) -> None:
        earlier = self._waiting.get((user_id, data.kind))
        self._waiting[user_id, data.kind] = _merged(earlier, data) if earlier else data
        self.loop.wake.set()


class CantPublish(Exception):
    """The broker or the sidecar is away."""


def announce(update: Update, notices: Notices) -> None:
    """Tell this process what another one, or itself, has published."""
    if update.data.kind is UpdateKind.TOLD:
        notices.announce_told_from_elsewhere(update.subject)
        return
    notice = Notice(
        user_id=update.subject,
        event_ids=update.data.event_ids,
        aggregate_ids=update.data.aggregate_ids,
        types=update.data.types,
        command_ids=update.data.command_ids,
    )
    if update.data.kind is UpdateKind.CHANGED:
        notices.announce_from_elsewhere(notice)
    else:
        notices.announce_activity_from_elsewhere(notice)


def _merged(earlier: UpdateData, later: UpdateData) -> UpdateData:
    return UpdateData(
        kind=later.kind,
        event_ids=_some(earlier.event_ids | later.event_ids),
        aggregate_ids=_some(earlier.aggregate_ids | later.aggregate_ids),
        types=earlier.types | later.types,
        command_ids=_some(earlier.command_ids | later.command_ids),
    )


def _some(ids: frozenset[UUID]) -> frozenset[UUID]:
    return ids if len(ids) <= _IDS_MAX else frozenset()
