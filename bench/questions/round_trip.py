"""How long do add, complete and list take at the services, and does it depend on how many tasks there are?"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from bench.figures import Figure, p50, p95
from bench.libraries import library, log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.domain.identity import SessionToken
from todo_app.domain.task import Due, Priority
from todo_app.domain.views import ListName, View
from todo_app.services import lists, tasks
from todo_app.settings import Settings

SIZES = (100, 10_000, 100_000)
ROUNDS, WARM_UP = 200, 20
# As many rows everywhere, also where a list holds few tasks.
ROWS = 25
P95_MS, GROWTH = 10, 1.5


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a library."""

    application: Application
    token: SessionToken

    async def add(self) -> None:
        """Add a task."""
        async with self.application.work.write(self.token) as uow:
            due = Due(lists.today(uow))
            await tasks.add(uow, tasks.AddTask("Call the bench maker", priority=Priority.HIGH, due=due))

    async def complete(self) -> None:
        """Complete the first task of the list."""
        async with self.application.work.write(self.token) as uow:
            window = await lists.window(uow, View.of(ListName.ALL), limit=1)
            await tasks.complete(uow, [window.tasks[0].id])

    async def list_all(self) -> None:
        """Show the top of the list."""
        async with self.application.work.read(self.token) as uow:
            await lists.window(uow, View.of(ListName.ALL), limit=ROWS)

    async def list_today(self) -> None:
        """Show the top of today, with the numbers of the sidebar."""
        async with self.application.work.read(self.token) as uow:
            await lists.window(uow, View.of(ListName.TODAY), limit=ROWS // 2)
            await lists.counts(uow)


ACTIONS: dict[str, Callable[[Person], Awaitable[None]]] = {
    "list": Person.list_all,
    "today and counts": Person.list_today,
    "add": Person.add,
    "complete": Person.complete,
}


def answer() -> Sequence[Figure]:
    """Measure all sizes in turn, so that what else the machine does meets them alike."""
    with ExitStack() as stack:
        libraries = [stack.enter_context(library(size)) for size in SIZES]
        return asyncio.run(_measure(libraries))


async def _measure(libraries: Sequence[Settings]) -> list[Figure]:
    people = []
    for settings in libraries:
        application = bootstrap(settings)
        people.append(Person(application, await log_in(application)))
    figures = []
    for name, action in ACTIONS.items():
        seconds = await _rounds(action, people)
        for size, taken in zip(SIZES, seconds, strict=True):
            figures.append(Figure(f"{name}, {size:,} tasks, p50", p50(taken), "ms"))
            figures.append(Figure(f"{name}, {size:,} tasks, p95", p95(taken), "ms", P95_MS))
        growth = p50(seconds[-1]) / p50(seconds[0])
        figures.append(Figure(f"{name}, {SIZES[-1]:,} to {SIZES[0]}", growth, "x", GROWTH, relative=True))
    for person in people:
        await person.application.close()
    return figures


async def _rounds(action: Callable[[Person], Awaitable[None]], people: Sequence[Person]) -> list[list[float]]:
    seconds: dict[int, list[float]] = defaultdict(list)
    for number in range(WARM_UP + ROUNDS):
        for index, person in enumerate(people):
            before = time.perf_counter()
            await action(person)
            if number >= WARM_UP:
                seconds[index].append(time.perf_counter() - before)
    return [seconds[index] for index in range(len(people))]
