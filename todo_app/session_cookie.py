"""The cookie that holds a session's secret, as requests and socket handshakes carry it."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

SESSION_COOKIE = "punctual_session"


def session_secret(cookie_header: str) -> str | None:
    """The session's secret in a raw ``Cookie`` header, as a socket's handshake carries it."""
    try:
        cookies = SimpleCookie(cookie_header)
    except CookieError:
        return None
    return cookies[SESSION_COOKIE].value if SESSION_COOKIE in cookies else None
