"""The server over standard input and output, for a program that starts it itself."""

from __future__ import annotations

from mcp.server.stdio import stdio_server

from todo_app.bootstrap import Application
from todo_app.domain.identity import BearerToken, Scope
from todo_app.mcp_server.guest import welcome
from todo_app.mcp_server.protocol import create_server


async def serve_stdio(application: Application, secret: str) -> None:
    """Answer messages until the input ends.

    Raises:
        Unauthenticated: when the token is not a good one.
    """
    guest = await welcome(application.work, BearerToken(secret, Scope.READ))
    server = create_server(lambda _: guest)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
