#!/usr/bin/env python3
"""Runs the office simulation in two processes at once and prints one line for both."""
import argparse
import pathlib
import re
import subprocess
import sys

LINE = re.compile(r"simulation: (\d+) seeds, (\d+) commands, ([\d.]+) simulated years, (\d+) failures")
HERE = pathlib.Path(__file__).resolve().parent


def start(arguments, first, seeds, more):
    command = [arguments.bin + "/office_simulation", "--seeds", str(seeds), "--first-seed", str(first),
               "--commands", str(arguments.commands)] + more
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default="build/release")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--commands", type=int, default=2000)
    parser.add_argument("--first-seed", type=int, default=1)
    arguments = parser.parse_args()
    half = arguments.seeds // 2
    runs = [start(arguments, arguments.first_seed, arguments.seeds - half,
                  ["--failed-once", str(HERE / "failed_once.txt")]),
            start(arguments, arguments.first_seed + arguments.seeds - half, half, [])]
    outputs = [run.communicate()[0] for run in runs]
    total = [0, 0, 0.0, 0]
    for output in outputs:
        found = LINE.search(output)
        for i, figure in enumerate(found.groups() if found else ()):
            total[i] += float(figure) if i == 2 else int(figure)
    failed = any(run.returncode != 0 for run in runs)
    if failed:
        print("\n".join(outputs))
    print(f"simulation: {total[0]} seeds, {total[1]:,} commands, {total[2]:.1f} simulated years, "
          f"{total[3]} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
