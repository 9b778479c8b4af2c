# The two commands that matter: `make run` and `make test`. `make help` lists the rest.
# The recipes are thin: what they do is in tools/, where it can be read and tested.

.DEFAULT_GOAL := help
.PHONY: help run dev content test test-all lint format screens bench lock clean
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
# The first Python on the PATH that is new enough. PYTHON=/path/to/python picks another.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
# Nothing but what the lock files name, with the hashes they name.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --requirement

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## /  make \1 \t/' | expand -t 18

run: $(VENV)/site.stamp ## set up if needed and serve the site as production does (PORT=8000, HOST=127.0.0.1)
	@$(BIN)/python -m tools.run

dev: $(VENV)/tools.stamp ## serve with reloading and debug pages (PORT=8000)
	@$(BIN)/python -m tools.run --reload

content: $(VENV)/site.stamp ## load the content files again, into the database of `make run`
	@$(BIN)/python -m tools.run --content

test: $(VENV)/tools.stamp ## run the static checks and the quick tests: SQLite, PostgreSQL where it matters, browser
	@$(BIN)/python -m tools.check

test-all: $(VENV)/tools.stamp ## run every check and test, the slow ones too, all of them on both databases
	@$(BIN)/python -m tools.check --all

lint: $(VENV)/tools.stamp ## run the static checks only
	@$(BIN)/python -m tools.check --static

format: $(VENV)/tools.stamp ## put Python files and templates in the agreed form
	@$(BIN)/python -m ruff check --fix . && $(BIN)/python -m ruff format . && $(BIN)/python -m djhtml --tabwidth 2 templates

screens: $(VENV)/tools.stamp ## take a picture of every page type, into docs/screens/
	@$(BIN)/python -m tools.screens

bench: $(VENV)/tools.stamp ## time pages, growth, the API, sign-ups, recipients, sending, the outbox, imports and a room of phones
	@for part in bench bench.growth bench.api bench.signups bench.recipients bench.sending bench.outbox bench.imports bench.load; do $(BIN)/python -m $$part || exit 1; done

lock: $(VENV)/tools.stamp ## write requirements*.txt from requirements*.in (UPGRADE=1 takes the newest)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tools.lock $(if $(UPGRADE),--upgrade)

clean: ## remove what the other commands made, except the site's data in var/
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# An environment that doesn't start, such as one that was moved or is half made, is made anew.
$(VENV)/site.stamp: requirements.txt
	@$(if $(PYTHON),,$(error Python 3.11 or newer is needed, and none is on the PATH. Set PYTHON=/path/to/python))
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing $< (a minute or two the first time)"
	@$(INSTALL) $<
	@touch $@

$(VENV)/tools.stamp: requirements-dev.txt $(VENV)/site.stamp
	@echo "Installing $<"
	@$(INSTALL) $<
	@touch $@
