"""``/settings``: a person's time zone, and how they want to be told of things."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import time
from typing import Any

from fastapi import Response
from pydantic import Field
from typing_extensions import TypedDict

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.commands import ADMIN_WRITER, Answer, Command, answer_json
from todo_app.api.v1.routers import v1_router
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.services import accounts, notification_preferences

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CLOCKS = ("all_day_at", "digest_at", "quiet_from", "quiet_until")


class SettingsDocument(TypedDict):
    """The settings of a person; clocks are on the wall of their zone."""

    email: str
    timezone: str
    default_reminder_minutes: int | None
    all_day_at: str
    overdue_notice: bool
    digest_at: str | None
    quiet_from: str | None
    quiet_until: str | None


class SettingsFields(Body):
    """What is to change; what is left out stays as it is."""

    timezone: Text = Field("UTC", max_length=64, examples=["Europe/Berlin"])
    default_reminder_minutes: int | None = Field(None, description="0, 10, 30, 60, 1440, or null for none.")
    all_day_at: Text = Field("09:00", max_length=5, description="What stands for the time of all-day dates.")
    overdue_notice: bool = False
    digest_at: Text | None = Field(None, max_length=5, examples=["07:30"])
    quiet_from: Text | None = Field(None, max_length=5, examples=["22:00"])
    quiet_until: Text | None = Field(None, max_length=5, examples=["07:00"])

    def chosen(self) -> dict[str, Any]:
        """The preferences that were sent.

        Raises:
            Invalid: when a clock is none.
        """
        sent = self.model_dump(exclude_unset=True, exclude={"timezone"})
        return {name: _clock(name, value) if name in _CLOCKS else value for name, value in sent.items()}


router = v1_router("settings")


@router.get("/settings", response_model=SettingsDocument)
async def read_settings(look: Look = READER) -> Response:
    async with look.read() as uow:
        return answer_json(await _document(uow))


@router.patch("/settings", response_model=SettingsDocument)
async def change_settings(body: SettingsFields, command: Command = ADMIN_WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        if "timezone" in body.model_fields_set and body.timezone != uow.identity.timezone:
            await accounts.change_timezone(uow, body.timezone)
        if chosen := body.chosen():
            wanted = replace(await notification_preferences.preferences(uow), **chosen)
            await notification_preferences.change(uow, wanted)
        await uow.flush()
        return Answer(await _document(uow))

    return await command.run(act)


async def _document(uow: UnitOfWork) -> SettingsDocument:
    preferences = asdict(await notification_preferences.preferences(uow))
    clocks = {name: f"{preferences[name]:%H:%M}" if preferences[name] else None for name in _CLOCKS}
    return SettingsDocument(
        **{**preferences, **clocks, "email": uow.identity.email, "timezone": uow.identity.timezone}  # type: ignore[typeddict-item]  # as many
    )


def _clock(name: str, text: str | None) -> time | None:
    if text is None:
        return None
    if not _CLOCK.fullmatch(text):
        raise Invalid(name, "Write a time as 09:00.")
    return time.fromisoformat(text)
