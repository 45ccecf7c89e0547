"""``POST /recurrence/preview``: what a rule or a phrase comes to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.routers import v1_router
from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add import preview_phrase
from todo_app.domain.recurrence import Anchor, Preview, preview
from todo_app.services.moments import instant_of, wall_of, zone_of

COUNT_MAX = 100
_RULE_MAX, _PHRASE_MAX = 4_000, 500


class RuleToPreview(Body):
    """A rule of RFC 5545 that starts at ``start``, or a phrase that is read at ``start``."""

    rule: Text | None = Field(None, max_length=_RULE_MAX, examples=["FREQ=MONTHLY;BYMONTHDAY=1"])
    text: Text | None = Field(None, max_length=_PHRASE_MAX, examples=["every month on the 1st"])
    anchor: Literal["schedule", "completion"] = "schedule"
    start: Text | None = Field(None, max_length=40, examples=["2026-12-01T09:00", "2026-12-01"])
    timezone: Text | None = Field(None, max_length=64, examples=["Europe/Berlin"])
    count: int = Field(5, ge=1, le=COUNT_MAX)
    completed_at: Text | None = Field(None, max_length=40, examples=["2026-12-03T18:00:00Z"])


class PreviewAnswer(BaseModel):
    """The rule, its words, and when it occurs: dates for an all-day series, else times with their offset."""

    rule: str
    anchor: Literal["schedule", "completion"]
    text: str
    occurrences: list[str]


router = v1_router("recurrence")


@router.post("/recurrence/preview")
async def preview_a_rule(body: RuleToPreview, look: Look = READER) -> PreviewAnswer:
    async with look.read() as uow:
        zone, now = zone_of(body.timezone) or uow.identity.zone, uow.now
    found = _preview(body, zone, now)
    return PreviewAnswer(
        rule=found.rule,
        anchor=found.anchor.value,
        text=found.text,
        occurrences=[moment.isoformat() for moment in found.occurrences],
    )


def _preview(body: RuleToPreview, zone: ZoneInfo, now: datetime) -> Preview:
    if (body.rule is None) == (body.text is None):
        raise Invalid("rule", "Send either a rule or a text.")
    completed_at = (
        instant_of(body.completed_at, zone, field="completed_at") if body.completed_at is not None else None
    )
    start = _start(body, zone, now)
    if body.text is not None:
        if body.anchor != "schedule":
            raise Invalid("anchor", "A text says by itself whether it counts from completion: “every!”.")
        return preview_phrase(
            body.text, start=start, timezone=zone, count=body.count, completed_at=completed_at
        )
    return preview(
        body.rule or "",
        start=start,
        timezone=zone,
        count=body.count,
        anchor=Anchor(body.anchor),
        completed_at=completed_at,
    )


def _start(body: RuleToPreview, zone: ZoneInfo, now: datetime) -> date | datetime:
    """A date, or a wall clock in the zone; by default now, or today for a rule."""
    if body.start is None:
        local = now.astimezone(zone).replace(tzinfo=None, fold=0)
        return local if body.text is not None else local.date()
    start = wall_of(body.start, field="start")
    if isinstance(start, datetime) and start.tzinfo is not None:
        return start.astimezone(zone).replace(tzinfo=None)
    return start
