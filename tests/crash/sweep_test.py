#!/usr/bin/env python3
"""Crash sweep: a fixed script of commands against the real server, once for each call that changes its files. Before
call k the process is killed, or call k fails; then the folder is opened again. What was acknowledged is there exactly
once, what was not is whole or absent, and a repeated key has one effect.

  sweep_test.py                   every sync, rename and removal, and some of the writes
  sweep_test.py --all             every call
  sweep_test.py calibrate         a disk that acknowledges and drops must be seen

Exit codes: 0 held, 1 a promise was broken, 3 the harness failed.
"""
import argparse
import collections
import concurrent.futures
import copy
import os
import shutil
import subprocess
import sys
import time
import traceback

sys.dont_write_bytecode = True

from clients import Client, Link, Refused  # noqa: E402
from crash_test import Proof  # noqa: E402
from servers import Engine, Failed  # noqa: E402

COMMANDS = 60
WARM_STARTS = 3      # each leaves a file that the swept start merges with its own
WARM_COMMANDS = 12
SEED = 7
WRITES_PER_POINT = 6  # of the writes every so many, unless all are swept
DATA_CALLS = ("write", "pwrite", "writev")
END_SECONDS = 15      # a failed process ends by itself within


class Script(Client):
    """The same commands in every run, one after the other; it ends at the first answer that is none."""

    def __init__(self, seed=SEED):
        super().__init__("script", seed)
        self.unanswered = False

    def send(self, server, count):
        self.server_port, self.tokens, self.idempotent = server.port, server.tokens, True
        link = None
        try:
            link = Link(server.port)
            for _ in range(count):
                self.pending = command = self.next_command()
                self.acknowledge(command, *link.post(command, self.tokens[command.role]))
        except OSError:
            self.unanswered = True
        except Refused as refusal:
            self.failure = str(refusal)
        finally:
            if link is not None:
                link.close()


class FaultyEngine(Engine):
    """The engine on a disk that fails at one call (faulty_disk.cpp)."""

    def __init__(self, arguments, folder):
        super().__init__(arguments.bin, os.path.join(folder, "data"), arguments.workflows, os.path.join(folder, "log"))
        self.trace = os.path.join(folder, "trace")
        self.library = os.path.abspath(os.path.join(arguments.bin, "libfaulty_disk.so"))
        self.fault = {}

    def command(self):
        return (*super().command(), "--access-log", "")

    def environment(self):
        return {**os.environ, "LD_PRELOAD": self.library, "FAULT_UNDER": self.data, **self.fault} if self.fault else None

    def arm(self, fault="", at=0):
        self.fault = {"FAULT": fault, "FAULT_AT": str(at), "FAULT_TRACE": self.trace}

    def disarm(self):
        self.fault = {}

    def begin_store(self):
        """`motcua init`: its exit code and what it said."""
        done = subprocess.run((self.binary, "init", "--data", self.data), env=self.environment(), capture_output=True, text=True)
        return done.returncode, done.stderr.strip()

    def calls(self):
        """(name, file) of every call so far."""
        with open(self.trace) as trace:
            return [tuple(line.split(" ", 2)[1:]) for line in trace.read().splitlines()]

    def ended(self):
        """Waits for the end of the process; its exit code."""
        try:
            code = self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failed(f"the process lives on after {END_SECONDS} s") from None
        self.process = None
        return code

    def terminate(self):
        self.process.terminate()
        return self.ended()


class Sweep:
    def __init__(self, arguments):
        self.arguments = arguments
        self.prepared = os.path.join(arguments.work, "prepared")
        self.past = Script()  # knows what the prepared folder holds
        self.tokens = {}
        self.counts = collections.Counter()

    def prepare(self):
        """A folder with a past: the next start replays a log, merges files and removes some."""
        os.makedirs(self.prepared)
        server = FaultyEngine(self.arguments, self.prepared)
        server.initialise()
        for _ in range(WARM_STARTS):
            server.start()
            self.past.send(server, WARM_COMMANDS)
            if self.past.unanswered or self.past.failure or server.terminate() != 0:
                raise RuntimeError(f"the folder cannot be prepared: {self.past.failure} {server.last_words()}")
        self.tokens = server.tokens

    def server(self, name):
        folder = os.path.join(self.arguments.work, name)
        shutil.copytree(self.prepared, folder)
        os.remove(os.path.join(folder, "log"))
        server = FaultyEngine(self.arguments, folder)
        server.tokens = dict(self.tokens)
        return server

    def count_calls(self):
        """The calls of a run without a fault, and how many of them were made by the end of each phase."""
        server, script = self.server("count"), copy.deepcopy(self.past)
        server.arm()
        server.start()
        ends = [len(server.calls())]
        script.send(server, COMMANDS)
        if script.unanswered or script.failure:
            raise RuntimeError(f"the script fails without a fault: {script.failure} {server.last_words()}")
        ends.append(len(server.calls()))
        if server.terminate() != 0:
            raise RuntimeError(f"the server does not end in order: {server.last_words()}")
        return server.calls(), ends

    def run(self):
        self.prepare()
        calls, ends = self.count_calls()
        print(f"{len(calls)} calls: {ends[0]} of the start, {ends[1] - ends[0]} of {COMMANDS} commands, "
              f"{len(calls) - ends[1]} of the end; {dict(collections.Counter(name for name, _ in calls))}", flush=True)
        init_calls = self.count_init_calls()
        print(f"{len(init_calls)} calls of init", flush=True)
        points = [(fault, number) for fault in ("kill", "eio") for number in self.chosen(calls)]
        points += self.sparse(calls)
        points += [(fault, -number) for fault in ("kill", "eio") for number in self.chosen(init_calls)]
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(self.arguments.parallel) as pool:
            broken = [result for result in pool.map(self.try_point, points) if result]
        counts = self.counts
        for line in broken:
            print(f"  BROKEN {line}")
        print(f"crash sweep: {counts['kill']} kill points, {counts['eio']} EIO points, {counts['short']} short writes, "
              f"{counts['enospc']} times no space; {counts['acknowledged']} commands acknowledged, {counts['lost']} lost; "
              f"unanswered: {counts['whole']} whole, {counts['absent']} absent; {counts['stopped']} failures ended the "
              f"process with exit code 3, {counts['borne']} were borne; {len(broken)} broken promises; "
              f"{time.monotonic() - started:.0f} s", flush=True)
        return 1 if broken else 0

    def chosen(self, calls):
        """Numbers of the calls that are swept."""
        numbers, writes = [], 0
        for number, (name, _) in enumerate(calls, 1):
            writes += name in DATA_CALLS
            if self.arguments.all or name not in DATA_CALLS or writes % WRITES_PER_POINT == 1:
                numbers.append(number)
        return numbers

    def sparse(self, calls):
        writes = [number for number, (name, _) in enumerate(calls, 1) if name in DATA_CALLS]
        stride = 2 if self.arguments.all else 2 * WRITES_PER_POINT
        return ([("short", number) for number in writes[::stride]] +
                [("enospc", number) for number in writes[stride // 2::stride]])

    def fresh_server(self, name):
        """A server without a folder."""
        folder = os.path.join(self.arguments.work, name)
        os.makedirs(folder)
        return FaultyEngine(self.arguments, folder)

    def count_init_calls(self):
        server = self.fresh_server("count-init")
        server.arm()
        server.begin_store()
        return server.calls()

    def try_point(self, point):
        """What was broken at this point, of `init` if its number is negative; "" if nothing."""
        fault, number = point
        name = f"{fault}-{number}" if number > 0 else f"init-{fault}-{-number}"
        server = self.server(name) if number > 0 else self.fresh_server(name)
        try:
            if number > 0:
                self.judge(server, fault, number)
            else:
                self.judge_init(server, fault, -number)
            server.kill()
            shutil.rmtree(os.path.join(self.arguments.work, name))
            return ""
        except Failed as failed:
            return f"{name}: {failed}"
        finally:
            server.kill()

    def judge_init(self, server, fault, number):
        """An interrupted `init` is repeated by `init`, unless it had made the store already; then the store serves."""
        server.arm(fault, number)
        code, said = server.begin_store()
        if code not in ((-9,) if fault == "kill" else (0, 3)):
            raise Failed(f"exit code {code}: {said}")
        server.disarm()
        again, said = server.begin_store()
        if again != 0 and "is not an empty folder" not in said:
            raise Failed(f"init again: exit code {again}: {said}")
        server.start()
        script = Script()
        script.send(server, 1)
        if script.acknowledged != 1:
            raise Failed(f"after an interrupted init nothing can be filed: {script.failure}")
        self.counts[fault] += 1
        self.counts["borne" if code == 0 else "stopped"] += fault == "eio"

    def judge(self, server, fault, number):
        script = copy.deepcopy(self.past)
        known = script.acknowledged
        server.arm(fault, number)
        code = self.load(server, script)
        calls = server.calls()
        at = " ".join(calls[number - 1]) if len(calls) >= number else "not reached"
        try:
            self.judge_end(fault, code, at, script, server)
            self.judge_folder(server, script)
        except Failed as failed:
            raise Failed(f"{at}: {failed}") from failed
        self.counts[fault] += 1
        self.counts["acknowledged"] += script.acknowledged - known

    @staticmethod
    def load(server, script):
        """Start, script, end; the exit code of the process, however it came to its end."""
        try:
            server.start()
        except Failed:
            return server.ended()
        script.send(server, COMMANDS)
        if script.failure:
            raise Failed(f"{script.failure}")
        return server.ended() if script.unanswered else server.terminate()

    def judge_end(self, fault, code, at, script, server):
        if at == "not reached" or fault == "short":
            if code != 0 or script.unanswered:
                raise Failed(f"exit code {code}: {server.last_words()}")
        elif fault == "kill":
            if code != -9:
                raise Failed(f"not killed, exit code {code}")
        elif code == 0 and not script.unanswered:
            self.counts["borne"] += 1
        elif code != 3 or not server.last_words().strip():
            raise Failed(f"exit code {code} instead of 3: {server.last_words()}")
        else:
            self.counts["stopped"] += 1

    def judge_folder(self, server, script):
        server.disarm()
        proof = Proof(server, None, SEED, [script])
        proof.check_after_crash()
        self.counts["lost"] += proof.counts.lost
        self.counts["whole"] += proof.counts.whole
        self.counts["absent"] += proof.counts.absent
        if proof.losses:
            raise Failed("; ".join(proof.losses))


def calibrate(arguments):
    """A disk that acknowledges writes to the log and drops them: the sweep must miss events, or the store refuse itself."""
    sweep = Sweep(arguments)
    sweep.prepare()
    calls, ends = sweep.count_calls()
    for number in (ends[0] + 1, (ends[0] + ends[1]) // 2):
        server, script = sweep.server(f"forget-{number}"), copy.deepcopy(sweep.past)
        server.arm("forget", number)
        try:
            server.start()
            script.send(server, COMMANDS)
            server.kill()
            sweep.judge_folder(server, script)
        except Failed as seen:
            print(f"calibration, a disk that forgets from call {number} on: {str(seen)[:300]}")
            continue
        finally:
            server.kill()
        print(f"FAILED: the sweep cannot see that writes were forgotten from call {number} on")
        return 3
    return 0


def parse():
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.dirname(os.path.dirname(here))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", nargs="?", choices=("sweep", "calibrate"), default="sweep")
    parser.add_argument("--bin", default=os.path.join(root, "build/release"), help="folder of the programs")
    parser.add_argument("--work", default=os.path.join(root, "build/crash"), help="folder for data and logs")
    parser.add_argument("--workflows", default=os.path.join(root, "workflows"))
    parser.add_argument("--all", action="store_true", help="sweep every call")
    parser.add_argument("--parallel", type=int, default=2)
    arguments = parser.parse_args()
    arguments.work = os.path.join(os.path.abspath(arguments.work), f"sweep-{os.getpid()}")
    return arguments


def main():
    arguments = parse()
    os.makedirs(arguments.work)
    code = 3
    try:
        code = calibrate(arguments) if arguments.mode == "calibrate" else Sweep(arguments).run()
    except Exception:
        traceback.print_exc()
    if code == 0:
        shutil.rmtree(arguments.work, ignore_errors=True)
    else:
        print(f"kept: {arguments.work}")
    return code


if __name__ == "__main__":
    sys.exit(main())
