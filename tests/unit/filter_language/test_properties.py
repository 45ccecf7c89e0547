"""What holds for every filter, and for every text that is none."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.filter_language.trees import ZONE, names, trees
from todo_app.domain.filter_language import (
    Expression,
    Name,
    Unreadable,
    conditions,
    format_filter,
    parse_filter,
)
from todo_app.domain.filter_language.lexer import Kind
from todo_app.domain.filter_language.parser import TERMS_MAX, TEXT_MAX
from todo_app.domain.filter_language.renaming import with_renamed
from todo_app.domain.filter_language.tree import Tagged
from todo_app.domain.text import fold

_VOCABULARY = r"""
    & | ! ( ) #work #"two words" #work* #5\* # #" +Flat +"a b" +1 p1 p4 high no priority overdue over due today date
    time tags labels project inbox subtask completed open done recurring due: created: before: after: by: from: before
    friday -7 days ago next week 2026-12-24 today 14:00 24:99 "rent" " "" search: search and or not \ * gibberish &&
"""
_TEXTS = st.lists(st.sampled_from(_VOCABULARY.split()), max_size=14).map(" ".join) | st.text(max_size=60)
_FRIDAY = datetime(2026, 7, 10, tzinfo=UTC)
_NOW = st.integers(0, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@settings(max_examples=1000, deadline=None)
@given(text=_TEXTS, now=_NOW)
@example(text='#"\\', now=_FRIDAY)
@example(text="due: ٣", now=_FRIDAY)
def test_a_text_is_a_filter_or_is_refused_at_a_place_in_it(text: str, now: datetime) -> None:
    tree = _read(text, now)
    if isinstance(tree, Unreadable):
        assert 0 <= tree.position <= len(text)
        assert str(tree)
        return
    assert _read(format_filter(tree), now) == tree


def _read(text: str, now: datetime) -> Expression | Unreadable:
    try:
        return parse_filter(text, now=now, timezone=ZONE)
    except Unreadable as refusal:
        return refusal


@settings(max_examples=300, deadline=None)
@given(data=st.data(), now=_NOW)
def test_a_tree_reads_back_from_its_spelling(data: st.DataObject, now: datetime) -> None:
    tree = data.draw(trees(now=now))
    assert parse_filter(format_filter(tree), now=now, timezone=ZONE) == tree


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=40))
def test_a_name_reads_back_from_its_spelling(text: str) -> None:
    name = Name.read(text)
    spelled = str(name)
    is_quoted = spelled.startswith('"')
    assert Name.read(spelled[1:-1] if is_quoted else spelled) == name


@settings(max_examples=200, deadline=None)
@given(
    data=st.data(),
    old=names.filter(lambda name: name.is_exact),
    new=st.sampled_from(["Job", "a b", "5*", "\\", 'x"y']),
)
def test_renaming_changes_the_name_wherever_it_stands_and_nothing_else(
    data: st.DataObject, old: Name, new: str
) -> None:
    tree = data.draw(trees(now=_FRIDAY))
    renamed = _read(with_renamed(format_filter(tree), Kind.TAG, old=old.pieces[0], new=new), _FRIDAY)
    assert not isinstance(renamed, Unreadable)
    assert list(conditions(renamed)) == [
        Tagged(Name.of(new))
        if isinstance(each, Tagged) and each.name.folded == (fold(old.pieces[0]),)
        else each
        for each in conditions(tree)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "(" * TEXT_MAX,
        "!" * TEXT_MAX,
        '#"' + "\\" * (TEXT_MAX - 2),
        "#" + "*" * (TEXT_MAX - 1),
        "a " * (TEXT_MAX // 2),
        "p1 " * (TEXT_MAX // 3),
        "|".join(["due before: a week before 21 jul"] * TERMS_MAX)[:TEXT_MAX],
        '" "' * (TEXT_MAX // 3),
    ],
)
def test_the_worst_text_is_read_or_refused_at_once(text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        parse_filter(text, now=_FRIDAY, timezone=ZONE)
    assert time.process_time() - started < 0.1
