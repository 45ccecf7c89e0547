"""The tags of one user and the tasks that bear them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import insert_unless_taken, locked
from todo_app.db.models import ListCount, Tag, Task, TaskTag
from todo_app.domain.errors import NotFound
from todo_app.domain.text import fold

# Kept, since each new task with tags asks this.
_NAMED = select(Tag).where(
    col(Tag.user_id) == bindparam("user"),
    col(Tag.name_folded).in_(bindparam("names", expanding=True)),
    col(Tag.deleted_at).is_(None),
)


class TagRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id
        # Rows seen in this transaction, which need not be asked for again.
        self._known: dict[UUID, Tag] = {}

    async def all(self) -> Sequence[Tag]:
        """The tags that are not deleted, by name."""
        query = select(Tag).where(col(Tag.user_id) == self._user_id, col(Tag.deleted_at).is_(None))
        return (await self._session.scalars(query.order_by(col(Tag.name_folded)))).all()

    async def page(self, *, start: str | None, limit: int) -> Sequence[Tag]:
        """The next tags by name, from a folded name on."""
        query = select(Tag).where(col(Tag.user_id) == self._user_id, col(Tag.deleted_at).is_(None))
        if start is not None:
            query = query.where(col(Tag.name_folded) >= start)
        return (await self._session.scalars(query.order_by(col(Tag.name_folded)).limit(limit))).all()

    async def get(self, tag_id: UUID) -> Tag:
        """One tag that is not deleted.

        Raises:
            NotFound: when there is none, or it is another user's.
        """
        tag = await self.find(tag_id)
        if tag is None or tag.deleted_at:
            raise NotFound("tag")
        return tag

    async def find(self, tag_id: UUID) -> Tag | None:
        """One tag, deleted and merged ones too."""
        query = select(Tag).where(col(Tag.user_id) == self._user_id, col(Tag.id) == tag_id)
        return (await self._session.scalars(locked(self._session, query))).one_or_none()

    async def existing(self, tag_ids: Collection[UUID]) -> set[UUID]:
        """Those of the tags that are there and not deleted."""
        unknown = [tag_id for tag_id in tag_ids if tag_id not in self._known]
        if unknown:
            query = select(Tag).where(col(Tag.user_id) == self._user_id, col(Tag.id).in_(unknown))
            self._remember((await self._session.scalars(query)).all())
        return {tag_id for tag_id in tag_ids if tag_id in self._known and not self._known[tag_id].deleted_at}

    async def named(self, names: Collection[str]) -> dict[str, Tag]:
        """The tags with these names in any case, by folded name."""
        if not names:
            return {}
        values = {"user": self._user_id, "names": sorted({fold(name) for name in names})}
        tags = (await self._session.scalars(_NAMED, values)).all()
        self._remember(tags)
        return {tag.name_folded: tag for tag in tags}

    async def count(self) -> int:
        """How many tags the user has."""
        query = (
            select(func.count())
            .select_from(Tag)
            .where(col(Tag.user_id) == self._user_id, col(Tag.deleted_at).is_(None))
        )
        return (await self._session.execute(query)).scalar_one()

    async def add(self, tag: Tag) -> Tag | None:
        """Insert a new tag; ``None`` when another transaction has just taken its name."""
        added = await insert_unless_taken(self._session, tag)
        if added is not None:
            self._remember([added])
        return added

    def _remember(self, tags: Sequence[Tag]) -> None:
        self._known |= {tag.id: tag for tag in tags}

    async def task_counts(self) -> dict[UUID, int]:
        """How many tasks bear each tag, whatever their state."""
        query = (
            select(col(TaskTag.tag_id), func.count())
            .join(Tag, col(Tag.id) == col(TaskTag.tag_id))
            .where(col(Tag.user_id) == self._user_id)
            .group_by(col(TaskTag.tag_id))
        )
        return dict((await self._session.execute(query)).all())

    async def tag_also(self, source_id: UUID, target_id: UUID, *, command_id: UUID) -> None:
        """Give every task with the source tag the target tag too, marked with the command."""
        already = select(col(TaskTag.task_id)).where(col(TaskTag.tag_id) == target_id)
        rows = select(
            col(TaskTag.task_id),
            literal(target_id, Uuid()),
            literal(command_id, Uuid()),
        ).where(col(TaskTag.tag_id) == source_id, col(TaskTag.task_id).not_in(already))
        await self._session.execute(insert(TaskTag).from_select(["task_id", "tag_id", "command_id"], rows))

    async def untag_command(self, tag_id: UUID, command_id: UUID) -> None:
        """Take a tag off the tasks that one command put it on."""
        await self._session.execute(
            delete(TaskTag).where(col(TaskTag.tag_id) == tag_id, col(TaskTag.command_id) == command_id)
        )

    async def forget_count(self, tag_id: UUID) -> None:
        """Count the tasks of a tag no longer, since it is deleted."""
        await self._session.execute(
            delete(ListCount).where(
                col(ListCount.user_id) == self._user_id, col(ListCount.list_key) == f"tag:{tag_id}"
            )
        )

    async def recount(self, tag_id: UUID) -> None:
        """Count the open tasks of a tag anew, after a change to many of them at once."""
        open_tasks = (
            select(func.count())
            .select_from(TaskTag)
            .join(Task, col(Task.id) == col(TaskTag.task_id))
            .where(
                col(TaskTag.tag_id) == tag_id,
                col(Task.completed_at).is_(None),
                col(Task.deleted_at).is_(None),
            )
        )
        tasks = (await self._session.execute(open_tasks)).scalar_one()
        key = f"tag:{tag_id}"
        mine = [col(ListCount.user_id) == self._user_id, col(ListCount.list_key) == key]
        changed = await self._session.execute(
            update(ListCount).where(*mine).values(tasks=tasks).returning(col(ListCount.list_key))
        )
        if changed.first() is None:
            self._session.add(ListCount(user_id=self._user_id, list_key=key, tasks=tasks))
