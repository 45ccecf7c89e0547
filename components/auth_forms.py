"""Forms that post to ``/auth`` (assets/client/forms.js): logging in, signing up, passwords, leaving."""

from __future__ import annotations

from zoneinfo import available_timezones

import reflex as rx

from components.elements import icon, icon_button
from state.sign_in import SignInState

# A form that is sent before assets/client/forms.js is there waits for it: the browser's own way would leave
# the page, and what is typed is lost. This stands in the head, so that no form is there before it.
_KEEP_EARLY_SUBMIT = """
globalThis.earlySubmit = {
  form: null,
  keep(event) {
    if (!event.target.dataset.post) return;
    event.preventDefault();
    earlySubmit.form = event.target;
    event.submitter?.setAttribute("aria-busy", "true");
  },
};
document.addEventListener("submit", earlySubmit.keep, true);
"""

_HINT_FOR_NEW = "At least 10 characters. A few words are best."
# Old spellings and offsets that are zones in name only.
_NOT_OFFERED = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def keep_early_submit() -> rx.Component:
    """The script that remembers a form that is sent before the page's scripts are there."""
    return rx.el.script(custom_attrs={"dangerouslySetInnerHTML": {"__html": _KEEP_EARLY_SUBMIT}})


def auth_page(title: str, *content: rx.Component, lead: str | rx.Component | None = None) -> rx.Component:
    """The frame of the pages for people who are not logged in."""
    return rx.el.main(
        rx.el.div(
            rx.el.a(rx.el.img(src="/logo.svg", alt=""), "Punctual", href="/", class_name="wordmark"),
            rx.el.div(
                rx.el.h1(title, class_name="auth-title"),
                *([rx.el.p(lead, class_name="auth-lead")] if lead is not None else []),
            ),
            *content,
            class_name="auth-box",
        ),
        class_name="auth",
    )


def auth_foot(*content: rx.Component | str) -> rx.Component:
    """The line below a form, with the way to another page."""
    return rx.el.p(*content, class_name="auth-foot")


def link(label: str, href: str) -> rx.Component:
    """A link to another of these pages."""
    return rx.el.a(label, href=href, class_name="link")


def post_form(
    *content: rx.Component, to: str, then: str, label: str, class_name: str = "form"
) -> rx.Component:
    """A form that posts its fields to ``to``.

    Args:
        content: fields and the button.
        to: the route.
        then: a path to load afterwards, ``next`` for where the person wanted to go, or ``message`` to stay.
        label: what screen readers call the form.
        class_name: empty for one that is a button alone.
    """
    return rx.el.form(
        notice("error", "circle-alert", "", error="form"),
        *content,
        class_name=class_name,
        no_validate=True,
        method="post",
        action=to,
        custom_attrs={"data-post": to, "data-then": then, "aria-label": label},
    )


def field(
    name: str,
    label: str,
    *,
    anchor: str,
    hint: str = "",
    head: rx.Component | None = None,
    **props: object,
) -> rx.Component:
    """A field with its label, its hint and the place where its error will stand."""
    attributes = {
        "aria-describedby": " ".join([*([f"{anchor}-hint"] if hint else []), f"{anchor}-error"]),
        **props.pop("attributes", {}),
    }
    entry = rx.el.input(
        name=name, id=anchor, class_name="input", custom_attrs=attributes, required=True, **props
    )
    if props.get("type") == "password":
        reveal = icon_button(
            "eye", "Show the password", custom_attrs={"data-do": "reveal", "aria-pressed": "false"}
        )
        entry = rx.el.div(entry, reveal, class_name="input-wrap")
    text = rx.el.label(label, html_for=anchor, class_name="field-label")
    return rx.el.div(
        rx.el.div(text, head, class_name="field-head") if head else text,
        entry,
        *([rx.el.p(hint, class_name="hint", id=f"{anchor}-hint")] if hint else []),
        rx.el.p(
            icon("circle-alert"),
            rx.el.span("", custom_attrs=_error_slot(name)),
            class_name="field-error",
            id=f"{anchor}-error",
            role="alert",
            hidden=True,
        ),
        class_name="field",
    )


def email_field(**props: object) -> rx.Component:
    """The address somebody logs in with."""
    return field(
        "email",
        "E-mail",
        anchor="email",
        type="email",
        max_length=254,
        auto_complete="username",
        attributes={"inputMode": "email", "autoCapitalize": "none", "spellCheck": "false"},
        **props,
    )


def password_field(*, new: bool = False, **props: object) -> rx.Component:
    """A password; a password manager fills the one, and offers to make the other."""
    given = {"name": "password", "label": "Password", "anchor": "password", **props}
    if new:
        given.setdefault("hint", _HINT_FOR_NEW)
    return field(
        **given,
        type="password",
        max_length=256,
        auto_complete="new-password" if new else "current-password",
    )


def zone_list(anchor: str) -> rx.Component:
    """The names of the time zones, for a field to search in."""
    names = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(_NOT_OFFERED)
    )
    return rx.el.datalist(*(rx.el.option(value=name) for name in ["UTC", *names]), id=anchor)


def submit(label: str, *, kind: str = "button-primary button-wide") -> rx.Component:
    """The button that sends a form."""
    return rx.el.button(label, type="submit", class_name=f"button {kind}".strip())


def notice(kind: str, icon_name: str, text: str, *, error: str = "", done: bool = False) -> rx.Component:
    """A message about a whole form; one for an error or for success stays hidden until there is one."""
    attributes = {"data-kind": kind} | ({"data-done": ""} if done else {})
    return rx.el.div(
        icon(icon_name),
        rx.el.p(text, custom_attrs=_error_slot(error) if error else {}),
        class_name="notice",
        role="alert" if error else "status",
        hidden=bool(error or done),
        custom_attrs=attributes,
    )


def _error_slot(field_name: str) -> dict[str, object]:
    # An error may be said before React takes the page over. Finding a text that it has not written it would
    # draw the page anew, and what is typed would be gone.
    return {"data-error": field_name, "suppressHydrationWarning": True}


def log_in_form() -> rx.Component:
    """Log in."""
    return post_form(
        email_field(auto_focus=True),
        password_field(head=link("Forgotten?", "/forgot")),
        submit("Log in"),
        to="/auth/login",
        then="next",
        label="Log in",
    )


def register_form() -> rx.Component:
    """Create an account."""
    return post_form(
        email_field(auto_focus=True),
        password_field(new=True),
        field(
            "timezone",
            "Time zone",
            anchor="timezone",
            hint="Guessed from your browser. Due times are read in it.",
            list="zones",
            max_length=64,
            auto_complete="off",
            attributes={"data-guess-zone": "", "spellCheck": "false"},
        ),
        zone_list("zones"),
        submit("Create account"),
        to="/auth/register",
        then="next",
        label="Create an account",
    )


def forgot_form() -> rx.Component:
    """Ask for a link by mail."""
    return post_form(
        notice(
            "success",
            "mail-check",
            "If this address has an account, a link is on its way. It works for one hour.",
            done=True,
        ),
        email_field(auto_focus=True),
        submit("Send the link"),
        to="/auth/forgot",
        then="message",
        label="Send a link",
    )


def reset_form() -> rx.Component:
    """Set a new password with the link from the mail; the secret is read from the address."""
    return post_form(
        rx.el.input(type="hidden", name="secret"),
        password_field(new=True, label="New password", auto_focus=True),
        submit("Set password"),
        to="/auth/reset",
        then="/today",
        label="Choose a new password",
    )


def without_mail() -> rx.Component:
    """What to do about a forgotten password where the server sends no mail."""
    return rx.el.div(
        icon("mail-x"),
        rx.el.div(
            rx.el.p("This server sends no mail. Ask its operator, who can set a new password with"),
            rx.el.p(rx.el.code("python -m todo_app user set-password EMAIL")),
        ),
        class_name="notice",
        custom_attrs={"data-kind": "warning"},
    )


def closed_sign_up() -> rx.Component:
    """Shown instead of the form where the operator adds accounts."""
    return rx.el.div(
        icon("lock"),
        rx.el.p("Sign-up is closed on this server. Ask its operator for an account."),
        class_name="notice",
        custom_attrs={"data-kind": "warning"},
    )


def log_in_foot() -> rx.Component:
    """The way to an account, where there is one."""
    return rx.cond(
        SignInState.sign_up_open,
        auth_foot("New here? ", link("Create an account", "/register")),
        auth_foot("Accounts are made by the operator of this server."),
    )
