"""Our own React components: what plain HTML can't do without losing what somebody is typing."""

from __future__ import annotations

from typing import Any

import reflex as rx

# What the others import.
for _name in ("calling", "choice", "field_error", "month_grid", "shown_once"):
    rx.asset(f"{_name}.jsx", shared=True)
for _name in ("days", "rest"):
    rx.asset(f"{_name}.js", shared=True)
_DRAFT_FIELD = rx.asset("draft_field.jsx", shared=True)
_LINE_FIELD = rx.asset("line_field.jsx", shared=True)
_MODAL = rx.asset("modal.jsx", shared=True)
_POPOVER = rx.asset("popover.jsx", shared=True)
_FOLLOW_FIELD = rx.asset("follow_field.jsx", shared=True)
_TAG_PICKER = rx.asset("tag_picker.jsx", shared=True)
_DATE_PICKER = rx.asset("date_picker.jsx", shared=True)
_RECURRENCE_FORM = rx.asset("recurrence_form.jsx", shared=True)
_FEED_FORM = rx.asset("feed_form.jsx", shared=True)
_TOKEN_FORM = rx.asset("token_form.jsx", shared=True)
_WEBHOOK_FORM = rx.asset("webhook_form.jsx", shared=True)
_FILTER_FORM = rx.asset("filter_form.jsx", shared=True)
_IMPORT_FORM = rx.asset("import_form.jsx", shared=True)
_REMINDER_PICKER = rx.asset("reminder_picker.jsx", shared=True)


def _text_and_base(text: rx.Var[str], base: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return text, base


def _text(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


def _number(number: rx.Var[int]) -> tuple[rx.Var[int]]:
    return (number,)


def _values(values: rx.Var[dict[str, Any]]) -> tuple[rx.Var[dict[str, Any]]]:
    return (values,)


def _texts(texts: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (texts,)


def _text_and_zone(
    text: rx.Var[str], timezone: rx.Var[str], following: rx.Var[bool]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[bool]]:
    return text, timezone, following


def _due(
    day: rx.Var[str], time: rx.Var[str], timezone: rx.Var[str], following: rx.Var[bool]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str], rx.Var[bool]]:
    return day, time, timezone, following


class DraftField(rx.Component):
    """A text field whose draft no change from elsewhere touches."""

    library = f"$/public/{_DRAFT_FIELD}"
    tag = "DraftField"

    value: rx.Var[str]
    draft_key: rx.Var[str]
    label: rx.Var[str]
    placeholder: rx.Var[str]
    max_length: rx.Var[int]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]
    dropped: rx.Var[int]
    offline: rx.Var[bool]
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
    refused: rx.Var[int]
    offline: rx.Var[bool]
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
    size: rx.Var[str]
    role: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class Popover(rx.Component):
    """A panel beside a button, for the task of that button."""

    library = f"$/public/{_POPOVER}"
    tag = "Popover"

    role: rx.Var[str]
    label: rx.Var[str]
    on_open: rx.EventHandler[_text]


class FollowField(rx.Component):
    """A field that follows a value without fighting the person who types."""

    library = f"$/public/{_FOLLOW_FIELD}"
    tag = "FollowField"

    value: rx.Var[str]
    type: rx.Var[str]
    label: rx.Var[str]
    placeholder: rx.Var[str]
    max_length: rx.Var[int]
    min: rx.Var[str]
    max: rx.Var[str]
    pause: rx.Var[int]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]
    clear_label: rx.Var[str]
    on_type: rx.EventHandler[_text]
    on_leave: rx.EventHandler[rx.event.no_args_event_spec]


class DatePicker(rx.Component):
    """Words, shortcuts, a month, a time and a zone to choose a due date by."""

    library = f"$/public/{_DATE_PICKER}"
    tag = "DatePicker"

    opened: rx.Var[int]
    target: rx.Var[str]
    accepted: rx.Var[int]
    day: rx.Var[str]
    time: rx.Var[str]
    timezone: rx.Var[str]
    own_timezone: rx.Var[str]
    today: rx.Var[str]
    shortcuts: rx.Var[list[Any]]
    understood: rx.Var[Any]
    error: rx.Var[str]
    error_field: rx.Var[str]
    repeats: rx.Var[str]
    several: rx.Var[bool]
    on_type: rx.EventHandler[_text]
    on_send_text: rx.EventHandler[_text_and_zone]
    on_choose: rx.EventHandler[_due]
    on_repeat: rx.EventHandler[_text]


class RecurrenceForm(rx.Component):
    """A phrase, presets and a builder for how a task repeats, with the next dates."""

    library = f"$/public/{_RECURRENCE_FORM}"
    tag = "RecurrenceForm"

    opened: rx.Var[int]
    stored: rx.Var[dict[str, Any]]
    presets: rx.Var[list[Any]]
    foreseen: rx.Var[Any]
    repeats: rx.Var[bool]
    on_consider: rx.EventHandler[_values]
    on_save: rx.EventHandler[_values]
    on_remove: rx.EventHandler[rx.event.no_args_event_spec]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class FilterForm(rx.Component):
    """A filter to save, with what it would find."""

    library = f"$/public/{_FILTER_FORM}"
    tag = "FilterForm"

    opened: rx.Var[int]
    stored: rx.Var[Any]
    foreseen: rx.Var[Any]
    name_error: rx.Var[str]
    refused: rx.Var[int]
    on_consider: rx.EventHandler[_text]
    on_save: rx.EventHandler[_texts]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class ReminderPicker(rx.Component):
    """The reminders of a task, to add to and to take away."""

    library = f"$/public/{_REMINDER_PICKER}"
    tag = "ReminderPicker"

    opened: rx.Var[int]
    added: rx.Var[int]
    lines: rx.Var[list[Any]]
    understood: rx.Var[Any]
    error: rx.Var[str]
    on_type: rx.EventHandler[_text]
    on_send_text: rx.EventHandler[_text]
    on_add_before: rx.EventHandler[_number]
    on_remove: rx.EventHandler[_text]


class TagPicker(rx.Component):
    """A list of tags to search in, to check, and to add to."""

    library = f"$/public/{_TAG_PICKER}"
    tag = "TagPicker"

    tags: rx.Var[list[Any]]
    checked: rx.Var[list[str]]
    mixed: rx.Var[list[str]]
    error: rx.Var[str]
    on_toggle: rx.EventHandler[_text]
    on_make: rx.EventHandler[_text]


class Link(rx.Component):
    """A link within the app, followed without loading the page anew."""

    library = "react-router"
    tag = "Link"

    to: rx.Var[str]


class Anchor(rx.Component):
    """The browser's own link, which takes the focus along to a place on the same page."""

    tag = "a"
    _is_tag_in_global_scope = True

    href: rx.Var[str]


class ImportForm(rx.Component):
    """A file to choose, what would become of its rows, and the import of it."""

    library = f"$/public/{_IMPORT_FORM}"
    tag = "ImportForm"

    described_by: rx.Var[str]


class DownloadLink(rx.Component):
    """A link to a file of the server's."""

    library = f"$/public/{_IMPORT_FORM}"
    tag = "DownloadLink"

    href: rx.Var[str]
    label: rx.Var[str]


class FeedForm(rx.Component):
    """The secret address for calendar programs."""

    library = f"$/public/{_FEED_FORM}"
    tag = "FeedForm"

    described_by: rx.Var[str]
    # The instant since when there is an address; empty when there is none.
    since: rx.Var[str]


class TokenForm(rx.Component):
    """A new API token, whose secret is shown once."""

    library = f"$/public/{_TOKEN_FORM}"
    tag = "TokenForm"

    described_by: rx.Var[str]
    on_made: rx.EventHandler[rx.event.no_args_event_spec]


class WebhookForm(rx.Component):
    """A new webhook, whose secret is shown once."""

    library = f"$/public/{_WEBHOOK_FORM}"
    tag = "WebhookForm"

    described_by: rx.Var[str]
    # Pairs of event types, with blanks between, and their name.
    choices: rx.Var[list[Any]]
    on_made: rx.EventHandler[rx.event.no_args_event_spec]
