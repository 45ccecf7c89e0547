"""The judge of the torture sees when a safeguard is missing: each one is left out once, by the tests' wiring."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.distributed.torture.judge import Kind, judge
from tests.distributed.torture.load import Load, people_of
from tests.distributed.torture.open_tab import NoAnswer
from tests.distributed.torture.person import Refused
from tests.distributed.torture.process import AFTER_COMMIT
from tests.distributed.torture.stage import WEB, Stage, running

PEOPLE = 3
_PATIENCE_SECONDS = 40.0
_LOOK_SECONDS = 0.1
# Longer than what is lost takes to be sent again.
_RECOVERY_SECONDS = 20.0


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Everything, running; the apps are started anew by each test."""
    with running({}, log=tmp_path_factory.mktemp("controls") / "run.log") as stage:
        stage.order("patient", wanted=True)
        yield stage


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ("", None),
        ("inbox", Kind.EFFECT_UNNOTED),
        ("outbox", Kind.EVENT_LOST),
        ("sweeper", Kind.NO_EFFECT),
        ("seq", Kind.OUT_OF_ORDER),
    ],
)
async def test_a_missing_safeguard_is_seen(stage: Stage, without: str, expected: Kind | None) -> None:
    await asyncio.to_thread(stage.begin_anew, without=without)
    async with people_of(stage.urls, count=PEOPLE, prefix=without or "all") as load:
        await _turn_events_round(stage, load)
        await _die_between_commit_and_relay(stage, load)
        await _lose_what_waits_in_memory(stage, load)
        findings = await judge(stage, load, seconds=_RECOVERY_SECONDS)
    kinds = {finding.kind for finding in findings}
    if expected is None:
        assert not findings, "\n".join(map(str, findings))
    else:
        assert expected in kinds, "\n".join(map(str, findings))
        # No other safeguard's loss looks like this one.
        assert not kinds & ({Kind.EFFECT_UNNOTED, Kind.EVENT_LOST, Kind.OUT_OF_ORDER} - {expected})


async def _turn_events_round(stage: Stage, load: Load) -> None:
    stage.order("backwards", wanted=True)
    await asyncio.gather(*(person.hurry() for person in load.people))
    await _until(lambda: not stage.rows("SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1"))
    stage.order("backwards", wanted=False)


async def _die_between_commit_and_relay(stage: Stage, load: Load) -> None:
    stage.arm(AFTER_COMMIT, "task.updated")

    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not stage.hit:
            with contextlib.suppress(NoAnswer, Refused):
                await load.people[0].hurry()
            await asyncio.sleep(_LOOK_SECONDS)
    for name in WEB:
        await asyncio.to_thread(stage.run[name].wait_until_ready)


async def _lose_what_waits_in_memory(stage: Stage, load: Load) -> None:
    """A worker says that it has an event, since it will try once more, and dies before it does."""
    stage.order("poison", wanted=True)
    await load.people[0].add_poisoned()
    await _until(lambda: stage.failures("audit") >= 2)
    await asyncio.to_thread(stage.run["audit"].kill)
    stage.order("poison", wanted=False)
    await asyncio.to_thread(stage.run["audit"].start)
    await asyncio.to_thread(stage.run["audit"].wait_until_ready)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110  # other processes can't set an event of ours
            await asyncio.sleep(_LOOK_SECONDS)
