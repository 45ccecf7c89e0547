"""Tables as text: CSV with whatever separator, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from todo_app.domain.errors import Invalid

_SEPARATORS = (",", ";", "\t")
# A spreadsheet runs what begins like this. The quote before it says that it is text; so that reading takes
# off what writing put on, a text that begins with such a quote itself gets another one.
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_CELL_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """A row under a header: its line in the file, and its cells by the column's name in small letters."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """A cell without the white space around it; empty when there is no such column."""
        return self.cells.get(column, "").strip()

    def text(self, column: str) -> str:
        """A cell as it stands."""
        return self.cells.get(column, "")


def read_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table that are not empty, each with the number of the line it begins in.

    Raises:
        Invalid: when it is no table.
    """
    csv.field_size_limit(_CELL_MAX)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=False)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Invalid("file", f"Line {line} can't be read as a table: {error}.") from None
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def rows_below(header: Sequence[str], lines: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    """The rows of a table by the names of its columns."""
    names = [name.strip().lower() for name in header]
    for line, cells in lines:
        yield Row(line, dict(zip(names, cells, strict=False)))


def separator_of(text: str) -> str:
    """What separates the cells: whichever sign the first lines have most of."""
    start = text[:4_000].split("\n", 12)[:12]
    return max(_SEPARATORS, key=lambda sign: sum(line.count(sign) for line in start))


def write_row(cells: Iterable[str]) -> str:
    """One line of CSV (RFC 4180), guarded against being run as formulas."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return line.getvalue()


def guarded(cell: str) -> str:
    """A cell that a spreadsheet takes for text."""
    return f"'{cell}" if _LIKE_A_FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that ``guarded`` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def write_names(names: Iterable[str]) -> str:
    """Several names in one cell, as a line of CSV within the CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


def read_names(cell: str) -> tuple[str, ...]:
    """The names that a cell holds, separated by commas; one with a comma stands in double quotes."""
    rows = csv.reader([cell.replace("\n", ",")], skipinitialspace=True)
    return tuple(dict.fromkeys(name.strip() for row in rows for name in row if name.strip()))
