"""What the tools for tags and projects have in common: names, and asking before a large one is deleted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from todo_app.domain.errors import Invalid
from todo_app.services.bodies import Text
from todo_app.tools.many_tasks import UNASKED_MAX, Confirmed, refuse_other_count
from todo_app.tools.tool import Arguments, Written

NAMES, NAMES_MAX = 100, 200
_NAME_MAX, _CURSOR_MAX = 200, 2_000


class Paging(Arguments):
    """From which place on, and how many."""

    limit: int = Field(NAMES, ge=1, le=NAMES_MAX, description="How many at most.")
    cursor: Text | None = Field(
        None, max_length=_CURSOR_MAX, description="The next_cursor of the answer before, to go on."
    )


class Deleting(Confirmed):
    """What is to become of the one with a name."""

    action: Literal["create", "rename", "delete"]
    name: Text = Field(max_length=_NAME_MAX, description="Its name; of a new one, the name it gets.")
    new_name: Text | None = Field(None, max_length=_NAME_MAX, description="With rename.")


class Edited(Written):
    """What was done, or would be done."""

    dry_run: bool
    message: str

    @property
    def is_rehearsal(self) -> bool:
        """Whether nothing may be kept."""
        return self.dry_run


def new_name_of(asked: Deleting) -> str:
    """The name that is wanted.

    Raises:
        Invalid: when none is.
    """
    if asked.new_name is None:
        raise Invalid("new_name", "Say how it is to be called.")
    return asked.new_name


def rehearsed(asked: Confirmed, tasks: int) -> bool:
    """Whether a change that concerns so many tasks is not confirmed yet.

    Raises:
        Invalid: when it is confirmed with another count.
    """
    if tasks <= UNASKED_MAX:
        return False
    if asked.confirm:
        refuse_other_count(asked.expected_count, tasks)
    return not asked.confirm
