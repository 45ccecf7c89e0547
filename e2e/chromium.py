"""Finds the Chromium that drives the browser tests; `python -m e2e.chromium` installs one when there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# It opens a page in a third of the processor time, and the suite opens hundreds.
_WITHOUT_WINDOWS = "chromium-headless-shell"
_COMPLETE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The executable: `CHROMIUM`, the system's without windows, or a complete one."""
    return os.environ.get("CHROMIUM") or shutil.which(_WITHOUT_WINDOWS) or find_complete()


def find_complete() -> str | None:
    """The executable of a browser that can do everything: `CHROMIUM`, the system's, or Playwright's."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in _COMPLETE:
        path = shutil.which(name)
        if path:
            return path
    return _downloaded()


def arguments() -> list[str]:
    """Its command line: no sandbox for root, who can't have one, and no traffic of its own."""
    quiet = [
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet


def install() -> None:
    """From the system's packages where that is allowed, else Playwright's own build.

    Raises:
        CalledProcessError: Neither could be had.
    """
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True, stdout=sys.stderr)
        if _package("chromium"):
            # Other systems than Debian have none.
            _package(_WITHOUT_WINDOWS)
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True, stdout=sys.stderr)


def _package(name: str) -> bool:
    """Install a browser of the system's, if it has one of this name."""
    done = subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", name, "fonts-liberation"],
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdout=sys.stderr,
    )
    return done.returncode == 0


def _downloaded() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    if find() is None:
        install()
    sys.exit(0 if find() else "no Chromium was found, and none could be installed; set CHROMIUM to one")
