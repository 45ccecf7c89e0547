"""``RateLimit-*`` headers on whatever a caller who is counted gets."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.services.rate_limit import Budget

# Where a request's budget lies in its state.
BUDGET = "budget"
HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


class RateHeaders:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and say how many more the caller may make."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        state = scope.setdefault("state", {})

        async def send_with_headers(message: Message) -> None:
            budget: Budget | None = state.get(BUDGET)
            if message["type"] == "http.response.start" and budget is not None:
                headers = MutableHeaders(scope=message)
                figures = (budget.limit, budget.remaining, budget.resets_in)
                for name, figure in zip(HEADERS, figures, strict=True):
                    headers[name] = str(figure)
            await send(message)

        return await self._app(scope, receive, send_with_headers)
