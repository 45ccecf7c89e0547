"""What is answered at addresses that are no pages: never the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.client import BrowserClient, problem_of

PROGRAMS = ["/admin", "/api", "/auth", "/events", "/feeds", "/mcp/"]


@pytest.mark.parametrize("prefix", PROGRAMS)
@pytest.mark.parametrize("below", ["", "/", "/x", "/x.js", "/x/y?z=1"])
async def test_an_unknown_address_for_programs_is_a_problem(
    browser: BrowserClient, prefix: str, below: str
) -> None:
    for method in ("GET", "POST"):
        answer = await browser.request(method, prefix + below)
        assert answer.status_code == 404
        assert problem_of(answer)["detail"] == "There is nothing at this address."
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/healthz/x", "/readyz/x", "/metrics/x", "/ping/x", "/_health/x", "/_upload", "/_upload/x"]
)
async def test_nothing_is_below_a_single_route(browser: BrowserClient, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/assets/gone-1a2b.js", "/assets/", "/assets/no-dot", "/styles/gone.css", "/favicon.ico", "/a/b.map"],
)
async def test_a_file_that_is_gone_is_not_the_page(browser: BrowserClient, path: str) -> None:
    answer = await browser.get(path)

    assert answer.status_code == 404
    assert problem_of(answer)["title"] == "Not Found"
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    ["/assets/%2e%2e/%2e%2e/secret.key", "/assets/..%2f..%2fsecret.key", f"/{'x' * 300}.js", "/%00.js"],
)
async def test_names_that_lead_elsewhere_are_not_there(
    browser: BrowserClient, page_folder: Path, path: str
) -> None:
    (page_folder.parent / "secret.key").write_text("not of the page")

    assert (await browser.get(path)).status_code == 404


async def test_a_file_that_is_there_is_served_for_ever(browser: BrowserClient, page_folder: Path) -> None:
    (page_folder / "assets").mkdir()
    (page_folder / "assets" / "start-1a2b.js").write_text("start()")

    answer = await browser.get("/assets/start-1a2b.js")

    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


async def test_pages_stay_pages(browser: BrowserClient) -> None:
    await browser.register("ada@example.org")

    for path in ("/today", "/project/018f", "/search", "/eventsx", "/apiary"):
        assert (await browser.get(path)).text == f"the page at {path}"
