"""Sending a mail through the operator's SMTP server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib

from todo_app.settings import Settings
from todo_app.tls import trusted

TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in plain text, and in HTML too if it has that; ``headers`` are those besides the usual ones."""

    to: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class MailError(OSError):
    """The server can't be reached or refuses; ``is_final`` when it will not take this mail another time."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


async def send_mail(settings: Settings, mail: Mail) -> None:
    """Hand a mail to the SMTP server.

    Raises:
        MailError: when the server can't be reached or refuses.
    """
    try:
        async with _server(settings) as server:
            await server.send_message(_message(settings, mail))
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _explained(error) from error


async def check_server(settings: Settings) -> None:
    """Connect and log in as if to send a mail, and send none.

    Raises:
        MailError: when the server can't be reached or refuses.
    """
    try:
        async with _server(settings):
            pass
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _explained(error) from error


def _server(settings: Settings) -> aiosmtplib.SMTP:
    if settings.smtp_url is None:
        raise MailError("TODO_SMTP_URL is not set, so no mail can be sent")
    url = urlsplit(settings.smtp_url.get_secret_value())
    return aiosmtplib.SMTP(
        hostname=url.hostname or "localhost",
        port=url.port or _PORTS.get(url.scheme, 587),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password or "") if url.username else None,
        timeout=TIMEOUT_SECONDS,
        # Otherwise STARTTLS is used where the server offers it.
        use_tls=url.scheme == "smtps",
        tls_context=trusted(),
    )


def _message(settings: Settings, mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.to, mail.subject
    message["Date"] = formatdate()
    for name, value in mail.headers.items():
        message[name] = value
    if "Message-ID" not in message:
        message["Message-ID"] = make_msgid(domain="punctual")
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


def _explained(error: Exception) -> MailError:
    match error:
        case MailError():
            return error
        case aiosmtplib.SMTPRecipientsRefused(recipients=[refused, *_]):
            return _answer("refused the address", refused.code, refused.message)
        case aiosmtplib.SMTPDataError():
            return _answer("did not take the mail", error.code, error.message)
        case aiosmtplib.SMTPAuthenticationError():
            return MailError(f"The mail server refused the log-in: {error.code} {error.message}")
        case aiosmtplib.SMTPResponseException():
            return MailError(f"The mail server answered {error.code} {error.message}")
        case TimeoutError():
            return MailError("The mail server did not answer in time.")
        case aiosmtplib.SMTPConnectError():
            cause = getattr(error.__cause__, "strerror", None)
            return MailError(f"The mail server can't be reached{f' ({cause.lower()})' if cause else ''}.")
        case aiosmtplib.SMTPServerDisconnected():
            return MailError("The mail server hung up.")
        case _:
            return MailError(f"The mail could not be sent: {error}")


def _answer(what: str, code: int, message: str) -> MailError:
    # 5xx is for good, 4xx may pass (RFC 5321 §4.2.1).
    return MailError(f"The mail server {what}: {code} {message}", is_final=code >= 500)
