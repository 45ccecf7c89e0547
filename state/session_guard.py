"""Ties a tab's state to the session it was made in: another session never sees what is in it."""

from __future__ import annotations

from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, State, StateUpdate
from reflex_base.event import Event

from state.tabs import open_tabs
from todo_app.db.repositories.accounts import digest
from todo_app.session_cookie import session_secret


class GuardState(State):
    """Remembers whose the state is; has no handler and sends nothing to the page."""

    _session_digest: str = ""


async def belongs_to(root: BaseState, session_digest: str) -> bool:
    """Whether a tab's state was made in this session; one that was lost and is empty belongs to nobody."""
    guard = await root.get_state(GuardState)
    return guard._session_digest == session_digest


class SessionGuard(Middleware):
    """Runs before every event, while nothing has been sent yet.

    The browser chooses Reflex's client token, so somebody could come with another person's. The cookie
    of the socket's handshake decides: when it is not the one the state was made with, the state is wiped.
    """

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Wipe the state when another session holds the socket now."""
        root = state._get_root_state()
        guard = await root.get_state(GuardState)
        headers = root.router_data.get("headers", {})
        secret = session_secret(str(headers.get("cookie", ""))) or ""
        now = digest(secret) if secret else ""
        if guard._session_digest == now:
            return None
        if guard._session_digest:
            router_data = root.router_data
            root.reset()  # type: ignore[no-untyped-call]  # Reflex's own
            root.router_data = router_data
            open_tabs.forget(root.router.session.client_token)
        guard._session_digest = now
        return None
