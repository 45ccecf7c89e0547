"""The report of an import, as programs and as people read it."""

from __future__ import annotations

from collections.abc import Iterator

# That of the standard library will do from Python 3.12 on, says pydantic, which checks answers against these.
from typing_extensions import TypedDict

from todo_app.services.imports import Outcome, Report, RowReport


class NoteDocument(TypedDict):
    """What of a row is taken over otherwise, or what has to be corrected."""

    field: str
    reason: str


class RowDocument(TypedDict):
    """What becomes of one row of the file."""

    row: int
    title: str
    outcome: str
    notes: list[NoteDocument]


class ReportDocument(TypedDict):
    """What an import did or, when ``done`` is false, would do; ``undo`` takes it back."""

    format: str
    done: bool
    summary: str
    created: int
    restored: int
    skipped: int
    rejected: int
    new_tags: list[str]
    new_projects: list[str]
    new_filters: list[str]
    remarks: list[str]
    undo: str | None
    rows: list[RowDocument]


def as_document(report: Report) -> ReportDocument:
    """The report as JSON."""
    return ReportDocument(
        format=report.format.value,
        done=report.is_done,
        summary=summary(report),
        created=report.count(Outcome.CREATE),
        restored=report.count(Outcome.RESTORE),
        skipped=report.count(Outcome.SKIP),
        rejected=report.count(Outcome.REJECT),
        new_tags=list(report.new_tags),
        new_projects=list(report.new_projects),
        new_filters=list(report.new_filters),
        remarks=list(report.remarks),
        undo=str(report.undo) if report.undo else None,
        rows=[_row(row) for row in report.rows],
    )


def _row(row: RowReport) -> RowDocument:
    notes = [NoteDocument(field=note.field, reason=note.reason) for note in row.notes]
    return RowDocument(row=row.row, title=row.title, outcome=row.outcome.value, notes=notes)


def as_lines(report: Report) -> str:
    """The report in words: what needs a look, and the sum."""
    return "\n".join([*report.remarks, *_noted(report), summary(report)])


def summary(report: Report) -> str:
    """The report in a sentence or two."""
    rejected = report.count(Outcome.REJECT)
    if rejected:
        return f"Nothing was imported: correct {_rows(rejected)} first."
    verb = "Imported" if report.is_done else "Would import"
    said = [f"{verb} {_tasks(report.count(Outcome.CREATE))}."]
    if restored := report.count(Outcome.RESTORE):
        said.append(f"{restored:,} {'came' if report.is_done else 'would come'} back from the trash.")
    if skipped := report.count(Outcome.SKIP):
        said.append(f"{skipped:,} {'was' if skipped == 1 else 'were'} here already.")
    return " ".join(said)


def _noted(report: Report) -> Iterator[str]:
    for row in report.rows:
        for note in row.notes:
            yield f"Row {row.row} “{row.title[:60]}”, {note.field}: {note.reason}"


def _tasks(count: int) -> str:
    return f"{count:,} task" if count == 1 else f"{count:,} tasks"


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"
