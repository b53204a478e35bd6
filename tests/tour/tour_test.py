#!/usr/bin/env python3
"""Runs the tour of a page and compares its output with what the page promises (notation: README.md beside this file)."""
import argparse
import difflib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BLOCK = re.compile(r"^<!-- tour -->\n+```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXPECTATION = re.compile(r"# => ?(.*)")
MARK = "@@tour-step@@"
SECONDS = 120


class Step:
    """Commands, and the lines they must print; None if nothing is expected of them."""

    def __init__(self):
        self.commands = []
        self.expected = None


def read_steps(text):
    steps = []
    for block in BLOCK.findall(text):
        step = Step()
        for line in block.splitlines():
            expectation = EXPECTATION.fullmatch(line)
            if expectation:
                step.expected = (step.expected or []) + [expectation.group(1)]
                continue
            if step.expected is not None:
                steps.append(step)
                step = Step()
            step.commands.append(line)
        if step.commands:
            steps.append(step)
    return steps


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def script_of(steps):
    """One shell script; a mark after each step separates the outputs."""
    return "".join("\n".join(step.commands) + f"\necho '{MARK}'\n" for step in steps)


def run_shell(script, folder):
    """Standard output; the shell and all it started are ended."""
    path = os.path.join(folder, "tour.sh")
    with open(path, "w") as file:
        file.write(script)
    errors = open(os.path.join(folder, "stderr"), "w+")
    # -m: job control, so that the tour may say `kill %1`.
    shell = subprocess.Popen(("bash", "-m", path), stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL,
                             text=True, cwd=ROOT, start_new_session=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    try:
        output = shell.communicate(timeout=SECONDS)[0]
    except subprocess.TimeoutExpired:
        output = f"(no end after {SECONDS} s)"
    finally:
        end_session(shell.pid)
        shell.wait()
    errors.seek(0)
    return output, errors.read()


def end_session(session):
    """With job control each job has its own process group, so the session is what holds them together."""
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.getsid(int(entry)) == session:
                os.kill(int(entry), signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


def matches(expected, actual):
    if len(expected) != len(actual):
        return False
    patterns = [".*".join(re.escape(part) for part in line.split("…")) for line in expected]
    return all(re.fullmatch(pattern, line) for pattern, line in zip(patterns, actual))


def compare(steps, output):
    """Prints the first difference; true if there is none."""
    outputs = [part.strip("\n").splitlines() for part in output.split(MARK + "\n")]
    for number, step in enumerate(steps):
        if step.expected is None:
            continue
        actual = outputs[number] if number < len(outputs) - 1 else ["(the tour ended before this)"]
        if not matches(step.expected, actual):
            print("The page says otherwise:\n")
            print("\n".join(f"    {line}" for line in step.commands))
            print("\n".join(difflib.unified_diff(step.expected, actual, "page", "output", lineterm="")))
            return False
    return True


def tour_text(page):
    with open(os.path.join(ROOT, page)) as file:
        text = file.read()
    if BLOCK.search(text):
        return text
    sys.exit(f"{page} has no tour")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=os.path.join(ROOT, "build/release/motcua"))
    parser.add_argument("--page", default="README.md", help="whose commands are run, below the tree's root")
    parser.add_argument("--words", type=int, help="the page has no more than so many")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    folder = tempfile.mkdtemp(prefix="tour-", dir=os.path.dirname(binary))
    text = tour_text(options.page)
    if options.words and len(text.split()) > options.words:
        sys.exit(f"{options.page} has {len(text.split())} words, more than {options.words}")
    text = (text.replace("127.0.0.1:8080", f"127.0.0.1:{free_port()}").replace("build/release/motcua", binary)
            .replace("run/tour", os.path.join(folder, "data")).replace("run/tutorial", os.path.join(folder, "tutorial")))
    steps = read_steps(text)
    try:
        output, errors = run_shell(script_of(steps), folder)
        if not compare(steps, output):
            print(f"\nstandard error:\n{errors[-2000:]}")
            return 1
        print(f"{len(steps)} steps, {sum(len(step.expected or []) for step in steps)} lines as the page says")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
