"""What a person can start a conversation with."""

from __future__ import annotations

from dataclasses import dataclass

import mcp_types as types
from mcp.shared.exceptions import MCPError


@dataclass(frozen=True, slots=True)
class PromptText:
    """A prompt without arguments."""

    name: str
    title: str
    description: str
    text: str

    @property
    def described(self) -> types.Prompt:
        """The prompt as a list shows it."""
        return types.Prompt(name=self.name, title=self.title, description=self.description)


PROMPTS = (
    PromptText(
        name="plan_my_day",
        title="Plan my day",
        description="What to do today, in which order, and what to put off.",
        text="""\
Help me plan my day in Punctual.
1. Call `overview`, and `list_tasks` with the view `today` when there is more than it shows.
2. Propose an order for today: what has a time first, then by priority. Say what seems too much for one day.
3. Propose what of the rest to put off, and to which day. Wait until I agree before you change anything.
4. Then use `reschedule_tasks`, and tell me what changed and that it can be undone.""",
    ),
    PromptText(
        name="weekly_review",
        title="Weekly review",
        description="What got done, what is stuck, and what comes next week.",
        text="""\
Do a weekly review of my tasks in Punctual with me.
1. Call `overview`. List what I completed in the last 7 days: `list_tasks` with the filter \
“completed after: -8 days”.
2. Show what is overdue, and what has lain without a date for long: the filter \
“no date & created before: -30 days”.
3. Go through each project: is there a next task? Show what is due in the next 7 days.
4. Ask me about each thing that seems stuck: do it, put it off, or delete it. Change only what I agree to, \
and tell me that it can be undone.""",
    ),
)
_BY_NAME = {each.name: each for each in PROMPTS}


def prompt(name: str) -> types.GetPromptResult:
    """What a prompt says.

    Raises:
        MCPError: when there is no such prompt.
    """
    found = _BY_NAME.get(name)
    if found is None:
        raise MCPError(
            types.INVALID_PARAMS, f"There is no prompt “{name[:80]}”. There are {', '.join(_BY_NAME)}."
        )
    message = types.PromptMessage(role="user", content=types.TextContent(text=found.text))
    return types.GetPromptResult(description=found.description, messages=[message])
