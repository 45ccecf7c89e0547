"""Effects that the web app makes, asked for through the sidecars (Dapr service invocation)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from dapr.clients.exceptions import DaprHttpError
from pydantic import BaseModel, ConfigDict

from todo_app.domain.events import Event
from todo_app.events.consumers import Judgement
from todo_app.events.envelope import to_cloud_event
from todo_app.events.lanes import Unreachable
from todo_app.invocation.port import EffectFailed
from todo_app.sidecar import Sidecar, SidecarUnavailable

WEB = "todo-web"
DEADLINE = timedelta(seconds=10)


class Outcome(BaseModel):
    """What became of events, by id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ready: list[UUID]
    early: list[UUID]
    over: list[UUID]


class DaprInvocation:
    """Implements `Invocation` by the route ``/events/effects/{consumer}`` of the web app."""

    def __init__(self, sidecar: Sidecar) -> None:
        self._sidecar = sidecar

    async def execute(self, consumer: str, events: Sequence[Event]) -> Judgement:
        """Let delivered events take effect, all of them or none, and say what became of them.

        Raises:
            KeyError: when nobody knows the consumer.
            EffectFailed: when the effect of one of them can't be made.
            Unreachable: when the sidecar, the web app or its database is away.
        """
        body = f"[{','.join(map(to_cloud_event, events))}]"
        try:
            async with self._sidecar.invoking(DEADLINE) as client:
                answer = await client.invoke_method_async(
                    WEB,
                    f"events/effects/{consumer}",
                    body,
                    content_type="application/cloudevents-batch+json",
                    http_verb="POST",
                )
        except SidecarUnavailable as error:
            raise Unreachable(str(error)) from error
        except DaprHttpError as error:
            raise _meaning(error, consumer) from error
        outcome = Outcome.model_validate_json(answer.data)
        by_id = {event.id: event for event in events}
        return Judgement(
            ready=[by_id[each] for each in outcome.ready],
            early=[by_id[each] for each in outcome.early],
            over=[by_id[each] for each in outcome.over],
        )


def _meaning(error: DaprHttpError, consumer: str) -> Exception:
    match error.status_code:
        case HTTPStatus.UNPROCESSABLE_ENTITY:
            return EffectFailed(str(error))
        case HTTPStatus.NOT_FOUND:
            return KeyError(consumer)
        case _:
            return Unreachable(str(error))
