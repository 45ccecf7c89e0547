"""The pages behind the links of a mail: a look never does anything, only the button on the page does."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from todo_app.bootstrap import Application
from todo_app.domain.errors import DomainError, Invalid, NotFound
from todo_app.notifications.links import PURPOSE, LinkSigner
from todo_app.secret_key import purpose_key
from todo_app.services import mail_links

_STYLES = ("tokens", "base", "forms")


def mail_links_router(app: Application) -> APIRouter:
    """The routes below ``/links``; the address itself is what shows who may."""
    router = APIRouter(include_in_schema=False)
    signer = LinkSigner(purpose_key(app.settings, PURPOSE))

    # Mail scanners and programs that show a preview follow links, so GET asks, and POST does.
    @router.api_route("/links/{text}", methods=["GET", "HEAD"])
    async def ask(text: str) -> HTMLResponse:
        try:
            link = signer.read(text)
            async with app.work.read() as uow:
                offer = await mail_links.offer(uow, link)
        except DomainError as error:
            return _refusal(error)
        return _page(offer.question, _button(offer.button))

    # RFC 8058: mail programs POST here when somebody unsubscribes in them; the body says nothing new.
    @router.post("/links/{text}")
    async def act(text: str) -> HTMLResponse:
        try:
            link = signer.read(text)
            async with app.work.write() as uow:
                done = await mail_links.follow(uow, link)
                user_id = uow.user_id
        except DomainError as error:
            return _refusal(error)
        app.notices.announce_told(user_id)
        return _page(done, _home())

    return router


def _refusal(error: DomainError) -> HTMLResponse:
    status = HTTPStatus.NOT_FOUND if isinstance(error, NotFound) else HTTPStatus.GONE
    if isinstance(error, Invalid) and error.field != "link":
        status = HTTPStatus.CONFLICT
    return _page(str(error), _home(), status=status)


def _button(label: str) -> str:
    # Without an action the form goes to the address it is on.
    return f'<form method="post"><button class="button button-primary">{escape(label)}</button></form>'


def _home() -> str:
    return '<p><a class="link" href="/today">Open Punctual</a></p>'


def _page(text: str, below: str, *, status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
    styles = "".join(f'<link rel="stylesheet" href="/styles/{name}.css">' for name in _STYLES)
    title = f'<h1 class="auth-title">{escape(text)}</h1>'
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>Punctual</title>{styles}</head>"
        f'<body><main class="auth"><div class="auth-box">{title}{below}</div>'
        "</main></body></html>",
        status_code=status,
    )
