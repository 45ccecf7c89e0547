"""The settings."""

from __future__ import annotations

import reflex as rx

from components.bell import bell
from components.keys_sheet import keys_sheet
from components.menus import menus
from components.projects import project_deletion
from components.saved_filters import filter_dialog, filter_menu
from components.settings import settings
from components.shell import shell
from components.tag_manager import tag_manager
from components.toast import offline_banner, toast
from components.tokens import token_revocation
from components.webhooks import webhook_removal
from state.account import AccountState
from state.bell import BellState
from state.channels import ChannelsState
from state.tokens import TokensState
from state.webhooks import WebhooksState


def add(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route="/settings",
        title="Settings · Punctual",
        on_load=[
            AccountState.open_settings,
            ChannelsState.open_channels,
            TokensState.open_tokens,
            WebhooksState.open_webhooks,
            BellState.arrive,
        ],
    )


def page() -> rx.Component:
    """The settings in the frame."""
    return rx.fragment(
        offline_banner(),
        shell(settings()),
        menus(),
        filter_menu(),
        filter_dialog(),
        tag_manager(),
        token_revocation(),
        webhook_removal(),
        project_deletion(),
        keys_sheet(),
        bell(),
        toast(),
    )
