# motcua: build, run and prove. `make` lists the targets.
PORT ?= 8080
POPULATION_PORT ?= 8090
PEOPLE ?= 2000
DATA ?= run/data
CUTS ?= 40
KILLS ?= 10
CONNECTIONS ?= 12
SWEEP ?=
FUZZ_SECONDS ?= 10
SEED ?=
SEEDS ?= 50
BENCH_ARGS ?=

BINARY := build/release/motcua
FAULTS := python3 tests/crash
CRASH  := python3 tests/crash/crash_test.py --bin build/release $(if $(SEED),--seed $(SEED))
# Runs $(2) and says how long $(1) took, whatever came of it.
timed = @start=$$(date +%s); $(2); status=$$?; echo "== $(1): $$(( $$(date +%s) - start )) s"; exit $$status
SOURCES = $$(git ls-files '*.hpp' '*.cpp')

.PHONY: help packages configure build run test check check-format check-worklists check-power-cuts check-kills check-simulation check-sweep check-disk check-clock check-backup check-sanitizers check-asan check-tsan check-fuzz check-sabotage build-asan build-tsan bench clean format tidy

help:
	@echo "make build   compile build/release/motcua (installs missing packages first)"
	@echo "make run     build and serve on 127.0.0.1:$(PORT), data in $(DATA), with an example population service"
	@echo "make test    build everything and run the tests"
	@echo "make check   format, worklists, power cuts, kills, simulation, crash sweep, disk faults, clock faults, backups, sanitizers, fuzzers"
	@echo "             long forms: CUTS=500 KILLS=100 SWEEP=all SEEDS=2000"
	@echo "make bench   every goal of docs/performance.md, one table; BENCH_ARGS=--quick for a look"
	@echo "make format  rewrite sources; make tidy: clang-tidy; make clean: remove build/"

packages:
	@.ci/install

configure: packages
	@cmake --preset release > /dev/null

build: configure
	$(call timed,build,cmake --build --preset release --target motcua population-service)

# The engine, and beside it a population register of synthetic people. Both end together.
run: build
	@mkdir -p $(dir $(DATA))
	@set -e; build/release/population-service --listen 127.0.0.1:$(POPULATION_PORT) --people $(PEOPLE) --seed 6 & \
	register=$$!; trap 'kill $$register 2> /dev/null || true' EXIT; trap 'exit 0' INT TERM; \
	$(BINARY) serve --dev --data $(DATA) --listen 127.0.0.1:$(PORT) --workflows workflows \
	  --population http://127.0.0.1:$(POPULATION_PORT) & \
	engine=$$!; trap 'kill $$engine 2> /dev/null || true; wait $$engine; exit 0' INT TERM; wait $$engine

test: configure
	$(call timed,build with tests,cmake --build --preset release)
	$(call timed,tests,ctest --preset release --parallel 2)

check: check-format check-worklists check-power-cuts check-kills check-simulation check-sweep check-disk check-clock check-backup check-asan check-fuzz

check-format: packages
	$(call timed,format,clang-format --dry-run -Werror $(SOURCES))

# A minute of 64 writers, each of whom looks at the worklist right after its command.
check-worklists: configure
	@cmake --build --preset release --target motcua
	$(call timed,worklists,python3 tests/worklists/fresh_test.py --motcua $(BINARY) --seconds 60)

check-power-cuts: configure
	@cmake --build --preset release --target motcua motcua-ceiling no_sync
	$(call timed,power cuts,$(CRASH) calibrate && $(CRASH) power-cuts --cycles $(CUTS) --connections $(CONNECTIONS))

check-kills: configure
	@cmake --build --preset release --target motcua
	$(call timed,kills,(for connections in 1 16 64; do \
	  $(CRASH) kills --cycles $(KILLS) --connections $$connections || exit; done))

# Every call that changes the store's files, one run for each; SWEEP=all leaves none out.
check-sweep: configure
	@cmake --build --preset release --target motcua faulty_disk
	$(call timed,crash sweep,$(FAULTS)/sweep_test.py calibrate --bin build/release \
	  && $(FAULTS)/sweep_test.py --bin build/release $(if $(filter all,$(SWEEP)),--all))

check-disk: configure
	@cmake --build --preset release --target motcua
	$(call timed,disk and process faults,$(FAULTS)/disk_faults_test.py --motcua $(BINARY) \
	  && $(FAULTS)/process_faults_test.py --motcua $(BINARY))

# The wall clock moved under the running engine and between two starts.
check-clock: configure
	@cmake --build --preset release --target motcua population-service
	$(call timed,clock,python3 tests/clock/clock_test.py --all)

check-backup: configure
	@cmake --build --preset release --target motcua population-service
	$(call timed,backups,$(if $(SEED),SEED=$(SEED)) python3 tests/backup/loop.py 2> build/backup-loop.log || { cat build/backup-loop.log; false; })

# A whole office, judged by a model of its own: two processes at once, one line (docs/simulation.md).
check-simulation: configure
	@cmake --build --preset release --target office_simulation
	$(call timed,simulation,python3 tests/simulation/run_seeds.py --bin build/release --seeds $(SEEDS))

# One tree of Clang serves AddressSanitizer, UndefinedBehaviorSanitizer and the fuzzers; another serves
# ThreadSanitizer (docs/testing.md). The tests: everything below the routes, but for the definition loader.
ASAN_TESTS = cases_test runtime_test storage_tests http_test identity_test guard_test machine_test deadline_test \
             lifecycle_test core_test
# What has threads.
TSAN_TESTS = runtime_test storage_tests http_test
RUN_ASAN = --asan build/asan $(ASAN_TESTS)
RUN_TSAN = --tsan build/tsan $(TSAN_TESTS)
SANITIZED = python3 tests/sanitizers/run.py

build-asan: packages
	@cmake --preset asan > /dev/null
	$(call timed,ASan build,cmake --build --preset asan --target $(ASAN_TESTS) memory_canary arithmetic_canary)

build-tsan: packages
	@cmake --preset tsan > /dev/null
	$(call timed,TSan build,cmake --build --preset tsan --target $(TSAN_TESTS) race_canary)

check-asan: build-asan
	$(call timed,ASan tests,$(SANITIZED) $(RUN_ASAN))

check-tsan: build-tsan
	$(call timed,TSan tests,$(SANITIZED) $(RUN_TSAN))

check-sanitizers: build-asan build-tsan
	$(call timed,sanitizer tests,$(SANITIZED) $(RUN_ASAN) $(RUN_TSAN))

check-fuzz: packages
	@cmake --preset asan > /dev/null
	$(call timed,fuzz build,cmake --build --preset asan --target fuzz_targets)
	$(call timed,fuzz,python3 tests/fuzz/run.py --seconds $(FUZZ_SECONDS))

# A copy of the tree, broken in one place at a time.
check-sabotage: packages
	$(call timed,sabotage,python3 tests/sabotage/sabotage.py)

bench: configure
	@cmake --build --preset release --target motcua motcua-ceiling motcua-load motcua-store-bench slow_sync
	$(call timed,bench,python3 bench/run --bin build/release --out build/bench $(BENCH_ARGS))

format:
	@clang-format -i $(SOURCES)

tidy: configure
	@cmake --build --preset release
	@cmake -S . -B build/release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON > /dev/null
	@git ls-files '*.cpp' | grep -v '^tests/' | xargs -P 2 -n 4 clang-tidy --quiet -p build/release

clean:
	@rm -rf build
