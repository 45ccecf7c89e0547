"""What is measured for Prometheus; labels have few values, whatever people do."""

from __future__ import annotations

import math

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from todo_app.db.unit_of_work import Work

_COMMAND_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The instruments of one process, in a registry of their own."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "punctual_http_requests",
            "Answered requests, by the route's pattern.",
            ["route", "status"],
            registry=self.registry,
        )
        self.commands = Histogram(
            "punctual_command_seconds",
            "From the wish to write to the commit, of transactions that changed something.",
            buckets=_COMMAND_BUCKETS,
            registry=self.registry,
        )
        self.open_tabs = self._gauge("punctual_open_tabs", "Open sockets of pages.")
        self._database_up = self._gauge("punctual_database_up", "Whether the database answered just now.")
        self._unpublished = self._gauge("punctual_outbox_unpublished", "Events that are not published yet.")
        self._oldest = self._gauge("punctual_outbox_oldest_seconds", "How long the oldest has waited.")
        self._dead_letters = self._gauge("punctual_dead_letters", "Events that could not be processed.")
        work.after_command(self.commands.observe)

    async def render(self) -> bytes:
        """Everything in Prometheus' text format; what only the database knows is asked for now."""
        try:
            await self._ask_database()
        except (SQLAlchemyError, OSError):
            self._database_up.set(0)
            for gauge in (self._unpublished, self._oldest, self._dead_letters):
                gauge.set(math.nan)
        return generate_latest(self.registry)

    async def _ask_database(self) -> None:
        async with self._work.read() as uow:
            backlog, dead_letters = await uow.outbox.backlog(), await uow.dead_letters.count()
        age = (self._work.clock() - backlog.since).total_seconds() if backlog.since else 0
        self._database_up.set(1)
        self._unpublished.set(backlog.events)
        self._oldest.set(max(age, 0))
        self._dead_letters.set(dead_letters)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(name, what, registry=self.registry)
