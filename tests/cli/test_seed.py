"""`seed` gives an account a life that the installation finds in order."""

from __future__ import annotations


def test_a_seeded_account_is_in_order(shell):
    shell.does("user", "create", "ada@example.org")

    outcome = shell.does("seed", "Ada@example.org", "--tasks", "60", "--json")

    assert outcome.json == {"email": "Ada@example.org", "tasks": 60}
    findings = {finding["subject"]: finding for finding in shell.does("doctor", "--json").json}
    assert findings["Counts"]["health"] == "ok"


def test_an_unknown_account_is_refused(sqlite_shell):
    assert "user create nobody@example.org" in sqlite_shell.refuses("seed", "nobody@example.org")
