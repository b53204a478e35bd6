#!/usr/bin/env python3
"""Runs tests built with sanitizers and says in one line how many ran and what was reported.

Fails on any report, on any test that fails, and if a sanitizer does not report the bug planted for it.
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
TIMEOUT_S = 900


@dataclass(frozen=True)
class Sanitizers:
    title: str
    options: dict  # of the environment; `{reports}` is where reports go
    canaries: dict  # program: what its report says


KINDS = {
    "asan": Sanitizers(
        "ASan+UBSan",
        {"ASAN_OPTIONS": "log_path={reports}:allow_addr2line=1",
         "UBSAN_OPTIONS": "log_path={reports}:print_stacktrace=1"},
        {"memory_canary": "heap-use-after-free", "arithmetic_canary": "signed integer overflow"}),
    "tsan": Sanitizers(
        "TSan",
        {"TSAN_OPTIONS": f"log_path={{reports}}:suppressions={HERE / 'tsan.supp'}:die_after_fork=0:allow_addr2line=1"},
        {"race_canary": "data race"}),
}


@dataclass
class Outcome:
    name: str
    status: int
    tests: int
    reports: list
    text: str


def run(kind, folder, name):
    """One program, its reports in files of its own."""
    folder = folder.resolve()
    reports = folder / "reports" / name
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    environment = dict(os.environ)
    for variable, value in KINDS[kind].options.items():
        environment[variable] = value.format(reports=reports / "report")
    ended = subprocess.run([str(folder / name)], cwd=folder, env=environment, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, errors="replace", timeout=TIMEOUT_S, check=False)
    counted = re.search(r"\[==========\] (\d+) tests? from .* ran\.", ended.stdout)
    written = [path.read_text(errors="replace") for path in sorted(reports.iterdir())]
    # Beside AddressSanitizer, UndefinedBehaviorSanitizer writes to the standard streams all the same.
    written += re.findall(r"^.*: runtime error: .*$", ended.stdout, re.MULTILINE)
    return Outcome(name, ended.returncode, int(counted.group(1)) if counted else 0,
                   [report for report in written if report.strip()], ended.stdout)


def silent_canaries(kind, folder):
    """Planted bugs that were not reported."""
    silent = []
    for name, says in KINDS[kind].canaries.items():
        outcome = run(kind, folder, name)
        if outcome.status == 0 or not any(says in report for report in outcome.reports):
            silent.append(name)
    return silent


def explain(outcome):
    print(f"{outcome.name} ended with {outcome.status}, {len(outcome.reports)} reports:", file=sys.stderr)
    failed = [line for line in outcome.text.splitlines() if "[  FAILED  ]" in line or "Failure" in line]
    print("\n".join(failed or outcome.text.splitlines()[-20:]), file=sys.stderr)
    for report in outcome.reports[:5]:
        print(report[:6000], file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for kind, sanitizers in KINDS.items():
        parser.add_argument(f"--{kind}", nargs="+", metavar=("BIN", "TEST"), help=f"tests built for {sanitizers.title}")
    parser.add_argument("--jobs", type=int, default=2)
    options = vars(parser.parse_args())
    parts, broken, reports = [], 0, 0
    for kind, sanitizers in KINDS.items():
        if not options[kind]:
            continue
        folder, names = Path(options[kind][0]), options[kind][1:]
        for name in silent_canaries(kind, folder):
            print(f"{sanitizers.title} does not report the bug planted in {name}", file=sys.stderr)
            broken += 1
        with ThreadPoolExecutor(options["jobs"]) as pool:
            outcomes = list(pool.map(lambda name: run(kind, folder, name), names))
        for outcome in outcomes:
            reports += len(outcome.reports)
            if outcome.status != 0 or outcome.reports or outcome.tests == 0:
                broken += 1
                explain(outcome)
        parts.append(f"{sanitizers.title} {sum(outcome.tests for outcome in outcomes)} tests")
    print(f"sanitizers: {', '.join(parts)}, {reports} reports")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
