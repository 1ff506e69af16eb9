# Each target does all its own set-up: only make and Python 3.11 or newer are needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := runs/december-2023-deal
SCORE := runs/score
SENSITIVITY := runs/sensitivity
FIT := runs/fit
AS_OF := 2025-06-30
AHEAD_OF := 2024-10-31
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

FLEE ?=

.PHONY: run studio record claims sensitivity tested docs test test-long fast-test score fit left-out calibrate hindcast outlook bench bench-fit bench-flee minds clean

run: $(VENV)/.installed  ## simulate with and without the December 2023 deal, and write the report
	$(BIN)/rumbo compare darien-rio-bravo --fitted --without december-2023-deal \
		--members 50 --seed 7 --out $(RUN)

studio: $(VENV)/.studio-installed  ## open a page on this machine where a lever is moved and the corridor answers
	OMP_NUM_THREADS=1 $(BIN)/rumbo studio

$(RUN)/result.nc:
	$(MAKE) run

record: $(VENV)/.installed $(RUN)/result.nc  ## hold the run against every figure, and write docs/record.md
	$(BIN)/rumbo record $(RUN) --out docs/record.md --language en

claims: $(VENV)/.installed  ## hold claims against the record, the model's part too, and write docs/claims-record.md; can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/rumbo claims darien-rio-bravo --model --language en --page docs/claims-record.md

sensitivity: $(VENV)/.installed  ## find on which values the deal's effect hangs, and put that into the corridor; can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/rumbo sensitivity darien-rio-bravo --out $(SENSITIVITY)
	$(BIN)/rumbo tested darien-rio-bravo --add $(SENSITIVITY)/sensitivity.csv --out docs/tested.md --language en

tested: $(VENV)/.installed  ## write docs/tested.md from the tables of tests in the corridor's folder
	$(BIN)/rumbo tested darien-rio-bravo --out docs/tested.md --language en

docs: $(VENV)/.test-installed  ## write the pages that are made from the package, run the tutorial, and write its notebook
	$(BIN)/python -m scripts.pages

test: $(VENV)/.test-installed  ## style, types and every test but those of test-long
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist worksteal -m "not long"

test-long: $(VENV)/.test-installed  ## what takes many runs or the corridor's full size to tell; a change must pass it too
	$(BIN)/pytest -n auto --dist worksteal -m long

fast-test: $(VENV)/.test-installed  ## the tests that take a minute or two
	$(BIN)/pytest -n auto --dist worksteal -m "not slow and not browser and not long"

score: $(VENV)/.installed  ## forecast from 42 origins, keep the score, twins and hindcasts; can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/rumbo score darien-rio-bravo --hindcasts --out $(SCORE)

fit: $(VENV)/.installed  ## fit the corridor to the figures, and put its posterior into the package
	OMP_NUM_THREADS=1 $(BIN)/rumbo fit darien-rio-bravo --as-of $(AS_OF) --seed 7 --out $(FIT)
	$(BIN)/python scripts/ship_posterior.py $(FIT)/posterior.npz

left-out: $(VENV)/.installed  ## fit without one family of series after another; about an hour on two cores, can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/rumbo left-out darien-rio-bravo --as-of $(AS_OF) --seed 7 --out runs/left-out

calibrate: $(VENV)/.installed  ## fit a hundred simulated truths; about three hours on two cores, can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/rumbo calibrate darien-rio-bravo --as-of $(AS_OF) \
		--lever december-2023-deal --out runs/calibrate

hindcast: $(VENV)/.installed  ## fit as of fifteen days and hold each against what came; about two hours on two cores, can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/rumbo hindcast darien-rio-bravo --out runs/hindcast

outlook: $(VENV)/.installed  ## fit as of a day, put that fit into the package, and write docs/outlook-2024-10.md; can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/rumbo fit darien-rio-bravo --as-of $(AHEAD_OF) --members 160 --seed 7 --out runs/fit-$(AHEAD_OF)
	$(BIN)/python scripts/ship_posterior.py runs/fit-$(AHEAD_OF)/posterior.npz --by-day
	OMP_NUM_THREADS=1 $(BIN)/rumbo outlook darien-rio-bravo --as-of $(AHEAD_OF) --months 6 --place tapachula \
		--members 60 --text docs/outlook-2024-10.md

bench: $(VENV)/.test-installed  ## speed, memory and start-up, beside their goals; can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks

bench-fit: $(VENV)/.test-installed  ## jobs of a thousand members, in the same table
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks fit

bench-flee: $(VENV)/.test-installed $(VENV)-flee/.installed  ## against Flee itself, can be interrupted; CRISES=folder, FLEE=checkout
	@test -n "$(CRISES)" || { echo "make bench-flee needs the folder of Flee's crises: make bench-flee CRISES=folder" >&2; exit 2; }
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.against_flee $(CRISES) $(VENV)-flee/bin/python $(if $(FLEE),--flee $(FLEE))

minds: $(VENV)/.test-installed  ## hold both rules of minds against the dated cases, and write docs/minds-record.md; can be interrupted
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.minds

clean:  ## remove the environment, caches and build leavings; runs stay
	rm -rf $(VENV) $(VENV)-flee build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
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

# Flee needs an MPI library to be there (Debian: libopenmpi-dev).
$(VENV)-flee/.installed: | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)-flee
	$(VENV)-flee/bin/python -m pip install --quiet --disable-pip-version-check flee==3.1
	touch $@

$(VENV)/.test-installed: $(VENV)/.installed
	$(PIP) --no-build-isolation --editable ".[test,studio,notebook,data]"
	touch $@

$(VENV)/.studio-installed: $(VENV)/.installed
	$(PIP) --no-build-isolation --editable ".[studio]"
	touch $@
