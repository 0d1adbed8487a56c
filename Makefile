# `make help` says what there is. Works with GNU make 3.81 (macOS) and newer.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo reset test test-frontend lint format bench lock protocol moved

PYTHON := .venv/bin/python
LINT_IMPORTS := $(PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
# mypy's Django plugin reads the settings, which want addresses; it connects to none of them.
MYPY := DATABASE_URL=postgresql://mypy@localhost/mypy REDIS_URL=redis://localhost ANTIPHON_SECRET_KEY=mypy \
  $(PYTHON) -m mypy
INSTALLED := .venv/.installed
NODE_MODULES := frontend/node_modules/.installed
BUNDLE := platform/antiphon/web/static/antiphon/.vite/manifest.json
RENDERER := generation/renderer/renderer.mjs
LOCKS := $(wildcard requirements/*.txt) requirements/setup.sh pyproject.toml
FRONTEND := $(shell find frontend -name node_modules -prune -o -type f -print 2>/dev/null)
# Browsers, servers that are killed and rooms with a crowd mostly wait, and want a processor at once when they don't: they
# run in series, beside all else, which is less urgent.
LIVE := tests/benchmarks/test_rooms.py tests/benchmarks/test_advance.py tests/faults tests/e2e
REST := --numprocesses auto --maxprocesses 4 --dist loadfile $(LIVE:%=--ignore=%)
LATER := nice -n 10
# HOST and PORT count only when they are given to make: some shells export a HOST of their own.
given = $(if $(filter command line,$(origin $(1))),$($(1)))
LISTEN := $(if $(call given,HOST),--host $(HOST)) $(if $(call given,PORT),--port $(PORT))

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

setup: $(INSTALLED) $(BUNDLE) $(RENDERER) ## Prepare .venv from the locks, build the pages and the renderer

demo: setup ## Run everything on this machine (HOST=0.0.0.0 lets phones on the network in; PORT=9000)
	@exec $(PYTHON) -m antiphon.embedded demo $(LISTEN)

reset: $(INSTALLED) ## Forget everything that was made on this machine
	@$(PYTHON) -m antiphon.embedded reset

test: setup ## Run every check and every test (ARGS="-k rooms" goes to pytest)
	@$(PYTHON) -m tests.lanes \
	  lint='$(LATER) $(MAKE) --no-print-directory lint' \
	  pytest='$(if $(ARGS),$(PYTHON) -m pytest $(subst ','"'"',$(ARGS)),$(LATER) $(PYTHON) -m pytest $(REST))' -- \
	  frontend='$(LATER) $(MAKE) --no-print-directory test-frontend' \
	  $(if $(ARGS),,-- pytest-live='$(PYTHON) -m pytest $(LIVE)')

test-frontend: setup ## Check and test the pages
	@cd frontend && npm run --silent check
	@cd frontend && npm test --silent

lint: setup ## Ruff, mypy and the direction of imports
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet .
	@$(MYPY)
	@$(LINT_IMPORTS)

format: $(INSTALLED) ## Put the Python files into shape
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

# Benchmarks get servers of their own, durable like a demo's and forgotten afterwards.
bench: setup ## Run the benchmarks (NAME=rooms for one)
	@export ANTIPHON_VAR=var/benchmarks TF_CPP_MIN_LOG_LEVEL=3; \
	$(PYTHON) -m antiphon.embedded run -- bash -c \
	  '$(PYTHON) manage.py migrate --no-input --verbosity 0 && exec $(PYTHON) -m tests.benchmarks $(NAME)'; \
	status=$$?; $(PYTHON) -m antiphon.embedded reset >/dev/null; exit $$status

lock: $(INSTALLED) ## Lock every dependency again, with hashes
	@requirements/lock.sh

protocol: $(INSTALLED) $(NODE_MODULES) ## Generate the TypeScript of the websockets and of the API, and docs/protocol.md, from Python
	@$(PYTHON) -m antiphon.embedded run -- bash -c '$(PYTHON) manage.py export_protocol && \
	  $(PYTHON) manage.py spectacular --format openapi-json --fail-on-warn --file frontend/src/api/openapi.json'
	@cd frontend && npm run --silent protocol

# A checkout that was moved sets itself up again: an environment knows its folder by its full name.
ifneq ($(shell cat $(INSTALLED) 2>/dev/null),$(shell pwd -P))
$(INSTALLED): moved
endif

$(INSTALLED): $(LOCKS)
	@requirements/setup.sh

$(NODE_MODULES): frontend/package.json frontend/package-lock.json
	@requirements/node-version.sh
	@echo "Installing the pages' packages."
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLE): $(INSTALLED) $(NODE_MODULES) $(FRONTEND)
	@requirements/node-version.sh
	@echo "Building the pages."
	@cd frontend && npm run --silent build -- --logLevel warn
	@$(PYTHON) -m whitenoise.compress --quiet --no-brotli $(dir $(patsubst %/,%,$(dir $@)))
	@touch $@

$(RENDERER): $(NODE_MODULES) $(wildcard frontend/renderer/*.ts)
	@echo "Building the renderer of sound."
	@cd frontend && npm run --silent build:renderer -- --logLevel warn
	@touch $@
