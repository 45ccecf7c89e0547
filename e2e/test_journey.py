"""The journey in the embedded mode, with pictures of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from e2e.clock import ClockedApp, clocked_app
from e2e.conftest import JOURNEY, OpenContext
from e2e.journey import MONDAY, ZONE, live_a_day


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockedApp]:
    with clocked_app(tmp_path_factory.mktemp("journey"), MONDAY) as app:
        yield app


@pytest.fixture(scope="module")
def base_url(clocked: ClockedApp) -> str:
    return clocked.url


class Album:
    """Pictures, numbered as they are taken."""

    def __init__(self) -> None:
        self._count = 0

    def take(self, page: Page, caption: str) -> None:
        self._count += 1
        JOURNEY.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=JOURNEY / f"{self._count} {caption}.png", animations="disabled")


def test_a_repeating_task_from_the_first_word_to_the_audit_log(
    new_context: OpenContext, clocked: ClockedApp
) -> None:
    context = new_context(timezone_id=ZONE)

    live_a_day(context, (clocked.url, clocked.url), clocked.clock, Album().take)
