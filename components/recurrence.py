"""How a task repeats: the dialog, the field in the panel, what rows show and what their keys work."""

from __future__ import annotations

import reflex as rx

from components.elements import icon, icon_button
from components.react import Modal, RecurrenceForm
from state.details import DetailsState
from state.list import ListState
from state.recurrence import RecurrenceState
from state.rows import Row

_task = DetailsState.task


def recurrence_dialog() -> rx.Component:
    """The dialog; it belongs to the task that it was opened for."""
    return Modal.create(
        rx.el.div(
            rx.el.h2("Repeat", class_name="dialog-title"),
            icon_button("x", "Close", on_click=RecurrenceState.close),
            class_name="dialog-head",
        ),
        RecurrenceForm.create(
            opened=RecurrenceState.opened,
            stored=RecurrenceState.draft,
            presets=RecurrenceState.presets,
            foreseen=RecurrenceState.foreseen,
            repeats=RecurrenceState.repeats,
            on_consider=RecurrenceState.consider,
            on_save=RecurrenceState.save,
            on_remove=RecurrenceState.remove,
            on_close=RecurrenceState.close,
        ),
        id="recurrence",
        open=RecurrenceState.is_open,
        label="Repeat",
        class_name="dialog recurrence",
        on_close=RecurrenceState.close,
    )


def repeat_field() -> rx.Component:
    """How the open task repeats, when it comes again, and skipping it."""
    return rx.el.div(
        rx.el.dt(icon("repeat"), "Repeats"),
        rx.el.dd(
            rx.el.button(
                rx.cond(_task.repeats, _task.repeats, "Never"),
                type="button",
                class_name="field-value",
                disabled=_task.done | _task.trashed,
                on_click=RecurrenceState.open(_task.id),
                custom_attrs={
                    "aria-label": rx.cond(_task.repeats, f"Repeats {_task.repeats}", "Repeats"),
                    "data-empty": rx.cond(_task.repeats, "false", "true"),
                    "aria-haspopup": "dialog",
                },
            ),
            rx.cond(_task.skipped, rx.el.div("This one was skipped", class_name="field-more")),
            rx.cond(
                _task.next,
                rx.el.div(
                    rx.el.span(_task.next),
                    rx.el.button(
                        "Skip this one",
                        type="button",
                        class_name="link-button",
                        on_click=ListState.skip(_task.id),
                    ),
                    class_name="field-more",
                ),
            ),
        ),
        class_name="field-tall",
    )


def changes_apply_to() -> rx.Component:
    """What changes made in the panel concern, for a task that repeats."""
    return rx.cond(
        (_task.next != "") & ~_task.trashed,
        rx.el.div(
            rx.el.span("Changes apply to", class_name="hint", id="apply-to"),
            rx.el.div(
                _which("following", "This and following", chosen=~DetailsState.only_here),
                _which("this", "Only this one", chosen=DetailsState.only_here),
                class_name="segmented",
                role="radiogroup",
                custom_attrs={"aria-labelledby": "apply-to"},
            ),
            class_name="apply-to",
        ),
    )


def _which(value: str, label: str, *, chosen: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        role="radio",
        on_click=DetailsState.apply_to(value),
        custom_attrs={"aria-checked": rx.cond(chosen, "true", "false")},
    )


def repeat_marks(row: rx.Var[Row]) -> rx.Component:
    """That a row's task repeats, has reminders, was skipped."""
    return rx.fragment(
        rx.cond(row.skipped, rx.el.span(icon("skip-forward"), "Skipped", class_name="meta")),
        rx.cond(row.repeats, _mark(row, "repeat", "Repeats ", row.repeats)),
        rx.cond(row.reminders, _mark(row, "bell", "Has ", row.reminders)),
    )


def _mark(row: rx.Var[Row], icon_name: str, spoken: str, text: rx.Var[str]) -> rx.Component:
    """An icon whose words show when it is pointed at; it lies over the title's link, and does the same."""
    return rx.el.span(
        icon(icon_name),
        rx.el.span(spoken, text, class_name="visually-hidden"),
        class_name="meta mark",
        title=text,
        on_click=ListState.open_task(row.id),
    )


def repeat_controls(row: rx.Var[Row]) -> rx.Component:
    """What the keys of a row work."""
    return rx.fragment(
        rx.el.button(
            hidden=True,
            type="button",
            on_click=RecurrenceState.open(row.id),
            custom_attrs={"data-do": "repeat"},
        ),
        rx.cond(
            row.repeats,
            rx.el.button(
                hidden=True,
                type="button",
                on_click=ListState.skip(row.id),
                custom_attrs={"data-do": "skip"},
            ),
        ),
    )
