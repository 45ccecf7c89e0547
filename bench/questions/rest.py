"""What does a request of a program cost, and does that depend on how many tasks there are?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field

import httpx
import psutil

from bench.figures import Figure, p50, p95
from bench.libraries import library, live, token_of, town
from bench.server import Server, serving
from bench.whole import servers
from todo_app.bootstrap import bootstrap
from todo_app.settings import Settings

PAGE, PAGES_DOWN, WARM_UP = 50, 20, 5
# How many at once, and how often.
ALONE, TOGETHER = (1, 100), (16, 10)
READ_CPU_MS, CREATE_CPU_MS, COMPLETE_CPU_MS, READ_KB, GROWTH = 3.5, 5, 6, 20, 1.1
WHOLE_LISTS, WHOLE_MB = 32, 300

_UNLIMITED = {"TODO_API_REQUESTS_PER_MINUTE": "1000000"}
_OF_ONE, _OF_MANY, _ON_POSTGRESQL = "10,000 tasks", "200,000 of 50", "10,000, PostgreSQL"


@dataclass(frozen=True)
class Place:
    """A database, a program's secret, and the process of the database where that is another one."""

    settings: Settings
    secret: str
    environment: dict[str, str] = field(default_factory=dict)
    database: psutil.Process | None = None

    @contextmanager
    def served(self, *, workers: bool) -> Iterator[Program]:
        """A program at a server of its own, which does the workers' work or leaves it."""
        with serving(self.settings, workers=workers, **self.environment, **_UNLIMITED) as server:
            yield Program(server, self.secret, self.database)


@dataclass
class Program:
    """A program of somebody and its server."""

    server: Server
    secret: str
    database: psutil.Process | None
    deep: str = ""
    to_complete: list[str] = field(default_factory=list)

    @property
    def http(self) -> httpx.AsyncClient:
        """A client of the API."""
        return httpx.AsyncClient(
            base_url=f"{self.server.url}/api/v1",
            headers={"Authorization": f"Bearer {self.secret}"},
            timeout=60,
            limits=httpx.Limits(max_connections=WHOLE_LISTS),
        )

    def seconds_used(self) -> float:
        """The processor's time that server and database have used."""
        processes = [self.database, *self.database.children()] if self.database else []
        times = [process.cpu_times() for process in processes]
        return self.server.seconds_used() + sum(each.user + each.system for each in times)


@dataclass(frozen=True)
class Cost:
    """What one kind of request takes; the processor's time is that of all that follows it, too."""

    cpu_ms: float
    alone: Sequence[float]
    together: Sequence[float]
    kilobytes: float


async def _list(http: httpx.AsyncClient, _: Program) -> httpx.Response:
    return await http.get("/tasks", params={"limit": PAGE})


async def _deep_page(http: httpx.AsyncClient, program: Program) -> httpx.Response:
    return await http.get("/tasks", params={"limit": PAGE, "status": "open", "cursor": program.deep})


async def _search(http: httpx.AsyncClient, _: Program) -> httpx.Response:
    return await http.get("/tasks", params={"limit": PAGE, "q": "call"})


async def _filter(http: httpx.AsyncClient, _: Program) -> httpx.Response:
    return await http.get("/tasks", params={"limit": PAGE, "filter": "(p1 | overdue) & !no date"})


async def _create(http: httpx.AsyncClient, _: Program) -> httpx.Response:
    return await http.post("/tasks", json={"title": "Call the maker", "tags": ["phone", "home", "errand"]})


async def _complete(http: httpx.AsyncClient, program: Program) -> httpx.Response:
    return await http.post(f"/tasks/{program.to_complete.pop()}/complete")


Action = Callable[[httpx.AsyncClient, Program], Awaitable[httpx.Response]]
READS: dict[str, Action] = {"list": _list, "deep page": _deep_page, "search": _search, "filter": _filter}
WRITES: dict[str, Action] = {"create with 3 tags": _create, "complete": _complete}
GOALS = {
    **dict.fromkeys(READS, READ_CPU_MS),
    "create with 3 tags": CREATE_CPU_MS,
    "complete": COMPLETE_CPU_MS,
}


def answer() -> Sequence[Figure]:
    """Measure each library by one and by many requests at once, and whole lists in memory."""
    with ExitStack() as stack:
        places = {
            _OF_ONE: stack.enter_context(_on_sqlite(library(10_000))),
            _OF_MANY: stack.enter_context(_on_sqlite(town(50, tasks=200_000))),
            _ON_POSTGRESQL: stack.enter_context(_on_postgresql(10_000)),
        }
        by_itself = {size: _cpu_by_itself(place) for size, place in places.items()}
        costs = {size: _costs_of(place) for size, place in places.items()}
        most = _memory_of_whole_lists(places[_OF_ONE])
    figures = [figure for size in places for figure in _figures(size, by_itself[size], costs[size])]
    growth = {name: by_itself[_OF_MANY][name] / by_itself[_OF_ONE][name] for name in GOALS}
    figures += [Figure(f"{name}, CPU, {_OF_MANY}", ratio, "x", GROWTH) for name, ratio in growth.items()]
    return [*figures, Figure(f"{WHOLE_LISTS} whole lists at once", most, "MB", WHOLE_MB)]


def _figures(size: str, by_itself: dict[str, float], costs: dict[str, Cost]) -> Iterator[Figure]:
    for name, cost in costs.items():
        yield Figure(f"{name}, {size}, CPU", by_itself[name], "ms", GOALS[name])
        if name in WRITES:
            yield Figure(f"{name}, {size}, CPU with the workers' part", cost.cpu_ms, "ms")
        else:
            yield Figure(f"{name}, {size}, answer", cost.kilobytes, "KB", READ_KB, relative=True)
        for number, seconds in ((ALONE[0], cost.alone), (TOGETHER[0], cost.together)):
            yield Figure(f"{name}, {size}, {number} at once, p50", p50(seconds), "ms")
            yield Figure(f"{name}, {size}, {number} at once, p95", p95(seconds), "ms")


def _cpu_by_itself(place: Place) -> dict[str, float]:
    """What the requests take of server and database where the workers are other processes."""
    with place.served(workers=False) as program:
        costs = asyncio.run(_costs(program))
    return {name: cost.cpu_ms for name, cost in costs.items()}


def _costs_of(place: Place) -> dict[str, Cost]:
    with place.served(workers=True) as program:
        # First what the requests without workers have left to be done.
        program.server.wait_until_idle()
        return asyncio.run(_costs(program))


@contextmanager
def _on_sqlite(made: AbstractContextManager[Settings]) -> Iterator[Place]:
    with made as settings:
        yield Place(settings, asyncio.run(_secret(settings)))


@contextmanager
def _on_postgresql(tasks: int) -> Iterator[Place]:
    with servers([]) as whole:
        secret = asyncio.run(_secret(whole.settings, fill=tasks))
        url = {"TODO_DATABASE_URL": whole.run.addresses.database_url}
        yield Place(whole.settings, secret, url, psutil.Process(whole.run["postgresql"].pid))


async def _secret(settings: Settings, *, fill: int = 0) -> str:
    application = bootstrap(settings)
    if fill:
        await live(application, tasks=fill)
    secret = await token_of(application)
    await application.close()
    return secret


async def _costs(program: Program) -> dict[str, Cost]:
    async with program.http as http:
        await _prepare(http, program)
        return {name: await _cost(http, program, action) for name, action in (READS | WRITES).items()}


async def _prepare(http: httpx.AsyncClient, program: Program) -> None:
    """Go down to a deep page, and gather tasks to complete."""
    parameters = {"limit": str(PAGE), "status": "open"}
    for _ in range(PAGES_DOWN):
        page = (await http.get("/tasks", params=parameters)).raise_for_status().json()
        program.to_complete += [task["id"] for task in page["items"]]
        program.deep = parameters["cursor"] = page["next_cursor"]


async def _cost(http: httpx.AsyncClient, program: Program, action: Action) -> Cost:
    async def timed() -> tuple[float, int]:
        before = time.perf_counter()
        response = (await action(http, program)).raise_for_status()
        return time.perf_counter() - before, response.num_bytes_downloaded

    async def run(at_once: int, times: int) -> list[tuple[float, int]]:
        return [
            each for _ in range(times) for each in await asyncio.gather(*(timed() for _ in range(at_once)))
        ]

    await run(1, WARM_UP)
    program.server.wait_until_idle(2)
    before = program.seconds_used()
    alone = await run(*ALONE)
    # What follows a change is its cost too.
    program.server.wait_until_idle(2)
    used = program.seconds_used() - before
    together = await run(*TOGETHER)
    return Cost(
        cpu_ms=used / len(alone) * 1000,
        alone=[seconds for seconds, _ in alone],
        together=[seconds for seconds, _ in together],
        kilobytes=max(size for _, size in alone) / 1000,
    )


def _memory_of_whole_lists(place: Place) -> float:
    with place.served(workers=True) as program:
        return asyncio.run(_whole_lists(program))


async def _whole_lists(program: Program) -> float:
    """The most memory that the server holds while so many programs read a whole list each, in megabytes."""
    async with program.http as http:

        async def read() -> None:
            parameters: dict[str, str] = {"limit": "100"}
            while True:
                page = (await http.get("/tasks", params=parameters)).raise_for_status().json()
                if page["next_cursor"] is None:
                    return
                parameters["cursor"] = page["next_cursor"]

        most = program.server.megabytes
        reading = asyncio.gather(*(read() for _ in range(WHOLE_LISTS)))
        while not reading.done():
            most = max(most, program.server.megabytes)
            await asyncio.sleep(0.1)
        await reading
    return most
