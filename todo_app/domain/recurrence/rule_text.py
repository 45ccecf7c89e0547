"""Rules as text: RFC 5545 §3.3.10 in and out, one rule per line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from todo_app.domain.recurrence.rule import ByDay, Frequency, InvalidRule, Rule

WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

MAX_RULES = 24
_MAX_LENGTH = 4_000
_NUMBER = re.compile(r"[0-9]{1,9}")
_SIGNED = re.compile(r"([+-]?)([0-9]{1,3})")
_BY_DAY = re.compile(r"([+-]?)([0-9]{0,2})(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")
_MAX_NTH = 53


@dataclass(frozen=True, slots=True)
class _Range:
    """The numbers a part may hold, and whether it may count from the end."""

    least: int
    greatest: int
    from_end: bool = False


_RANGES = {
    "BYMONTH": _Range(1, 12),
    "BYWEEKNO": _Range(1, 53, from_end=True),
    "BYYEARDAY": _Range(1, 366, from_end=True),
    "BYMONTHDAY": _Range(1, 31, from_end=True),
    "BYHOUR": _Range(0, 23),
    "BYMINUTE": _Range(0, 59),
    "BYSECOND": _Range(0, 60),
    "BYSETPOS": _Range(1, 366, from_end=True),
}
_KNOWN_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", "X-WORKDAYS", *_RANGES}


def parse_rules(text: str) -> tuple[Rule, ...]:
    """The rules that a text holds, one per line.

    A leading ``RRULE:`` and a closing semicolon are accepted, as real calendars write them.

    Raises:
        InvalidRule: when there is none, or one that RFC 5545 does not allow.
    """
    if len(text) > _MAX_LENGTH:
        raise InvalidRule(f"A rule has at most {_MAX_LENGTH:,} characters.")
    lines = [line for line in (line.strip() for line in text.upper().splitlines()) if line]
    if not 1 <= len(lines) <= MAX_RULES:
        raise InvalidRule(f"Give between one and {MAX_RULES} rules.")
    return tuple(dict.fromkeys(_parse_rule(line.removeprefix("RRULE:")) for line in lines))


def format_rules(rules: Iterable[Rule]) -> str:
    """The rules as text, one per line; ``parse_rules`` reads it back."""
    return "\n".join(_format_rule(rule) for rule in rules)


def _parse_rule(line: str) -> Rule:
    parts = _split(line)
    if "FREQ" not in parts:
        raise InvalidRule("A rule needs a FREQ.")
    rule = Rule(
        freq=_frequency(parts["FREQ"]),
        interval=_positive(parts, "INTERVAL") or 1,
        count=_positive(parts, "COUNT"),
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        by_day=_by_day(parts["BYDAY"]) if "BYDAY" in parts else (),
        by_month=_numbers(parts, "BYMONTH"),
        by_week_no=_numbers(parts, "BYWEEKNO"),
        by_year_day=_numbers(parts, "BYYEARDAY"),
        by_month_day=_numbers(parts, "BYMONTHDAY"),
        by_hour=_numbers(parts, "BYHOUR"),
        by_minute=_numbers(parts, "BYMINUTE"),
        by_second=_numbers(parts, "BYSECOND"),
        by_set_pos=_numbers(parts, "BYSETPOS"),
        week_start=_weekday(parts["WKST"]) if "WKST" in parts else 0,
        workdays=parts.get("X-WORKDAYS") == "TRUE",
    )
    _refuse_contradictions(rule)
    return rule


def _split(line: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in line.removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        if name not in _KNOWN_PARTS or not equals:
            raise InvalidRule(f"“{part[:40]}” is no part of a rule.")
        if name in parts:
            raise InvalidRule(f"{name} stands twice in the rule.")
        parts[name] = value
    return parts


def _frequency(value: str) -> Frequency:
    try:
        return Frequency(value)
    except ValueError:
        raise InvalidRule(f"“{value[:40]}” is no frequency.") from None


def _positive(parts: dict[str, str], name: str) -> int | None:
    if name not in parts:
        return None
    if not _NUMBER.fullmatch(parts[name]) or int(parts[name]) == 0:
        raise InvalidRule(f"{name} must be a positive number.")
    return int(parts[name])


def _until(value: str) -> date | datetime:
    figures = _UNTIL.fullmatch(value)
    if figures is None:
        raise InvalidRule("UNTIL must be a date or a date with a time.")
    try:
        if figures[2] is None:
            return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC).date()
        moment = datetime.strptime(value[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidRule("UNTIL names a day or time that does not exist.") from None
    return moment if figures[3] else moment.replace(tzinfo=None)


def _by_day(value: str) -> tuple[ByDay, ...]:
    days: dict[ByDay, None] = {}
    for item in value.split(","):
        figures = _BY_DAY.fullmatch(item)
        if figures is None or (figures[1] and not figures[2]):
            raise InvalidRule(f"“{item[:40]}” is no weekday.")
        nth = int(figures[1] + figures[2]) if figures[2] else 0
        if figures[2] and not 1 <= abs(nth) <= _MAX_NTH:
            raise InvalidRule("A weekday is counted from 1 to 53.")
        days[ByDay(_weekday(figures[3]), nth)] = None
    return tuple(days)


def _weekday(value: str) -> int:
    if value not in WEEKDAY_CODES:
        raise InvalidRule(f"“{value[:40]}” is no weekday.")
    return WEEKDAY_CODES.index(value)


def _numbers(parts: dict[str, str], name: str) -> tuple[int, ...]:
    if name not in parts:
        return ()
    allowed = _RANGES[name]
    numbers: dict[int, None] = {}
    for item in parts[name].split(","):
        figures = _SIGNED.fullmatch(item)
        in_range = figures is not None and allowed.least <= int(figures[2]) <= allowed.greatest
        if not in_range or (item.startswith("-") and not allowed.from_end):
            raise InvalidRule(f"{name} holds numbers from {allowed.least} to {allowed.greatest} only.")
        numbers[int(item)] = None
    return tuple(numbers)


def _refuse_contradictions(rule: Rule) -> None:
    yearly, weekly = rule.freq is Frequency.YEARLY, rule.freq is Frequency.WEEKLY
    numbered = any(day.nth for day in rule.by_day)
    contradictions = (
        (rule.count and rule.until, "COUNT and UNTIL exclude each other."),
        (rule.by_week_no and not yearly, "BYWEEKNO belongs to yearly rules."),
        (
            rule.by_year_day and rule.freq in (Frequency.MONTHLY, Frequency.WEEKLY, Frequency.DAILY),
            "BYYEARDAY does not belong to daily, weekly or monthly rules.",
        ),
        (rule.by_month_day and weekly, "BYMONTHDAY does not belong to weekly rules."),
        (
            numbered and (rule.freq not in (Frequency.YEARLY, Frequency.MONTHLY) or rule.by_week_no),
            "Only monthly and yearly rules number their weekdays.",
        ),
        (
            rule.by_set_pos and not (rule.picks_days or rule.by_hour or rule.by_minute or rule.by_second),
            "BYSETPOS needs another BY part to pick from.",
        ),
        (
            rule.workdays and (rule.freq is not Frequency.DAILY or rule.picks_days or rule.by_set_pos),
            "X-WORKDAYS belongs to plain daily rules.",
        ),
    )
    for found, reason in contradictions:
        if found:
            raise InvalidRule(reason)


def _format_rule(rule: Rule) -> str:
    parts = [f"FREQ={rule.freq}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    lists: dict[str, Sequence[int | str]] = {
        "BYMONTH": rule.by_month,
        "BYWEEKNO": rule.by_week_no,
        "BYYEARDAY": rule.by_year_day,
        "BYMONTHDAY": rule.by_month_day,
        "BYDAY": [_format_by_day(day) for day in rule.by_day],
        "BYHOUR": rule.by_hour,
        "BYMINUTE": rule.by_minute,
        "BYSECOND": rule.by_second,
        "BYSETPOS": rule.by_set_pos,
    }
    parts += [f"{name}={','.join(map(str, values))}" for name, values in lists.items() if values]
    if rule.week_start:
        parts.append(f"WKST={WEEKDAY_CODES[rule.week_start]}")
    if rule.workdays:
        parts.append("X-WORKDAYS=TRUE")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={_format_until(rule.until)}")
    return ";".join(parts)


def _format_by_day(day: ByDay) -> str:
    return f"{day.nth or ''}{WEEKDAY_CODES[day.weekday]}"


def _format_until(until: date | datetime) -> str:
    if not isinstance(until, datetime):
        return f"{until:%Y%m%d}"
    return f"{until:%Y%m%dT%H%M%S}" + ("Z" if until.tzinfo is not None else "")
