# Everything is relative to this folder, whose path may hold spaces.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
SIZE ?= 1000
CASES ?= 2000

.PHONY: help setup setup-dev demo run worker test test-long check fmt lock bench bench-import map stop clean-venv

help: ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | sort

# A stamp holds the lock it was installed from and the folder it was made in; the
# environment is made anew only when its folder was moved or copied, and filled anew only
# when the lock differs.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(PY) && $(PY) -c '' 2>/dev/null && test "$$(cat .venv/made-in 2>/dev/null)" = "$$(pwd -P)" || { \
	  echo "==> Making .venv"; rm -rf .venv; \
	  $(PYTHON) -m venv .venv && pwd -P > .venv/made-in || { rm -rf .venv; \
	  echo "The environment could not be made: see the message above. If it speaks of"; \
	  echo "ensurepip: apt-get install python3-venv. If the disk is full: make some room."; \
	  exit 1; }; }
	@cmp -s $(1) .venv/$(1) || { echo "==> Installing the packages of $(1)"; \
	  $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) || { \
	  echo; echo "The packages could not be installed: see the message above."; \
	  echo "Most often the network is away or the disk is full; run the same command again."; \
	  exit 1; }; cp $(1) .venv/$(1); }
endef

setup: ## install what the register needs to run
	$(call install,requirements.lock)

setup-dev: ## install what its makers need too
	$(call install,requirements-dev.lock)

demo: setup ## a sample register at http://127.0.0.1:8000/ (PORT=, SIZE=)
	@exec $(PY) manage.py demo --port "$(PORT)" --size "$(SIZE)"

run: setup-dev ## the development server, which follows changes of the code; `make worker` beside it
	@$(PY) manage.py migrate --verbosity 0
	@exec $(PY) manage.py runserver "$(PORT)"

worker: setup-dev ## the worker of the background, which reads and writes lists
	@$(PY) manage.py migrate --verbosity 0
	@exec $(PY) manage.py worker

stop: ## stop the private PostgreSQL; its data stays
	@$(PY) -c 'from config.settings import PRIVATE_CLUSTER as c; c.down()'

test: setup-dev ## the whole suite
	@$(PY) -m pytest $(ARGS)

test-long: setup-dev ## the property test over CASES=2000 cases
	@REGISTRY_CASES="$(CASES)" $(PY) -m pytest tests/properties $(ARGS)

check: setup-dev ## everything that is not a test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PY) -m mypy
	@find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m config.locks --check

fmt: setup-dev ## put code and templates in order
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

lock: ## make the locks anew from pyproject.toml
	$(PY) -m config.locks

bench: setup-dev ## how quick the pages are on the register of now
	$(PY) manage.py bench

bench-import: setup-dev ## a list of 100,000 rows: time and memory, in a database of its own
	$(PY) manage.py bench_import

map: setup-dev ## the picture of the rooms, in Graphviz's language
	@.venv/bin/import-linter drawgraph registry
