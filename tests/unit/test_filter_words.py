"""The words for what a list is filtered by."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from todo_app.domain.filter_words import FilterKind, range_of, without, words_for
from todo_app.domain.task import Priority, Status
from todo_app.domain.views import DueRange, Filters, TagMatch

TODAY = date(2026, 7, 17)
HOME, WORK = UUID(int=1), UUID(int=2)
NAMES = {HOME: "home", WORK: "work"}


def words(filters: Filters) -> list[str]:
    return [each.text for each in words_for(filters, tag_names=NAMES, today=TODAY)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), []),
        (Filters(status=Status.COMPLETED), ["Completed"]),
        (Filters(priorities=frozenset({Priority.MEDIUM, Priority.HIGH})), ["High or Medium"]),
        (Filters(priorities=frozenset({None})), ["No priority"]),
        (Filters(tag_ids=frozenset({WORK, HOME})), ["home or work"]),
        (Filters(tag_ids=frozenset({WORK, HOME}), tag_match=TagMatch.ALL), ["home and work"]),
        (Filters(tag_ids=frozenset({WORK}), tag_match=TagMatch.NONE), ["Not work"]),
        (Filters(tag_ids=frozenset({UUID(int=9)})), ["a deleted tag"]),
        (Filters(due=DueRange.NONE), ["No date"]),
        (Filters(due=DueRange.OVERDUE), ["Overdue"]),
        (Filters(due=DueRange.TODAY), ["Due today"]),
        (Filters(due=DueRange.WEEK), ["Due in the next 7 days"]),
        (Filters(due_after=TODAY, due_before=TODAY), ["Due today"]),
        (Filters(due_after=date(2026, 8, 1)), ["Due from 1 Aug"]),
        (Filters(due_before=date(2026, 8, 1)), ["Due by 1 Aug"]),
        (Filters(due_after=TODAY), ["Due from today"]),
        (Filters(due_before=TODAY + timedelta(days=3)), ["Due by Monday"]),
        (Filters(due_after=date(2026, 8, 1), due_before=date(2026, 8, 3)), ["Due 1 Aug to 3 Aug"]),
        (Filters(tag_match=TagMatch.ALL), []),
    ],
)
def test_each_kind_of_filter_is_said_in_a_few_words(filters: Filters, expected: list[str]) -> None:
    assert words(filters) == expected


def test_there_is_a_chip_for_every_kind_that_the_badge_counts() -> None:
    filters = Filters(
        status=Status.OPEN,
        priorities=frozenset({Priority.LOW}),
        tag_ids=frozenset({HOME}),
        due_before=TODAY,
        query="#work",
    )

    assert len(words(filters)) == filters.count == 5


@pytest.mark.parametrize("due", DueRange)
def test_a_due_range_keeps_its_name_from_day_to_day(due: DueRange) -> None:
    assert range_of(Filters(due=due), today=TODAY) is due
    assert range_of(Filters(due=due), today=TODAY + timedelta(days=400)) is due


def test_fixed_days_have_a_name_only_while_they_are_those_days() -> None:
    filters = Filters(due_after=TODAY, due_before=TODAY)

    assert range_of(filters, today=TODAY) is DueRange.TODAY
    assert range_of(filters, today=TODAY + timedelta(days=1)) is None


def test_a_range_without_a_name_has_none() -> None:
    assert range_of(Filters(due_after=date(2026, 1, 1)), today=TODAY) is None
    assert range_of(Filters(), today=TODAY) is None


def test_removing_every_kind_leaves_nothing() -> None:
    filters = Filters(
        status=Status.OPEN,
        priorities=frozenset({Priority.LOW}),
        tag_ids=frozenset({HOME}),
        tag_match=TagMatch.NONE,
        due_before=TODAY,
        query="#work",
    )
    for kind in FilterKind:
        filters = without(filters, kind)

    assert filters == Filters()
