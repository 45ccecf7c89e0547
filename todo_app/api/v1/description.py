"""The description of the REST API: OpenAPI 3.1 with examples, and what every route has in common."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from todo_app.api.cookies import CSRF_HEADER
from todo_app.session_cookie import SESSION_COOKIE

_ABOUT = """\
Everything a person can do in Punctual, a program can do here, with the same rules and the same undo.

Send a token as `Authorization: Bearer …`. Errors are problem documents (RFC 9457) that name the fields at
fault. Unknown fields and parameters are errors. A field that is left out stays as it is; `null` or an empty
list clears it.
"""
_TASK = {
    "id": "0199a3f2-7c11-7d52-9d5e-2f1f6f0c8a10",
    "series_id": None,
    "occurrence": None,
    "title": "Pay rent",
    "description": "To the landlord",
    "status": "open",
    "priority": "high",
    "tags": ["home"],
    "project": "Flat",
    "parent_id": None,
    "due": {"date": "2026-12-01", "time": "09:00", "timezone": "Europe/Berlin"},
    "due_at": "2026-12-01T08:00:00Z",
    "recurrence": None,
    "reminders": [
        {
            "id": "0199a3f2-7c11-7d52-9d5e-2f1f6f0c8a11",
            "minutes_before": 30,
            "at": None,
            "sent_at": None,
        }
    ],
    "reminder_sent": False,
    "created_at": "2026-11-23T09:00:00Z",
    "updated_at": "2026-11-23T09:00:00Z",
    "completed_at": None,
    "deleted_at": None,
    "version": 1,
}
_PROBLEM = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "Some fields can't be so.",
    "errors": [{"field": "title", "reason": "This is missing."}],
}
_EXAMPLES: dict[str, Any] = {
    "Problem": _PROBLEM,
    "TaskDocument": _TASK,
    "TaskPage": {"items": [_TASK], "next_cursor": None},
    "ClosedDocument": {"task": {**_TASK, "status": "completed"}, "next": None, "pending": False},
    "TaskToAdd": {
        "title": "Pay rent",
        "priority": "high",
        "tags": ["home"],
        "project": "Flat",
        "due": {"date": "2026-12-01", "time": "09:00"},
        "recurrence": {"text": "every month on the 1st"},
        "reminders": [{"minutes_before": 30}],
    },
    "TaskFields": {"priority": None, "due": {"date": "2026-12-02"}},
    "ChangeOfMany": {
        "ids": ["0199a3f2-7c11-7d52-9d5e-2f1f6f0c8a10"],
        "change": {"priority": "high", "add_tags": ["urgent"]},
        "dry_run": True,
    },
    "Place": {"after": "0199a3f2-7c11-7d52-9d5e-2f1f6f0c8a10"},
    "Sentence": {"text": "Push everything overdue to Monday"},
    "LineToAdd": {"text": "Pay rent every month on the 1st at 9am #home +Flat p1"},
    "RuleToPreview": {"text": "every 3 workdays", "count": 3},
    "TagToAdd": {"name": "home", "color": "teal"},
    "TagFields": {"color": "red"},
    "WebhookToAdd": {
        "name": "Team chat",
        "url": "https://example.org/punctual",
        "event_types": ["task.created", "task.completed"],
    },
    "WebhookFields": {"active": False},
    "TagToMerge": {"into": "0199a3f2-7c11-7d52-9d5e-2f1f6f0c8a12"},
    "ProjectFields": {"name": "Flat"},
    "FilterToSave": {"name": "Urgent work", "query": "#work & (p1 | overdue)"},
    "FilterFields": {"query": "#work & p1"},
    "ReminderToAdd": {"task_id": "0199a3f2-7c11-7d52-9d5e-2f1f6f0c8a10", "minutes_before": 30},
    "ReminderBody": {"at": "2026-12-01T07:00:00Z"},
    "ReadMark": {"read": True},
    "TokenToAdd": {"name": "Backup script", "scope": "read", "days": 90},
    "SettingsFields": {"timezone": "Europe/Berlin", "digest_at": "07:30"},
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "What is wrong (RFC 9457). With 412 the object as it is now stands beside these.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
_REASONS = {
    "400": "The request is malformed.",
    "401": "There is no token, or it is unknown, revoked or expired.",
    "403": "The token's scope is not enough, or the CSRF header is missing.",
    "404": "There is no such thing.",
    "409": "The key was sent with another request, or the name is taken.",
    "412": "It was changed in the meantime.",
    "413": "The body is too large.",
    "422": "A field or parameter is unknown or can't be so.",
    "429": "Too many requests; `Retry-After` says when to go on.",
}
_HEADERS = {
    "RateLimit-Limit": "How many requests a minute has.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "The seconds until the next minute.",
}


def describe(v1: FastAPI) -> dict[str, Any]:
    """The whole description of an app's routes."""
    found = get_openapi(
        title="Punctual",
        version="1",
        openapi_version="3.1.0",
        description=_ABOUT,
        routes=v1.routes,
        servers=[{"url": "/api/v1"}],
    )
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(operation, path, method)
    components = found["components"]
    schemas = components["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM_SCHEMA
    for name, example in _EXAMPLES.items():
        schemas[name]["examples"] = [example]
    components["headers"] = {
        name: {"description": what, "schema": {"type": "integer"}} for name, what in _HEADERS.items()
    }
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
        "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
    }
    found["security"] = [{"token": []}, {"session": [], "csrf": []}]
    return found


def _complete(operation: dict[str, Any], path: str, method: str) -> None:
    """Add to one route what all have in common."""
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        parameter["schema"] = _without_null(parameter["schema"])
    responses = operation["responses"]
    for response in responses.values():
        response.setdefault("headers", {}).update(_headers())
    for status in _problems(operation, path, method):
        responses[status] = {
            "description": _REASONS[status],
            "headers": _headers(),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _problems(operation: dict[str, Any], path: str, method: str) -> list[str]:
    names = {parameter["name"].lower() for parameter in operation.get("parameters", [])}
    has_body = "requestBody" in operation
    is_there = {
        "400": has_body,
        "404": "{" in path or has_body or "task" in names,
        "409": "idempotency-key" in names,
        "412": "if-match" in names or path.startswith("/undo"),
        "413": method != "get",
    }
    return [status for status in _REASONS if is_there.get(status, True)]


def _headers() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter, which is left out and never null."""
    kinds = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**kinds[0], **rest}
