"""Notifications through anything Apprise knows: Telegram, ntfy, Matrix, Discord, ..."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path

from todo_app.domain.errors import Invalid
from todo_app.notifications.port import Message, Refused, TryLater

TARGET_MAX = 1_000
_ROOT = Path(__file__).resolve().parents[2]
_CHECK_SECONDS = 20
# Nothing else of the server's environment, which holds passwords and proxies.
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")


class AppriseChannel:
    """Implements `Channel`; the target is an Apprise address.

    Each message has a process of its own: one that hangs can be ended, and what it may reach and read is
    watched there. It takes a second to start, which nobody waits for.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def send(self, target: str, message: Message) -> None:
        """Let Apprise send it."""
        body = "\n".join(filter(None, (message.line, message.body, message.open_url)))
        answer = await self._run(target, {"title": message.title, "body": body})
        if "refused" in answer:
            raise Refused(answer["refused"])
        if "failed" in answer:
            raise TryLater(answer["failed"])

    async def check(self, target: str) -> str:
        """What the service is called that an address names; nothing is sent.

        Raises:
            Invalid: when Apprise does not know the address.
        """
        target = target.strip()
        if not target:
            raise Invalid("url", "Give the address of a service, such as ntfy://topic.")
        if len(target) > TARGET_MAX:
            raise Invalid("url", f"Use at most {TARGET_MAX:,} characters.")
        if any(character.isspace() or not character.isprintable() for character in target):
            raise Invalid("url", "An address has no spaces in it.")
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                answer = await self._run(target, None)
        except (TimeoutError, TryLater):
            raise Invalid("url", "The address could not be checked. Try again.") from None
        if "service" not in answer:
            raise Invalid("url", answer.get("refused") or answer.get("failed", ""))
        return answer["service"]

    async def _run(self, target: str, message: dict[str, str] | None) -> dict[str, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "todo_app.notifications.apprise_process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
            cwd="/",
        )
        job = {"url": target, "message": message, "allow_private": self._allow_private}
        try:
            output, _ = await process.communicate(json.dumps(job).encode())
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return _answer(output)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = {"PYTHONPATH": str(_ROOT), "HOME": "/nonexistent"}
    return kept | own


def _answer(output: bytes) -> dict[str, str]:
    try:
        answer = json.loads(output)
    except ValueError:
        raise TryLater("Apprise ended without an answer.") from None
    return {str(name): str(value) for name, value in answer.items()}
