"""What makes ticks happen, whoever does: each way runs this with ticks that happen for real."""

from __future__ import annotations

import asyncio

from todo_app.ticks.port import Tick, Ticks

PATIENCE_SECONDS = 20.0


class Count:
    """Calls so far, and a way to wait for more."""

    def __init__(self) -> None:
        self.calls = 0
        self._called = asyncio.Event()

    def __call__(self) -> None:
        self.calls += 1
        self._called.set()

    async def reaches(self, calls: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.calls < calls:
                self._called.clear()
                await self._called.wait()


class TicksSuite:
    """Needs the fixture ``ticks``, which happen while the test runs."""

    async def test_reminders_are_looked_at_again_and_again(self, ticks: Ticks) -> None:
        count = Count()
        ticks.subscribe(Tick.REMINDERS, count)

        await count.reaches(2)

    async def test_a_second_lies_between_two_looks(self, ticks: Ticks) -> None:
        count = Count()
        ticks.subscribe(Tick.REMINDERS, count)
        await count.reaches(1)
        began = asyncio.get_running_loop().time()
        await count.reaches(4)

        assert 2 < asyncio.get_running_loop().time() - began < 6

    async def test_everybody_who_subscribed_is_called(self, ticks: Ticks) -> None:
        counts = [Count(), Count()]
        for count in counts:
            ticks.subscribe(Tick.REMINDERS, count)

        await asyncio.gather(*(count.reaches(1) for count in counts))

    async def test_another_tick_calls_nobody(self, ticks: Ticks) -> None:
        seconds, hours = Count(), Count()
        ticks.subscribe(Tick.REMINDERS, seconds)
        ticks.subscribe(Tick.RETENTION, hours)
        await seconds.reaches(2)

        assert hours.calls == 0
