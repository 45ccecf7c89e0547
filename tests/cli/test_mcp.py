"""`mcp`: serves a program that starts it; what goes wrong is said where that program does not read."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.cli.conftest import Shell

MESSAGES: list[object] = [
    {
        "jsonrpc": "2.0",
        "id": 0,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    "this is no message",
    {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}},
]


def test_only_messages_are_on_standard_output(sqlite_shell: Shell) -> None:
    sqlite_shell.does("user", "create", "ada@example.org")
    secret = sqlite_shell.does("token", "create", "ada@example.org", "--scope", "read").last_line
    with subprocess.Popen(
        [sys.executable, "-m", "todo_app", "mcp"],
        cwd=sqlite_shell.folder,
        env={**sqlite_shell.environment, "TODO_TOKEN": secret},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(f"{json.dumps(each)}\n" for each in MESSAGES))
        process.stdin.flush()
        answers = []
        while not answers or answers[-1].get("id") != 1:
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.stdout.read() == ""
    assert process.returncode == 0
    assert "overview" in {tool["name"] for tool in answers[-1]["result"]["tools"]}


def test_without_a_good_token_it_says_what_to_do(sqlite_shell: Shell) -> None:
    assert "token create" in sqlite_shell.refuses("mcp")
    assert "TODO_TOKEN" in sqlite_shell.refuses("mcp", TODO_TOKEN="punctual_nonsense")


def test_a_database_of_another_version_is_refused(bare_shell: Shell) -> None:
    assert "migrate" in bare_shell.refuses("mcp", TODO_TOKEN="punctual_nonsense")
