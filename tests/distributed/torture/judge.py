"""What must be true once everything runs again, read from the database, the broker and the open tabs."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import Any, Final
from uuid import UUID

import psycopg
from aiokafka import AIOKafkaConsumer, TopicPartition
from psycopg.rows import namedtuple_row

from distributed.local_run import CommandFailed
from tests.distributed.torture.ledger import Place, TaskState
from tests.distributed.torture.load import Load
from tests.distributed.torture.open_tab import NoAnswer, fresh, shown
from tests.distributed.torture.person import PATH, Person
from tests.distributed.torture.process import POISONED
from tests.distributed.torture.stage import Stage
from todo_app.domain.events import event_types
from todo_app.events.catalogue import REMINDERS, TASK_EVENTS, TASK_RECURRENCE, dead_letter_topic
from workers.notifications import notifications_consumer
from workers.recurrence import recurrence_consumer
from workers.reminders import reminders_consumer

RECOVERY_SECONDS: Final = 30.0
_LOOK_SECONDS = 0.5
_NAMED = 3
# Characters of a value.
_SAID = 200

_TYPES_OF: Final[dict[str, Collection[str]]] = {
    "audit": event_types(),
    **{
        each.name: each.subscription.types
        for each in (recurrence_consumer(), reminders_consumer(), notifications_consumer())
    },
}


class Kind(StrEnum):
    """What can be wrong."""

    COMMAND_LOST = "an acknowledged command is not in the database"
    EVENT_LOST = "a change has no event, or an event no change"
    NO_EFFECT = "an event has not taken effect"
    EFFECT_UNNOTED = "an event has taken effect, and nothing keeps it from doing so again"
    EFFECT_TWICE = "an event has taken effect more than once"
    OUT_OF_ORDER = "events of one aggregate have taken effect out of order"
    AUDIT = "the audit chain does not verify, or does not match the outbox"
    SUCCESSORS = "a closed occurrence does not have exactly one successor"
    REMINDERS = "a reminder came not at all, or twice"
    DEAD_LETTER = "something is among the dead letters that was not poisoned"
    NO_DEAD_LETTER = "something poisoned is not among the dead letters"
    STALE_TAB = "an open tab does not show what is in the database"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and where."""

    kind: Kind
    where: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}"


async def judge(
    stage: Stage, load: Load, *, is_poisoned: bool = False, seconds: float = RECOVERY_SECONDS
) -> list[Finding]:
    """What is wrong still some time after everything runs again; nothing, as soon as nothing is.

    Args:
        stage: What was tortured.
        load: Who used it; nobody is at work.
        is_poisoned: Whether events about things with a poisoned title are to be found among the dead letters.
        seconds: How long it may take to recover.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    # Reminders ring while the judge looks, so each tab must have been right once, not all at one moment.
    people, said = list(load.people), Counter[str]()
    while True:
        findings = await asyncio.to_thread(_in_database, stage, load, is_poisoned)
        if not findings:
            wrong = {person.name: await _tabs_of(person) for person in people}
            people = [person for person in people if wrong[person.name]]
            findings = [*chain.from_iterable(wrong.values()), *await _on_broker(stage)]
        if not findings:
            findings = await asyncio.to_thread(_in_audit_log, stage, is_poisoned)
        left = deadline - asyncio.get_running_loop().time()
        if not findings or left < 0:
            print(f"judged with {left:.1f} s left", flush=True)  # noqa: T201  # tells how near it was
            return findings
        kinds = Counter(finding.kind.name for finding in findings)
        if kinds != said:
            print(f"with {left:.1f} s left still wrong: {dict(kinds)}", flush=True)  # noqa: T201  # what it waits for
        said = kinds
        await asyncio.sleep(_LOOK_SECONDS)


def _in_database(stage: Stage, load: Load, is_poisoned: bool) -> list[Finding]:
    checks: list[Callable[[Rows], Iterable[Finding]]] = [
        partial(_commands, load),
        partial(_tasks, load),
        _events,
        partial(_effects, is_poisoned),
        _order,
        _successors,
        _reminders,
        partial(_dead_letters, is_poisoned),
    ]
    with psycopg.connect(stage.run.addresses.database_url, row_factory=namedtuple_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ

        def rows(query: str, parameters: Sequence[object] = ()) -> list[Any]:
            return connection.execute(query, parameters).fetchall()  # type: ignore[arg-type]

        return [finding for check in checks for finding in check(rows)]


Rows = Callable[..., list[Any]]


def _some(kind: Kind, places: Iterable[object]) -> list[Finding]:
    found = list(places)
    more = [Finding(kind, f"… {len(found)} in all")] if len(found) > _NAMED else []
    return [*(Finding(kind, str(place)) for place in found[:_NAMED]), *more]


def _commands(load: Load, rows: Rows) -> list[Finding]:
    known = {row.command_id for row in rows("SELECT DISTINCT command_id FROM outbox")}
    lost = [
        f"command {each} of {person.name}"
        for person in load.people
        for each in person.ledger.commands - known
    ]
    return _some(Kind.COMMAND_LOST, lost)


def _tasks(load: Load, rows: Rows) -> list[Finding]:
    found = {
        row.id: TaskState(row.title, row.completed_at is not None, _place(row))
        for row in rows("SELECT id, title, completed_at, deleted_at, purged_at FROM tasks")
    }
    wrong = [
        f"task {task_id} of {person.name} was {state}, or perhaps {person.ledger.doubts.get(task_id)}, "
        f"and is {found.get(task_id)}"
        for person in load.people
        for task_id, state in person.ledger.tasks.items()
        if not person.ledger.allows(task_id, found.get(task_id, TaskState("")))
    ]
    return _some(Kind.COMMAND_LOST, wrong)


def _place(row: Any) -> Place:
    if row.purged_at is not None:
        return Place.GONE
    return Place.TRASH if row.deleted_at is not None else Place.LIST


def _events(rows: Rows) -> list[Finding]:
    """The version of a row is the number of its last event, and the numbers have no gaps."""
    query = """
        SELECT coalesce(o.aggregate_id, t.id) AS id, t.version, o.last, o.events
        FROM (SELECT aggregate_id, max(seq) AS last, count(*) AS events FROM outbox
              WHERE user_id IN (SELECT id FROM users) GROUP BY 1) o
        FULL JOIN (SELECT id, version FROM tasks UNION ALL SELECT id, version FROM reminders WHERE version > 0) t
        ON t.id = o.aggregate_id
        WHERE coalesce(o.last, 0) <> coalesce(o.events, 0) OR t.version <> coalesce(o.last, 0)
    """
    return _some(Kind.EVENT_LOST, (f"{row}" for row in rows(query)))


def _effects(is_poisoned: bool, rows: Rows) -> list[Finding]:
    findings = []
    for consumer, types in _TYPES_OF.items():
        missing = rows(
            """
            SELECT o.type, o.id FROM outbox o
            WHERE o.type = ANY(%s)
              AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.event_id = o.id AND i.consumer = %s)
              AND NOT EXISTS (
                SELECT 1 FROM dead_letters d WHERE d.consumer = %s AND d.aggregate_id = o.aggregate_id AND %s
              )
            """,
            [list(types), consumer, consumer, is_poisoned],
        )
        findings += _some(Kind.NO_EFFECT, (f"{row.type} {row.id} at {consumer}" for row in missing))
    unnoted = rows(
        """
        SELECT r.event_id FROM audit_records r JOIN outbox o ON o.id = r.event_id
        WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE i.event_id = r.event_id AND i.consumer = 'audit')
        """
    )
    findings += _some(Kind.EFFECT_UNNOTED, (f"{row.event_id} in the audit log" for row in unnoted))
    twice = rows("SELECT event_id FROM audit_records GROUP BY 1 HAVING count(*) > 1")
    return findings + _some(Kind.EFFECT_TWICE, (f"{row.event_id} in the audit log" for row in twice))


def _order(rows: Rows) -> list[Finding]:
    """In the audit chain exactly, which is one per user; elsewhere as far as the clocks of two processes agree."""
    in_chain = rows(
        """
        SELECT aggregate_id, position FROM (
            SELECT c.aggregate_id, c.position, o.seq,
                   lag(o.seq) OVER (PARTITION BY c.user_id, c.aggregate_id ORDER BY c.position) AS before
            FROM audit_contents c JOIN audit_records r USING (user_id, position) JOIN outbox o ON o.id = r.event_id
        ) AS sealed WHERE before > seq
        """
    )
    at_consumers = rows(
        """
        SELECT consumer, aggregate_id, seq FROM (
            SELECT i.consumer, o.aggregate_id, o.seq, i.processed_at,
                   lag(i.processed_at) OVER (PARTITION BY i.consumer, o.aggregate_id ORDER BY o.seq) AS before
            FROM inbox i JOIN outbox o ON o.id = i.event_id
        ) AS done WHERE before > processed_at + interval '2 seconds'
        """
    )
    return _some(Kind.OUT_OF_ORDER, [*in_chain, *at_consumers])


def _successors(rows: Rows) -> list[Finding]:
    made: Counter[UUID] = Counter()
    made_from: dict[UUID, UUID] = {}
    ended: set[UUID] = set()
    for row in rows(
        """
        SELECT aggregate_id, type, envelope FROM outbox
        WHERE type IN ('task.recurred', 'task.withdrawn', 'recurrence.ended') ORDER BY aggregate_id, seq
        """
    ):
        data = json.loads(row.envelope)["data"]
        if row.type == "task.recurred":
            made_from[row.aggregate_id] = UUID(data["previous_id"])
            made[made_from[row.aggregate_id]] += 1
        elif row.type == "task.withdrawn" and row.aggregate_id in made_from:
            made[made_from.pop(row.aggregate_id)] -= 1
        elif row.type == "recurrence.ended":
            ended.add(UUID(data["last_id"]))
    closed = rows("SELECT id FROM tasks WHERE series_id IS NOT NULL AND completed_at IS NOT NULL")
    wrong = [row.id for row in closed if made[row.id] != 1 and not (row.id in ended and made[row.id] == 0)]
    return _some(Kind.SUCCESSORS, (f"task {each} has {made[each]}" for each in wrong))


def _reminders(rows: Rows) -> list[Finding]:
    unsent = rows(
        """
        SELECT r.id FROM reminders r JOIN tasks t ON t.id = r.task_id
        WHERE r.fires_at < now() - interval '5 seconds' AND r.sent_at IS NULL
          AND t.completed_at IS NULL AND t.deleted_at IS NULL
        """
    )
    moments = Counter(
        (row.aggregate_id, json.loads(row.envelope)["data"]["meant_for"])
        for row in rows("SELECT aggregate_id, envelope FROM outbox WHERE type = 'reminder.due'")
    )
    told = rows(
        "SELECT task_id, meant_for, count(*) FROM notifications WHERE reason = 'reminder' GROUP BY 1, 2 "
        "HAVING count(*) > 1"
    )
    twice = [f"{key} was due {times} times" for key, times in moments.items() if times > 1]
    return _some(Kind.REMINDERS, [*(f"{row.id} is not sent" for row in unsent), *twice, *told])


def _dead_letters(is_poisoned: bool, rows: Rows) -> list[Finding]:
    letters = rows("SELECT consumer, type, event_id, error, envelope FROM dead_letters")
    poisoned = [row for row in letters if is_poisoned and POISONED in row.envelope]
    wrong = [
        f"{row.type} {row.event_id} at {row.consumer}: {row.error}" for row in letters if row not in poisoned
    ]
    findings = _some(Kind.DEAD_LETTER, wrong)
    missing = {"audit", "reminders"} - {row.consumer for row in poisoned}
    if is_poisoned and missing:
        findings += _some(Kind.NO_DEAD_LETTER, missing)
    return findings


def _in_audit_log(stage: Stage, is_poisoned: bool) -> list[Finding]:
    try:
        report = json.loads(stage.run.command("audit", "verify", "--json"))
    except CommandFailed as failure:
        return [Finding(Kind.AUDIT, str(failure)[:1000])]
    findings = _some(Kind.AUDIT, report["findings"])
    [(records, events)] = stage.rows(
        "SELECT (SELECT count(*) FROM audit_records r JOIN outbox o ON o.id = r.event_id), (SELECT count(*) FROM outbox)"
    )
    if records != events and not is_poisoned:
        findings.append(Finding(Kind.AUDIT, f"{records} records of {events} events"))
    return findings


async def _tabs_of(person: Person) -> list[Finding]:
    """Every tab that was open all the time shows what one shows that is opened now."""
    [url, *_] = person.urls.values()
    try:
        truth = await fresh(url, person.cookie, PATH)
    except NoAnswer:
        return [Finding(Kind.STALE_TAB, f"none can be opened by {person.name}")]
    findings = []
    for name, tab in person.tabs.items():
        if tab.tab is None:
            findings.append(Finding(Kind.STALE_TAB, f"{person.name} is not connected to {name}"))
            continue
        for key, value in shown(tab.tab).items():
            if value != truth[key]:
                said = (
                    f"{person.name} on {name}: {key} is {str(value)[:_SAID]}, not {str(truth[key])[:_SAID]}"
                )
                findings.append(Finding(Kind.STALE_TAB, said))
    return findings


async def _on_broker(stage: Stage) -> list[Finding]:
    """What lies in the topics of dead letters is what was poisoned."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stage.run.addresses.kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        parts = [
            TopicPartition(dead_letter_topic(topic), partition)
            for topic in (TASK_EVENTS, REMINDERS, TASK_RECURRENCE)
            for partition in range(3)
        ]
        consumer.assign(parts)
        first, last = await consumer.beginning_offsets(parts), await consumer.end_offsets(parts)
        wrong = []
        for part in parts:
            consumer.seek(part, first[part])
            while await consumer.position(part) < last[part]:
                message = await consumer.getone(part)
                is_news = message.timestamp >= stage.began_at * 1000
                if is_news and POISONED.encode() not in (message.value or b""):
                    wrong.append(f"{part.topic}: {(message.value or b'').decode()[:500]}")
    finally:
        await consumer.stop()
    return _some(Kind.DEAD_LETTER, wrong)
