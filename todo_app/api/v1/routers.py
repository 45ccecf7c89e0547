"""How the routes below ``/api/v1`` are made: once for the process, whatever application serves them."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from todo_app.api.v1.parameters import known_parameters

BODY_MAX = 256 * 1024


def v1_router(tag: str) -> APIRouter:
    """For routes that the description shows under this tag."""
    return APIRouter(
        tags=[tag],
        dependencies=[Depends(known_parameters)],
        generate_unique_id_function=lambda route: route.name,
        max_body_size=BODY_MAX,
    )
