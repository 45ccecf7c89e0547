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
_REMARK_WORDS = 5
LEFT_ALONE = "All right, I have changed nothing."


def says(text: str) -> Callable[[Sentence, dict[str, str]], Decision]:
    """A decision to say just this."""
    return lambda sentence, said: Say(text)


def _undo(sentence: Sentence, said: dict[str, str]) -> Decision:
    return Act("undo") if sentence.memory.undo else Say("There is nothing to undo in this conversation.")


def _undo_after_all(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``wrong one, undo that``."""
    return _undo(sentence, said) if len(said["words"].split()) <= _REMARK_WORDS else None


RULES: tuple[Rule, ...] = (
    rule(r"(hi|hiya|hello|hey|heya|(good )?(morning|afternoon|evening)|good day|howdy|yo|sup|greetings)( there| again| you| everyone| punctual| assistant)?", says("Hello! What can I do?")),
    rule(r"(((ok|okay|great|perfect|nice|cool|awesome|super|lovely|wow)[,!]? )?(thanks|thank you|thank u|thx|ty|cheers|ta)|(that's |you're |you are |that is )?(so |really |very )?(great|nice|perfect|awesome|cool|amazing|brilliant|lovely|wonderful|helpful|kind|the best|a star|a lifesaver)|(nice|good|great) (one|work|stuff|job)|well done|got it|ok|okay|fine|good|sounds good|much appreciated|(i )?appreciate it|wow|lol|haha+|no worries|no problem)( (very|so) much| a lot| a bunch| a million)?( mate| man| buddy| for (that|the help|your help))?", says("You're welcome.")),
    rule(r"(bye|bye bye|goodbye|see (you|ya)( later| soon| tomorrow)?|later|good night|night|that's all|that is all|i'm done|nothing( else)?)( for (now|today))?", says("See you.")),
    rule(r"(no|nope|nah|never ?mind|forget it|forget about it|leave it( be)?|cancel( that| it)?|stop|don't|nothing)( thanks| thank you)?", says(LEFT_ALONE)),
    rule(r"(yes|yep|yeah|sure|y|do it|n)", says("There is no open question. What can I do?")),
    rule(r"((no|oops|sorry|wait),? )*((that|this|it) was (wrong|a mistake|an accident|not what i (meant|wanted)),? |i (didn't|did not) (mean|want) (that|it|this|to),? |(i )?changed my mind,? |never ?mind,? )?(so )?(please )?(undo|revert|reverse|roll back|take back|take|scratch)( (that|it|this|those|all of (that|it)|(the|my|your|that) (last|latest|previous) (change|changes|one|thing|action|edit|step)|(the|my|your|that|those) (change|changes|action)|what you (just |have )?(did|done|changed)|last( change)?))?( back)?", _undo),
    rule(r"((change|set|switch|turn) (it|that|them) back|go back|put (it|that|them|things|everything) back)( (again|(how|the way|as|like|to how|where) (it|they|things|everything) (was|were)( before)?))?", _undo),
    rule(r"(are )?(you|anyone|anybody) there|test(ing)?( test(ing)?)*|ping|nice to meet (you|u)|(what('s| is) your name|are you (a |an )?(real )?(bot|robot|human|person|ai|machine|real)( person)?)", says(CAN)),
    rule(r"(i (love|like) (you|this|it)|you rock|(i'm|i am) (so |very |really )?(tired|bored|stressed|busy|happy|sad|back|here)|ugh+|hmm+|oops|sorry|my bad)", says("All right. What can I do?")),
    rule(r"{words}, (please )?(undo|revert|take (it|that) back|put (it|that) back)( (it|that|this))?", _undo_after_all),
    rule(r"how (are|r) (you|u)( doing)?( today)?|how's it going", says("Well, thank you. What can I do?")),
    rule(r"(help|help me|\?|commands|what (can|could|do) (you|i) (do|say|ask|type|know|understand)( here)?|what are you able to do|how (do|does) (this|you|it) work|who are you|what are you)", says(CAN)),
    rule(r"(how (do|can|should|would) i|what happens if i|what if i|should i|shall i|may i) {rest}", says(f"Just tell me to, and I do it. {CAN}")),
)  # fmt: skip

_NOT = (
    r"(no,? )?(please )?(don't|do not|never|don't you|do not ever|not|no need to|there's no need to|you (don't|do not) (need|have) to"
    r"|you (shouldn't|should not|mustn't|must not)|i (don't|do not) want (you )?to|i (didn't|did not) (ask|tell|want) you to"
    r"|let's not|i'd rather not|stop|wait,?|hold on,?|leave|keep)( {rest})?"
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
