"""What the recurrence dialog offers: presets, the builder's fields, phrases; all three say the same of a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.errors import Invalid
from todo_app.domain.recurrence import Anchor, Recurrence, describe, format_rules, parse_rules
from todo_app.domain.repeat_choices import (
    LAST,
    WORKDAY,
    Choice,
    Ends,
    On,
    Unit,
    choice_for,
    choice_of,
    moved_to,
    presets,
    read_repeat,
    recurrence_of,
)
from todo_app.domain.task import Due

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=BERLIN)

CHOICES = [
    Choice(every=3, unit=Unit.DAY),
    Choice(every=3, unit=Unit.DAY, anchor=Anchor.COMPLETION),
    Choice(every=4, unit=Unit.WORKDAY),
    Choice(unit=Unit.WORKDAY, ends=Ends.COUNT, count=5),
    Choice(every=2, unit=Unit.WEEK, weekdays=(0, 4), ends=Ends.DATE, until=date(2027, 3, 1)),
    Choice(every=2, unit=Unit.WEEK, anchor=Anchor.COMPLETION),
    Choice(unit=Unit.MONTH, on=On.DAY, day=23),
    Choice(unit=Unit.MONTH, on=On.DAY, day=31),
    Choice(every=3, unit=Unit.MONTH, on=On.WEEKDAY, weekday=4, nth=LAST),
    Choice(unit=Unit.MONTH, on=On.WEEKDAY, weekday=WORKDAY, nth=1),
    Choice(unit=Unit.MONTH, on=On.LAST),
    Choice(unit=Unit.MONTH, on=On.SAME, anchor=Anchor.COMPLETION),
    Choice(unit=Unit.YEAR, on=On.DAY, month=2, day=29),
    Choice(unit=Unit.YEAR, on=On.WEEKDAY, month=5, weekday=0, nth=LAST),
    Choice(every=2, unit=Unit.YEAR, on=On.SAME),
]


def words(choice: Choice, day: date = MONDAY) -> str:
    return describe(recurrence_of(choice, day), timezone=BERLIN)


@pytest.mark.parametrize(
    ("day", "offered"),
    [
        (
            MONDAY,
            [
                "every day", "every workday", "every Monday", "every month on the 23rd",
                "every month on the 4th Monday", "every year on 23 November",
            ],
        ),
        (
            date(2028, 2, 29),
            [
                "every day", "every workday", "every Tuesday", "every month on the 29th",
                "every month on the last day", "every month on the last Tuesday", "every year on 29 February",
            ],
        ),
    ],
)  # fmt: skip
def test_presets_are_worded_from_the_date(day: date, offered: list[str]) -> None:
    assert [words(choice, day) for choice in presets(day)] == offered


@pytest.mark.parametrize("choice", [*CHOICES, *presets(MONDAY), *presets(date(2026, 8, 31))], ids=words)
def test_a_choice_its_words_and_its_rule_say_the_same(choice: Choice) -> None:
    recurrence = recurrence_of(choice, MONDAY)

    shown = choice_of(recurrence, start=MONDAY, timezone=BERLIN)
    spoken = read_repeat(words(choice), due=Due(MONDAY), now=NOW, zone=BERLIN)

    assert shown is not None
    assert recurrence_of(shown, MONDAY) == recurrence
    assert format_rules(spoken.recurrence.rules) == format_rules(recurrence.rules)
    assert spoken.recurrence.anchor is recurrence.anchor
    assert parse_rules(format_rules(recurrence.rules)) == recurrence.rules


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=HOURLY;INTERVAL=4",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU",
        "FREQ=DAILY;BYHOUR=9,21;BYMINUTE=0",
        "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=14\nFREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15",
    ],
)
def test_what_the_builder_can_not_show_is_no_choice(rule: str) -> None:
    assert choice_of(Recurrence(parse_rules(rule)), start=MONDAY, timezone=BERLIN) is None


@pytest.mark.parametrize(
    ("field", "choice"),
    [
        ("every", Choice(every=0)),
        ("every", Choice(every=1000)),
        ("weekdays", Choice(weekdays=(7,))),
        ("day", Choice(unit=Unit.MONTH, on=On.DAY, day=32)),
        ("day", Choice(unit=Unit.YEAR, on=On.DAY, month=4, day=31)),
        ("day", Choice(unit=Unit.YEAR, on=On.DAY, month=2, day=30)),
        ("weekday", Choice(unit=Unit.MONTH, on=On.WEEKDAY, nth=5)),
        ("weekday", Choice(unit=Unit.YEAR, on=On.WEEKDAY, weekday=WORKDAY)),
        ("month", Choice(unit=Unit.YEAR, month=13)),
        ("until", Choice(ends=Ends.DATE)),
        ("count", Choice(ends=Ends.COUNT, count=0)),
    ],
)
def test_what_can_not_be_is_said_of_its_field(field: str, choice: Choice) -> None:
    with pytest.raises(Invalid) as refused:
        recurrence_of(choice, MONDAY)
    assert refused.value.field == field


def test_the_same_day_of_a_month_that_not_every_month_has_is_its_last() -> None:
    choice = replace(choice_for(date(2026, 8, 31)), unit=Unit.MONTH, on=On.SAME)
    assert words(choice, date(2026, 8, 31)) == "every month on the 31st"


def test_a_phrase_without_a_time_or_start_counts_from_the_due_date() -> None:
    spoken = read_repeat("every month", due=Due(date(2026, 12, 31)), now=NOW, zone=BERLIN)
    assert (spoken.start, describe(spoken.recurrence, timezone=BERLIN)) == (None, "every month on the 31st")


def test_a_phrase_with_a_time_or_start_says_when_it_begins() -> None:
    timed = read_repeat("every day at 9am", due=Due(date(2026, 11, 30)), now=NOW, zone=BERLIN)
    later = read_repeat("every week starting 7 dec", due=Due(MONDAY), now=NOW, zone=BERLIN)
    assert (timed.start, later.start) == (datetime.fromisoformat("2026-11-30T09:00"), date(2026, 12, 7))


@pytest.mark.parametrize(
    "text", ["", "blah", "every", "every day until 2020-01-01", "x" * 3000, "every monday please"]
)
def test_what_is_no_way_to_repeat_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_repeat(text, due=Due(MONDAY), now=NOW, zone=BERLIN)
    assert refused.value.field == "phrase"


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("every Monday", date(2026, 11, 25), "every Wednesday"),
        ("every 2 weeks on Monday and Friday", date(2026, 11, 24), "every 2 weeks on Tuesday and Friday"),
        ("every month on the 23rd", date(2026, 11, 30), "every month on the 30th"),
        ("every month on the 4th Monday", date(2026, 11, 27), "every month on the 4th Friday"),
        ("every year on 23 November", date(2026, 12, 24), "every year on 24 December"),
        ("every month on the last day", date(2026, 11, 30), "every month on the last day"),
        ("every month on the last day", date(2026, 11, 29), "every month on the 29th"),
        ("every day", date(2026, 11, 25), "every day"),
        ("every workday", date(2026, 11, 25), "every workday"),
        ("every month on the 1st and 15th", date(2026, 11, 25), "every month on the 1st and 15th"),
        ("every Monday for 3 times", date(2026, 11, 25), "every Wednesday for 3 times"),
    ],
)
def test_moving_one_with_those_that_follow_moves_the_rule(before: str, new: date, after: str) -> None:
    rule = read_repeat(before, due=Due(MONDAY), now=NOW, zone=BERLIN).recurrence
    assert describe(moved_to(rule, old=MONDAY, new=new, timezone=BERLIN), timezone=BERLIN) == after
