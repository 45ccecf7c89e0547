# The project's commands. Each target does one thing; `make help` lists them.
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
# Node comes with the requirements; a machine's own is often too old.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Some machines forbid Python to keep compiled modules; without them every start takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

# Not the whole folder: the database in data/ and the links in assets/external change without an edit.
WATCHED := assets/client:assets/styles:components:state:todo_app:workers:rxconfig.py

RUN_TIME := $(VENV)/.installed
FOR_DEVELOPERS := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run dev install lint format test report torture fuzz bench screenshots lock browser env-example event-schemas parts run-distributed test-distributed

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: $(RUN_TIME) ## Install what is missing, migrate, build the page and serve it on http://localhost:3000 (TODO_PORT)
	@$(BIN)/python -m todo_app migrate
	@exec $(BIN)/python -m todo_app serve

dev: $(FOR_DEVELOPERS) ## Serve and reload when a source changes (refresh the browser to see it)
	@$(BIN)/python -m todo_app migrate
	@REFLEX_HOT_RELOAD_OVERRIDE_PATHS=$(WATCHED) NPM_CONFIG_REGISTRY=$$(npm config get registry 2>/dev/null) exec $(BIN)/reflex run --env preview \
		--backend-host 127.0.0.1 --frontend-port $${TODO_PORT:-3000} --backend-port $${TODO_PORT:-3000}

install: $(FOR_DEVELOPERS) ## Install the app's and the developers' requirements into .venv

lint: $(FOR_DEVELOPERS) ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(FOR_DEVELOPERS) ## Rewrite the code in the project's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

test: $(FOR_DEVELOPERS) browser ## Run all tests: unit, SQLite and PostgreSQL, REST, browser (ARGS="-k name")
	$(BIN)/pytest -n logical $(ARGS) --ignore tests/torture --ignore tests/distributed tests
	$(BIN)/pytest -n logical $(ARGS) e2e

torture: parts ## Let everything die under load, for longer than the tests do (TORTURE_SEEDS=7,12-100 ARGS="-k name")
	TORTURE_SEEDS=$${TORTURE_SEEDS:-21-80} $(BIN)/pytest -s $(ARGS) tests/torture tests/distributed/torture

report: $(FOR_DEVELOPERS) browser ## Run all tests and write what they came to, with pictures of a day with the app, as one page
	rm -rf test-results
	-$(BIN)/pytest -q -n logical --ignore tests/torture --ignore tests/distributed --junitxml test-results/tests.xml tests
	-$(BIN)/pytest -q -n logical --junitxml test-results/e2e.xml e2e
	@$(BIN)/python -m e2e.report

fuzz: $(FOR_DEVELOPERS) ## Make up calls of the API from its description, more than 50,000, as two people (FUZZ_SEED=7)
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-250} $(BIN)/pytest -s tests/api/v1/test_made_up_calls.py

parts: $(FOR_DEVELOPERS) ## Get what the distributed mode runs on, once: Kafka, the Dapr sidecar, PostgreSQL, Redis
	@$(BIN)/python -m distributed.parts

# Its servers run in containers where there is a Docker engine; what it needs else, it gets.
run-distributed: $(FOR_DEVELOPERS) ## Serve with Dapr, Kafka, PostgreSQL and Redis: two web processes, each worker, their sidecars
	@exec $(BIN)/python -m distributed

test-distributed: parts browser ## Run the tests that need the parts, on free ports (ARGS="-k name")
	$(BIN)/pytest --timeout 600 $(ARGS) --ignore tests/distributed/torture tests/distributed
	$(BIN)/pytest -s $(ARGS) tests/torture tests/distributed/torture

browser: $(FOR_DEVELOPERS)
	@$(BIN)/python -m e2e.chromium

env-example: $(FOR_DEVELOPERS) ## Write .env.example from the settings
	$(BIN)/python -m todo_app.env_example > .env.example

event-schemas: $(FOR_DEVELOPERS) ## Write docs/events/*.json from the catalogue, unless that would break who reads them
	$(BIN)/python -m todo_app.events.schemas docs/events

bench: $(FOR_DEVELOPERS) ## Measure against the goals (CHECK=1 fails on a missed ratio)
	$(BIN)/python -m bench $(if $(CHECK),--check)

screenshots: $(FOR_DEVELOPERS) browser ## Take the pictures of docs/images anew, from the running app
	$(BIN)/python -m e2e.screenshots

lock: $(FOR_DEVELOPERS) ## Pin the newest versions that requirements*.in allow
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Punctual needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Plain `run` adds to what is there, so that it does not take the developers' tools away.
$(RUN_TIME): requirements.txt | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@touch $@

$(FOR_DEVELOPERS): requirements.txt requirements-dev.txt | $(BIN)/uv
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.txt requirements-dev.txt
	@touch $(RUN_TIME) $@
