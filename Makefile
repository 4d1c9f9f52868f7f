# Two commands are enough: `make demo` runs the program, `make test` its tests. Both do all set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM := $(shell command -v npm 2>/dev/null)

.PHONY: install demo up test check format types lint contracts javascript docs browser screenshots requirements

install: $(VENV)/.installed src/reprieve/clinic/static/vendor/.installed

$(VENV)/.installed: requirements/dev.txt pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Reprieve needs Python 3.11 or newer: set PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The system's npm where there is one, else the one in the nodejs wheel.
src/reprieve/clinic/static/vendor/.installed: package-lock.json scripts/vendor_frontend.py $(VENV)/.installed
	$(if $(NPM),npm,$(BIN)/npm) ci --silent
	$(BIN)/python scripts/vendor_frontend.py
	@touch $@

demo: install
	$(BIN)/reprieve demo

up: install
	$(BIN)/reprieve up

test: install
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest --numprocesses auto --maxprocesses 4 --no-loadscope-reorder
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report --include='src/reprieve/domain/*,src/reprieve/knowledge/*' --fail-under=100
	$(BIN)/python -m coverage report --omit='src/reprieve/domain/*,src/reprieve/knowledge/*,src/reprieve/clinic/*/migrations/*' --fail-under=90

check: install lint contracts types javascript docs

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

contracts:
	$(BIN)/lint-imports

types:
	$(BIN)/mypy

javascript:
	$(BIN)/python scripts/node_tool.py tsc -p .

docs:
	$(BIN)/reprieve check-knowledge
	$(BIN)/python scripts/knowledge_pages.py --check
	$(BIN)/python scripts/check_hazards.py
	$(BIN)/python scripts/check_migrations.py

browser: install
	REPRIEVE_BROWSER=1 $(BIN)/python -m pytest tests/browser

# The pictures of the README, taken by the browser test.
screenshots: browser
	$(BIN)/python scripts/readme_images.py

requirements:
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --universal requirements/base.in -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --universal requirements/dev.in -o requirements/dev.txt
