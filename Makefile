# `make help` lists what can be made. The tools are pinned in tools/build.mod and tools/lint.mod; Go fetches and builds them when they are
# first needed.

.DEFAULT_GOAL := help
export CGO_ENABLED ?= 0
GO ?= go
LINT := $(GO) tool -modfile=tools/lint.mod golangci-lint

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: preflight
preflight:
	@command -v $(GO) >/dev/null 2>&1 || { echo "Go is missing: install Go 1.26 or newer from https://go.dev/dl and run this again." >&2; exit 1; }

.PHONY: dev
dev: preflight ## Run the whole product on this machine
	@$(GO) run ./tools/omni dev

.PHONY: simulate
simulate: preflight ## Play customers against a running `make dev`
	@$(GO) run ./tools/omni simulate

.PHONY: generate
generate: preflight ## Write gen/ anew from channels/ and sql/
	$(GO) generate ./...

.PHONY: build
build: preflight ## Compile and zip the Lambda functions into build/
	@$(GO) run ./tools/omni build

.PHONY: test
test: preflight ## Run all tests, on a PostgreSQL of their own
	@$(GO) run ./tools/omni doctor --install
	$(GO) test ./...

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

.PHONY: web
web: web/node_modules/.package-lock.json ## Check the dashboard: types, rules, form, components, and how much a first load needs
	cd web && npm run check && npm run build && npm run budget

.PHONY: browser
browser: preflight web/node_modules/.package-lock.json ## Drive the dashboard in a real browser against a real `omni dev`
	@$(GO) run ./tools/omni doctor --install --browser
	cd web && npm run build && npm run test:browser

.PHONY: shift
shift: preflight web/node_modules/.package-lock.json ## Let an agent work in a real browser, on all channels, for an hour (MINUTES=10 for less)
	@$(GO) run ./tools/omni doctor --install --browser
	cd web && npm run build && OMNI_SHIFT_MINUTES=$${MINUTES:-60} npm run test:browser -- shift

.PHONY: screenshots
screenshots: preflight web/node_modules/.package-lock.json ## Take the pictures of docs/dashboard.md and docs/webchat.md anew
	@$(GO) run ./tools/omni doctor --install --browser
	cd web && npm run build && npm run screenshots

.PHONY: audit
audit: preflight ## Check what we depend on: checksums, known vulnerabilities where they can be asked for, licences
	.ci/audit

.PHONY: fuzz
fuzz: preflight ## Fuzz every channel's Parse and Normalize, 30 s each (FUZZTIME=5m for longer)
	@for package in $$($(GO) list ./channels/...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $${FUZZTIME:-30s} $$package || exit 1; \
		done; \
	done

.PHONY: chaos
chaos: preflight ## Commit hundreds of random faults under load and count afterwards: ten to twenty minutes (SEED=7, ROUNDS=200, EACH=1000; as root disks become full too)
	$(GO) test ./tools/crash -run 'TestCrash$$' -v -count 1 -timeout 0 -args -crash.seed $${SEED:-1} -crash.rounds $${ROUNDS:-200} -crash.each $${EACH:-1000} -crash.disks

.PHONY: bench
bench: preflight ## Measure this machine's speed as ratios to pgbench (BENCH="--quick", "--only ingest", "--json")
	@$(GO) run ./tools/bench $(BENCH)

.PHONY: scale
scale: preflight ## Measure what grows between 10 thousand and 10 million messages: sixteen minutes and 30 GB of disk (SCALE="--sizes 10000,1000000", "--keep")
	@$(GO) run ./tools/scale $(SCALE)

.PHONY: terraform
terraform: ## Check terraform/: format, validity, and its tests with a mocked provider
	@command -v terraform >/dev/null 2>&1 || { echo "Terraform is missing: https://developer.hashicorp.com/terraform/install" >&2; exit 1; }
	terraform -chdir=terraform fmt -check -diff -recursive
	terraform -chdir=terraform init -backend=false -input=false -lockfile=readonly
	terraform -chdir=terraform validate
	terraform -chdir=terraform test

.PHONY: emulator
emulator: preflight ## Apply terraform/ to an emulator of AWS, look at what is there, and destroy it: some minutes
	$(GO) test ./terraform/tests/emulator -v -count 1 -timeout 30m -args -emulator

.PHONY: test-long
test-long: test ## Run the tests, the dashboard in a browser and an hour's shift there, the emulator, 150 rounds of random faults with 1,000 messages each way on every channel, and every fuzz target for two minutes
	$(MAKE) web browser shift
	$(MAKE) emulator
	$(MAKE) chaos SEED=$${SEED:-100} ROUNDS=150
	$(MAKE) fuzz FUZZTIME=$${FUZZTIME:-2m}

.PHONY: lint
lint: preflight ## Check the house rules
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt would change:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(LINT) run ./...

.PHONY: fresh
fresh: preflight ## Delete gen/, generate it, and fail if that changes anything
	rm -rf gen
	$(GO) generate ./...
	@test -z "$$(git status --porcelain)" || { git status --porcelain; \
		echo "gen/ does not belong to its sources: run 'make generate' and commit what it writes." >&2; exit 1; }

.PHONY: ci
ci: ## What CI runs: generation freshness, lint, tests, build
	.ci/run

.PHONY: clean
clean: ## Delete build/ and the state of `make dev`
	rm -rf build .omni
