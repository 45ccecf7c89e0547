"""Tags and projects through the tools: made, renamed, deleted when that was confirmed, undone."""

from __future__ import annotations

import pytest

from tests.services.conftest import Someone
from tests.tools.conftest import Agent, agent_of
from todo_app.domain.errors import Invalid, NameTaken


@pytest.mark.parametrize(("edit", "mark"), [("edit_tag", "#"), ("edit_project", "+")])
async def test_one_is_made_renamed_and_deleted_by_name(agent: Agent, edit: str, mark: str) -> None:
    names = edit.replace("edit", "list") + "s"
    await agent(edit, action="create", name="Garden")
    with pytest.raises(NameTaken):
        await agent(edit, action="create", name="garden")
    await agent(edit, action="rename", name="garden", new_name="Yard")
    await agent.add(f"Mow {mark}Yard")
    assert [(each["name"], each["tasks"]) for each in (await agent(names))["items"]] == [("Yard", 1)]

    gone = await agent(edit, action="delete", name="Yard")
    assert (await agent(names))["items"] == []
    await agent("undo", id=gone["undo"])
    assert [(each["name"], each["tasks"]) for each in (await agent(names))["items"]] == [("Yard", 1)]
    assert await agent.titles() == ["Mow"]


@pytest.mark.parametrize(("edit", "mark"), [("edit_tag", "#"), ("edit_project", "+")])
async def test_a_large_one_is_deleted_only_with_its_count(agent: Agent, edit: str, mark: str) -> None:
    await agent.add(*(f"Task {number} {mark}Yard" for number in range(6)))
    foreseen = await agent(edit, action="delete", name="Yard")
    assert foreseen["dry_run"] is True
    assert "6" in foreseen["message"]
    assert len(await agent.titles(filter=f"{mark}Yard")) == 6
    with pytest.raises(Invalid):
        await agent(edit, action="delete", name="Yard", confirm=True, expected_count=5)
    await agent(edit, action="delete", name="Yard", confirm=True, expected_count=6)
    assert await agent.titles(filter=f"{mark}Yard") == []


async def test_a_tag_gets_another_colour(agent: Agent) -> None:
    await agent("edit_tag", action="create", name="home", color="red")
    await agent("edit_tag", action="rename", name="home", color="blue")
    assert (await agent("list_tags"))["items"] == [{"name": "home", "color": "blue", "tasks": 0}]


@pytest.mark.parametrize("edit", ["edit_tag", "edit_project"])
async def test_what_can_not_be_is_refused(agent: Agent, ben: Someone, edit: str) -> None:
    await (await agent_of(ben))(edit, action="create", name="Theirs")
    for wrong in (
        {"action": "create", "name": ""},
        {"action": "rename", "name": "Theirs", "new_name": "Mine"},
        {"action": "delete", "name": "Theirs"},
        {"action": "burn", "name": "Garden"},
        {"action": "create"},
    ):
        with pytest.raises(Invalid):
            await agent(edit, **wrong)
    await agent(edit, action="create", name="Garden")
    with pytest.raises(Invalid) as refused:
        await agent(edit, action="rename", name="Garden")
    assert refused.value.field == "new_name"
