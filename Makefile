# Gongbang. `make` prints what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run build test e2e screenshots proof bench load fuzz check lint deps deps-build deps-e2e clean

BIN      := build/gongbang
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# ./... leaves folders named testdata out; the catalog and the scenarios have tests of their own.
PKGS     := ./... ./testdata
DATA     ?= ./data
FUZZTIME ?= 20s
LOAD     ?= rush --people 5000
SCALE    ?= 1
TIMEOUT  ?= 25m
E2E      := web/page/e2e

STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
DEPGUARD    := go run github.com/OpenPeeDeeP/depguard/v2/cmd/depguard@v2.3.0

help: ## this text
	@echo 'Gongbang: reservation, use and satisfaction survey of shared machines.'
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build and start with demo data (DATA=./data, ADDR=127.0.0.1:8080)
	@mkdir -p -m 700 $(DATA); redis=; export GONGBANG_DATA='$(DATA)'; \
	if [ -n "$${GONGBANG_REDIS_URL:-}" ]; then echo 'Locks: the Redis of GONGBANG_REDIS_URL.'; \
	elif sock="$$(cd $(DATA) && pwd)/redis.sock"; command -v redis-server >/dev/null && [ $${#sock} -lt 100 ]; then \
	  redis-server --port 0 --unixsocket "$$sock" --unixsocketperm 600 --save '' --appendonly no --dir "$(DATA)" >/dev/null & redis=$$!; \
	  trap '[ -z "$$redis" ] || kill $$redis 2>/dev/null || true' EXIT; trap : INT TERM; \
	  for _ in {1..50}; do [ -S "$$sock" ] && break; sleep 0.1; done; \
	  export GONGBANG_REDIS_URL="unix://$$sock"; echo "Locks: an own redis-server on $(DATA)/redis.sock."; \
	else echo 'Locks: inside the process (redis-server is not installed).'; fi; \
	./$(BIN) serve --demo $(if $(ADDR),--addr $(ADDR))

build: deps-build ## build the program into build/
	go build -buildvcs=false -trimpath -tags nomsgpack -ldflags '-s -w -X main.version=$(VERSION)' -o $(BIN) ./cmd/gongbang

# One line for each package; everything a package said where it failed; the count last.
test: deps ## install what tests need (Debian) and run everything, with the race detector
	@require="$${TEST_REQUIRE-}"; if [ -z "$$require" ]; then \
	  command -v redis-server >/dev/null && require=redis; \
	  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && require="$${require:+$$require,}postgres"; \
	  command -v spin >/dev/null && require="$${require:+$$require,}spin"; \
	  command -v chromium >/dev/null && [ -d $(E2E)/node_modules/axe-core ] && require="$${require:+$$require,}chromium"; fi; \
	echo "Required in this run: $${require:-nothing}; scale $(SCALE)"; \
	TEST_REQUIRE="$$require" SCALE=$(SCALE) go test -v -race -shuffle=on -timeout $(TIMEOUT) $(TESTFLAGS) $(PKGS) 2>&1 | awk ' \
	  !/^=== (RUN|PAUSE|CONT|NAME)|^ +--- PASS/ { line[++n] = $$0 } \
	  /^--- PASS/ { pass++ } /^--- FAIL/ { fail++; here++ } /^ *--- SKIP/ { skip++; print } \
	  /^(ok|FAIL|\?)[ \t]/ { if ($$1 == "FAIL") { if (!here) fail++; for (i = 1; i <= n; i++) if (line[i] !~ /^--- PASS/) print line[i] } else print; n = here = 0 } \
	  END { for (i = 1; i <= n; i++) if (line[i] !~ /^(FAIL|--- PASS)/) print line[i]; printf "%d passed, %d failed, %d skipped\n", pass, fail, skip }'

e2e: deps-build deps-e2e ## the browser tests alone (SCALE=full: every page in both languages, widths and contrasts)
	TEST_REQUIRE=chromium SCALE=$(SCALE) go test -shuffle=on -timeout $(TIMEOUT) $(TESTFLAGS) ./$(E2E)

screenshots: deps-build deps-e2e ## a picture of every page into build/screenshots, in two cities
	@rm -rf build/screenshots && mkdir -p build/screenshots
	TEST_REQUIRE=chromium SCREENSHOTS='$(CURDIR)/build/screenshots' go test -count=1 -timeout $(TIMEOUT) -run '^TestA22' $(TESTFLAGS) ./$(E2E)
	@echo 'Pictures are in build/screenshots.'

proof: ## the full figures: every test at full scale, the benchmarks and the rush
	@mkdir -p build
	$(MAKE) test SCALE=full TIMEOUT=6h | tee build/proof-tests.txt
	$(MAKE) bench | tee build/proof-bench.txt
	$(MAKE) load LOAD='rush' | tee build/proof-rush.txt
	@echo 'Figures are in build/proof-*.txt; docs/results.md keeps the ones that were looked at.'

bench: deps-build ## benchmarks, as ratios measured in one run
	go test -run '^$$' -bench . -benchmem -timeout 1h $(PKGS)

load: build ## load generator against a server of its own (LOAD='rush --people 5000')
	./$(BIN) load $(LOAD)

fuzz: deps-build ## each fuzz test for a while (FUZZTIME=20s)
	@for pkg in $$(go list $(PKGS)); do \
	  for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$pkg; done; done

check: lint test ## format, vet, lint, import arrows, then all tests

lint: deps-build ## gofmt, go vet, staticcheck, depguard
	@wrong="$$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l)"; \
	if [ -n "$$wrong" ]; then echo "Not formatted (run gofmt -w):"; echo "$$wrong"; exit 1; fi
	go vet $(PKGS)
	$(STATICCHECK) $(PKGS)
	$(DEPGUARD) $(PKGS)

# The SQLite driver is C; everything else is Go.
deps-build:
	@command -v gcc >/dev/null || $(MAKE) --no-print-directory install NEED='gcc libc6-dev'

deps:
	@need=; command -v gcc >/dev/null || need="$$need gcc libc6-dev"; \
	command -v redis-server >/dev/null || need="$$need redis-server"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need="$$need postgresql"; \
	command -v spin >/dev/null || need="$$need spin"; \
	[ -z "$$need" ] || $(MAKE) --no-print-directory install NEED="$$need"
	@$(MAKE) --no-print-directory deps-e2e

# The browser, a font with Korean letters, and the rules for access that are put into pages.
deps-e2e:
	@need=; command -v chromium >/dev/null || need="$$need chromium"; \
	[ -d /usr/share/fonts/truetype/nanum ] || need="$$need fonts-nanum"; \
	command -v npm >/dev/null || need="$$need npm"; \
	[ -z "$$need" ] || $(MAKE) --no-print-directory install NEED="$$need"
	@if ! command -v npm >/dev/null; then echo 'npm is missing: the browser tests are skipped.'; \
	elif ! [ $(E2E)/node_modules/.package-lock.json -nt $(E2E)/package-lock.json ]; then \
	  npm ci --prefix $(E2E) --ignore-scripts --no-audit --no-fund --loglevel=error && touch $(E2E)/node_modules/.package-lock.json; fi

.PHONY: install
install:
	@if ! command -v apt-get >/dev/null; then echo 'Please install:$(NEED). Tests that need a missing one are skipped with its name.'; exit 0; fi; \
	as=; if [ "$$(id -u)" != 0 ]; then if sudo -n true 2>/dev/null; then as=sudo; else \
	  echo 'Please run: sudo apt-get install $(NEED). Tests that need a missing one are skipped with its name.'; exit 0; fi; fi; \
	echo 'Installing: $(NEED)'; \
	$$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(NEED) </dev/null >/dev/null

clean: ## remove build/
	rm -rf build
