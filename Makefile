# Two commands: `make report` and `make test`. Each sets up what it needs on a fresh machine with Python 3.11+ and make, and adds to
# what the others set up: the groups of libraries are in requirements/.
#   make report KOMMUNE=3222 EDITION=2026 API=http://127.0.0.1:8765/api

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check
KOMMUNE ?= Lørenskog
EDITION ?=
API ?=
# one more than there are cores: tests that start processes wait for them
WORKERS ?= $(shell echo $$(( $$(nproc) + 1 )))

.DEFAULT_GOAL := report
.PHONY: report test lab cluster lint lock bounds have-uv docs audit
.NOTPARALLEL:
# modules are compiled once, and not by every process that is started
unexport PYTHONDONTWRITEBYTECODE

$(VENV)/ready: requirements/report.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements/report.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/ready-%: requirements/%.lock $(VENV)/ready
	$(INSTALL) --require-hashes -r requirements/report.lock -r $<
	touch $@

report: $(VENV)/ready
	$(if $(API),NLIB_API=$(API)) $(BIN)/python scripts/report.py "$(KOMMUNE)" $(if $(EDITION),--edition $(EDITION))

test: $(VENV)/ready-lab $(VENV)/ready-cluster $(VENV)/ready-test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST)

lint: $(VENV)/ready-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# where there are no figures yet, the synthetic edition is made first
lab: $(VENV)/ready-lab
	ls $${NLIB_HOME:-.}/data/processed/*/manifest.json >/dev/null 2>&1 || { $(BIN)/nlib demo && $(BIN)/nlib build --edition demo; }
	$(BIN)/jupyter lab notebooks --LabApp.default_url=/lab/tree/utforsk/foerste_steg.ipynb

# what `nlib report --scheduler` needs, here and on every machine of the cluster
cluster: $(VENV)/ready-cluster

# the pages that are written from the commands and the declarations
docs: $(VENV)/ready
	$(BIN)/python scripts/docs.py

# the locked versions against PyPI's known vulnerabilities; fails where there is one, and where nobody answers
audit:
	$(PYTHON) scripts/audit.py $(AUDIT)

# exact versions with hashes for every Python from 3.11, from the bounds in pyproject.toml; needs uv
lock: have-uv
	$(PYTHON) scripts/lock.py $(if $(UPGRADE),--upgrade)

# the lowest versions that the bounds allow, all together, in an environment that is thrown away; needs uv
bounds: have-uv
	$(PYTHON) scripts/bounds.py

have-uv:
	@command -v uv >/dev/null || { echo "uv er ikke på stien. I et eget miljø: pip install uv"; exit 1; }
