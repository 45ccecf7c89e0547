"""What the browser refuses because the server tells it to."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, open_details, title, until

SCRIPT = "globalThis.pwned = 1"


@pytest.mark.parametrize(
    "inject",
    [
        f"const script = document.createElement('script'); script.textContent = '{SCRIPT}'; document.body.append(script)",
        f"document.body.insertAdjacentHTML('beforeend', `<img src=x onerror='{SCRIPT}'>`)",
        "const script = document.createElement('script'); script.src = 'https://example.org/evil.js'; document.body.append(script)",
        f"const link = document.createElement('a'); link.href = 'javascript:{SCRIPT}'; document.body.append(link); link.click()",
        f"const button = document.createElement('button'); button.setAttribute('onclick', '{SCRIPT}'); button.click()",
    ],
    ids=["inline", "handler", "from elsewhere", "address", "attribute"],
)
def test_a_script_that_the_build_did_not_write_does_not_run(
    page: Page, complaints: list[str], inject: str
) -> None:
    page.evaluate(
        """() => {
            globalThis.refused = [];
            addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
        }"""
    )

    page.evaluate(f"() => {{ {inject} }}")

    until(page, lambda: page.evaluate("refused.length") == 1)
    assert str(page.evaluate("refused[0]")).startswith("script-src")
    assert not page.evaluate("'pwned' in globalThis")
    complaints.clear()  # the browser writes what it refused to the console


def test_a_title_is_text_whatever_it_looks_like(page: Page) -> None:
    text = f"<img src=x onerror='{SCRIPT}'><script>{SCRIPT}</script>"
    add(page, f'"{text}"')

    expect(title(page, text)).to_have_text(text)
    open_details(page, text)
    expect(page.locator("main img, main script, .details img, .details script")).to_have_count(0)
    assert not page.evaluate("'pwned' in globalThis")


@pytest.mark.parametrize("path", ["/login", "/today"])
def test_no_page_of_another_site_can_frame_it(
    new_context: OpenContext, person: Person, base_url: str, complaints: list[str], path: str
) -> None:
    page = new_context(person).new_page()

    page.set_content(f'<iframe src="{base_url}{path}"></iframe>')

    until(page, lambda: any(frame.url.startswith("chrome-error:") for frame in page.frames))
    assert not page.frame_locator("iframe").locator(".auth, .app").count()
    complaints.clear()
