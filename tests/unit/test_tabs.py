"""A tab that is noted as open for the first time may have missed a change, and is told so."""

from __future__ import annotations

from uuid6 import uuid7

from state.pictures import WindowKey
from state.tabs import Tab, Tabs
from todo_app.domain.views import View


def _tab() -> Tab:
    return Tab("token", uuid7(), uuid7(), "digest", WindowKey(View(), None, 50))


def test_what_came_while_it_read_is_missed() -> None:
    tabs, tab = Tabs(), _tab()
    before = tabs.notices
    tabs.notices += 1

    assert not tabs.watch(tab, as_of=before)
    assert tabs.watch(tab, as_of=tabs.notices)


def test_a_tab_that_is_known_is_told_of_changes_anyway() -> None:
    tabs, tab = Tabs(), _tab()
    assert tabs.watch(tab, as_of=tabs.notices)
    before = tabs.notices
    tabs.notices += 1

    assert tabs.watch(tab, as_of=before)
