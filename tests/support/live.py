"""The real processes for tests that speak HTTP: the engine and the example population service, on free ports and in
folders of their own, and killed whatever becomes of the test. Loopback only; standard library only."""
import argparse
import atexit
import ctypes
import datetime  # noqa: F401  (for tests)
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORKFLOWS = os.path.join(ROOT, "workflows")
HERE, ELSEWHERE = "H15.50.05", "H26.01"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_binaries = {"motcua": os.path.join(ROOT, "build/release/motcua"),
             "population": os.path.join(ROOT, "build/release/population-service")}
_running = []


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@atexit.register
def _kill_all():
    for process in _running:
        if process.poll() is None:
            process.kill()
            process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true, seconds, what, pause=0.05):
    """Waits for `true()`; its last value, or an AssertionError that names what did not come."""
    end = time.monotonic() + seconds
    while True:
        value = true()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)


class Process:
    """One child with an HTTP port; connections are kept alive, one for each thread."""

    def __init__(self):
        self.port, self.child = free_port(), None
        self._local, self._opened = threading.local(), []

    def launch(self, arguments, log, env=None):
        with open(log, "ab") as output:
            self.child = subprocess.Popen(arguments, stdout=output, stderr=output, env=env,
                                          preexec_fn=_die_with_parent)
        _running.append(self.child)

    def exchange(self, method, path, payload=None, headers=None, timeout=60):
        """(status, bytes, headers); a kept connection that the peer has closed is opened anew."""
        kept = getattr(self._local, "connection", None)
        for connection in ([kept] if kept else []) + [http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)]:
            if connection is not kept:
                self._opened.append(connection)
            try:
                connection.request(method, path, body=payload, headers=headers or {})
                answer = connection.getresponse()
                body = answer.read()
                self._local.connection = connection
                return answer.status, body, dict(answer.getheaders())
            except (http.client.BadStatusLine, ConnectionError, BrokenPipeError):
                connection.close()
                self._local.connection = None
                if connection is not kept:
                    raise
        raise AssertionError("unreachable")

    def wait_for(self, path, log):
        def ready():
            if self.child.poll() is not None:
                with open(log, encoding="utf-8", errors="replace") as file:
                    raise AssertionError("the process ended at its start: " + file.read()[-2000:])
            try:
                return self.exchange("GET", path)[0] == 200
            except OSError:
                return False
        until(ready, 60, f"{path} of a process that starts")

    def hang_up(self):
        for connection in self._opened:
            connection.close()
        self._local, self._opened = threading.local(), []

    def stop(self):
        self.hang_up()
        if self.child.poll() is None:
            self.child.terminate()
            self.child.wait(30)

    def kill(self):
        self.hang_up()
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait(30)


class Population(Process):
    """The example population service: same seed, same people, also after a restart."""

    def __init__(self, folder, people=200, seed=1):
        super().__init__()
        self.log = os.path.join(folder, "population.log")
        self.arguments = [_binaries["population"], "--listen", f"127.0.0.1:{self.port}", "--people", str(people), "--seed", str(seed)]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.launch(self.arguments, self.log)
        self.wait_for("/_stats", self.log)

    def get(self, path):
        return json.loads(self.exchange("GET", path)[1])

    def people(self):
        return self.get("/_people?limit=100000")["people"]

    def stats(self):
        return self.get("/_stats")

    def behave(self, mode, **more):
        status, body, _ = self.exchange("POST", "/_control", json.dumps(dict(more, mode=mode)))
        assert status == 200, body


class Engine(Process):
    """A development server; with a virtual clock, unless `now` is None."""

    def __init__(self, folder, now, population=None, workflows=WORKFLOWS, timezone=None, more=(), around=()):
        super().__init__()
        self.more, self.around = more, around  # arguments; what executes the binary
        self.folder, self.data = folder, os.path.join(folder, "data")
        self.log, self.access_log = os.path.join(folder, "log"), os.path.join(folder, "access.log")
        self.population, self.workflows, self.timezone = population, workflows, timezone
        self._tokens = {}
        self.start(now)

    def start(self, now, ready="/health/ready"):
        arguments = [*self.around, _binaries["motcua"], "serve", *self.identity(), "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
                     "--workflows", self.workflows, "--access-log", self.access_log]
        if now:
            arguments += ["--now", now]
        if self.population:
            arguments += ["--population", self.population]
        arguments += self.more
        self.launch(arguments, self.log, self.environment())
        self.wait_for(ready, self.log)

    def identity(self):
        """Whose tokens count."""
        return ["--dev"]

    def environment(self):
        """Of the engine and of the commands that mint its tokens; None for this process's own."""
        return dict(os.environ, TZ=self.timezone) if self.timezone else None

    def token(self, role, sub=None, agency=HERE):
        who = (role, sub or ("h26-" if agency == ELSEWHERE else "") + role + "-1", agency)
        if who not in self._tokens:
            self._tokens[who] = subprocess.check_output(
                [_binaries["motcua"], "token", "--data", self.data, "--sub", who[1], "--role", role, "--agency", agency],
                text=True, env=self.environment()).strip()
        return self._tokens[who]

    def send(self, method, path, body=None, token=None, key=None, headers=None, timeout=60):
        """(status, JSON); a write gets a key of its own unless `key` is given ("" for none)."""
        all_headers = dict(headers or {})
        if body is not None:
            all_headers["Content-Type"] = "application/json"
        if token:
            all_headers["Authorization"] = "Bearer " + token
        if method != "GET" and key != "":
            all_headers["Idempotency-Key"] = key or str(uuid.uuid4())
        status, answer, _ = self.exchange(method, path, None if body is None else json.dumps(body).encode(), all_headers, timeout)
        return status, json.loads(answer or b"null")

    def clock(self, to=None, **body):
        return self.send("POST", "/dev/clock", {"set": to} if to else body, key="")

    def run(self, *arguments):
        """A command of the binary on this engine's folder."""
        return subprocess.run([_binaries["motcua"], *arguments, "--data", self.data], capture_output=True, text=True, timeout=120)


def identifiers(person):
    return {name: person[name] for name in ("personal_id", "full_name", "birth_date")}


def couples(people):
    """Mothers and fathers who are registered as the parents of somebody, each couple once."""
    known = {person["personal_id"]: person for person in people}
    pairs = {(child["mother"], child["father"]): None for child in people if child["mother"] in known and child["father"] in known}
    return [(known[mother], known[father]) for mother, father in pairs]


def birth(mother, father, name="Nguyễn Thị Bé", of_mother=None):
    """A birth with only what nobody but the applicant, the father, can say; `of_mother` says more about her."""
    return {"procedure": "1.001193", "channel": "counter", "applicant": identifiers(father),
            "data": {"child": {"full_name": name, "sex": "female", "birth_date": "2026-02-20", "birth_place": "Trạm y tế xã"},
                     "mother": dict(identifiers(mother), **(of_mother or {})), "father": identifiers(father)},
            "papers": [{"code": "to_khai"}, {"code": "giay_chung_sinh"}]}


NOBODY = {"personal_id": "066084000001", "full_name": "Nguyễn Văn An", "birth_date": "1984-05-01"}


def stay(**changes):
    """Temporary residence: three working days, counted in working time from the minute of receipt."""
    return dict({"procedure": "1.004194", "channel": "counter", "applicant": NOBODY,
                 "data": {"stay": {"address": "Thôn 3, xã Suối Mẫu", "from": "2026-02-10"}}, "papers": [{"code": "ct01"}]}, **changes)


def definition(code):
    with open(os.path.join(WORKFLOWS, "catalogue", code, "procedure.json"), encoding="utf-8") as file:
        return json.load(file)


def workflows_with(folder, *more):
    """A copy of the shipped workflows with more definitions; its folder."""
    copy = os.path.join(folder, "workflows")
    shutil.copytree(WORKFLOWS, copy)
    for changed in more:
        os.makedirs(os.path.join(copy, "catalogue", changed["code"]))
        with open(os.path.join(copy, "catalogue", changed["code"], "procedure.json"), "w", encoding="utf-8") as file:
            json.dump(changed, file, ensure_ascii=False)
    return copy


def pausable_stay():
    """Temporary residence as a procedure that may also be paused by command, and extended twice."""
    changed = definition("1.004194")
    changed["code"] = "9.000001"
    changed["time_limit"].update(max_extensions=2, extension_law=changed["law"][0]["id"])
    name = {"vi": "Chờ xác minh", "en": "Waiting for verification"}
    changed["pause_reasons"].append({"code": "verification", "name": name, "whose": "other_agency", "law": "unverified"})
    return changed


class LiveTest(unittest.TestCase):
    """Speaks to `self.engine` as the officers of one commune."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix=cls.__name__ + "-")
        cls.population = cls.engine = None
        cls.addClassCleanup(cls.clean_up)  # also if the rest of setUpClass fails

    @classmethod
    def clean_up(cls):
        for process in (cls.engine, cls.population):
            if process is not None:
                process.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def as_role(self, role, sub=None, agency=HERE):
        return self.engine.token(role, sub, agency)

    def get(self, path, role="desk_officer"):
        status, body = self.engine.send("GET", "/api/v1" + path, token=self.as_role(role))
        self.assertEqual(status, 200, body)
        return body

    def case(self, case, query=""):
        return self.get(f"/cases/{case['id']}{query}")

    def deadline(self, case):
        return self.get(f"/cases/{case['id']}/deadline")

    def events(self, case):
        items, cursor = [], ""
        while cursor is not None:
            page = self.get(f"/cases/{case['id']}/events?limit=200" + (f"&cursor={cursor}" if cursor else ""))
            items, cursor = items + page["items"], page["next_cursor"]
        return items

    def post(self, path, body, role="desk_officer", sub=None, agency=HERE, **more):
        return self.engine.send("POST", "/api/v1" + path, body, self.as_role(role, sub, agency), **more)

    def filed(self, body, **more):
        status, case = self.post("/cases", body, **more)
        self.assertEqual(status, 201, case)
        return case

    def command(self, case, name, data=None, role="desk_officer", sub=None, version=None, **more):
        current = self.case(case)["version"] if version is None else version
        body = dict({"command": name, "expected_version": current, "data": data or {}}, **more)
        return self.post(f"/cases/{case['id']}/commands", body, role, sub)

    def did(self, case, name, data=None, role="desk_officer", **more):
        status, after = self.command(case, name, data, role, **more)
        self.assertEqual(status, 200, after)
        return after

    def received(self, body):
        return self.did(self.filed(body), "receive", {"accept_incomplete": True}, reason="bổ sung sau")

    def hop(self, to):
        status, body = self.engine.clock(to)
        self.assertEqual((status, body.get("now")), (200, to), body)

    def refused(self, answer, status, problem, pointer=None):
        self.assertEqual((answer[0], answer[1].get("type")), (status, "/problems/" + problem), answer[1])
        if pointer is not None:
            self.assertIn(pointer, [entry["pointer"] for entry in answer[1].get("pointers", [])], answer[1])

    def healed(self, case, seconds=30):
        """The case once no value waits for the register any more."""
        def answered():
            now = self.case(case)
            waiting = {"PENDING", "UNAVAILABLE"} & {origin["class"] for origin in now["provenance"].values()}
            return None if waiting else now
        return until(answered, seconds, "answers of the register")


def main(exit=True, **more):
    parser = argparse.ArgumentParser()
    parser.add_argument("--motcua", default=_binaries["motcua"])
    parser.add_argument("--population", default=_binaries["population"])
    options, rest = parser.parse_known_args()
    _binaries.update(motcua=os.path.abspath(options.motcua), population=os.path.abspath(options.population))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    return unittest.main(argv=[sys.argv[0], *rest], exit=exit, **more)
