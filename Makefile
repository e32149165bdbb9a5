# make help lists what can be made.
SHELL := /bin/bash
GO    ?= go
BIN   := bin/yingda
PW    := web/node_modules/.bin/playwright

# What people wrote, not what was made from it.
WEB_SOURCES := $(shell find web -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.html' -o -name '*.mjs' -o -name 'package.json' \) -not -path '*/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
SQLC        := $(GO) run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1
LINT        := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help
help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.PHONY: run
run: build ## build everything and start the demo on http://127.0.0.1:8080
	$(BIN) demo

.PHONY: build
build: web/dist/.stamp ## build the one program, bin/yingda
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BIN) ./cmd/yingda

web/node_modules/.package-lock.json: web/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20.19 or newer with npm is needed to build the web programs (Debian: apt-get install nodejs npm)" >&2; exit 1; }
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/.stamp: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build
	@touch $@

.PHONY: dev
dev: ## the demo, with the console reloading as you type on http://127.0.0.1:5173/app/
	$(GO) run ./cmd/yingda demo & server=$$!; trap 'kill $$server' EXIT; cd web && npm run dev -w apps/console

.PHONY: test
test: install web/dist/.stamp ## everything: rules, both databases, doors, browser, faults
	test/all

.PHONY: quick
quick: ## Go tests on SQLite only, to run all day
	$(GO) test ./internal/... ./cmd/...

.PHONY: install
install: ## install what the tests need (Debian packages)
	test/install

.PHONY: lint
lint: web/node_modules/.package-lock.json ## the linters of Go and of the web programs
	$(LINT) run ./...
	cd web && npm run lint && npm run check

.PHONY: gen
gen: web/node_modules/.package-lock.json ## make again what is made from sources: SQL, OpenAPI, typed client, diagrams
	$(SQLC) generate && rm -rf internal/store/sqlcgen/check
	UPDATE=1 $(GO) test ./internal/api ./internal/domain/... -run 'Document|Diagram' -count=1
	cd web/tools/openapi && npm ci --no-audit --no-fund && npm run generate

.PHONY: bench
bench: web/dist/.stamp ## the load programs of bench/, one JSON line each
	bench/all

.PHONY: eval
eval: ## how well the assistant answers public sets: make eval DATA=FOLDER (see bench/assist)
	$(GO) run ./bench/assist -data $(DATA)

.PHONY: fuzz
fuzz: ## five minutes of each fuzz target (FUZZTIME=30s for less)
	test/fuzz $${FUZZTIME:-5m}

.PHONY: soak
soak: ## an hour of visitors, agents and cut connections (SOAK=10m for less), calls cut in all ways, and millions of simulated calls
	SOAK=$${SOAK:-1h} $(GO) test ./test/fault -run Soak -count=1 -timeout 3h -v
	test/with-postgres $(GO) test ./test/fault -run 'BrowsersDie|Drains|KilledInTheMiddle|OtherNode|BadCallers' -count=20 -timeout 2h
	SOAK=1 test/with-postgres $(GO) test ./internal/desk -run QueueAsAModel -count=1 -timeout 1h -rapid.checks=500
	VANISH=5m test/with-postgres $(GO) test ./internal/desk -run Vanish -count=1 -timeout 1h -v
	SOAK=1 $(GO) test ./internal/domain/staffing -run Simulation -count=1 -timeout 1h -v

.PHONY: clean
clean: ## remove what was built
	rm -rf bin web/dist/console web/dist/widget web/dist/.stamp
