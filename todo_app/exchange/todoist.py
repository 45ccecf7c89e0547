"""Todoist: a project as CSV, as its “Export as CSV” and its backups have it.

Columns as described at https://todoist.com/help/articles/YC8YvN: rows are tasks, sections, or comments on the
task above; INDENT makes subtasks; PRIORITY is 1 (highest) to 4 (none), unlike in Todoist's API; labels are
words with ``@`` in CONTENT; DATE is what somebody typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from todo_app.domain.events import RecurrenceData
from todo_app.domain.quick_add import parse_due, parse_recurrence
from todo_app.domain.recurrence import format_rules
from todo_app.domain.series import as_key
from todo_app.domain.task import Due, Priority
from todo_app.exchange.records import ContentKeys, Item, Note, Reading, Remark, Rows, TaskRecord
from todo_app.exchange.table import Row, read_lines, rows_below

_PRIORITIES = {"1": Priority.HIGH, "2": Priority.MEDIUM, "3": Priority.LOW}
_LABEL = re.compile(r"(?:^|(?<=\s))@([^\s@]+)")
# The id that backups put behind the name of a project.
_PROJECT_ID = re.compile(r"\s*\[\w+\]$")
_ATTACHMENT = re.compile(r"\[\[file (\{.*?\})\s*\]\]", re.DOTALL)
_UNCOMPLETABLE = "* "
_LEFT_OUT = {"responsible": "Who it was assigned to", "duration": "Its duration"}


def is_header(cells: list[str]) -> bool:
    """Whether a line names Todoist's columns."""
    return {"TYPE", "CONTENT"} <= {cell.strip().upper() for cell in cells}


@dataclass(slots=True)
class _Draft:
    """A task to which comments may still come."""

    row: Row
    title: str
    labels: list[str]
    section: str
    indent: int
    key: str
    parent_key: str | None
    parts: list[str]
    notes: list[Note] = field(default_factory=list)


def read(text: str, reading: Reading) -> Iterator[Item]:
    """The tasks of one project, which is called as the file is."""
    lines = read_lines(text)
    _, header = next(lines, (1, []))
    yield from _Project(reading).read(rows_below(header, lines))


class _Project:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._name = _project_of(reading.name)
        self._keys = ContentKeys("todoist")
        self._rows = Rows()
        self._section = ""
        self._above: list[_Draft] = []
        self._draft: _Draft | None = None

    def read(self, rows: Iterator[Row]) -> Iterator[Item]:
        for row in rows:
            match row["type"].lower():
                case "task":
                    yield from self._finished()
                    self._begin(row)
                case "note" if self._draft is not None:
                    self._comment(self._draft, row)
                case "note":
                    yield Remark(f"A comment on the project is left out: “{row['content'][:200]}”.")
                case "section":
                    yield from self._finished()
                    self._section, self._above = row["content"], []
                    if self._section:
                        yield Remark("Todoist's sections become tags.")
                case _:
                    # How the project was shown.
                    continue
        yield from self._finished()

    def _begin(self, row: Row) -> None:
        self._rows.another()
        indent = int(row["indent"]) if row["indent"].isdecimal() else 1
        self._above = [each for each in self._above if each.indent < indent]
        parent = self._above[-1] if self._above else None
        content = row["content"]
        labels = _LABEL.findall(content)
        self._draft = _Draft(
            row,
            " ".join(_LABEL.sub(" ", content).split()).removeprefix(_UNCOMPLETABLE) or content,
            labels,
            self._section,
            indent,
            self._keys.of(self._name, self._section, parent.key if parent else "", content),
            parent.key if parent else None,
            [row.text("description").strip()],
        )
        self._above.append(self._draft)
        for column, what in _LEFT_OUT.items():
            if row[column] and row[column] != "None":
                self._draft.notes.append(Note(column.upper(), f"{what} ({row[column][:80]}) is left out."))
        if row["deadline"]:
            self._draft.parts.append(f"Deadline: {row['deadline']}")
            self._draft.notes.append(Note("DEADLINE", "The deadline stands in the description."))

    def _comment(self, draft: _Draft, row: Row) -> None:
        text = _ATTACHMENT.sub(_as_link, row.text("content")).strip()
        if text:
            draft.parts.append("\n".join(f"> {line}".rstrip() for line in text.splitlines()))
            draft.notes.append(Note("note", "The comment stands in the description."))

    def _finished(self) -> Iterator[Item]:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        due, recurrence = self._date(draft)
        yield TaskRecord(
            row=draft.row.line,
            key=draft.key,
            title=draft.title,
            description="\n\n".join(part for part in draft.parts if part),
            priority=_PRIORITIES.get(draft.row["priority"]),
            tags=tuple(dict.fromkeys([*draft.labels, *([draft.section] if draft.section else [])])),
            project=self._name or None,
            parent_key=draft.parent_key,
            due=due,
            recurrence=recurrence,
            notes=tuple(draft.notes),
        )

    def _date(self, draft: _Draft) -> tuple[Due | None, RecurrenceData | None]:
        words = draft.row["date"]
        if not words:
            return None, None
        now, home = self._reading.now, self._reading.zone
        zone = self._zone(draft)
        repeated = parse_recurrence(words, now=now, timezone=zone)
        due = repeated.due if repeated else parse_due(words, now=now, timezone=zone)
        if due is None:
            draft.parts.append(f"Date: {words}")
            reason = f"“{words[:80]}” is not understood and stands in the description. Set a date by hand."
            draft.notes.append(Note("DATE", reason))
            return None, None
        if due.time is not None and due.timezone is None and zone.key != home.key:
            due = Due(due.date, due.time, zone.key)
        if repeated is None:
            return due, None
        rule = format_rules(repeated.recurrence.rules)
        anchor = repeated.recurrence.anchor.value
        return due, RecurrenceData(rule=rule, anchor=anchor, start=as_key(repeated.first))

    def _zone(self, draft: _Draft) -> ZoneInfo:
        name = draft.row["timezone"]
        try:
            return ZoneInfo(name) if name else self._reading.zone
        except (ZoneInfoNotFoundError, ValueError, OSError):
            draft.notes.append(Note("TIMEZONE", f"“{name[:60]}” is no known time zone; yours is taken."))
            return self._reading.zone


def _project_of(file_name: str) -> str:
    """The project that a file is named after; none for the inbox."""
    name = _PROJECT_ID.sub("", PurePosixPath(file_name.replace("\\", "/")).name.rsplit(".", 1)[0]).strip()
    return "" if name.casefold() == "inbox" else name


def _as_link(found: re.Match[str]) -> str:
    try:
        file = json.loads(found[1])
        return f"[{file['file_name']}]({file['file_url']})"
    except (ValueError, KeyError, TypeError):
        return found[0]
