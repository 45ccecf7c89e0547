"""The tag manager: create, rename, colour, merge, delete."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from components.confirm import confirm
from components.elements import icon, icon_button
from components.react import DraftField, LineField, Modal, Popover
from components.toast import toast
from state.tags import ManagedTag, TagsState

_NAME_MAX = 200  # the server says what is too long; this keeps a pasted book out of the page


def tag_manager() -> rx.Component:
    """The dialog, and the two questions it asks."""
    return rx.fragment(
        Modal.create(
            rx.el.div(
                rx.el.h2("Tags", class_name="dialog-title"),
                icon_button("x", "Close", on_click=TagsState.close_manager),
                class_name="dialog-head",
            ),
            rx.el.div(
                _new_tag(),
                rx.cond(
                    TagsState.managed.length() > 0,
                    rx.el.ul(rx.foreach(TagsState.managed, _row)),
                    rx.el.p("No tags yet. Add the first one above.", class_name="menu-empty"),
                ),
                class_name="dialog-body",
            ),
            _colors(),
            _merge(),
            _delete(),
            toast(after_undo=[TagsState.refresh]),
            id="tag-manager",
            open=TagsState.is_open,
            label="Tags",
            class_name="dialog",
            on_close=TagsState.close_manager,
        ),
    )


def _new_tag() -> rx.Component:
    return rx.el.div(
        LineField.create(
            rx.el.button("Add", type="submit", class_name="button"),
            draft_key="new-tag",
            input_id="new-tag",
            label="New tag",
            placeholder="New tag",
            accepted=TagsState.created,
            refused=TagsState.refused,
            offline=has_connection_errors,
            class_name="tag-tools",
            line_class_name="input-wrap",
            input_class_name="input",
            invalid=TagsState.error_id == "new",
            described_by="new-tag-error",
            on_send=TagsState.create,
        ),
        rx.cond(TagsState.error_id == "new", _error("new-tag-error")),
    )


def _row(tag: rx.Var[ManagedTag]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.button(
                rx.el.span(class_name="dot", custom_attrs={"data-color": tag.color}),
                type="button",
                class_name="icon-button",
                custom_attrs={
                    "data-menu": "menu-colors",
                    "data-target": tag.id,
                    "data-align": "start",
                    "aria-label": f"Colour of {tag.name}: {tag.color}",
                    "aria-haspopup": "dialog",
                    "aria-expanded": "false",
                },
            ),
            DraftField.create(
                draft_key=f"tag-{tag.id}-{TagsState.opened}",
                value=tag.name,
                label=f"Name of {tag.name}",
                class_name="tag-name",
                max_length=_NAME_MAX,
                invalid=TagsState.error_id == tag.id,
                described_by=f"tag-error-{tag.id}",
                on_commit=lambda name, _: TagsState.rename(tag.id, name),
            ),
            rx.el.span(_tasks(tag.tasks), class_name="count"),
            icon_button(
                "merge",
                f"Merge {tag.name} into another tag",
                disabled=TagsState.managed.length() < 2,
                on_click=TagsState.begin_merging(tag.id),
            ),
            icon_button(
                "trash-2",
                f"Delete {tag.name}",
                kind="icon-button-danger",
                on_click=TagsState.begin_deleting(tag.id),
            ),
            class_name="tag-row",
        ),
        rx.cond(TagsState.error_id == tag.id, _error(f"tag-error-{tag.id}")),
        key=tag.id,
    )


def _error(error_id: str | rx.Var[str]) -> rx.Component:
    return rx.el.p(
        icon("circle-alert"), rx.el.span(TagsState.error), class_name="field-error", id=error_id, role="alert"
    )


def _tasks(count: rx.Var[int]) -> rx.Component:
    return rx.cond(count == 1, "1 task", f"{count} tasks")


def _colors() -> rx.Component:
    tag = TagsState.coloring
    return Popover.create(
        rx.foreach(
            TagsState.colors,
            lambda color: rx.el.button(
                icon("check"),
                type="button",
                role="radio",
                class_name="swatch",
                on_click=TagsState.recolor(tag.id, color),
                custom_attrs={
                    "data-choose": "",
                    "data-color": color,
                    "aria-label": color,
                    "aria-checked": rx.cond(tag.color == color, "true", "false"),
                },
                key=color,
            ),
        ),
        id="menu-colors",
        role="radiogroup",
        label=f"Colour of {tag.name}",
        class_name="swatches",
        on_open=TagsState.begin_coloring,
    )


def _merge() -> rx.Component:
    source = TagsState.merging
    return Modal.create(
        rx.el.div(
            rx.el.h2(f"Merge “{source.name}” into", class_name="dialog-title"),
            icon_button("x", "Cancel", on_click=TagsState.stop),
            class_name="dialog-head",
        ),
        rx.el.div(
            rx.el.p(_merge_effect(source), class_name="hint"),
            rx.el.ul(
                rx.foreach(
                    TagsState.managed, lambda target: rx.cond(target.id != source.id, _merge_target(target))
                ),
                class_name="menu",
            ),
            class_name="dialog-body",
        ),
        open=source.id != "",
        label=f"Merge {source.name} into another tag",
        size="small",
        class_name="dialog",
        on_close=TagsState.stop,
    )


def _merge_effect(source: rx.Var[ManagedTag]) -> rx.Component:
    return rx.cond(
        source.tasks == 1,
        f"1 task gets the other tag instead, and “{source.name}” is gone. You can undo this.",
        f"{source.tasks} tasks get the other tag instead, and “{source.name}” is gone. You can undo this.",
    )


def _merge_target(target: rx.Var[ManagedTag]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(class_name="dot", custom_attrs={"data-color": target.color}),
            rx.el.span(target.name, class_name="menu-label"),
            rx.el.span(_tasks(target.tasks), class_name="menu-hint"),
            type="button",
            class_name="menu-item",
            on_click=TagsState.merge(TagsState.merging.id, target.id),
        ),
        key=target.id,
    )


def _delete() -> rx.Component:
    tag = TagsState.deleting
    return confirm(
        is_open=tag.id != "",
        title=f"Delete the tag “{tag.name}”?",
        text=rx.cond(
            tag.tasks == 1,
            "1 task loses it; the task stays. You can undo this.",
            f"{tag.tasks} tasks lose it; the tasks stay. You can undo this.",
        ),
        action="Delete tag",
        on_confirm=TagsState.delete(tag.id),
        on_cancel=TagsState.stop,
    )
