"""Thousands of random rules, each over ten years in one of five zones, as a plain look at every day has them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest

from tests.unit.recurrence.brute_force import walk
from todo_app.domain.recurrence import Recurrence, days, occurrences, parse_rules

SEEDS = range(20)
RULES_PER_SEED = 260
YEARS = 10
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Europe/Berlin")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _some(chance: random.Random, values: range, *, at_most: int, from_end: bool = False) -> str:
    chosen = chance.sample(values, min(len(values), chance.randint(1, at_most)))
    return ",".join(str(-value if from_end and chance.random() < 0.3 else value) for value in chosen)


def _weekdays(chance: random.Random, *, numbers: range | None = None) -> str:
    chosen = chance.sample(_WEEKDAYS, chance.randint(1, 4))
    if numbers is None:
        return ",".join(chosen)
    return ",".join(f"{chance.choice((1, -1)) * chance.choice(numbers)}{day}" for day in chosen)


def random_rule(chance: random.Random) -> str:
    """A rule that the standard allows, with the combinations that it defines."""
    freq = chance.choice(("YEARLY", "MONTHLY", "WEEKLY", "DAILY"))
    parts = {"FREQ": freq}
    if chance.random() < 0.5:
        parts["INTERVAL"] = str(chance.randint(2, 6))
    parts |= _picks(chance, freq)
    if chance.random() < 0.2:
        parts["BYHOUR"] = _some(chance, range(24), at_most=3)
    if chance.random() < 0.1:
        parts["BYMINUTE"] = _some(chance, range(60), at_most=2)
    if chance.random() < 0.3 and any(name.startswith("BY") for name in parts):
        parts["BYSETPOS"] = _some(chance, range(1, 6), at_most=2, from_end=True)
    if chance.random() < 0.3:
        parts["WKST"] = chance.choice(_WEEKDAYS)
    if chance.random() < 0.2:
        parts["COUNT"] = str(chance.randint(1, 60))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _picks(chance: random.Random, freq: str) -> dict[str, str]:
    kind = chance.random()
    months = {"BYMONTH": _some(chance, range(1, 13), at_most=4)} if chance.random() < 0.3 else {}
    if freq == "YEARLY" and kind < 0.2:
        days_too = {"BYDAY": _weekdays(chance)} if chance.random() < 0.7 else {}
        return {"BYWEEKNO": _some(chance, range(1, 54), at_most=3, from_end=True), **days_too}
    if freq == "YEARLY" and kind < 0.35:
        return {"BYYEARDAY": _some(chance, range(1, 367), at_most=4, from_end=True)}
    if freq == "WEEKLY":
        return months | ({"BYDAY": _weekdays(chance)} if kind < 0.7 else {})
    if kind < 0.5 and freq != "WEEKLY":
        numbers = {"MONTHLY": range(1, 6), "YEARLY": range(1, 53) if not months else range(1, 6)}.get(freq)
        return months | {"BYDAY": _weekdays(chance, numbers=numbers if chance.random() < 0.5 else None)}
    if kind < 0.8:
        days_too = {"BYDAY": _weekdays(chance)} if chance.random() < 0.3 else {}
        return months | {"BYMONTHDAY": _some(chance, range(1, 32), at_most=4, from_end=True), **days_too}
    return months


def _differences(seed: int) -> list[str]:
    """The rules of a seed on which the two disagree, with where."""
    chance = random.Random(seed)
    found = []
    for _ in range(RULES_PER_SEED):
        rule = random_rule(chance)
        start = datetime(  # noqa: DTZ001  # a wall clock
            *(2008 + chance.randrange(12), chance.randint(1, 12), chance.randint(1, 28)),
            *(chance.randrange(24), chance.choice((0, 15, 30, 45))),
        )
        zone = ZoneInfo(chance.choice(ZONES))
        until = date(start.year + YEARS, 1, 1)
        end = datetime(until.year, 1, 1, tzinfo=UTC)
        expected = [moment for moment in walk(rule, start, zone, until) if moment < end]
        seen = list(_until(rule, start, zone, end))
        if seen != expected:
            odd = sorted(set(seen) ^ set(expected))[:3]
            found.append(f"{rule} from {start} in {zone}: {[str(moment) for moment in odd]}")
    return found


def _until(rule: str, start: datetime, zone: ZoneInfo, end: datetime) -> list[datetime]:
    moments = occurrences(Recurrence(parse_rules(rule)), start=start, timezone=zone)
    instants = (moment.astimezone(UTC) for moment in moments if isinstance(moment, datetime))
    return list(takewhile(lambda instant: instant < end, instants))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_occurrences_of_ten_years_are_those_of_the_yardstick(seed: int) -> None:
    assert _differences(seed) == []


def test_the_yardstick_notices_a_wrong_evaluator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "_DAYS_OF_WEEK_IN_YEAR", 1)

    assert _differences(0) != []
