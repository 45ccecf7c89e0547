"""The settings: the account, the look, sessions, the server, leaving for good."""

from __future__ import annotations

import reflex as rx

from components.auth_forms import notice, password_field, post_form, submit, zone_list
from components.channels import notification_settings
from components.elements import icon, switch
from components.react import DownloadLink, FeedForm, ImportForm, Link
from components.setting import section, setting
from components.tokens import token_settings
from components.webhooks import webhook_settings
from state.account import AccountState, Browser
from state.shell import ShellState

_EXPORTS = (("json", "JSON"), ("csv", "CSV"), ("ics", "ICS"))
_THEMES = (("system", "System"), ("light", "Light"), ("dark", "Dark"))


def settings() -> rx.Component:
    """Every section."""
    return rx.fragment(
        rx.el.div(rx.el.h1("Settings", class_name="page-title"), class_name="page-head"),
        section("account", "Account", _email(), _password(), _timezone()),
        notification_settings(),
        section("look", "Look", _theme()),
        section("sessions", "Where you are logged in", _browsers(), _log_out_everywhere()),
        section("activity", "Activity", _activity()),
        section("data", "Your tasks as files", _export(), _import(), _feed()),
        token_settings(),
        webhook_settings(),
        rx.cond(
            ShellState.is_operator,
            section("server", "This server", _sign_up(), lead="You are its operator."),
        ),
        section("danger", "Danger zone", _deletion(), kind="danger-zone"),
    )


def _email() -> rx.Component:
    return setting(
        "E-mail",
        rx.el.input(
            value=ShellState.email,
            read_only=True,
            class_name="input",
            custom_attrs={"aria-labelledby": "setting-email"},
        ),
        anchor="setting-email",
    )


def _password() -> rx.Component:
    return setting(
        "Password",
        post_form(
            notice("success", "check", "Your password is changed.", done=True),
            _account_for_password_managers(),
            password_field(name="current_password", label="Current password", anchor="current-password"),
            password_field(new=True, label="New password", anchor="new-password"),
            rx.el.div(submit("Change password", kind=""), class_name="form-actions"),
            to="/auth/password",
            then="message",
            label="Change password",
        ),
        anchor="setting-password",
        hint="Changing it logs you out everywhere else.",
        tall=True,
    )


def _account_for_password_managers() -> rx.Component:
    # Without a name, so it is not sent; password managers look for it.
    return rx.el.input(
        type="email", value=ShellState.email, read_only=True, hidden=True, auto_complete="username"
    )


def _timezone() -> rx.Component:
    return setting(
        "Time zone",
        rx.el.form(
            rx.el.div(
                rx.el.input(
                    # A new element when the zone has changed, so that it shows the stored one.
                    key=ShellState.timezone,
                    id="timezone",
                    name="timezone",
                    default_value=ShellState.timezone,
                    list="zones",
                    max_length=64,
                    class_name="input",
                    auto_complete="off",
                    custom_attrs={
                        "aria-labelledby": "setting-timezone",
                        "aria-describedby": "setting-timezone-hint timezone-error",
                        "aria-invalid": rx.cond(AccountState.timezone_error, "true", "false"),
                        "spellCheck": "false",
                    },
                ),
                zone_list("zones"),
                rx.cond(
                    AccountState.timezone_error,
                    rx.el.p(
                        icon("circle-alert"),
                        rx.el.span(AccountState.timezone_error),
                        class_name="field-error",
                        id="timezone-error",
                        role="alert",
                    ),
                ),
                class_name="field",
            ),
            rx.el.div(submit("Change time zone", kind=""), class_name="form-actions"),
            class_name="form",
            on_submit=AccountState.change_timezone,
        ),
        anchor="setting-timezone",
        hint="Times of tasks without a zone of their own follow it.",
        tall=True,
    )


def _theme() -> rx.Component:
    return setting(
        "Theme",
        rx.el.div(
            *(_theme_option(value, label) for value, label in _THEMES),
            class_name="theme-choice",
            role="radiogroup",
            custom_attrs={"aria-labelledby": "setting-theme"},
        ),
        anchor="setting-theme",
        hint="Kept in this browser.",
    )


def _theme_option(value: str, label: str) -> rx.Component:
    parts = ("light", "dark") if value == "system" else ("", "")
    return rx.el.button(
        rx.el.span(
            *(rx.el.span(custom_attrs={"data-theme": part} if part else {}) for part in parts),
            class_name="theme-sample",
            custom_attrs={
                "aria-hidden": "true",
                **({"data-split": "true"} if value == "system" else {"data-theme": value}),
            },
        ),
        label,
        type="button",
        role="radio",
        class_name="theme-option",
        custom_attrs={"data-choose-theme": value},
    )


def _browsers() -> rx.Component:
    return rx.el.ul(
        rx.foreach(AccountState.browsers, _browser),
        class_name="plain-list",
        custom_attrs={"aria-labelledby": "settings-sessions"},
    )


def _browser(browser: rx.Var[Browser]) -> rx.Component:
    rest = rx.cond(browser.is_this, "", f", {browser.used}, ends {browser.ends} unless it is used")
    return rx.el.li(
        icon("monitor-smartphone"),
        rx.el.div(
            rx.el.div(rx.cond(browser.is_this, "This browser", "Another browser"), class_name="setting-name"),
            rx.el.p(f"Logged in {browser.began}", rest, class_name="plain-list-meta"),
            class_name="plain-list-body",
        ),
        rx.cond(browser.is_this, _log_out(), _log_out_elsewhere(browser)),
        key=browser.id,
    )


def _log_out() -> rx.Component:
    return post_form(
        submit("Log out", kind=""), to="/auth/logout", then="/login", label="Log out", class_name=""
    )


def _log_out_elsewhere(browser: rx.Var[Browser]) -> rx.Component:
    return rx.el.button(
        "Log out",
        type="button",
        class_name="button",
        on_click=AccountState.log_out_elsewhere(browser.id),
        custom_attrs={"aria-label": f"Log out in the browser of {browser.began}"},
    )


def _log_out_everywhere() -> rx.Component:
    return setting(
        "Every browser",
        post_form(
            submit("Log out everywhere", kind=""),
            to="/auth/logout-everywhere",
            then="/login",
            label="Log out everywhere",
            class_name="",
        ),
        anchor="setting-logout-everywhere",
        hint="This one too. Open pages stop showing your tasks at once.",
    )


def _activity() -> rx.Component:
    return setting(
        "What happened",
        Link.create("Show the activity", to="/activity", class_name="button"),
        anchor="setting-activity",
        hint="Who changed what, and when; most of it can be undone for a day.",
    )


def _export() -> rx.Component:
    return setting(
        "Export",
        rx.el.div(
            *(
                DownloadLink.create(href=f"/api/v1/export?format={kind}", label=label)
                for kind, label in _EXPORTS
            ),
            class_name="form-actions",
        ),
        anchor="setting-export",
        hint=(
            "JSON has everything, and can be imported again without loss. "
            "CSV is for spreadsheets, ICS for calendars."
        ),
    )


def _import() -> rx.Component:
    return setting(
        "Import",
        ImportForm.create(described_by="setting-import-hint"),
        anchor="setting-import",
        hint=(
            "An export of Punctual, Todoist, Vikunja or TickTick, or an ICS file. "
            "You see first what becomes of each row."
        ),
        tall=True,
    )


def _feed() -> rx.Component:
    return setting(
        "Calendar feed",
        FeedForm.create(described_by="setting-feed-hint", since=AccountState.feed_since),
        anchor="setting-feed",
        hint="An address under which calendar programs read your open tasks. Whoever knows it can read them.",
        tall=True,
    )


def _sign_up() -> rx.Component:
    return setting(
        "Let anyone sign up",
        switch(
            on=AccountState.sign_up_open,
            on_click=AccountState.open_sign_up(~AccountState.sign_up_open),
            aria_labelledby="setting-sign-up",
            aria_describedby="setting-sign-up-hint",
        ),
        anchor="setting-sign-up",
        hint="Off: you alone add accounts, with the command “user create”.",
    )


def _deletion() -> rx.Component:
    return setting(
        "Delete the account",
        post_form(
            _account_for_password_managers(),
            password_field(anchor="delete-password", label="Your password"),
            rx.el.div(submit("Delete my account", kind="button-danger"), class_name="form-actions"),
            to="/auth/delete-account",
            then="/login",
            label="Delete the account",
        ),
        anchor="setting-delete",
        hint="All tasks, tags, projects and their history go with it. This cannot be undone.",
        tall=True,
    )
