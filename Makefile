# Needs Python 3.11, make, a C compiler and git. Node with npm adds the contract's style check.
PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.installed
PYTEST = $(BIN)/python -m pytest -n auto --maxprocesses=4 --dist=worksteal
CORE := app/clinical/*,app/facts/*,app/knowledge/*,app/planning/*,app/rules/*,app/taper/*
CORE_COVERAGE := 100
COVERAGE := 95
# Tests without a database: no greenlets to follow, which makes their coverage half as dear.
PURE := $(addprefix tests/,clinical facts golden house knowledge mutation planning rules taper)
# Coverage doubles their time, and the other tests cover what they do.
UNCOVERED := tests/faults tests/api/test_contract_properties.py tests/api/test_openapi.py tests/commands/test_openapi.py \
	tests/api/test_docs_in_browser.py tests/api/test_canary.py tests/courses/test_any_course.py tests/properties
# Hashes and no index address: whoever installs brings the registry, nobody can exchange a file.
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --no-config --system-certs --python-version 3.11 --universal \
	--generate-hashes --no-emit-index-url --no-annotate --no-header $(if $(UPGRADE),--upgrade)

# The checkout is the import root; what a shell happens to carry must not change a result.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
unexport UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_INDEX UV_INDEX_URL
say = @printf '\n== %s\n' '$(1)'

.PHONY: help env run check check-nightly faults bench mutate openapi lock sbom clean
.PHONY: style types floors dependencies advisories licences data container contract contract-style trace tests
.DEFAULT_GOAL := help

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{printf "  make %-15s %s\n", $$1, $$2}'

env: $(STAMP) ## Make .venv from the hash-locked requirements (done once)

# The lock is complete: --no-deps keeps pip from resolving an extra to a release that came out after the lock was made.
$(STAMP): requirements-dev.lock
	@command -v $(PYTHON) >/dev/null || { echo 'Python 3.11 is needed; name another one with make PYTHON=...'; exit 1; }
	@echo '== Installing the locked packages into .venv (about a minute, once)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes --requirement requirements-dev.lock
	@touch $@

run: env ## Start the service with its own database and show an example plan (ONCE=1 stops after it, PORT=...)
	$(BIN)/python -m app demo

check: env style types floors dependencies advisories licences data container contract contract-style trace tests ## Run every check
	$(call say,All checks passed)

check-nightly: check faults ## Every check, faults with many more kills, properties with many more examples
	$(call say,Properties with 2000 examples each)
	HYPOTHESIS_PROFILE=nightly $(PYTEST)

faults: env ## Kill the service and its database under load (KILLS=20) and count what is lost; prints the figures
	KILLS=$(or $(KILLS),20) $(BIN)/python -m pytest -q -s -n 0 tests/faults

bench: env ## Measure the engine and the service; writes bench/RESULTS.md
	$(BIN)/python -m bench

# Half an hour on an idle machine, several on a busy one; RESUME=1 goes on where a run was interrupted.
mutate: env ## Change the rules and the taper in one place at a time, see what no test notices; writes docs/safety/mutants.md
	nice -n 19 $(BIN)/python -m tests.mutation --workers $(or $(WORKERS),1) $(if $(RESUME),--resume)

openapi: env ## Write openapi/openapi.yaml from the code
	$(BIN)/python -m app openapi

lock: env ## Resolve both lock files anew (UPGRADE=1 takes newer versions)
	$(COMPILE) --extra embedded --extra otel --extra dev --output-file requirements-dev.lock
	$(COMPILE) --extra otel --constraint requirements-dev.lock --output-file requirements.lock

sbom: env ## Write dist/sbom.cdx.json: what the image holds, with hashes (CycloneDX)
	@mkdir -p dist
	PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-file dist/sbom.cdx.json
	@echo 'dist/sbom.cdx.json is written.'

clean: ## Remove what the checks leave behind; .venv and .data stay
	rm -rf .coverage .coverage.* .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache htmlcov

style: env
	$(call say,Style: ruff)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: env
	$(call say,Types: mypy strict)
	$(BIN)/mypy

floors: env
	$(call say,Floors: imports only point down)
	$(BIN)/lint-imports

dependencies: env
	$(call say,Dependencies: declared and used)
	$(BIN)/deptry .
	$(BIN)/python -m pip check

advisories: env
	$(call say,Dependencies: known vulnerabilities)
	$(BIN)/python -m tests.house.advisories

licences: env
	$(call say,Dependencies: licences of what the image holds)
	$(BIN)/pip-licenses --packages $$(sed -n 's/==.*//p' requirements.lock)

data: env
	$(call say,Knowledge data: yamllint)
	$(BIN)/yamllint --strict app/knowledge/data docker-compose.yml openapi

container: env
	$(call say,Container: hadolint)
	$(BIN)/hadolint Dockerfile

contract: env
	$(call say,Contract: committed copy is current and valid OpenAPI 3.1)
	$(BIN)/python -m app openapi --check
	$(BIN)/openapi-spec-validator openapi/openapi.yaml

ifneq ($(shell command -v npm),)
contract-style: node_modules/.package-lock.json
	$(call say,Contract: style rules of redocly and spectral)
	npm run --silent lint

node_modules/.package-lock.json: package-lock.json
	npm ci --no-audit --no-fund
	@touch $@
else
contract-style:
	@echo 'SKIPPED: style rules of the contract; npm is not installed'
endif

trace: env
	$(call say,Trace from statement to rule to case)
	$(BIN)/python -m app trace --check

tests: env
	$(call say,Tests and branch coverage)
	COVERAGE_ALSO_FOLLOWS=thread $(PYTEST) --cov --cov-report= $(PURE)
	$(PYTEST) --cov --cov-append --cov-report= $(PURE:%=--ignore=%) $(UNCOVERED:%=--ignore=%)
	$(BIN)/coverage report --include='$(CORE)' --fail-under=$(CORE_COVERAGE)
	$(BIN)/coverage report --fail-under=$(COVERAGE)
	$(call say,Tests without coverage: contract and made-up requests and courses and browser and faults)
	$(PYTEST) $(UNCOVERED)
