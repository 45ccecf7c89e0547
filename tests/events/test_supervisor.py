"""Loops go on after errors, are woken early, and stop without being torn apart."""

from __future__ import annotations

import asyncio
import logging

import pytest

from todo_app.events.supervisor import Backoff, Loop, Supervisor

FOREVER = 3600.0


async def test_a_loop_rests_until_it_is_woken() -> None:
    steps: asyncio.Queue[int] = asyncio.Queue()
    count = 0

    async def step() -> float:
        nonlocal count
        count += 1
        steps.put_nowait(count)
        return FOREVER

    loop = Loop("counter", step)
    async with asyncio.timeout(5), Supervisor().running([loop]):
        assert await steps.get() == 1
        assert steps.empty()
        loop.wake.set()
        assert await steps.get() == 2


async def test_a_wake_during_a_step_is_not_lost() -> None:
    begun, may_end, again = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def step() -> float:
        if begun.is_set():
            again.set()
        begun.set()
        await may_end.wait()
        return FOREVER

    loop = Loop("busy", step)
    async with asyncio.timeout(5), Supervisor().running([loop]):
        await begun.wait()
        loop.wake.set()
        may_end.set()
        await again.wait()


async def test_a_loop_goes_on_after_errors_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    recovered = asyncio.Event()
    failures = 3

    async def step() -> float:
        nonlocal failures
        if failures:
            failures -= 1
            raise RuntimeError("the database is away")
        recovered.set()
        return FOREVER

    backoff = Backoff(first_seconds=0.001, longest_seconds=0.002)
    async with asyncio.timeout(5), Supervisor(backoff=backoff).running([Loop("relay", step)]):
        await recovered.wait()
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 3
    assert "relay failed" in errors[0].getMessage()


async def test_one_failing_loop_leaves_the_others_alone() -> None:
    worked = asyncio.Event()

    async def bad() -> float:
        raise RuntimeError

    async def good() -> float:
        worked.set()
        return FOREVER

    async with asyncio.timeout(5), Supervisor().running([Loop("bad", bad), Loop("good", good)]):
        await worked.wait()


async def test_a_step_is_let_finish_when_the_supervisor_stops() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    ended: list[str] = []

    async def step() -> float:
        begun.set()
        await may_end.wait()
        ended.append("committed")
        return FOREVER

    async with asyncio.timeout(5), Supervisor().running([Loop("consumer", step)]):
        await begun.wait()
        asyncio.get_running_loop().call_later(0.02, may_end.set)
    assert ended == ["committed"]


async def test_a_step_that_hangs_is_cancelled_in_the_end(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def step() -> float:
        begun.set()
        await asyncio.Event().wait()
        return FOREVER

    async with asyncio.timeout(5), Supervisor(patience_seconds=0.01).running([Loop("stuck", step)]):
        await begun.wait()
    assert "stuck did not finish" in caplog.text


async def test_a_step_that_only_listens_is_cancelled_at_once() -> None:
    begun = asyncio.Event()

    async def step() -> float:
        begun.set()
        await asyncio.Event().wait()
        return FOREVER

    listening = Loop("watch", step, interruptible=True)
    async with asyncio.timeout(5), Supervisor(patience_seconds=60).running([listening]):
        await begun.wait()


def test_pauses_double_up_to_the_longest() -> None:
    backoff = Backoff(first_seconds=0.5, longest_seconds=3)
    assert [backoff.pause(failures) for failures in (1, 2, 3, 4, 1000)] == [0.5, 1, 2, 3, 3]
