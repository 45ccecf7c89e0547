"""The assistant makes of every sentence of the case files what stands there."""

from __future__ import annotations

import pytest

from tests.assistant.case_files import changes, expected_of, outcome_of
from tests.unit.quick_add.case_files import Row, cases, rows


@pytest.mark.parametrize("row", cases("assistant.csv", only=lambda row: row["answer"] != "none"))
def test_a_sentence_is_understood(row: Row) -> None:
    outcome, expected = outcome_of(row), expected_of(row)
    if expected.answer == "missing":
        assert (outcome.answer, outcome.tool) == (expected.answer, expected.tool)
    else:
        assert outcome == expected


@pytest.mark.parametrize(
    "row", cases("assistant.csv", only=lambda row: row["answer"] in ("none", "say", "cant", "missing"))
)
def test_what_is_no_order_changes_nothing(row: Row) -> None:
    assert not changes(outcome_of(row))


@pytest.mark.parametrize("row", cases("assistant_paraphrases.csv"))
def test_other_words_change_nothing_that_was_not_asked(row: Row) -> None:
    outcome = outcome_of(row)
    assert outcome == expected_of(row) or not changes(outcome)


def test_four_of_five_sentences_in_other_words_are_understood() -> None:
    understood = [outcome_of(row) == expected_of(row) for row in rows("assistant_paraphrases.csv")]
    assert sum(understood) >= 0.8 * len(understood)


def test_every_tool_is_reached_by_a_sentence() -> None:
    assert {row["tool"] for row in rows("assistant.csv")} - {""} == {
        "add_task", "get_task", "list_tasks", "search_tasks", "sort_tasks", "overview", "update_task", "update_tasks",
        "complete_tasks", "reopen_tasks", "reschedule_tasks", "delete_tasks", "restore_tasks", "list_tags", "edit_tag",
        "list_projects", "edit_project", "set_reminders", "set_recurrence", "undo",
    }  # fmt: skip
