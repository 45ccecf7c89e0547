"""Refuses events whose arguments no page of ours would send, before any handler sees them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, EventHandlerSetVar, StateUpdate, UpdateVarsInternalState
from reflex_base.event import Event, EventHandler
from reflex_base.registry import RegistrationContext
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

from state.toasts import error_toast

REFUSAL = "The page sent something that the server does not understand. Reload it and try again."


class ArgumentGuard(Middleware):
    """Everybody who has the socket can send any event with any arguments.

    Reflex converts what it can and passes the rest on, so a handler would meet a list where it says ``str``.
    Here the annotations of the handler are what counts. Reflex's own ways to set any var are never ours:
    no var of ours has a setter, and none is kept in the browser.
    """

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Answer with a message instead of running a handler that the arguments do not fit."""
        handler = RegistrationContext.get().event_handlers[event.name].handler
        if fits(handler, event.payload):
            return None
        return StateUpdate(events=Event.from_event_type(error_toast(REFUSAL)))


def fits(handler: EventHandler, payload: object) -> bool:
    """Whether a handler may be called with these arguments."""
    if isinstance(handler, EventHandlerSetVar) or handler.state is UpdateVarsInternalState:
        return False
    if not isinstance(payload, Mapping):
        return False
    parameters = dict(list(handler.get_parameters().items())[1:])
    required = {name for name, each in parameters.items() if each.default is inspect.Parameter.empty}
    if not required <= payload.keys() <= parameters.keys():
        return False
    return all(_is(value, handler._get_type_hints().get(name, Any)) for name, value in payload.items())


def _is(value: object, hint: Any) -> bool:
    try:
        _adapter(hint).validate_python(_as_dict(value))
    except ValidationError:
        return False
    return not (isinstance(value, str) and "\x00" in value)


def _as_dict(value: object) -> object:
    """A submitted form, which comes as a list of its fields, as the dict that Reflex makes of it."""
    if not isinstance(value, dict) or value.keys() != {FORM_DATA_ENTRIES_KEY}:
        return value
    try:
        return dict(value[FORM_DATA_ENTRIES_KEY])
    except (TypeError, ValueError):
        return value


@lru_cache(maxsize=100)
def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint, config=ConfigDict(strict=True))
