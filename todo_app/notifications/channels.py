"""The channels of an installation, made from its settings when they are first used."""

from __future__ import annotations

from functools import cached_property

from todo_app.db.unit_of_work import Clock
from todo_app.notifications.apprise_channel import AppriseChannel
from todo_app.notifications.mail_channel import MailChannel
from todo_app.notifications.port import APPRISE, EMAIL, PUSH, Channel
from todo_app.notifications.push_channel import PushChannel
from todo_app.notifications.vapid import VapidKey, vapid_key
from todo_app.settings import Settings


class Channels:
    """One of each kind."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def of(self, kind: str) -> Channel:
        """The channel of a kind.

        Raises:
            KeyError: when there is no such kind.
        """
        return {EMAIL: self._email, PUSH: self._push, APPRISE: self._apprise}[kind]()

    @cached_property
    def apprise(self) -> AppriseChannel:
        """It also says whether an address is one that it knows."""
        return AppriseChannel(allow_private=self._settings.allow_private_targets)

    @cached_property
    def vapid(self) -> VapidKey:
        """What browsers subscribe with."""
        return vapid_key(self._settings)

    def _email(self) -> Channel:
        return MailChannel(self._settings)

    def _push(self) -> Channel:
        return PushChannel(self.vapid, clock=self._clock, allow_private=self._settings.allow_private_targets)

    def _apprise(self) -> Channel:
        return self.apprise
