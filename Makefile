# Needs Python 3.11, 3.12 or 3.13 and make. The first target that runs installs everything into
# .venv (network); from then on all but `lock` work offline.

PYTHON ?= python3
PORT ?= 8000

BIN := .venv/bin
INSTALLED := .venv/.installed
CHECKS := .venv/checks/.installed

.DEFAULT_GOAL := help
.PHONY: help install run serve test check fix prove mutants bench fhir-bundles fhir-validate cds-client fuzz resilience test-page screenshots messages image alerts scan sbom openapi lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*##/  make \1\t/p' Makefile

$(INSTALLED): requirements-dev.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] < (3, 14) else "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python3.11")'
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@touch $@

# The tools of the longer checks, in an environment of their own so that the tests never depend on them.
$(CHECKS): requirements-checks.lock pyproject.toml
	"$(PYTHON)" -m venv .venv/checks
	.venv/checks/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-checks.lock
	.venv/checks/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@touch $@

install: $(INSTALLED)  ## set up .venv (the other targets do so when needed)

run: $(INSTALLED)  ## start the service on PORT, post the example patient, print the answer, keep serving
	@$(BIN)/b12cds demo --port "$(PORT)"

serve: $(INSTALLED)  ## start the service on PORT
	@$(BIN)/b12cds serve --port "$(PORT)"

# The core and the shapes on the wire decide what a clinician reads: every branch of them is tested.
test: $(INSTALLED)  ## run the tests and hold each package to its coverage floor
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=
	$(BIN)/python -m coverage report --include='rules/*,schemas/*' --fail-under=100
	$(BIN)/python -m coverage report --include='service/*' --fail-under=95

check: $(INSTALLED)  ## format, lint, types, import contracts, rule sets: reports, changes nothing
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	$(BIN)/b12cds check

fix: $(INSTALLED)  ## format, and repair what the linter can
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

prove: $(INSTALLED)  ## prove the rule sets in use: no dead, contradictory or uncited rule, no gap between bands, no worse patient with a milder answer
	$(BIN)/python -m tests.proofs
	$(BIN)/python -m pytest -m proof -n 2 -k 'not shipped'

mutants: $(INSTALLED)  ## change the rules in every small way, count how many changes the examples notice, fail below 99 %
	$(BIN)/python -m tests.mutants --at-least 99

bench: $(INSTALLED)  ## measure an assessment against an echo on the same stack: rate, latency, memory, growth
	$(BIN)/python tests/benchmarks/bench_assessments.py
	$(BIN)/python tests/benchmarks/bench_population.py
	$(BIN)/python tests/benchmarks/bench_cds_hooks.py
	$(BIN)/python tests/benchmarks/bench_bad_inputs.py

fhir-bundles: $(CHECKS)  ## map and assess 300 generated FHIR R4 Bundles; each report adds up to every entry
	.venv/checks/bin/python -m tests.fhir_bundles

fuzz: $(CHECKS)  ## bend what is read for a minute, and ask a running service for all that the contract allows and forbids
	.venv/checks/bin/python -m tests.fuzz

resilience: $(INSTALLED)  ## slow and many clients, killed workers, reloads, growth: as tables (ten minutes)
	$(BIN)/python -m tests.resilience

image: $(INSTALLED)  ## build the image, run it shut in, put it through slow clients, a flood and an end under load
	deploy/image.sh

alerts:  ## check the example alerts, and try each of them on made-up numbers
	tests/alerts/check

# zizmor audits the workflow files of a code host: there are none here, and one added later is audited.
scan: alerts $(CHECKS)  ## Dockerfile, code, manifests, workflows and alerts, each by its scanner
	.venv/checks/bin/hadolint Dockerfile
	.venv/checks/bin/bandit --quiet --configfile pyproject.toml --recursive rules schemas service deploy
	.venv/checks/bin/kubernetes-validate --strict --quiet deploy/kubernetes/*.yaml
	@echo "kubernetes-validate has no schema for Kustomization and ServiceMonitor; tests/test_deployment.py reads those two."
	@if [ -d .github ]; then .venv/checks/bin/zizmor --offline .github; else echo "zizmor: no workflow file to audit."; fi

sbom: $(CHECKS)  ## write what the image installs as CycloneDX to sbom.cdx.json
	.venv/checks/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file sbom.cdx.json requirements.lock

VALIDATORS := tests/validators/node_modules/.installed

$(VALIDATORS): tests/validators/package-lock.json
	@command -v npm >/dev/null || { echo "npm (Node.js 20 or newer) is needed for this check"; exit 1; }
	cd tests/validators && npm ci --silent
	@touch $@

fhir-validate: $(CHECKS) $(VALIDATORS)  ## check everything we say in FHIR by three validators that are not ours
	.venv/checks/bin/python -m tests.validators

CDS_CLIENT := tests/cds_client/node_modules/.installed

$(CDS_CLIENT): tests/cds_client/package-lock.json
	@command -v npm >/dev/null || { echo "npm (Node.js 20 or newer) is needed for this check"; exit 1; }
	cd tests/cds_client && npm ci --silent --ignore-scripts
	@touch $@

cds-client: $(INSTALLED) $(CDS_CLIENT)  ## let @medplum/core discover the CDS Hooks services, prefetch and get cards
	$(BIN)/python -m tests.cds_client

test-page: $(CHECKS)  ## use the page for people in a real browser, with scripts and without, and check that everybody can
	tests/page/set_up
	.venv/checks/bin/python -m pytest -s -p no:cacheprovider tests/page/check_*.py

screenshots: $(CHECKS)  ## take the pictures of the page that the README shows
	tests/page/set_up
	.venv/checks/bin/python -m tests.page.screenshots

messages: $(INSTALLED)  ## bring the translations up to the words of the pages: new ones come empty, to be filled in by hand
	cd service/people && ../../$(BIN)/pybabel -q extract -F translations.cfg -k lazy_gettext --no-location --omit-header --sort-output -o translations/messages.pot .
	cd service/people && ../../$(BIN)/pybabel -q update -i translations/messages.pot -d translations -N -w 110 --ignore-obsolete --ignore-pot-creation-date
	cd service/people && ../../$(BIN)/pybabel -q compile -d translations && rm translations/messages.pot

openapi: $(INSTALLED)  ## write openapi.yaml anew from the schemas
	$(BIN)/b12cds openapi --write

UV := .venv/uv/bin/uv --no-config pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --custom-compile-command 'make lock' $(UPGRADE)

lock:  ## pin the dependencies of pyproject.toml anew (network; UPGRADE=--upgrade for newer ones)
	"$(PYTHON)" -m venv .venv/uv
	.venv/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(UV) --output-file requirements.lock
	$(UV) --output-file requirements-dev.lock --extra dev --extra otel --constraint requirements.lock
	$(UV) --output-file requirements-checks.lock --extra dev --extra checks --constraint requirements-dev.lock
	$(UV) --output-file requirements-otel.lock --extra otel --constraint requirements.lock

clean:  ## remove .venv and everything the tools left behind
	rm -rf .venv tests/validators/node_modules .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache dist
	find rules schemas service tests -name __pycache__ -type d -prune -exec rm -rf {} +
