# `make serve` and `make test` in a fresh clone set up what they need; `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
SIZES := 10000 100000 1000000 10000000
TURTLE := ontology shapes data tests

# HOST counts only as an argument of make: some shells export the machine's own name under it.
SERVE_OPTIONS := $(if $(filter command line,$(origin HOST)),--host $(HOST)) $(if $(PORT),--port $(PORT))

.PHONY: all serve test check fmt build bench lock clean help
.DEFAULT_GOAL := all

all: check test ## check, then test (what plain `make` does)

serve: $(STAMP) ## start the service; PORT=8080 and HOST=0.0.0.0 are optional
	@echo "Building the graph, where it has changed (some ten seconds)"
	@$(BIN)/kg build
	@$(BIN)/kg serve $(SERVE_OPTIONS)

test: $(STAMP) ## run the tests; ARGS="-k words" chooses some
	@echo "Running the tests"
	@$(BIN)/pytest $(ARGS)

check: $(STAMP) ## style of the code and the Turtle files, and the data against the shapes
	@echo "Checking the code"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "Checking the layout of the Turtle files"
	@$(BIN)/turtlefmt --check $(TURTLE)
	@echo "Checking the data"
	@$(BIN)/kg validate

fmt: $(STAMP) ## lay out code and Turtle files as `check` wants them
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/turtlefmt $(TURTLE)

build: $(STAMP) ## build a release of the graph in build/
	@$(BIN)/kg build

bench: $(STAMP) ## measure the service beside others and renew docs/performance.md; SIZES="10000 100000" is quicker
	@command -v wrk >/dev/null || { echo "The command wrk is missing. On Debian and Ubuntu: apt install wrk" >&2; exit 1; }
	@echo "Installing what is only used to measure"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-build-isolation --editable '.[bench]'
	@mkdir -p build/bench
	@test -e build/bench/store || $(BIN)/python -m benchmarks.generate 100000 --out build/bench/store
	@$(BIN)/python -m benchmarks.compare build/bench/store build/bench/compare.json
	@$(BIN)/python -m benchmarks.crowd build/bench/store build/bench/crowd.json
	@$(BIN)/python -m benchmarks.sizes build/bench/sizes.json $(SIZES)
	@$(BIN)/kg build --out build/bench/shipped
	@test -e build/bench/million || $(BIN)/python -m benchmarks.generate 1000000 --out build/bench/million
	@$(BIN)/python -m benchmarks.rest build/bench/rest.json build/bench/shipped build/bench/million
	@$(BIN)/python -m benchmarks.report $(addprefix build/bench/,compare.json sizes.json crowd.json rest.json) docs/performance.md

lock: $(STAMP) ## renew requirements.lock with the newest versions that pyproject.toml allows
	@echo "Renewing requirements.lock"
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --quiet \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--output-file requirements.lock

clean: ## remove everything that make made: environment, releases, packages, caches
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

# The stamp holds the folder it was made for and is written last. So a set-up that was interrupted, a clone that was
# moved and a Python that is gone all start afresh; a newer lock only updates. One set-up at a time, where flock exists.
ifneq ($(shell test -x $(BIN)/python && cat $(STAMP) 2>/dev/null),$(CURDIR))
$(shell rm -f $(STAMP))
endif

$(STAMP): requirements.lock pyproject.toml
	@set -e; \
	stop() { echo "$$1" >&2; exit 1; }; \
	command -v $(PYTHON) >/dev/null || stop "$(PYTHON) is not installed. Install Python 3.11 or newer."; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| stop "$$($(PYTHON) --version) is too old. Install Python 3.11 or newer, or name one: make PYTHON=python3.12"; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| stop "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; \
	if command -v flock >/dev/null; then \
		exec 9<requirements.lock; \
		flock --nonblock 9 || { echo "Waiting for another set-up to finish"; flock 9; }; \
	fi; \
	if test $@ -nt requirements.lock && test $@ -nt pyproject.toml; then exit 0; fi; \
	if test ! -f $@; then \
		echo "Setting up, once: making a virtual environment in $(VENV)"; \
		$(PYTHON) -m venv --clear $(VENV); \
	fi; \
	rm -f $@; \
	echo "Installing $$(grep -c '==' requirements.lock) packages from requirements.lock (a minute or so)"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --requirement requirements.lock; \
	echo "Installing spoorboek itself, as an editable package"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
		--no-deps --no-build-isolation --editable .; \
	printf '%s' "$(CURDIR)" > $@
