"""``/activity``, ``/audit`` and ``/stats``: what happened, in words, sealed, and counted."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel, Field
from typing_extensions import TypedDict

from todo_app.api.bodies import without_null
from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.commands import answer_json
from todo_app.api.v1.parameters import LIMIT, Cursor, Limit
from todo_app.api.v1.routers import v1_router
from todo_app.db.repositories.activity import AuditQuery, SealedEvent
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.activity_text import describe, subject_of
from todo_app.domain.errors import Invalid
from todo_app.domain.events import Event
from todo_app.services import statistics
from todo_app.services.cursors import cursor_of, number_place
from todo_app.services.moments import instant_of, wall_of
from todo_app.services.task_document import instant
from todo_app.services.undo import undoable

_ROWS_AT_A_TIME = 500
_MOMENT_MAX, _TYPE_MAX, _TYPES_MAX = 40, 50, 50
_COLUMNS = (
    "position",
    "occurred_at",
    "type",
    "actor_kind",
    "actor_name",
    "aggregate_id",
    "command_id",
    "event_id",
    "data",
    "content_digest",
    "seal",
)
# A spreadsheet would take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Text = Annotated[str, AfterValidator(without_null)]


class ActorDocument(TypedDict):
    """Who did it: a person, a worker, or an agent by the name of its token."""

    kind: str
    name: str


class ActivityDocument(TypedDict):
    """Something that happened; ``undo`` takes back the command it belongs to, as long as that is possible."""

    id: str
    type: str
    occurred_at: str
    actor: ActorDocument
    subject_id: str
    subject: str
    text: str
    undo: str | None


class ActivityPage(TypedDict):
    """A stretch of what happened, the newest first."""

    items: list[ActivityDocument]
    next_cursor: str | None


class AuditDocument(TypedDict):
    """An event with what seals it in the chain of the account."""

    position: int
    event_id: str
    type: str
    occurred_at: str
    actor: ActorDocument
    aggregate_id: str
    command_id: str
    data: dict[str, Any]
    content_digest: str
    seal: str


class AuditPage(TypedDict):
    """A stretch of the chain, the oldest first."""

    items: list[AuditDocument]
    next_cursor: str | None


class AuditParameters(BaseModel):
    """Which events, and in which form."""

    since: Text | None = Field(
        None, alias="from", max_length=_MOMENT_MAX, description="Since this day or moment, e.g. 2026-12-01."
    )
    until: Text | None = Field(
        None, alias="to", max_length=_MOMENT_MAX, description="Until this day, or before this moment."
    )
    type: list[Annotated[Text, Field(max_length=_TYPE_MAX)]] = Field(
        [], max_length=_TYPES_MAX, description="Types of events, e.g. task.completed."
    )
    format: Literal["json", "csv"] = Field("json", description="`csv` answers all rows at once.")
    limit: Limit = LIMIT
    cursor: Cursor = None

    def query(self, uow: UnitOfWork) -> AuditQuery:
        """What is asked for.

        Raises:
            Invalid: when a moment is none.
        """
        return AuditQuery(
            types=frozenset(self.type),
            since=_instant(uow, self.since, field="from", days=0),
            until=_instant(uow, self.until, field="to", days=1),
        )

    @property
    def fingerprint(self) -> str:
        """What its cursors belong to."""
        return f"audit {self.since} {self.until} {sorted(self.type)}"


class DayDocument(BaseModel):
    """What was done on one day; what was skipped is not completed."""

    date: date
    added: int
    completed: int
    skipped: int


class StatisticsDocument(BaseModel):
    """A stretch of days with their sums, on the calendar of a zone."""

    timezone: str
    added: int
    completed: int
    skipped: int
    days: list[DayDocument]


First = Annotated[Text | None, Query(alias="from", max_length=10, description="The first day.")]
Last = Annotated[Text | None, Query(alias="to", max_length=10, description="The last day; by default today.")]
TaskId = Annotated[UUID | None, Query(description="What happened to this task alone.")]


router = v1_router("history")


@router.get("/activity", response_model=ActivityPage)
async def list_activity(task: TaskId = None, cursor: Cursor = None, look: Look = READER) -> Response:
    query = f"activity of {task}"
    async with look.read() as uow:
        if task is not None:
            await uow.tasks.get(task)
        events, following = await uow.activity.page(aggregate_id=task, before=number_place(cursor, query))
        items = await _activities(uow, events)
    return answer_json(
        ActivityPage(items=items, next_cursor=cursor_of(query, following) if following is not None else None)
    )


@router.get("/audit", response_model=AuditPage, responses={200: {"content": {"text/csv": {}}}})
async def list_audit(asked: Annotated[AuditParameters, Query()], look: Look = READER) -> Response:
    start = number_place(asked.cursor, asked.fingerprint) or 0
    async with look.read() as uow:
        query = asked.query(uow)
        if asked.format == "json":
            found = await uow.activity.records(query, start=start, limit=asked.limit + 1)
            return answer_json(_audit_page(found, asked))
    rows = _lines(_rows(look, query, start))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/stats", response_model=StatisticsDocument)
async def count(first: First = None, last: Last = None, look: Look = READER) -> Response:
    async with look.read() as uow:
        days = await statistics.days(uow, first=_day(first, "from"), last=_day(last, "to"))
        zone = uow.identity.timezone
    sums = {name: sum(getattr(day, name) for day in days) for name in ("added", "completed", "skipped")}
    return answer_json(
        {
            "timezone": zone,
            **sums,
            "days": [{**asdict(day), "date": day.date.isoformat()} for day in days],
        }
    )


async def _activities(uow: UnitOfWork, events: list[Event]) -> list[ActivityDocument]:
    names = {str(tag.id): tag.name for tag in await uow.tags.all()}
    names |= {str(project.id): project.name for project in await uow.projects.all()}
    commands = await undoable(uow, events)
    return [
        ActivityDocument(
            id=str(event.id),
            type=event.type,
            occurred_at=instant(event.occurred_at) or "",
            actor=_actor(event),
            subject_id=str(event.aggregate_id),
            subject=subject_of(event),
            text=describe(event, names, uow.identity.zone),
            undo=str(event.command_id) if event.command_id in commands else None,
        )
        for event in events
    ]


def _audit_page(found: list[SealedEvent], asked: AuditParameters) -> AuditPage:
    following = None
    if len(found) > asked.limit:
        following = cursor_of(asked.fingerprint, found[asked.limit].position)
    return AuditPage(items=[_record(each) for each in found[: asked.limit]], next_cursor=following)


def _record(sealed: SealedEvent) -> AuditDocument:
    event = sealed.event
    return AuditDocument(
        position=sealed.position,
        event_id=str(event.id),
        type=event.type,
        occurred_at=instant(event.occurred_at) or "",
        actor=_actor(event),
        aggregate_id=str(event.aggregate_id),
        command_id=str(event.command_id),
        data=event.data.model_dump(mode="json", exclude={"type"}),
        content_digest=sealed.content_digest,
        seal=sealed.seal,
    )


def _actor(event: Event) -> ActorDocument:
    return ActorDocument(kind=event.actor.kind.value, name=event.actor.name)


async def _rows(look: Look, query: AuditQuery, start: int) -> AsyncIterator[SealedEvent]:
    """All rows, some at a time: a transaction is not kept open for a reader who takes their time."""
    while True:
        async with look.read() as uow:
            found = await uow.activity.records(query, start=start, limit=_ROWS_AT_A_TIME)
        for each in found:
            yield each
        if len(found) < _ROWS_AT_A_TIME:
            return
        start = found[-1].position + 1


async def _lines(rows: AsyncIterator[SealedEvent]) -> AsyncIterator[str]:
    yield _line(_COLUMNS)
    async for sealed in rows:
        record = _record(sealed)
        actor = record["actor"]
        cells = {
            **record,
            "actor_kind": actor["kind"],
            "actor_name": actor["name"],
            "data": json.dumps(record["data"], ensure_ascii=False),
        }
        yield _line(_cell(cells[name]) for name in _COLUMNS)


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _instant(uow: UnitOfWork, text: str | None, *, field: str, days: int) -> datetime | None:
    """An instant; a day is its beginning, or so many days after that."""
    if text is None:
        return None
    moment = wall_of(text, field=field)
    found = instant_of(text, uow.identity.zone, field=field)
    return found if isinstance(moment, datetime) else _later(uow, moment, days)


def _later(uow: UnitOfWork, day: date, days: int) -> datetime:
    later = day + timedelta(days=days)
    return datetime(later.year, later.month, later.day, tzinfo=uow.identity.zone)


def _day(text: str | None, field: str) -> date | None:
    if text is None:
        return None
    day = wall_of(text, field=field)
    if isinstance(day, datetime):
        raise Invalid(field, "Write a day as 2026-12-01.")
    return day
