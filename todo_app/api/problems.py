"""Errors as RFC 9457 problem documents, in one place."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from todo_app.db.engine import AWAY
from todo_app.domain.errors import (
    AddressTaken,
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    KeyReused,
    NameTaken,
    NotFound,
    Stale,
    TooManyAttempts,
    Unauthenticated,
    WrongCredentials,
)
from todo_app.domain.filter_language import Unreadable
from todo_app.services.bodies import reason_of

logger = logging.getLogger(__name__)

_STATUS: dict[type[DomainError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.PRECONDITION_FAILED,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    AddressTaken: HTTPStatus.CONFLICT,
    NameTaken: HTTPStatus.CONFLICT,
    KeyReused: HTTPStatus.CONFLICT,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    WrongCredentials: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
}
_DATABASE_BACK_SECONDS = 5
TOO_LARGE = "This is too large."
_DETAILS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not understand that method.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
}


def handle_problems(app: FastAPI) -> None:
    """Let an app answer every error as a problem document."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    for kind in AWAY:
        app.add_exception_handler(kind, _database_away)


class _Document(JSONResponse):
    """JSON that can name what is no text, such as a field whose name is half of a character."""

    def render(self, content: object) -> bytes:
        """The document in UTF-8."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
    more: Mapping[str, object] | None = None,
) -> JSONResponse:
    """A problem document (RFC 9457 §3) with the fields at fault in ``errors``, and ``more`` members."""
    content = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    return _Document(
        {**content, "errors": errors or [], **(more or {})},
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


async def _domain_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)  # noqa: S101  # registered for this type
    field = getattr(error, "field", None)
    headers = _headers_of(error)
    more: dict[str, object] = {error.what: error.current} if isinstance(error, Stale) else {}
    if isinstance(error, Unreadable):
        more["position"] = error.position
    return problem(
        _status_of(error),
        str(error),
        errors=[{"field": field, "reason": str(error)}] if field else None,
        headers=headers,
        more=more,
    )


def _headers_of(error: DomainError) -> dict[str, str] | None:
    match error:
        case TooManyAttempts():
            return {"Retry-After": str(error.retry_after)}
        case Unauthenticated():
            return {"WWW-Authenticate": "Bearer"}
        case _:
            return None


def _status_of(error: DomainError) -> HTTPStatus:
    kinds = (_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    return next(kinds, HTTPStatus.BAD_REQUEST)


async def _validation_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this type
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return problem(HTTPStatus.BAD_REQUEST, "The body is not JSON.")
    errors = [
        {"field": ".".join(map(str, each["loc"][1:])), "reason": reason_of(each)} for each in error.errors()
    ]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Some fields can't be so.", errors=errors)


async def _database_away(_: Request, error: Exception) -> JSONResponse:
    logger.warning("A request could not be answered: %s", error)
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database can't be reached now. Try again in a moment.",
        headers={"Retry-After": str(_DATABASE_BACK_SECONDS)},
    )


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for this type
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods(request)):
        headers["Allow"] = ", ".join(methods)
    return problem(status, _DETAILS.get(status, error.detail), headers=headers)


def _methods(request: Request) -> list[str]:
    """All that an address understands (RFC 9110 §10.2.1); each of its routes knows only its own."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    routes = [route for route in iter_route_contexts(request.app.routes) if route.path_regex.match(path)]
    # An address of its own comes before one with an id in its place.
    own = [route for route in routes if route.path == path]
    return sorted({method for route in own or routes for method in route.methods or ()})
