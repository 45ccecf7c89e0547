"""The routes that log people in and out: the only ones that set cookies."""

from __future__ import annotations

import logging
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response
from pydantic import BaseModel, Field

from todo_app.api.bodies import Body, Text
from todo_app.api.cookies import clear_cookies, session_of, set_cookies
from todo_app.bootstrap import Application
from todo_app.db.models import User
from todo_app.domain.errors import Invalid
from todo_app.domain.identity import SessionToken
from todo_app.mail import Mail, send_mail
from todo_app.services import accounts, throttle
from todo_app.services.seed import welcome

logger = logging.getLogger(__name__)


class Registration(Body):
    """What somebody gives to sign up."""

    email: Text = Field(max_length=254)
    password: Text = Field(max_length=accounts.PASSWORD_MAX)
    timezone: Text = Field(max_length=64)


class Login(Body):
    """What somebody gives to log in."""

    email: Text = Field(max_length=254)
    password: Text = Field(max_length=accounts.PASSWORD_MAX)


class ResetRequest(Body):
    """Whose password is forgotten."""

    email: Text = Field(max_length=254)


class NewPassword(Body):
    """A new password, with the secret from the mail."""

    secret: Text = Field(max_length=100)
    password: Text = Field(max_length=accounts.PASSWORD_MAX)


class PasswordChange(Body):
    """A new password, with the current one."""

    current_password: Text = Field(max_length=accounts.PASSWORD_MAX)
    password: Text = Field(max_length=accounts.PASSWORD_MAX)


class Deletion(Body):
    """The password, to show that the owner deletes the account."""

    password: Text = Field(max_length=accounts.PASSWORD_MAX)


class Account(BaseModel):
    """Who is logged in now."""

    id: UUID
    email: str


Session = Annotated[SessionToken, Depends(session_of)]


def auth_router(app: Application) -> APIRouter:
    """The routes below ``/auth``."""
    router = APIRouter(tags=["account"])
    _add_sessions(router, app)
    _add_passwords(router, app)
    return router


async def _attempt(app: Application, request: Request, *, what: str, email: str) -> None:
    address = request.client.host if request.client else "unknown"
    await throttle.count_attempt(app.state_store, what=what, account=email, network_address=address)


async def _logged_in(app: Application, response: Response, user: User) -> Account:
    async with app.work.write() as uow:
        session = accounts.start_session(uow, user, days=app.settings.session_days)
    set_cookies(response, session.secret, app.settings)
    return Account(id=user.id, email=user.email)


def _add_sessions(router: APIRouter, app: Application) -> None:
    @router.post("/register", status_code=201)
    async def register(body: Registration, request: Request, response: Response) -> Account:
        await _attempt(app, request, what="register", email=body.email)
        password = await accounts.hash_password(body.password)
        async with app.work.write() as uow:
            user = await accounts.register(uow, body.email, password, body.timezone)
            await welcome(uow)
        return await _logged_in(app, response, user)

    @router.post("/login")
    async def log_in(body: Login, request: Request, response: Response) -> Account:
        await _attempt(app, request, what="login", email=body.email)
        async with app.work.read() as uow:
            user = await accounts.authenticate(uow, body.email, body.password)
        await throttle.forget_attempts(app.state_store, what="login", account=body.email)
        return await _logged_in(app, response, user)

    @router.post("/logout", status_code=204)
    async def log_out(session: Session, response: Response) -> None:
        async with app.work.write(session) as uow:
            await accounts.log_out(uow)
        clear_cookies(response, app.settings)

    @router.post("/logout-everywhere", status_code=204)
    async def log_out_everywhere(session: Session, response: Response) -> None:
        async with app.work.write(session) as uow:
            await accounts.log_out_everywhere(uow)
        clear_cookies(response, app.settings)

    @router.post("/delete-account", status_code=204)
    async def delete_account(body: Deletion, session: Session, request: Request, response: Response) -> None:
        async with app.work.read(session) as uow:
            email = uow.identity.email
        await _attempt(app, request, what="delete", email=email)
        async with app.work.read(session) as uow:
            password = await accounts.confirm(uow, body.password)
        async with app.work.write(session) as uow:
            await accounts.delete_account(uow, password)
        clear_cookies(response, app.settings)


def _add_passwords(router: APIRouter, app: Application) -> None:
    @router.post("/password", status_code=204)
    async def change_password(body: PasswordChange, session: Session, request: Request) -> None:
        async with app.work.read(session) as uow:
            email = uow.identity.email
        await _attempt(app, request, what="password", email=email)
        async with app.work.read(session) as uow:
            current = await accounts.confirm(uow, body.current_password)
        password = await accounts.hash_password(body.password)
        async with app.work.write(session) as uow:
            await accounts.change_password(uow, current, password)

    @router.post("/forgot", status_code=202)
    async def forgot(body: ResetRequest, request: Request, tasks: BackgroundTasks) -> dict[str, str]:
        if app.settings.smtp_url is None:
            raise Invalid("email", "This server sends no mail. Its operator can set a new password for you.")
        await _attempt(app, request, what="forgot", email=body.email)
        # After the answer, so that its time does not tell whether the address is known.
        tasks.add_task(_send_reset_link, app, body.email)
        return {"detail": "If there is an account with this address, a mail is on its way."}

    @router.post("/reset")
    async def reset(body: NewPassword, request: Request, response: Response) -> Account:
        await _attempt(app, request, what="reset", email=body.secret)
        password = await accounts.hash_password(body.password)
        async with app.work.write() as uow:
            user = await accounts.reset_password(uow, body.secret, password)
        return await _logged_in(app, response, user)


async def _send_reset_link(app: Application, email: str) -> None:
    async with app.work.write() as uow:
        reset = await accounts.ask_for_reset(uow, email)
    if reset is None:
        return
    link = f"{app.settings.public_url}/reset?secret={reset.secret}"
    text = f"Set a new password within an hour:\n\n{link}\n\nDid you not ask for it? Ignore this mail."
    try:
        await send_mail(app.settings, Mail(to=reset.email, subject="Set a new password", text=text))
    except OSError:
        logger.exception("A link to set a new password could not be sent")
