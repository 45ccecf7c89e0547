"""Examines what a process of the distributed mode stands on besides its database."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from todo_app.bootstrap import Application
from todo_app.events import topics
from todo_app.findings import Finding, failed, ok, warning
from todo_app.settings import Settings
from todo_app.sidecar import Sidecar, SidecarUnavailable

_EVERYBODY = frozenset({"kafka-pubsub", "kafka-pubsub-updates", "kubernetes-secrets"})
# By app id: what its sidecar must have loaded.
COMPONENTS: Final[Mapping[str, frozenset[str]]] = {
    "todo-web": _EVERYBODY | {"statestore", "sweep", "retention-check"},
    "todo-recurrence": _EVERYBODY,
    "todo-reminders": _EVERYBODY | {"statestore", "reminder-check", "day-check"},
    "todo-notifications": _EVERYBODY | {"statestore"},
    "todo-audit": _EVERYBODY,
}
# More than this, and reminders are seen to be late or early.
_SKEW = timedelta(seconds=2)


async def examine_distributed(application: Application) -> list[Finding]:
    """Look at the sidecar, the broker and the clocks; changes nothing."""
    findings = await _sidecar(application.sidecar)
    findings.append(await _topics(application.settings))
    # That the database is away is said elsewhere.
    with contextlib.suppress(DBAPIError, OSError):
        findings.append(await _skew(application))
    return findings


async def _sidecar(sidecar: Sidecar | None) -> list[Finding]:
    remedy = "Start daprd beside this process, with the same DAPR_GRPC_PORT and DAPR_API_TOKEN."
    if sidecar is None:
        return [failed("Sidecar", "there is none in this mode", "Set TODO_MODE=dapr.")]
    try:
        loaded = await sidecar.loaded()
    except SidecarUnavailable as error:
        return [failed("Sidecar", str(error), remedy)]
    if loaded.app_id not in COMPONENTS:
        known = ", ".join(sorted(COMPONENTS))
        return [failed("Sidecar", f"it runs as {loaded.app_id!r}", f"Give it one of the app ids {known}.")]
    missing = COMPONENTS[loaded.app_id] - loaded.components
    if missing:
        says = f"{loaded.app_id} has not loaded {', '.join(sorted(missing))}"
        remedy = "Apply dapr-components/ and look into the sidecar's log for why one was refused."
        return [ok("Sidecar", f"runs as {loaded.app_id}"), failed("Components", says, remedy)]
    return [ok("Sidecar", f"runs as {loaded.app_id}"), ok("Components", f"{len(loaded.components)} loaded")]


async def _topics(settings: Settings) -> Finding:
    if settings.kafka_brokers is None:
        return warning("Topics", "not looked at", "Set TODO_KAFKA_BROKERS to have them examined.")
    try:
        missing = await topics.missing(settings)
    except topics.BrokerUnavailable as error:
        return failed("Topics", str(error), "Start the broker, and correct TODO_KAFKA_BROKERS.")
    if missing:
        return failed("Topics", f"{', '.join(missing)} missing", "Run `python -m todo_app events topics`.")
    return ok("Topics", f"all {len(topics.TOPICS)} there")


async def _skew(application: Application) -> Finding:
    async with application.engine.connect() as connection:
        before = datetime.now(UTC)
        there: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
        after = datetime.now(UTC)
    skew = max(there - after, before - there, timedelta(0))
    says = f"{skew.total_seconds():.1f} s from the database's"
    if skew > _SKEW:
        return failed("Clocks", says, "Let a time service (NTP) set the clocks of all machines.")
    return ok("Clocks", says)
