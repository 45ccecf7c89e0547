"""The part of the settings about API tokens."""

from __future__ import annotations

import reflex as rx

from components.confirm import confirm
from components.elements import icon
from components.react import Anchor, TokenForm
from components.setting import section, setting
from state.tokens import TokenItem, TokensState


def token_settings() -> rx.Component:
    """The tokens there are, and a form for another one."""
    return section(
        "tokens",
        "API tokens",
        rx.cond(
            TokensState.items.length() > 0,
            rx.el.ul(
                rx.foreach(TokensState.items, _item),
                class_name="plain-list",
                custom_attrs={"aria-labelledby": "settings-tokens"},
            ),
        ),
        setting(
            "New token",
            TokenForm.create(described_by="setting-token-hint", on_made=TokensState.open_tokens),
            anchor="setting-token",
            hint="What a program does with it bears its name in the activity.",
            tall=True,
        ),
        setting(
            "What programs can do",
            Anchor.create("Show the REST API", href="/api/docs", class_name="button"),
            anchor="setting-api",
            hint="Everything that you can.",
        ),
        lead="With a token, a program or an agent acts for you.",
    )


def token_revocation() -> rx.Component:
    """The question before a token is revoked."""
    token = TokensState.revoking
    return confirm(
        is_open=token.id != "",
        title=f"Revoke “{token.name}”?",
        text="Programs that use it are refused from now on. This can't be undone.",
        action="Revoke token",
        on_confirm=TokensState.revoke(token.id),
        on_cancel=TokensState.stop_revoking,
    )


def _item(token: rx.Var[TokenItem]) -> rx.Component:
    return rx.el.li(
        icon("key-round"),
        rx.el.div(
            rx.el.div(token.name, class_name="setting-name"),
            rx.el.p(
                f"{token.may}, made {token.made}, {token.used}, ",
                rx.el.span(token.ends, custom_attrs={"data-ended": token.has_ended}),
                class_name="plain-list-meta",
            ),
            class_name="plain-list-body",
        ),
        rx.el.button(
            "Revoke",
            type="button",
            class_name="button",
            on_click=TokensState.begin_revoking(token.id),
            custom_attrs={"aria-label": f"Revoke {token.name}"},
        ),
        key=token.id,
    )
