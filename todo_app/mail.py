"""Sending a mail through the operator's SMTP server."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from todo_app.settings import Settings

TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in plain text."""

    to: str
    subject: str
    text: str


async def send_mail(settings: Settings, mail: Mail) -> None:
    """Hand a mail to the SMTP server.

    Raises:
        OSError: when the server can't be reached or refuses (smtplib's errors are OSErrors).
    """
    await asyncio.to_thread(_send, settings, mail)


def _send(settings: Settings, mail: Mail) -> None:
    if settings.smtp_url is None:
        raise OSError("TODO_SMTP_URL is not set, so no mail can be sent")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.to, mail.subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="punctual")
    message.set_content(mail.text)
    with _log_in(settings.smtp_url.get_secret_value()) as server:
        server.send_message(message)


def check_server(settings: Settings) -> None:
    """Connect and log in as if to send a mail, and send none.

    Raises:
        OSError: when the server can't be reached or refuses (smtplib's errors are OSErrors).
    """
    if settings.smtp_url is not None:
        _log_in(settings.smtp_url.get_secret_value()).quit()


def _log_in(address: str) -> smtplib.SMTP:
    url = urlsplit(address)
    server = _connect(url.scheme, url.hostname or "localhost", url.port or _PORTS.get(url.scheme, 587))
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def _connect(scheme: str, host: str, port: int) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    return server
