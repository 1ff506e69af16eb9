# Each target does all its own set-up: only make and Python 3.11 or newer are needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := runs/december-2023-deal
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test fast-test bench clean

run: $(VENV)/.installed  ## simulate with and without the December 2023 deal, and write the report
	$(BIN)/rumbo compare darien-rio-bravo --without december-2023-deal \
		--members 50 --seed 7 --out $(RUN)

test: $(VENV)/.test-installed  ## style, types and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

fast-test: $(VENV)/.test-installed  ## the tests that take a minute or two
	$(BIN)/pytest -m "not slow and not browser"

bench: $(VENV)/.test-installed  ## speed, memory and start-up, beside their goals
	$(BIN)/python -m benchmarks

clean:  ## remove the environment, caches and build leavings; runs stay
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find rumbo tests benchmarks scripts -name __pycache__ -prune -exec rm -rf {} +

# The stamps say that an environment matches pyproject.toml and constraints.txt.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Rumbo needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 run" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) hatchling editables
	$(PIP) --no-build-isolation --editable .
	touch $@

$(VENV)/.test-installed: $(VENV)/.installed
	$(PIP) --no-build-isolation --editable ".[test]"
	touch $@
