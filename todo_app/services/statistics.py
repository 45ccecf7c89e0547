"""How much somebody added and got done, day by day on the calendar of their zone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from todo_app.db.repositories.statistics import Deed
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.services.lists import today

DAYS, DAYS_MAX = 30, 366


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day; what was skipped is not completed."""

    date: date
    added: int
    completed: int
    skipped: int


async def days(uow: UnitOfWork, *, first: date | None, last: date | None) -> list[Day]:
    """Each day of a stretch, both ends included; by default the last ``DAYS`` up to today.

    Raises:
        Invalid: when the stretch ends before it begins, or is longer than ``DAYS_MAX`` days.
    """
    last = last or today(uow)
    first = first or last - timedelta(days=DAYS - 1)
    if first > last:
        raise Invalid("from", "The first day must not come after the last.")
    if (last - first).days >= DAYS_MAX:
        raise Invalid("from", f"At most {DAYS_MAX} days can be counted at once.")
    zone = uow.identity.zone
    since = datetime.combine(first, time(), zone)
    until = datetime.combine(last + timedelta(days=1), time(), zone)
    moments = await uow.statistics.moments(since=since, until=until)
    counts = Counter((each.at.astimezone(zone).date(), each.deed) for each in moments)
    stretch = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Day(day, *(counts[day, deed] for deed in (Deed.ADDED, Deed.COMPLETED, Deed.SKIPPED)))
        for day in stretch
    ]
