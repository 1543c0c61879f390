# Guichet. `make run` is all a newcomer needs.

GO ?= go
# Packages tested at once: each may drive Postgres and a browser of its own.
PARALLEL ?= 2
# A test that passed on this code need not run again, except where nobody can
# ask it to. go vet looks at each package while its tests are built: a second
# look would read all that it imports once more.
TESTFLAGS ?= -timeout 14m -vet=all -ldflags=-w $(if $(CI),-count=1)
# The pages are most of all code: not inlined, they are built in a third of the time.
# Whoever looks at them builds them: what is looked at and what is tested is one build.
TESTBUILD := GOFLAGS="$$($(GO) env GOFLAGS) -gcflags=guichet/web/page=-l"
BENCH ?= -tickets 100000

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build test check bench generate format secrets reset \
	format-check generated-check tidy-check staticcheck test-needs

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS="$$(printf '\t')" read -r name does; do printf '  make %-10s %s\n' "$$name" "$$does"; done

run: ## Start the demo on ADDR (127.0.0.1:8080), installing what is missing
	@.make/need postgres || echo "Going on: the demo brings a Postgres of its own."
	@$(MAKE) --no-print-directory build
	@exec .state/bin/guichet demo

# Without git's stamp it builds in a folder that belongs to somebody else too.
build: ## Build the program into .state/bin
	@mkdir -p .state/bin
	$(GO) build -buildvcs=false -o .state/bin/guichet ./cmd/guichet

# The browser's journeys take longest, so they begin first.
test: test-needs ## Run every test, with real Postgres and a real browser
	$(TESTBUILD) $(GO) test -p $(PARALLEL) $(TESTFLAGS) ./internal/journey ./...

check: format-check generated-check tidy-check staticcheck test ## All that must hold before a change lands

bench: ## Measure the workloads against the ceiling of this machine
	@.make/need postgres
	@$(MAKE) --no-print-directory build
	@mkdir -p .state/bench
	$(GO) build -o .state/bench/bench ./internal/bench
	@exec .state/bench/bench -portal .state/bin/guichet -state .state/bench $(BENCH)

generate: ## Write the Go of the templ pages
	$(GO) tool templ generate

format: ## Format the Go sources
	gofmt -w cmd internal web migrations

secrets: ## Write the secrets that docker compose needs
	@.make/secrets

reset: ## Forget the demo's data
	@.make/reset

format-check:
	@stale=$$(gofmt -l cmd internal web migrations); \
	if [ -n "$$stale" ]; then echo "Not formatted (make format mends it):"; echo "$$stale"; exit 1; fi

generated-check:
	@.make/generated

tidy-check:
	@$(GO) mod tidy -diff || { echo "go.mod is out of date: go mod tidy mends it."; exit 1; }

# ST1005 would not let an error begin with a name such as Postgres.
staticcheck:
	$(TESTBUILD) $(GO) tool staticcheck -checks inherit,-ST1005 ./...

test-needs:
	@.make/need postgres java clamav shell || { echo "Going on with all of Chromium."; .make/need postgres java clamav chromium; }
	@.make/tools
