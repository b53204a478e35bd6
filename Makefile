# motcua: build, run and prove. `make` lists the targets.
PORT ?= 8080
POPULATION_PORT ?= 8090
PEOPLE ?= 2000
DATA ?= run/data
CUTS ?= 40
KILLS ?= 20
SEED ?=
SEEDS ?= 50
BENCH_ARGS ?=

BINARY := build/release/motcua
CRASH  := python3 tests/crash/crash_test.py --bin build/release $(if $(SEED),--seed $(SEED))
# Runs $(2) and says how long $(1) took, whatever came of it.
timed = @start=$$(date +%s); $(2); status=$$?; echo "== $(1): $$(( $$(date +%s) - start )) s"; exit $$status
SOURCES = $$(git ls-files '*.hpp' '*.cpp')

.PHONY: help packages configure build run test check check-format check-power-cuts check-kills check-simulation check-asan bench clean format tidy

help:
	@echo "make build   compile build/release/motcua (installs missing packages first)"
	@echo "make run     build and serve on 127.0.0.1:$(PORT), data in $(DATA), with an example population service"
	@echo "make test    build everything and run the tests"
	@echo "make check   format, power cuts, kills, simulation, sanitizers"
	@echo "make bench   engine beside the ceiling, one table"
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

check: check-format check-power-cuts check-kills check-simulation check-asan

check-format: packages
	$(call timed,format,clang-format --dry-run -Werror $(SOURCES))

check-power-cuts: configure
	@cmake --build --preset release --target motcua motcua-ceiling no_sync
	$(call timed,power cuts,$(CRASH) calibrate && $(CRASH) power-cuts --cycles $(CUTS))

check-kills: configure
	@cmake --build --preset release --target motcua
	$(call timed,kills,$(CRASH) kills --cycles $(KILLS))

# A whole office, judged by a model of its own: two processes at once, one line (docs/simulation.md).
check-simulation: configure
	@cmake --build --preset release --target office_simulation
	$(call timed,simulation,python3 tests/simulation/run_seeds.py --bin build/release --seeds $(SEEDS))

# The part that is quick to build: everything below the routes, but for the definition loader.
ASAN_TESTS = cases_test runtime_test storage_tests http_test identity_test guard_test machine_test deadline_test \
             lifecycle_test core_test
check-asan: packages
	@cmake --preset asan > /dev/null
	$(call timed,sanitizer build,cmake --build --preset asan --target $(ASAN_TESTS))
	$(call timed,sanitizer tests,ctest --preset asan --parallel 2 -R '^($(subst $() ,|,$(strip $(ASAN_TESTS))))$$')

bench: configure
	@cmake --build --preset release --target motcua motcua-ceiling motcua-load
	$(call timed,bench,python3 bench/run --bin build/release --out build/bench $(BENCH_ARGS))

format:
	@clang-format -i $(SOURCES)

tidy: configure
	@cmake --build --preset release
	@cmake -S . -B build/release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON > /dev/null
	@git ls-files '*.cpp' | grep -v '^tests/' | xargs -P 2 -n 4 clang-tidy --quiet -p build/release

clean:
	@rm -rf build
