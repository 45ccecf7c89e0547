"""Rules in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.recurrence import Anchor, Recurrence, describe, parse_rules


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3;X-WORKDAYS=TRUE", "every 3 workdays"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every workday"),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "every Monday and Friday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tuesday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "every month on the 1st"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,15,27", "every month on the 2nd, 15th and 27th"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "every month on the 31st"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "every month on the 31st (only where there is one)"),
        ("FREQ=MONTHLY;BYDAY=-2FR", "every month on the 2nd last Friday"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
            "every month on the 1st workday and last workday",
        ),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "every year on the last Monday of May"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "every year on 29 February"),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "every year on the 29th in February (only where there is one)",
        ),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "every year on Monday in the 20th week of the year"),
        ("FREQ=YEARLY;BYYEARDAY=100,-1", "every year on the 100th and last day of the year"),
        ("FREQ=DAILY;BYHOUR=9,21;BYMINUTE=0", "every day at 09:00 and 21:00"),
        ("FREQ=DAILY;COUNT=1", "every day for 1 time"),
        ("FREQ=WEEKLY;UNTIL=20260803T030000Z", "every week until 2 August 2026"),
        ("FREQ=HOURLY;INTERVAL=4", "every 4 hours"),
        ("FREQ=MINUTELY;INTERVAL=15", "every 15 minutes"),
        (
            "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=14\nFREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15",
            "every year on 14 January and 15 June",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1\nFREQ=YEARLY;BYMONTH=10;BYMONTHDAY=31",
            "every 1st and 31 October",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=15\nFREQ=MONTHLY;BYDAY=-1MO",
            "every month on the last Monday and 15th day",
        ),
        ("FREQ=DAILY\nFREQ=MONTHLY;BYMONTHDAY=1", "every day and every month on the 1st"),
    ],
)
def test_a_rule_in_words(rule: str, words: str) -> None:
    assert describe(Recurrence(parse_rules(rule)), timezone=ZoneInfo("America/New_York")) == words


def test_a_recurrence_from_completion_says_so() -> None:
    recurrence = Recurrence(parse_rules("FREQ=DAILY;INTERVAL=3"), Anchor.COMPLETION)
    assert describe(recurrence, timezone=ZoneInfo("UTC")) == "every! 3 days"
