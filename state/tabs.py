"""Which browser tabs are open, whose they are, and what they show."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from uuid import UUID

from todo_app.domain.identity import Identity


@dataclass(frozen=True, slots=True)
class Tab:
    """One open tab: Reflex's client token, the session it belongs to, the window it shows."""

    token: str
    identity: Identity
    session_digest: str
    window: Hashable


class Tabs:
    """The open tabs of this process, by user."""

    def __init__(self) -> None:
        self._tabs: dict[str, Tab] = {}
        self._of_user: dict[UUID, set[str]] = {}

    def watch(self, tab: Tab) -> None:
        """Note what a tab shows now."""
        self.forget(tab.token)
        self._tabs[tab.token] = tab
        self._of_user.setdefault(tab.identity.user_id, set()).add(tab.token)

    def forget(self, token: str) -> None:
        """A tab was closed, or belongs to nobody any more."""
        tab = self._tabs.pop(token, None)
        if tab is None:
            return
        tokens = self._of_user[tab.identity.user_id]
        tokens.discard(token)
        if not tokens:
            del self._of_user[tab.identity.user_id]

    def of_user(self, user_id: UUID) -> list[Tab]:
        """The tabs of one user."""
        return [self._tabs[token] for token in self._of_user.get(user_id, ())]

    def users(self) -> list[UUID]:
        """Everybody who has a tab open."""
        return list(self._of_user)

    def __len__(self) -> int:
        """How many tabs are open."""
        return len(self._tabs)


open_tabs = Tabs()
