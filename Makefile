# Everything a newcomer needs: `make demo` and `make test` set themselves up from python3.11 and pip.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BENCH  := bench/.venv
# The machine's own certificates, so that a company proxy is trusted as the browser trusts it.
export UV_SYSTEM_CERTS := 1
POSTGRES ?= postgresql://postgres@127.0.0.1:5432/postgres

# Per cent of core and engine, branches too. Where data or a peer is absent their tests are skipped
# by name, and what only they reach (the bridge to svy above all) is not run.
FLOOR := $(if $(KELISIM_REQUIRE_ALL),100,99)

SITE_TESTS := tests/jobs tests/accounts tests/live tests/surveys tests/fieldwork tests/consultations tests/mediation tests/intake tests/results tests/site

# Lint and tests load the settings of the site, which keep their secret where nothing else is.
lint test: export KELISIM_DATA := $(CURDIR)/$(VENV)/kelisim-data

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench messages docs clients

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(VENV)/.synced  ## the locked environment in .venv (does nothing when it is there)

$(VENV)/.synced: pyproject.toml uv.lock hatch_build.py $(shell find src -name "*.po")
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "uv>=0.8"
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync --quiet --frozen --active --inexact
	@touch $@

demo: setup  ## build the demo country, poll it, serve the site on 127.0.0.1
	$(BIN)/kelisim demo

lint: setup  ## format, style, types, floors, dependencies, spelling
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/codespell src tests docs bench *.md

test: lint  ## the gate: lint, types, floors, tests, coverage
	$(BIN)/coverage erase
	$(BIN)/pytest -n auto --cov --cov-branch --cov-report=
	@if $(BIN)/python -c "import psycopg; psycopg.connect('$(POSTGRES)', connect_timeout=2)" 2>/dev/null; then \
	  echo "the site again, on PostgreSQL"; \
	  DATABASE_URL=$(POSTGRES) $(BIN)/pytest -n auto $(SITE_TESTS); \
	elif [ -n "$$KELISIM_REQUIRE_ALL" ]; then \
	  echo "PostgreSQL is absent at $(POSTGRES), and KELISIM_REQUIRE_ALL is set"; exit 1; \
	else \
	  echo "skipped: the site's tests on PostgreSQL, none answers at $(POSTGRES)"; \
	fi
	$(BIN)/coverage report --skip-covered
	$(BIN)/coverage report --include='src/kelisim/core/*,src/kelisim/engine/*' --fail-under=$(FLOOR)

clients: setup  ## the interviewer's form client for browsers, from its npm lock (needs Node; the site works without)
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(BIN)/python web/prepare.py

bench: setup $(BENCH)/.synced  ## the same work here and in the peers, in one run
	$(BIN)/kelisim bench

$(BENCH)/.synced: bench/pyproject.toml bench/uv.lock
	VIRTUAL_ENV=$(CURDIR)/$(BENCH) $(BIN)/uv sync --quiet --frozen --project bench
	@touch $@

messages: setup  ## gather what the site says into the catalogues of its apps, and compile them
	cd src/kelisim && DJANGO_SETTINGS_MODULE=kelisim.site.settings KELISIM_DATA=$(CURDIR)/$(VENV)/kelisim-data \
	  ../../$(BIN)/python -m django makemessages --verbosity 0 -l kk -l ru --no-location --no-obsolete --no-wrap
	sed -i -E '/^"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator|Language-Team): /d' src/kelisim/*/locale/*/LC_MESSAGES/django.po
	for folder in src/kelisim/*/locale; do $(BIN)/pybabel --quiet compile --domain django --directory $$folder; done

docs: setup  ## run every command and number the documentation quotes
	$(BIN)/pytest tests/docs
