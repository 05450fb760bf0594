# The front door. Every target can be run again at any time and is quick when nothing changed.

JOBS    ?= $(shell nproc)
PREFIX  ?= /usr/local
RUN_FLAGS ?=
V2X     := build/bin/v2x
FUZZERS := modbus_fuzz
FUZZ_SECONDS ?= 5
# Those that find the planted defects of the gateway, the line's, and the one that judges all frames.
NIGHTLY_CASES := exception_is_never_zero lost_batch_is_sent_again outage_leaves_no_hole expired_command_does_nothing \
                 no_number_is_given_twice sent_is_durable everything_was_well_formed
SOAKS   := gateway_soak gateway_kill_soak store_soak
BENCHES := physics_bench lockstep_bench house_bench modbus_tcp_bench realtime_units_bench pages_bench ingest_parts_bench

.DEFAULT_GOAL := help
.PHONY: help deps deps-test build nightly conform test soak bench fuzz defects asan tsan lint format install clean

help:
	@echo 'make nightly    install what is missing, build, run every scenario over HTTP, and through Chromium where people act;'
	@echo '                beside them the most telling cases of v2x conform gateway'
	@echo 'make test       all tests (installs what only tests need)'
	@echo 'make build      build everything into build/'
	@echo 'make deps       install what build and nightly need; deps-test: what only tests need'
	@echo 'make soak       $(SOAKS), scenarios tagged soak, ten minutes of each fuzz target'
	@echo 'make fuzz       five seconds of each fuzz target; FUZZ_SECONDS=n for more'
	@echo 'make bench      all figures, with references of the same run: $(BENCHES), v2x bench ingest'
	@echo 'make conform    hold v2x-gateway against all cases of v2x conform gateway'
	@echo 'make defects    plant each known defect in turn: its scenario or case must fail and say why'
	@echo 'make asan       all tests with address and undefined-behaviour sanitizers; tsan: with the thread sanitizer'
	@echo 'make lint       clang-format and clang-tidy; FILES="a.cpp b.hpp" for some'
	@echo 'make format     let clang-format rewrite all C++ files'
	@echo 'make install    install into PREFIX ($(PREFIX))'
	@echo 'make clean      remove all build directories'

deps:
	@scripts/deps.sh build

deps-test:
	@scripts/deps.sh build test

build: deps build/build.ninja
	@ninja -C build -j $(JOBS) --quiet

build/build.ninja:
	cmake --preset default

build-%/build.ninja:
	cmake --preset $*

tsan: export TSAN_OPTIONS = suppressions=$(CURDIR)/cmake/tsan_suppressions.txt
asan tsan: %: deps-test build-%/build.ninja
	ninja -C build-$@ -j $(JOBS) --quiet
	ctest --test-dir build-$@ -j $(JOBS) --output-on-failure

# The gateway's cases wait most of their time, so they run beside the scenarios and cost none of theirs.
nightly: build
	@$(V2X) conform gateway --run-own $(NIGHTLY_CASES) >build/nightly-conform.log 2>&1 & conform=$$!; status=0; \
	  $(V2X) run scenarios --skip soak --via http,browser $(RUN_FLAGS) || status=$$?; \
	  wait $$conform || status=$$?; cat build/nightly-conform.log; exit $$status

conform: build
	$(V2X) conform gateway --run-own

# No test that needs a database server may be left out here.
test: deps-test build
	V2X_SERVERS=required ctest --test-dir build -j $(JOBS) --output-on-failure

soak: deps-test build
	@set -e; for s in $(SOAKS); do echo "== $$s"; build/soak/$$s --gtest_brief=1; done
	$(V2X) run scenarios --tag soak $(RUN_FLAGS)
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600

# Each target keeps what it has learnt in build-fuzz/corpus/.
fuzz: deps-test build-fuzz/build.ninja
	@ninja -C build-fuzz -j $(JOBS) --quiet $(FUZZERS)
	@set -e; for f in $(FUZZERS); do mkdir -p build-fuzz/corpus/$$f; \
	  build-fuzz/bin/$$f -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1 \
	    -artifact_prefix=build-fuzz/ build-fuzz/corpus/$$f; done

bench: deps-test build
	@status=0; for b in $(BENCHES); do echo "== $$b"; build/bench/$$b || status=$$?; done; \
	  scripts/bench_ingest.sh || status=$$?; exit $$status

defects: deps build-defects/build.ninja
	@ninja -C build-defects -j $(JOBS) --quiet v2x v2x-sim v2x-backend v2x-gateway
	scripts/defects.sh

lint: deps-test build/build.ninja
	ninja -C build --quiet architecture_test && build/tests/architecture_test --gtest_brief=1
	scripts/lint.sh $(FILES)

format: deps-test
	git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

install: build
	cmake --install build --prefix $(PREFIX)

clean:
	rm -rf build build-asan build-tsan build-defects build-fuzz
