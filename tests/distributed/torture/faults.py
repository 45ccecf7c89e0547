"""What goes wrong, when, and where: a hand of faults for each seed, and the table of what has been covered."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from distributed.apps import APPS
from tests.distributed.torture import copies
from tests.distributed.torture.process import POINTS
from tests.distributed.torture.stage import SECOND, SERVERS, Stage
from todo_app.domain.events import event_types

HANDS: Final = 20
TIMES: Final = 3
_SHUFFLE = 20261123
_PAUSE_SECONDS = (1.0, 5.0)
_AWAY_SECONDS = (0.0, 3.0)
_STOP_SECONDS = 30.0
_SLOW_SECONDS = 8.0
# Of each quarter of a second, how long the database holds still.
_SLOW_STEP = (0.2, 0.05)
_COPIES_SECONDS = 6.0
_SECOND_SECONDS = 10.0
_REMEMBERED_ENDS_SECONDS = 1.0
_READY_SECONDS = 180.0


class Kind(StrEnum):
    """What can go wrong."""

    KILL = "kill -9"
    PAUSE = "pause"
    STOP = "30 s away"
    SLOW = "slow"
    RESTART = "rolling restart"
    SECOND = "a second one"
    COPIES = "copies"
    BACKWARDS = "wrong order"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong with a process."""

    kind: Kind
    process: str


@dataclass(frozen=True, slots=True)
class Failpoint:
    """Dying at a point of the way of an event of some type."""

    point: str
    event_type: str

    @property
    def is_rung(self) -> bool:
        """Whether such an event comes when the clock says so, not when somebody does something."""
        return self.event_type.startswith("reminder.")


_PROCESSES: Final = (*(name for app in APPS for name in (app.name, app.sidecar)), *SERVERS)
FAULTS: Final = (
    *(Fault(kind, name) for kind in (Kind.KILL, Kind.PAUSE) for name in _PROCESSES),
    Fault(Kind.STOP, "kafka"),
    Fault(Kind.SLOW, "postgresql"),
    Fault(Kind.RESTART, "everything"),
    Fault(Kind.SECOND, "recurrence"),
    Fault(Kind.COPIES, "kafka"),
    Fault(Kind.BACKWARDS, "relay"),
)
FAILPOINTS: Final = tuple(Failpoint(point, event_type) for point in POINTS for event_type in event_types())
# What takes its time; a hand has at most one of them.
_LONG: Final = {Kind.STOP: 40.0, Kind.RESTART: 60.0}


@dataclass(frozen=True, slots=True)
class Hand:
    """What goes wrong in one round."""

    faults: Sequence[Fault]
    failpoints: Sequence[Failpoint]

    def seconds(self, usual: float) -> float:
        """How long the round takes, if one without long faults takes ``usual``."""
        return max([usual, *(_LONG.get(fault.kind, 0.0) for fault in self.faults)])


def hand_of(seed: int) -> Hand:
    """The faults of a seed; those of any twenty seeds in a row have every fault three times, every failpoint once."""
    faults = [fault for fault in FAULTS for _ in range(TIMES)]
    long = [fault for fault in faults if fault.kind in _LONG]
    short = [fault for fault in faults if fault.kind not in _LONG]
    failpoints = list(FAILPOINTS)
    dealer = random.Random(_SHUFFLE)
    dealer.shuffle(short)
    dealer.shuffle(failpoints)
    # The long ones first, so that none of them fall to one hand.
    deck, number = [*long, *short], seed % HANDS
    return Hand(deck[number::HANDS], failpoints[number::HANDS])


class Torturer:
    """Lets things go wrong, and keeps count."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._busy = {name: asyncio.Lock() for name in (*_PROCESSES, SECOND.name)}
        self.done: Counter[Fault] = Counter()
        self._acts: dict[Kind, Callable[[str, random.Random], Awaitable[None]]] = {
            Kind.KILL: self._kill,
            Kind.PAUSE: self._pause,
            Kind.STOP: self._stop,
            Kind.SLOW: self._slow,
            Kind.RESTART: self._restart_everything,
            Kind.SECOND: self._second,
            Kind.COPIES: self._copies,
            Kind.BACKWARDS: self._backwards,
        }

    async def play(self, seed: int, seconds: float) -> None:
        """Let a hand go wrong at random moments; returns when everything runs again."""
        hand, chance = hand_of(seed), random.Random(f"faults {seed}")
        async with self._forgetting_ends(), asyncio.TaskGroup() as group:
            group.create_task(self._arm(hand.failpoints, every=seconds / (len(hand.failpoints) + 1)))
            for fault in hand.faults:
                at = 0.0 if fault.kind in _LONG else chance.uniform(0, seconds * 0.8)
                group.create_task(self._go_wrong(fault, at, random.Random(chance.random())))
        await self._recover()

    async def die_at(self, failpoints: Sequence[Failpoint], seconds: float) -> None:
        """Let processes die at failpoints alone; returns when everything runs again."""
        rung = [each for each in failpoints if each.is_rung]
        others = [each for each in failpoints if not each.is_rung]
        async with self._forgetting_ends():
            # Reminders ring on the minute, so whoever waits for one waits all the time.
            await self._arm(rung, every=0)
            if others:
                await self._arm(others, every=seconds / len(others))
            else:
                await asyncio.sleep(seconds)
        await self._recover()

    async def _recover(self) -> None:
        # What nobody has come by waits for another round: nothing dies while the judge looks.
        self._stage.disarm()
        async with asyncio.TaskGroup() as group:
            for name in _PROCESSES:
                group.create_task(asyncio.to_thread(self._stage.run[name].wait_until_ready, _READY_SECONDS))

    async def _arm(self, failpoints: Sequence[Failpoint], *, every: float) -> None:
        # One after the other, so that somebody is left to work with.
        for each in failpoints:
            self._stage.arm(each.point, each.event_type)
            await asyncio.sleep(every)

    async def _go_wrong(self, fault: Fault, at: float, chance: random.Random) -> None:
        await asyncio.sleep(at)
        await self._acts[fault.kind](fault.process, chance)
        self.done[fault] += 1

    @contextlib.asynccontextmanager
    async def _forgetting_ends(self) -> AsyncIterator[None]:
        """Start again what died at a failpoint as soon as if it had never died before."""

        async def forget() -> None:
            while True:
                for name in _PROCESSES:
                    self._stage.run[name].ends = 0
                await asyncio.sleep(_REMEMBERED_ENDS_SECONDS)

        forgetting = asyncio.create_task(forget())
        try:
            yield
        finally:
            forgetting.cancel()
            await asyncio.gather(forgetting, return_exceptions=True)

    async def _kill(self, name: str, chance: random.Random) -> None:
        async with self._busy[name]:
            process = self._stage.run[name]
            await asyncio.to_thread(process.kill)
            await asyncio.sleep(chance.uniform(*_AWAY_SECONDS))
            await asyncio.to_thread(process.start)

    async def _pause(self, name: str, chance: random.Random) -> None:
        async with self._busy[name]:
            process = self._stage.run[name]
            await asyncio.to_thread(process.pause)
            await asyncio.sleep(chance.uniform(*_PAUSE_SECONDS))
            await asyncio.to_thread(process.resume)

    async def _stop(self, name: str, chance: random.Random) -> None:
        async with self._busy[name]:
            process = self._stage.run[name]
            await asyncio.to_thread(process.stop)
            await asyncio.sleep(_STOP_SECONDS)
            await asyncio.to_thread(process.start)

    async def _slow(self, name: str, chance: random.Random) -> None:
        """Hold it still for most of the time, so that everything it does takes a fraction of a second longer."""
        still, moving = _SLOW_STEP
        async with self._busy[name]:
            process = self._stage.run[name]
            for _ in range(round(_SLOW_SECONDS / (still + moving))):
                await asyncio.to_thread(process.pause)
                await asyncio.sleep(still)
                await asyncio.to_thread(process.resume)
                await asyncio.sleep(moving)

    async def _restart_everything(self, _: str, chance: random.Random) -> None:
        """One app after the other, each together with its sidecar, as a new version is rolled out."""
        for app in APPS:
            pod = [self._stage.run[app.name], self._stage.run[app.sidecar]]
            async with self._busy[app.name], self._busy[app.sidecar]:
                for process in pod:
                    await asyncio.to_thread(process.stop)
                for process in pod:
                    await asyncio.to_thread(process.start)
                for process in pod:
                    await asyncio.to_thread(process.wait_until_ready, _READY_SECONDS)

    async def _second(self, _: str, chance: random.Random) -> None:
        async with self._busy[SECOND.name]:
            for name in (SECOND.sidecar, SECOND.name):
                await asyncio.to_thread(self._stage.run[name].start)
            await asyncio.sleep(_SECOND_SECONDS)
            await asyncio.to_thread(self._stage.leave_alone)

    async def _copies(self, _: str, chance: random.Random) -> None:
        await copies.publish(self._stage, chance, seconds=_COPIES_SECONDS)

    async def _backwards(self, _: str, chance: random.Random) -> None:
        self._stage.order("backwards", wanted=True)
        await asyncio.sleep(_COPIES_SECONDS)
        self._stage.order("backwards", wanted=False)


def table(torturer: Torturer, hits: Counter[Failpoint]) -> str:
    """What was covered, how often."""
    lines = [f"{'':24}{'':18}times"]
    lines += [f"{fault.process:24}{fault.kind:18}{torturer.done[fault]:>5}" for fault in FAULTS]
    lines += ["", f"{'':24}{''.join(f'{point:>16}' for point in POINTS)}"]
    lines += [
        f"{event_type:24}{''.join(f'{hits[Failpoint(point, event_type)]:>16}' for point in POINTS)}"
        for event_type in event_types()
    ]
    return "\n".join(lines)
