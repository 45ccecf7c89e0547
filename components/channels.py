"""The part of the settings about notifications: when to be told, where, and what came of it."""

from __future__ import annotations

import reflex as rx

from components.auth_forms import submit
from components.elements import icon, icon_button, switch
from components.setting import section, setting
from state.channels import ChannelItem, ChannelsState, LogLine
from state.shell import ShellState

_DEFAULTS = (
    ("", "None"),
    ("0", "When it is due"),
    ("10", "10 minutes before"),
    ("30", "30 minutes before"),
    ("60", "1 hour before"),
    ("1440", "1 day before"),
)
_KINDS = (("email", "mail"), ("push", "monitor-smartphone"), ("apprise", "send"))
_OUTCOMES = (("sent", "check"), ("failed", "circle-alert"), ("dropped", "circle-slash"))


def notification_settings() -> rx.Component:
    """Every section about notifications."""
    return rx.fragment(
        section("reminders", "Reminders", _preferences()),
        section("channels", "Where reminders go", _items(), _additions(), lead="Besides this page."),
        section("deliveries", "What was sent", _log()),
    )


def _preferences() -> rx.Component:
    return rx.el.form(
        setting(
            "For new tasks with a time",
            rx.el.div(
                rx.el.select(
                    *(rx.el.option(label, value=value) for value, label in _DEFAULTS),
                    name="default_reminder",
                    default_value=ChannelsState.choices.default_reminder,
                    class_name="input",
                    custom_attrs={"aria-labelledby": "setting-default-reminder"},
                ),
                icon("chevron-down"),
                class_name="select",
            ),
            anchor="setting-default-reminder",
        ),
        setting(
            "Time of all-day tasks",
            _time("all_day_at", ChannelsState.choices.all_day_at, anchor="setting-all-day", required=True),
            anchor="setting-all-day",
            hint="From which minutes before are counted.",
        ),
        setting(
            "Daily digest",
            _time("digest_at", ChannelsState.choices.digest_at, anchor="setting-digest"),
            anchor="setting-digest",
            hint="What is due today, once a day at this time. Empty: none.",
        ),
        setting(
            "Quiet hours",
            rx.el.div(
                _time("quiet_from", ChannelsState.choices.quiet_from, label="Quiet hours from"),
                rx.el.span("to"),
                _time("quiet_until", ChannelsState.choices.quiet_until, label="Quiet hours to"),
                class_name="time-range",
            ),
            anchor="setting-quiet",
            hint="Nothing is sent and nothing pops up; it comes at their end.",
        ),
        setting(
            "Overdue tasks",
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    name="overdue_notice",
                    default_checked=ChannelsState.choices.overdue_notice,
                ),
                "Tell me when a task becomes overdue",
                class_name="option",
            ),
            anchor="setting-overdue",
        ),
        _error(ChannelsState.preferences_error),
        rx.el.div(submit("Save", kind=""), class_name="form-actions settings-save"),
        on_submit=ChannelsState.change_preferences,
        # A new element when something else is stored, so that it shows that.
        key=(
            f"{ChannelsState.form_version} {ChannelsState.choices.default_reminder} "
            f"{ChannelsState.choices.all_day_at} {ChannelsState.choices.digest_at} "
            f"{ChannelsState.choices.quiet_from} {ChannelsState.choices.quiet_until} "
            f"{ChannelsState.choices.overdue_notice}"
        ),
        custom_attrs={"aria-label": "Reminders"},
    )


def _time(
    name: str, value: rx.Var[str], *, anchor: str = "", label: str = "", required: bool = False
) -> rx.Component:
    named = {"aria-label": label} if label else {"aria-labelledby": anchor}
    return rx.el.input(
        type="time",
        name=name,
        default_value=value,
        class_name="input",
        required=required,
        custom_attrs={**named, **({"aria-describedby": f"{anchor}-hint"} if anchor else {})},
    )


def _items() -> rx.Component:
    return rx.cond(
        ChannelsState.items.length() > 0,
        rx.el.ul(rx.foreach(ChannelsState.items, _item), class_name="channels"),
    )


def _item(item: rx.Var[ChannelItem]) -> rx.Component:
    return rx.el.li(
        rx.match(item.kind, *((kind, icon(name)) for kind, name in _KINDS), icon("send")),
        rx.el.div(
            rx.el.div(item.name, class_name="setting-name"),
            rx.el.div(item.target, class_name="hint truncate"),
            rx.cond(item.problem, rx.el.p(item.problem, class_name="channel-problem")),
            class_name="channel-what",
        ),
        rx.el.div(
            rx.el.button(
                "Test",
                type="button",
                class_name="button button-small",
                disabled=~item.on,
                on_click=ChannelsState.test(item.id),
                custom_attrs={
                    "aria-label": f"Test: {item.name}",
                    "aria-busy": rx.cond(ChannelsState.testing == item.id, "true", "false"),
                },
            ),
            switch(
                on=item.on, on_click=ChannelsState.switch(item.id, ~item.on), aria_label=f"On: {item.name}"
            ),
            icon_button(
                "trash-2",
                f"Remove: {item.name}",
                kind="icon-button-danger",
                on_click=ChannelsState.remove(item.id),
            ),
            class_name="channel-actions",
        ),
        class_name="channel",
        key=item.id,
        custom_attrs={"data-channel": item.kind, "data-on": rx.cond(item.on, "true", "false")},
    )


def _additions() -> rx.Component:
    return rx.fragment(
        rx.cond(~ChannelsState.has_email, _email_addition()),
        setting(
            "This browser",
            rx.el.form(
                rx.el.input(type="hidden", name="subscription", default_value=""),
                rx.el.input(type="hidden", name="name", default_value=""),
                rx.el.input(type="hidden", name="problem", default_value=""),
                rx.el.button(
                    "Show notifications here",
                    type="button",
                    class_name="button",
                    # A page that has just been loaded does not know it yet.
                    disabled=ChannelsState.push_key == "",
                    custom_attrs={"data-do": "enable-push", "data-key": ChannelsState.push_key},
                ),
                _error(ChannelsState.push_error),
                class_name="channel-form",
                on_submit=ChannelsState.add_push,
                custom_attrs={"aria-label": "This browser"},
            ),
            anchor="setting-push",
            hint="Also when no page of Punctual is open.",
        ),
        setting(
            "Another service",
            rx.el.form(
                rx.el.input(
                    name="url",
                    class_name="input",
                    placeholder="ntfy://my-topic",
                    auto_complete="off",
                    required=True,
                    custom_attrs={
                        "aria-label": "Address of the service",
                        "aria-describedby": "setting-service-hint",
                        "aria-invalid": rx.cond(ChannelsState.service_error, "true", "false"),
                        "spellCheck": "false",
                    },
                ),
                rx.el.input(
                    name="name",
                    class_name="input",
                    placeholder="Name, if you like",
                    max_length=80,
                    auto_complete="off",
                    custom_attrs={"aria-label": "Name of the service"},
                ),
                _error(ChannelsState.service_error),
                rx.el.div(submit("Add", kind=""), class_name="form-actions"),
                class_name="channel-form",
                on_submit=ChannelsState.add_service,
                # A new element when one was added, so that it is empty again.
                key=ChannelsState.services_added,
                custom_attrs={"aria-label": "Another service"},
            ),
            anchor="setting-service",
            hint="Telegram, ntfy, Matrix, Discord and many others, by the address that Apprise gives them.",
            tall=True,
        ),
    )


def _email_addition() -> rx.Component:
    return setting(
        "E-mail",
        rx.el.button(
            "Send me mails",
            type="button",
            class_name="button",
            disabled=~ChannelsState.mail_works,
            on_click=ChannelsState.add_email,
        ),
        anchor="setting-mail",
        hint=rx.cond(
            ChannelsState.mail_works,
            f"To {ShellState.email}.",
            "This server sends no mail; its operator can change that with TODO_SMTP_URL.",
        ),
    )


def _log() -> rx.Component:
    return rx.cond(
        ChannelsState.log.length() > 0,
        rx.fragment(
            rx.el.ol(rx.foreach(ChannelsState.log, _line), class_name="deliveries"),
            rx.cond(
                ChannelsState.has_newer | ChannelsState.has_older,
                rx.el.nav(
                    _turn("Newer", ChannelsState.newer, enabled=ChannelsState.has_newer),
                    _turn("Older", ChannelsState.older, enabled=ChannelsState.has_older),
                    class_name="load-more",
                    custom_attrs={"aria-label": "Pages of what was sent"},
                ),
            ),
        ),
        rx.el.p("Nothing was sent yet.", class_name="hint settings-empty"),
    )


def _turn(label: str, handler: rx.EventHandler, *, enabled: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        label, type="button", class_name="button button-plain", disabled=~enabled, on_click=handler
    )


def _line(line: rx.Var[LogLine]) -> rx.Component:
    return rx.el.li(
        rx.match(line.outcome, *((outcome, icon(name)) for outcome, name in _OUTCOMES), icon("clock")),
        rx.el.div(
            rx.el.div(
                rx.el.span(line.title, class_name="truncate"),
                rx.el.span(line.channel, class_name="hint"),
                class_name="delivery-head",
            ),
            rx.el.p(
                line.stands, rx.cond(line.error, f": {line.error}", ""), class_name="hint delivery-outcome"
            ),
            class_name="channel-what",
        ),
        rx.el.time(line.when, date_time=line.instant, class_name="hint"),
        class_name="delivery",
        key=line.id,
        custom_attrs={"data-outcome": line.outcome},
    )


def _error(text: rx.Var[str]) -> rx.Component:
    return rx.cond(
        text, rx.el.p(icon("circle-alert"), rx.el.span(text), class_name="field-error", role="alert")
    )
