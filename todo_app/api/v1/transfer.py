"""``GET /export`` and ``POST /import``: all tasks as a file, and a file of tasks."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import IO, Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from todo_app.api.problems import problem
from todo_app.api.v1.callers import READER, Look, look_by
from todo_app.api.v1.commands import UNDO_HEADER, Answer, Key, answer_json, command_of
from todo_app.api.v1.routers import v1_router
from todo_app.domain.errors import Invalid
from todo_app.domain.identity import Scope
from todo_app.exchange.decoding import BYTES_MAX
from todo_app.exchange.formats import Format
from todo_app.services import imports
from todo_app.services.exports import MEDIA_TYPES, ExportFormat, export
from todo_app.services.import_report import ReportDocument, as_document, summary
from todo_app.services.imports import File, Outcome, Report

# What a form adds to the file in it.
UPLOAD_MAX = BYTES_MAX + 64 * 1024
_IN_MEMORY = 1 << 20
_CHUNK = 64 * 1024
_NAME_MAX = 255
_NAMED_ERRORS = 100

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, or a form with it in the field `file`.",
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "application/json": {"schema": {}},
            "text/csv": {"schema": {}},
            "text/calendar": {"schema": {}},
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            kind: {"schema": {"type": "object" if kind == MEDIA_TYPES[ExportFormat.JSON] else "string"}}
            for kind in MEDIA_TYPES.values()
        },
    }
}


router = v1_router("import and export")
# The command of an import is made when its turn has come, for that reads the file.
IMPORTER = look_by(Scope.WRITE)


@router.get("/export", response_class=StreamingResponse, responses=_FILE)
async def export_tasks(
    kind: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.JSON, look: Look = READER
) -> StreamingResponse:
    """All tasks, those in the trash too. JSON has everything; the other formats what they can say."""
    file = await _written(look, kind)
    name = f"punctual-{look.app.work.clock():%Y-%m-%d}.{kind.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(_chunks(file), media_type=MEDIA_TYPES[kind], headers=headers)


@router.post("/import", response_model=ReportDocument, openapi_extra=_BODY, max_body_size=UPLOAD_MAX)
async def import_tasks(
    request: Request,
    *,
    kind: Annotated[
        Format | None, Query(alias="format", description="By default, what the file holds tells it.")
    ] = None,
    name: Annotated[
        str, Query(max_length=_NAME_MAX, description="The file's name, which Todoist's project is in.")
    ] = "",
    dry_run: Annotated[bool, Query(description="Only say what would become of each row.")] = False,
    key: Key = None,
    look: Look = IMPORTER,
) -> Response:
    """Take over a file, all of it or nothing; the same file again adds nothing that is there."""
    # Nobody who may not import sends 64 MiB first.
    async with look.read():
        pass
    async with _turns(request):
        file = await _uploaded(request, kind, name)
        if dry_run:
            return answer_json(as_document(await imports.preview(look.app.work, look.caller, file)))

        async def act() -> Answer:
            report = await imports.run(look.app.work, look.caller, file)
            if not report.is_done:
                raise _Refused(report)
            return Answer(as_document(report), headers=_undo(report))

        try:
            return await (await command_of(request, look.caller, key)).run_in_parts(act)
        except _Refused as refused:
            return _problem(refused.report)


def _turns(request: Request) -> asyncio.Semaphore:
    turns: asyncio.Semaphore = request.app.state.import_turns
    return turns


class _Refused(Exception):
    """The file has rows that must be corrected first."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def _undo(report: Report) -> dict[str, str]:
    return {UNDO_HEADER: str(report.undo)} if report.undo else {}


def _problem(report: Report) -> Response:
    rejected = [row for row in report.rows if row.outcome is Outcome.REJECT]
    errors = [
        {"field": f"rows.{row.row}.{note.field}", "reason": note.reason}
        for row in rejected[:_NAMED_ERRORS]
        for note in row.notes
    ]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        summary(report),
        errors=errors,
        more={"report": as_document(report)},
    )


async def _uploaded(request: Request, kind: Format | None, name: str) -> File:
    """The file of a request.

    Raises:
        Invalid: when a form holds none.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return File(await request.body(), name, kind)
    # The body is kept, for what tells one request from another.
    await request.body()
    async with request.form(max_files=1, max_fields=10) as form:
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            raise Invalid("file", "Send the file in the field “file” of the form.")
        return File(await upload.read(), name or upload.filename or "", kind)


async def _written(look: Look, kind: ExportFormat) -> IO[bytes]:
    """The whole export, read in one transaction before a slow reader gets it; kept on disk when large."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed when it was sent
    try:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        await export(look.app.work, look.caller, kind, text)
        text.detach()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
