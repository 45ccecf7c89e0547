"""API tokens in the settings: made, shown once, used, revoked."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import OpenContext
from e2e.steps import add, toast


def _section(page: Page) -> Locator:
    page.goto("/settings")
    section = page.get_by_role("region", name="API tokens")
    expect(section).to_be_visible()
    return section


def _make(section: Locator, name: str, may: str) -> str:
    section.get_by_label("What the token is for").fill(name)
    section.get_by_label("What it may do").select_option(may)
    section.get_by_role("button", name="Make a token").click()
    secret = section.get_by_role("textbox", name=f"Secret of {name}")
    expect(secret).to_be_visible()
    return secret.input_value()


def test_a_token_works_until_it_is_revoked(page: Page, new_context: OpenContext) -> None:
    add(page, "Pay rent")
    section = _section(page)
    secret = _make(section, "Backup script", "May read")
    expect(section.get_by_role("listitem")).to_contain_text(
        "Backup scriptMay read, made today, never used, ends"
    )

    # As a program does it, without the person's cookies.
    program = new_context(extra_http_headers={"Authorization": f"Bearer {secret}"}).request
    answer = program.get("/api/v1/tasks")
    assert "Pay rent" in [task["title"] for task in answer.json()["items"]]
    assert program.post("/api/v1/tasks", data={"title": "Buy milk"}).status == 403

    section.get_by_role("button", name="Revoke Backup script").click()
    question = page.get_by_role("alertdialog", name="Revoke “Backup script”?")
    question.get_by_role("button", name="Cancel").click()
    assert program.get("/api/v1/tasks").status == 200
    section.get_by_role("button", name="Revoke Backup script").click()
    question.get_by_role("button", name="Revoke token").click()
    expect(toast(page)).to_contain_text("Revoked “Backup script”")
    expect(section.get_by_role("listitem")).to_have_count(0)
    assert program.get("/api/v1/tasks").status == 401


def test_a_secret_is_not_shown_again_and_a_name_is_asked_for(page: Page, complaints: list[str]) -> None:
    section = _section(page)
    secret = _make(section, "Shell", "May do everything, settings too")
    section.get_by_label("What the token is for").fill("?!")
    section.get_by_role("button", name="Make a token").click()
    expect(section.get_by_role("alert")).to_have_text("Give the token a name with at least one letter.")
    complaints.clear()

    section = _section(page)
    expect(section.get_by_role("listitem")).to_contain_text("Shell")
    assert secret not in page.content()
