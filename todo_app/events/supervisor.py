"""Runs small endless loops side by side: goes on after an error, and stops without tearing work apart."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

Step = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Loop:
    """A step that is done again and again, for one purpose.

    ``step`` returns how many seconds to rest before the next one; setting ``wake`` ends the rest early.
    A step that only listens is ``interruptible``: it may be cancelled anywhere. Every other step is let
    finish when the supervisor stops.
    """

    name: str
    step: Step
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    interruptible: bool = False
    first_after_seconds: float = 0


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after the first, second, ... error in a row."""

    first_seconds: float = 0.1
    longest_seconds: float = 30.0

    def pause(self, failures: int) -> float:
        """Seconds to wait after this many errors in a row; doubles each time."""
        return min(self.longest_seconds, self.first_seconds * 2.0 ** min(failures - 1, 32))


class Supervisor:
    """Keeps loops going until the block that runs them ends."""

    def __init__(self, *, backoff: Backoff | None = None, patience_seconds: float = 5.0) -> None:
        self._backoff = backoff or Backoff()
        self._patience_seconds = patience_seconds
        self._stopping = asyncio.Event()

    @contextlib.asynccontextmanager
    async def running(self, loops: Sequence[Loop]) -> AsyncIterator[None]:
        """Run the loops while the block lasts."""
        tasks = {asyncio.create_task(self._run(loop), name=loop.name): loop for loop in loops}
        try:
            yield
        finally:
            await self._stop(tasks)

    async def _run(self, loop: Loop) -> None:
        if loop.first_after_seconds:
            await _wait(loop.wake, loop.first_after_seconds)
        failures = 0
        while not self._stopping.is_set():
            loop.wake.clear()
            try:
                rest = await loop.step()
            except Exception:
                # Whatever went wrong, the loop's purpose remains: say so and try again.
                failures += 1
                pause = self._backoff.pause(failures)
                logger.exception("%s failed and goes on in %.1f s", loop.name, pause)
                await _wait(self._stopping, pause)
                continue
            failures = 0
            await _wait(loop.wake, rest)

    async def _stop(self, tasks: dict[asyncio.Task[None], Loop]) -> None:
        self._stopping.set()
        for task, loop in tasks.items():
            loop.wake.set()
            if loop.interruptible:
                task.cancel()
        _, late = await asyncio.wait(tasks, timeout=self._patience_seconds) if tasks else ((), ())
        for task in late:
            logger.warning("%s did not finish its step in time and is cancelled", task.get_name())
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    # Even a rest of no time lets other tasks have their turn.
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
