"""What holds for every line, however strange."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from todo_app.domain.quick_add import QuickAdd, parse, parse_due, parse_recurrence
from todo_app.domain.recurrence import parse_rules, preview_of

_VOCABULARY = """
    today tomorrow tom tonight mon friday sun next this later week weekend month year end of mid january mar 3 27th
    31st 2nd the in on by 5 +5 days weeks hours min before at @ 5pm 17:00 25:99 morning the night 9/11 24/7 01.02
    2021-07-06 27/07/2021 halloween new year's eve every ev every! after other daily monthly last first workday until
    starting for times ending from p1 p4 #tag #tag, #"two words" #"open +Work +"a b" +1 #134 ! !9pm !30 !1 hour !friday
    http://ex.com/a#b ana@ex.com sun-dried monday.com Buy milk, , ; . " ' and 0 9999 two a -1 feb 29 30 1900 2999
"""
_WORDS = _VOCABULARY.split()
_LINES = st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join) | st.text(max_size=60)
_NOW = st.integers(0, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_ZONES = st.sampled_from(
    [
        "UTC",
        "America/New_York",
        "Europe/Berlin",
        "Pacific/Kiritimati",
        "Australia/Lord_Howe",
        "America/Santiago",
    ]
).map(ZoneInfo)


def _quoted(text: str) -> bool:
    return re.fullmatch(r"""("[^"]*"|'[^']*')""", text.strip(), re.DOTALL) is not None


@settings(max_examples=1500, deadline=None)
@given(text=_LINES, now=_NOW, timezone=_ZONES)
@example(text="İ tomorrow", now=datetime(2026, 7, 15, tzinfo=UTC), timezone=ZoneInfo("UTC"))
@example(text="² 5th ٣ today", now=datetime(2026, 7, 15, tzinfo=UTC), timezone=ZoneInfo("UTC"))
@example(text="!in 9999 years at 5pm", now=datetime(2026, 7, 15, tzinfo=UTC), timezone=ZoneInfo("UTC"))
def test_tokens_are_slices_that_do_not_overlap_and_the_title_is_the_rest(
    text: str, now: datetime, timezone: ZoneInfo
) -> None:
    parsed = parse(text, now=now, timezone=timezone)
    rest, end = "", 0
    for token in parsed.tokens:
        assert token.start >= end
        assert text[token.start : token.end] == token.text != ""
        rest += text[end : token.start] + " "
        end = token.end
    rest += text[end:]
    if _quoted(text):
        rest = text.strip()[1:-1]
    assert parsed.title == " ".join(rest.split())


@settings(max_examples=500, deadline=None)
@given(text=_LINES, now=_NOW, timezone=_ZONES)
def test_a_line_without_tokens_says_nothing_but_its_title(
    text: str, now: datetime, timezone: ZoneInfo
) -> None:
    parsed = parse(text, now=now, timezone=timezone)
    if not parsed.tokens:
        assert parsed == QuickAdd(title=parsed.title)


@settings(max_examples=500, deadline=None)
@given(text=_LINES, now=_NOW, timezone=_ZONES)
def test_removing_all_chips_one_by_one_ends_with_the_plain_text(
    text: str, now: datetime, timezone: ZoneInfo
) -> None:
    ignored: list[tuple[int, int]] = []
    for _ in text.split():
        tokens = parse(text, now=now, timezone=timezone, ignored=ignored).tokens
        if not tokens:
            break
        assert not any(start < tokens[0].end and tokens[0].start < end for start, end in ignored)
        ignored.append((tokens[0].start, tokens[0].end))
    left = parse(text, now=now, timezone=timezone, ignored=ignored)
    assert left.tokens == ()
    if not _quoted(text):
        assert left.title == " ".join(text.split())


@settings(max_examples=1000, deadline=None)
@given(text=_LINES, now=_NOW, timezone=_ZONES)
def test_the_date_picker_never_fails(text: str, now: datetime, timezone: ZoneInfo) -> None:
    parse_due(text, now=now, timezone=timezone)


_REPEATING_VOCABULARY = """
    other 2 3 14 31 29 5th 1st 3rd last first second day days week weeks month months year quarter workday workdays
    weekend hour hours mon tue friday fridays sat , and on the of jan feb may 29th halloween at 9am 9pm 10:30 17 morning
    starting from until till for times aug 1 2010 2030 next tomorrow monthly
"""
_REPEATING = st.tuples(
    st.sampled_from(["every", "every!", "after", "every other", "monthly", "biennially"]),
    st.lists(st.sampled_from(_REPEATING_VOCABULARY.split()), max_size=8).map(" ".join),
).map(" ".join)


@settings(max_examples=1500, deadline=None)
@given(text=_REPEATING, now=_NOW, timezone=_ZONES)
@example(
    text="every other hour",
    now=datetime(2038, 4, 3, 14, 17, tzinfo=UTC),
    timezone=ZoneInfo("Australia/Lord_Howe"),
)
def test_a_line_that_repeats_is_due_on_the_first_day_of_its_rule(
    text: str, now: datetime, timezone: ZoneInfo
) -> None:
    parsed = parse(text, now=now, timezone=timezone)
    if parsed.recurrence is None:
        return
    assert parsed.due is not None
    day, clock = parsed.due.date, parsed.due.time
    start = day if clock is None else datetime.combine(day, clock)
    shown = preview_of(parsed.recurrence, start=start, timezone=timezone, count=1)
    assert shown.occurrences == (day if clock is None else parsed.due.at(timezone),)
    assert parse_rules(shown.rule) == parsed.recurrence.rules
    assert parse_recurrence(shown.text, now=now, timezone=timezone) is not None
