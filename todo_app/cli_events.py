"""The commands that look after events: topics on the broker, the audit log, dead letters."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

if TYPE_CHECKING:
    from todo_app.bootstrap import Application
    from todo_app.db.models import DeadLetter
    from todo_app.db.unit_of_work import UnitOfWork
    from todo_app.events.topics import Change, Lag
    from todo_app.services.audit import Report

FAILED = 1

_Result = TypeVar("_Result")

audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)
events_app = typer.Typer(help="Events on the broker, of the distributed mode.", no_args_is_help=True)
dead_letters_app = typer.Typer(help="Events that could not be processed.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
LetterIds = Annotated[list[UUID] | None, typer.Argument(help="Ids, as `list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="Every dead letter there is.")]


@events_app.command("topics")
def ensure_topics(*, as_json: AsJson = False) -> None:
    """Make the topics on the broker, and bring those that are there to how they should be."""
    from todo_app.events import topics
    from todo_app.secrets.at_start import settings_with_secrets

    _silence_client()
    changes = asyncio.run(topics.ensure(settings_with_secrets()))
    if as_json:
        typer.echo(json.dumps([_change_as_json(change) for change in changes]))
        return
    typer.echo("\n".join(filter(None, map(_change_as_line, changes))) or "All topics are as they should be.")


@events_app.command("lag")
def show_lag(*, as_json: AsJson = False) -> None:
    """Show how many events each group of consumers has still to acknowledge, by partition."""
    from todo_app.events import topics
    from todo_app.secrets.at_start import settings_with_secrets

    _silence_client()
    lags = asyncio.run(topics.lags(settings_with_secrets()))
    typer.echo(json.dumps([_lag_as_json(lag) for lag in lags]) if as_json else _lags_as_table(lags))


@events_app.command("replay")
def replay_events(
    *,
    start: Annotated[datetime, typer.Option("--from", help="The first instant, in UTC.")],
    end: Annotated[datetime, typer.Option("--to", help="The instant after the last one, in UTC.")],
    consumer: Annotated[str, typer.Option(help="recurrence, reminders or notifications.")],
    as_json: AsJson = False,
) -> None:
    """Let a consumer deal once more with the events of a time range; the running app does it."""
    from todo_app.services.replay import replay
    from workers.roster import consumers

    async def run(application: Application) -> int:
        known = consumers(application, on_told=lambda _: None)
        if consumer not in known:
            raise typer.BadParameter(f"There is no consumer {consumer!r}. There are {', '.join(known)}.")
        async with application.work.write() as uow:
            utc_start, utc_end = start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
            return await replay(uow, known[consumer].subscription, start=utc_start, end=utc_end)

    sent = _on_application(run)
    said = f"{sent} event{'' if sent == 1 else 's'} sent out again."
    typer.echo(json.dumps({"sent": sent}) if as_json else said)


@audit_app.command("verify")
def verify(*, as_json: AsJson = False) -> None:
    """Check every audit chain; exit status 1 when something was altered, removed, inserted or reordered."""
    report = _on_application(_verify)
    typer.echo(json.dumps(_report_as_json(report)) if as_json else _report_as_text(report))
    if not report.valid:
        raise typer.Exit(FAILED)


@dead_letters_app.command("list")
def list_letters(
    *,
    consumer: Annotated[str | None, typer.Option(help="Only those of this consumer.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List dead letters, the oldest first."""
    from todo_app.services import dead_letters

    found = _on_application(_reading(lambda uow: dead_letters.letters(uow, consumer=consumer, limit=limit)))
    if as_json:
        typer.echo(json.dumps([_letter_as_json(letter) for letter in found]))
        return
    typer.echo("\n".join(map(_letter_as_line, found)) or "There are no dead letters.")


@dead_letters_app.command("show")
def show_letter(letter_id: UUID, *, as_json: AsJson = False) -> None:
    """Show one dead letter with its event and error."""
    from todo_app.services import dead_letters

    letter = _on_application(_reading(lambda uow: dead_letters.show(uow, letter_id)))
    shown = {**_letter_as_json(letter), "event": letter.envelope}
    typer.echo(json.dumps(shown) if as_json else "\n".join(f"{name}: {text}" for name, text in shown.items()))


@dead_letters_app.command("replay")
def replay_letters(letter_ids: LetterIds = None, *, everything: All = False, as_json: AsJson = False) -> None:
    """Send events out again, with those that wait behind them; the running app processes them."""
    from todo_app.services import dead_letters

    _each(letter_ids, dead_letters.replay, "replayed", everything=everything, as_json=as_json)


@dead_letters_app.command("discard")
def discard_letters(
    letter_ids: LetterIds = None, *, everything: All = False, as_json: AsJson = False
) -> None:
    """Give events up for good, so that those that wait behind them go on."""
    from todo_app.services import dead_letters

    _each(letter_ids, dead_letters.discard, "discarded", everything=everything, as_json=as_json)


def _each(
    letter_ids: list[UUID] | None,
    act: Callable[[UnitOfWork, UUID], Awaitable[DeadLetter]],
    done: str,
    *,
    everything: bool,
    as_json: bool,
) -> None:
    if bool(letter_ids) == everything:
        raise typer.BadParameter("Name dead letters by id, or all of them with --all.")

    async def act_on_all(application: Application) -> list[UUID]:
        async with application.work.write() as uow:
            chosen = letter_ids or [letter.id for letter in await uow.dead_letters.page(limit=None)]
            for letter_id in chosen:
                await act(uow, letter_id)
        return chosen

    acted_on = _on_application(act_on_all)
    if as_json:
        typer.echo(json.dumps({done: [str(letter_id) for letter_id in acted_on]}))
    else:
        typer.echo(f"{len(acted_on)} dead letter{'' if len(acted_on) == 1 else 's'} {done}.")


async def _verify(application: Application) -> Report:
    from todo_app.secret_key import purpose_key
    from todo_app.services import audit

    async with application.work.read() as uow:
        return await audit.verify(uow, key=purpose_key(application.settings, audit.SEALER))


def _reading(
    read: Callable[[UnitOfWork], Awaitable[_Result]],
) -> Callable[[Application], Awaitable[_Result]]:
    async def run(application: Application) -> _Result:
        async with application.work.read() as uow:
            return await read(uow)

    return run


def _on_application(run: Callable[[Application], Awaitable[_Result]]) -> _Result:
    from todo_app.bootstrap import bootstrap
    from todo_app.secrets.at_start import settings_with_secrets

    settings = settings_with_secrets()

    async def work() -> _Result:
        application = bootstrap(settings)
        try:
            return await run(application)
        finally:
            await application.close()

    return asyncio.run(work())


def _silence_client() -> None:
    """Leave it to the command to say what is wrong with the broker, once."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def _change_as_json(change: Change) -> dict[str, object]:
    return {
        "topic": change.topic,
        "is_new": change.is_new,
        "more_partitions": change.more_partitions,
        "settings": dict(change.settings),
    }


def _change_as_line(change: Change) -> str:
    if change.is_new:
        return f"Made {change.topic}."
    done = []
    if change.more_partitions:
        done.append("{} partitions instead of {}".format(*reversed(change.more_partitions)))
    if change.settings:
        done.append(f"{', '.join(sorted(change.settings))} set")
    return f"Changed {change.topic}: {'; '.join(done)}." if done else ""


def _lag_as_json(lag: Lag) -> dict[str, object]:
    return {
        "group": lag.group,
        "topic": lag.topic,
        "partition": lag.partition,
        "next_read": lag.next_read,
        "next_written": lag.next_written,
        "behind": lag.behind,
    }


def _lags_as_table(lags: list[Lag]) -> str:
    if not lags:
        return "There are no topics yet. Make them with `events topics`."
    return "\n".join(f"{lag.group:20}{lag.topic:18}{lag.partition:>3}{lag.behind:>12,}" for lag in lags)


def _report_as_text(report: Report) -> str:
    seen = f"records: {report.records}, chains: {report.chains}, of deleted accounts: {report.erased_chains}"
    if report.valid:
        return f"The audit log is as it was sealed ({seen})."
    lines = [f"The audit log was tampered with ({seen}). Findings: {report.findings_total}"]
    lines += [str(finding) for finding in report.findings]
    if report.findings_total > len(report.findings):
        lines.append(f"… and {report.findings_total - len(report.findings)} more")
    return "\n".join(lines)


def _report_as_json(report: Report) -> dict[str, object]:
    return {
        "valid": report.valid,
        "chains": report.chains,
        "erased_chains": report.erased_chains,
        "records": report.records,
        "findings_total": report.findings_total,
        "findings": [
            {
                "kind": finding.kind,
                "user_id": str(finding.user_id),
                "position": finding.position,
                "event_id": str(finding.event_id) if finding.event_id else None,
            }
            for finding in report.findings
        ],
    }


def _letter_as_json(letter: DeadLetter) -> dict[str, object]:
    return {
        "id": str(letter.id),
        "consumer": letter.consumer,
        "event_id": str(letter.event_id),
        "type": letter.type,
        "user_id": str(letter.user_id),
        "aggregate_id": str(letter.aggregate_id),
        "attempts": letter.attempts,
        "failed_at": letter.failed_at.isoformat(),
        "error": letter.error,
    }


def _letter_as_line(letter: DeadLetter) -> str:
    error = letter.error.splitlines()[0] if letter.error else ""
    return f"{letter.id}  {letter.failed_at:%Y-%m-%d %H:%M}  {letter.consumer}  {letter.type}  {error}"
