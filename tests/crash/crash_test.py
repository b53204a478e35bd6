#!/usr/bin/env python3
"""Crash proofs on the real process: what was acknowledged is there exactly once, what was not is whole or absent.

  crash_test.py power-cuts [--cycles 40]   the disk loses what was not synced
  crash_test.py kills [--cycles 20]        SIGKILL alone
  crash_test.py calibrate                  the same power cut against a server that lies about syncing must show losses

The load comes over --connections at once, one client on each.

Exit codes: 0 held (or SKIPPED, with the reason), 1 a promise was broken, 3 the harness failed.
"""
import argparse
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback

from clients import EVENT_TYPES, Client, Link, Refused
from disk import Disk, Unavailable
from servers import Ceiling, Engine, Failed, FailedAfterCrash, LyingEngine

DISK_MIB = 512
RESENT_PER_CYCLE = 120   # acknowledged commands that are sent again
OLD_CASES_PER_CYCLE = 40  # cases that the cycle did not touch, checked all the same


class Counts:
    def __init__(self):
        self.cycles = self.checked = self.resent = self.whole = self.absent = self.lost = 0


class Proof:
    """Cycles of load, crash, check on one data folder."""

    def __init__(self, server, crash, seed, clients):
        self.server = server
        self.crash = crash  # ends the server the hard way and brings the folder back
        self.random = random.Random(seed)
        self.clients = clients
        self.counts = Counts()
        self.losses = []

    def cycle(self):
        for client in self.clients:
            client.start(self.server)
        time.sleep(self.random.uniform(0.2, 1.2))
        self.crash(self.random)
        for client in self.clients:
            client.join()
            if client.failure:
                raise Failed(f"client {client.label}: {client.failure}")
        try:
            self.check_after_crash()
        except Failed as broken:
            raise FailedAfterCrash(f"cycle {self.counts.cycles + 1}: {broken}") from broken
        self.counts.cycles += 1

    def check_after_crash(self):
        self.server.check_store()
        restarted_ms = time.time() * 1000
        self.server.start()
        cases = self.cases_to_check()
        self.check_cases(cases)
        if not self.losses:
            self.resend_acknowledged(cases)
            self.resolve_pending(restarted_ms)

    def cases_to_check(self):
        touched, old = [], []
        for client in self.clients:
            for case in client.all_cases():
                (touched if case.touched else old).append(case)
                case.touched = False
        return touched + self.random.sample(old, min(len(old), OLD_CASES_PER_CYCLE))

    def check_cases(self, cases):
        """Every acknowledged version of these cases is there once, and nothing else but perhaps a pending command."""
        pending = {id(client.pending.case) for client in self.clients if client.pending}
        for case in cases:
            events = self.server.versions(case.id)
            found = len(events or [])
            self.counts.checked += len(case.commands)
            if found < case.version:
                self.counts.lost += case.version - found
                self.losses.append(f"case {case.id}: acknowledged version {case.version}, found {found}")
                continue
            if [version for version, _ in events] != list(range(1, found + 1)):
                raise Failed(f"case {case.id}: versions are not 1 to {found}: {events}")
            if found > case.version and id(case) not in pending:
                raise Failed(f"case {case.id}: {found} events, only {case.version} were ever asked for")
            self.check_types(case, events)

    @staticmethod
    def check_types(case, events):
        before = 0
        for command in case.commands:
            types = {kind for _, kind in events[before:command.version]}
            if any(types) and EVENT_TYPES[command.command] not in types:
                raise Failed(f"case {case.id} version {command.version}: {types} instead of {command.command}")
            before = command.version

    def send(self, link, command):
        return link.post(command, self.server.tokens.get(command.role, ""))

    def resend_acknowledged(self, cases):
        """The same key and body: the answer of then, no new event."""
        if self.server.name != "motcua":
            return
        commands = [command for case in cases for command in case.commands[-3:]]
        chosen = self.random.sample(commands, min(len(commands), RESENT_PER_CYCLE))
        link = Link(self.server.port)
        for command in chosen:
            self.confirm_same_answer(link, command)
        link.close()
        pending = {id(client.pending.case) for client in self.clients if client.pending}
        for case in {id(command.case): command.case for command in chosen}.values():
            found = len(self.server.versions(case.id))
            if found != case.version and id(case) not in pending:
                raise Failed(f"case {case.id}: a repeated command made an event ({found}, was {case.version})")
        self.counts.resent += len(chosen)

    def confirm_same_answer(self, link, command):
        status, body = self.send(link, command)
        if status not in (200, 201) or json.loads(body)["version"] != command.version:
            raise Failed(f"{command.command} {command.key} of {command.case.id}: acknowledged with version "
                         f"{command.version}, repeated: {status} {body[:600]!r}")

    def resolve_pending(self, restarted_ms):
        """Commands without an answer: whole or absent; sent again, each is there once."""
        for client in self.clients:
            command = client.pending
            if command is None:
                continue
            if self.server.name != "motcua":
                self.adopt_pending(client, command)
                continue
            before = self.server.versions(command.case.id) if command.case.id else None
            link = Link(self.server.port)
            status, body = self.send(link, command)
            link.close()
            try:
                client.acknowledge(command, status, body)
            except (Refused, ConnectionError) as error:
                raise Failed(f"pending {command.command} {command.key}: {error}") from error
            self.judge_pending(command, before, restarted_ms)

    def adopt_pending(self, client, command):
        """Without idempotency the only way to know is to look."""
        client.pending = None
        found = len(self.server.versions(command.case.id) or []) if command.case.id else 0
        whole = found == command.case.version + 1 and command.command != "file"
        if whole:
            command.version = command.case.version = found
            command.case.commands.append(command)
            client.follow(command.case, command.command)
        self.counts.whole += whole
        self.counts.absent += not whole

    def judge_pending(self, command, before, restarted_ms):
        case = command.case
        after = self.server.versions(case.id)
        if after is None or len(after) != case.version:
            raise Failed(f"pending {command.command} of {case.id}: answered {case.version}, events {after}")
        if command.command == "file":
            made_ms = int(case.id.replace("-", "")[:12], 16)  # UUIDv7
            whole = made_ms < restarted_ms
        else:
            whole = len(before) == case.version
            if not whole and len(before) != (case.commands[-2].version if len(case.commands) > 1 else 0):
                raise Failed(f"pending {command.command} of {case.id}: half of it was there: {len(before)} events")
        self.check_types(case, after)
        self.counts.whole += whole
        self.counts.absent += not whole

    def check_everything(self):
        cases = [case for client in self.clients for case in client.all_cases()]
        self.check_cases(cases)

    def acknowledged(self):
        return sum(client.acknowledged for client in self.clients)


def clients_of(arguments):
    """One client is one connection."""
    return [Client(f"c{number}-{arguments.seed}", arguments.seed) for number in range(arguments.connections)]


def cut_power(server, disk):
    def crash(chance):
        server.stop_running()
        time.sleep(chance.uniform(0, 0.01))
        disk.cut_power(flush_log=chance.random() < 0.25)
        server.kill()
        disk.unmount()
        disk.mount()
    return crash


def kill(server):
    return lambda chance: server.kill()


def prove(proof, cycles, budget_s, title):
    started = time.monotonic()
    server, counts = proof.server, proof.counts
    server.initialise()
    server.start()
    for _ in range(cycles):
        if time.monotonic() - started > budget_s:
            raise Failed(f"only {counts.cycles} of {cycles} cycles in {budget_s} s")
        proof.cycle()
        if proof.losses:
            break
    if not proof.losses:
        proof.check_everything()
    server.kill()
    print(f"{title}, {len(proof.clients)} connections: {counts.cycles} cycles in {time.monotonic() - started:.0f} s, {proof.acknowledged()} commands "
          f"acknowledged, {counts.checked} times one looked for, {counts.lost} lost; "
          f"{counts.resent} sent again with the same answer; "
          f"unanswered: {counts.whole} whole, {counts.absent} absent", flush=True)


def verdict(proof):
    for loss in proof.losses[:10]:
        print(f"  LOST {loss}")
    return 1 if proof.losses else 0


def power_cuts(arguments, make_server, cycles, title):
    disk = Disk(arguments.work, DISK_MIB)
    kept = True
    server = make_server(os.path.join(disk.mount_point, "data"))
    proof = Proof(server, cut_power(server, disk), arguments.seed, clients_of(arguments))
    try:
        prove(proof, cycles, arguments.budget, title)
        kept = bool(proof.losses)
        return proof
    finally:
        server.kill()
        disk.remove(keep_image=kept and arguments.keep)


def log_in(arguments):
    return os.path.join(arguments.work, "server.log")


def run_power_cuts(arguments):
    proof = power_cuts(arguments, lambda data: Engine(arguments.bin, data, arguments.workflows, log_in(arguments)),
                       arguments.cycles or 40, "power cuts")
    return verdict(proof)


def run_kills(arguments):
    server = Engine(arguments.bin, os.path.join(arguments.work, "data"), arguments.workflows, log_in(arguments))
    proof = Proof(server, kill(server), arguments.seed, clients_of(arguments))
    try:
        prove(proof, arguments.cycles or 20, arguments.budget, "kills")
    finally:
        server.kill()
    return verdict(proof)


def run_calibrate(arguments):
    """A liar must be caught; the same program, honest, must not be accused."""
    def bare(lies):
        return lambda data: Ceiling(arguments.bin, data, lies, log_in(arguments))
    if not power_cuts(arguments, bare(True), 3, "calibration, a server that lies about syncing").losses:
        print("FAILED: the harness cannot see loss")
        return 3
    if power_cuts(arguments, bare(False), arguments.cycles or 5, "calibration, an honest server").losses:
        print("FAILED: the harness accuses an honest server")
        return 3
    return calibrate_engine(arguments)


def calibrate_engine(arguments):
    """The engine on a disk that lies: events must be missed, by the harness or by the store's own checks. That anything
    else is gone, a key for instance, proves nothing and fails the calibration."""
    library = os.path.abspath(os.path.join(arguments.bin, "libno_sync.so"))

    def lying_engine(data):
        return LyingEngine(arguments.bin, data, arguments.workflows, log_in(arguments), library)
    try:
        losses = power_cuts(arguments, lying_engine, 5, "calibration, the engine on a disk that lies").losses
    except FailedAfterCrash as refusal:
        if "did not start" not in str(refusal) and "audit verify" not in str(refusal):
            raise
        print(f"calibration, the engine on a disk that lies: the store refused itself: {str(refusal)[:400]}")
        return 0
    if not losses:
        print("FAILED: the harness cannot see the engine's loss")
        return 3
    return 0


def parse():
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.dirname(os.path.dirname(here))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=("power-cuts", "kills", "calibrate"))
    parser.add_argument("--bin", default=os.path.join(root, "build/release"), help="folder of the programs")
    parser.add_argument("--work", default=os.path.join(root, "build/crash"), help="folder for image, data and log")
    parser.add_argument("--workflows", default=os.path.join(root, "workflows"))
    parser.add_argument("--cycles", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0, help="0: a fresh one")
    parser.add_argument("--connections", type=int, default=12)
    parser.add_argument("--budget", type=float, default=0, help="seconds; 0: enough for the cycles")
    parser.add_argument("--keep", action="store_true", help="keep the image of a failure")
    arguments = parser.parse_args()
    arguments.seed = arguments.seed or random.SystemRandom().randrange(1, 1 << 31)
    arguments.budget = arguments.budget or max(600, 6 * arguments.cycles)
    arguments.work = os.path.join(os.path.abspath(arguments.work), f"{arguments.mode}-{os.getpid()}")
    return arguments


def main():
    arguments = parse()
    # A signal becomes an exception, so that mounts and loops are given back.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(3))
    os.makedirs(arguments.work)
    print(f"{arguments.mode}: seed {arguments.seed}", flush=True)
    failed = True
    try:
        modes = {"power-cuts": run_power_cuts, "kills": run_kills, "calibrate": run_calibrate}
        code = modes[arguments.mode](arguments)
        failed = code != 0
        return code
    except Unavailable as reason:
        print(f"SKIPPED power cuts: {reason}")
        failed = False
        return 0
    except Failed as broken:
        print(f"FAILED (seed {arguments.seed}): {broken}")
        return 1
    except Exception:
        traceback.print_exc()
        return 3
    finally:
        if failed:
            print(f"kept: {arguments.work}")
        else:
            shutil.rmtree(arguments.work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
