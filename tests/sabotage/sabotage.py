#!/usr/bin/env python3
"""Breaks one promise at a time in a copy of the tree and shows that the test which guards it goes red.

  sabotage.py --build build/sabotage [--only WORD]

Exit codes: 0 every sabotage was seen by its test, 1 one was not, 3 the harness failed.
"""
import argparse
import os
import shutil
import subprocess
import sys

from sabotages import SABOTAGES

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TEST_SECONDS_MAX = 120  # a sabotage may also leave somebody waiting for ever


class Failed(Exception):
    pass


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)


class Tree:
    """A copy of the sources with a build of its own; only what changed is copied and built again."""

    def __init__(self, folder):
        self.sources = os.path.join(folder, "tree")
        self.build = os.path.join(folder, "build")

    def copy(self):
        listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT).stdout
        names = {name for name in listed.split("\0") if os.path.isfile(os.path.join(ROOT, name))}
        for name in names:
            origin, copy = os.path.join(ROOT, name), os.path.join(self.sources, name)
            if not self.is_same(origin, copy):
                os.makedirs(os.path.dirname(copy), exist_ok=True)
                shutil.copyfile(origin, copy)
        for folder, _, files in os.walk(self.sources):
            for path in (os.path.join(folder, file) for file in files):
                if os.path.relpath(path, self.sources) not in names:
                    os.remove(path)

    @staticmethod
    def is_same(one, other):
        if not os.path.exists(other):
            return False
        with open(one, "rb") as left, open(other, "rb") as right:
            return left.read() == right.read()

    def configure(self):
        done = run(["cmake", "-S", self.sources, "-B", self.build, "-G", "Ninja", "-DCMAKE_CXX_FLAGS=-O0"])
        if done.returncode:
            raise Failed(f"the copy cannot be configured:\n{done.stdout[-3000:]}")

    def make(self, *targets):
        done = run(["cmake", "--build", self.build, "--target", *targets])
        if done.returncode:
            raise Failed(f"{' '.join(targets)} cannot be built:\n{done.stdout[-3000:]}")
        return "no work to do" not in done.stdout

    def passes(self, target, test):
        program = os.path.join(self.build, target)
        in_google_test = not test.startswith("--")
        try:
            done = run([program, f"--gtest_filter={test}"] if in_google_test else [program, *test.split()],
                       timeout=TEST_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            return False
        if in_google_test and "Running 1 test " not in done.stdout:
            raise Failed(f"{target} has no test {test}")
        return done.returncode == 0

    def replace(self, name, old, new):
        path = os.path.join(self.sources, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if text.count(old) != 1:
            raise Failed(f"{name} holds the text to change {text.count(old)} times")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))


def is_seen(tree, sabotage):
    tree.replace(sabotage.file, sabotage.old, sabotage.new)
    try:
        if not tree.make(sabotage.target):
            raise Failed(f"{sabotage.file} is no part of {sabotage.target}")
        return not tree.passes(sabotage.target, sabotage.test)
    finally:
        tree.copy()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "sabotage"))
    parser.add_argument("--only", default="", help="sabotages whose name holds this word")
    options = parser.parse_args()
    chosen = [sabotage for sabotage in SABOTAGES if options.only in sabotage.name]
    tree = Tree(os.path.abspath(options.build))
    tree.copy()
    tree.configure()
    tree.make(*sorted({sabotage.target for sabotage in chosen}))
    for sabotage in chosen:
        if not tree.passes(sabotage.target, sabotage.test):
            raise Failed(f"{sabotage.test} is red before anything was broken")
    unseen = 0
    for sabotage in chosen:
        seen = is_seen(tree, sabotage)
        unseen += not seen
        print(f"{'red as it must be' if seen else 'NOT SEEN':18} {sabotage.name}: {sabotage.test}", flush=True)
    print(f"sabotage: {len(chosen)} broken promises, {len(chosen) - unseen} seen by their tests")
    return 1 if unseen else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failed:
        print(f"sabotage: {failed}", file=sys.stderr)
        sys.exit(3)
