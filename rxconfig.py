"""Reflex's configuration. What an operator can set is in todo_app/settings.py, not here."""

import reflex as rx
from reflex.plugins import SitemapPlugin

from todo_app.same_origin import SameOriginPlugin

config = rx.Config(
    app_name="todo_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # Never "disk": it would write users' tasks, unencrypted, beside the code. Replicas set REFLEX_STATE_MANAGER_MODE=redis.
    state_manager_mode="memory",
    # The page and its socket have one origin, so no other origin may open the socket.
    cors_allowed_origins=(),
    plugins=[SameOriginPlugin()],
    # A private app has nothing for crawlers, and the sitemap would name the address of the machine that built it.
    disable_plugins=[SitemapPlugin],
)
