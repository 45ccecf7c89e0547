"""Rules unroll as every row of the case file says."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.unit.quick_add.case_files import Row, cases, start_of, zone_of
from todo_app.domain.recurrence import (
    Anchor,
    InvalidRule,
    Preview,
    Recurrence,
    format_rules,
    next_occurrence,
    parse_rules,
    preview,
)


def _preview(row: Row) -> Preview:
    return preview(row["rule"], start=start_of(row), timezone=zone_of(row), count=int(row["count"]))


def _occurrences(preview_: Preview) -> str:
    return " ".join(moment.isoformat() for moment in preview_.occurrences) or "none"


@pytest.mark.parametrize("row", cases("recurrence_rules.csv", only=lambda row: row["occurrences"] != "error"))
def test_a_rule_comes_to_these_occurrences(row: Row) -> None:
    unrolled = _preview(row)
    assert _occurrences(unrolled) == row["occurrences"]
    assert unrolled.anchor is Anchor.SCHEDULE
    assert unrolled.text.startswith("every ")


@pytest.mark.parametrize("row", cases("recurrence_rules.csv", only=lambda row: row["occurrences"] == "error"))
def test_a_rule_that_the_standard_does_not_allow_is_refused(row: Row) -> None:
    with pytest.raises(InvalidRule) as refused:
        _preview(row)
    assert refused.value.field == "rule"
    assert refused.value.reason


@pytest.mark.parametrize("row", cases("recurrence_rules.csv", only=lambda row: row["occurrences"] != "error"))
def test_a_rule_written_out_reads_back_as_itself(row: Row) -> None:
    rules = parse_rules(row["rule"])
    assert parse_rules(format_rules(rules)) == rules


@pytest.mark.parametrize("row", cases("recurrence_rules.csv", only=lambda row: row["occurrences"] != "error"))
def test_starting_to_look_later_changes_nothing(row: Row) -> None:
    """``since`` only spares the way: what comes from there on is the same."""
    recurrence = Recurrence(parse_rules(row["rule"]))
    found = _preview(row).occurrences
    for earlier, later in pairwise(found):
        assert next_occurrence(recurrence, start=start_of(row), timezone=zone_of(row), after=earlier) == later
