# One list of commands; «make help» shows them. CONTRIBUTING.md has the same for Windows, without make.

PYTHON = python3
BIN = .venv/bin
AS_OF = 2026-11-23
WORKSPACE = .
LOCKED = .venv/requirements.lock.txt

.PHONY: help run test test-long check style format bench demo pictures readability catalogues lock

help: ## shows this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' Makefile | while IFS='|' read -r target does; do printf 'make %-12s %s\n' "$$target" "$$does"; done

run: $(LOCKED) ## makes the environment, runs the demo register on its day, and says where to look; another's with WORKSPACE=examples/osthammar
	$(BIN)/fristbrev --workspace $(WORKSPACE) run --as-of $(AS_OF)

test: $(LOCKED) ## the tests that take a few minutes
	$(BIN)/pytest -n logical -m "not long"

test-long: $(LOCKED) ## the tests that take longer
	$(BIN)/pytest -n logical -m long

check: $(LOCKED) style test test-long ## format, lint, types, layers, catalogues, and both sets of tests

style: $(LOCKED) ## what «make check» asks besides the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/catalogues.py --check

format: $(LOCKED) ## puts the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(LOCKED) ## seconds per station and peak memory at 100, 1 000 and 10 000 cases; reading, letters and PDF beside their peers
	$(BIN)/python bench/run.py
	$(BIN)/python -m bench.letters
	$(BIN)/python -m bench.deadlines
	$(BIN)/python -m bench.lists
	$(BIN)/python -m bench.pdf

demo: $(LOCKED) ## makes the demo registers and the letters' templates again, the examples' too
	$(BIN)/python -m tools.demo_register
	$(BIN)/python -m tools.letters
	$(BIN)/python -m tools.examples

pictures: $(LOCKED) ## photographs the overview and the statistics of the demo for docs/bilder; needs Chromium
	$(BIN)/python -m tools.pictures

readability: $(LOCKED) ## how easy each letter is to read (LIX)
	$(BIN)/python -m tools.readability

catalogues: $(LOCKED) ## takes new sentences into the catalogues and compiles them
	$(BIN)/python tools/catalogues.py

# Versions for every system and every Python from 3.11 on, with hashes and without addresses; needs uv.
lock: ## pins the versions again
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  -o requirements.lock.txt

# The copy of the lock file says what the environment was made from: it is made again where that has changed.
$(LOCKED): requirements.lock.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	cp requirements.lock.txt $@
