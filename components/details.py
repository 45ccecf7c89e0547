"""The panel with everything about one task."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from components.elements import icon, icon_button
from components.react import DescriptionField, DraftField, LineField
from components.recurrence import changes_apply_to, repeat_field
from components.reminders import reminder_field
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
        _bar(),
        rx.el.div(
            rx.el.div(
                _status_box(),
                DraftField.create(
                    key=f"title-{_task.id}",
                    draft_key=f"{_task.id}.title",
                    value=_task.title,
                    label="Title",
                    max_length=600,
                    class_name="details-title",
                    dropped=DetailsState.drafts_dropped,
                    offline=has_connection_errors,
                    on_commit=lambda text, base: DetailsState.commit_text("title", text, base),
                ),
                class_name="details-head",
            ),
            rx.cond(
                DetailsState.field_error,
                rx.el.p(DetailsState.field_error, class_name="field-error", role="alert"),
            ),
            _conflict(),
            DescriptionField.create(
                key=f"description-{_task.id}",
                draft_key=f"{_task.id}.description",
                value=_task.description,
                html=_task.description_html,
                label="Description",
                placeholder="Add a description",
                max_length=60_000,
                dropped=DetailsState.drafts_dropped,
                offline=has_connection_errors,
                on_commit=lambda text, base: DetailsState.commit_text("description", text, base),
            ),
            changes_apply_to(),
            _fields(),
            _subtasks(),
            _activity(),
            class_name="details-scroll",
        ),
        rx.el.footer(
            rx.el.span(f"Created {_task.created}"),
            rx.el.span("·", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(f"Changed {_task.updated}"),
            class_name="details-foot",
        ),
        class_name="details",
        tab_index=-1,
        custom_attrs={
            "aria-label": "Task",
            "data-task-details": _task.id,
            "data-status": rx.cond(_task.done, "completed", "open"),
        },
    )


def _bar() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.cond(
                _task.parent_id,
                rx.el.button(
                    icon("corner-left-up"),
                    rx.el.span("Parent task"),
                    type="button",
                    class_name="link-button",
                    on_click=ListState.open_task(_task.parent_id),
                ),
            ),
            class_name="details-path",
        ),
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
        class_name="details-bar",
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
            "aria-label": "Complete this task",
            "data-priority": _task.priority,
        },
    )


def _conflict() -> rx.Component:
    conflict = DetailsState.conflict
    return rx.cond(
        conflict.field,
        rx.el.div(
            rx.el.p(
                icon("git-compare-arrows"),
                f"The {conflict.field} was changed elsewhere while you typed",
                class_name="conflict-line",
            ),
            rx.el.div(
                _side("Yours", conflict.mine, "Keep mine", DetailsState.keep_mine),
                _side("There now", conflict.theirs, "Take theirs", DetailsState.take_theirs),
                class_name="conflict-sides",
            ),
            class_name="conflict",
            role="alert",
        ),
    )


def _side(who: str, text: rx.Var[str], choice: str, handler: rx.EventHandler) -> rx.Component:
    return rx.el.div(
        rx.el.span(who, class_name="conflict-who"),
        rx.el.p(text, class_name="conflict-value"),
        rx.el.button(choice, type="button", class_name="button button-small", on_click=handler),
        class_name="conflict-side",
    )


def _fields() -> rx.Component:
    due = rx.el.span(_task.due, class_name="due", custom_attrs={"data-state": _task.due_state})
    flag = rx.el.span(icon("flag"), class_name="flag", custom_attrs={"data-priority": _task.priority})
    names = (("high", "High"), ("medium", "Medium"), ("low", "Low"))
    priority = rx.fragment(flag, rx.match(_task.priority, *names, "None"))
    return rx.el.dl(
        _field("Due", "calendar", "date", rx.cond(_task.due, due, "No date"), empty=_task.due == ""),
        repeat_field(),
        reminder_field(),
        _field("Priority", "flag", "priority", priority, empty=_task.priority == "none"),
        _field(
            "Project",
            "folder",
            "projects",
            rx.cond(_task.project, _task.project, "Inbox"),
            empty=_task.project == "",
        ),
        _field(
            "Tags",
            "tag",
            "tags",
            rx.cond(_task.tags.length() > 0, rx.foreach(_task.tags, tag_chip), "None"),
            empty=_task.tags.length() == 0,
        ),
        class_name="fields",
    )


def _field(
    label: str, icon_name: str, menu: str, value: rx.Component | rx.Var[str], *, empty: rx.Var[bool]
) -> rx.Component:
    return rx.el.div(
        rx.el.dt(icon(icon_name), label),
        rx.el.dd(
            rx.el.button(
                value,
                type="button",
                class_name="field-value",
                custom_attrs={
                    "aria-label": label,
                    "data-menu": f"menu-{menu}",
                    "data-target": _task.id,
                    "data-empty": rx.cond(empty, "true", "false"),
                    "aria-haspopup": "menu",
                    "aria-expanded": "false",
                },
            )
        ),
    )


def _subtasks() -> rx.Component:
    return rx.el.section(
        _section_head("Subtasks"),
        rx.el.ul(rx.foreach(DetailsState.subtasks, _subtask), class_name="task-list"),
        LineField.create(
            key=f"subtask-{_task.id}",
            draft_key=f"{_task.id}.subtask",
            label="New subtask",
            placeholder="Add subtask",
            accepted=DetailsState.subtasks_added,
            refused=DetailsState.subtasks_refused,
            offline=has_connection_errors,
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
                href=f"?task={row.id}",
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
        _section_head("Activity"),
        rx.el.ol(rx.foreach(DetailsState.activity, activity_line), class_name="activity-list"),
        class_name="details-section",
    )


def _section_head(title: str) -> rx.Component:
    return rx.el.div(rx.el.h2(title, class_name="details-section-title"), class_name="details-section-head")


def activity_line(item: rx.Var[ActivityItem]) -> rx.Component:
    """Who did what, when."""
    return rx.el.li(
        rx.el.span(rx.el.b(item.who), " ", item.what, class_name="activity-what"),
        rx.el.time(item.when),
        class_name="activity",
    )
