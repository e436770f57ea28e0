# Only Python 3.11+ and make are assumed; everything else is fetched into .venv.
#   make demo    a made-up province, taken in, checked and scored; prints where the report lies
#   make test    install what the tests need, then lint, types, rooms' order, tests
#   make lint    ruff, mypy, import-linter        make bench   time and memory on the demo province
#   make lock    renew the lock files             make clean   remove what these targets made

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# Tests of one group (those that share a cluster) run in one process.
PYTEST_ARGS ?= -n auto --dist loadgroup
BENCH_ARGS ?=

# The first Python that is new enough; PYTHON=... on the command line chooses another.
new_enough := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(new_enough)' 2>/dev/null && echo $$p && break; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
INSTALL_SELF := $(PIP) install --no-deps --no-build-isolation --editable .

.PHONY: help demo test lint bench lock system clean
.DELETE_ON_ERROR:

help:
	@sed -n '2,5s/^#  *//p' Makefile

demo: $(VENV)/.installed
	@$(BIN)/zhiheng demo

test: $(VENV)/.installed-dev system lint
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m bench $(BENCH_ARGS)

system:
	@scripts/install-system.sh

$(VENV)/.created:
	@test -n "$(PYTHON)" || { \
		echo "需要 Python 3.11 或更高版本。Python 3.11 or later is needed; none was found." >&2; \
		echo "安装后重试，或用 make PYTHON=路径 指定。Install one and try again, or name it: make PYTHON=..." >&2; \
		exit 1; }
	@$(PYTHON) -c '$(new_enough)' || { \
		echo "$(PYTHON) 低于 3.11。$(PYTHON) is older than 3.11." >&2; exit 1; }
	@echo "创建环境 $(VENV) / Creating the environment $(VENV) ($$($(PYTHON) --version))"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "无法创建环境（Debian 需 apt install python3-venv）。" \
			"The environment could not be created (on Debian: apt install python3-venv)." >&2; \
		exit 1; }
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/.created
	@echo "安装依赖（一次，约一分钟） / Installing (once, about a minute)"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(INSTALL_SELF)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock requirements.lock pyproject.toml | $(VENV)/.created
	@echo "安装开发依赖（一次，约三分钟） / Installing what development needs (once, about three minutes)"
	@# First the build backends, which stand in both: what comes as source is built with them.
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --require-hashes --no-build-isolation --requirement requirements-dev.lock
	@$(INSTALL_SELF)
	@touch $(VENV)/.installed $@

# The runtime lock is a part of the development lock: the second run is held to the first.
# Versions stay as they are unless LOCK_ARGS=--upgrade is given.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: $(VENV)/.installed-dev
	@$(PIP) install uv
	@$(COMPILE) $(LOCK_ARGS) --all-extras pyproject.toml scripts/build-requirements.in -o requirements-dev.lock
	@$(COMPILE) $(LOCK_ARGS) -c requirements-dev.lock pyproject.toml scripts/build-requirements.in -o requirements.lock

clean:
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
