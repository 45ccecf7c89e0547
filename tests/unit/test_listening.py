"""The socket that the server listens at."""

from __future__ import annotations

import asyncio
import socket

from todo_app.server import listen


async def test_the_last_part_of_an_answer_does_not_wait_for_the_client_to_have_read_the_first():
    has_no_delay: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        has_no_delay.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listener = listen("127.0.0.1", 0)
    async with await asyncio.start_server(answer, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname())
        assert await has_no_delay
        writer.close()
