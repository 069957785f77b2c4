# Words only: what each does is in the package, the workflow and pyproject.toml.

CONFIG ?= config/config.yaml
BUNDLE ?= results/example/bundle.zip
VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that is new enough; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --compile -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: run check pseudobulk benchmark benchmark-workflow test lint types notebook notebooks images verify-bundle constraints licences clean help
.DELETE_ON_ERROR:

run: $(VENV)/.installed ## run a study: make run [CONFIG=config/config.yaml]
	@$(BIN)/dermshift run $(CONFIG)

check: $(VENV)/.installed ## check a study without writing anything: make check [CONFIG=...]
	@$(BIN)/dermshift check $(CONFIG)

pseudobulk: $(VENV)/.installed ## sum single cells: make pseudobulk ATLAS=file FLAGS='--patient COL ...' [PARTS=4] [OUT=results/atlas]
	@$(BIN)/python -m snakemake --snakefile workflows/pseudobulk.smk --cores all --quiet rules \
		--config "atlas=$(ATLAS)" "out=$(or $(OUT),results/atlas)" "parts=$(or $(PARTS),4)" "flags=$(FLAGS)"

verify-bundle: $(VENV)/.installed ## hash a bundle again and recompute its headline numbers: make verify-bundle [BUNDLE=...]
	@$(BIN)/dermshift verify $(BUNDLE)

test: $(VENV)/.installed-dev ## run the tests
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.installed-dev ## check style and layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports

types: $(VENV)/.installed-dev ## check types
	@$(BIN)/mypy

# The kernels listen on this machine alone, and JupyterLab asks no server for news or updates.
notebook: $(VENV)/.installed-notebook ## open the notebooks in Jupyter, on 127.0.0.1 (after make run)
	@$(BIN)/jupyter-lab --ip=127.0.0.1 --notebook-dir=notebooks --LabApp.news_url= \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.extension_manager=readonly $(FLAGS)

notebooks: $(VENV)/.installed-dev run ## run the study and execute every notebook on it
	@$(BIN)/jupyter-execute --timeout=600 notebooks/*.ipynb

images: $(VENV)/.installed-dev run ## run the study and make docs/images anew (the report's with chromium)
	@$(BIN)/python docs/images.py

benchmark: $(VENV)/.installed-dev ## speed of the count engine beside PyDESeq2, R and inmoose: make benchmark [AIRWAY=folder] [INMOOSE=python]
	@$(BIN)/python benchmarks/engine.py $(if $(AIRWAY),--airway $(AIRWAY)) $(if $(INMOOSE),--inmoose-python $(INMOOSE))
	@$(BIN)/python benchmarks/engine.py --scaling

benchmark-workflow: $(VENV)/.installed-dev ## time and memory per stage, 1-100 studies and 8-500 samples: make benchmark-workflow [FLAGS=...]
	@$(BIN)/python benchmarks/workflow.py $(FLAGS)

constraints: ## refresh constraints.txt to the newest versions pyproject.toml allows (needs uv)
	@uv pip compile --quiet --universal --upgrade --python-version 3.11 --all-extras --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --output-file constraints.txt pyproject.toml

licences: $(VENV)/.installed-dev ## make docs/licences.md anew: the licence of every package we rest on
	@$(BIN)/python docs/licences.py

clean: ## remove the environment, results and caches
	@rm -rf $(VENV) results build dist .snakemake .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "make %-18s %s\n", $$1, $$2}'

$(BIN)/python:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "dermshift needs Python 3.11 or newer; found: $$($(or $(PYTHON),python3) --version 2>&1)." >&2; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2; exit 2; }
	@echo "setting up $(VENV) with $$("$(PYTHON)" --version) (once)"
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "python -m venv failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing dermshift into $(VENV): some minutes, once"
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "installing the tools for tests"
	@$(INSTALL) -e '.[dev]'
	@touch $@

$(VENV)/.installed-notebook: $(VENV)/.installed
	@echo "installing JupyterLab"
	@$(INSTALL) -e '.[notebook]'
	@touch $@
