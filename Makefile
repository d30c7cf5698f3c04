# regulars: what can be made here. Every target sets up what it needs; nothing has to be installed first but Python 3.11+.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(shell command -v uv 2>/dev/null)
PACKAGES := libreoffice-calc libreoffice-impress python3-uno poppler-utils fonts-crosextra-carlito fonts-crosextra-caladea fonts-liberation
# Where distributions and LibreOffice's own packages put the bridge; one of them is enough.
UNO      := $(firstword $(wildcard /usr/lib*/python3*/dist-packages/uno.py /usr/lib*/python3*/site-packages/uno.py /usr/lib*/libreoffice/program/uno.py /opt/libreoffice*/program/uno.py) no-uno.py)
SOURCES  := core addin workbook_templates slide_templates tests benchmarks docs

.PHONY: help demo test test-full lint bench clean office
.DEFAULT_GOAL := help

help:  ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.run  ## Set up, and turn the sample of real orders into a workbook and a deck in demo/
	$(BIN)/regulars demo --out demo

test: $(VENV)/.dev office  ## Set up, and run the tests (under ten minutes)
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow and not excel"

test-full: $(VENV)/.dev office  ## The tests with their long grids
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not excel"

lint: $(VENV)/.dev  ## Style, types, and the floors of the architecture
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## Run every benchmark and print its table
	@failed=; for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || failed="$$failed $$script"; done; \
	[ -z "$$failed" ] || { echo "claims that do not hold:$$failed"; exit 1; }

clean:  ## Remove everything that these targets made
	rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# A plain environment with pip brought up to date; uv, where it is installed, does the same faster.
$(VENV)/bin/python:
ifeq ($(UV),)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "regulars needs Python 3.11 or newer; this is $$($(PYTHON) --version). Call: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
else
	$(UV) venv --quiet --python '>=3.11,<3.14' $(VENV)
endif

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
ifeq ($(UV),)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
else
	$(UV) pip install --quiet --python $(BIN)/python --editable .
endif
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
ifeq ($(UV),)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
else
	$(UV) pip install --quiet --python $(BIN)/python --editable . --group dev
endif
	@touch $@ $(VENV)/.run

# The tests look at results in LibreOffice, and drive it by its bridge for Python (uno.py). As root or in CI what is missing is
# installed; otherwise the command is shown.
office:
	@if command -v soffice >/dev/null && command -v pdftoppm >/dev/null && ls $(UNO) >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi carlito; then \
	  true; \
	elif command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || [ -n "$$CI" ]; }; then \
	  SUDO=; [ "$$(id -u)" = 0 ] || SUDO="sudo -n"; \
	  $$SUDO apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; \
	else \
	  echo "LibreOffice, its Python bridge, poppler or the fonts are missing: the tests marked 'office' are skipped (they render, recalculate and drive)."; \
	  echo "To run them: sudo apt-get install -y --no-install-recommends $(PACKAGES)"; \
	fi
