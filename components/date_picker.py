"""The date picker that rows, details and the bar for a selection share."""

from __future__ import annotations

import reflex as rx

from components.react import DatePicker, Popover
from state.date_picker import DatePickerState
from state.recurrence import RecurrenceState


def date_picker() -> rx.Component:
    """The popover ``menu-date``; it belongs to the task whose button has opened it."""
    return Popover.create(
        DatePicker.create(
            opened=DatePickerState.opened,
            target=DatePickerState.target,
            accepted=DatePickerState.accepted,
            day=DatePickerState.day,
            time=DatePickerState.time,
            timezone=DatePickerState.timezone,
            own_timezone=DatePickerState.own_timezone,
            today=DatePickerState.today,
            shortcuts=DatePickerState.shortcuts,
            understood=DatePickerState.understood,
            error=DatePickerState.error,
            error_field=DatePickerState.error_field,
            repeats=DatePickerState.repeats,
            several=DatePickerState.several,
            on_type=DatePickerState.understand,
            on_send_text=DatePickerState.choose_text,
            on_choose=DatePickerState.choose,
            on_repeat=RecurrenceState.open,
        ),
        id="menu-date",
        label="Due date",
        class_name="picker",
        on_open=DatePickerState.open,
    )
