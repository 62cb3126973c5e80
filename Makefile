.PHONY: demo install test lint soak bench dist clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# The demo needs these packages alone, in the versions of requirements-dev.lock.
DEMO := .venv/.demo
DEMO_PACKAGES := aiohttp authlib jinja2 msgspec pillow platformdirs python-multipart requests
# The installer of Pyodide pages, for Pyodide's own Python, which is newer than ours.
MICROPIP := .venv/micropip-0.11.1-py3-none-any.whl
# The oldest version that pyproject.toml allows; the lock file has the newest.
OLDEST_UVICORN := .venv/uvicorn-0.34
# The program that opens the index of a mirror in its docs, with requirements of its own.
DATASETTE := .venv/datasette
# The builder of JupyterLite sites, and the wheels that a notebook's kernel loads; with requirements of their own.
JUPYTERLITE := .venv/jupyterlite
# Wheels of the package's dependencies, for every Python: tests install them without a network.
DEPENDENCIES := .venv/dependencies
# Many tests wait for programs and browsers: two cores have work for three processes. The tests of a file share what
# they prepare, so that one process runs them.
IN_PARALLEL := -n 3 --dist loadfile --no-loadscope-reorder

demo: $(DEMO)
	@echo "Starting the demo …"
	@$(BIN)/python -m examples.demo

install: $(READY)

test: $(READY) node_modules/.ready $(MICROPIP) $(DATASETTE)/.ready chromium redis nginx foreign-quick
	$(BIN)/python -m pytest $(IN_PARALLEL)

lint: $(READY) node_modules/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest pyflickr_web --mypy-config-file pyproject.toml --allowlist lint/stubtest.txt
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m lint.words
	$(BIN)/python -m lint.rooms
	node_modules/.bin/eslint .
	node_modules/.bin/prettier --check .
	node lint/browsers.mjs
	node_modules/.bin/tsc --strict --noEmit --target es2022 --module nodenext --pretty false examples/types/works.ts
	$(BIN)/python -m compiler check

bench: $(READY) node_modules/.ready chromium
	$(BIN)/python -m bench

dist: $(READY)
	$(BIN)/python -m compiler all

soak: $(READY) node_modules/.ready $(MICROPIP) $(OLDEST_UVICORN) $(DEPENDENCIES) $(JUPYTERLITE)/.ready chromium foreign engines
	$(BIN)/python -m pytest $(IN_PARALLEL) --hypothesis-profile soak --hypothesis-show-statistics \
		tests/compiler/test_build.py tests/sandbox/test_random_requests.py tests/proxy/test_random_requests.py
	$(BIN)/python -m pytest $(IN_PARALLEL) -m 'soak or engine'

.PHONY: chromium
chromium: $(READY)
	@$(BIN)/python -m tests.support.chromium

# Firefox and WebKit; `make test` also runs in them where they are installed.
.PHONY: engines
engines: $(READY)
	@$(BIN)/python -m tests.support.engines.browsers

.PHONY: redis
redis: $(READY)
	@$(BIN)/python -m tests.support.redis_server

.PHONY: nginx
nginx: $(READY)
	@$(BIN)/python -m tests.support.nginx

# Programs of other projects, each in a folder of its own below .venv/foreign; the quick ones run in `make test`.
.PHONY: foreign foreign-quick
foreign: $(READY)
	@$(BIN)/python -m tests.sandbox.foreign

foreign-quick: $(READY)
	@$(BIN)/python -m tests.sandbox.foreign --quick

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13")'
	@echo "Creating the Python environment .venv …"
	@$(PYTHON) -m venv .venv

$(DEMO): pyproject.toml requirements-dev.lock | $(BIN)/python
	@echo "Installing what the demo needs into .venv: $(DEMO_PACKAGES) …"
	@$(BIN)/python -m pip install --quiet --no-compile --constraint requirements-dev.lock $(DEMO_PACKAGES)
	@touch $@

$(READY): pyproject.toml requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet -r requirements-dev.lock
	touch $@ $(DEMO)

$(MICROPIP): $(READY)
	$(BIN)/python -m pip download --quiet --no-deps --only-binary :all: --python-version 3.14 --dest .venv micropip==0.11.1
	touch $@

$(DATASETTE)/.ready: $(READY) tests/mirror/datasette.txt
	$(BIN)/python -m pip install --quiet --no-deps --upgrade --target $(DATASETTE) --requirement tests/mirror/datasette.txt
	touch $@

$(JUPYTERLITE)/.ready: $(READY) tests/browser/jupyterlite.txt tests/browser/jupyterlite-kernel.txt
	$(BIN)/python -m venv --clear $(JUPYTERLITE)
	$(JUPYTERLITE)/bin/python -m pip install --quiet --requirement tests/browser/jupyterlite.txt
	$(BIN)/python -m pip download --quiet --no-deps --only-binary :all: --platform any --python-version 3.14 \
		--dest $(JUPYTERLITE)/wheels --requirement tests/browser/jupyterlite-kernel.txt
	touch $@

$(OLDEST_UVICORN): $(READY)
	$(BIN)/python -m pip install --quiet --no-deps --upgrade --target $@ uvicorn==0.34.0
	touch $@

$(DEPENDENCIES): $(READY)
	$(BIN)/python -m pip download --quiet --only-binary :all: --platform any --python-version 3.11 --dest $@ \
		--constraint requirements-dev.lock click filelock hatchling oauthlib platformdirs python-dotenv requests rich
	touch $@

node_modules/.ready: package.json package-lock.json
	npm ci --no-audit --no-fund --silent
	touch $@

clean:
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache
