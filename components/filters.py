"""The filter panel, and what is filtered by above the list. The address holds all of it."""

from __future__ import annotations

import reflex as rx

from components.elements import icon
from components.react import FollowField
from state.filters import FiltersState
from state.list import ListState
from state.pictures import FilterChip, SidebarItem
from state.shell import ShellState

_PRIORITIES = (("high", "High"), ("medium", "Medium"), ("low", "Low"), ("none", "None"))
_MATCHES = (("any", "Any"), ("all", "All"), ("none", "None of"))
_RANGES = (("overdue", "Overdue"), ("today", "Today"), ("week", "Next 7 days"), ("none", "No date"))
_CHIP_ICONS = (
    ("status", "circle"),
    ("priority", "flag"),
    ("tags", "tag"),
    ("due", "calendar"),
    ("query", "list-filter"),
)
# Date fields send each date that is complete, the year 2 on the way to 2026 too.
_DATE_PAUSE_MS = 600
# Half a filter is mostly none, which need not be said while somebody goes on typing.
_QUERY_PAUSE_MS = 600


def filter_panel() -> rx.Component:
    """The popover ``menu-filter``."""
    return rx.el.div(
        rx.el.div(
            rx.cond((ListState.list_name != "completed") & (ListState.list_name != "trash"), _status()),
            _priorities(),
            rx.cond(ShellState.tags.length() > 0, _tags()),
            _due(),
            _query(),
            class_name="filter-body",
        ),
        rx.el.div(
            rx.el.button(
                "Clear all",
                type="button",
                class_name="button button-plain",
                disabled=ListState.filter_count == 0,
                on_click=ListState.clear_filters,
            ),
            rx.el.span(
                rx.cond(ListState.filter_count > 0, f"{ListState.filter_count} set", "None set"),
                role="status",
            ),
            rx.el.button(
                "Save as filter",
                type="button",
                class_name="button",
                disabled=ListState.filter_count == 0,
                on_click=FiltersState.begin_saving,
                custom_attrs={"data-choose": ""},
            ),
            class_name="filter-foot",
        ),
        id="menu-filter",
        class_name="popover filter-panel",
        role="dialog",
        custom_attrs={"popover": "auto", "aria-label": "Filter"},
    )


def filter_line() -> rx.Component:
    """What is set, each kind removable."""
    return rx.cond(
        ListState.filter_chips.length() > 0,
        rx.el.div(
            rx.foreach(ListState.filter_chips, _chip),
            rx.el.button(
                "Clear all", type="button", class_name="link-button", on_click=ListState.clear_filters
            ),
            rx.el.button(
                "Save as filter", type="button", class_name="link-button", on_click=FiltersState.begin_saving
            ),
            class_name="filter-line",
            role="group",
            custom_attrs={"aria-label": "Filtered by"},
        ),
    )


def _chip(chip: rx.Var[FilterChip]) -> rx.Component:
    return rx.el.span(
        rx.match(chip.kind, *((kind, icon(name)) for kind, name in _CHIP_ICONS), rx.fragment()),
        rx.el.span(chip.text, class_name="chip-text"),
        rx.el.button(
            icon("x"),
            type="button",
            class_name="chip-remove",
            on_click=ListState.remove_filter(chip.kind),
            custom_attrs={"aria-label": f"Remove {chip.text}"},
        ),
        class_name="chip",
        key=chip.kind,
    )


def _status() -> rx.Component:
    whole = rx.cond(ListState.list_name == "search", "All", "As listed")
    choices = (("", whole), ("open", "Open"), ("completed", "Completed"))
    return _group(
        rx.el.span("Status", class_name="filter-name"),
        _segmented("Status", choices, ListState.status, ListState.filter_status),
    )


def _priorities() -> rx.Component:
    return _group(
        rx.el.span("Priority", class_name="filter-name"),
        _toggles(
            "Priority",
            *(
                _toggle(
                    rx.el.span(icon("flag"), class_name="flag", custom_attrs={"data-priority": value}),
                    label,
                    pressed=ListState.priorities.contains(value),
                    on_click=ListState.filter_priority(value),
                )
                for value, label in _PRIORITIES
            ),
        ),
    )


def _tags() -> rx.Component:
    return _group(
        rx.el.div(
            "Tags",
            _segmented("How tags combine", _MATCHES, ListState.tag_match, ListState.filter_tag_match),
            class_name="filter-name",
        ),
        _toggles("Tags", rx.foreach(ShellState.tags, _tag)),
    )


def _tag(tag: rx.Var[SidebarItem]) -> rx.Component:
    return _toggle(
        rx.el.span(class_name="dot", custom_attrs={"data-color": tag.color}),
        rx.el.span(tag.name, class_name="truncate"),
        pressed=ListState.tag_ids.contains(tag.id),
        on_click=ListState.filter_tag(tag.id),
        key=tag.id,
    )


def _due() -> rx.Component:
    return _group(
        rx.el.span("Due", class_name="filter-name"),
        _toggles(
            "Due",
            *(
                _toggle(
                    label,
                    pressed=ListState.due_range == value,
                    on_click=ListState.filter_due_range(value),
                )
                for value, label in _RANGES
            ),
        ),
        rx.el.div(
            _day("Due from", ListState.due_after, ListState.filter_due_after),
            rx.el.span("to", class_name="quiet"),
            _day("Due to", ListState.due_before, ListState.filter_due_before),
            class_name="range",
        ),
        rx.cond(
            ListState.filter_error,
            rx.el.p(ListState.filter_error, class_name="field-error", id="filter-error", role="alert"),
        ),
    )


def _query() -> rx.Component:
    error = rx.cond(ListState.query_refused, ListState.query_refused, ListState.query_error)
    return _group(
        rx.el.span("In words", class_name="filter-name"),
        FollowField.create(
            type="text",
            label="Filter in words",
            placeholder="#work & (p1 | overdue)",
            value=ListState.query,
            class_name="input input-small",
            pause=_QUERY_PAUSE_MS,
            invalid=error != "",
            described_by="query-says",
            on_type=ListState.filter_query,
        ),
        rx.el.div(
            rx.cond(
                error,
                rx.el.p(error, class_name="field-error", role="alert"),
                rx.cond(ListState.query_note, rx.el.p(ListState.query_note, class_name="hint")),
            ),
            id="query-says",
        ),
    )


def _day(label: str, value: rx.Var[str], on_type: object) -> rx.Component:
    return FollowField.create(
        type="date",
        label=label,
        value=value,
        class_name="input input-small",
        pause=_DATE_PAUSE_MS,
        invalid=ListState.filter_error != "",
        described_by="filter-error",
        on_type=on_type,
    )


def _group(*content: rx.Component) -> rx.Component:
    return rx.el.div(*content, class_name="filter-group")


def _toggles(label: str, *content: rx.Component) -> rx.Component:
    return rx.el.div(*content, class_name="toggles", role="group", custom_attrs={"aria-label": label})


def _toggle(*content: rx.Component | str, pressed: rx.Var[bool], **props: object) -> rx.Component:
    return rx.el.button(
        *content,
        type="button",
        class_name="toggle",
        custom_attrs={"aria-pressed": rx.cond(pressed, "true", "false")},
        **props,
    )


def _segmented(
    label: str,
    choices: tuple[tuple[str, str | rx.Var[str]], ...],
    chosen: rx.Var[str],
    handler: rx.EventHandler,
) -> rx.Component:
    return rx.el.div(
        *(
            rx.el.button(
                words,
                type="button",
                role="radio",
                on_click=handler(value),
                custom_attrs={"aria-checked": rx.cond(chosen == value, "true", "false")},
            )
            for value, words in choices
        ),
        class_name="segmented",
        role="radiogroup",
        custom_attrs={"aria-label": label},
    )
