"""The activity of the account: what happened, by day, with Undo where it can be taken back."""

from __future__ import annotations

import reflex as rx

from components.elements import icon
from components.react import Link
from state.activity import ActivityDay, ActivityLine, ActivityState
from state.list import ListState

_ICONS = (
    ("task.created", "circle-plus"),
    ("task.completed", "circle-check"),
    ("task.reopened", "circle"),
    ("task.updated", "pencil"),
    ("task.deleted", "trash-2"),
    ("task.purged", "trash-2"),
    ("task.restored", "undo-2"),
    ("task.unpurged", "undo-2"),
    ("project.created", "folder"),
    ("project.updated", "folder"),
    ("project.deleted", "folder"),
    ("project.restored", "folder"),
    ("filter.created", "list-filter"),
    ("filter.updated", "list-filter"),
    ("filter.deleted", "list-filter"),
    ("filter.restored", "list-filter"),
    ("account.updated", "user"),
)


def activity() -> rx.Component:
    """The whole page."""
    return rx.fragment(
        rx.el.div(rx.el.h1("Activity", class_name="page-title"), class_name="page-head"),
        rx.cond(
            ActivityState.loaded & (ActivityState.days.length() == 0),
            rx.el.div(
                icon("history"),
                rx.el.p("Nothing happened yet", class_name="empty-line"),
                rx.el.p(
                    "What you and others change in your account is listed here.", class_name="empty-hint"
                ),
                class_name="empty",
            ),
            rx.fragment(rx.foreach(ActivityState.days, _day)),
        ),
        rx.cond(
            ActivityState.has_newer | ActivityState.has_older,
            rx.el.nav(
                _turn("Newer", ActivityState.newer, enabled=ActivityState.has_newer),
                _turn("Older", ActivityState.older, enabled=ActivityState.has_older),
                class_name="load-more",
                custom_attrs={"aria-label": "Pages of the activity"},
            ),
        ),
    )


def _turn(label: str, handler: rx.EventHandler, *, enabled: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        label, type="button", class_name="button button-plain", disabled=~enabled, on_click=handler
    )


def _day(day: rx.Var[ActivityDay]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(day.label, class_name="group-title", id=f"day-{day.date}"), class_name="group-head"
        ),
        rx.el.ol(rx.foreach(day.lines, _line), class_name="activity-list"),
        class_name="group",
        key=day.date,
        custom_attrs={"aria-labelledby": f"day-{day.date}"},
    )


def _line(line: rx.Var[ActivityLine]) -> rx.Component:
    return rx.el.li(
        rx.match(line.kind, *((kind, icon(name)) for kind, name in _ICONS), icon("tag")),
        rx.el.span(
            rx.el.b(line.who),
            " ",
            line.what,
            " ",
            rx.cond(line.subject, _subject(line)),
            class_name="activity-what",
        ),
        rx.el.span(
            rx.cond(
                line.undo_id,
                rx.el.button(
                    "Undo",
                    type="button",
                    class_name="link-button",
                    on_click=ListState.undo(line.undo_id),
                    custom_attrs={"aria-label": line.undo_label},
                ),
            ),
            rx.el.time(line.time, date_time=line.instant),
            class_name="activity-end",
        ),
        class_name="activity",
        key=line.key,
    )


def _subject(line: rx.Var[ActivityLine]) -> rx.Component:
    return rx.cond(
        line.task_id,
        Link.create(line.subject, to=f"/all?task={line.task_id}"),
        rx.el.b(line.subject),
    )
