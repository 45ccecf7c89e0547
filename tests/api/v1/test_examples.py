"""The examples of docs/api.md are run as they stand there, against a server that listens."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.api.v1.program import Program
from todo_app.domain.identity import Scope

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "api.md"
_EXAMPLE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


async def test_they_do_what_they_say(program: Program, url: str, tmp_path: Path) -> None:
    (tmp_path / ".curlrc").write_text("silent\nshow-error\nfail-with-body\n")
    examples = _EXAMPLE.findall(DOCUMENT.read_text(encoding="utf-8"))
    script = "set -euo pipefail\n" + "\necho\n".join(examples).replace("http://localhost:3000", url)
    token = (await program.token(Scope.ADMIN)).secret

    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        script,
        cwd=tmp_path,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "CURL_HOME": str(tmp_path),
            "TOKEN": token,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()

    assert process.returncode == 0, output.decode()[-2_000:]
    assert sorted(await program.titles(status="open", sort="title")) == ["Call Ben", "Order paper"]
    assert await program.titles(status="completed") == ["Pay the rent"]
    assert (await program.get("/tasks", tag="urgent")).json()["items"] == []
