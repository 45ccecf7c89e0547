"""Parameters in the address: none is ignored."""

from __future__ import annotations

from typing import Annotated, get_origin

from fastapi import Query, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel

from todo_app.domain.errors import Invalid
from todo_app.services.bodies import Id

__all__ = ["LIMIT", "LIMIT_MAX", "Cursor", "Id", "Limit", "known_parameters"]

LIMIT, LIMIT_MAX = 50, 100
_CURSOR_MAX = 2_000

Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="How many to answer at most.")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=_CURSOR_MAX,
        description="The `next_cursor` of the answer before; goes with the same query.",
    ),
]


async def known_parameters(request: Request) -> None:
    """Refuse what the route does not know, and two values where one is meant.

    Raises:
        Invalid: naming the first of them.
    """
    route = request.scope.get("route")
    repeatable = _parameters_of(route) if isinstance(route, APIRoute) else {}
    for name in request.query_params:
        if name not in repeatable:
            raise Invalid(name, "There is no such parameter.")
        if not repeatable[name] and len(request.query_params.getlist(name)) > 1:
            raise Invalid(name, "Give this once.")


def _parameters_of(route: APIRoute) -> dict[str, bool]:
    """The parameters of a route, and whether each may be given several times."""
    known: dict[str, bool] = {}
    for field in route.dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields = annotation.model_fields.items()
            known |= {each.alias or name: _is_list(each.annotation) for name, each in fields}
        else:
            known[field.alias] = _is_list(annotation)
    return known


def _is_list(annotation: object) -> bool:
    return get_origin(annotation) is list
