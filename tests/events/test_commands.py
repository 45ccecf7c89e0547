"""`audit verify` and `dead-letters`, as an operator or a program calls them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete
from typer import Typer
from typer.testing import CliRunner, Result

from tests.events.scene import Scene, deliver_everything
from todo_app.cli_events import audit_app, dead_letters_app, events_app
from todo_app.db.models import AuditRecord
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.lanes import Retries
from todo_app.events.notices import Notices
from todo_app.events.relay import Relay
from todo_app.secret_key import purpose_key
from todo_app.settings import Settings
from workers.audit import audit_consumer

_APP = Typer()
_APP.add_typer(audit_app, name="audit")
_APP.add_typer(dead_letters_app, name="dead-letters")
_APP.add_typer(events_app, name="events")


class Shell:
    """Runs commands on the database of a scene, in which the audit worker works."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    async def work(self, key: bytes | None = None) -> None:
        key = key or purpose_key(self._scene.application.settings, "audit")
        bus = EmbeddedBus(self._scene.work, retries=Retries(pauses=()))
        consumer = audit_consumer(key, afterwards=lambda _: None)
        bus.subscribe(consumer)
        relay = Relay(self._scene.work, bus, Notices().announce, consumers=[consumer])
        await deliver_everything(bus, relay)

    async def run(self, *arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, _APP, arguments)


@pytest.fixture
async def shell(scene: Scene, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TODO_DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("TODO_DATA_DIR", str(settings.data_dir))
    shell = Shell(scene)
    await scene.add()
    await shell.work()
    return shell


@pytest.fixture
async def letter_id(scene: Scene, shell: Shell) -> UUID:
    """A dead letter, since the worker ran with a wrong key for a while."""
    await scene.add()
    await shell.work(key=b"wrong")
    async with scene.work.read() as uow:
        [letter] = await uow.dead_letters.page(limit=None)
    return letter.id


async def test_an_untouched_audit_log_is_confirmed(shell: Shell) -> None:
    done = await shell.run("audit", "verify")
    assert (done.exit_code, done.output) == (
        0,
        "The audit log is as it was sealed (records: 1, chains: 1, of deleted accounts: 0).\n",
    )


async def test_tampering_is_named_and_fails_the_command(scene: Scene, shell: Shell) -> None:
    async with scene.work.write() as uow:
        await uow.session.execute(delete(AuditRecord))
    plain = await shell.run("audit", "verify")
    assert plain.exit_code == 1
    assert f"user {scene.person.user_id}" in plain.output
    assert "the chain ends before its stated end" in plain.output
    as_json = await shell.run("audit", "verify", "--json")
    assert as_json.exit_code == 1
    report = json.loads(as_json.output)
    assert report["valid"] is False
    assert {finding["kind"] for finding in report["findings"]} >= {"tail cut", "event missing"}


async def test_dead_letters_are_listed_and_shown(shell: Shell, letter_id: UUID) -> None:
    listed = json.loads((await shell.run("dead-letters", "list", "--json")).output)
    assert [(letter["id"], letter["consumer"]) for letter in listed] == [(str(letter_id), "audit")]
    assert str(letter_id) in (await shell.run("dead-letters", "list")).output
    shown = await shell.run("dead-letters", "show", str(letter_id))
    assert "WrongKey" in shown.output
    assert '"type":"task.created"' in shown.output
    nobody = await shell.run("dead-letters", "list", "--consumer", "reminders")
    assert nobody.output == "There are no dead letters.\n"


async def test_a_replayed_letter_is_processed(scene: Scene, shell: Shell, letter_id: UUID) -> None:
    replayed = await shell.run("dead-letters", "replay", str(letter_id))
    assert (replayed.exit_code, replayed.output) == (0, "1 dead letter replayed.\n")
    await shell.work()
    assert len(await scene.inbox("audit")) == 2
    assert "records: 2" in (await shell.run("audit", "verify")).output


async def test_all_letters_can_be_discarded(scene: Scene, shell: Shell, letter_id: UUID) -> None:
    discarded = await shell.run("dead-letters", "discard", "--all", "--json")
    assert json.loads(discarded.output) == {"discarded": [str(letter_id)]}
    assert (await shell.run("audit", "verify")).exit_code == 0


async def test_wrong_use_is_refused(shell: Shell, letter_id: UUID) -> None:
    assert (await shell.run("dead-letters", "replay")).exit_code == 2
    assert (await shell.run("dead-letters", "replay", str(letter_id), "--all")).exit_code == 2
    assert (await shell.run("dead-letters", "show", "no-uuid")).exit_code == 2
    assert (await shell.run("dead-letters", "show", str(uuid4()))).exit_code == 1
