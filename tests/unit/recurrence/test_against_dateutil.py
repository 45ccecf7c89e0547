"""Where python-dateutil follows the standard, our own unrolling finds the same occurrences."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from todo_app.domain.recurrence import Recurrence, format_rules, occurrences, parse_rules

_UTC = ZoneInfo("UTC")
_COMPARED = 12
_FIRST_START = datetime(2024, 1, 1)  # noqa: DTZ001


def _numbers(least: int, greatest: int, *, from_end: bool = False) -> st.SearchStrategy[str]:
    number = st.integers(least, greatest)
    if from_end:
        number |= number.map(lambda value: -value)
    return st.lists(number, min_size=1, max_size=4, unique=True).map(
        lambda numbers: ",".join(map(str, numbers))
    )


_WEEKDAYS = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=5, unique=True
).map(",".join)
_NUMBERED = st.lists(
    st.tuples(st.sampled_from([-2, -1, 1, 2, 3, 4]), st.sampled_from(["MO", "WE", "SU"])).map(
        lambda pair: f"{pair[0]}{pair[1]}"
    ),
    min_size=1,
    max_size=3,
    unique=True,
).map(",".join)

# The parts of each frequency that python-dateutil treats as the standard does. Left out, because it does not:
# BYSETPOS in the first week, yearly BYMONTHDAY without BYMONTH, BYWEEKNO.
_PARTS = {
    "YEARLY": {"BYMONTH": _numbers(1, 12), "BYDAY": _WEEKDAYS | _NUMBERED, "BYHOUR": _numbers(0, 23)},
    "MONTHLY": {
        "BYMONTH": _numbers(1, 12),
        "BYMONTHDAY": _numbers(1, 31, from_end=True),
        "BYDAY": _WEEKDAYS | _NUMBERED,
        "BYHOUR": _numbers(0, 23),
    },
    "WEEKLY": {
        "BYMONTH": _numbers(1, 12),
        "BYDAY": _WEEKDAYS,
        "BYHOUR": _numbers(0, 23),
        "WKST": st.sampled_from(["MO", "SU", "WE"]),
    },
    "DAILY": {
        "BYMONTH": _numbers(1, 12),
        "BYMONTHDAY": _numbers(1, 31, from_end=True),
        "BYDAY": _WEEKDAYS,
        "BYHOUR": _numbers(0, 23),
        "BYMINUTE": _numbers(0, 59),
    },
    "HOURLY": {
        "BYMONTH": _numbers(1, 12),
        "BYDAY": _WEEKDAYS,
        "BYMONTHDAY": _numbers(1, 28),
        "BYHOUR": _numbers(0, 23),
        "BYMINUTE": _numbers(0, 59),
    },
    "MINUTELY": {
        "BYDAY": _WEEKDAYS,
        "BYHOUR": _numbers(0, 23),
        "BYMINUTE": _numbers(0, 59),
        "BYSECOND": _numbers(0, 59),
    },
}


@st.composite
def _rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(sorted(_PARTS)))
    parts = {"FREQ": freq, "INTERVAL": str(draw(st.integers(1, 5)))}
    for name, values in _PARTS[freq].items():
        if draw(st.booleans()):
            parts[name] = draw(values)
    picks_days = "BYDAY" in parts or "BYMONTHDAY" in parts
    if freq in ("MONTHLY", "YEARLY") and picks_days and draw(st.booleans()):
        parts["BYSETPOS"] = draw(_numbers(1, 4, from_end=True))
    return ";".join(f"{name}={value}" for name, value in parts.items())


_STARTS = st.integers(0, 4 * 366 * 24 * 60).map(lambda minutes: _FIRST_START + timedelta(minutes=minutes))


@settings(max_examples=800, deadline=None)
@given(rule=_rules(), start=_STARTS)
def test_the_occurrences_are_those_of_dateutil(rule: str, start: datetime) -> None:
    recurrence = Recurrence(parse_rules(rule))
    ours = list(islice(occurrences(recurrence, start=start, timezone=_UTC), _COMPARED))
    # Without a first occurrence of ours dateutil would search for hours, which is why it only checks here.
    assume(ours)
    # It takes a start that does not fit a rule by the hour for an error instead of looking for the next fit.
    try:
        theirs = rrulestr(f"{rule};COUNT={len(ours)}", dtstart=start)
    except ValueError:
        assume(False)
    assert [moment.replace(tzinfo=None) for moment in ours] == list(theirs)


@settings(max_examples=300, deadline=None)
@given(rule=_rules(), start=_STARTS, days=st.integers(0, 400))
def test_looking_from_a_later_day_on_finds_the_same(rule: str, start: datetime, days: int) -> None:
    recurrence = Recurrence(parse_rules(rule))
    since = (start + timedelta(days=days)).replace(tzinfo=_UTC)
    every_one = list(islice(occurrences(recurrence, start=start, timezone=_UTC), 300))
    later = list(islice(occurrences(recurrence, start=start, timezone=_UTC, since=since), _COMPARED))
    expected = [moment for moment in every_one if moment >= since]  # type: ignore[operator]
    assert later[: len(expected)] == expected[: len(later)]


@settings(max_examples=300, deadline=None)
@given(rule=_rules())
def test_a_rule_survives_being_written_down(rule: str) -> None:
    rules = parse_rules(rule)
    assert parse_rules(format_rules(rules)) == rules
