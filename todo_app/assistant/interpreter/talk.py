"""Small talk, help, and what the assistant says when there is nothing to do."""

from __future__ import annotations

from collections.abc import Callable

from todo_app.assistant.interpreter.decision import Act, Cannot, Decision, Say
from todo_app.assistant.interpreter.sentence import Rule, Sentence, rule

CAN = (
    "I can add tasks (“add pay rent every month on the 1st”), show them (“what's due this week?”), search, complete, "
    "reopen, move (“push everything overdue to Monday”), rename, delete and restore them, set priorities, tags, projects, "
    "reminders and repetition, plan your day, and undo."
)
NOT_UNDERSTOOD = f"I can't do that. {CAN}"
LEFT_ALONE = "All right, I have changed nothing."


def says(text: str) -> Callable[[Sentence, dict[str, str]], Decision]:
    """A decision to say just this."""
    return lambda sentence, said: Say(text)


def _undo(sentence: Sentence, said: dict[str, str]) -> Decision:
    return Act("undo") if sentence.memory.undo else Say("There is nothing to undo in this conversation.")


RULES: tuple[Rule, ...] = (
    rule(r"(hi|hello|hey|good (morning|afternoon|evening)|howdy|yo)( there| punctual| assistant)?", says("Hello! What can I do?")),
    rule(r"(thanks|thank you|thx|cheers|ta|great|nice|perfect|awesome|cool|good job|well done|got it|ok|okay|fine)( (very|so) much| a lot| a bunch)?", says("You're welcome.")),
    rule(r"(bye|goodbye|see you|good night|that's all|that is all|i'm done|nothing( else)?)( for (now|today))?", says("See you.")),
    rule(r"(no|nope|nah|never ?mind|forget it|forget about it|leave it( be)?|cancel( that| it)?|stop|don't|nothing)( thanks| thank you)?", says(LEFT_ALONE)),
    rule(r"(yes|yep|yeah|sure|y|do it|n)", says("There is no open question. What can I do?")),
    rule(r"(undo|revert|reverse|roll back|take back|take)( (that|it|this|the last (change|one|thing)|my last (change|one)|what you (just )?did|last( change)?))?( back)?", _undo),
    rule(r"(help|help me|\?|commands|what (can|could|do) (you|i) (do|say|ask|type|know|understand)( here)?|what are you able to do|how (do|does) (this|you|it) work|who are you|what are you)", says(CAN)),
    rule(r"(how (do|can|should|would) i|what happens if i|what if i|should i|shall i|may i) {rest}", says(f"Just tell me to, and I do it. {CAN}")),
)  # fmt: skip

_NOT = (
    r"(no,? )?(please )?(don't|do not|never|don't you|do not ever|not|no need to|there's no need to|you (don't|do not) (need|have) to"
    r"|you (shouldn't|should not|mustn't|must not)|i (don't|do not) want (you )?to|i (didn't|did not) (ask|tell|want) you to"
    r"|let's not|i'd rather not|stop|wait,?|hold on,?)( {rest})?"
)
_NOT_DONE = (
    r"(i|we) (haven't|have not|didn't|did not|couldn't|could not|can't|cannot|won't|will not|never) {rest}"
)

NEGATIONS: tuple[Rule, ...] = (
    rule(_NOT, says(LEFT_ALONE)),
    rule(_NOT_DONE, says("All right, it stays as it is.")),
)


def not_understood(sentence: Sentence) -> Decision:
    """What is answered to everything else."""
    return Cannot(NOT_UNDERSTOOD)
