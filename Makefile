# Every verb sets up what it needs: make and any python3 >= 3.9 (or uv) are enough.
STUDY ?=
NOTEBOOK ?=
FROM ?=
VERSION ?= all
JOBS ?=
A ?=
B ?=
KEEP ?= 12
YES ?=
UNTIL ?=
START ?=
DAYS ?=
HOLDOUT ?=
PORT ?= 8000

PYTHON := .venv/bin/python
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
READY := .venv/.ready
PIP_AUDIT := 2.10.1
REACHBOOK := $(PYTHON) -m reachbook

.DEFAULT_GOAL := help
.PHONY: help setup reports new validate presets lab diff review bundle prune erase privacy activate outcomes serve share verify test soak audit check messages docs findings lock clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make the environment that requirements.lock describes, in .venv

reports: $(READY) ## make every report that is out of date   [STUDY=demo] [NOTEBOOK=audience_segmentation] [JOBS=2]
	@$(REACHBOOK) reports --study "$(STUDY)" --notebook "$(NOTEBOOK)" $(if $(JOBS),--jobs "$(JOBS)")

new: $(READY) ## draft params/<study> from exports   [STUDY=acme FROM="data/acme/*"]
	@$(REACHBOOK) new --study "$(STUDY)" --from "$$FROM"

validate: $(READY) ## check parameters and tables without running anything   [STUDY=demo]
	@$(REACHBOOK) validate --study "$(STUDY)"

presets: $(READY) ## list the exports that a source in study.yaml can name as its preset
	@$(REACHBOOK) presets

lab: $(READY) ## open the notebooks in JupyterLab
	@$(REACHBOOK) lab

verify: $(READY) ## run published versions again and compare their bytes   [VERSION=3f9a1c20b7de] [JOBS=2]
	@$(REACHBOOK) verify --version "$(VERSION)" $(if $(JOBS),--jobs "$(JOBS)")

share: $(READY) ## make PDF, Excel workbook, figures and slides of a version   [VERSION=3f9a1c20b7de]
	@$(REACHBOOK) share --version "$(filter-out all,$(VERSION))"

diff: $(READY) ## compare two versions on a page   [STUDY=acme] [NOTEBOOK=campaign_effect] [A=3f9a B=study/77c1]
	@$(REACHBOOK) diff --study "$(STUDY)" --notebook "$(NOTEBOOK)" --before "$(A)" --after "$(B)"

# As typed: make would take $5 in a note for a variable of its own.
review: export TYPED_BY = $(value BY)
review: export TYPED_STATUS = $(value STATUS)
review: export TYPED_NOTE = $(value NOTE)
review: $(READY) ## say what you think of a version   [VERSION=3f9a BY="your name" STATUS=approved NOTE="..."]
	@$(REACHBOOK) review --version "$(filter-out all,$(VERSION))" --by "$$TYPED_BY" --status "$$TYPED_STATUS" --note "$$TYPED_NOTE"

bundle: $(READY) ## zip a version with its RO-Crate metadata   [VERSION=3f9a1c20b7de]
	@$(REACHBOOK) bundle --version "$(filter-out all,$(VERSION))"

prune: $(READY) ## list old versions that nothing asks for; remove them with YES=1   [KEEP=12] [STUDY=acme]
	@$(REACHBOOK) prune --study "$(STUDY)" --keep "$(KEEP)" --yes "$(YES)"

# Quoted by the shell alone: an id may hold what make would read as its own.
erase: export TYPED_IDS = $(value IDS)
erase: export TYPED_BY = $(value BY)
erase: $(READY) ## erase people from a study   [STUDY=acme IDS="u1,u2" or IDS=file] [BY="your name"]
	@$(REACHBOOK) erase --study "$(STUDY)" --ids "$$TYPED_IDS" --by "$$TYPED_BY"

privacy: $(READY) ## write what a study holds about people, why and for how long   [STUDY=acme]
	@$(REACHBOOK) privacy --study "$(STUDY)"

activate: export TYPED_SEGMENT = $(value SEGMENT)
activate: export TYPED_SUPPRESS = $(value SUPPRESS)
activate: $(READY) ## write a list a segment, with a hold-out   [STUDY=acme] [SEGMENT=2] [SUPPRESS=file] [UNTIL=2026-12-31]
	@$(REACHBOOK) activate --study "$(STUDY)" --version "$(filter-out all,$(VERSION))" --segment "$$TYPED_SEGMENT" \
		--suppress "$$TYPED_SUPPRESS" --until "$(UNTIL)" --holdout "$(HOLDOUT)"

outcomes: $(READY) ## join what listed people did afterwards   [STUDY=acme] [VERSION=3f9a] [START=2026-10-12] [DAYS=28]
	@$(REACHBOOK) outcomes --study "$(STUDY)" --version "$(filter-out all,$(VERSION))" --start "$(START)" --days "$(DAYS)"

serve: $(READY) ## show reports/ to browsers on this machine   [PORT=8000]
	@$(REACHBOOK) serve --port "$(PORT)"

test: $(READY) ## run the tests
	@$(PYTHON) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

soak: $(READY) ## run the faults, hostile inputs and loads as often as they say; docs/reliability.md keeps what came of it
	@$(PYTHON) -m pytest tests/faults $(wildcard tests/hostile) --soak docs/reliability.md

audit: $(READY) | $(UV) ## check hashes and licences of every package, and ask pip-audit for known faults
	@$(PYTHON) -m pytest tests/faults/test_supply_chain.py
	@$(UV) tool run --quiet pip-audit==$(PIP_AUDIT) --require-hashes --disable-pip --format json \
		--requirement requirements.lock 2>/dev/null | $(PYTHON) benchmarks/audit.py

check: $(READY) ## lint modules and notebooks, check types and who may import whom
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-cache --no-logo

messages: $(READY) ## collect every sentence into the catalogues, and name those without a translation
	@$(PYTHON) -m reachbook.translation.collect

docs: $(READY) ## check every reference in the papers, render the modules' pages into docs/api
	@$(PYTHON) -m pytest tests/docs
	@$(PYTHON) docs/render.py

findings: ## run every findings/*.sh, which shows a fault of a library; say which no longer does
	@failed=""; for each in findings/*.sh; do \
		bash "$$each" || failed="$$failed $$each"; \
	done; \
	if [ -n "$$failed" ]; then echo "These behave otherwise now:$$failed"; exit 1; fi

lock: $(UV) ## resolve the newest versions into requirements.lock and environment.yml
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--extra test pyproject.toml --output-file requirements.lock
	$(MAKE) setup
	$(PYTHON) -m reachbook.environment

clean: ## remove the environment and everything that can be made again, but no report
	rm -rf docs/api .venv .uv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock .python-version pyproject.toml | $(UV)
	@echo "Setting up .venv from requirements.lock ..."
	@$(UV) venv --quiet --allow-existing .venv
	@$(UV) pip sync --quiet --require-hashes --compile-bytecode requirements.lock
	@$(UV) pip install --quiet --no-deps --editable .
	@touch $@

.uv/bin/uv:
	@python3 -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv
