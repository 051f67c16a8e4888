# What a person types. `make run` and `make test` need Python 3.11 to 3.13 and make, and install the rest into .venv.
.DEFAULT_GOAL := help
.PHONY: help install run test check bench lock

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed

help: ## Say what there is to type
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv from requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	    || { echo "Duban needs Python 3.11 to 3.13; $(PYTHON) is $$($(PYTHON) -V 2>&1 || echo missing). Try make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	    || { echo "$(PYTHON) cannot make virtual environments: install its venv module (Debian: python3-venv)"; exit 1; }
	@echo "Installing into $(VENV) …"
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: install ## Start the platform on this machine with the sample plan: http://127.0.0.1:8000
	@$(VENV)/bin/duban up

test: check ## Check, then run every test with branch coverage
	@$(VENV)/bin/python -m coverage erase
	@$(VENV)/bin/python -m coverage run -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
	@$(VENV)/bin/python -m coverage combine --quiet
	@$(VENV)/bin/python -m coverage report --fail-under=90
	@$(VENV)/bin/python -m coverage report --include='services/*/*/rules.py,services/*/*/*/rules.py,services/*/*/*_rules.py' --fail-under=100

check: install ## Formatting, lint, types, import contracts, dependencies
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache
	@$(VENV)/bin/deptry . 

bench: install ## Speed and memory as ratios to floors measured in the same run
	@for bench in tests/bench/bench_*.py; do \
	    $(VENV)/bin/python -m tests.bench.$$(basename $$bench .py) || exit 1; \
	done

lock: install ## Resolve both locks anew from pyproject.toml
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header --extra embedded --extra dev pyproject.toml --output-file requirements.lock
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header --constraint requirements.lock pyproject.toml --output-file requirements.runtime.lock
