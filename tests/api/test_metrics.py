"""What Prometheus is told, and who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from tests.api.client import BrowserClient, problem_of
from tests.api.conftest import Open, serve
from todo_app.bootstrap import Application, bootstrap
from todo_app.settings import Settings

HERE = "127.0.0.1"
TOKEN = "a token for the collector"


async def measured(browser: BrowserClient, **headers: str) -> dict[str, float]:
    """The samples by name and labels."""
    answer = await browser.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        f"{sample.name}{sorted(sample.labels.values()) if sample.labels else ''}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


class TestAccess:
    @pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
    async def test_this_machine_may(self, open_browser: Open, address: str) -> None:
        assert (await open_browser(address=address).get("/metrics")).status_code == 200

    @pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "testclient"])
    async def test_for_others_it_is_not_there(self, open_browser: Open, address: str) -> None:
        answer = await open_browser(address=address).get("/metrics", headers={"Authorization": "Bearer "})

        assert answer.status_code == 404
        assert problem_of(answer)["detail"] == "There is nothing at this address."

    @pytest.mark.parametrize("header", ["Forwarded", "Via", "X-Forwarded-For", "X-Real-IP"])
    async def test_a_proxy_on_this_machine_asks_for_others(self, open_browser: Open, header: str) -> None:
        browser = open_browser(address=HERE)

        assert (await browser.get("/metrics", headers={header: "192.0.2.1"})).status_code == 404

    @pytest.mark.parametrize(
        ("given", "status"),
        [(f"Bearer {TOKEN}", 200), ("Bearer wrong", 404), (TOKEN, 404), ("Bearer é", 404)],
    )
    async def test_the_token_lets_in_from_elsewhere(
        self, settings: Settings, page_folder: Path, given: str, status: int
    ) -> None:
        application = bootstrap(settings.model_copy(update={"metrics_token": SecretStr(TOKEN)}))
        async with BrowserClient(serve(application, page_folder)) as browser:
            answer = await browser.get("/metrics", headers={"Authorization": given.encode()})
        await application.close()

        assert answer.status_code == status


class TestFigures:
    async def test_requests_are_counted_by_route_and_not_by_address(self, open_browser: Open) -> None:
        browser = open_browser(address=HERE)
        await browser.register("ada@example.org")
        for path in (
            "/project/1",
            "/project/2",
            "/auth/x1",
            "/auth/x2",
            "/gone/1.js",
            "/gone/2.js",
            "/healthz",
        ):
            await browser.get(path)

        requests = {
            name: value
            for name, value in (await measured(browser)).items()
            if name.startswith("punctual_http_requests_total")
        }

        assert requests == {
            "punctual_http_requests_total['/auth/register', '201']": 1,
            "punctual_http_requests_total['200', 'page']": 2,
            "punctual_http_requests_total['404', 'other']": 4,
            "punctual_http_requests_total['/healthz', '200']": 1,
        }

    async def test_commands_are_timed(self, open_browser: Open) -> None:
        browser = open_browser(address=HERE)
        before = await measured(browser)
        await browser.register("ada@example.org")
        await browser.submit("/auth/logout-everywhere")

        after = await measured(browser)

        assert before["punctual_command_seconds_count"] == 0
        assert after["punctual_command_seconds_count"] == 2
        assert after["punctual_command_seconds_sum"] > 0

    async def test_what_waits_is_told(self, open_browser: Open, application: Application) -> None:
        browser = open_browser(address=HERE)
        empty = await measured(browser)
        await browser.register("ada@example.org")
        waiting = await measured(browser)

        assert empty["punctual_outbox_unpublished"] == empty["punctual_outbox_oldest_seconds"] == 0
        assert waiting["punctual_outbox_unpublished"] > 3
        assert waiting["punctual_dead_letters"] == 0
        assert waiting["punctual_database_up"] == 1

    async def test_without_a_database_it_still_answers(
        self, open_browser: Open, application: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser = open_browser(address=HERE)
        with unreachable(application, monkeypatch):
            figures = await measured(browser)

        assert figures["punctual_database_up"] == 0
        assert figures["punctual_outbox_unpublished"] != figures["punctual_outbox_unpublished"], (
            "not a number"
        )

    async def test_open_tabs_are_those_of_the_server(
        self, open_browser: Open, application: Application
    ) -> None:
        application.metrics.open_tabs.set_function(lambda: 7)

        assert (await measured(open_browser(address=HERE)))["punctual_open_tabs"] == 7


@contextmanager
def unreachable(application: Application, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(application.work, "read", refuse)
        yield
