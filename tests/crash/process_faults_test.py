#!/usr/bin/env python3
"""Faults of the process, one named test for each, through the real binary: descriptors run out, signals under load,
standard streams that are closed or broken (docs/durability.md has the table)."""
import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../support"))
import live  # noqa: E402
from fault_runner import runner  # noqa: E402

CLIENTS = 16


class ProcessTest(live.LiveTest):
    def setUp(self):
        self.base = live.tempfile.mkdtemp(dir=self.folder)
        self.engine = live.Engine(self.base, None)
        self.sockets = []

    def tearDown(self):
        self.let_go()
        self.engine.kill()

    def let_go(self):
        for one in self.sockets:
            one.close()
        self.sockets = []

    def connect(self):
        self.sockets.append(socket.create_connection(("127.0.0.1", self.engine.port), timeout=10))
        return self.sockets[-1]

    def held(self, cases):
        for case in cases:
            versions = [event["version"] for event in self.events(case)]
            self.assertEqual(versions, list(range(1, case["version"] + 1)), case["id"])


class Descriptors(ProcessTest):
    def limit(self, number):
        _, hard = resource.prlimit(self.engine.child.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.engine.child.pid, resource.RLIMIT_NOFILE, (number, hard))

    def in_use(self):
        return len(os.listdir(f"/proc/{self.engine.child.pid}/fd"))

    def test_connections_wait_while_descriptors_are_out_and_are_served_when_some_come_back(self):
        case = self.filed(live.stay())  # on a connection that stays
        self.limit(self.in_use() + 3)
        for _ in range(12):
            self.connect()
        waiting = self.connect()
        waiting.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        waiting.settimeout(1)
        with self.assertRaises(TimeoutError):
            waiting.recv(1)
        more = self.did(case, "receive")
        self.sockets.remove(waiting)
        self.let_go()
        waiting.settimeout(10)
        self.assertTrue(waiting.recv(64).startswith(b"HTTP/1.1 200"))
        waiting.close()
        self.limit(self.in_use() + 100)
        self.held([more])

    def test_connections_never_take_the_descriptors_that_the_store_needs(self):
        self.engine.kill()
        limit = 1000
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), None, around=("prlimit", f"--nofile={limit}:{limit}"))
        case = self.filed(live.stay())
        answer = b""
        while not answer.startswith(b"HTTP/1.1 503") and len(self.sockets) < limit:
            one = self.connect()
            one.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = one.recv(64)
        self.assertLess(len(self.sockets), limit - 768)
        self.held([self.did(case, "receive")])


class Signals(ProcessTest):
    def test_sigterm_under_load_ends_in_order_within_ten_seconds_and_keeps_every_acknowledged_command(self):
        filed, refusals = [], []
        threads = [threading.Thread(target=self.file_until_closed, args=(filed, refusals)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        live.until(lambda: len(filed) > 50, 20, "load")
        began = time.monotonic()
        self.engine.child.send_signal(signal.SIGTERM)
        self.assertEqual(self.engine.child.wait(20), 0)
        self.assertLess(time.monotonic() - began, 10)
        for thread in threads:
            thread.join()
        self.assertEqual(refusals, [])
        self.engine.hang_up()
        self.engine.start(None)
        self.held(filed)

    def file_until_closed(self, filed, refusals):
        try:
            while True:
                status, case = self.post("/cases", live.stay())
                (filed if status == 201 else refusals).append(case)
        except (OSError, http.client.HTTPException):
            pass

    def test_a_second_sigterm_does_not_wait_for_requests_that_never_end(self):
        case = self.filed(live.stay())
        slow = self.connect()
        slow.sendall(b"POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        time.sleep(0.3)
        self.engine.child.send_signal(signal.SIGTERM)
        time.sleep(1)
        self.assertIsNone(self.engine.child.poll())
        self.engine.child.send_signal(signal.SIGTERM)
        self.assertEqual(self.engine.child.wait(3), 0)
        self.engine.hang_up()
        self.engine.start(None)
        self.held([case])


class StandardStreams(ProcessTest):
    def test_closed_standard_streams_lead_no_word_into_the_files_of_the_store(self):
        self.engine.kill()
        folder = live.tempfile.mkdtemp(dir=self.folder)
        self.engine = live.Engine(folder, None, around=("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"))
        targets = [os.readlink(f"/proc/{self.engine.child.pid}/fd/{number}") for number in (0, 1, 2)]
        self.assertEqual(targets, ["/dev/null"] * 3)
        case = self.filed(live.stay())
        self.held([case])
        self.engine.stop()
        self.assertEqual(self.engine.run("audit", "verify").returncode, 0)

    def test_a_reader_of_the_log_that_goes_away_does_not_end_the_engine(self):
        self.engine.kill()
        folder = live.tempfile.mkdtemp(dir=self.folder)
        pipe = os.path.join(folder, "access.log")
        os.mkfifo(pipe)
        reader = subprocess.Popen(["head", "-c", "1", pipe], stdout=subprocess.DEVNULL)
        self.addCleanup(reader.kill)
        self.engine = live.Engine(folder, None)
        self.filed(live.stay())
        reader.wait(20)
        cases = [self.filed(live.stay()) for _ in range(20)]
        time.sleep(1)
        self.held(cases)
        self.assertIsNone(self.engine.child.poll())


if __name__ == "__main__":
    live.main(testRunner=runner("process faults"))
