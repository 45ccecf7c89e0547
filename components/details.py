"""The panel with everything about one task."""

from __future__ import annotations

import reflex as rx

from components.elements import icon, icon_button
from components.react import DraftField, LineField
from components.task_row import check_box, tag_chip
from state.details import ActivityItem, DetailsState
from state.list import ListState
from state.rows import Row

_task = DetailsState.task


def details() -> rx.Component:
    """The panel, when a task is open."""
    return rx.cond(_task.id != "", _panel())


def _panel() -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            _status_box(),
            rx.el.div(
                rx.cond(
                    _task.trashed,
                    rx.el.button(
                        "Restore",
                        type="button",
                        class_name="button button-plain button-small",
                        on_click=ListState.restore(_task.id),
                    ),
                    icon_button(
                        "trash-2",
                        "Delete this task",
                        kind="icon-button-danger",
                        on_click=[ListState.delete(_task.id), ListState.open_task("")],
                    ),
                ),
                icon_button(
                    "x", "Close", on_click=ListState.open_task(""), custom_attrs={"data-do": "close-details"}
                ),
                class_name="details-tools",
            ),
            class_name="details-head",
        ),
        rx.el.div(
            rx.cond(
                _task.parent_id,
                rx.el.button(
                    icon("corner-left-up"),
                    "Parent task",
                    type="button",
                    class_name="link-button",
                    on_click=ListState.open_task(_task.parent_id),
                ),
            ),
            DraftField.create(
                key=f"title-{_task.id}",
                draft_key=f"{_task.id}.title",
                value=_task.title,
                auto_grow=True,
                label="Title",
                max_length=600,
                class_name="details-title",
                on_commit=lambda text, base: DetailsState.commit_text("title", text, base),
            ),
            rx.cond(
                DetailsState.field_error,
                rx.el.p(DetailsState.field_error, class_name="field-error", role="alert"),
            ),
            _conflict(),
            _fields(),
            _description(),
            _subtasks(),
            _activity(),
            class_name="details-scroll",
        ),
        rx.el.div(
            rx.el.span(f"Added {_task.created} · changed {_task.updated}"),
            class_name="details-foot",
        ),
        class_name="details",
        custom_attrs={"aria-label": "Task", "data-task-details": _task.id},
    )


def _status_box() -> rx.Component:
    return rx.el.button(
        icon("check"),
        type="button",
        role="checkbox",
        class_name="check",
        on_click=rx.cond(_task.done, ListState.reopen(_task.id), ListState.complete(_task.id)),
        custom_attrs={
            "aria-checked": rx.cond(_task.done, "true", "false"),
            "aria-label": rx.cond(_task.done, "Reopen this task", "Complete this task"),
            "data-priority": _task.priority,
        },
    )


def _conflict() -> rx.Component:
    conflict = DetailsState.conflict
    return rx.cond(
        conflict.field,
        rx.el.div(
            rx.el.p(
                f"The {conflict.field} was changed elsewhere while you were typing.",
                class_name="conflict-line",
            ),
            rx.el.dl(
                rx.el.dt("There now"),
                rx.el.dd(conflict.theirs),
                rx.el.dt("Yours"),
                rx.el.dd(conflict.mine),
                class_name="conflict-values",
            ),
            rx.el.div(
                rx.el.button(
                    "Keep mine",
                    type="button",
                    class_name="button button-primary button-small",
                    on_click=DetailsState.keep_mine,
                ),
                rx.el.button(
                    "Take theirs",
                    type="button",
                    class_name="button button-plain button-small",
                    on_click=DetailsState.take_theirs,
                ),
                class_name="form-actions",
            ),
            class_name="conflict",
            role="alert",
        ),
    )


def _fields() -> rx.Component:
    return rx.el.dl(
        _field("Due", "date", "calendar", rx.cond(_task.due, _task.due, "No date"), state=_task.due_state),
        _field("Priority", "priority", "flag", _priority_name()),
        _field("Project", "projects", "folder", rx.cond(_task.project, _task.project, "Inbox")),
        _field(
            "Tags",
            "tags",
            "tag",
            rx.cond(
                _task.tags.length() > 0,
                rx.el.span(rx.foreach(_task.tags, tag_chip), class_name="tags"),
                "No tags",
            ),
        ),
        class_name="details-fields",
    )


def _priority_name() -> rx.Component:
    names = (("high", "High"), ("medium", "Medium"), ("low", "Low"))
    return rx.match(_task.priority, *names, "None")


def _field(label: str, menu: str, icon_name: str, value: rx.Component | rx.Var[str], *, state: object = "") -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="details-label"),
        rx.el.dd(
            rx.el.button(
                icon(icon_name),
                rx.el.span(value, class_name="due", custom_attrs={"data-state": state}),
                type="button",
                class_name="details-value",
                custom_attrs={
                    "data-menu": f"menu-{menu}",
                    "data-target": _task.id,
                    "aria-haspopup": "menu",
                    "data-priority": _task.priority,
                },
            ),
        ),
        class_name="details-field",
    )


def _description() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Description", class_name="details-section-title"),
        rx.cond(
            _task.description_html,
            rx.el.div(
                rx.html(_task.description_html),
                class_name="markdown",
                custom_attrs={"data-do": "edit-description"},
            ),
        ),
        DraftField.create(
            key=f"description-{_task.id}",
            draft_key=f"{_task.id}.description",
            value=_task.description,
            multiline=True,
            auto_grow=True,
            label="Description",
            placeholder="Add a description. Markdown works.",
            max_length=60_000,
            class_name="details-description",
            on_commit=lambda text, base: DetailsState.commit_text("description", text, base),
        ),
        class_name="details-section",
        custom_attrs={"data-filled": rx.cond(_task.description, "true", "false")},
    )


def _subtasks() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Subtasks", class_name="details-section-title"),
        rx.el.ul(rx.foreach(DetailsState.subtasks, _subtask), class_name="task-list"),
        LineField.create(
            key=f"subtask-{_task.id}",
            draft_key=f"{_task.id}.subtask",
            label="New subtask",
            placeholder="Add subtask",
            accepted=DetailsState.subtasks_added,
            class_name="subtask-form",
            input_class_name="input input-small",
            invalid=DetailsState.subtask_error != "",
            described_by="subtask-error",
            on_send=DetailsState.add_subtask,
        ),
        rx.cond(
            DetailsState.subtask_error,
            rx.el.p(DetailsState.subtask_error, class_name="field-error", id="subtask-error", role="alert"),
        ),
        class_name="details-section",
    )


def _subtask(row: rx.Var[Row]) -> rx.Component:
    return rx.el.li(
        check_box(row),
        rx.el.div(
            rx.el.a(
                row.title,
                href="#",
                class_name="task-title",
                on_click=ListState.open_task(row.id).prevent_default,
            ),
            rx.el.div(
                rx.cond(
                    row.due,
                    rx.el.span(row.due, class_name="meta due", custom_attrs={"data-state": row.due_state}),
                ),
                rx.cond(row.subtasks, rx.el.span(row.subtasks, class_name="meta")),
                class_name="task-meta",
            ),
            class_name="task-body",
        ),
        class_name="task",
        key=row.id,
        custom_attrs={"data-status": rx.cond(row.done, "completed", "open")},
    )


def _activity() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Activity", class_name="details-section-title"),
        rx.el.ul(rx.foreach(DetailsState.activity, activity_line), class_name="activity"),
        class_name="details-section",
    )


def activity_line(item: rx.Var[ActivityItem]) -> rx.Component:
    """Who did what, when."""
    return rx.el.li(
        rx.el.span(rx.el.strong(item.who), " ", item.what, class_name="activity-what"),
        rx.el.span(item.when, class_name="activity-when"),
        class_name="activity-item",
    )
