"""Projects in the sidebar, and the field for their names."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from components.confirm import confirm
from components.elements import icon, icon_button
from components.react import LineField, Link
from state.list import ListState
from state.pictures import SidebarItem
from state.projects import ProjectsState


def project_item(project: rx.Var[SidebarItem]) -> rx.Component:
    """One project, or the field for its name while it is being renamed."""
    return rx.el.li(
        rx.cond(
            ProjectsState.naming == project.id,
            project_name_field(
                project.name,
                on_send=lambda name: ProjectsState.rename(project.id, name),
                label=f"New name of {project.name}",
            ),
            rx.fragment(
                Link.create(
                    icon("folder"),
                    rx.el.span(project.name, class_name="nav-label"),
                    rx.cond(project.count, rx.el.span(project.count, class_name="count")),
                    to=f"/project/{project.id}",
                    class_name="nav-item",
                    custom_attrs={"aria-current": rx.cond(ListState.list_id == project.id, "page", "false")},
                ),
                icon_button(
                    "ellipsis",
                    f"More for {project.name}",
                    custom_attrs={
                        "data-menu": "menu-project",
                        "data-target": project.id,
                        "aria-haspopup": "menu",
                    },
                ),
            ),
        ),
        class_name="nav-row",
        key=project.id,
    )


def project_name_field(
    placeholder: str | rx.Var[str], *, on_send: object, label: str | rx.Var[str]
) -> rx.Component:
    """A field for a name: Enter keeps it, Escape leaves."""
    return rx.fragment(
        LineField.create(
            draft_key="project-name",
            input_id="project-name",
            label=label,
            placeholder=rx.cond(placeholder, placeholder, "Project name"),
            accepted=ProjectsState.named,
            refused=ProjectsState.refused,
            offline=has_connection_errors,
            input_class_name="input input-small",
            class_name="nav-form",
            invalid=ProjectsState.error != "",
            described_by="project-name-error",
            on_send=on_send,
            on_leave=ProjectsState.stop_naming,
        ),
        rx.cond(
            ProjectsState.error,
            rx.el.p(ProjectsState.error, class_name="field-error", id="project-name-error", role="alert"),
        ),
    )


def project_deletion() -> rx.Component:
    """The question before a project goes with all its tasks."""
    project = ProjectsState.deleting
    return confirm(
        is_open=project.id != "",
        title=f"Delete the project “{project.name}”?",
        text=rx.match(
            project.tasks,
            (0, "It has no tasks. You can undo this."),
            (1, "Its task goes to the trash. You can undo this."),
            f"Its {project.tasks} tasks go to the trash. You can undo this.",
        ),
        action="Delete project",
        on_confirm=ProjectsState.delete(project.id),
        on_cancel=ProjectsState.stop_deleting,
    )
