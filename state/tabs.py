"""Which browser tabs are open, whose they are, and what they show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from state.pictures import WindowKey


@dataclass(frozen=True, slots=True)
class Tab:
    """One open tab: Reflex's client token, the session it belongs to, the window it shows."""

    token: str
    user_id: UUID
    session_id: UUID
    session_digest: str
    window: WindowKey


class Tabs:
    """The open tabs of this process, by user."""

    def __init__(self) -> None:
        self._tabs: dict[str, Tab] = {}
        self._of_user: dict[UUID, set[str]] = {}
        self._with_history: set[str] = set()
        self._ringing: set[str] = set()
        self._cards: dict[str, frozenset[UUID]] = {}
        # How many notices of changes have come, whoever they were about.
        self.notices = 0

    def watch(self, tab: Tab, *, as_of: int) -> bool:
        """Note what a tab shows now; whether that is all there is.

        A tab that was not known before has not heard of what was committed while it read, from the notice
        ``as_of`` on, and has to read again.
        """
        missed = tab.token not in self._tabs and self.notices != as_of
        earlier = self._tabs.get(tab.token)
        if earlier is not None and earlier.user_id != tab.user_id:
            self.forget(tab.token)
        self._tabs[tab.token] = tab
        self._of_user.setdefault(tab.user_id, set()).add(tab.token)
        return not missed

    def note_history(self, token: str) -> None:
        """Note that a tab shows what happened to something, not only how it is."""
        self._with_history.add(token)

    def note_bell(self, token: str, *, rings: bool) -> None:
        """Note whether the bell of a tab shows that something is unread."""
        (self._ringing.add if rings else self._ringing.discard)(token)

    def note_cards(self, token: str, task_ids: frozenset[UUID]) -> None:
        """Note of which tasks the assistant shows cards in a tab."""
        if task_ids:
            self._cards[token] = task_ids
        else:
            self._cards.pop(token, None)

    def forget(self, token: str) -> None:
        """A tab was closed, or belongs to nobody any more."""
        self._with_history.discard(token)
        self._ringing.discard(token)
        self._cards.pop(token, None)
        tab = self._tabs.pop(token, None)
        if tab is None:
            return
        tokens = self._of_user[tab.user_id]
        tokens.discard(token)
        if not tokens:
            del self._of_user[tab.user_id]

    def of_user(self, user_id: UUID) -> list[Tab]:
        """The tabs of one user."""
        return [self._tabs[token] for token in self._of_user.get(user_id, ())]

    def shows_history(self, tab: Tab) -> bool:
        """Whether a tab shows what happened to something, or did lately."""
        return tab.token in self._with_history

    def rings(self, user_id: UUID) -> bool:
        """Whether the bell of one of the user's tabs shows that something is unread."""
        return not self._ringing.isdisjoint(self._of_user.get(user_id, ()))

    def on_cards(self, user_id: UUID) -> frozenset[UUID]:
        """The tasks of which the assistant shows cards in the user's tabs."""
        tokens = self._cards.keys() & self._of_user.get(user_id, set())
        return frozenset[UUID]().union(*(self._cards[token] for token in tokens))

    def users(self) -> list[UUID]:
        """Everybody who has a tab open."""
        return list(self._of_user)

    def __len__(self) -> int:
        """How many tabs are open."""
        return len(self._tabs)


open_tabs = Tabs()
