"""The Content-Security-Policy of the page: nothing from elsewhere, no script that the build did not write."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def content_policy(page_folder: Path) -> str:
    """The header's value for the page that is built there.

    React and Reflex start the page by inline scripts, which are the same for everybody; so they are allowed
    by their hashes, and injected ones do not run. Nothing of ours needs ``eval``. Styles are less strict:
    Reflex writes a ``<style>`` into the page, and React sets style attributes.
    """
    hashes = " ".join(f"'{each}'" for each in sorted(inline_scripts(page_folder)))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def inline_scripts(page_folder: Path) -> frozenset[str]:
    """The hashes of all inline scripts in the built pages (CSP Level 3 §2.3.1, hash-source)."""
    return frozenset(
        _hash(script)
        for page in page_folder.rglob("*.html")
        for script in _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    )


def _hash(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
