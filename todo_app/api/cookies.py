"""The two cookies of a browser: the session's secret, and the token that shows a request is our page's."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from todo_app.domain.errors import Forbidden, Unauthenticated
from todo_app.domain.identity import SessionToken
from todo_app.session_cookie import SESSION_COOKIE
from todo_app.settings import Settings

CSRF_COOKIE = "punctual_csrf"
CSRF_HEADER = "X-CSRF-Token"
# The longest that browsers keep one. When a log-in ends is decided by the session in the database, which an
# open tab prolongs without being able to set a cookie.
_KEPT_FOR = timedelta(days=400)


def set_cookies(response: Response, secret: str, settings: Settings) -> None:
    """Log the browser in."""
    _set(response, SESSION_COOKIE, secret, settings, http_only=True)
    _set(response, CSRF_COOKIE, secrets.token_urlsafe(24), settings, http_only=False)


def keep_cookies(request: Request, settings: Settings) -> list[str]:
    """``Set-Cookie`` values that give the browser's cookies their whole life once more."""
    response = Response()
    for name, http_only in ((SESSION_COOKIE, True), (CSRF_COOKIE, False)):
        if name in request.cookies:
            _set(response, name, request.cookies[name], settings, http_only=http_only)
    return response.headers.getlist("set-cookie")


def clear_cookies(response: Response, settings: Settings) -> None:
    """Log the browser out."""
    for name in (SESSION_COOKIE, CSRF_COOKIE):
        response.delete_cookie(name, path="/", secure=settings.cookies_secure, samesite="lax")


def session_of(request: Request) -> SessionToken:
    """The session of a request that changes something, which must carry the CSRF token too.

    Raises:
        Unauthenticated: when there is no session cookie.
        Forbidden: when the CSRF header is missing or is not the cookie's value.
    """
    session = session_of_look(request)
    expected = request.cookies.get(CSRF_COOKIE, "")
    if not expected or not hmac.compare_digest(
        request.headers.get(CSRF_HEADER, "").encode(), expected.encode()
    ):
        raise Forbidden(f"Send the value of the cookie {CSRF_COOKIE} in the header {CSRF_HEADER}.")
    return session


def session_of_look(request: Request) -> SessionToken:
    """The session of a request that changes nothing, whose answer other sites can't read.

    Raises:
        Unauthenticated: when there is no session cookie.
    """
    secret = request.cookies.get(SESSION_COOKIE)
    if not secret:
        raise Unauthenticated
    return SessionToken(secret)


def _set(response: Response, name: str, value: str, settings: Settings, *, http_only: bool) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(_KEPT_FOR.total_seconds()),
        path="/",
        secure=settings.cookies_secure,
        httponly=http_only,
        samesite="lax",
    )
