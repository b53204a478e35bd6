"""The programs under test: the engine, and the ceiling that may be told to lie about syncing."""
import http.client
import json
import os
import signal
import socket
import subprocess
import time

READY_SECONDS = 60


class Failed(Exception):
    """A promise was broken; the text says which."""


class FailedAfterCrash(Failed):
    """The same, found when the server's folder was looked at again after a crash."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One process on a data folder; started and ended many times."""

    def __init__(self, log_file):
        self.log_file = log_file
        self.port = 0
        self.process = None
        self.tokens = {}
        self.preload = ""  # a library that makes the process's disk lie

    def start(self):
        self.port = free_port()
        with open(self.log_file, "a") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=self.environment())
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready():
            if self.process.poll() is not None:
                raise Failed(f"{self.name} did not start (exit code {self.process.returncode}): {self.last_words()}")
            if time.monotonic() > deadline:
                raise Failed(f"{self.name} is not ready after {READY_SECONDS} s: {self.last_words()}")
            time.sleep(0.01)
        self.make_tokens()

    def environment(self):
        return {**os.environ, "LD_PRELOAD": self.preload} if self.preload else None

    def last_words(self):
        with open(self.log_file) as log:
            return log.read()[-1500:]

    def stop_running(self):
        self.process.send_signal(signal.SIGSTOP)

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def get(self, path, role="desk_officer"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.tokens.get(role, '')}"})
            response = connection.getresponse()
            body = response.read()
            return response.status, json.loads(body) if body[:1] in (b"{", b"[") else None
        finally:
            connection.close()

    def ready(self):
        try:
            return self.get(self.ready_path)[0] in self.ready_statuses
        except OSError:
            return False


class Engine(Server):
    name = "motcua"
    ready_path = "/health/ready"
    ready_statuses = (200, 204)
    agency = "H15.50.05"

    def __init__(self, binaries, data, workflows, log_file):
        super().__init__(log_file)
        self.binary = os.path.join(binaries, "motcua")
        self.data = data
        self.workflows = workflows

    def command(self):
        return (self.binary, "serve", "--dev", "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
                "--workflows", self.workflows)

    def run(self, *arguments):
        done = subprocess.run((self.binary, *arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Failed(f"motcua {' '.join(arguments)}: exit code {done.returncode}: {done.stdout[-1500:]}")
        return done.stdout.strip()

    def initialise(self):
        self.run("init", "--data", self.data)

    def make_tokens(self):
        for role in ("desk_officer", "case_officer", "signatory"):
            if role not in self.tokens:
                self.tokens[role] = self.run("token", "--data", self.data, "--sub", f"{role}-1", "--role", role,
                                             "--agency", self.agency)

    def check_store(self):
        """The log's tree and the views, with the engine down."""
        self.run("audit", "verify", "--data", self.data)
        self.run("views", "check", "--data", self.data)

    def versions(self, case_id):
        """Versions and types of all events of a case; None if it does not exist."""
        status, body = self.get(f"/api/v1/cases/{case_id}/events?limit=200")
        if status == 404:
            return None
        if status != 200:
            raise Failed(f"GET events of {case_id}: {status} {body}")
        return [(item["version"], item.get("type", "")) for item in body["items"]]


class LyingEngine(Engine):
    """The engine with syncs that do nothing (no_sync.cpp), after an honest start that made its files: only what happens
    under load can be lost. Its tokens are minted anew after each start, so that a lost key hides no lost event."""

    def __init__(self, binaries, data, workflows, log_file, library):
        super().__init__(binaries, data, workflows, log_file)
        self.library = library

    def initialise(self):
        if not os.path.exists(self.library):
            raise RuntimeError(f"{self.library} is missing: a disk that does not lie calibrates nothing")
        super().initialise()
        self.start()
        self.kill()
        os.sync()  # whatever the honest start wrote is on the disk
        self.preload = self.library

    def make_tokens(self):
        self.tokens.clear()
        super().make_tokens()


class Ceiling(Server):
    """The bare server of bench/ceiling; no idempotency, no history: only the last version is known."""
    name = "motcua-ceiling"
    ready_path = "/api/v1/cases"
    ready_statuses = (400, 404)

    def __init__(self, binaries, data, lies, log_file):
        super().__init__(log_file)
        self.binary = os.path.join(binaries, "motcua-ceiling")
        self.data = data
        self.lies = lies

    def command(self):
        lie = ("--no-sync",) if self.lies else ()
        return (self.binary, "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--answer-bytes", "600", *lie)

    def initialise(self):
        os.makedirs(self.data, exist_ok=True)

    def make_tokens(self):
        pass

    def check_store(self):
        pass

    def versions(self, case_id):
        status, body = self.get(f"/api/v1/cases/{case_id}")
        return [(version, "") for version in range(1, body["version"] + 1)] if status == 200 else None
