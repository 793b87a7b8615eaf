# Two commands: `make lab` to look, `make test` to know. Each sets up what it needs, and only what changed.
# `make lessons`, `make everywhere` and `make processes` are the tests that take too long for every day;
# `make fuzz` and `make soak` those for a night; `make oldest` tries the oldest packages that we say are enough.

PYTHON ?= python3
LAB_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?=

bin := .venv/bin
installed := .venv/installed
packages := js/node_modules/.package-lock.json
built := landscape_widget/static/library.js
sources := $(wildcard js/*.*) $(shell find js/src -type f)
as_root := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: setup static lab test lessons everywhere processes fuzz soak oldest audit packages check bench docs docs-links format wheel clean

setup: $(installed) $(built)

static: $(built)

lab: setup
	$(bin)/jupyter lab --notebook-dir=notebooks --LabApp.default_url=/lab/tree/01_first_look.ipynb $(as_root) $(LAB_ARGS)

test: setup
	$(bin)/python tests/browser/find_browser.py --install
	npm --prefix js test
	$(bin)/pytest -n 2 --dist loadfile -m "not lesson and not everywhere and not processes" $(TEST_ARGS)

lessons: setup
	$(bin)/pytest -n 2 -m lesson $(TEST_ARGS)

everywhere: setup
	$(bin)/python tests/browser/find_browser.py --install
	$(bin)/pytest -m everywhere $(TEST_ARGS)

processes: setup
	$(bin)/python tests/browser/find_browser.py --install
	$(bin)/pytest -m processes $(TEST_ARGS)

soak: setup
	$(bin)/python tests/browser/find_browser.py --install
	PYTHONPATH=tests/browser $(bin)/python tests/browser/soak.py

fuzz: setup
	$(bin)/python -m tests.fuzz
	VITE_FUZZ_RUNS=20000 npm --prefix js test -- fuzz --testTimeout=600000

oldest: setup
	$(PYTHON) -m venv --clear .venv-oldest
	$(bin)/python -m tests.supply.oldest > .venv-oldest/constraints.txt
	.venv-oldest/bin/pip install --quiet --editable '.[dev]' --constraint .venv-oldest/constraints.txt
	.venv-oldest/bin/pip install --quiet --no-deps --requirement tests/oracles.txt --requirement tests/networks.txt
	.venv-oldest/bin/pytest -n 2 --dist loadfile -W default -p no:cacheprovider \
		-m "not browser and not lesson and not everywhere and not processes" --ignore tests/test_supply.py $(TEST_ARGS)

audit: setup
	$(bin)/python -m tests.supply.audit

packages: setup
	$(bin)/python -m tests.supply.packages

check: setup
	$(bin)/ruff format --check
	$(bin)/ruff check
	$(bin)/pyright
	$(bin)/lint-imports
	npm --prefix js run check

bench: setup
	$(bin)/python tests/browser/find_browser.py --install
	PYTHONPATH=tests/browser $(bin)/python tests/benchmarks/report.py --write $(BENCH_ARGS)

docs: setup
	NO_MKDOCS_2_WARNING=1 $(bin)/mkdocs build

docs-links: setup
	$(bin)/python docs/scripts/links.py

format: setup
	$(bin)/ruff format
	$(bin)/ruff check --fix
	npm --prefix js run format

wheel: setup
	$(bin)/python -m build

clean:
	rm -rf .venv .venv-oldest js/node_modules landscape_widget/static dist site test-output

$(installed): pyproject.toml constraints.txt tests/oracles.txt tests/networks.txt hatch_build.py | $(built)
	@echo "Installing the Python packages into .venv; the first time takes some minutes."
	$(PYTHON) -m venv .venv
	$(bin)/pip install --quiet --editable '.[dev,docs]' --constraint constraints.txt
	$(bin)/pip install --quiet --no-deps --requirement tests/oracles.txt --requirement tests/networks.txt --constraint constraints.txt
	touch $@

$(built): $(packages) $(sources)
	npm --prefix js run build
	touch $@

$(packages): js/package.json js/package-lock.json js/.npmrc
	npm --prefix js ci
	touch $@
