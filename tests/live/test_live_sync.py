"""What is changed in one tab shows in every other tab of the same person, and in nobody else's."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.fixtures.live_server import LiveServer
from tests.fixtures.tab import Tab, post, sign_up

_QUICK_ADD = "reflex___state____state.state___quick_add____quick_add_state.add"
_ASSISTANT = "reflex___state____state.state___assistant____assistant_state"
_DETAILS = "reflex___state____state.state___details____details_state"


async def _add(tab: Tab, text: str) -> None:
    await tab.send(_QUICK_ADD, text=text)
    title = text.split(" #", maxsplit=1)[0].split(" p1", maxsplit=1)[0]
    await tab.until(lambda: title in tab.titles)


@pytest.fixture
def cookie(live_server: LiveServer) -> str:
    return sign_up(live_server.url)


async def test_a_new_task_appears_in_another_tab(live_server: LiveServer, cookie: str) -> None:
    async with Tab(live_server.url, cookie) as one, Tab(live_server.url, cookie) as other:
        await _add(one, "Water the tomatoes")
        await other.until(lambda: "Water the tomatoes" in other.titles)


async def test_fifty_tabs_follow_one_change_and_end_up_equal(live_server: LiveServer, cookie: str) -> None:
    paths = ["/today", "/all", "/inbox", "/today?sort=priority", "/upcoming"]
    async with AsyncExitStack() as stack:
        tabs = [
            await stack.enter_async_context(Tab(live_server.url, cookie, path=paths[number % len(paths)]))
            for number in range(50)
        ]
        await _add(tabs[0], "Call the bank p1")
        for tab in tabs:
            await tab.until(lambda tab=tab: "Call the bank" in tab.titles)
        await tabs[0].send("complete", task_id=tabs[0].id_of("Call the bank"))
        for tab in tabs:
            await tab.until(lambda tab=tab: "Call the bank" not in tab.titles)
        for path in paths:
            shown = [tab.list("groups") for tab in tabs if tab.path == path]
            async with Tab(live_server.url, cookie, path=path) as fresh:
                assert all(groups == fresh.list("groups") for groups in shown)


async def test_a_tab_that_connects_again_shows_what_changed_meanwhile_and_what_comes(
    live_server: LiveServer, cookie: str
) -> None:
    async with Tab(live_server.url, cookie) as other:
        async with Tab(live_server.url, cookie) as first:
            token = first.token
        await _add(other, "While it was away")
        async with Tab(live_server.url, cookie, token=token) as again:
            assert "While it was away" in again.titles
            await _add(other, "Since it is back")
            await again.until(lambda: "Since it is back" in again.titles)


async def test_a_stranger_s_tab_receives_nothing(live_server: LiveServer, cookie: str) -> None:
    async with Tab(live_server.url, cookie) as mine, Tab(live_server.url, sign_up(live_server.url)) as theirs:
        before = theirs.received
        await _add(mine, "A secret")
        async with Tab(live_server.url, cookie) as second:
            assert "A secret" in second.titles
        assert theirs.received == before


async def test_a_change_at_the_command_line_appears(live_server: LiveServer) -> None:
    cookie = sign_up(live_server.url, "seeded@example.org")
    async with Tab(live_server.url, cookie, path="/all") as tab:
        before = len(tab.rows)
        await asyncio.to_thread(live_server.command, "seed", "seeded@example.org", "--tasks", "30")
        await tab.until(lambda: len(tab.rows) > before)


async def test_logging_out_everywhere_ends_the_pushes(live_server: LiveServer) -> None:
    cookie = sign_up(live_server.url, "leaver@example.org")
    _, cookies = post(
        live_server.url, "/auth/login", {"email": "leaver@example.org", "password": "correct horse"}
    )
    other_browser = "; ".join(cookies)
    async with Tab(live_server.url, cookie) as tab:
        csrf = other_browser.split("punctual_csrf=")[1]
        post(live_server.url, "/auth/logout-everywhere", {}, cookie=other_browser, csrf=csrf)
        await tab.until(lambda: tab.titles == [] and any("login" in str(event) for event in tab.events))


async def test_another_person_s_client_token_shows_nothing_of_them(
    live_server: LiveServer, cookie: str
) -> None:
    async with Tab(live_server.url, cookie) as mine:
        await _add(mine, "A secret")
        token = mine.token
    attacker = sign_up(live_server.url)
    async with Tab(live_server.url, attacker, token=token) as theirs:
        assert "A secret" not in str(theirs.vars)
        async with Tab(live_server.url, cookie) as again:
            await _add(again, "Another secret")
        await theirs.send("select_all")
        await theirs.until(lambda: theirs.list("selected") is not None)
        assert "secret" not in str(theirs.vars)


async def test_two_tabs_that_edit_the_same_title_see_both_values(
    live_server: LiveServer, cookie: str
) -> None:
    async with Tab(live_server.url, cookie) as one:
        await _add(one, "Write the notes")
        path = f"/today?task={one.id_of('Write the notes')}"
        async with (
            Tab(live_server.url, cookie, path=path) as first,
            Tab(live_server.url, cookie, path=path) as second,
        ):
            commit = {"field": "title", "base": "Write the notes"}
            await first.send(f"{_DETAILS}.commit_text", value="Write the minutes", **commit)
            await second.until(lambda: second.vars[_DETAILS]["task"]["title"] == "Write the minutes")
            await second.send(f"{_DETAILS}.commit_text", value="Write the report", **commit)
            await second.until(lambda: second.vars[_DETAILS].get("conflict", {}).get("field") == "title")
            conflict = second.vars[_DETAILS]["conflict"]
            assert (conflict["theirs"], conflict["mine"]) == ("Write the minutes", "Write the report")
            await second.send(f"{_DETAILS}.keep_mine")
            await first.until(lambda: first.vars[_DETAILS]["task"]["title"] == "Write the report")


def _cards(tab: Tab) -> dict[str, bool]:
    """The tasks of the assistant's cards, and whether they are done."""
    messages = tab.vars.get(_ASSISTANT, {}).get("messages") or []
    return {card["title"]: card["done"] for each in messages for card in each["cards"]}


async def test_the_assistant_s_cards_follow_what_is_done_elsewhere(
    live_server: LiveServer, cookie: str
) -> None:
    async with Tab(live_server.url, cookie) as asking, Tab(live_server.url, cookie) as other:
        await _add(other, "Pay rent")
        await _add(other, "Buy milk")
        await asking.send(f"{_ASSISTANT}.send", text="search rent")
        await asking.until(lambda: _cards(asking) == {"Pay rent": False})
        await asking.until(lambda: asking.vars[_ASSISTANT]["busy"] is False)

        await other.send("complete", task_id=other.id_of("Pay rent"))

        await asking.until(lambda: _cards(asking) == {"Pay rent": True})
        assert _cards(other) == {}


async def test_the_cards_of_a_tab_that_connects_again_show_what_changed_meanwhile_and_what_comes(
    live_server: LiveServer, cookie: str
) -> None:
    async with Tab(live_server.url, cookie) as other:
        async with Tab(live_server.url, cookie) as first:
            await _add(first, "Pay rent")
            await first.send(f"{_ASSISTANT}.send", text="search rent")
            await first.until(lambda: _cards(first) == {"Pay rent": False})
            await first.until(lambda: first.vars[_ASSISTANT]["busy"] is False)
            token = first.token
        task_id = other.id_of("Pay rent")
        await other.send("complete", task_id=task_id)
        await other.until(lambda: "Pay rent" not in other.titles)

        async with Tab(live_server.url, cookie, token=token) as again:
            await again.until(lambda: _cards(again) == {"Pay rent": True})
            await other.send("reopen", task_id=task_id)
            await again.until(lambda: _cards(again) == {"Pay rent": False})


async def test_what_is_on_no_card_leaves_the_conversation_alone(live_server: LiveServer, cookie: str) -> None:
    async with Tab(live_server.url, cookie) as asking, Tab(live_server.url, cookie) as other:
        await _add(other, "Pay rent")
        await asking.send(f"{_ASSISTANT}.send", text="search rent")
        await asking.until(lambda: _cards(asking) == {"Pay rent": False})
        await asking.until(lambda: asking.vars[_ASSISTANT]["busy"] is False)
        shown = asking.vars[_ASSISTANT]["messages"]

        await _add(other, "Buy milk")

        await asking.until(lambda: "Buy milk" in asking.titles)
        assert asking.vars[_ASSISTANT]["messages"] is shown
