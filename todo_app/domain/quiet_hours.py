"""Quiet hours: a stretch of every day in which nobody is disturbed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(
    now: datetime, *, quiet_from: time | None, until: time | None, zone: ZoneInfo
) -> datetime | None:
    """When the quiet hours that an instant lies in are over; ``None`` when it lies in none.

    They are on the wall clock of ``zone`` and may go past midnight. An end that a change of the clocks
    skips comes as much later; one that comes twice is the second.
    """
    if quiet_from is None or until is None or quiet_from == until:
        return None
    local = now.astimezone(zone)
    clock = local.time()
    over_midnight = quiet_from > until
    is_quiet = clock >= quiet_from or clock < until if over_midnight else quiet_from <= clock < until
    if not is_quiet:
        return None
    ends_on = local.date() + timedelta(days=1) if clock >= until else local.date()
    return _instant(ends_on, until, zone)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    first, second = (datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return max(first, second)
