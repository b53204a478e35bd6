"""The two servers, each on a folder of its own, and the load generator."""
import glob
import json
import os
import shutil
import socket
import subprocess
import time

from .machine import Watch, die_with_parent, free_port

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORKFLOWS = os.path.join(ROOT, "workflows")
ROLES = ("desk_officer", "case_officer", "signatory")
AGENCY = "H15.50.05"


def remove_store(data):
    """The folder, and what the engine keeps beside it."""
    shutil.rmtree(data, ignore_errors=True)
    for path in glob.glob(data + ".anchor*") + glob.glob(data + ".master-key"):
        os.remove(path)


class Failed(Exception):
    """A measurement cannot go on; the topics after it can."""


class Server:
    """A process that listens; ends with the `with` block. Keeps its folder unless `fresh`."""

    def __init__(self, options, name, data=None, fresh=True, preload=None):
        self.options, self.name, self.fresh, self.preload = options, name, fresh, preload
        self.data = data or os.path.join(options.out, f"data-{name}")
        self.tokens = ["--token", "=" + "x" * 600]  # the ceiling reads as many bytes of token, and ignores them
        self.process = self.port = None

    def command(self):
        raise NotImplementedError

    def ready(self):
        socket.create_connection(("127.0.0.1", self.port), timeout=1).close()

    def start(self):
        self.port = free_port()
        environment = dict(os.environ, LD_PRELOAD=self.preload) if self.preload else None
        with open(os.path.join(self.options.out, f"{self.name}.log"), "a") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=environment,
                                            preexec_fn=die_with_parent)

    def wait_until_up(self):
        for _ in range(1200):
            if self.process.poll() is not None:
                raise Failed(f"{self.name} ended at start; see {self.options.out}/{self.name}.log")
            try:
                return self.ready()
            except OSError:
                time.sleep(0.05)
        raise Failed(f"{self.name} does not listen")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        if self.fresh:
            remove_store(self.data)
        self.start()
        try:
            self.wait_until_up()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        if self.fresh:
            remove_store(self.data)

    def measure(self, connections, seconds, *more):
        """One report of the load generator, with the share of the machine that others took meanwhile."""
        with Watch(self.process.pid) as watch:
            report = self.load(connections, seconds, *more)
        report["others"] = watch.share
        return report

    def load_command(self, connections, seconds, *more):
        return (f"{self.options.bin}/motcua-load", "--json", "--target", f"127.0.0.1:{self.port}", "--connections",
                str(connections), "--seconds", str(seconds), "--server-pid", str(self.process.pid), *self.tokens, *more)

    def load(self, connections, seconds, *more):
        done = subprocess.run(self.load_command(connections, seconds, *more), capture_output=True, text=True)
        if done.returncode == 3:
            raise Failed(f"{self.name}: {done.stderr}")
        report = json.loads(done.stdout)
        if not report["acceptable"]:
            raise Failed(f"{self.name}: too many errors: {report['errors']} {report['error_kinds']}")
        return report


class Engine(Server):
    """The engine as a development server; with a virtual clock if `now` is given."""

    def __init__(self, options, name="engine", now=None, **more):
        super().__init__(options, name, **more)
        self.now = now

    def command(self):
        clock = ("--now", self.now) if self.now else ()
        return (f"{self.options.bin}/motcua", "serve", "--dev", "--data", self.data, "--listen",
                f"127.0.0.1:{self.port}", "--workflows", WORKFLOWS, *clock)

    def wait_until_up(self):
        super().wait_until_up()
        self.tokens = [part for role in ROLES for part in ("--token", f"{role}={self.token(role)}")]

    def token(self, role, sub=None):
        made = subprocess.run((f"{self.options.bin}/motcua", "token", "--data", self.data, "--sub", sub or f"{role}-1",
                               "--role", role, "--agency", AGENCY), check=True, capture_output=True, text=True)
        return made.stdout.strip()


class Ceiling(Server):
    def __init__(self, options, sample, **more):
        super().__init__(options, "ceiling", **more)
        self.sample = sample

    def command(self):
        return (f"{self.options.bin}/motcua-ceiling", "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
                "--sample", self.sample)


def store_bench(options, *arguments):
    """Runs the program for folders; its standard output."""
    done = subprocess.run((f"{options.bin}/motcua-store-bench", *arguments), stdout=subprocess.PIPE, text=True, cwd=ROOT,
                          preexec_fn=die_with_parent)
    if done.returncode != 0:
        raise Failed(f"motcua-store-bench {arguments[0]} ended with {done.returncode}")
    return done.stdout
