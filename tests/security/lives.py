"""Two people with one of everything, so that any of it would be found where it must not be."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel, col
from uuid6 import uuid7

from tests.state.people import Person
from todo_app.bootstrap import Application
from todo_app.db.models import OutboxEvent
from todo_app.domain.events import Event, ReminderDue
from todo_app.domain.identity import Scope, SessionToken
from todo_app.domain.task import Due
from todo_app.services import accounts, channels, filters, projects, tags, tasks, tokens, webhooks
from todo_app.services.channels import CheckedAddress
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import AddTask, EditTasks
from todo_app.services.webhooks import read_target, webhook_box
from workers.audit import append
from workers.notifications import notify

Snapshot = dict[str, list[str]]


@dataclass(frozen=True)
class Life:
    """The ids of what somebody has, and the words that stand in it."""

    person: Person
    word: str
    task: UUID
    trashed: UUID
    project: UUID
    tag: UUID
    other_tag: UUID
    command: UUID
    filter: UUID
    notification: UUID
    channel: UUID
    session: UUID
    token: UUID
    webhook: UUID
    webhook_delivery: UUID

    def marks(self) -> tuple[str, ...]:
        """What must not appear in front of anybody else."""
        ids = (
            *(self.task, self.trashed, self.project, self.tag, self.other_tag, self.command),
            *(self.filter, self.notification, self.channel, self.session, self.token),
            *(self.webhook, self.webhook_delivery),
        )
        return (self.word, self.person.identity.email, self.person.secret, *(str(each) for each in ids))


async def live(person: Person, word: str) -> Life:
    """Give somebody tasks, a project, tags and a past; the word is in every title and name."""
    work = person.application.work
    async with work.write(person.identity) as uow:
        project = await projects.create(uow, f"{word} project")
        tag = await tags.create(uow, f"{word}-tag")
        other_tag = await tags.create(uow, f"{word}-other")
        token = (await tokens.create(uow, f"{word} token", Scope.READ)).token
        target = read_target(f"https://{word}.example.org/hook", allow_private=False)
        box = webhook_box(person.application.settings)
        webhook = (await webhooks.create(uow, f"{word} webhook", target, None, box=box)).webhook
        saved = await filters.create(uow, f"{word} filter", f'#{word}-tag | "{word}"')
        task = await tasks.add(uow, AddTask(f"{word} task", f"{word} description", due=Due(uow.now.date())))
        trashed = await tasks.add(uow, AddTask(f"{word} trashed"))
        await tasks.add(uow, AddTask(f"{word} subtask", parent_id=task.id))
    async with work.write(person.identity) as uow:
        change = EditTasks([task.id], TaskPatch(project_id=project.id), add_tag_ids=frozenset({tag.id}))
        await tasks.edit(uow, change)
        command = uow.command_id
    async with work.write(person.identity) as uow:
        await tasks.delete(uow, [trashed.id])
    async with work.write(person.identity) as uow:
        due = ReminderDue(reason="reminder", task_id=task.id, title=f"{word} task", meant_for=uow.now)
        channel = await channels.add_apprise(
            uow, CheckedAddress(f"json://{word}.example.org", "JSON"), f"{word} channel"
        )
        event = uow.record(uuid7(), 1, due)
        told = await webhooks.try_out(uow, webhook.id)
    async with work.write() as uow:
        await notify(uow, [event])
        uow.identity = person.identity
        [notification] = await uow.notifications.page()
    return Life(
        *(person, word, task.id, trashed.id, project.id, tag.id, other_tag.id, command),
        filter=saved.id,
        notification=notification.notification.id,
        channel=channel.id,
        session=await _log_in_elsewhere(person),
        token=token.id,
        webhook=webhook.id,
        webhook_delivery=told.id,
    )


async def _log_in_elsewhere(person: Person) -> UUID:
    """Another browser of the same person."""
    async with person.application.work.write() as uow:
        user = await uow.accounts.by_id(person.identity.user_id)
        assert user is not None
        secret = accounts.start_session(uow, user, days=1).secret
    async with person.application.work.read(SessionToken(secret)) as uow:
        assert uow.identity.session_id is not None
        return uow.identity.session_id


async def write_audit_log(application: Application) -> None:
    """What the audit worker does in the background, from which the activity lists are read."""
    async with application.work.write() as uow:
        rows = await uow.session.scalars(select(OutboxEvent).order_by(col(OutboxEvent.id)))
        events = [Event.model_validate_json(row.envelope) for row in rows.all()]
        await append(uow, events, key=b"k" * 32)


async def everything(application: Application) -> Snapshot:
    """All rows of all tables."""
    async with application.engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in await connection.execute(select(table)))
            for table in SQLModel.metadata.sorted_tables
        }


async def belongings(life: Life) -> Snapshot:
    """All rows that are somebody's, and the operator's settings."""
    rows = await everything(life.person.application)
    user_id = life.person.identity.user_id
    mine = (repr(user_id), str(user_id), user_id.hex, *(repr(each) for each in (life.task, life.trashed)))
    return {
        name: [row for row in found if name == "settings" or any(each in row for each in mine)]
        for name, found in rows.items()
    }
