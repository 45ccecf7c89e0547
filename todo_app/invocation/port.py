"""What a worker that executes no commands itself asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from todo_app.domain.events import Event
from todo_app.events.consumers import Judgement


class EffectFailed(Exception):
    """A handler raised; the message says what, in its own words. Nothing has happened."""


class Invocation(Protocol):
    """Lets events take effect at a consumer, together with its inbox rows, wherever that is done."""

    async def execute(self, consumer: str, events: Sequence[Event]) -> Judgement:
        """Let delivered events take effect, all of them or none, and say what became of them.

        Raises:
            KeyError: when nobody knows the consumer.
            EffectFailed: when the effect of one of them can't be made.
            Unreachable: when nobody can make it now.
        """
