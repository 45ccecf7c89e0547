"""A long sentence is read in a moment."""

from __future__ import annotations

from time import process_time

import pytest

from tests.assistant.case_files import NOW, ZONE
from todo_app.assistant.interpreter import Memory, interpret
from todo_app.assistant.interpreter.interpret import LONGEST

_LIMIT = 0.3


@pytest.mark.parametrize("lead", ["", "what ", "move ", "mark ", "remind me ", "add subtask "])
@pytest.mark.parametrize(
    "piece",
    ["x ", "1 ", "to ", " as", "' ", "move a to ", "milk and rent, ", "every monday ", "next ", "is done "],
)
def test_the_longest_sentence_takes_less_than_300_ms(lead: str, piece: str) -> None:
    line = (lead + piece * LONGEST)[:LONGEST]
    assert min(_seconds(line) for _ in range(2)) < _LIMIT


def test_a_longer_one_is_refused() -> None:
    assert "too long" in interpret("x" * (LONGEST + 1), now=NOW, zone=ZONE, memory=Memory()).text  # type: ignore[union-attr]


def _seconds(line: str) -> float:
    """Processor time, so that a busy machine does not count."""
    start = process_time()
    interpret(line, now=NOW, zone=ZONE, memory=Memory())
    return process_time() - start
