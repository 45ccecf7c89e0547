"""What one process does, the others know."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.distributed.conftest import eventually
from tests.distributed.whole.conftest import Somebody, Whole
from tests.fixtures.tab import Tab
from todo_app.bootstrap import bootstrap
from todo_app.db.repositories.accounts import identity_of
from todo_app.domain.events import ReminderData
from todo_app.services import tasks
from todo_app.settings import Settings

_BELL = "reflex___state____state.state___bell____bell_state"


async def test_a_tab_of_one_web_process_follows_what_is_done_at_the_other(somebody: Somebody) -> None:
    """The session that was opened at the first one holds at the second."""
    async with somebody.tab("web-1") as one, somebody.tab("web-2") as other:
        await asyncio.to_thread(somebody.add, "Water the tomatoes")
        for tab in (one, other):
            await tab.until(lambda tab=tab: "Water the tomatoes" in tab.titles)

        await other.send("complete", task_id=other.id_of("Water the tomatoes"))
        for tab in (one, other):
            await tab.until(lambda tab=tab: "Water the tomatoes" not in tab.titles)


async def test_the_next_occurrence_is_made_for_the_recurrence_worker_and_shows(
    whole: Whole, somebody: Somebody
) -> None:
    async with somebody.tab("web-1") as one, somebody.tab("web-2") as other:
        await asyncio.to_thread(somebody.add, "Pay rent every day")
        await other.until(lambda: "Pay rent" in other.titles)
        first = other.id_of("Pay rent")

        await one.until(lambda: "Pay rent" in one.titles)
        await one.send("complete", task_id=first)

        await other.until(lambda: "Pay rent" in other.titles and other.id_of("Pay rent") != first, seconds=20)
    [done] = whole.rows(
        """SELECT count(*) AS times FROM inbox JOIN outbox ON outbox.id = inbox.event_id
           WHERE consumer = 'recurrence' AND aggregate_id = %s""",
        first,
    )
    assert done["times"] == 1


async def test_a_reminder_rings_in_every_process(whole: Whole, somebody: Somebody) -> None:
    async with somebody.tab("web-1") as one, somebody.tab("web-2") as other:
        await remind(whole, somebody, "Call Eve")
        for tab in (one, other):
            await tab.until(lambda tab=tab: rings(tab) == "1", seconds=30)


def rings(tab: Tab) -> object:
    """How many are unread, as the bell of a tab shows it."""
    return tab.vars.get(_BELL, {}).get("unread")


async def remind(
    whole: Whole, somebody: Somebody, title: str, *, after: timedelta = timedelta(seconds=2)
) -> None:
    """Let somebody be reminded of a new task a moment from now, as another process of the app would."""
    application = bootstrap(Settings(_env_file=None, database_url=whole.run.addresses.database_url))
    async with application.work.read() as uow:
        user = await uow.accounts.by_email(somebody.email)
    assert user is not None
    at = application.work.clock() + after
    async with application.work.write(identity_of(user)) as uow:
        await tasks.add(uow, tasks.AddTask(title=title, reminders=(ReminderData(at=at),)))
    await application.close()


async def test_everything_is_sealed_and_told_to_outside_systems(whole: Whole, somebody: Somebody) -> None:
    await asyncio.to_thread(somebody.add, "Buy milk")

    eventually(whole.is_quiet)
    eventually(lambda: not whole.rows("SELECT user_id FROM audit_heads WHERE published < records"))
    assert "as it was sealed" in whole.run.command("audit", "verify")
