"""A view is what its address says, and the address says a view."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from todo_app.domain.errors import Invalid
from todo_app.domain.task import Priority, Status
from todo_app.domain.views import DueRange, Filters, ListName, Sort, TagMatch, View, view_from_url

HOME, WORK = UUID(int=1), UUID(int=2)
FRIDAY = date(2026, 7, 17)


def opened(address: str) -> View:
    path, _, query = address.partition("?")
    return view_from_url(path, query)


@pytest.mark.parametrize(
    "view",
    [
        View.of(ListName.TODAY),
        View.of(ListName.TRASH),
        View.of(ListName.PROJECT, HOME),
        View.of(ListName.FILTER, HOME),
        View.of(ListName.ALL).filtered(Filters(query='#work & (p1 | "a+b") & !+"R&D"')),
        View.of(ListName.ALL).sorted_by(Sort.TITLE, descending=True),
        View(list=ListName.SEARCH, search="a & b", sort=Sort.RELEVANCE),
        *(View.of(ListName.INBOX).filtered(Filters(due=due)) for due in DueRange),
        View.of(ListName.INBOX).filtered(Filters(due_after=FRIDAY, due_before=date(2026, 8, 1))),
        View.of(ListName.INBOX).filtered(
            Filters(
                status=Status.COMPLETED,
                priorities=frozenset({Priority.HIGH, None}),
                tag_ids=frozenset({HOME, WORK}),
                tag_match=TagMatch.ALL,
                due=DueRange.WEEK,
            )
        ),
    ],
    ids=lambda view: view.url,
)
def test_the_address_of_a_view_leads_back_to_it(view: View) -> None:
    assert opened(view.url) == view


@pytest.mark.parametrize(
    ("due", "first", "last"),
    [
        (DueRange.OVERDUE, None, date(2026, 7, 16)),
        (DueRange.TODAY, FRIDAY, FRIDAY),
        (DueRange.WEEK, FRIDAY, date(2026, 7, 23)),
        (DueRange.NONE, None, None),
    ],
)
def test_a_named_range_is_in_the_address_by_its_name_and_read_on_the_day(
    due: DueRange, first: date | None, last: date | None
) -> None:
    view = opened(f"/inbox?due={due}")

    assert view.url == f"/inbox?due={due}"
    assert view.filters.count == 1
    assert view.filters.due_days(FRIDAY) == (first, last)


def test_fixed_days_stay_the_days_they_are() -> None:
    filters = opened("/inbox?due_before=2026-07-16").filters

    assert filters.due_days(FRIDAY) == filters.due_days(date(2027, 1, 1)) == (None, date(2026, 7, 16))


def test_of_a_name_and_days_the_last_one_counts() -> None:
    assert opened("/inbox?due_after=2026-07-17&due=overdue").url == "/inbox?due=overdue"
    assert opened("/inbox?due=overdue&due_after=2026-07-17").url == "/inbox?due_after=2026-07-17"


@pytest.mark.parametrize(
    "address", ["/inbox?due=someday", "/inbox?due=", "/inbox?due_after=today", "/inbox?due_before=9999-12-31"]
)
def test_a_due_date_that_can_not_be_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        opened(address)
