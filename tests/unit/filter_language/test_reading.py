"""What filters mean, and what is said of a text that is none."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.filter_language import Name, Unreadable, format_filter, is_about_status, parse_filter
from todo_app.domain.filter_language.parser import DEPTH_MAX, TERMS_MAX, TEXT_MAX
from todo_app.domain.filter_language.tree import (
    And,
    Dated,
    Expression,
    HasPriority,
    Holds,
    InProject,
    Is,
    Not,
    Or,
    State,
    Tagged,
)
from todo_app.domain.task import Priority

BERLIN = ZoneInfo("Europe/Berlin")
# Friday, noon in Berlin.
NOW = datetime(2026, 7, 10, 10, tzinfo=UTC)

_WORK, _HOME = Tagged(Name.of("work")), Tagged(Name.of("home"))
_P1, _OVERDUE = HasPriority(Priority.HIGH), Is(State.OVERDUE)


def read(text: str, *, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> Expression:
    return parse_filter(text, now=now, timezone=zone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#work", _WORK),
        (' #"two words" ', Tagged(Name.of("two words"))),
        ('#"  two   words"', Tagged(Name.of("two words"))),
        ("+Flat", InProject(Name.of("Flat"))),
        ('+"R&D (new)"', InProject(Name.of("R&D (new)"))),
        ("#work*", Tagged(Name(("work", "")))),
        ("#*a**b", Tagged(Name(("", "a", "b")))),
        (r"#5\*", Tagged(Name.of("5*"))),
        ("p1", _P1),
        ("High", _P1),
        ("p4", HasPriority(None)),
        ("no  priority", HasPriority(None)),
        ("OVERDUE", _OVERDUE),
        ("inbox", Is(State.NO_PROJECT)),
        ("no labels", Is(State.NO_TAGS)),
        ("done", Is(State.COMPLETED)),
        ('"rent"', Holds("rent")),
        ('search: "the rent"', Holds("the rent")),
        ("search: The rent", Holds("The rent")),
        ('search:"rent"&p1', And((Holds("rent"), _P1))),
    ],
)
def test_a_condition(text: str, expected: Expression) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#work & (p1 | overdue)", And((_WORK, Or((_P1, _OVERDUE))))),
        ("#work & p1 | overdue", Or((And((_WORK, _P1)), _OVERDUE))),
        ("p1 | #work & overdue", Or((_P1, And((_WORK, _OVERDUE))))),
        ("!#work & p1", And((Not(_WORK), _P1))),
        ("!(#work & p1)", Not(And((_WORK, _P1)))),
        ("!!p1", Not(Not(_P1))),
        ("#work&#home", And((_WORK, _HOME))),
        ("(#work & #home) & p1", And((_WORK, _HOME, _P1))),
        ("((p1))", _P1),
        ("#work & !+someday", And((_WORK, Not(InProject(Name.of("someday")))))),
    ],
)
def test_not_binds_closer_than_and_which_binds_closer_than_or(text: str, expected: Expression) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("due before: friday", "2026-07-17T00:00", "2026-07-18T00:00"),
        ("due: today", "2026-07-10T00:00", "2026-07-11T00:00"),
        ("due by: 2026-12-24", "2026-12-24T00:00", "2026-12-25T00:00"),
        ("created after: -7 days", "2026-07-03T00:00", "2026-07-04T00:00"),
        ("created from: 2 weeks ago", "2026-06-26T00:00", "2026-06-27T00:00"),
        ("completed from: yesterday", "2026-07-09T00:00", "2026-07-10T00:00"),
        ("completed after: -1 month", "2026-06-10T00:00", "2026-06-11T00:00"),
        ("due before: next week", "2026-07-13T00:00", "2026-07-14T00:00"),
        ("due by: +6 days", "2026-07-16T00:00", "2026-07-17T00:00"),
        ("due before: today 15:00", "2026-07-10T15:00", "2026-07-10T15:01"),
        ("created after: -2 hours", "2026-07-10T10:00", "2026-07-10T10:01"),
    ],
)
def test_a_date_is_a_day_or_a_minute_on_the_persons_clock(text: str, start: str, end: str) -> None:
    found = read(text)
    assert isinstance(found, Dated)
    assert (found.span.start.isoformat("T", "minutes"), found.span.end.isoformat("T", "minutes")) == (
        start,
        end,
    )


def test_the_zone_decides_what_today_is() -> None:
    late = datetime(2026, 7, 10, 23, tzinfo=UTC)
    found = [read("due: today", now=late, zone=ZoneInfo(zone)) for zone in ("America/New_York", "Asia/Tokyo")]
    assert [each.span.start.day for each in found if isinstance(each, Dated)] == [10, 11]


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "Write a condition"),
        ("   ", 0, "Write a condition"),
        ("()", 1, "between “(” and “)”"),
        ("p1 &", 4, "behind “&”"),
        ("p1 & | p2", 5, "behind “&”"),
        ("& p1", 0, "before “&”"),
        ("!", 1, "behind “!”"),
        ("(p1 | p2", 0, "“(” at position 1 is not closed"),
        ("p1)", 2, "“)” closes nothing"),
        ("p1 p2", 3, "Write & (and) or | (or) before “p2”."),
        ("overdue #work", 8, "before “#work”"),
        ("#work p1", 6, "before “p1”"),
        ('p1 "rent"', 3, 'before “"rent"”'),
        ("p1 and p2", 0, "Write & for “and”"),
        ("not p1", 0, "Write ! for “not”"),
        ("p1 && p2", 4, "Write “&” once"),
        ("#", 0, "name of a tag behind #"),
        ('p1 & +" "', 5, "name of a project behind +"),
        ('#"work', 1, "quote at position 2 is not closed"),
        ('p1 & "rent', 5, "quote at position 6 is not closed"),
        ("overdu", 0, "Did you mean “overdue”?"),
        ("due befor: friday", 0, "Did you mean"),
        ("p1 & due before friday", 5, "Write a colon before the date: “due before: friday”."),
        ("due before: someday", 0, "“someday” is no date. Try “due before: friday”"),
        ("due:", 0, "The date is missing"),
        ("created after: -9999 years", 0, "is no date"),
        ("due: 9999-12-31", 0, "is no date"),
        ('search: "…"', 0, "Write a word to search for"),
        ('p1 & ""', 5, "Write a word to search for"),
        ("gibberish", 0, "“gibberish” is no condition. Try #tag"),
        ("p1 & a\x00b", 6, "U+0000 at position 7"),
        ("#\ud800", 1, "U+D800 at position 2"),
        ("🏠🏠 | p1", 0, "“🏠🏠” is no condition"),
        ("#🏠 | 🏠", 5, "“🏠” is no condition"),
    ],
)
def test_what_is_no_filter_says_what_is_wrong_where_and_what_to_write(
    text: str, position: int, says: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(text)
    assert refusal.value.position == position
    assert says in str(refusal.value)
    assert refusal.value.field == "filter"


def test_the_limits_are_kept_and_said() -> None:
    read("p1" + " " * (TEXT_MAX - 2))
    read("(" * DEPTH_MAX + "p1" + ")" * DEPTH_MAX)
    read("|".join(["p1"] * TERMS_MAX))
    for text, says in (
        ("p1" + " " * (TEXT_MAX - 1), "at most 1,000"),
        ("!" * (DEPTH_MAX + 1) + "p1", "More than 50"),
        ("|".join(["p1"] * (TERMS_MAX + 1)), "at most 100"),
    ):
        with pytest.raises(Unreadable, match=says):
            read(text)


@pytest.mark.parametrize(
    ("text", "about_status"),
    [
        ("completed", True),
        ("#work & !open", True),
        ("completed after: -7 days", True),
        ("#completed", False),
        ("created: today", False),
    ],
)
def test_a_filter_that_says_nothing_of_the_status_means_open_tasks(text: str, about_status: bool) -> None:
    assert is_about_status(read(text)) is about_status


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("HIGH&( #work|over due )", "p1 & (#work | overdue)"),
        ("inbox | p4", "no project | no priority"),
        ("rent | p1".replace("rent", '"rent"'), 'search: "rent" | p1'),
        ("due  BEFORE :Friday", "due before: friday"),
        ("created:-7 days", "created: -7 days"),
        (r'#"5\* hotel"', r'#"5\* hotel"'),
        ("!(p1)", "!p1"),
        ("#a|(#b|#c)", "#a | #b | #c"),
    ],
)
def test_the_canonical_spelling(text: str, canonical: str) -> None:
    assert format_filter(read(text)) == canonical
