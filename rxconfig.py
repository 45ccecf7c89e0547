"""Reflex's configuration. What an operator can set is in todo_app/settings.py, not here."""

import reflex as rx
from reflex.plugins import SitemapPlugin

from todo_app.same_origin import SameOriginPlugin
from todo_app.secrets.at_start import settings_with_secrets

settings = settings_with_secrets()

config = rx.Config(
    app_name="todo_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # Never "disk": it would write users' tasks beside the code.
    state_manager_mode="redis" if settings.redis_url else "memory",
    redis_url=settings.redis_url.get_secret_value() if settings.redis_url else None,
    # Never empty: that would let every site open the socket. SameOriginPlugin adds the host asked for.
    cors_allowed_origins=(settings.public_url,),
    plugins=[SameOriginPlugin()],
    # A private app has nothing for crawlers.
    disable_plugins=[SitemapPlugin],
)
