"""Quick add does what every row of the case files says."""

from __future__ import annotations

import pytest

from tests.unit.quick_add.case_files import Row, cases, due_of, list_of, now_of, reminders_of, zone_of
from todo_app.domain.quick_add import QuickAdd, TokenKind, parse, parse_due
from todo_app.domain.recurrence import parse_rules


def _parse(row: Row) -> QuickAdd:
    return parse(row["text"], now=now_of(row), timezone=zone_of(row))


def _assert_tokens_hold(text: str, parsed: QuickAdd) -> None:
    for token in parsed.tokens:
        assert text[token.start : token.end] == token.text
    for left, right in zip(parsed.tokens, parsed.tokens[1:], strict=False):
        assert left.end <= right.start


@pytest.mark.parametrize("row", cases("dates.csv"))
def test_a_date_is_taken_out_of_the_title(row: Row) -> None:
    parsed = _parse(row)
    assert (parsed.title, parsed.due) == (row["title"], due_of(row))
    assert {token.kind for token in parsed.tokens} == {TokenKind.DUE}
    assert len(parsed.tokens) == 1
    _assert_tokens_hold(row["text"], parsed)


@pytest.mark.parametrize("row", cases("dates.csv"))
def test_the_date_picker_reads_the_same_phrase(row: Row) -> None:
    (token,) = _parse(row).tokens
    assert parse_due(token.text, now=now_of(row), timezone=zone_of(row)) == due_of(row)
    assert parse_due(row["text"], now=now_of(row), timezone=zone_of(row)) is None


@pytest.mark.parametrize("row", cases("not_tokens.csv"))
def test_nothing_is_seen_where_nothing_was_meant(row: Row) -> None:
    assert _parse(row) == QuickAdd(title=row["title"])


@pytest.mark.parametrize("row", cases("quick_add.csv"))
def test_a_line_becomes_a_task(row: Row) -> None:
    parsed = _parse(row)
    assert parsed.title == row["title"]
    assert parsed.due == due_of(row)
    assert (parsed.priority or "") == row["priority"]
    assert parsed.tags == list_of(row["tags"])
    assert (parsed.project or "") == row["project"]
    assert parsed.reminders == reminders_of(row)
    assert (parsed.recurrence is not None) == bool(row["rule"])
    _assert_tokens_hold(row["text"], parsed)


@pytest.mark.parametrize("row", cases("quick_add.csv", only=lambda row: bool(row["rule"])))
def test_a_line_that_repeats_becomes_a_rule(row: Row) -> None:
    recurrence = _parse(row).recurrence
    assert recurrence is not None
    assert recurrence.anchor == row["anchor"]
    if row["rule"] != "*":
        assert recurrence.rules == parse_rules(row["rule"])
