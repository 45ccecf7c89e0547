"""Verifying the audit chains: finds what was altered, removed, inserted, reordered or cut off."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from pydantic import ValidationError

from todo_app.db.models import AuditRecord
from todo_app.db.repositories.audit import StoredContent, StoredHead, StoredRecord
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.audit_chain import START, Link, content_digest, head_seal, same, seal
from todo_app.domain.events import Event

# The consumer that seals; its inbox rows say which events must be in the chains.
SEALER = "audit"
# A report names this many findings and counts the rest.
NAMED_FINDINGS = 200


class Kind(StrEnum):
    """What can be wrong."""

    RECORD_ALTERED = "record altered"
    RECORD_MISSING = "record missing"
    RECORD_OUT_OF_PLACE = "record out of place"
    CONTENT_ALTERED = "content altered"
    CONTENT_MISSING = "content missing"
    CONTENT_UNSEALED = "content unsealed"
    OUTBOX_DIFFERS = "outbox differs"
    HEAD_ALTERED = "head altered"
    HEAD_MISSING = "head missing"
    TAIL_CUT = "tail cut"
    BEYOND_HEAD = "records beyond the head"
    CHAIN_MISSING = "chain missing"
    EVENT_MISSING = "event missing"


_MEANING = {
    Kind.RECORD_ALTERED: "its seal was not made with this key for what the record says",
    Kind.RECORD_MISSING: "the records before it are not there",
    Kind.RECORD_OUT_OF_PLACE: "it does not follow on the record before it",
    Kind.CONTENT_ALTERED: "the content is not what was sealed",
    Kind.CONTENT_MISSING: "the content is gone, but the account is not",
    Kind.CONTENT_UNSEALED: "there is content, but no record seals it",
    Kind.OUTBOX_DIFFERS: "the outbox tells the event differently",
    Kind.HEAD_ALTERED: "the stated end of the chain was not sealed with this key",
    Kind.HEAD_MISSING: "nothing states where the chain ends",
    Kind.TAIL_CUT: "the chain ends before its stated end",
    Kind.BEYOND_HEAD: "the chain goes on after its stated end",
    Kind.CHAIN_MISSING: "there is no chain at all",
    Kind.EVENT_MISSING: "the event was processed, but no record seals it",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and where."""

    kind: Kind
    user_id: UUID
    position: int | None = None
    event_id: UUID | None = None

    def __str__(self) -> str:
        place = [f"user {self.user_id}"]
        place += [f"record {self.position}"] if self.position is not None else []
        place += [f"event {self.event_id}"] if self.event_id is not None else []
        return f"{', '.join(place)}: {self.kind}: {_MEANING[self.kind]}"


@dataclass(slots=True)
class Report:
    """What the verification saw."""

    chains: int = 0
    records: int = 0
    erased_chains: int = 0
    findings_total: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether everything is as it was sealed."""
        return self.findings_total == 0

    def add(self, finding: Finding) -> None:
        """Note something wrong; how much is kept does not grow with the damage."""
        self.findings_total += 1
        if len(self.findings) < NAMED_FINDINGS:
            self.findings.append(finding)


async def verify(uow: UnitOfWork, *, key: bytes) -> Report:
    """Check every chain against its seals, contents, head and the outbox, in constant memory.

    A chain whose account was deleted has no contents any more and is valid without them.
    """
    report = Report()
    chain: _Chain | None = None
    async for entry in uow.audit.records():
        if chain is None or chain.user_id != entry.record.user_id:
            if chain is not None:
                chain.finish()
            chain = _Chain(entry, report, key)
        chain.check(entry)
    if chain is not None:
        chain.finish()
    await _look_for_what_is_gone(uow, report)
    return report


async def _look_for_what_is_gone(uow: UnitOfWork, report: Report) -> None:
    async for user_id in uow.audit.heads_without_records():
        report.add(Finding(Kind.TAIL_CUT, user_id, 0))
    async for user_id in uow.audit.users_without_chain(SEALER):
        report.add(Finding(Kind.CHAIN_MISSING, user_id))
    async for user_id, position in uow.audit.contents_without_record():
        report.add(Finding(Kind.CONTENT_UNSEALED, user_id, position))
    async for user_id, event_id in uow.audit.taken_without_record(SEALER):
        report.add(Finding(Kind.EVENT_MISSING, user_id, event_id=event_id))


class _Chain:
    """The chain that is being read: how far it is and how the last record ended."""

    def __init__(self, first: StoredRecord, report: Report, key: bytes) -> None:
        self.user_id = first.record.user_id
        self._head = first.head
        self._report = report
        self._key = key
        self._position = 0
        self._last_seal = START
        report.chains += 1
        report.erased_chains += not first.has_account

    def check(self, entry: StoredRecord) -> None:
        record = entry.record
        self._report.records += 1
        if not same(record.seal, seal(self._key, _link(record))):
            self._found(Kind.RECORD_ALTERED, record)
        if record.position != self._position + 1:
            self._found(Kind.RECORD_MISSING, record)
        elif not same(record.previous_seal, self._last_seal):
            self._found(Kind.RECORD_OUT_OF_PLACE, record)
        self._position, self._last_seal = record.position, record.seal
        if entry.content is not None:
            self._check_content(record, entry.content, entry.sent_envelope)
        elif entry.has_account:
            self._found(Kind.CONTENT_MISSING, record)

    def _check_content(self, record: AuditRecord, content: StoredContent, sent: str | None) -> None:
        if not same(record.content_digest, content_digest(content.salt, content.envelope)):
            self._found(Kind.CONTENT_ALTERED, record)
            return
        event = _read(content.envelope)
        if event is None or not _agrees(event, record, content):
            self._found(Kind.CONTENT_ALTERED, record)
        elif sent is not None and not _tell_the_same(_read(sent), event):
            self._found(Kind.OUTBOX_DIFFERS, record)

    def finish(self) -> None:
        """Compare the end of the chain with its head."""
        if self._head is None:
            self._report.add(Finding(Kind.HEAD_MISSING, self.user_id))
            return
        if not same(self._head.seal, _expected_seal(self._head, self.user_id, self._key)):
            self._report.add(Finding(Kind.HEAD_ALTERED, self.user_id))
        if self._position < self._head.records:
            self._report.add(Finding(Kind.TAIL_CUT, self.user_id, self._position))
        elif self._position > self._head.records or not same(self._last_seal, self._head.last_seal):
            self._report.add(Finding(Kind.BEYOND_HEAD, self.user_id, self._position))

    def _found(self, kind: Kind, record: AuditRecord) -> None:
        self._report.add(Finding(kind, self.user_id, record.position, record.event_id))


def _link(record: AuditRecord) -> Link:
    return Link(
        user_id=record.user_id,
        position=record.position,
        event_id=record.event_id,
        content_digest=record.content_digest,
        previous_seal=record.previous_seal,
    )


def _expected_seal(head: StoredHead, user_id: UUID, key: bytes) -> str:
    return head_seal(key, user_id=user_id, records=head.records, last_seal=head.last_seal)


def _read(envelope: str) -> Event | None:
    try:
        return Event.model_validate_json(envelope)
    except ValidationError:
        return None


def _tell_the_same(sent: Event | None, sealed: Event) -> bool:
    """Whether two envelopes tell of the same; the trace of an event is lost on its way."""
    without_trace = {"traceparent": None}
    return sent is not None and sent.model_copy(update=without_trace) == sealed.model_copy(
        update=without_trace
    )


def _agrees(event: Event, record: AuditRecord, content: StoredContent) -> bool:
    """Whether the columns by which the activity list finds a content say what the content says."""
    return (event.id, event.user_id) == (record.event_id, record.user_id) and (
        event.aggregate_id,
        event.command_id,
        event.type,
        event.occurred_at,
    ) == (content.aggregate_id, content.command_id, content.type, content.occurred_at)
