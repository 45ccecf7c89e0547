"""The matrix of event handlers: with which arguments each is called, with whose ids, in which state.

A handler without an entry fails `test_matrix.py`, so whoever adds one says here how it is attacked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reflex_base.event import EventHandler

from state.assistant import AssistantState
from state.date_picker import DatePickerState
from state.projects import ProjectsState
from state.recurrence import RecurrenceState
from state.reminders import RemindersState
from state.tag_menu import TagMenuState
from state.tags import TagsState
from tests.security.lives import Life
from tests.state.pipeline import handlers

Arguments = Callable[[Life], Sequence[object]]
Step = tuple[EventHandler, Arguments]


@dataclass(frozen=True)
class Case:
    """How one handler is called; the ids are those of whom it is about, whoever calls."""

    arguments: Arguments
    before: tuple[Step, ...] = ()


def _with(*arguments: object, before: tuple[Step, ...] = ()) -> Case:
    return Case(lambda _: arguments, before)


def _task(life: Life) -> Sequence[object]:
    return (str(life.task),)


def _trashed(life: Life) -> Sequence[object]:
    return (str(life.trashed),)


def _tag(life: Life) -> Sequence[object]:
    return (str(life.tag),)


def _project(life: Life) -> Sequence[object]:
    return (str(life.project),)


def _filter(life: Life) -> Sequence[object]:
    return (str(life.filter),)


def _notification(life: Life) -> Sequence[object]:
    return (str(life.notification),)


def _channel(life: Life) -> Sequence[object]:
    return (str(life.channel),)


def _token(life: Life) -> Sequence[object]:
    return (str(life.token),)


def _webhook(life: Life) -> Sequence[object]:
    return (str(life.webhook),)


# The keys of RFC 8291, appendix A.
_SUBSCRIPTION = json.dumps(
    {
        "endpoint": "https://push.example.org/subscription",
        "keys": {
            "p256dh": (
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            ),
            "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        },
    }
)
NOTHING = _with()
_PICKING: Step = (DatePickerState.open, _task)
_TAGGING: Step = (TagMenuState.open, _task)
_REPEATING: Step = (RecurrenceState.open, _task)
_REMINDING: Step = (RemindersState.open, _task)
_MERGING: Step = (TagsState.begin_merging, _tag)
_DELETING: Step = (AssistantState.send, lambda _: ("delete the tag nowhere",))

CASES: dict[str, Case] = {
    "State.hydrate": NOTHING,
    "State.hydrate_and_load": NOTHING,
    "State.set_is_hydrated": _with(True),
    "OnLoadInternalState.on_load_internal": NOTHING,
    "OnLoadInternalState.set_is_hydrated": _with(True),
    "UpdateVarsInternalState.update_vars_internal": _with({}),
    "FrontendEventExceptionState.handle_frontend_exception": _with("an error", "a stack"),
    "ToastState.dismiss_toast": NOTHING,
    "ToastState.show_error": _with("an error"),
    "SignInState.open_page": NOTHING,
    "AccountState.open_settings": NOTHING,
    "AccountState.change_timezone": _with({"timezone": "Europe/Paris"}),
    "AccountState.log_out_elsewhere": Case(lambda life: (str(life.session),)),
    "AccountState.open_sign_up": _with(False),
    "ActivityState.open_page": NOTHING,
    "ActivityState.older": NOTHING,
    "ActivityState.newer": NOTHING,
    "AssistantState.toggle": NOTHING,
    "AssistantState.close": NOTHING,
    "AssistantState.begin_anew": NOTHING,
    "AssistantState.send": Case(lambda life: (f"complete {life.word}",)),
    "AssistantState.choose": _with("yes", before=(_DELETING,)),
    "AssistantState.take_back": Case(lambda life: (str(life.command),)),
    "AssistantState.complete": Case(_task),
    "AssistantState.reopen": Case(_task),
    "AssistantState.open_task": Case(_task),
    "BellState.arrive": NOTHING,
    "BellState.open_bell": _with(""),
    "BellState.older": NOTHING,
    "BellState.newer": NOTHING,
    "BellState.read": Case(_notification),
    "BellState.read_all": NOTHING,
    "BellState.go_to": Case(_notification),
    "BellState.complete": Case(_notification),
    "BellState.begin_snooze": Case(_notification),
    "BellState.snooze": Case(lambda life: (str(life.notification), "tomorrow")),
    "BellState.dismiss": Case(_notification),
    "BellState.dismiss_all": NOTHING,
    "ChannelsState.open_channels": NOTHING,
    "ChannelsState.change_preferences": _with(
        {"default_reminder": "10", "all_day_at": "08:00", "quiet_from": "22:00", "quiet_until": "07:00"}
    ),
    "ChannelsState.add_email": NOTHING,
    "ChannelsState.add_push": _with({"subscription": _SUBSCRIPTION, "name": "Firefox", "problem": ""}),
    "ChannelsState.add_service": _with({"url": "ntfy://topic", "name": ""}),
    "ChannelsState.test": Case(_channel),
    "ChannelsState.switch": Case(lambda life: (str(life.channel), False)),
    "ChannelsState.remove": Case(_channel),
    "ChannelsState.older": NOTHING,
    "ChannelsState.newer": NOTHING,
    "TokensState.open_tokens": NOTHING,
    "TokensState.begin_revoking": Case(_token),
    "TokensState.stop_revoking": NOTHING,
    "TokensState.revoke": Case(_token),
    "WebhooksState.open_webhooks": NOTHING,
    "WebhooksState.show_log": Case(_webhook),
    "WebhooksState.switch": Case(lambda life: (str(life.webhook), False)),
    "WebhooksState.try_out": Case(_webhook),
    "WebhooksState.redeliver": Case(lambda life: (str(life.webhook), str(life.webhook_delivery))),
    "WebhooksState.begin_removing": Case(_webhook),
    "WebhooksState.stop_removing": NOTHING,
    "WebhooksState.remove": Case(_webhook),
    "DetailsState.apply_to": _with("this"),
    "DetailsState.commit_text": _with("title", "Changed", "Before"),
    "DetailsState.keep_mine": NOTHING,
    "DetailsState.take_theirs": NOTHING,
    "DetailsState.add_subtask": _with("Added"),
    "ListState.open_page": NOTHING,
    "ListState.open_task": Case(_task),
    "ListState.load_more": NOTHING,
    "ListState.load_previous": NOTHING,
    "ListState.complete": Case(_task),
    "ListState.skip": Case(_task),
    "ListState.reopen": Case(_task),
    "ListState.delete": Case(_task),
    "ListState.restore": Case(_trashed),
    "ListState.purge": Case(_trashed),
    "ListState.empty_trash": NOTHING,
    "ListState.reschedule_overdue": NOTHING,
    "ListState.set_priority": Case(lambda life: (str(life.task), "high")),
    "ListState.set_due": Case(lambda life: (str(life.task), "2026-12-24", "", "")),
    "ListState.set_project": Case(lambda life: (str(life.task), str(life.project))),
    "ListState.add_tag": Case(lambda life: (str(life.task), str(life.other_tag))),
    "ListState.remove_tag": Case(lambda life: (str(life.task), str(life.tag))),
    "ListState.move": Case(
        lambda life: ({"task_id": str(life.task), "after_id": "", "before_id": str(life.task)},)
    ),
    "ListState.undo": Case(lambda life: (str(life.command),)),
    "ListState.toggle_selected": Case(_task),
    "ListState.select_range": Case(lambda life: ({"task_ids": str(life.task)},)),
    "ListState.select_all": NOTHING,
    "ListState.clear_selection": NOTHING,
    "ListState.search": Case(lambda life: (life.word,)),
    "ListState.leave_search": NOTHING,
    "ListState.sort_by": _with("title"),
    "ListState.filter_status": _with("open"),
    "ListState.filter_priority": _with("high"),
    "ListState.filter_tag": Case(_tag),
    "ListState.filter_tag_match": _with("all"),
    "ListState.filter_due_after": _with("2026-01-01"),
    "ListState.filter_due_before": _with("2026-12-31"),
    "ListState.filter_due_range": _with("week"),
    "ListState.filter_query": _with("#tag & p1"),
    "ListState.remove_filter": _with("status"),
    "ListState.clear_filters": NOTHING,
    "FiltersState.begin_new": NOTHING,
    "FiltersState.begin_saving": NOTHING,
    "FiltersState.begin_editing": Case(_filter),
    "FiltersState.close": NOTHING,
    "FiltersState.consider": Case(lambda life: (f'"{life.word}"',)),
    "FiltersState.save": Case(lambda life: ({"id": str(life.filter), "name": "Renamed", "query": "p1"},)),
    "FiltersState.move_up": Case(_filter),
    "FiltersState.move_down": Case(_filter),
    "FiltersState.delete": Case(_filter),
    "ProjectsState.begin_naming": Case(_project),
    "ProjectsState.stop_naming": NOTHING,
    "ProjectsState.create": _with("New"),
    "ProjectsState.rename": Case(lambda life: (str(life.project), "Renamed")),
    "ProjectsState.begin_deleting": Case(_project),
    "ProjectsState.stop_deleting": NOTHING,
    "ProjectsState.delete": Case(_project, before=((ProjectsState.begin_deleting, _project),)),
    "TagsState.open_manager": NOTHING,
    "TagsState.refresh": NOTHING,
    "TagsState.close_manager": NOTHING,
    "TagsState.begin_coloring": Case(_tag),
    "TagsState.begin_merging": Case(_tag),
    "TagsState.begin_deleting": Case(_tag),
    "TagsState.stop": NOTHING,
    "TagsState.create": _with("new"),
    "TagsState.rename": Case(lambda life: (str(life.tag), "renamed")),
    "TagsState.recolor": Case(lambda life: (str(life.tag), "red")),
    "TagsState.merge": Case(lambda life: (str(life.tag), str(life.other_tag)), before=(_MERGING,)),
    "TagsState.delete": Case(_tag),
    "DatePickerState.open": Case(_task),
    "DatePickerState.understand": _with("tomorrow", before=(_PICKING,)),
    "DatePickerState.choose_text": _with("tomorrow", "", before=(_PICKING,)),
    "DatePickerState.choose": _with("2026-12-24", "", "", before=(_PICKING,)),
    "RecurrenceState.open": Case(_task),
    "RecurrenceState.close": NOTHING,
    "RecurrenceState.consider": _with({"every": "2"}, before=(_REPEATING,)),
    "RecurrenceState.save": _with({"every": "2"}, before=(_REPEATING,)),
    "RecurrenceState.remove": _with(before=(_REPEATING,)),
    "RemindersState.open": Case(_task),
    "RemindersState.understand": _with("tomorrow 9am", before=(_REMINDING,)),
    "RemindersState.add_text": _with("tomorrow 9am", before=(_REMINDING,)),
    "RemindersState.add_before": _with(30, before=(_REMINDING,)),
    "RemindersState.remove": _with("before-30", before=(_REMINDING,)),
    "QuickAddState.understand": _with("New #tag"),
    "QuickAddState.leave_as_text": _with(0, 3),
    "QuickAddState.add": _with("New #tag"),
    "QuickAddState.cancel": NOTHING,
    "TagMenuState.open": Case(_task),
    "TagMenuState.toggle": Case(_tag, before=(_TAGGING,)),
    "TagMenuState.make": _with("made", before=(_TAGGING,)),
}


def registered() -> dict[str, EventHandler]:
    """Every handler that a browser can call, as `StateClass.handler`; the generic setters are apart."""
    return {
        f"{handler.state.__name__}.{name.rpartition('.')[2]}": handler
        for name, handler in handlers().items()
        if handler.state is not None and not name.endswith(".setvar")
    }
