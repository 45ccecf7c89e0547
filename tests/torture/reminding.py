"""A process that does everything the server does with reminders, until it is killed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from todo_app.bootstrap import bootstrap
from todo_app.embedded_runtime import run_embedded
from todo_app.notifications import flood
from todo_app.notifications.courier import Limits
from todo_app.notifications.port import KINDS
from todo_app.settings import Settings
from workers import couriers

# What was being sent when the process was killed is sent again soon, so that the test needs no patience.
LEASE = timedelta(seconds=4)


def remind_until_killed(settings: dict[str, Any]) -> None:
    """Plan, send and deliver."""
    limits = Limits(deadline=timedelta(seconds=3), lease=LEASE)
    couriers.LIMITS.update(dict.fromkeys(KINDS, limits))
    flood.LIMITS = ()  # one person gets thousands in a minute here
    asyncio.run(_remind(Settings(_env_file=None, **settings)))


async def _remind(settings: Settings) -> None:
    async with run_embedded(bootstrap(settings)):
        await asyncio.Event().wait()
