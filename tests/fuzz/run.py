#!/usr/bin/env python3
"""Runs every fuzz target for a while from the committed corpus and says in one line what came of it.

Fails if a target finds an input that breaks a promise, if it tries none, or if the canary does not find its
planted bug. Such inputs are kept in BIN/crashes; once the bug is mended they belong into tests/fuzz/corpus.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
CANARY = "canary"


@dataclass(frozen=True)
class Target:
    name: str
    longest: int  # bytes of one input
    seeds: tuple = ()  # folders of inputs that other tests own


TARGETS = (
    Target("header", 4096),
    Target("json", 4096, ("tests/http/data/json-torture/test_parsing",)),
    Target("definition", 6144, tuple(f"tests/workflows/data/lint/{kind}"
                                     for kind in ("procedure", "calendar", "organisation"))),
    Target("condition", 1024),
    Target("record", 2048),
    Target("event", 2048),
    Target("soap", 4096),
    Target("keys", 256),
    Target(CANARY, 16),
)


@dataclass
class Outcome:
    target: Target
    inputs: int
    status: int
    text: str


def run(target, options):
    """One target: the committed corpus is read only, what is found on the way goes into a folder of its own."""
    found = options.bin / "found" / target.name
    if not options.keep:
        shutil.rmtree(found, ignore_errors=True)
    found.mkdir(parents=True, exist_ok=True)
    command = [options.bin / f"fuzz_{target.name}", found, HERE / "corpus" / target.name,
               *(TREE / folder for folder in target.seeds),
               f"-seed={options.seed}", f"-max_total_time={options.seconds}", f"-max_len={target.longest}",
               "-timeout=25", "-rss_limit_mb=1536", "-print_final_stats=1", "-verbosity=1",
               f"-artifact_prefix={options.crashes}/{target.name}-"]
    dictionary = HERE / "dictionaries" / f"{target.name}.dict"
    if dictionary.exists():
        command.append(f"-dict={dictionary}")
    environment = {"ASAN_OPTIONS": "allow_addr2line=1", **os.environ}
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace",
                           env=environment, timeout=options.seconds * 4 + 300, check=False)
    counted = re.search(r"stat::number_of_executed_units:\s*(\d+)", ended.stderr)
    return Outcome(target, int(counted.group(1)) if counted else 0, ended.returncode, ended.stderr)


def kept(options, target):
    return sorted(options.crashes.glob(f"{target.name}-*"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=Path, default=TREE / "build/asan")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="go on from what earlier runs found")
    parser.add_argument("targets", nargs="*", help="all if none is named")
    options = parser.parse_args()
    options.crashes = options.bin / "crashes"
    options.crashes.mkdir(parents=True, exist_ok=True)
    chosen = [target for target in TARGETS if not options.targets or target.name in options.targets]
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(lambda target: run(target, options), chosen))

    canary = next((outcome for outcome in outcomes if outcome.target.name == CANARY), None)
    found = canary is not None and canary.status != 0 and "the planted bug" in canary.text
    if canary:
        for path in kept(options, canary.target):
            path.unlink()
    targets = [outcome for outcome in outcomes if outcome is not canary]
    broken = [outcome for outcome in targets if outcome.status != 0 or outcome.inputs == 0]
    for outcome in broken:
        print(f"fuzz target {outcome.target.name} ended with {outcome.status}:", file=sys.stderr)
        print("\n".join(outcome.text.splitlines()[-60:]), file=sys.stderr)
        for path in kept(options, outcome.target):
            print(f"input kept: {os.path.relpath(path)}", file=sys.stderr)
    print(f"fuzz inputs: {len(targets)} targets, {sum(outcome.inputs for outcome in targets):,} inputs, "
          f"{len(broken)} crashes" + (f", canary {'found' if found else 'NOT found'}" if canary else ""))
    return 0 if not broken and (found or canary is None) else 1


if __name__ == "__main__":
    sys.exit(main())
