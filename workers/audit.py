"""The audit worker: seals every event into the chain of its user."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from uuid import UUID

from todo_app.db.models import AuditHead
from todo_app.db.repositories.audit import NewRecord
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

    async def handle(uow: UnitOfWork, events: Sequence[Event]) -> None:
        await append(uow, events, key=key)

    return Consumer(
        name=SEALER,
        types=frozenset(event_types()),
        handle=handle,
        afterwards=afterwards,
    )


async def append(uow: UnitOfWork, events: Sequence[Event], *, key: bytes) -> None:
    """Seal events, in their order, as the next records of their users' chains.

    The content of a user who has deleted the account meanwhile is not kept; the record is.

    Raises:
        WrongKey: rather than go on with a chain that would never verify.
    """
    of_user: dict[UUID, list[Event]] = {}
    for event in events:
        of_user.setdefault(event.user_id, []).append(event)
    heads = await uow.audit.heads(of_user.keys())
    records: list[NewRecord] = []
    for user_id, own in of_user.items():
        head = heads.get(user_id) or _started(uow, user_id, key=key)
        _check(head, key=key)
        added = _sealed(own, position=head.records, last_seal=head.last_seal, key=key)
        head.records, head.last_seal = head.records + len(added), added[-1].seal
        head.seal = _expected(head, key)
        records += added
    await uow.audit.append(records, with_content=await uow.audit.accounts(of_user.keys()))


def _sealed(events: Sequence[Event], *, position: int, last_seal: str, key: bytes) -> list[NewRecord]:
    """The records of one user's events, which come after so many others."""
    records = []
    for place, event in enumerate(events, start=position + 1):
        salt, envelope = secrets.token_hex(16), canonical(event)
        link = Link(
            user_id=event.user_id,
            position=place,
            event_id=event.id,
            content_digest=content_digest(salt, envelope),
            previous_seal=last_seal,
        )
        last_seal = seal(key, link)
        records.append(NewRecord(event=event, link=link, seal=last_seal, salt=salt, envelope=envelope))
    return records


def _started(uow: UnitOfWork, user_id: UUID, *, key: bytes) -> AuditHead:
    head = AuditHead(user_id=user_id, records=0, last_seal=START, seal="")
    head.seal = _expected(head, key)
    uow.audit.start(head)
    return head


def _check(head: AuditHead, *, key: bytes) -> None:
    if not same(head.seal, _expected(head, key)):
        raise WrongKey(f"the audit chain of user {head.user_id} does not end with a seal of this key")


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
        told = [sealed(record) for record in records]
        failed = {each.id for each in await self._publish(told)}
        async with self._work.follow_up() as uow:
            await uow.audit.note_published(_ends(told, failed))
        if failed:
            raise CantPublish(f"{len(failed)} audit records could not be published")
        return 0.0 if len(records) == BATCH else LOOK_EVERY_SECONDS


def _ends(told: Sequence[Sealed], failed: Collection[UUID]) -> dict[UUID, int]:
    """Up to where each user's records are with the broker, without a gap."""
    ends: dict[UUID, int] = {}
    stuck: set[UUID] = set()
    for each in told:
        if each.id in failed:
            stuck.add(each.subject)
        elif each.subject not in stuck:
            ends[each.subject] = each.data.position
    return ends
