"""Errors as RFC 9457 problem documents, in one place."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from todo_app.domain.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NameTaken,
    NotFound,
    TooManyAttempts,
    Unauthenticated,
    WrongCredentials,
)

_STATUS: dict[type[DomainError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.PRECONDITION_FAILED,
    NameTaken: HTTPStatus.CONFLICT,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    WrongCredentials: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
}


def handle_problems(app: FastAPI) -> None:
    """Let an app answer every error as a problem document."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """A problem document (RFC 9457 §3) with the fields at fault in ``errors``."""
    content = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    return JSONResponse(
        {**content, "errors": errors or []},
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


async def _domain_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)  # noqa: S101  # registered for this type
    field = getattr(error, "field", None)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyAttempts) else None
    return problem(
        _STATUS.get(type(error), HTTPStatus.BAD_REQUEST),
        str(error),
        errors=[{"field": field, "reason": str(error)}] if field else None,
        headers=headers,
    )


async def _validation_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this type
    malformed = any(each["type"] == "json_invalid" for each in error.errors())
    errors = [
        {"field": ".".join(map(str, each["loc"][1:])), "reason": each["msg"]} for each in error.errors()
    ]
    status = HTTPStatus.BAD_REQUEST if malformed else HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(status, "The request has fields that can't be so.", errors=errors)


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for this type
    return problem(HTTPStatus(error.status_code), error.detail, headers=dict(error.headers or {}))
