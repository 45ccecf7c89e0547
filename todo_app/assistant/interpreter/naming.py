"""Tags and projects themselves: creating, renaming, deleting."""

from __future__ import annotations

import re

from todo_app.assistant.interpreter.decision import Act, Cannot, Decision
from todo_app.assistant.interpreter.sentence import Rule, Sentence, rule

# "add tag home to buy milk" is about a task.
_OF_A_TASK = re.compile(r" (?:to|on|from|off|of|for) ", re.IGNORECASE)
_MORE = re.compile(
    r" and (?:then )?(?:add|create|make|delete|remove|move|put|complete|mark|set|remind|rename|tag) ",
    re.IGNORECASE,
)
_WHAT = {"tag": "tag", "label": "tag", "project": "project"}


def _edit(sentence: Sentence, said: dict[str, str], action: str, what: str) -> Decision | None:
    if action != "rename" and _OF_A_TASK.search(said["name"]):
        return None
    if _MORE.search(said["name"]):
        return Cannot("One thing at a time, please.")
    arguments = {"action": action, "name": _plain(said["name"])}
    if "new_name" in said:
        arguments["new_name"] = _plain(said["new_name"])
    return Act(f"edit_{what}", {**arguments})


def _plain(name: str) -> str:
    return name.strip("#+\"' ")


def _rules_for(word: str) -> tuple[Rule, ...]:
    what = _WHAT[word]
    return (
        rule(
            rf"(create|add|make|new|start|set up|open|i need|i want)( me)?( a| an| the)?( new)? {word}:? (called |named |titled )?{{name}}",
            lambda sentence, said: _edit(sentence, said, "create", what),
        ),
        rule(
            rf"(create|add|make|new|start|set up|i need|i want)( me)?( a| an| the)?( new)? {{name:[^ ]+}} {word}",
            lambda sentence, said: _edit(sentence, said, "create", what),
        ),
        rule(
            rf"(rename|change) (the |my )?{word} {{name}} (to|as|into) {{new_name}}",
            lambda sentence, said: _edit(sentence, said, "rename", what),
        ),
        rule(
            rf"(delete|remove|erase|get rid of|drop) (the |my )?{word} {{name}}",
            lambda sentence, said: _edit(sentence, said, "delete", what),
        ),
        rule(
            rf"(delete|remove|erase|get rid of|drop) (the |my ){{name}} {word}",
            lambda sentence, said: _edit(sentence, said, "delete", what),
        ),
    )


RULES: tuple[Rule, ...] = tuple(each for word in _WHAT for each in _rules_for(word))
