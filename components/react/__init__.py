"""Our own React components: what plain HTML can't do without losing what somebody is typing."""

from __future__ import annotations

from typing import Any

import reflex as rx

_DRAFT_FIELD = rx.asset("draft_field.jsx", shared=True)
_LINE_FIELD = rx.asset("line_field.jsx", shared=True)
_MODAL = rx.asset("modal.jsx", shared=True)


def _text_and_base(text: rx.Var[str], base: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return text, base


def _text(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


class DraftField(rx.Component):
    """A text field whose draft no change from elsewhere touches."""

    library = f"$/public/{_DRAFT_FIELD}"
    tag = "DraftField"

    value: rx.Var[str]
    draft_key: rx.Var[str]
    label: rx.Var[str]
    placeholder: rx.Var[str]
    max_length: rx.Var[int]
    on_commit: rx.EventHandler[_text_and_base]


class DescriptionField(DraftField):
    """Rendered Markdown that turns into its source when somebody edits it."""

    tag = "DescriptionField"

    html: rx.Var[str]


class LineField(rx.Component):
    """One line to add something, with its tokens highlighted."""

    library = f"$/public/{_LINE_FIELD}"
    tag = "LineField"

    draft_key: rx.Var[str]
    label: rx.Var[str]
    placeholder: rx.Var[str]
    accepted: rx.Var[int]
    chips: rx.Var[list[Any]]
    understood_text: rx.Var[str]
    multiline: rx.Var[bool]
    input_id: rx.Var[str]
    line_class_name: rx.Var[str]
    shade_class_name: rx.Var[str]
    input_class_name: rx.Var[str]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]
    on_type: rx.EventHandler[_text]
    on_send: rx.EventHandler[_text]
    on_leave: rx.EventHandler[rx.event.no_args_event_spec]


class Modal(rx.Component):
    """The browser's modal dialog."""

    library = f"$/public/{_MODAL}"
    tag = "Modal"

    open: rx.Var[bool]
    label: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class Link(rx.Component):
    """A link within the app, followed without loading the page anew."""

    library = "react-router"
    tag = "Link"

    to: rx.Var[str]
