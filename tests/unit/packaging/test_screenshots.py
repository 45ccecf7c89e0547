"""The pictures of the documents are those that `make screenshots` takes, and small enough for a page."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from e2e.screenshots import FOLDER, PICTURES, Picture

BYTES_MAX = 300_000
README = Path(__file__).resolve().parents[3] / "README.md"


def test_there_is_one_file_for_each_and_no_other() -> None:
    assert sorted(file.name for file in FOLDER.iterdir()) == sorted(f"{each.name}.png" for each in PICTURES)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_each_is_small_of_its_device_s_size_and_shown(picture: Picture) -> None:
    content = (FOLDER / f"{picture.name}.png").read_bytes()

    assert len(content) <= BYTES_MAX
    assert size_of(content) == tuple(
        picture.device["viewport"][side] * picture.device.get("device_scale_factor", 1)
        for side in ("width", "height")
    )
    assert f"(docs/images/{picture.name}.png)" in README.read_text(encoding="utf-8")


def size_of(png: bytes) -> tuple[int, ...]:
    """Width and height, from the first chunk (PNG, third edition, 11.2.1)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])
