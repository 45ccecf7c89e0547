"""The page about MCP names the tools there are, and what each needs."""

from __future__ import annotations

import re
from pathlib import Path

from todo_app.tools.catalogue import TOOLS

PAGE = Path(__file__).parents[3] / "docs" / "mcp.md"


def test_the_page_lists_every_tool_with_its_scope() -> None:
    rows = re.findall(r"^\| (`.*?) \|.*\| (read|write) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name: scope for names, scope in rows for name in re.findall(r"`(\w+)`", names)}

    assert listed == {tool.name: tool.scope.value for tool in TOOLS}
