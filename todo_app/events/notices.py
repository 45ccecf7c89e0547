"""Tells a process at once which things of which user changed, so that open pages read them anew."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from todo_app.domain.events import Event

logger = logging.getLogger(__name__)

_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Notice:
    """What changed for one user, by id; the truth about it is in the database."""

    user_id: UUID
    event_ids: frozenset[UUID]
    aggregate_ids: frozenset[UUID]
    types: frozenset[str]
    command_ids: frozenset[UUID]


Listener = Callable[[Notice], None]


class Others(Protocol):
    """The other processes, which hear of commits by the relay and of these by the process itself."""

    def history(self, events: Iterable[Event]) -> None:
        """These events are in the activity list now."""

    def told(self, user_id: UUID) -> None:
        """The notifications of a user are other ones now."""


class Notices:
    """Hands notices to the listeners of this process, on the event loop, in the order of commits.

    An event is announced once, by whoever comes first: the commit itself when this process made it, else
    the relay when it claims the event. Notices may be lost, so nothing but freshness may hang on them.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._activity_listeners: list[Listener] = []
        self._told_listeners: list[Callable[[UUID], None]] = []
        self._announced: OrderedDict[UUID, None] = OrderedDict()
        self._others: Others | None = None

    def tell(self, others: Others) -> None:
        """Let other processes hear what is announced here."""
        self._others = others

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` when things changed, before any worker has acted on it; it must not block.

        Returns a function that ends the subscription.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def subscribe_activity(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` when changes have reached the activity list, a moment after they were made.

        Returns a function that ends the subscription.
        """
        self._activity_listeners.append(listener)
        return lambda: self._activity_listeners.remove(listener)

    def subscribe_told(self, listener: Callable[[UUID], None]) -> Callable[[], None]:
        """Call ``listener`` with a user whose notifications have changed: new ones, or read ones.

        Returns a function that ends the subscription.
        """
        self._told_listeners.append(listener)
        return lambda: self._told_listeners.remove(listener)

    def announce_told(self, user_id: UUID) -> None:
        """The notifications of a user are other ones now."""
        self.announce_told_from_elsewhere(user_id)
        if self._others is not None:
            self._others.told(user_id)

    def announce_told_from_elsewhere(self, user_id: UUID) -> None:
        """Another process says that the notifications of a user are other ones now."""
        for listener in tuple(self._told_listeners):
            try:
                listener(user_id)
            except Exception:
                # What was told is stored already: a page that can't show it must not make it look failed.
                logger.exception("A listener could not take the notifications of user %s", user_id)

    def announce(self, events: Iterable[Event]) -> None:
        """These events are committed."""
        fresh = [event for event in events if event.id not in self._announced]
        self._remember(event.id for event in fresh)
        _hand_over(notices_of(fresh), self._listeners)

    def announce_from_elsewhere(self, notice: Notice) -> None:
        """Another process says that things changed; a notice without ids of events is always news."""
        if notice.event_ids and notice.event_ids <= self._announced.keys():
            return
        self._remember(notice.event_ids)
        _hand_over([notice], self._listeners)

    def announce_activity(self, events: Sequence[Event]) -> None:
        """These events are in the activity list now."""
        _hand_over(notices_of(events), self._activity_listeners)
        if self._others is not None:
            self._others.history(events)

    def announce_activity_from_elsewhere(self, notice: Notice) -> None:
        """Another process says that events are in the activity list now."""
        _hand_over([notice], self._activity_listeners)

    def _remember(self, event_ids: Iterable[UUID]) -> None:
        for event_id in event_ids:
            self._announced[event_id] = None
        while len(self._announced) > _REMEMBERED:
            self._announced.popitem(last=False)


def notices_of(events: Iterable[Event]) -> list[Notice]:
    """One notice per user, in the order in which the users first appear."""
    by_user: dict[UUID, list[Event]] = {}
    for event in events:
        by_user.setdefault(event.user_id, []).append(event)
    return [
        Notice(
            user_id=user_id,
            event_ids=frozenset(event.id for event in own),
            aggregate_ids=frozenset(event.aggregate_id for event in own),
            types=frozenset(event.type for event in own),
            command_ids=frozenset(event.command_id for event in own),
        )
        for user_id, own in by_user.items()
    ]


def _hand_over(notices: Iterable[Notice], listeners: list[Listener]) -> None:
    for notice in notices:
        for listener in tuple(listeners):
            try:
                listener(notice)
            except Exception:
                # The command is committed already: a page that can't refresh must not make it look failed.
                logger.exception("A listener could not take the notice for user %s", notice.user_id)
