"""The tags and projects that there are, and which of them a filter names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from todo_app.domain.filter_language.names import Name
from todo_app.domain.filter_language.tree import Expression, InProject, Tagged, conditions

Naming = Tagged | InProject
# The ids of what each condition names.
Named = Mapping[Naming, list[UUID]]


def names_something(expression: Expression) -> bool:
    """Whether a filter names tags or projects at all."""
    return any(isinstance(each, Naming) for each in conditions(expression))


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The ids of somebody's tags and projects by folded name."""

    tags: Mapping[str, UUID]
    projects: Mapping[str, UUID]

    def named_in(self, expression: Expression) -> Named:
        """What the conditions of a filter name; an unknown name has no ids."""
        namings = {each for each in conditions(expression) if isinstance(each, Naming)}
        return {each: self._ids(each) for each in namings}

    def unknown_in(self, expression: Expression) -> list[str]:
        """The names in a filter that nothing has, with their signs; one with a star is never unknown."""
        signs = {Tagged: "#", InProject: "+"}
        namings = [each for each in conditions(expression) if isinstance(each, Naming)]
        unknown = [each for each in namings if each.name.is_exact and not self._ids(each)]
        return list(dict.fromkeys(f"{signs[type(each)]}{each.name}" for each in unknown))

    def _ids(self, naming: Naming) -> list[UUID]:
        there = self.tags if isinstance(naming, Tagged) else self.projects
        return _fitting(there, naming.name)


def _fitting(there: Mapping[str, UUID], name: Name) -> list[UUID]:
    if name.is_exact:
        found = there.get(name.folded[0])
        return [found] if found else []
    return [each_id for each, each_id in there.items() if name.fits(each)]
