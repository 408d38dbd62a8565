# `make` lists the targets. Everything a target needs, it installs: uv into .venv, the locked packages by uv.
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
POLIS_VAR ?= var
export PORT POLIS_VAR
BIN := .venv/bin

.PHONY: help run test test-scale bench bench-quick lint types schema demo screenshots lock messages

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## Serve on 127.0.0.1:$(PORT) with a demo (POLIS_VAR=folder, PORT=number)
	@exec $(BIN)/python -m config.serve

test: .venv/dev.stamp ## The whole suite, on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.run

test-scale: .venv/dev.stamp ## The marked tests with a million rows (PostgreSQL)
	@$(BIN)/python -m tests.run --scale

bench: .venv/dev.stamp ## Measure beside references, with a million rows (PostgreSQL, wrk; an hour)
	@$(BIN)/python -m tests.bench --write

bench-quick: .venv/dev.stamp ## The same in two minutes, with a thousand rows
	@$(BIN)/python -m tests.bench --quick

lint: .venv/dev.stamp ## Style, layers, templates, migrations
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/djlint --check --lint templates

types: .venv/dev.stamp ## mypy
	@$(BIN)/mypy

schema: .venv/dev.stamp ## Rewrite the golden OpenAPI files
	@$(BIN)/python -m tests.contract.schemas

demo: .venv/run.stamp ## Load the demo into POLIS_VAR
	@POLIS_DEVELOPMENT=1 $(BIN)/python -c 'from config.serve import prepare; prepare()' && POLIS_DEVELOPMENT=1 $(BIN)/python manage.py demo

screenshots: .venv/dev.stamp ## Take the pictures in docs/images anew
	@$(BIN)/python -m tests.screenshots

lock: .venv/dev.stamp ## Resolve the dependencies anew
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --group dev -o requirements/dev.txt

messages: .venv/dev.stamp ## Compile the translations
	@$(BIN)/python -m tests.contract.messages

.venv/uv.stamp: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "Polis needs Python 3.11 to 3.13; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "No virtual environment could be made: on Debian, apt-get install python3-venv."; exit 1; }
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/run.stamp: .venv/uv.stamp requirements/run.txt
	@$(BIN)/uv pip sync -q --require-hashes --python $(BIN)/python requirements/run.txt
	@touch $@

.venv/dev.stamp: .venv/uv.stamp requirements/dev.txt
	@$(BIN)/uv pip sync -q --require-hashes --python $(BIN)/python requirements/dev.txt
	@touch $@ .venv/run.stamp
