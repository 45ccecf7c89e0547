"""The quick-add line says what it has understood while somebody types."""

from __future__ import annotations

import pytest

from state.quick_add import QuickAddState
from tests.state.people import Person
from tests.state.pipeline import Pipeline


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Pay rent every month on the 1st at 9am", ["every month on the 1st · 09:00"]),
        ("Water every 3 days", ["every 3 days"]),
        ("Pills every day at 8am and 8pm", ["every day at 08:00 and 20:00"]),
        ("Call Ben p1 #phone +Flat !30 min before", ["High", "phone", "Flat", "30 minutes before"]),
        ("Trip p2\n  Pack #bag", ["Medium", "bag"]),
    ],
)
async def test_the_chips_say_what_is_meant(
    pipeline: Pipeline, ada: Person, text: str, labels: list[str]
) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie)

    await tab.send(QuickAddState.understand, text=text)

    assert [chip["label"] for chip in tab.var(QuickAddState, "chips")] == labels
