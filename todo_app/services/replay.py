"""Replaying events to one consumer, after it was mended or what it had made was lost."""

from __future__ import annotations

from datetime import datetime

from todo_app.db.repositories.outbox import Subscription
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.services.audit import SEALER


async def replay(uow: UnitOfWork, subscription: Subscription, *, start: datetime, end: datetime) -> int:
    """Let a consumer deal once more with the events of a time range; ``end`` is exclusive. How many.

    Events are kept for 30 days. The other consumers do nothing with what they have seen. Effects whose
    traces are still there are not made twice: occurrences and notifications have ids made from what they
    are, and reminders are planned anew.

    Raises:
        Invalid: when the range is empty, or the consumer's effect can't be made anew.
    """
    if start >= end:
        raise Invalid("from", "The range is empty: --from must be before --to.")
    if subscription.consumer == SEALER:
        raise Invalid("consumer", "The audit log is never written twice; `audit verify` checks it.")
    return await uow.outbox.replay(subscription, start=start, end=end)
