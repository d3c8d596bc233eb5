# The one door. `make help` lists what it opens; everything is installed into ./.venv by the targets themselves.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
LOCK := packaging/requirements.lock
CORES := $(shell nproc 2>/dev/null || echo 2)
export QT_LOGGING_RULES ?= qt.qpa.fonts=false

.DEFAULT_GOAL := help
.PHONY: help run test check bench campaign lock fonts colour icons checklists pictures bundle deb tar clean test-packages

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/installed ## open the application in trial mode; without a screen, run the tour and say where it wrote
	@if [ "$$(uname)" != Linux ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/inspector-app trial; \
	else QT_QPA_PLATFORM=offscreen $(BIN)/inspector-app tour --out out/tour; fi

test: .venv/installed test-packages ## run all tests (6 to 14 minutes on 2 cores that are free)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -n $(CORES) --dist loadfile --no-loadscope-reorder -m "not campaign" tests

check: .venv/installed ## lint, form, strict types, contracts between the rooms, dead code, known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/vulture
	$(BIN)/python packaging/audit.py

bench: .venv/installed ## measure speed; prints medians, never fails
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench

campaign: .venv/installed test-packages ## what takes longer than the test run allows: 500 kills, a million characters
	HYPOTHESIS_PROFILE=campaign QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -m campaign tests -s -o faulthandler_timeout=0

lock: .venv/installed ## renew the lock of exact versions and hashes (holds no download address)
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --no-annotate --extra dev --extra server -o $(LOCK) pyproject.toml

fonts: .venv/installed ## rebuild resources/fonts from pinned packages
	$(BIN)/python -W ignore packaging/fonts.py

colour: .venv/installed ## rebuild the colour space that archived papers name
	$(BIN)/python packaging/colour.py

icons: .venv/installed ## copy the icons in use from the Phosphor package
	$(BIN)/python packaging/icons.py

checklists: .venv/installed ## write and publish the checklists from forms/checklists/items.json
	$(BIN)/python packaging/checklists.py

pictures: .venv/installed ## copy the manual's pictures from the last tour below out/
	@$(BIN)/python packaging/pictures.py

bundle: .venv/installed ## make dist/inspector-app and dist/bureau-server: folders that need no Python (the first time about 15 minutes: it makes a Python for an old glibc)
	$(BIN)/python packaging/bundle.py bundle

deb: bundle ## Debian packages of the bundle, for laptop and server
	$(BIN)/python packaging/bundle.py deb

tar: bundle ## the laptop's bundle as an archive, for systems without dpkg
	$(BIN)/python packaging/bundle.py tar

clean: ## remove what the other targets made
	rm -rf .venv out build dist *.egg-info .mypy_cache .ruff_cache .hypothesis .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

test-packages:
	@bash packaging/debian-packages.sh test

.venv/installed: pyproject.toml $(LOCK) packaging/debian-packages.sh
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
		echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; exit 1; }
	@PYTHON=$(PYTHON) bash packaging/debian-packages.sh run
	@echo "Installing into ./.venv, about 2 minutes"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
