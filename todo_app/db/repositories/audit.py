"""The sealed audit chains: appending to one, and reading all of them for verification."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import AuditContent, AuditHead, AuditRecord, InboxEntry, OutboxEvent, User
from todo_app.db.tables import table_of
from todo_app.domain.audit_chain import Link
from todo_app.domain.events import Event

_ROWS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class NewRecord:
    """An event with the link that seals it, to be added to a chain."""

    event: Event
    link: Link
    seal: str
    salt: str
    # The event in the form that the link's digest is of.
    envelope: str


@dataclass(frozen=True, slots=True)
class StoredHead:
    """The end of a chain as it is stated apart from the chain."""

    records: int
    last_seal: str
    seal: str


@dataclass(frozen=True, slots=True)
class StoredContent:
    """The content of a record as it is stored."""

    salt: str
    envelope: str
    aggregate_id: UUID
    command_id: UUID
    type: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record with everything that it must agree with, as far as that is there."""

    record: AuditRecord
    content: StoredContent | None
    head: StoredHead | None
    has_account: bool
    sent_envelope: str | None


class AuditRepository:
    """The chains of all users."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def heads(self, user_ids: Collection[UUID]) -> dict[UUID, AuditHead]:
        """The ends of some users' chains; in a transaction that writes they are locked.

        In the order of the ids, so that no two transactions wait for each other.
        """
        query = select(AuditHead).where(col(AuditHead.user_id).in_(user_ids)).order_by(col(AuditHead.user_id))
        return {head.user_id: head for head in await self._session.scalars(locked(self._session, query))}

    def start(self, head: AuditHead) -> None:
        """Begin the chain of a user."""
        self._session.add(head)

    async def accounts(self, user_ids: Collection[UUID]) -> set[UUID]:
        """Which users still exist, so that content may be kept.

        Should an account be deleted meanwhile, the foreign key of the content fails the transaction, and
        the next attempt sees it.
        """
        return set(await self._session.scalars(select(col(User.id)).where(col(User.id).in_(user_ids))))

    async def append(self, records: Sequence[NewRecord], *, with_content: Collection[UUID]) -> None:
        """Add records, with the content of those users alone."""
        await self._session.execute(insert(_RECORDS), [_record_row(each) for each in records])
        contents = [_content_row(each) for each in records if each.event.user_id in with_content]
        if contents:
            await self._session.execute(insert(_CONTENTS), contents)

    async def unpublished(self, *, limit: int) -> Sequence[AuditRecord]:
        """Records that outside systems have not been told of, in order per user, of some users."""
        behind = select(AuditHead).where(col(AuditHead.published) < col(AuditHead.records))
        some = behind.order_by(col(AuditHead.user_id)).limit(limit).subquery()
        query = (
            select(AuditRecord)
            .join(some, some.c.user_id == col(AuditRecord.user_id))
            .where(col(AuditRecord.position) > some.c.published)
            .order_by(col(AuditRecord.user_id), col(AuditRecord.position))
            .limit(limit)
        )
        return (await self._session.scalars(query)).all()

    async def note_published(self, positions: Mapping[UUID, int]) -> None:
        """Note up to which position outside systems have been told of each of some users' records."""
        if not positions:
            return
        further = (
            update(_HEADS)
            .where(_HEADS.c.user_id == bindparam("user"), _HEADS.c.published < bindparam("position"))
            .values(published=bindparam("position"))
        )
        # In the order in which those who seal lock them.
        rows = [{"user": user_id, "position": positions[user_id]} for user_id in sorted(positions)]
        await self._session.execute(further, rows)

    async def records(self) -> AsyncIterator[StoredRecord]:
        """Every record of every chain, chain by chain and in order, without holding them all in memory."""
        query = (
            select(AuditRecord, AuditContent, AuditHead, col(User.id), col(OutboxEvent.envelope))
            .outerjoin(
                AuditContent,
                (col(AuditContent.user_id) == col(AuditRecord.user_id))
                & (col(AuditContent.position) == col(AuditRecord.position)),
            )
            .outerjoin(AuditHead, col(AuditHead.user_id) == col(AuditRecord.user_id))
            .outerjoin(User, col(User.id) == col(AuditRecord.user_id))
            .outerjoin(OutboxEvent, col(OutboxEvent.id) == col(AuditRecord.event_id))
            .order_by(col(AuditRecord.user_id), col(AuditRecord.position))
            .execution_options(yield_per=_ROWS_AT_A_TIME)
        )
        async for record, content, head, account, envelope in await self._session.stream(query):
            yield StoredRecord(
                record, _stored_content(content), _stored_head(head), account is not None, envelope
            )

    async def heads_without_records(self) -> AsyncIterator[UUID]:
        """The users whose chain is stated to have records, but has none."""
        chain = exists().where(col(AuditRecord.user_id) == col(AuditHead.user_id))
        async for user_id in self._ids(select(col(AuditHead.user_id)).where(~chain)):
            yield user_id

    async def users_without_chain(self, consumer: str) -> AsyncIterator[UUID]:
        """The users who have neither records nor a head, though no event of theirs waits to be sealed."""
        chain = exists().where(col(AuditRecord.user_id) == col(User.id))
        head = exists().where(col(AuditHead.user_id) == col(User.id))
        waiting = exists().where(col(OutboxEvent.user_id) == col(User.id), ~_taken(consumer))
        async for user_id in self._ids(select(col(User.id)).where(~chain, ~head, ~waiting)):
            yield user_id

    async def contents_without_record(self) -> AsyncIterator[tuple[UUID, int]]:
        """Contents that no record seals, by user and position."""
        record = exists().where(
            col(AuditRecord.user_id) == col(AuditContent.user_id),
            col(AuditRecord.position) == col(AuditContent.position),
        )
        query = select(col(AuditContent.user_id), col(AuditContent.position)).where(~record)
        async for user_id, position in await self._session.stream(
            query.execution_options(yield_per=_ROWS_AT_A_TIME)
        ):
            yield user_id, position

    async def taken_without_record(self, consumer: str) -> AsyncIterator[tuple[UUID, UUID]]:
        """Events, by user and id, that the inbox says are sealed though no record is there."""
        record = exists().where(col(AuditRecord.event_id) == col(OutboxEvent.id))
        query = select(col(OutboxEvent.user_id), col(OutboxEvent.id)).where(
            ~record, _taken(consumer, col(InboxEntry.discarded).is_(False))
        )
        async for user_id, event_id in await self._session.stream(
            query.execution_options(yield_per=_ROWS_AT_A_TIME)
        ):
            yield user_id, event_id

    async def _ids(self, query: Select[UUID]) -> AsyncIterator[UUID]:
        query = query.execution_options(yield_per=_ROWS_AT_A_TIME)
        async for found in await self._session.stream_scalars(query):
            yield found


# The tables themselves, as for the outbox: every event passes here.
_RECORDS = table_of(AuditRecord)
_HEADS = table_of(AuditHead)
_CONTENTS = table_of(AuditContent)


def _record_row(record: NewRecord) -> dict[str, object]:
    return {
        "user_id": record.link.user_id,
        "position": record.link.position,
        "event_id": record.link.event_id,
        "content_digest": record.link.content_digest,
        "previous_seal": record.link.previous_seal,
        "seal": record.seal,
    }


def _content_row(record: NewRecord) -> dict[str, object]:
    return {
        "user_id": record.link.user_id,
        "position": record.link.position,
        "salt": record.salt,
        "aggregate_id": record.event.aggregate_id,
        "command_id": record.event.command_id,
        "type": record.event.type,
        "occurred_at": record.event.occurred_at,
        "envelope": record.envelope,
    }


def _taken(consumer: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        col(InboxEntry.event_id) == col(OutboxEvent.id), col(InboxEntry.consumer) == consumer, *conditions
    )


def _stored_content(content: AuditContent | None) -> StoredContent | None:
    if content is None:
        return None
    return StoredContent(
        salt=content.salt,
        envelope=content.envelope,
        aggregate_id=content.aggregate_id,
        command_id=content.command_id,
        type=content.type,
        occurred_at=content.occurred_at,
    )


def _stored_head(head: AuditHead | None) -> StoredHead | None:
    return None if head is None else StoredHead(head.records, head.last_seal, head.seal)
