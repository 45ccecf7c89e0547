"""What the links of a mail do, for whoever has the mail: nobody logs in for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from todo_app.db.repositories.accounts import identity_of
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.notifications.links import Link, LinkAction
from todo_app.services import channels, reminders, tasks

SNOOZED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link would do, in words: a question, and the button that does it."""

    question: str
    button: str


async def offer(uow: UnitOfWork, link: Link) -> Offer:
    """What following a link would do; changes nothing.

    Raises:
        Invalid: when the link has been used, is too old, or leads to nothing any more.
    """
    await _identify(uow, link)
    if link.action is LinkAction.UNSUBSCRIBE:
        return Offer("Get no more notifications by mail?", "Stop these mails")
    if await uow.used_links.is_used(link.id):
        raise _used()
    title = (await uow.tasks.get(link.subject_id)).title
    if link.action is LinkAction.COMPLETE:
        return Offer(f"Complete “{title}”?", "Complete")
    return Offer(f"Remind you of “{title}” in an hour?", "Snooze 1 hour")


async def follow(uow: UnitOfWork, link: Link) -> str:
    """Do what a link says, and use it up in the same transaction; what was done, in words.

    Ending the mails may be asked for twice, since mail programs do.

    Raises:
        Invalid: when the link has been used, is too old, or leads to nothing any more.
    """
    await _identify(uow, link)
    if link.action is LinkAction.UNSUBSCRIBE:
        await channels.switch(uow, link.subject_id, on=False, because=channels.OFF_BY_LINK)
        return "You get no more notifications by mail. The settings can switch them on again."
    if not await uow.used_links.use(link.id, expires_at=link.expires_at):
        raise _used()
    await uow.notifications.mark_task_read(link.subject_id, now=uow.now)
    if link.action is LinkAction.COMPLETE:
        [task] = await tasks.complete(uow, [link.subject_id])
        return f"“{task.title}” is completed."
    task = await reminders.snooze(uow, link.subject_id, uow.now + SNOOZED_FOR)
    return f"You will be reminded of “{task.title}” in an hour."


async def _identify(uow: UnitOfWork, link: Link) -> None:
    """Let the transaction be the user's whom the link was written for."""
    user = await uow.accounts.by_id(link.user_id)
    if user is None or link.expires_at <= uow.now:
        raise Invalid("link", "This link is too old. Open Punctual to do it there.")
    uow.identity = identity_of(user)


def _used() -> Invalid:
    return Invalid("link", "This link has been used already.")
