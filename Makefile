# One-line commands; CI runs the same ones. `make` lists them. STRICT=1 turns a skipped test into a failed one.
.DEFAULT_GOAL := help
.PHONY: help demo test lint types imports test-long offline bench schema reference i18n lock system clean
export UV_PYTHON_DOWNLOADS = never
unexport PYTHONDONTWRITEBYTECODE
export DETENTE_STRICT = $(STRICT)
BIN = .venv/bin
WORKERS = auto
LOCALES = src/detente/locale
CATALOGUES = $(wildcard $(LOCALES)/*/LC_MESSAGES/detente.po)

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: .venv/.ready  ## assess both cases; prints where the reports are
	@$(BIN)/detente assess cases/training --out out/training
	@$(BIN)/detente assess cases/euro-atlantic --out out/euro-atlantic
	@printf '%s\n' '' 'Reports:' out/training/index.html out/training/report.pdf out/euro-atlantic/index.html out/euro-atlantic/report.pdf

test: lint types imports  ## lint, types, imports and all tests but the long ones
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: .venv/.ready  ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.ready  ## mypy, strict
	$(BIN)/mypy

imports: .venv/.ready  ## import-linter: which room may import which
	$(BIN)/lint-imports --no-logo

test-long: .venv/.ready  ## the tests that take minutes
	$(BIN)/pytest -m long -n $(WORKERS)

offline: .venv/.ready  ## install and run the main job with networking off
	scripts/offline.sh

bench: .venv/.ready  ## speed beside the peers, each in an environment of its own
	$(BIN)/python benchmarks/sobol_indices.py
	$(BIN)/python benchmarks/samples.py
	$(BIN)/python benchmarks/packages.py
	$(BIN)/python benchmarks/fault_trees.py
	$(BIN)/python benchmarks/smaa.py
	$(BIN)/python benchmarks/bargain.py
	$(BIN)/python benchmarks/room.py
	$(BIN)/python benchmarks/agenda.py
	$(BIN)/python benchmarks/worths.py
	$(BIN)/python benchmarks/opinion_groups.py
	$(BIN)/python benchmarks/encounters.py
	$(BIN)/python benchmarks/line.py

schema: .venv/.ready  ## write the schemas, docs/case-format.md and the template's column list
	$(BIN)/python scripts/case_format.py
	$(BIN)/python scripts/results_format.py

reference: .venv/.ready  ## write docs/reference.md and docs/cli.md
	$(BIN)/python scripts/reference.py

# A new language: $(BIN)/pybabel init -i build/detente.pot -d $(LOCALES) -D detente -l pl
i18n: .venv/.ready  ## collect the phrases in build/detente.pot, update and compile the catalogues
	@mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml -k n:1,2 -k phrases --no-location --sort-output --omit-header -o build/detente.pot src/detente
	$(if $(CATALOGUES),$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-pot-creation-date -i build/detente.pot -d $(LOCALES) -D detente)
	$(BIN)/python scripts/catalogues.py

lock: .venv/.ready  ## bring requirements.lock up to pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --all-extras --group build --group test -o requirements.lock

system:  ## install the system packages that tests use (Debian, as root)
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive xargs -a system-packages.txt apt-get install -y -qq -o Dpkg::Use-Pty=0 >/dev/null

clean:  ## remove what the other commands made
	rm -rf .venv build dist out .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.venv/.ready: requirements.lock pyproject.toml
	python3 -m venv .venv
	$(BIN)/python -m pip install -q uv==0.13.9
	$(BIN)/uv pip sync -q requirements.lock
	$(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@
