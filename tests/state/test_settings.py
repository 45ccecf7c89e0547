"""The settings page: where somebody is logged in, and the programs that act for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from state.account import AccountState
from state.list import ListState
from state.tokens import TokensState
from state.webhooks import WebhooksState
from tests.state.people import Person
from tests.state.pipeline import Pipeline
from todo_app.domain.errors import Unauthenticated
from todo_app.domain.identity import BearerToken, Scope
from todo_app.services import accounts, tokens, webhooks


async def cookie_of_another_browser(ada: Person) -> str:
    async with ada.application.work.write() as uow:
        user = await uow.accounts.by_id(ada.identity.user_id)
        assert user is not None
        return f"punctual_session={accounts.start_session(uow, user, days=30).secret}"


async def test_the_browsers_are_shown_in_words(pipeline: Pipeline, ada: Person) -> None:
    await cookie_of_another_browser(ada)

    tab = await pipeline.open_tab(cookie=ada.cookie, path="/settings")

    this, other = tab.var(AccountState, "browsers")
    assert this["is_this"]
    assert not other["is_this"]
    assert other["began"].startswith("today ")
    assert other["used"] == "used in the last day"
    assert other["ends"]


async def test_another_one_is_logged_out_from_here(pipeline: Pipeline, ada: Person) -> None:
    task_id = await ada.add("Water the plants")
    phone = await pipeline.open_tab(cookie=await cookie_of_another_browser(ada))
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/settings")

    answer = await tab.send(AccountState.log_out_elsewhere, tab.var(AccountState, "browsers")[1]["id"])

    assert answer.toast == "Logged out in the other browser"
    assert [each["is_this"] for each in tab.var(AccountState, "browsers")] == [True]
    assert (await phone.send(ListState.complete, str(task_id))).logs_out


async def test_a_browser_that_left_by_itself_is_told_so(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/settings")

    answer = await tab.send(AccountState.log_out_elsewhere, "0199a000-0000-7000-8000-000000000000")

    assert answer.toast == "This log-in does not exist any more."


class TestTokens:
    async def test_are_shown_in_words(self, pipeline: Pipeline, ada: Person) -> None:
        async with ada.application.work.write(ada.identity) as uow:
            await tokens.create(uow, "Backup script", Scope.READ, days=2)
            await tokens.create(uow, "Shell", Scope.ADMIN)

        tab = await pipeline.open_tab(cookie=ada.cookie, path="/settings")

        shell, backup = tab.var(TokensState, "items")
        assert (backup["name"], backup["may"], backup["made"]) == ("Backup script", "May read", "today")
        assert backup["used"] == "never used"
        assert backup["ends"].startswith("ends ")
        assert shell["ends"] == "works until it is revoked"

    async def test_one_that_has_ended_says_so(self, pipeline: Pipeline, ada: Person) -> None:
        async with ada.application.work.write(ada.identity) as uow:
            token = (await tokens.create(uow, "Backup script", Scope.READ, days=2)).token
            token.expires_at = uow.now - timedelta(days=1)

        tab = await pipeline.open_tab(cookie=ada.cookie, path="/settings")

        [backup] = tab.var(TokensState, "items")
        assert (backup["ends"], backup["has_ended"]) == ("ended yesterday", True)

    async def test_one_is_revoked_once_that_is_confirmed(self, pipeline: Pipeline, ada: Person) -> None:
        async with ada.application.work.write(ada.identity) as uow:
            made = await tokens.create(uow, "Backup script", Scope.READ)
        tab = await pipeline.open_tab(cookie=ada.cookie, path="/settings")

        await tab.send(TokensState.begin_revoking, str(made.token.id))
        assert tab.var(TokensState, "revoking")["name"] == "Backup script"
        answer = await tab.send(TokensState.revoke, str(made.token.id))

        assert answer.toast == "Revoked “Backup script”"
        assert tab.var(TokensState, "items") == []
        with pytest.raises(Unauthenticated):
            async with ada.application.work.read(BearerToken(made.secret, Scope.READ)):
                pass


class TestWebhooks:
    async def test_are_shown_with_their_log(self, pipeline: Pipeline, ada: Person) -> None:
        webhook_id = await webhook_of(ada)
        tab = await pipeline.open_tab(cookie=ada.cookie, path="/settings")
        [item] = tab.var(WebhooksState, "items")
        assert (item["name"], item["url"]) == ("Team chat", "https://example.org/hook")
        assert item["told"] == "When tasks are completed"

        await tab.send(WebhooksState.try_out, webhook_id)

        [line] = tab.var(WebhooksState, "lines")
        assert (line["type"], line["stands"]) == ("webhook.test", "On its way")
        await tab.send(WebhooksState.show_log, webhook_id)
        assert tab.var(WebhooksState, "lines") == []

    async def test_one_is_switched_off_and_removed(self, pipeline: Pipeline, ada: Person) -> None:
        webhook_id = await webhook_of(ada)
        tab = await pipeline.open_tab(cookie=ada.cookie, path="/settings")

        await tab.send(WebhooksState.switch, webhook_id, False)
        [item] = tab.var(WebhooksState, "items")
        assert (item["on"], item["problem"]) == (False, "You switched it off.")
        await tab.send(WebhooksState.begin_removing, webhook_id)
        assert tab.var(WebhooksState, "removing")["name"] == "Team chat"
        answer = await tab.send(WebhooksState.remove, webhook_id)

        assert answer.toast == "Removed “Team chat”"
        assert tab.var(WebhooksState, "items") == []


async def webhook_of(person: Person) -> str:
    target = webhooks.read_target("https://example.org/hook", allow_private=False)
    box = webhooks.webhook_box(person.application.settings)
    async with person.application.work.write(person.identity) as uow:
        made = await webhooks.create(uow, "Team chat", target, ["task.completed"], box=box)
    return str(made.webhook.id)
