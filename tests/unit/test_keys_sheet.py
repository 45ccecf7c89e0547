"""The sheet of keys and the script that handles them agree."""

from __future__ import annotations

import re
from pathlib import Path

from components.keys_sheet import GROUPS

SCRIPT = (Path(__file__).parents[2] / "assets" / "client" / "keyboard.js").read_text(encoding="utf-8")


def listed(joined: str) -> set[tuple[str, ...]]:
    shortcuts = [shortcut for _, group in GROUPS for shortcut in group if shortcut.joined == joined]
    if joined:
        return {shortcut.keys for shortcut in shortcuts}
    return {(key,) for shortcut in shortcuts for key in shortcut.keys}


def handled(table: str) -> set[str]:
    """The keys of an object of the script: what stands before the colon of each of its entries."""
    body = SCRIPT.partition(f"const {table} = {{")[2].partition("};")[0]
    return set(re.findall(r'"?([^\s":,(]+)"?: (?=\(|onRow|")', body))


def test_every_key_of_the_page_is_listed_and_no_other() -> None:
    assert {key for (key,) in listed("")} == handled("PAGE_KEYS")


def test_every_place_to_go_to_is_listed_and_no_other() -> None:
    assert listed("then") == {("g", key) for key in handled("GO_KEYS")}


def test_keys_pressed_together_are_handled() -> None:
    assert listed("+") == {("Ctrl", "a"), ("Alt", "ArrowUp"), ("Alt", "ArrowDown")}
    assert 'modifier && event.key === "a"' in SCRIPT
    assert "event.altKey && /^Arrow(Up|Down)$/" in SCRIPT


def test_nothing_is_listed_twice() -> None:
    keys = [
        (shortcut.joined, key)
        for _, group in GROUPS
        for shortcut in group
        if not shortcut.joined
        for key in shortcut.keys
    ]

    assert len(keys) == len(set(keys))
