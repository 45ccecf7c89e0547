"""What a tool is: arguments and an answer with a schema, what it may do, and a function that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, JsonValue

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.identity import Scope
from todo_app.services.bodies import Body


class Arguments(Body):
    """Base of what tools are called with; omitted, null and empty are three different things."""


class Answer(BaseModel):
    """Base of what tools answer."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether this tells what would happen, so that nothing may be kept of it."""
        return False

    def document(self) -> dict[str, JsonValue]:
        """The answer as JSON, without what there is none of."""
        return self.model_dump(mode="json", exclude_none=True)


class Written(Answer):
    """Base of what tools answer that change something."""

    # None when there was nothing to change.
    undo: str | None = None


@dataclass(frozen=True)
class Tool:
    """One thing that an agent can do.

    Attributes:
        name: how it is called.
        title: how a person would call it.
        description: what it does and when to use it, for the agent.
        arguments: what it takes.
        answer: what it answers.
        scope: what a token must be allowed to do; a tool that needs to read only changes nothing.
        does: does it in a transaction.
        is_destructive: whether it takes away something that was there.
        is_idempotent: whether doing it again with the same arguments changes nothing more.
    """

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    answer: type[Answer]
    scope: Scope
    does: Callable[[UnitOfWork, Any], Awaitable[Answer]]
    is_destructive: bool = False
    is_idempotent: bool = True

    @property
    def is_read_only(self) -> bool:
        """Whether it only looks."""
        return self.scope is Scope.READ

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments."""
        return _schema_of(self.arguments, _null_means_something)

    @cached_property
    def output_schema(self) -> dict[str, Any]:
        """The JSON schema of the answer, in which there is no null."""
        return _schema_of(self.answer, lambda _: False)


def _schema_of(model: type[BaseModel], may_be_null: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """A model's JSON schema as short as it can be, since agents read it before they do anything."""
    schema: dict[str, Any] = _shortened(model.model_json_schema(), may_be_null)
    # Meant for whoever reads the code.
    schema.pop("description", None)
    for part in schema.get("$defs", {}).values():
        part.pop("description", None)
    return schema


def _null_means_something(field: dict[str, Any]) -> bool:
    # Elsewhere null is the same as nothing, and not worth mentioning.
    return "null" in field.get("description", "")


def _shortened(node: Any, may_be_null: Callable[[dict[str, Any]], bool]) -> Any:
    if isinstance(node, list):
        return [_shortened(each, may_be_null) for each in node]
    if not isinstance(node, dict):
        return node
    short = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            short[key] = {name: _shortened(each, may_be_null) for name, each in value.items()}
        elif not _says_nothing(key, value):
            short[key] = _shortened(value, may_be_null)
    return short if may_be_null(node) else _without_null(short)


def _says_nothing(key: str, value: Any) -> bool:
    # What is left out is not the same as null or empty, so an agent must not send these for it.
    return key == "title" or (key == "default" and value in (None, "", []))


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in node.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        (kind,) = kinds
        return {**{key: value for key, value in node.items() if key != "anyOf"}, **kind}
    return {**node, "anyOf": kinds} if kinds else node
