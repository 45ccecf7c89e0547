"""The formats that files can have, and which of them a file has."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from todo_app.domain.errors import Invalid
from todo_app.exchange import own_csv, own_json, ticktick, todoist, vikunja
from todo_app.exchange.decoding import BYTES_MAX, Decoded, decode, parse_json
from todo_app.exchange.records import Item, Reading, Remark
from todo_app.exchange.table import read_lines

_GUESSED = (
    "The file does not say how its letters are encoded; it was read as Windows-1252. "
    "Check names with accents, or save it as UTF-8."
)
_UNKNOWN = "Nothing tells what kind of file this is. Say which format it has."
_CALENDAR = "BEGIN:VCALENDAR"
_ZIP = b"PK\x03\x04"
# TickTick's header comes after some lines on the backup.
_LINES_BEFORE_HEADER = 30


class Format(StrEnum):
    """What can be imported."""

    JSON = "json"
    CSV = "csv"
    ICS = "ics"
    TODOIST = "todoist"
    VIKUNJA = "vikunja"
    TICKTICK = "ticktick"


def _read_calendar(text: str, reading: Reading) -> Iterator[Item]:
    # The library takes long to load, and few files are calendars.
    from todo_app.exchange import calendar

    return calendar.read(text, reading)


_READERS: dict[Format, Callable[[str, Reading], Iterator[Item]]] = {
    Format.JSON: own_json.read,
    Format.CSV: own_csv.read,
    Format.ICS: _read_calendar,
    Format.TODOIST: todoist.read,
    Format.VIKUNJA: vikunja.read,
    Format.TICKTICK: ticktick.read,
}


@dataclass(frozen=True, slots=True)
class _Document:
    """A file, or one of those in a zip."""

    name: str
    decoded: Decoded


def read(data: bytes, given: Format | None, reading: Reading) -> tuple[Format, Iterator[Item]]:
    """The format of a file, which is told from what it holds when it is not given, and what it holds.

    Raises:
        Invalid: when the file can't be read; also while what it holds is gone through.
    """
    documents = _documents(data, reading.name)
    found = given or _format_of(documents[0].decoded.text)
    return found, _read(documents, found, reading)


def _read(documents: Sequence[_Document], found: Format, reading: Reading) -> Iterator[Item]:
    if any(document.decoded.is_guess for document in documents):
        yield Remark(_GUESSED)
    for document in documents:
        yield from _READERS[found](document.decoded.text, replace(reading, name=document.name))


def _documents(data: bytes, name: str) -> list[_Document]:
    if not data.startswith(_ZIP):
        return [_Document(name, decode(data))]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive)
            return [_Document(member.filename, decode(archive.read(member))) for member in members]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise Invalid("file", "The zip file is damaged or locked with a password.") from None


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Vikunja's data, or the projects of a backup of Todoist's."""
    members = [member for member in archive.infolist() if member.filename == "data.json"]
    members = members or [each for each in archive.infolist() if each.filename.lower().endswith(".csv")]
    if not members:
        raise Invalid("file", "The zip holds no export that is known here: no data.json and no CSV file.")
    # What the zip says of its sizes is what reading it stops at.
    if sum(member.file_size for member in members) > BYTES_MAX:
        raise Invalid("file", f"Unpacked, the file is larger than {BYTES_MAX >> 20} MiB. Split it.")
    return members


def _format_of(text: str) -> Format:
    start = text.lstrip()
    if start[: len(_CALENDAR)].upper() == _CALENDAR:
        return Format.ICS
    if start.startswith(("{", "[")):
        document = parse_json(text)
        if vikunja.is_export(document):
            return Format.VIKUNJA
        if own_json.is_ours(document):
            return Format.JSON
        raise Invalid("format", _UNKNOWN)
    lines = [cells for _, cells in islice(read_lines(text), _LINES_BEFORE_HEADER)]
    if not lines:
        raise Invalid("format", _UNKNOWN)
    first = lines[0]
    if todoist.is_header(first):
        return Format.TODOIST
    if any(ticktick.is_header(cells) for cells in lines):
        return Format.TICKTICK
    if "title" in {cell.strip().lower() for cell in first}:
        return Format.CSV
    raise Invalid("format", _UNKNOWN)
