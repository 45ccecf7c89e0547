"""What the assistant asks about before it does it, whoever has decided on it: the interpreter or a model."""

from __future__ import annotations

from todo_app.assistant.interpreter import Act

MANY = 5
_NAMES = ("edit_tag", "edit_project")


def must_ask(act: Act, *, count: int) -> bool:
    """Whether an act on so many tasks waits for a yes: it deletes, or changes more than ``MANY``."""
    if act.tool == "delete_tasks" or (act.tool in _NAMES and act.arguments.get("action") == "delete"):
        return True
    return count > MANY
