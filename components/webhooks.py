"""The part of the settings about webhooks: which there are, what they were told, and another one."""

from __future__ import annotations

import reflex as rx

from components.confirm import confirm
from components.elements import icon, icon_button, switch
from components.react import WebhookForm
from components.setting import section, setting
from state.webhooks import CHOICES, WebhookItem, WebhookLine, WebhooksState

_OUTCOMES = (("sent", "check"), ("failed", "circle-alert"), ("dropped", "circle-slash"))


def webhook_settings() -> rx.Component:
    """The webhooks there are, and a form for another one."""
    return section(
        "webhooks",
        "Webhooks",
        rx.cond(
            WebhooksState.items.length() > 0,
            rx.el.ul(
                rx.foreach(WebhooksState.items, _item),
                class_name="channels",
                custom_attrs={"aria-labelledby": "settings-webhooks"},
            ),
        ),
        setting(
            "New webhook",
            WebhookForm.create(
                described_by="setting-webhook-hint",
                choices=[list(choice) for choice in CHOICES],
                on_made=WebhooksState.open_webhooks,
            ),
            anchor="setting-webhook",
            hint="What it is told is signed with a secret that you get once, as Standard Webhooks describes.",
            tall=True,
        ),
        lead="Other programs are told as soon as something happens to your tasks, tags and projects.",
    )


def webhook_removal() -> rx.Component:
    """The question before a webhook is removed."""
    webhook = WebhooksState.removing
    return confirm(
        is_open=webhook.id != "",
        title=f"Remove “{webhook.name}”?",
        text="It is told nothing more, and its log is gone. This can't be undone.",
        action="Remove webhook",
        on_confirm=WebhooksState.remove(webhook.id),
        on_cancel=WebhooksState.stop_removing,
    )


def _item(item: rx.Var[WebhookItem]) -> rx.Component:
    is_shown = WebhooksState.shown == item.id
    return rx.el.li(
        icon("webhook"),
        rx.el.div(
            rx.el.div(item.name, class_name="setting-name"),
            rx.el.div(item.url, class_name="hint truncate"),
            rx.el.div(item.told, class_name="hint"),
            rx.cond(item.problem, rx.el.p(item.problem, class_name="channel-problem")),
            class_name="channel-what",
        ),
        rx.el.div(
            rx.el.button(
                "Log",
                type="button",
                class_name="button button-small",
                on_click=WebhooksState.show_log(item.id),
                custom_attrs={
                    "aria-label": f"What was sent: {item.name}",
                    "aria-expanded": rx.cond(is_shown, "true", "false"),
                },
            ),
            rx.el.button(
                "Test",
                type="button",
                class_name="button button-small",
                disabled=~item.on,
                on_click=WebhooksState.try_out(item.id),
                custom_attrs={"aria-label": f"Test: {item.name}"},
            ),
            switch(
                on=item.on, on_click=WebhooksState.switch(item.id, ~item.on), aria_label=f"On: {item.name}"
            ),
            icon_button(
                "trash-2",
                f"Remove: {item.name}",
                kind="icon-button-danger",
                on_click=WebhooksState.begin_removing(item.id),
            ),
            class_name="channel-actions",
        ),
        rx.cond(is_shown, _log(item)),
        class_name="channel webhook",
        key=item.id,
        custom_attrs={"data-on": rx.cond(item.on, "true", "false")},
    )


def _log(item: rx.Var[WebhookItem]) -> rx.Component:
    return rx.cond(
        WebhooksState.lines.length() > 0,
        rx.el.ol(
            rx.foreach(WebhooksState.lines, lambda line: _line(line, item)),
            class_name="deliveries",
            custom_attrs={"aria-label": f"What was sent to {item.name}"},
        ),
        rx.el.p("Nothing was sent yet.", class_name="hint webhook-empty"),
    )


def _line(line: rx.Var[WebhookLine], item: rx.Var[WebhookItem]) -> rx.Component:
    return rx.el.li(
        rx.match(line.outcome, *((outcome, icon(name)) for outcome, name in _OUTCOMES), icon("clock")),
        rx.el.div(
            rx.el.div(
                rx.el.span(line.type, class_name="truncate"),
                rx.el.time(line.when, date_time=line.instant, class_name="hint"),
                class_name="delivery-head",
            ),
            rx.el.p(line.stands, class_name="hint delivery-outcome"),
            rx.cond(line.answer, rx.el.p(line.answer, class_name="hint truncate")),
            class_name="channel-what",
        ),
        rx.el.button(
            "Redeliver",
            type="button",
            class_name="button button-small button-plain",
            disabled=~item.on,
            on_click=WebhooksState.redeliver(item.id, line.id),
            custom_attrs={"aria-label": f"Redeliver {line.type} of {line.when}"},
        ),
        class_name="delivery",
        key=line.id,
        custom_attrs={"data-outcome": line.outcome},
    )
