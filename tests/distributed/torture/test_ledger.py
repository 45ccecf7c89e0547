"""What the ledger of a client allows, when answers were lost."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.distributed.torture.ledger import Ledger, Place, TaskState

IN_LIST = TaskState("Call Ada")
IN_TRASH = TaskState("Call Ada", place=Place.TRASH)
GONE = TaskState("Call Ada", place=Place.GONE)


@pytest.fixture
def task_id() -> UUID:
    return uuid4()


@pytest.fixture
def ledger(task_id: UUID) -> Ledger:
    ledger = Ledger()
    ledger.acknowledge(**{str(task_id): IN_TRASH})
    return ledger


def test_what_was_acknowledged_must_be(ledger: Ledger, task_id: UUID) -> None:
    assert ledger.allows(task_id, IN_TRASH)
    assert not ledger.allows(task_id, IN_LIST)


def test_of_two_commands_without_an_answer_either_may_have_happened(ledger: Ledger, task_id: UUID) -> None:
    ledger.doubt(**{str(task_id): GONE})
    ledger.doubt(**{str(task_id): IN_LIST})

    assert all(ledger.allows(task_id, state) for state in (IN_TRASH, GONE, IN_LIST))
    assert task_id not in ledger.usable(place=Place.TRASH)
