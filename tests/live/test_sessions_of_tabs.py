"""A push goes to the tabs of live sessions only, and leaves every tab with the session that is its own."""

from __future__ import annotations

from tests.fixtures.live_server import LiveServer
from tests.fixtures.tab import Tab, post, sign_up

_QUICK_ADD = "reflex___state____state.state___quick_add____quick_add_state.add"
_PASSWORD = "correct horse"


def _log_in(url: str, email: str) -> str:
    return "; ".join(post(url, "/auth/login", {"email": email, "password": _PASSWORD})[1])


def _csrf(cookie: str) -> str:
    return cookie.partition("punctual_csrf=")[2]


async def _add(tab: Tab, title: str) -> None:
    await tab.send(_QUICK_ADD, text=title)
    await tab.until(lambda: title in tab.titles)


async def test_a_changed_password_ends_the_pushes_to_other_browsers_only(live_server: LiveServer) -> None:
    url, email = live_server.url, "two-browsers@example.org"
    here, there = sign_up(url, email), _log_in(url, email)
    async with Tab(url, here) as mine, Tab(url, there) as other:
        await _add(mine, "Seen by both")
        await other.until(lambda: "Seen by both" in other.titles)
        body = {"current_password": _PASSWORD, "password": "another long password"}
        post(url, "/auth/password", body, cookie=here, csrf=_csrf(here))
        await other.until(lambda: other.titles == [] and "login" in str(other.events))
        await _add(mine, "Seen by one")
        assert "Seen by one" not in str(other.vars)


async def test_logging_out_in_one_browser_leaves_the_other_logged_in(live_server: LiveServer) -> None:
    url, email = live_server.url, "one-leaves@example.org"
    here, there = sign_up(url, email), _log_in(url, email)
    async with Tab(url, here) as mine, Tab(url, there) as other:
        await _add(other, "Before")
        await mine.until(lambda: "Before" in mine.titles)
        post(url, "/auth/logout", {}, cookie=there, csrf=_csrf(there))
        await other.until(lambda: "login" in str(other.events))
        await _add(mine, "After")
        assert "After" not in str(other.vars)
