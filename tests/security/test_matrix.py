"""Who may do what: every event handler, called by its owner, by another person, by nobody.

The handlers are those that are registered in the app, so one that is new and not in the matrix fails.
"""

from __future__ import annotations

import json

import pytest

from state.toasts import ToastState
from tests.security.handlers import CASES, Case, registered
from tests.security.lives import Life, belongings, everything, live, write_audit_log
from tests.state.people import Person, log_in
from tests.state.pipeline import Answer, BrowserTab, Pipeline, handlers
from todo_app.bootstrap import Application

# Reflex's own, which must show what is in the state whoever asks: the state itself is what must be empty.
ALL = sorted(CASES)


@pytest.fixture
async def adas(ada: Person) -> Life:
    """The victim's; she is the operator."""
    return await live(ada, "zebrafinch")


@pytest.fixture
async def bens(ben: Person, adas: Life, application: Application) -> Life:
    """The attacker's."""
    life = await live(ben, "warthog")
    await write_audit_log(application)
    return life


def test_every_handler_has_an_entry() -> None:
    assert sorted(registered()) == ALL


async def test_the_owner_may(pipeline: Pipeline, application: Application) -> None:
    failures: dict[str, str] = {}
    for number, name in enumerate(ALL):
        life = await live(await log_in(application, f"owner{number}@example.org"), f"owner{number}")
        tab = await open_at(pipeline, life, cookie=life.person.cookie)
        answers = await call(tab, name, about=life)
        if went_wrong(answers) or any(answer.logs_out for answer in answers):
            failures[name] = "\n".join(answer.text for answer in answers)[:500]
    assert failures == {}


class TestSomebodyElse:
    """One test goes through all handlers: nothing may change, so they don't disturb each other."""

    async def test_with_the_victims_ids(self, pipeline: Pipeline, adas: Life, bens: Life) -> None:
        async def attack(name: str) -> list[Answer]:
            tab = pipeline.tab(cookie=bens.person.cookie, path=page_of(adas))
            return [await tab.open(), *await call(tab, name, about=adas)]

        await none_may(attack, adas)

    async def test_with_the_victims_client_token_too(
        self, pipeline: Pipeline, adas: Life, bens: Life
    ) -> None:
        async def attack(name: str) -> list[Answer]:
            victims = await open_at(pipeline, adas, cookie=adas.person.cookie)
            tab = pipeline.tab(cookie=bens.person.cookie, token=victims.token, path="/all")
            return await call(tab, name, about=adas)

        await none_may(attack, adas)


class TestNobody:
    async def test_with_the_victims_ids(self, pipeline: Pipeline, adas: Life, bens: Life) -> None:
        async def attack(name: str) -> list[Answer]:
            tab = pipeline.tab(path=page_of(adas))
            return [await tab.open(), *await call(tab, name, about=adas)]

        before = await everything(adas.person.application)
        await none_may(attack, adas, bens)
        assert await everything(adas.person.application) == before

    async def test_with_the_victims_client_token_too(
        self, pipeline: Pipeline, adas: Life, bens: Life
    ) -> None:
        async def attack(name: str) -> list[Answer]:
            victims = await open_at(pipeline, adas, cookie=adas.person.cookie)
            return await call(pipeline.tab(token=victims.token, path="/all"), name, about=adas)

        before = await everything(adas.person.application)
        await none_may(attack, adas, bens)
        assert await everything(adas.person.application) == before

    async def test_with_a_session_that_has_ended(self, pipeline: Pipeline, adas: Life, bens: Life) -> None:
        tab = await open_at(pipeline, adas, cookie=adas.person.cookie)
        await adas.person.log_out_everywhere()
        before = await belongings(adas)

        for name in sorted(name for name in ALL if name.startswith("ListState.")):
            await call(tab, name, about=adas)

        assert await belongings(adas) == before


class TestForgedArguments:
    """Anybody can send anything over the socket."""

    async def test_of_a_wrong_type_are_refused_in_words(self, pipeline: Pipeline, adas: Life) -> None:
        tab = await open_at(pipeline, adas, cookie=adas.person.cookie)
        failures: dict[str, str] = {}
        for forged in (None, 7, [], {"a": 1}, "\x00", ["x"] * 3, "x" * 20_000):
            for name, handler in registered().items():
                parameters = list(handler.get_parameters())[1:]
                answer = await tab.send(handler, **dict.fromkeys(parameters, forged))
                if went_wrong([answer]) or shows_a_stack(answer):
                    failures[f"{name}({str(forged)[:20]})"] = answer.text[:300]
        assert failures == {}

    async def test_too_many_or_too_few_are_refused(self, pipeline: Pipeline, adas: Life) -> None:
        tab = await open_at(pipeline, adas, cookie=adas.person.cookie)
        handler = registered()["ListState.complete"]

        for named in ({}, {"task_id": str(adas.task), "user_id": str(adas.person.identity.user_id)}):
            before = await belongings(adas)
            answer = await tab.send(handler, **named)
            assert "does not understand" in answer.toast
            assert await belongings(adas) == before

    async def test_an_unknown_event_says_nothing(self, pipeline: Pipeline, ada: Person) -> None:
        tab = await pipeline.open_tab(cookie=ada.cookie)

        answer = await tab.send("reflex___state____state.no_such_handler")

        assert answer.text == ""


class TestSettersOfReflex:
    """`setvar` is registered for every state class, whatever we do."""

    def test_no_var_has_a_setter_of_its_own(self) -> None:
        states = {handler.state for handler in registered().values() if handler.state is not None}
        setters = {
            f"{state.__name__}.set_{name}"
            for state in states
            if state.__module__.startswith("state.")
            for name in state.get_fields()
            if f"set_{name.lstrip('_')}" in state.event_handlers
        }
        assert setters == set()

    @pytest.mark.parametrize("var", ["email", "is_operator", "_session_digest", "toast", "priority", "x"])
    async def test_the_generic_one_is_refused(self, pipeline: Pipeline, ada: Person, var: str) -> None:
        tab = await pipeline.open_tab(cookie=ada.cookie)
        for name in [name for name in handlers() if name.endswith(".setvar")]:
            answer = await tab.send(name, var_name=var, value="forged")
            assert "does not understand" in answer.toast

    async def test_vars_can_not_come_from_the_browsers_storage(self, pipeline: Pipeline, ada: Person) -> None:
        tab = await pipeline.open_tab(cookie=ada.cookie)
        forged = {f"{ToastState.get_full_name()}.toast": {"text": "forged"}}

        for name in ("UpdateVarsInternalState.update_vars_internal", "State.hydrate_and_load"):
            await tab.send(registered()[name], vars=forged)

        assert tab.var(ToastState, "toast")["text"] != "forged"


class TestSecrets:
    async def test_the_session_is_never_sent_to_the_page(self, pipeline: Pipeline, adas: Life) -> None:
        tab = pipeline.tab(cookie=adas.person.cookie, path=page_of(adas))
        answers = [await tab.open()]
        for name in ALL:
            answers += await call(tab, name, about=adas)

        assert not any(adas.person.secret in answer.text for answer in answers)


async def open_at(pipeline: Pipeline, life: Life, *, cookie: str) -> BrowserTab:
    return await pipeline.open_tab(cookie=cookie, path=page_of(life))


def page_of(life: Life) -> str:
    return f"/all?task={life.task}"


async def call(tab: BrowserTab, name: str, *, about: Life) -> list[Answer]:
    case = CASES[name]
    answers = [await tab.send(handler, *arguments(about)) for handler, arguments in case.before]
    return [*answers, await tab.send(registered()[name], *case.arguments(about))]


async def none_may(attack: object, *victims: Life) -> None:
    """Let somebody try every handler; nothing of the victims may be shown or changed."""
    assert callable(attack)
    failures: dict[str, list[str]] = {}
    for name in ALL:
        before = [await belongings(life) for life in victims]
        answers = await attack(name)
        found = [mark for life in victims for mark in leaked(answers, life, CASES[name])]
        if [await belongings(life) for life in victims] != before:
            found.append("changed the database")
        if went_wrong(answers):
            found.append("an error that nobody foresaw")
        if found:
            failures[name] = found
    assert failures == {}


def leaked(answers: list[Answer], life: Life, case: Case) -> list[str]:
    """What is the victim's in the answers, except what the attacker has said themselves."""
    said = json.dumps([*case.arguments(life), page_of(life)])
    return [mark for mark in life.marks() if mark not in said and any(mark in each.text for each in answers)]


def went_wrong(answers: list[Answer]) -> bool:
    return any("Something went wrong" in answer.text for answer in answers)


def shows_a_stack(answer: Answer) -> bool:
    return any(word in answer.text for word in ("Traceback", 'File \\"', "Error:"))
