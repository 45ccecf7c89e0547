"""The audit worker: seals every event into the chain of its user."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from uuid import UUID

from todo_app.db.models import AuditContent, AuditHead, AuditRecord
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.audit_chain import START, Link, canonical, content_digest, head_seal, same, seal
from todo_app.domain.events import Event, event_types
from todo_app.events.consumers import Afterwards, Consumer
from todo_app.events.sealed import Sealed, sealed
from todo_app.events.supervisor import Loop
from todo_app.events.updates import CantPublish
from todo_app.services.audit import SEALER

BATCH = 200
LOOK_EVERY_SECONDS = 5.0

# Hands over a batch and returns those that could not be.
Publish = Callable[[Sequence[Sealed]], Awaitable[Sequence[Sealed]]]


class WrongKey(Exception):
    """The end of a chain was not sealed with our key: the key is another one, or somebody changed the end."""


def audit_consumer(key: bytes, *, afterwards: Afterwards) -> Consumer:
    """The consumer that keeps the audit chains, sealed with this key."""

    async def handle(uow: UnitOfWork, event: Event) -> None:
        await append(uow, event, key=key)

    return Consumer(name=SEALER, types=frozenset(event_types()), handle=handle, afterwards=afterwards)


async def append(uow: UnitOfWork, event: Event, *, key: bytes) -> None:
    """Seal an event as the next record of its user's chain.

    The content of a user who has deleted the account meanwhile is not kept; the record is.

    Raises:
        WrongKey: rather than go on with a chain that would never verify.
    """
    head = await _head(uow, event, key=key)
    salt, envelope = secrets.token_hex(16), canonical(event)
    link = Link(
        user_id=event.user_id,
        position=head.records + 1,
        event_id=event.id,
        content_digest=content_digest(salt, envelope),
        previous_seal=head.last_seal,
    )
    record = AuditRecord(
        user_id=link.user_id,
        position=link.position,
        event_id=link.event_id,
        content_digest=link.content_digest,
        previous_seal=link.previous_seal,
        seal=seal(key, link),
    )
    content = AuditContent(
        user_id=link.user_id,
        position=link.position,
        salt=salt,
        aggregate_id=event.aggregate_id,
        command_id=event.command_id,
        type=event.type,
        occurred_at=event.occurred_at,
        envelope=envelope,
    )
    uow.audit.append(record, content if await uow.audit.has_account(event.user_id) else None)
    head.records, head.last_seal = record.position, record.seal
    head.seal = head_seal(key, user_id=event.user_id, records=head.records, last_seal=head.last_seal)


async def _head(uow: UnitOfWork, event: Event, *, key: bytes) -> AuditHead:
    head = await uow.audit.head(event.user_id)
    if head is None:
        head = AuditHead(user_id=event.user_id, records=0, last_seal=START, seal="")
        uow.audit.start(head)
    elif not same(head.seal, _expected(head, key)):
        raise WrongKey(f"the audit chain of user {event.user_id} does not end with a seal of this key")
    return head


def _expected(head: AuditHead, key: bytes) -> str:
    return head_seal(key, user_id=head.user_id, records=head.records, last_seal=head.last_seal)


class AuditPublisher:
    """Tells outside systems of every record at least once, in order per user; none is lost."""

    def __init__(self, work: Work, publish: Publish) -> None:
        self.loop = Loop("audit publisher", self.step)
        self._work = work
        self._publish = publish

    async def step(self) -> float:
        """Publish one batch; the seconds until it is worth looking again.

        Raises:
            CantPublish: when some could not be; they are tried again.
        """
        async with self._work.read() as uow:
            records = await uow.audit.unpublished(limit=BATCH)
        if not records:
            return LOOK_EVERY_SECONDS
        failed = {each.id for each in await self._publish([sealed(record) for record in records])}
        ends = _ends(records, failed)
        for user_id, position in ends.items():
            # One at a time: whoever seals locks the ends of chains in the order of the events.
            async with self._work.follow_up() as uow:
                await uow.audit.note_published(user_id, position)
        if failed:
            raise CantPublish(f"{len(failed)} audit records could not be published")
        return 0.0 if len(records) == BATCH else LOOK_EVERY_SECONDS


def _ends(records: Sequence[AuditRecord], failed: Collection[UUID]) -> dict[UUID, int]:
    """Up to where each user's records are with the broker, without a gap."""
    ends: dict[UUID, int] = {}
    stuck: set[UUID] = set()
    for record in records:
        if sealed(record).id in failed:
            stuck.add(record.user_id)
        elif record.user_id not in stuck:
            ends[record.user_id] = record.position
    return ends
