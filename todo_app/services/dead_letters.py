"""Dead letters: looking at events that a consumer could not process, trying them again, giving them up."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from todo_app.db.models import DeadLetter
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NotFound

PAGE = 100


async def letters(uow: UnitOfWork, *, consumer: str | None = None, limit: int = PAGE) -> Sequence[DeadLetter]:
    """The oldest dead letters, of one consumer or of all."""
    return await uow.dead_letters.page(consumer=consumer, limit=limit)


async def show(uow: UnitOfWork, letter_id: UUID) -> DeadLetter:
    """One dead letter.

    Raises:
        NotFound: when there is none with this id.
    """
    letter = await uow.dead_letters.find(letter_id)
    if letter is None:
        raise NotFound("dead letter")
    return letter


async def replay(uow: UnitOfWork, letter_id: UUID) -> DeadLetter:
    """Send an event out again, and those that wait behind it; what fails again comes back as a dead letter.

    Raises:
        NotFound: when there is none with this id.
    """
    letter = await show(uow, letter_id)
    await uow.dead_letters.remove(letter)
    await uow.outbox.republish_aggregate(letter.aggregate_id)
    return letter


async def discard(uow: UnitOfWork, letter_id: UUID) -> DeadLetter:
    """Give an event up at its consumer for good, so that those that wait behind it go on.

    Raises:
        NotFound: when there is none with this id.
    """
    letter = await show(uow, letter_id)
    await uow.dead_letters.remove(letter)
    await uow.inbox.discard(letter.consumer, letter.event_id, now=uow.now)
    await uow.outbox.republish_aggregate(letter.aggregate_id)
    return letter
