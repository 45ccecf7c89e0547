"""Effects that are made by a function call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from todo_app.db.unit_of_work import Work
from todo_app.domain.events import Event
from todo_app.events.consumers import Consumer, Judgement, process
from todo_app.events.lanes import NOT_THE_EVENT, Unreachable
from todo_app.invocation.port import EffectFailed


class LocalInvocation:
    """Implements `Invocation` in this process."""

    def __init__(self, work: Work, consumers: Iterable[Consumer]) -> None:
        self._work = work
        self._consumers = {consumer.name: consumer for consumer in consumers}

    async def execute(self, consumer: str, events: Sequence[Event]) -> Judgement:
        """Let delivered events take effect, all of them or none, and say what became of them.

        Raises:
            KeyError: when nobody knows the consumer.
            EffectFailed: when the effect of one of them can't be made.
            Unreachable: when the database is away.
        """
        wanted = self._consumers[consumer]
        try:
            return await process(self._work, wanted, events)
        except NOT_THE_EVENT as error:
            raise Unreachable(str(error)) from error
        except Exception as error:
            raise EffectFailed(f"{type(error).__name__}: {error}") from error
