"""How a task repeats, and when it reminds."""

from __future__ import annotations

import re

from todo_app.assistant.interpreter.decision import Act, Cannot, Decision
from todo_app.assistant.interpreter.sentence import Rule, Sentence, rule
from todo_app.assistant.interpreter.targets import about, named_only
from todo_app.assistant.interpreter.whens import When, read_when, split_when
from todo_app.domain.quick_add import ReminderBefore, parse, parse_recurrence

ADVERBS = {
    "hourly": "every hour", "daily": "every day", "weekly": "every week", "fortnightly": "every 2 weeks", "biweekly": "every 2 weeks",
    "monthly": "every month", "quarterly": "every quarter", "yearly": "every year", "annually": "every year",
    "on weekdays": "every weekday", "weekdays": "every weekday", "once a day": "every day", "once a week": "every week",
    "once a month": "every month", "every single day": "every day", "each weekday": "every weekday", "every working day": "every weekday", "once a year": "every year", "each day": "every day", "each week": "every week", "each month": "every month",
}  # fmt: skip
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_MORNING = "09:00"


def recurrence_text(words: str, sentence: Sentence) -> str | None:
    """The phrase that quick add reads for how something repeats; ``None`` when it is none."""
    lowered = words.lower()
    phrase = ADVERBS.get(lowered) or re.sub(r"^(?:each|on every) ", "every ", lowered)
    days = re.fullmatch(rf"on ((?:{_WEEKDAYS})s(?:(?:, | and ){{1,2}}(?:{_WEEKDAYS})s)*)", phrase)
    if days is not None:
        phrase = "every " + re.sub(rf"({_WEEKDAYS})s", r"\1", days[1])
    found = parse_recurrence(phrase, now=sentence.now, timezone=sentence.zone)
    return phrase if found is not None else None


def _repeat(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    phrase = recurrence_text(said["rule"], sentence)
    if phrase is None:
        return None
    return about(sentence, said["task"], Act("set_recurrence", {"text": phrase}))


def _repeat_apart(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``repeat pay rent every month``: how often stands behind the task."""
    match = re.search(r" (?:every|each|after) ", said["task"], re.IGNORECASE)
    if match is None:
        last = said["task"].rpartition(" ")
        return (
            _repeat(sentence, {"task": last[0], "rule": last[2]})
            if last[0] and last[2].lower() in ADVERBS
            else None
        )
    return _repeat(
        sentence, {"task": said["task"][: match.start()], "rule": said["task"][match.start() + 1 :]}
    )


def _stop(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("set_recurrence", {"text": None}))


def _remind_before(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    minutes = _minutes(said["lead"], sentence)
    if minutes is None:
        return None
    return about(sentence, said["task"], Act("set_reminders", {"minutes_before": [minutes]}))


def _minutes(words: str, sentence: Sentence) -> int | None:
    words = re.sub(r"^(?:at |about )", "", words.lower())
    minutes = re.fullmatch(
        r"(?:half an hour|30 minutes?)|(an|one) hour and a half|(a|one) and a half hours", words
    )
    if minutes is not None:
        return 30 if minutes.lastindex is None else 90
    found = parse(f"!{words} before", now=sentence.now, timezone=sentence.zone).reminders
    return found[0].minutes if len(found) == 1 and isinstance(found[0], ReminderBefore) else None


def _remind_at(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    when = read_when(said["when"], sentence)
    if when is None:
        return None
    return about(
        sentence, said["task"], Act("set_reminders", {"at": [_moment(when, said["when"], sentence)]})
    )


def _remind_about(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``remind me about the rent tomorrow at 9``, ``… of the dentist an hour before``."""
    before = re.fullmatch(
        r"(?P<task>.+?) (?P<lead>(?:\w+ ){1,3}\w+) (?:before|in advance|ahead|beforehand|earlier)",
        said["task"],
    )
    if before is not None:
        lead = before["lead"].split()
        for size in (2, 3, 4):
            minutes = _minutes(" ".join(lead[-size:]), sentence)
            if minutes is not None:
                task = f"{before['task']} {' '.join(lead[:-size])}".strip()
                return about(sentence, task, Act("set_reminders", {"minutes_before": [minutes]}))
    apart = split_when(said["task"], sentence)
    if apart is None:
        return Cannot(
            "When? Say, for example, “remind me about the dentist tomorrow at 9” or “… 30 min before”."
        )
    return _remind_at(sentence, {"task": apart[0], "when": apart[1].text.replace("T", " ")})


def _moment(when: When, words: str, sentence: Sentence) -> str:
    """The wall clock of a reminder; on a day alone it rings in the morning."""
    day = when.date or _day_of(words, sentence)
    return f"{day}T{when.time or _MORNING}"


def _day_of(words: str, sentence: Sentence) -> str:
    due = parse(f"x {words}", now=sentence.now, timezone=sentence.zone).due
    return due.date.isoformat() if due is not None else ""


def _no_reminders(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("set_reminders", {"minutes_before": []}))


_STOPPED: tuple[Rule, ...] = (
    rule(r"(stop|end|quit|cancel) repeating {task}", _stop),
    rule(r"(stop|prevent|keep) {task} from (repeating|recurring)", _stop),
    rule(r"(don't|do not|no longer) (repeat|recur) {task}( any ?more| any longer| again)?", _stop),
    rule(r"{task} (no longer|doesn't|does not|shouldn't|should not|need not|needn't|don't|mustn't|doesn't need to|does not need to|don't need to|doesn't have to) (repeats?|recurs?)( any ?more| any longer)?", _stop),
    rule(r"make {task} (not repeat|non-?recurring|(into )?a one-?(off|time)( thing| task)?|happen (just |only )?once|stop repeating)", _stop),
    rule(r"(remove|cancel|delete|clear|stop|end|turn off) (the )?(recurrence|repetition|repeat|repeating|repeats|recurring|schedule) (of|from|for|on) {task}", _stop),
    rule(r"(remove|cancel|delete|clear|turn off|switch off|disable|drop|take|lose|kill) (all )?(of )?(the |any |my )?(reminders?|alerts?|alarms?|notifications?) (of|from|for|on|off|about) {task}", _no_reminders),
    rule(r"(i|we) (don't|do not|no longer) (need|want) (a |any |the |another )?(reminders?|alerts?|alarms?) (for|about|on|of) {task}( any ?more)?", _no_reminders),
    rule(r"(stop|end|mute|silence) (all )?(the |any |my )?(reminders?|alerts?|alarms?|notifications?) (of|from|for|on|about) {task}", _no_reminders),
    rule(r"(don't|do not) bother (with )?remind(ing)? me (about|of|for) {task}", _no_reminders),
    rule(r"(don't|do not|stop) remind(ing)? me (about|of|for) {task}( any ?more)?", _no_reminders),
    rule(r"(remove|cancel|delete|clear|disable|drop|(turn|switch) off) (the |my )?{task} (reminders?|alerts?|alarms?)( off)?", _no_reminders),
    rule(r"(turn|switch) (the |my )?{task} (reminders?|alerts?|alarms?) off", _no_reminders),
    rule(r"no (more )?reminders? (for|about|on) {task}( please)?", _no_reminders),
)  # fmt: skip

# "Give me" shows a list elsewhere.
_WARNED: tuple[Rule, ...] = (
    rule(r"(add|set|create|put)( up)? (a |an )?(reminder|alert|alarm) (to|for|on) {task:.+ (before|earlier|in advance|ahead|beforehand)}", _remind_about),
    rule(r"(add|set|create|put|stick)( up)? (a |an |the )?(reminder|alert|alarm) on {task} (for|at|on) {when}", _remind_at),
    rule(r"(an? )?(reminder|alert|alarm|heads?-? ?up|warning) {lead} (before|ahead of|prior to) {task}", _remind_before),
    rule(r"(give me )?(an? )?{lead} (reminder|alert|heads?-? ?up|notice|warning) (for|on|before|about) {task}", _remind_before),
    rule(r"((give|send) me|i (need|want)) (a |an )?(heads?-? ?up|reminder|nudge|alert|notification|warning|ping) {lead} before {task}( is due| starts| begins)?", _remind_before),
    rule(r"(give|send) me (a |an )?(heads?-? ?up|reminder|nudge|alert|notification|ping) (about|of|for|on) {task}", _remind_about),
)  # fmt: skip

BEFORE_NEGATIONS: tuple[Rule, ...] = (*_STOPPED, *_WARNED)

RULES: tuple[Rule, ...] = (
    rule(r"(make|have|let|set|change) {task} (to )?(repeat|recur|repeating|recurring|happen|be)( itself)? {rule}", _repeat),
    rule(r"(make|turn) {task} (into )?an? {rule} (task|thing|todo|to-do|one|chore|habit)", _repeat),
    rule(r"{task} (should|must|needs to|has to|ought to) (repeat|recur|happen|be done|be) {rule}", _repeat),
    rule(r"{task} (repeats|recurs|happens) {rule}", _repeat),
    rule(r"(from now on,? )?{task} {rule} from now on|from now on,? {task2} {rule2:(every|each) .*}", lambda sentence, said: _repeat(sentence, {"task": said.get("task") or said["task2"], "rule": said.get("rule") or said["rule2"]})),
    rule(r"(put|set|have|get) {task} (on repeat|to come (up|round|around|back)|come (up|round|around|back)|repeating|recurring) {rule}", _repeat),
    rule(r"(make it so( that)? )?{task} (comes (up|round|around)|is on repeat) {rule}", _repeat),
    rule(r"(i|we) (want|need|would like|'d like) {task} to (repeat|recur|happen|be done|be) {rule}", _repeat),
    rule(r"(set|change) (the )?(recurrence|repetition|repeat|rule) (of|for|on) {task} to {rule}", _repeat),
    rule(r"(change|switch|set|move) {task} to {rule}", _repeat),
    rule(r"(repeat|schedule|make|do|set) {task}", _repeat_apart),
    rule(r"((remind|notify|alert|ping|nudge|warn|tell|buzz) me|(let me )?know) {lead} (before|ahead of|prior to|in advance of) {task}( is due| starts| begins)?", _remind_before),
    rule(r"{lead} before {task},? (remind|notify|alert|ping|nudge|warn) me", _remind_before),
    rule(r"(set|change|move) (the |my )?(reminder|alert|alarm) (of|for|on) {task} to {lead} (before|earlier|ahead|in advance)( it)?", _remind_before),
    rule(r"(set|add|create|put)( up)? (a |an )?(reminder|alert|alarm|notification) {lead} before {task}( is due| starts)?", _remind_before),
    rule(r"(set|add|create|put)( up)? (a |an )?{lead} (reminder|alert) (for|on|to|before) {task}", _remind_before),
    rule(r"(set|add|create|put)( up)? (a |an )?(reminder|alert|alarm|notification) (for|on|about) {task} (for|at|on) {when}", _remind_at),
    rule(r"(set|add|create|put)( up)? (a |an )?(reminder|alert|alarm|notification) (for|on|about) {task}", _remind_about),
    rule(r"(remind|notify|alert|ping|nudge|warn) me (again )?(about|of|for) {task} (at|on) {when}", _remind_at),
    rule(r"(remind|notify|alert|ping|nudge|warn) me (again )?(about|of|for) {task}", _remind_about),
)  # fmt: skip

# The name of a task and how it repeats, and nothing else.
BARE: tuple[Rule, ...] = (rule(r"{task} {rule:(every|each) .*}", named_only(_repeat)),)
