# One command for each thing one does in a checkout. Nothing here needs root, Docker, Java or Node.
# Every path is relative: a checkout may lie under a path with spaces.

PLATFORM ?= examples/flights
ARGS ?=
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help up down test fast slow live lint bench lock dev clean
MAKEFLAGS += --no-print-directory

help: ## say what can be asked for
	@echo "make WHAT, where WHAT is"
	@sed -n 's/^\([a-z]*\):.*## /  \1 — /p' Makefile | awk -F ' — ' '{printf "%-8s %s\n", $$1, $$2}'
	@echo "PLATFORM=folder chooses another platform, PYTHON=path another Python, ARGS='...' adds options."

up: ## run the example for real, and prove that its results are exact
	@$(call environment,run)
	@$(BIN)/rosace up "$(PLATFORM)" --verify $(ARGS)

down: ## stop the example; its data stays (ARGS=--erase: it goes too)
	@$(call environment,run)
	@$(BIN)/rosace down "$(PLATFORM)" $(ARGS)

test: ## everything: style, types, architecture, fast tests, then tests on real engines
	@$(call environment,dev)
	@$(BIN)/python tools/gate.py test $(ARGS)

fast: ## the tests of a minute: no engine, few processes
	@$(call environment,dev)
	@$(BIN)/python tools/gate.py fast $(ARGS)

slow: ## the tests that start many processes or try thousands of inputs
	@$(call environment,dev)
	@$(BIN)/python tools/gate.py slow $(ARGS)

live: ## the tests on real engines (minutes)
	@$(call environment,dev)
	@$(BIN)/python tools/gate.py live $(ARGS)

lint: ## style, types and the direction of imports
	@$(call environment,dev)
	@$(BIN)/python tools/gate.py lint

bench: ## measure the example on this machine
	@$(call environment,dev)
	@$(BIN)/python bench/run.py $(ARGS)

dev: ## only make the environment for development, in .venv
	@$(call environment,dev)

lock: ## resolve the dependencies of pyproject.toml anew into requirements/
	@$(call environment,dev)
	@$(BIN)/python tools/lock.py $(ARGS)

clean: ## remove the environment and what tools left behind; no platform is touched
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis build dist

define environment
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null \
  || { echo "There is no usable $(PYTHON) here. Install Python 3.11 or newer, or say make WHAT PYTHON=/path/to/python3.11" >&2; exit 1; }; \
"$(PYTHON)" tools/environment.py $(1)
endef
