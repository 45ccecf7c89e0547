"""Random filters."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from todo_app.domain.filter_language import Expression, Name
from todo_app.domain.filter_language.spans import read_span
from todo_app.domain.filter_language.tree import (
    Dated,
    HasPriority,
    Holds,
    InProject,
    Is,
    Moment,
    Not,
    Relation,
    State,
    Tagged,
    all_of,
    any_of,
)
from todo_app.domain.task import Priority

ZONE = ZoneInfo("America/New_York")
PHRASES = [
    "friday",
    "-7 days",
    "2 weeks ago",
    "yesterday",
    "next week",
    "today 14:00",
    "2026-12-24",
    "+3 days",
    "24 dec",
]

names = (
    st.text(st.sampled_from('aAé \\*&|()!"#+'), min_size=1, max_size=6)
    .map(Name.read)
    .filter(lambda name: name.pieces != ("",))
)
_words = st.sampled_from(["rent", "the rent", "Büro & more", "a (b)"])


def every_date(*, now: datetime, zone: ZoneInfo) -> list[Expression]:
    """Each date of a task in each relation to a few days and minutes."""
    spans = {phrase: read_span(phrase, now=now, timezone=zone) for phrase in PHRASES}
    return [
        Dated(moment, relation, phrase, span)
        for moment in Moment
        for relation in Relation
        for phrase, span in spans.items()
        if span
    ]


def trees(
    *,
    now: datetime,
    zone: ZoneInfo = ZONE,
    tags: st.SearchStrategy[Name] = names,
    projects: st.SearchStrategy[Name] = names,
    words: st.SearchStrategy[str] = _words,
) -> st.SearchStrategy[Expression]:
    """Expressions of up to a dozen conditions, read at a moment."""

    condition = st.one_of(
        tags.map(Tagged),
        projects.map(InProject),
        st.sampled_from([*Priority, None]).map(HasPriority),
        st.sampled_from(State).map(Is),
        st.sampled_from(every_date(now=now, zone=zone)),
        words.map(Holds),
    )
    return st.recursive(
        condition,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(all_of),
            st.lists(inner, min_size=2, max_size=3).map(any_of),
        ),
        max_leaves=12,
    )
