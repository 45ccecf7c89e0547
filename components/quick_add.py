"""The line that adds a task, with what it has understood."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from components.elements import icon
from components.react import LineField
from state.quick_add import Chip, QuickAddState

_ICONS = (
    ("due", "calendar"),
    ("priority", "flag"),
    ("tag", "tag"),
    ("project", "folder"),
    ("recurrence", "repeat"),
)

_HINT = "#tag +project p1 tomorrow 17:00 every week !1 hour before"


def quick_add() -> rx.Component:
    """A quiet line that opens into a form; assets/client/quick_add.js opens and closes it."""
    return rx.el.div(
        rx.el.button(
            icon("plus"),
            rx.el.span("Add task"),
            rx.el.kbd("q", custom_attrs={"aria-hidden": "true"}),
            type="button",
            class_name="add-line",
            custom_attrs={"data-for": "top", "data-do": "quick-add"},
        ),
        LineField.create(
            rx.el.ul(
                rx.foreach(QuickAddState.chips, _chip),
                class_name="chips",
                custom_attrs={"aria-label": "Understood"},
            ),
            rx.cond(
                QuickAddState.error,
                rx.el.p(QuickAddState.error, class_name="field-error", id="quick-add-error", role="alert"),
            ),
            rx.el.div(
                rx.cond(
                    QuickAddState.lines > 1,
                    rx.el.span(f"{QuickAddState.lines} tasks", class_name="quick-add-count", role="status"),
                    rx.el.span(_HINT, class_name="quick-add-hint"),
                ),
                rx.el.div(
                    rx.el.button(
                        "Cancel",
                        type="button",
                        class_name="button button-plain",
                        on_click=QuickAddState.cancel,
                        custom_attrs={"data-do": "close-quick-add"},
                    ),
                    rx.el.button(
                        rx.cond(QuickAddState.lines > 1, f"Add {QuickAddState.lines} tasks", "Add task"),
                        type="submit",
                        class_name="button button-primary",
                    ),
                    class_name="form-actions",
                ),
                class_name="quick-add-bar",
            ),
            draft_key="quick-add",
            input_id="quick-add-input",
            label="Task",
            placeholder="Pay rent tomorrow 9am #home p1",
            accepted=QuickAddState.added,
            refused=QuickAddState.refused,
            offline=has_connection_errors,
            chips=QuickAddState.chips,
            understood_text=QuickAddState.understood_text,
            multiline=True,
            class_name="quick-add",
            line_class_name="quick-add-line",
            shade_class_name="quick-add-shade",
            input_class_name="quick-add-text",
            invalid=QuickAddState.error != "",
            described_by="quick-add-error",
            on_type=QuickAddState.understand,
            on_send=QuickAddState.add,
        ),
        rx.el.button(
            icon("plus"),
            type="button",
            class_name="fab",
            custom_attrs={"aria-label": "Add task", "data-do": "quick-add-phone"},
        ),
        class_name="quick-add-slot",
        custom_attrs={"data-quick-add": "closed"},
    )


def _chip(chip: rx.Var[Chip]) -> rx.Component:
    return rx.el.li(
        rx.match(chip.kind, *((kind, icon(name)) for kind, name in _ICONS), icon("bell")),
        rx.el.span(chip.label, class_name="chip-text"),
        rx.el.button(
            icon("x"),
            type="button",
            class_name="chip-remove",
            on_click=QuickAddState.leave_as_text(chip.start, chip.end),
            custom_attrs={"aria-label": f"Keep {chip.label} as words"},
        ),
        class_name="chip",
        key=f"{chip.kind}-{chip.start}",
    )
