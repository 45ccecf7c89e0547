"""Reading what people type to the assistant, without a model, a network or a database."""

from todo_app.assistant.interpreter.decision import Act, Among, Cannot, Chosen, Decision, Filtered, Named, Say
from todo_app.assistant.interpreter.interpret import interpret, interpret_reply
from todo_app.assistant.interpreter.matching import pick
from todo_app.assistant.interpreter.memory import Card, Confirm, Memory, Which

__all__ = [
    "Act",
    "Among",
    "Cannot",
    "Card",
    "Chosen",
    "Confirm",
    "Decision",
    "Filtered",
    "Memory",
    "Named",
    "Say",
    "Which",
    "interpret",
    "interpret_reply",
    "pick",
]
