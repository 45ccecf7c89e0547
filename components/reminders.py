"""The reminders of a task: the popover that rows and the panel share, and the field in the panel."""

from __future__ import annotations

import reflex as rx

from components.elements import icon
from components.react import Popover, ReminderPicker
from state.details import DetailsState
from state.reminder_lines import ReminderLine
from state.reminders import RemindersState

_task = DetailsState.task


def reminder_menu() -> rx.Component:
    """The popover ``menu-reminders``; it belongs to the task whose button has opened it."""
    return Popover.create(
        ReminderPicker.create(
            opened=RemindersState.opened,
            added=RemindersState.added,
            lines=RemindersState.lines,
            understood=RemindersState.understood,
            error=RemindersState.error,
            on_type=RemindersState.understand,
            on_send_text=RemindersState.add_text,
            on_add_before=RemindersState.add_before,
            on_remove=RemindersState.remove,
        ),
        id="menu-reminders",
        label="Reminders",
        class_name="picker",
        on_open=RemindersState.open,
    )


def reminder_field() -> rx.Component:
    """The reminders of the open task."""
    return rx.el.div(
        rx.el.dt(icon("bell"), "Reminders"),
        rx.el.dd(
            rx.el.button(
                rx.cond(
                    _task.reminders.length() > 0,
                    rx.el.span(rx.foreach(_task.reminders, _line), class_name="reminder-list"),
                    "None",
                ),
                type="button",
                class_name="field-value",
                custom_attrs={
                    "aria-label": "Reminders",
                    "data-menu": "menu-reminders",
                    "data-target": _task.id,
                    "data-empty": rx.cond(_task.reminders.length() > 0, "false", "true"),
                    "aria-haspopup": "dialog",
                    "aria-expanded": "false",
                },
            )
        ),
    )


def _line(line: rx.Var[ReminderLine]) -> rx.Component:
    return rx.el.span(
        rx.el.span(line.words),
        rx.cond(line.note, rx.el.span(line.note, class_name="reminder-note")),
        class_name="reminder-item",
        key=line.key,
        custom_attrs={"data-state": line.state},
    )
