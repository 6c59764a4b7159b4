# `make demo` shows a whole check on a simulated site; `make test` runs every gate. Both set up all they need in .venv.

# Any Python from 3.11 on; without PYTHON=… the newest of these that is there and can make an environment.
PYTHON ?=
JOBS ?= 2
PURE := tests/core tests/pages tests/adapters
SEED ?= 1
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq install
CATALOGUES := $(wildcard tracker/locale/*/LC_MESSAGES/*.po)
BABEL := $(BIN)/python -m babel.messages.frontend --quiet

# The tests start many processes that import the same modules: what one of them compiled, no other one compiles again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test lint typecheck imports tests pure shell coverage reading bench lock locale clean distclean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: $(VENV)/.runtime $(VENV)/.catalogues ## a whole check on a simulated site: nothing to set up
	@$(BIN)/tracker demo

test: lint typecheck imports tests ## every gate: style, types, arrows, tests with branch coverage

lint: $(VENV)/.dev ## ruff: rules and format
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "not formatted; run: $(BIN)/ruff format" >&2; exit 1; }

typecheck: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy
	@$(BIN)/mypy benchmarks

imports: $(VENV)/.dev ## import-linter: the arrows between the rooms
	@$(BIN)/lint-imports --no-cache

tests: pure shell ## pytest: both of the next two

pure: $(VENV)/.dev $(VENV)/.catalogues ## the pure rooms and the adapters; core and pages want every branch covered
	@$(BIN)/pytest -n $(JOBS) --cov --cov-report=term-missing --cov-fail-under=100 $(PURE)

# These wait more than they compute (ticks, gaps, deadlines), so twice as many run at once; and nothing traces them.
shell: $(VENV)/.dev $(VENV)/.catalogues ## everything else: real servers, stores, processes, a browser, damaged pages
	@$(BIN)/pytest -n $$(($(JOBS) * 2)) --dist worksteal $(addprefix --ignore=,$(PURE))

coverage: $(VENV)/.dev $(VENV)/.catalogues ## the covered branches as pages to read, in build/coverage
	@$(BIN)/pytest -n $(JOBS) --cov --cov-report=html:build/coverage $(PURE)

reading: $(VENV)/.dev $(VENV)/.catalogues ## how many made-up and damaged pages are read rightly; SEED=2 makes others
	@$(BIN)/python -m tests.reading --seed $(SEED) --jobs $(JOBS)

bench: $(VENV)/.runtime $(VENV)/.catalogues build/peers/urlwatch/.made ## ratios against a bare loop and urlwatch; takes minutes
	-@$(BIN)/python benchmarks/reading.py
	-@$(BIN)/python benchmarks/scrubbing.py
	@$(BIN)/python benchmarks/bench.py --urlwatch build/peers/urlwatch/bin/urlwatch

lock: build/lock/.made ## make the hashed requirements anew; UPGRADE=--upgrade for newer versions
	@build/lock/bin/uv pip compile $(LOCK) $(UPGRADE) --group dev --extra xlsx -o requirements-dev.txt pyproject.toml
	@build/lock/bin/uv pip compile $(LOCK) --group build --extra xlsx -c requirements-dev.txt -o requirements.txt pyproject.toml

# Extras stay in the lock: pip would look for newer versions of a package that is wanted with one ("coverage[toml]").
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header

locale: $(VENV)/.dev ## collect the texts, bring the catalogues up to date, compile them
	@$(BABEL) extract -F babel.cfg -k N_ -k _ --add-location=file --sort-by-file --project=tracker --version=0 \
		--header-comment='# Made from the source; see babel.cfg.' -o tracker/locale/tracker.pot tracker
	@$(BABEL) update -D tracker -i tracker/locale/tracker.pot -d tracker/locale -N --ignore-obsolete \
		--ignore-pot-creation-date -w 120
	@$(BABEL) compile -D tracker -d tracker/locale
	@touch $(VENV)/.catalogues

clean: ## what tools left behind
	@rm -rf build dist *.egg-info .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find tracker adapters tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## and the environment
	@rm -rf $(VENV)
	@find tracker -name '*.mo' -exec rm -f {} +

# --- environments ----------------------------------------------------------------------------------------------------------

$(VENV)/.made:
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then touch $@; exit; fi; \
	usable=; old=; bare=; \
	for p in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
		"$$p" -c '' 2>/dev/null || continue; \
		"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { old="$$p"; continue; }; \
		"$$p" -c 'import ensurepip, venv' 2>/dev/null || { bare="$$p"; continue; }; \
		usable="$$p"; break; \
	done; \
	if [ -z "$$usable" ] && [ -n "$$bare" ]; then \
		echo "$$bare can't make an environment: its venv module is missing. On Debian and Ubuntu:" >&2; \
		echo "    sudo apt-get install python3-venv" >&2; exit 1; \
	elif [ -z "$$usable" ] && [ -n "$$old" ]; then \
		echo "$$old is $$($$old -c 'import platform; print(platform.python_version())'), and Python 3.11 or newer is needed. Name one: make PYTHON=/path/to/python3.13" >&2; exit 1; \
	elif [ -z "$$usable" ]; then \
		echo "no Python found ($(or $(PYTHON),python3.13 … python3)): install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.13" >&2; exit 1; \
	fi; \
	echo "setting up $(VENV) with $$usable, once" >&2; \
	"$$usable" -m venv --clear $(VENV) && touch $@

$(VENV)/.runtime: requirements.txt pyproject.toml setup.py | $(VENV)/.made
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

# The locked versions are the same in both files, so this holds all of the above.
$(VENV)/.dev: requirements-dev.txt requirements.txt pyproject.toml setup.py | $(VENV)/.made
	@$(PIP) --require-hashes -r requirements-dev.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $(VENV)/.runtime $@

$(VENV)/.catalogues: $(CATALOGUES) | $(VENV)/.runtime
	@$(BABEL) compile -D tracker -d tracker/locale
	@touch $@

build/lock/.made: | $(VENV)/.made
	@$(BIN)/python -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check install -qq uv
	@touch $@

# The peer lives outside our environment; without it the bench compares with the bare loop only.
build/peers/urlwatch/.made: | $(VENV)/.made
	@$(BIN)/python -m venv build/peers/urlwatch
	@build/peers/urlwatch/bin/python -m pip --disable-pip-version-check install -qq urlwatch==2.29 \
		|| echo "urlwatch could not be installed: the bench goes on without it" >&2
	@touch $@
