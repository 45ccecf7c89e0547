"""Puts the application together from its settings: used by the web process, the commands and the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from todo_app.db.engine import create_engine
from todo_app.db.unit_of_work import Clock, Work, system_clock
from todo_app.events.notices import Notices
from todo_app.metrics import Metrics
from todo_app.notifications.channels import Channels
from todo_app.secrets.at_start import settings_with_secrets
from todo_app.settings import Settings
from todo_app.state_store.fallback import FallbackStateStore
from todo_app.state_store.port import StateStore
from todo_app.state_store.table import TableStateStore
from todo_app.ticks.port import Ticks

if TYPE_CHECKING:
    from todo_app.sidecar import Sidecar


@dataclass(frozen=True, slots=True)
class Application:
    """Everything a process needs."""

    settings: Settings
    engine: AsyncEngine
    work: Work
    state_store: StateStore
    notices: Notices
    metrics: Metrics
    channels: Channels
    ticks: Ticks = field(default_factory=Ticks)
    # In the distributed mode alone.
    sidecar: Sidecar | None = None

    async def close(self) -> None:
        """Let go of the database and the sidecar."""
        await self.engine.dispose()
        if self.sidecar is not None:
            await self.sidecar.close()


def bootstrap(settings: Settings | None = None, *, clock: Clock = system_clock) -> Application:
    """The application for these settings, by default those of the environment."""
    settings = settings or settings_with_secrets()
    engine = create_engine(settings.async_database_url)
    work = Work(engine, clock=clock, session_life=timedelta(days=settings.session_days))
    notices = Notices()
    work.after_commit(notices.announce)
    sidecar = _sidecar(settings)
    return Application(
        settings=settings,
        engine=engine,
        work=work,
        state_store=_state_store(work, sidecar),
        notices=notices,
        metrics=Metrics(work),
        channels=Channels(settings, clock),
        sidecar=sidecar,
    )


def _sidecar(settings: Settings) -> Sidecar | None:
    if settings.mode == "embedded":
        return None
    # What it needs takes time to load, and a laptop does without.
    from todo_app.sidecar import Sidecar

    return Sidecar(settings)


def _state_store(work: Work, sidecar: Sidecar | None) -> StateStore:
    table = TableStateStore(work)
    if sidecar is None:
        return table
    from todo_app.state_store.dapr import DaprStateStore

    return FallbackStateStore(DaprStateStore(sidecar, work.clock), table)


_applications: list[Application] = []


def current() -> Application:
    """The application of this process, made from the environment when it is first asked for."""
    if not _applications:
        _applications.append(bootstrap())
    return _applications[-1]


def use(application: Application) -> None:
    """Make this the application of the process; for tests, which build their own."""
    _applications[:] = [application]
