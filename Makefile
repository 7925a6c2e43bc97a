# The two commands: `make demo` sets up and runs the main job, `make test` runs all tests.
PYTHON ?= python3
ENV := .venv
BIN := $(ENV)/bin
STAMP := $(ENV)/.installed
JOBS ?= auto

.PHONY: demo test bench clean

demo: $(STAMP)
	$(BIN)/actcheck verify relu
	$(BIN)/actcheck jacobian softmax --stretch 2

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(JOBS)

bench: $(STAMP)
	$(BIN)/python -m pip install -q -e '.[bench]'
	$(BIN)/python -m tests.benchmarks

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(ENV)
	$(BIN)/python -m pip install -q -e '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(ENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
