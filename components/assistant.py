"""The assistant: its button in the top bar, and the panel with the conversation."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from components.elements import icon, icon_button
from components.react import LineField
from state.assistant import AssistantState, Card, Message

_EXAMPLES = (
    "What's due this week?",
    "Push everything overdue to Monday",
    "Remind me to call mum tomorrow at 9",
    "Plan my day",
)


def assistant_button() -> rx.Component:
    """Opens and closes the panel."""
    return icon_button(
        "sparkles",
        "Assistant",
        on_click=AssistantState.toggle,
        custom_attrs={
            "data-do": "assistant",
            "aria-expanded": rx.cond(AssistantState.is_open, "true", "false"),
        },
    )


def assistant() -> rx.Component:
    """The panel, when it is open."""
    return rx.cond(
        AssistantState.is_open,
        rx.el.aside(
            _bar(),
            rx.el.div(
                rx.cond(
                    AssistantState.messages.length() == 0,
                    _beginning(),
                    rx.el.ol(rx.foreach(AssistantState.messages, _message), class_name="messages"),
                ),
                class_name="assistant-scroll",
                role="log",
                tab_index=0,
                custom_attrs={"aria-label": "Conversation", "aria-live": "polite"},
            ),
            LineField.create(
                rx.el.button(
                    icon("send-horizontal"),
                    type="submit",
                    class_name="icon-button",
                    custom_attrs={"aria-label": "Send"},
                ),
                input_id="assistant-input",
                draft_key="assistant",
                label="Say something to the assistant",
                placeholder="Ask, or say what to do",
                accepted=AssistantState.accepted,
                refused=0,
                offline=has_connection_errors,
                class_name="assistant-form",
                line_class_name="assistant-line",
                input_class_name="input",
                on_send=AssistantState.send,
            ),
            class_name="assistant",
            custom_attrs={
                "aria-label": "Assistant",
                "aria-busy": rx.cond(AssistantState.busy, "true", "false"),
            },
        ),
    )


def _bar() -> rx.Component:
    return rx.el.div(
        rx.el.h2("Assistant", class_name="assistant-title"),
        rx.cond(
            AssistantState.messages.length() > 0,
            icon_button("eraser", "New conversation", on_click=AssistantState.begin_anew),
        ),
        icon_button(
            "x",
            "Close the assistant",
            on_click=AssistantState.close,
            custom_attrs={"data-do": "close-assistant"},
        ),
        class_name="assistant-bar",
    )


def _beginning() -> rx.Component:
    return rx.el.div(
        rx.el.p("Say what to add, find, move or change."),
        rx.el.ul(
            *(
                rx.el.li(
                    rx.el.button(
                        example,
                        type="button",
                        class_name="button button-small",
                        on_click=AssistantState.send(example),
                    )
                )
                for example in _EXAMPLES
            ),
            class_name="assistant-choices",
            custom_attrs={"aria-label": "Examples"},
        ),
        class_name="assistant-beginning",
    )


def _message(message: rx.Var[Message]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            message.mine,
            rx.el.p(_spoken("You: "), message.text, class_name="message-mine"),
            rx.el.div(
                rx.cond(message.text, rx.el.p(message.text, class_name="message-text")),
                rx.cond(message.changes.length() > 0, _changes(message)),
                rx.cond(
                    message.cards.length() > 0,
                    rx.el.ol(rx.foreach(message.cards, _card), class_name="cards"),
                ),
                rx.cond(
                    message.choices.length() > 0,
                    rx.el.ul(rx.foreach(message.choices, _choice), class_name="assistant-choices"),
                ),
                class_name="message",
                custom_attrs={"data-kind": rx.cond(message.failed, "error", "answer")},
            ),
        ),
        key=message.key,
    )


def _changes(message: rx.Var[Message]) -> rx.Component:
    return rx.el.div(
        rx.el.ul(
            rx.foreach(message.changes, lambda change: rx.el.li(icon("check"), rx.el.span(change))),
            custom_attrs={"aria-label": "What changed"},
        ),
        rx.cond(
            message.undo,
            rx.el.button(
                "Undo",
                type="button",
                class_name="link-button",
                on_click=AssistantState.take_back(message.undo),
            ),
        ),
        class_name="message-changes",
    )


def _choice(choice: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            choice, type="button", class_name="button button-small", on_click=AssistantState.choose(choice)
        )
    )


def _card(card: rx.Var[Card]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            icon("check"),
            type="button",
            role="checkbox",
            class_name="check",
            on_click=rx.cond(card.done, AssistantState.reopen(card.id), AssistantState.complete(card.id)),
            custom_attrs={
                "aria-checked": rx.cond(card.done, "true", "false"),
                "aria-label": f"Complete {card.title}",
                "data-priority": card.priority,
            },
        ),
        rx.el.a(
            rx.el.span(card.title, class_name="card-title"),
            rx.cond(
                card.due,
                rx.el.span(
                    _spoken("Due "), card.due, class_name="due", custom_attrs={"data-state": card.due_state}
                ),
            ),
            rx.cond(card.about, rx.el.span(card.about, class_name="card-about")),
            href=f"/all?task={card.id}",
            class_name="card-open",
            on_click=AssistantState.open_task(card.id).prevent_default,
        ),
        class_name="card",
        key=card.id,
        custom_attrs={"data-status": rx.cond(card.done, "completed", "open")},
    )


def _spoken(text: str) -> rx.Component:
    return rx.el.span(text, class_name="visually-hidden")
