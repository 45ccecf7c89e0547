"""Which tags and projects a filter names."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.filter_language.trees import ZONE
from todo_app.domain.filter_language import Name, parse_filter
from todo_app.domain.filter_language.known import KnownNames
from todo_app.domain.text import fold

FRIDAY = datetime(2026, 7, 10, tzinfo=UTC)
KNOWN = KnownNames({"work": UUID(int=1), "workshop": UUID(int=2), "5*": UUID(int=3)}, {"work": UUID(int=4)})


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("#Wörk", [1]),
        ("#work*", [1, 2]),
        ("#*shop", [2]),
        ("#*", [1, 2, 3]),
        (r"#5\*", [3]),
        ("+work", [4]),
        ("+shop", []),
        ("#work*p*shop", []),
    ],
)
def test_a_name_is_found_in_any_case_and_by_its_pieces(text: str, ids: list[int]) -> None:
    (found,) = KNOWN.named_in(parse_filter(text, now=FRIDAY, timezone=ZONE)).values()
    assert [each.int for each in found] == ids


def test_what_is_unknown_is_told_once_as_it_is_written() -> None:
    tree = parse_filter('#work | #home & !(+"the flat" | #home) | #x* | p1', now=FRIDAY, timezone=ZONE)
    assert KNOWN.unknown_in(tree) == ["#home", '+"the flat"']


@given(pattern=st.text("ab*", max_size=8), name=st.text("ab", max_size=8))
def test_a_star_stands_for_any_characters(pattern: str, name: str) -> None:
    parsed = Name.read(pattern)
    if parsed.is_exact:
        return
    as_expression = ".*".join(re.escape(piece) for piece in pattern.split("*"))
    assert parsed.fits(fold(name)) is bool(re.fullmatch(as_expression, name))
