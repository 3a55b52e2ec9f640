# Every target makes .venv itself; nothing but Python >= 3.11, make and a package registry is needed.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo test check generate bench corpus corpus-wire clean

help:
	@echo "make demo      the whole story on a simulated portal, in under three minutes"
	@echo "make test      laws, parts, stories"
	@echo "make check     types, style, and the slow suites"
	@echo "make generate  write the SDKs of all pinned releases to generated/"
	@echo "make bench     figures, each relative to a peer in the same run"
	@echo "make corpus CORPUS=dir   SDKs of all Swagger documents in a folder: which come out well, and what is wrong"
	@echo "make corpus-wire CORPUS=dir   what both clients send for every operation of them, judged by bravado-core"

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all,test]'
	@touch $@

demo: $(READY)
	$(BIN)/python tests/stories/demo.py

test: $(READY)
	$(BIN)/python -m pytest -n auto -m "not slow"

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/ovcgen verify
	$(BIN)/python -m pytest -n auto -m slow

generate: $(READY)
	$(BIN)/ovcgen generate --all

bench: $(READY)
	@for script in tests/bench/bench_*.py; do $(BIN)/python $$script || exit 1; done

corpus: $(READY)
	$(BIN)/python tests/corpus/measure.py $(CORPUS) $(OPTIONS)

corpus-wire: $(READY)
	$(BIN)/python -m tests.corpus.measure_wire $(CORPUS) $(OPTIONS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
