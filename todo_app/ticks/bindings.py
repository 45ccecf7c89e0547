"""Ticks by the cron bindings of the sidecar, in the distributed mode."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response

from todo_app.ticks.port import Tick, Ticks

_BY_NAME = {tick.value: tick for tick in Tick}


def ticks_router(ticks: Ticks) -> APIRouter:
    """``/events/ticks/{tick}``. The sidecar asks with OPTIONS first whether anybody wants the binding."""
    router = APIRouter()

    @router.options("/ticks/{name}")
    async def ask(name: str) -> Response:
        return Response(status_code=HTTPStatus.OK if name in _BY_NAME else HTTPStatus.NOT_FOUND)

    @router.post("/ticks/{name}")
    async def happen(name: str) -> Response:
        if name not in _BY_NAME:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        ticks.happen(_BY_NAME[name])
        return Response(status_code=HTTPStatus.OK)

    return router
