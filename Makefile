# Every target makes .venv itself; nothing but Python >= 3.11, make and a package registry is needed.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
LOCK := requirements.lock
UV ?= $(BIN)/uv
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

# A .venv that is broken, or of another Python than the one that is asked for with PYTHON=, is made anew.
HAVE := $(shell $(BIN)/python --version 2>/dev/null)
WANT := $(if $(filter file,$(origin PYTHON)),$(or $(HAVE),any),$(shell $(PYTHON) --version))
ifneq ($(HAVE),$(WANT))
.PHONY: $(READY)
endif

.PHONY: help demo test check latest lock generate docs bench corpus corpus-wire corpus-answers clean

help:
	@echo "make demo      the whole story on a simulated portal, in under three minutes"
	@echo "make test      laws, parts, stories"
	@echo "make check     types, style, the slow suites, and a search of their debug logs for planted secrets"
	@echo "make latest    make test with the newest and with the lowest versions that pyproject.toml allows"
	@echo "make lock      write $(LOCK) anew: the exact versions that all other targets use"
	@echo "make generate  write the SDKs of all pinned releases to generated/"
	@echo "make docs      the documentation site, in .site/html"
	@echo "make bench     figures, each relative to a peer in the same run"
	@echo "make corpus CORPUS=dir   SDKs of all Swagger documents in a folder: which come out well, and what is wrong"
	@echo "make corpus-wire CORPUS=dir   what both clients send for every operation of them, judged by bravado-core"
	@echo "make corpus-answers CORPUS=dir   whether what the clients return has the declared types, judged by pydantic"
	@echo "PYTHON=python3.13 with any of them: another Python than python3"

# bravado comes as source only. What builds it (setuptools) is taken from the lock as well, so it has to be there first.
$(READY): pyproject.toml $(LOCK)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	sed -n '/^setuptools==/,/[^\\]$$/p' $(LOCK) > .venv/first.txt
	$(PIP) --require-hashes --only-binary :all: --requirement .venv/first.txt
	$(PIP) --require-hashes --no-build-isolation --use-pep517 --requirement $(LOCK)
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

demo: $(READY)
	$(BIN)/python -m tests.stories.demo

test: $(READY)
	$(BIN)/python -m pytest -n auto -m "not slow"

# Everything that the tests log, of all loggers at all levels. The same works with any other run of pytest.
DEBUG_LOGS := .debug_logs
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/ovcgen verify
	rm -rf $(DEBUG_LOGS)
	DEBUG_LOGS=$(DEBUG_LOGS) $(BIN)/python -m pytest -n auto -m slow
	$(BIN)/python -m tests.debug_logs $(DEBUG_LOGS)

ENDS := .venv-highest .venv-lowest-direct
.PHONY: $(ENDS)
latest: $(ENDS)
$(ENDS): .venv-%: $(READY)
	$(UV) venv --quiet --clear --python $(BIN)/python .venv-$*
	$(UV) pip install --quiet --python .venv-$* --resolution $* --requirement pyproject.toml --all-extras
	$(UV) pip install --quiet --python .venv-$* --no-deps --editable .
	.venv-$*/bin/python -m pytest -n auto -m "not slow"

# Not by way of $(READY): where the lock can't be installed any more, an older .venv, or UV=/path/to/uv, writes the next one.
ifeq ($(wildcard $(UV)),)
lock: $(READY)
endif
lock:
	$(UV) pip compile --quiet --no-config --upgrade --universal --generate-hashes --all-extras \
		--only-binary :all: --no-binary bravado --custom-compile-command "make lock" --python-version 3.11 \
		--output-file $(LOCK) pyproject.toml

generate: $(READY)
	$(BIN)/ovcgen generate --all

docs: $(READY)
	$(BIN)/python -m tests.site.build

bench: $(READY)
	@for script in tests/bench/bench_*.py; do $(BIN)/python $$script || exit 1; done

corpus: $(READY)
	$(BIN)/python -m tests.corpus.measure $(CORPUS) $(OPTIONS)

corpus-wire: $(READY)
	$(BIN)/python -m tests.corpus.measure_wire $(CORPUS) $(OPTIONS)

corpus-answers: $(READY)
	$(BIN)/python -m tests.corpus.measure_answers $(CORPUS) $(OPTIONS)

clean:
	rm -rf .venv .venv-* .site $(DEBUG_LOGS) .mypy_cache .ruff_cache .pytest_cache .hypothesis
