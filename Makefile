# Every target sets up what it needs; `make setup` is instant when nothing changed.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE ?= 1

help:
	@echo "make demo [PORT=8000] [RESET=1]   the demo bureau; Ctrl-C stops it and keeps the data"
	@echo "make test                         every check and the whole suite"
	@echo "make check                        format, lint, templates, types, imports, migrations, deployment, documents"
	@echo "make bench | shots | format | docs | requirements | setup"

setup:
	@.ci/setup

demo: setup
	@DEMO=1 SECURE_TLS=0 $(PY) manage.py demo $(if $(PORT),--port $(PORT)) $(if $(HOST),--host $(HOST)) $(if $(filter-out 0,$(RESET)),--reset)

# The database that tests copy takes a minute of one core to migrate; the checks have the other.
test: setup
	@$(MAKE) --no-print-directory -j 2 check migrated
	@$(MAKE) --no-print-directory pytest

migrated: setup
	@$(PY) -m tests.template

pytest: setup
	$(PY) -m pytest -n 2 $(PYTEST_ARGS)

check: setup
	$(PY) -m ruff format --check --quiet --output-format concise .
	$(PY) -m ruff check --quiet .
	$(PY) -m djlint --lint --quiet templates
	$(PY) -m mypy
	@PYTHONPATH=. .venv/bin/lint-imports | tail -n +11
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m tests.deploy_check
	$(PY) manage.py roles --check
	$(PY) manage.py diagram --check

docs: setup
	$(PY) manage.py roles
	$(PY) manage.py diagram

format: setup
	$(PY) -m ruff check --fix --quiet . || true
	$(PY) -m ruff format .

bench: setup
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.txt
	$(PY) -m wuhai_exec.embedded run --test -- $(PY) -m benchmarks

shots: setup
	$(PY) -m wuhai_exec.embedded run -- $(PY) -m tests.shots

requirements: setup
	$(PY) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements/base.txt
	$(PY) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements/dev.txt
	$(PY) -m uv pip compile pyproject.toml --extra bench -c requirements/dev.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements/bench.txt

.PHONY: help setup demo test migrated pytest check docs format bench shots requirements
