"""Somebody with an account of their own: each test makes its own people, so that tests can run side by side."""

from __future__ import annotations

import http.client
import json
import random
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

PASSWORD = "correct horse battery"
_LOCAL = {"localhost", "127.0.0.1"}


@dataclass(frozen=True)
class Person:
    """Who they are, and the cookies of one browser in which they are logged in."""

    email: str
    password: str
    cookies: tuple[dict[str, Any], ...]


def fresh_email() -> str:
    """An address nobody has signed up with."""
    return f"{uuid4().hex[:12]}@example.org"


def register(base_url: str, *, email: str = "", timezone: str = "Europe/Berlin") -> Person:
    """Sign somebody up without the page."""
    email = email or fresh_email()
    body = {"email": email, "password": PASSWORD, "timezone": timezone}
    return Person(email, PASSWORD, tuple(_post(base_url, "/auth/register", body)))


def log_in(base_url: str, person: Person) -> Person:
    """The same person in another browser."""
    body = {"email": person.email, "password": person.password}
    return Person(person.email, person.password, tuple(_post(base_url, "/auth/login", body)))


def _post(base_url: str, path: str, body: dict[str, str]) -> list[dict[str, Any]]:
    parts = urlsplit(base_url)
    connection = _connect(parts.scheme, parts.hostname or "", parts.port)
    # Browsers treat localhost and 127.0.0.1 as two sites; the app has to hear the one it is opened by.
    headers = {"Content-Type": "application/json", "Host": parts.netloc, "Origin": base_url}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status < 300, f"{path}: {answer.status} {text}"
    cookies = SimpleCookie()
    for header in answer.headers.get_all("Set-Cookie") or []:
        cookies.load(header)
    connection.close()
    return [{"name": name, "value": cookie.value, "url": base_url} for name, cookie in cookies.items()]


def _connect(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=30)
    if host not in _LOCAL:
        return http.client.HTTPConnection(host, port, timeout=30)
    # A copy on this machine sees everybody come from a network address of their own, as it would anywhere
    # else; from one alone it lets only so many sign up in a quarter of an hour.
    own_address = f"127.{random.randint(1, 254)}.{random.randint(0, 254)}.{random.randint(1, 254)}"
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(own_address, 0))
