"""The address of a list: the view, and the task that is open beside it."""

from __future__ import annotations

from dataclasses import dataclass

from todo_app.domain.views import View


@dataclass(frozen=True)
class Address:
    """What the address bar says; an empty id is no task."""

    view: View
    task_id: str = ""

    @property
    def url(self) -> str:
        """Path and query that lead here."""
        url = self.view.url
        separator = "&" if "?" in url else "?"
        return f"{url}{separator}task={self.task_id}" if self.task_id else url
