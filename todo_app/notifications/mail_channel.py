"""Notifications by mail."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from todo_app.mail import Mail, MailError, send_mail
from todo_app.notifications.port import Message, Refused, TryLater
from todo_app.settings import Settings


class MailChannel:
    """Implements `Channel` over the operator's SMTP server; the target is an address."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._domain = urlsplit(settings.public_url).hostname or "localhost"

    async def send(self, target: str, message: Message) -> None:
        """One mail to one address, so that what becomes of it is known for each."""
        mail = Mail(
            to=target,
            subject=message.title,
            text=_text(message),
            html=_html(message),
            headers=self._headers(message),
        )
        try:
            await send_mail(self._settings, mail)
        except MailError as error:
            raise (Refused if error.is_final else TryLater)(str(error)) from error

    def _headers(self, message: Message) -> dict[str, str]:
        headers = {"Message-ID": f"<{message.id}@{self._domain}>", "Auto-Submitted": "auto-generated"}
        if message.task_id is not None:
            # Nobody has ever sent this one: all mails about a task hang under it as one conversation.
            thread = f"<task-{message.task_id}@{self._domain}>"
            headers |= {"In-Reply-To": thread, "References": thread}
        if message.unsubscribe_url:
            headers |= {
                "List-Unsubscribe": f"<{message.unsubscribe_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
            }
        return headers


def _text(message: Message) -> str:
    actions = (("Complete", message.complete_url), ("Snooze 1 hour", message.snooze_url))
    links = [f"{name}: {url}" for name, url in (("Open", message.open_url), *actions) if url]
    paragraphs = [message.title, message.line, message.body, "\n".join(links)]
    if message.unsubscribe_url:
        paragraphs.append(f"-- \nNo more mails like this: {message.unsubscribe_url}")
    return "\n\n".join(filter(None, paragraphs)) + "\n"


_BUTTON = (
    "display:inline-block;padding:8px 12px;margin:0 8px 8px 0;border-radius:6px;"
    "text-decoration:none;font-weight:500;"
)
_FILLED = f"{_BUTTON}background:#5b5bd6;color:#ffffff"
_PLAIN = f"{_BUTTON}background:#f0f0f3;color:#1c2024"


def _html(message: Message) -> str:
    buttons = [
        f'<a href="{escape(url)}" style="{style}">{name}</a>'
        for name, url, style in (
            ("Complete", message.complete_url, _FILLED),
            ("Snooze 1 hour", message.snooze_url, _PLAIN),
            ("Open", message.open_url, _PLAIN),
        )
        if url
    ]
    body = "<br>".join(escape(line) for line in message.body.splitlines())
    unsubscribe = (
        '<p style="margin:24px 0 0;font-size:12px;color:#5c6068">'
        f'<a href="{escape(message.unsubscribe_url)}" style="color:#5c6068">No more mails like this</a></p>'
    )
    return (
        '<!doctype html><html lang="en"><body style="margin:0;padding:24px;background:#fff;color:#1c2024;'
        'font:14px/20px Inter,-apple-system,Segoe UI,Roboto,sans-serif">'
        f'<h1 style="margin:0 0 4px;font-size:18px;line-height:24px">{escape(message.title)}</h1>'
        + (f'<p style="margin:0 0 16px;color:#5c6068">{escape(message.line)}</p>' if message.line else "")
        + (f'<p style="margin:0 0 16px">{body}</p>' if body else "")
        + f'<p style="margin:0">{"".join(buttons)}</p>'
        + (unsubscribe if message.unsubscribe_url else "")
        + "</body></html>"
    )
