"""The process in which Apprise runs, one for each message; reads a job from its input, answers on its output.

Apprise knows some two hundred services, and what its addresses say is up to users: a host inside the
network, a template to be read from this machine's disk. So the process watches its own doings by an audit
hook (PEP 578), which hears of every connection and every file before it is opened, whatever library asks
for it, and after every redirect. It imports nothing of ours but the rule which addresses are public.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import re
import site
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from todo_app.notifications.addresses import is_public

# These show something on the server itself, or have no address to be checked.
LOCAL_SCHEMES = frozenset(
    ("blink1", "dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "vapid", "windows")
)
_SYSTEM_FILES = (
    *("/dev/null", "/dev/urandom", "/etc/host.conf", "/etc/hosts", "/etc/localtime", "/etc/mime.types"),
    *(
        "/etc/nsswitch.conf",
        "/etc/resolv.conf",
        "/etc/services",
        "/etc/ssl",
        "/etc/pki",
        "/usr/lib",
        "/usr/share",
    ),
)
_FORBIDDEN = frozenset(
    (
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system"),
        *("pty.spawn", "subprocess.Popen"),
        *("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"),
    )
)
_SHOWN_MAX = 300
_SECRET_MIN = 5


class Watch:
    """The audit hook; ``refused`` is what it has put a stop to, the first thing first."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self.refused: list[str] = []
        self._readable = tuple(
            os.path.realpath(each)
            for each in (
                sys.prefix,
                sys.base_prefix,
                *site.getsitepackages(),
                str(Path(__file__).parent.parent),
                *_SYSTEM_FILES,
            )
        )

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Called before everything that Python does to the world; an error keeps it from happening."""
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            self._connect(arguments[-1])
        elif event == "open":
            self._open(arguments[0], arguments[1], arguments[2])
        elif event in _FORBIDDEN:
            raise self._refusal("It tried to do something on this server.")

    def _connect(self, address: object) -> None:
        if address is None:  # a socket that is connected already
            return
        host = str(address[0]) if isinstance(address, tuple) and address else ""
        if not _is_address(host):
            # A name would be looked up once more below us.
            raise self._refusal("It tried to reach something on this server.")
        if not self._allow_private and not is_public(host):
            raise self._refusal(
                "The address is inside this network. "
                "The operator can allow such addresses with TODO_ALLOW_PRIVATE_TARGETS."
            )

    def _open(self, path: object, mode: object, flags: object) -> None:
        if isinstance(path, int):
            return
        name = os.path.realpath(os.fsdecode(path)) if isinstance(path, (str, bytes)) else ""
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        inside = any(name == each or name.startswith(f"{each}{os.sep}") for each in self._readable)
        if (writes and name != os.devnull) or not inside:
            raise self._refusal("It asks for a file of this server.")

    def _refusal(self, reason: str) -> PermissionError:
        self.refused.append(reason)
        return PermissionError(reason)


class Complaints(logging.Handler):
    """What Apprise says about a failure."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.said.append(record.getMessage())


def main() -> None:
    """Do the job and say what came of it."""
    job = json.load(sys.stdin)
    answer = _work(job["url"], job.get("message"), allow_private=job["allow_private"])
    sys.stdout.write(json.dumps(answer))


def _work(url: str, message: dict[str, str] | None, *, allow_private: bool) -> dict[str, str]:
    """``service`` when it worked; else ``refused`` (for good) or ``failed`` (this time)."""
    import apprise
    from apprise.manager_plugins import NotificationManager

    scheme = urlsplit(url).scheme.lower()
    known = NotificationManager().schemas()  # type: ignore[no-untyped-call]  # untyped there
    if scheme in LOCAL_SCHEMES or scheme not in known:
        return {"refused": f"“{scheme[:20]}” is no service that can be used here." if scheme else _NO_URL}
    complaints = Complaints()
    logging.getLogger("apprise").addHandler(complaints)
    watch = Watch(allow_private=allow_private)
    sys.addaudithook(watch)
    try:
        service: Any = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if service is None:
            return {"refused": _why(watch, complaints, url) or "The address is not complete."}
        if message is None or service.notify(title=message["title"], body=message["body"]):
            return {"service": str(service.service_name or scheme)}
    except Exception as error:  # noqa: BLE001  # whatever a plugin throws is said in the answer
        complaints.said.append(f"{type(error).__name__}: {error}")
    if watch.refused:
        return {"refused": watch.refused[0]}
    return {"failed": _why(watch, complaints, url) or "The service did not take the message."}


_NO_URL = "Give an address that begins with a service, such as ntfy://topic."


def _why(watch: Watch, complaints: Complaints, url: str) -> str:
    said = (watch.refused or complaints.said or [""])[0]
    return _without_secrets(said, url)[:_SHOWN_MAX]


def _without_secrets(said: str, url: str) -> str:
    """The text without the parts of the address, of which some are passwords."""
    parts = (unquote(each) for each in re.split(r"[/@:?&=#,]+", url)[1:])
    for part in sorted(set(parts), key=len, reverse=True):
        if len(part) >= _SECRET_MIN:
            said = said.replace(part, "…")
    return said


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    main()
