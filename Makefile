# Every target is one line a person would type; `make help` lists them.
# Needs make and, the first time, a network: what else is missing on a Debian
# or Ubuntu machine, the targets install (scripts/bootstrap.sh).

# One fixed set of flags: a change of tags or C flags compiles the OpenGL
# binding again, which takes minutes.
WINDOW := x11 gles
GO := scripts/go
PURE := CGO_ENABLED=0 $(GO)
FIND := scripts/testdirs.sh

# A clone may belong to another user, where Git refuses to tell its revision.
export GOFLAGS := -buildvcs=false $(filter-out -buildvcs=%,$(GOFLAGS))

FUZZTIME ?= 1m
SEEDS ?= 1000
FLAG_SEEDS ?= 5
SOAK_TIME ?= 50m
SHOTS_DIR ?= $(CURDIR)/out/shots
SOAK_DIR ?= $(CURDIR)/out/soak

.DEFAULT_GOAL := help
.PHONY: help run build test test-pure test-window race golden fuzz sim flags judges bench shots demo lint soak package clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

run: build ## open the till (with no display: play a day on a virtual one)
	@scripts/bootstrap.sh run
	@scripts/run.sh

build: ## compile the till to build/guitai
	@scripts/bootstrap.sh build
	$(GO) build -tags "$(WINDOW)" -o build/guitai ./cmd/guitai

test: test-pure test-window ## all tests, the real window included

test-pure: ## the tests that need neither a display nor a C compiler
	@scripts/bootstrap.sh screen test
	$(PURE) test -tags ci -timeout 30m ./...

test-window: build ## the tests that drive the real window on a virtual screen
	@scripts/bootstrap.sh run screen test
	scripts/virtual-screen.sh $(GO) test -tags "$(WINDOW) e2e" -count 1 -timeout 30m -run '^TestWindow' ./cmd/guitai

race: ## the tests again, under the race detector
	@scripts/bootstrap.sh build test
	CGO_ENABLED=1 $(GO) test -race -tags ci -timeout 60m ./...

golden: ## rewrite the expected pictures and papers; then read the diff
	@dirs=$$($(FIND) 'flag\.Bool\("update"') && $(PURE) test -tags ci -count 1 $$dirs -update

fuzz: ## every fuzz test, FUZZTIME each (1m)
	@FUZZTIME=$(FUZZTIME) scripts/fuzz.sh

sim: ## the simulator over SEEDS seeds (1000)
	@dirs=$$($(FIND) '^func TestSimulate') && $(PURE) test -tags ci -count 1 -timeout 60m -run '^TestSimulate' $$dirs -seeds $(SEEDS)

flags: ## what the rules find among FLAG_SEEDS simulated shops for each scheme (5), and whom they name wrongly
	@$(PURE) test -tags ci -count 1 -timeout 60m -run '^TestFlagRates$$' -v ./ledger -flagseeds $(FLAG_SEEDS)

judges: ## programs of others judge the wallets, their simulator and the printers' bytes
	@scripts/judges.sh

bench: ## the benchmarks
	@scripts/bootstrap.sh build
	@scripts/bench.sh

shots: ## every screen as PNG in out/shots
	@mkdir -p $(SHOTS_DIR)
	@dirs=$$($(FIND) '^func TestShots') && SHOTS_DIR=$(SHOTS_DIR) $(PURE) test -tags ci -count 1 -timeout 30m -run '^TestShots' $$dirs
	@echo "pictures are in $(SHOTS_DIR)"

demo: build ## a short day through the real window, pictures and papers in out/demo
	@scripts/demo.sh

lint: ## formatting, vet for three systems, static checks
	@scripts/bootstrap.sh
	@scripts/lint.sh

soak: ## one run of the long tests, SOAK_TIME (50m); evidence adds up in out/soak
	@mkdir -p $(SOAK_DIR)
	@dirs=$$($(FIND) '^func TestSoak') && SOAK_DIR=$(SOAK_DIR) SOAK_TIME=$(SOAK_TIME) $(PURE) test -tags "ci soak" -count 1 -p 1 -timeout 2h -run '^TestSoak' -v $$dirs

package: ## .tar.gz and .deb, and a Windows program where mingw is installed
	@scripts/bootstrap.sh build
	@scripts/package.sh

clean: ## remove build/, out/demo and out/shots (out/soak stays)
	rm -rf build out/demo out/shots
