# Everything a newcomer needs: make run, make test.
SHELL := /bin/sh
export RASA_TELEMETRY_ENABLED := false
PYTHON := $(shell command -v python3 || command -v python)
BIN := .venv/bin
.PHONY: run test test-services test-browser check train nlu-report protocol-report bench lock setup setup-dev

run: setup
	@exec $(BIN)/python -m bot run

test: setup-dev
	@$(BIN)/python -m bot prepare
	@$(BIN)/python -m pytest -m "not services"

test-services: setup-dev
	@$(BIN)/python -m pytest -m services

test-browser: setup-dev
	@$(BIN)/python -m bot prepare
	@MERIDIAN_REQUIRE_BROWSER=1 $(BIN)/python -m pytest -m browser

check: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m bot.channels.weight
	@$(BIN)/python -m bot prepare --without-model
	@$(BIN)/rasa data validate

train: setup
	@$(BIN)/python -m bot prepare

nlu-report: setup-dev
	@$(BIN)/python -m bot prepare
	@$(BIN)/python -m bot.nlu.report

protocol-report: setup-dev
	@$(BIN)/python -m bot protocol-report

bench: setup-dev
	@$(BIN)/python -m bot prepare
	@$(BIN)/python -m bench

lock:
	@for name in uv "" dev; do \
		file=requirements$${name:+-$$name}; \
		$(BIN)/uv pip compile -q --universal --python-version 3.10 --generate-hashes \
			--no-header --no-annotate --no-strip-extras --upgrade -o $$file.txt $$file.in || exit 1; \
	done

setup:
	@$(PYTHON) bot/bootstrap.py

setup-dev:
	@$(PYTHON) bot/bootstrap.py --dev
