"""How a person wants to be told: default reminder, overdue notice, daily digest, quiet hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from todo_app.db.models import User
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, Unauthenticated
from todo_app.domain.events import AccountUpdated
from todo_app.services.accounts import record_change

# What can be chosen as the default reminder: minutes before the due date, or none.
DEFAULT_REMINDERS = (None, 0, 10, 30, 60, 1_440)


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of one person."""

    default_reminder_minutes: int | None = None
    all_day_at: time = time(9)
    overdue_notice: bool = False
    digest_at: time | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None


async def preferences(uow: UnitOfWork) -> Preferences:
    """What the person has chosen; the defaults where they never said."""
    stored = await uow.notifications.preferences()
    return Preferences(
        default_reminder_minutes=uow.identity.default_reminder_minutes,
        all_day_at=stored.all_day_at,
        overdue_notice=stored.overdue_notice,
        digest_at=stored.digest_at,
        quiet_from=stored.quiet_from,
        quiet_until=stored.quiet_until,
    )


async def change(uow: UnitOfWork, wanted: Preferences) -> None:
    """Store what the person has chosen.

    Raises:
        Invalid: when a choice can't be so.
    """
    _check(wanted)
    if await preferences(uow) == wanted:
        return
    user, stored = await _myself(uow), await uow.notifications.preferences()
    if wanted.overdue_notice and not stored.overdue_notice:
        # What was overdue before is no news.
        stored.overdue_told_until = None
    user.default_reminder_minutes = wanted.default_reminder_minutes
    uow.identity = replace(uow.identity, default_reminder_minutes=wanted.default_reminder_minutes)
    stored.all_day_at = wanted.all_day_at
    stored.overdue_notice = wanted.overdue_notice
    stored.digest_at = wanted.digest_at
    stored.quiet_from = wanted.quiet_from
    stored.quiet_until = wanted.quiet_until
    stored.version += 1
    uow.notifications.keep(stored)
    await record_change(uow, AccountUpdated(what="notifications"))


async def _myself(uow: UnitOfWork) -> User:
    user = await uow.accounts.by_id(uow.user_id)
    if user is None:
        raise Unauthenticated
    return user


def _check(wanted: Preferences) -> None:
    if wanted.default_reminder_minutes not in DEFAULT_REMINDERS:
        raise Invalid("default_reminder", "Choose one of the listed reminders.")
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        raise Invalid("quiet", "Quiet hours need a beginning and an end.")
    if wanted.quiet_from is not None and wanted.quiet_from == wanted.quiet_until:
        raise Invalid("quiet", "Quiet hours must not begin when they end.")
