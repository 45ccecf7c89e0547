"""Builds the page when its sources changed, and points this process at the build.

Each build is kept in a folder named by a hash of what shaped it, `.page/<hash>/`. So a running server
keeps its files while a newer page is built, and a build that died leaves nothing behind.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKSHOP = ROOT / ".web"
PAGES = ROOT / ".page"  # not inside .web, which Reflex empties when its version changes
SOURCES = (
    "assets",
    "components",
    "requirements.txt",
    "rxconfig.py",
    "state",
    "todo_app/pages",
    "todo_app/same_origin.py",
    "todo_app/todo_app.py",
)
LOCKED_PACKAGES = ("reflex.lock/package-lock.json",)
PACKAGES = ROOT / "reflex.lock" / "package.json"
# Python's and Reflex's own; the latter links components' scripts into assets/external while it builds.
GENERATED = {"__pycache__", "external"}
KEPT_BUILDS = 4
KEPT_SECONDS = 24 * 3600


class BuildFailed(Exception):
    """The page could not be built; the message is the build's own output."""


def ensure_built() -> Path:
    """Build the page unless a build of the same sources is there, and make Reflex in this process serve it.

    Safe to call from several processes at once: one builds, the others wait for it. The build runs in a
    process of its own, so that its memory is gone afterwards.

    Returns:
        The folder that holds the build, in the shape of Reflex's `.web`.

    Raises:
        BuildFailed: The build ended with an error.
    """
    page = _page_for(_digest(SOURCES))
    if not page.exists():
        with _build_lock():
            # Read again: whoever held the lock may have built it, and may have changed the locked packages.
            sources = _digest(SOURCES)
            page = _page_for(sources)
            if not page.exists():
                _run_build()
                page = _page_for(sources)
                _publish(page)
    with suppress(OSError):  # in a container the build belongs to another user
        os.utime(page)
    os.environ["REFLEX_WEB_WORKDIR"] = str(page)
    return page


def served_folder() -> Path:
    """Where the files are that this process serves, once the page is built."""
    return Path(os.environ.get("REFLEX_WEB_WORKDIR", WORKSHOP)) / "build" / "client"


def is_built() -> bool:
    """Whether a build of the sources as they are is there."""
    return _page_for(_digest(SOURCES)).exists()


def build_environment() -> dict[str, str]:
    """The environment in which Reflex builds: our own Node, the registry npm is set up for."""
    scripts = sysconfig.get_path("scripts")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_WEB_WORKDIR": str(WORKSHOP),
        # The default, whatever port this copy serves on: the same sources must give the same file names.
        "REFLEX_API_URL": "http://localhost:8000",
    }
    if "NPM_CONFIG_REGISTRY" not in environment:
        environment["NPM_CONFIG_REGISTRY"] = _configured_registry(environment)
    return environment


def _configured_registry(environment: dict[str, str]) -> str:
    """Ask npm, so that Reflex does not probe the registries it knows of, which hangs behind a firewall."""
    npm = shutil.which("npm", path=environment["PATH"]) or "npm"
    answer = subprocess.run(
        [npm, "config", "get", "registry"], env=environment, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def _run_build() -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    build = subprocess.run(
        command,
        cwd=ROOT,
        env=build_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if build.returncode:
        raise BuildFailed(build.stdout)
    # Reflex writes the keys now in one order, now in another, which would look like a change to commit.
    packages = json.loads(PACKAGES.read_text(encoding="utf-8"))
    PACKAGES.write_text(json.dumps(packages, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _page_for(sources: str) -> Path:
    return PAGES / hashlib.sha256(f"{sources} {_digest(LOCKED_PACKAGES)}".encode()).hexdigest()[:16]


def _publish(page: Path) -> None:
    """Copy the finished build to its own folder in one step, then drop builds nobody has used for a day."""
    with tempfile.TemporaryDirectory(dir=PAGES, prefix="new-") as scratch:
        copy = Path(scratch) / "page"
        for part in ("build/client", "backend"):
            shutil.copytree(WORKSHOP / part, copy / part)
        copy.rename(page)
    builds = [entry for entry in PAGES.iterdir() if entry.is_dir()]
    by_last_use = sorted(builds, key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in by_last_use[KEPT_BUILDS:]:
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


def _digest(names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        for file in _files(ROOT / name):
            digest.update(f"{file.relative_to(ROOT).as_posix()}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and not GENERATED & set(file.relative_to(ROOT).parts)
    )


@contextmanager
def _build_lock() -> Iterator[None]:
    PAGES.mkdir(exist_ok=True)
    with (PAGES / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
