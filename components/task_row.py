"""One task in a list."""

from __future__ import annotations

import reflex as rx

from components.elements import icon, icon_button
from components.recurrence import repeat_controls, repeat_marks
from state.list import ListState
from state.rows import Piece, Row, TagChip


@rx.memo
def task_row(
    row: rx.Var[Row], selected: rx.Var[bool], opened: rx.Var[bool], rest: rx.RestProp
) -> rx.Component:
    """A row; it renders anew only when what it shows has changed."""
    return rx.el.li(
        icon_button_drag(row),
        _select_box(row, selected),
        check_box(row),
        rx.el.div(
            rx.el.a(
                rx.cond(row.pieces.length() > 0, rx.foreach(row.pieces, _piece), row.title),
                href=f"?task={row.id}",
                class_name="task-title",
                on_click=ListState.open_task(row.id).prevent_default,
                custom_attrs={"data-do": "open"},
            ),
            _meta(row),
            class_name="task-body",
        ),
        _actions(row),
        rest,
        class_name="task",
        custom_attrs={
            "data-task-id": row.id,
            "data-status": rx.cond(row.done, "completed", "open"),
            "data-selected": rx.cond(selected, "true", "false"),
            "data-open": rx.cond(opened, "true", "false"),
        },
    )


def check_box(row: rx.Var[Row]) -> rx.Component:
    """The round check box in the priority's colour."""
    return rx.el.button(
        icon("check"),
        type="button",
        role="checkbox",
        class_name="check",
        on_click=rx.cond(row.done, ListState.reopen(row.id), ListState.complete(row.id)),
        custom_attrs={
            "aria-checked": rx.cond(row.done, "true", "false"),
            "aria-label": f"Complete {row.title}",
            "data-priority": row.priority,
            "data-do": "complete",
        },
    )


def trashed_row(row: rx.Var[Row]) -> rx.Component:
    """A row of the trash."""
    return rx.el.li(
        rx.el.span(icon("trash-2"), class_name="check-still"),
        rx.el.div(
            rx.el.span(row.title, class_name="task-title", tab_index=0),
            _meta(row),
            class_name="task-body",
        ),
        rx.el.div(
            rx.el.button(
                "Restore",
                type="button",
                class_name="button button-plain button-small",
                on_click=ListState.restore(row.id),
                custom_attrs={"aria-label": f"Restore {row.title}", "data-do": "complete"},
            ),
            icon_button(
                "trash-2",
                f"Remove {row.title} for good",
                kind="icon-button-small icon-button-danger",
                on_click=ListState.purge(row.id),
                custom_attrs={"data-do": "delete"},
            ),
            class_name="task-actions",
            custom_attrs={"data-always": "true"},
        ),
        class_name="task",
        key=row.id,
        custom_attrs={"data-task-id": row.id, "data-trash": "true"},
    )


def icon_button_drag(row: rx.Var[Row]) -> rx.Component:
    """The handle to drag a row by, and what the keyboard uses instead; shown in manual order only."""
    return rx.fragment(
        rx.el.button(
            icon("grip-vertical"),
            type="button",
            class_name="task-drag",
            tab_index=-1,
            custom_attrs={"aria-label": f"Drag {row.title}"},
        ),
        rx.el.button(hidden=True, type="button", custom_attrs={"data-do": "move-up"}),
        rx.el.button(hidden=True, type="button", custom_attrs={"data-do": "move-down"}),
    )


def _select_box(row: rx.Var[Row], selected: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        icon("check"),
        type="button",
        role="checkbox",
        class_name="task-select",
        on_click=ListState.toggle_selected(row.id),
        custom_attrs={
            "aria-checked": rx.cond(selected, "true", "false"),
            "aria-label": f"Select {row.title}",
            "data-do": "select",
        },
    )


def _piece(piece: rx.Var[Piece]) -> rx.Component:
    return rx.cond(piece.found, rx.el.mark(piece.text), rx.fragment(piece.text))


def _meta(row: rx.Var[Row]) -> rx.Component:
    return rx.el.div(
        rx.cond(row.parent, _fact("corner-down-right", "Subtask of ", row.parent)),
        rx.cond(row.tags.length() > 0, rx.el.span(rx.foreach(row.tags, tag_chip), class_name="tags")),
        rx.cond(
            row.described, rx.el.span(icon("align-left"), _spoken("Has a description"), class_name="meta")
        ),
        rx.cond(row.subtasks, _fact("list-tree", "Subtasks done: ", row.subtasks)),
        rx.cond(row.project, _fact("folder", "Project ", row.project)),
        repeat_marks(row),
        rx.cond(
            row.due,
            rx.el.span(
                _spoken("Due "), row.due, class_name="meta due", custom_attrs={"data-state": row.due_state}
            ),
        ),
        class_name="task-meta",
    )


def tag_chip(tag: rx.Var[TagChip]) -> rx.Component:
    """A tag's name on its tint."""
    return rx.el.span(tag.name, class_name="tag", custom_attrs={"data-color": tag.color}, key=tag.name)


def _fact(icon_name: str, spoken: str, text: rx.Var[str]) -> rx.Component:
    words = rx.el.span(text, class_name="truncate")
    return rx.el.span(icon(icon_name), _spoken(spoken), words, class_name="meta")


def _spoken(text: str) -> rx.Component:
    return rx.el.span(text, class_name="visually-hidden")


def _actions(row: rx.Var[Row]) -> rx.Component:
    return rx.el.div(
        _menu_button("calendar", f"Date of {row.title}", "date"),
        _menu_button("flag", f"Priority of {row.title}", "priority"),
        _menu_button("tag", f"Tags of {row.title}", "tags"),
        _menu_button("ellipsis", f"More for {row.title}", "more"),
        repeat_controls(row),
        rx.el.button(
            hidden=True, type="button", on_click=ListState.delete(row.id), custom_attrs={"data-do": "delete"}
        ),
        class_name="task-actions",
    )


def _menu_button(icon_name: str, label: rx.Var[str] | str, menu: str) -> rx.Component:
    return icon_button(
        icon_name,
        label,
        tab_index=-1,
        custom_attrs={"data-menu": f"menu-{menu}", "data-do": menu, "aria-haspopup": "menu"},
    )
