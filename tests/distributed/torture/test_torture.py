"""Whatever dies, hangs, or comes twice: what was promised holds, half a minute after all of it is back.

`TORTURE_SEEDS` says which seeds are played: `1-20`, or `7,12`; what a seed does is always the same.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from distributed.ports import free_ports
from tests.distributed.torture.faults import (
    FAILPOINTS,
    FAULTS,
    HANDS,
    TIMES,
    Failpoint,
    Torturer,
    hand_of,
    table,
)
from tests.distributed.torture.judge import Finding, judge
from tests.distributed.torture.load import Load, people_of
from tests.distributed.torture.stage import Stage, running
from tests.notifications.servers import Mailbox

SEEDS = os.environ.get("TORTURE_SEEDS", f"1-{HANDS}")
ROUND_SECONDS = 16.0
ROUNDS_A_JUDGEMENT = 5
COMMANDS_MIN = 5_000
# A slow machine is tortured as much: until enough was done, and every failpoint come by, nothing else goes wrong.
LAST_ROUNDS = 40
LAST_ROUND_SECONDS = 10.0
_MAILED, _REFUSED = {"p00", "p02", "p04"}, {"p01", "p03", "p05"}


def seeds_of(text: str) -> list[int]:
    """The seeds that a text such as ``1-20`` or ``7,12`` names."""
    parts = [part.split("-") for part in text.split(",")]
    return [seed for part in parts for seed in range(int(part[0]), int(part[-1]) + 1)]


@pytest.fixture(scope="module")
def mail_port() -> Iterator[int]:
    """A mail server that takes mails for some people and refuses them for others, for good."""
    port = free_ports(["mail"])["mail"]
    mailbox = Mailbox(refused={f"{name}@example.org": "550 No such person" for name in _REFUSED})
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def stage(tmp_path: Path, mail_port: int) -> Iterator[Stage]:
    """Everything, running."""
    settings = {"TODO_SMTP_URL": f"smtp://127.0.0.1:{mail_port}"}
    with running(settings, log=tmp_path / "run.log") as stage:
        yield stage


@pytest.mark.timeout(7200)
async def test_promises_are_kept_whatever_happens(stage: Stage) -> None:
    seeds, torturer = seeds_of(SEEDS), Torturer(stage)
    async with people_of(stage.urls, mailed=_MAILED | _REFUSED) as load:
        for number, seed in enumerate(seeds, start=1):
            await _play(stage, load, torturer, seed)
            if number % ROUNDS_A_JUDGEMENT == 0 or number == len(seeds):
                await _expect_nothing(stage, load, f"after seed {seed} of {SEEDS}")
        await _come_by_everything(stage, load, torturer, seeds)
        await _poison_and_replay(stage, load)
    hits = _hits(stage)
    print(table(torturer, hits))  # noqa: T201  # the figures that are promised
    in_doubt = sum(each.in_doubt for each in load.ledgers)
    print(f"{load.acknowledged} commands acknowledged, {in_doubt} in doubt")  # noqa: T201
    if len({seed % HANDS for seed in seeds}) == HANDS:
        assert {fault for fault in FAULTS if torturer.done[fault] < TIMES} == set()
        assert {failpoint for failpoint in FAILPOINTS if not hits[failpoint]} == set()
        assert load.acknowledged >= COMMANDS_MIN


async def _play(stage: Stage, load: Load, torturer: Torturer, seed: int) -> None:
    seconds = hand_of(seed).seconds(ROUND_SECONDS)
    before = load.acknowledged
    async with asyncio.TaskGroup() as group:
        group.create_task(load.work(seed, seconds))
        group.create_task(load.visit())
        group.create_task(torturer.play(seed, seconds))
    print(f"seed {seed}: {load.acknowledged - before} commands", flush=True)  # noqa: T201


async def _expect_nothing(stage: Stage, load: Load, when: str, *, is_poisoned: bool = False) -> None:
    findings = await judge(stage, load, is_poisoned=is_poisoned)
    assert not findings, _report(findings, f"{when}; what all processes said is in {stage.log}")


def _report(findings: Sequence[Finding], when: str) -> str:
    return "\n".join([when, *map(str, findings)])


async def _come_by_everything(stage: Stage, load: Load, torturer: Torturer, seeds: Sequence[int]) -> None:
    commands = COMMANDS_MIN * len(seeds) // HANDS
    for number in range(LAST_ROUNDS):
        missing = [each for seed in seeds for each in hand_of(seed).failpoints if not _hits(stage)[each]]
        if not missing and load.acknowledged >= commands:
            break
        async with asyncio.TaskGroup() as group:
            group.create_task(load.work(-number, LAST_ROUND_SECONDS, evenly=True))
            group.create_task(load.visit())
            rung = [each for each in missing if each.is_rung]
            others = [each for each in missing if not each.is_rung]
            # Others of them come first in the next round.
            some = (others[number % len(others) :] + others)[:4] if others else []
            group.create_task(torturer.die_at([*rung, *some], LAST_ROUND_SECONDS))
    await _expect_nothing(stage, load, "after all failpoints")


async def _poison_and_replay(stage: Stage, load: Load) -> None:
    stage.order("poison", wanted=True)
    for person in load.people[:3]:
        await person.add_poisoned()
    await _expect_nothing(stage, load, "with poison", is_poisoned=True)
    stage.order("poison", wanted=False)
    await asyncio.to_thread(stage.run.command, "dead-letters", "replay", "--all")
    await _expect_nothing(stage, load, "after the replay of what was poisoned")


def _hits(stage: Stage) -> Counter[Failpoint]:
    return Counter(Failpoint(point, event_type) for point, event_type in stage.hit)
