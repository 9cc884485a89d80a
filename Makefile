# Two commands: `make report` and `make test`. Each sets up what it needs on a fresh machine with Python 3.11+ and make.
#   make report KOMMUNE=3222 EDITION=2026 API=http://127.0.0.1:8765/api

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
KOMMUNE ?= Lørenskog
EDITION ?=
API ?=

.DEFAULT_GOAL := report
.PHONY: report test lab lint lock docs audit

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

report: $(VENV)/ready
	$(if $(API),NLIB_API=$(API)) $(BIN)/python scripts/report.py "$(KOMMUNE)" $(if $(EDITION),--edition $(EDITION))

test: $(VENV)/ready
	$(BIN)/python -m pytest -n auto $(PYTEST)

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# where there are no figures yet, the synthetic edition is made first
lab: $(VENV)/ready
	ls $${NLIB_HOME:-.}/data/processed/*/manifest.json >/dev/null 2>&1 || { $(BIN)/nlib demo && $(BIN)/nlib build --edition demo; }
	$(BIN)/jupyter lab notebooks

# the pages that are written from the commands and the declarations
docs: $(VENV)/ready
	$(BIN)/python scripts/docs.py

# the locked versions against PyPI's known vulnerabilities; fails where there is one, tells where nobody answers
audit: $(VENV)/ready
	$(BIN)/python scripts/audit.py

# exact versions with hashes for every Python from 3.11, from the bounds in pyproject.toml
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet -o requirements.lock
