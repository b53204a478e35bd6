#!/usr/bin/env python3
"""The HTTP contract, spoken to the real binary over real HTTP with a real store. Loopback only."""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.path.join(ROOT, "build/release/motcua")
NAUGHTY = os.path.join(ROOT, "tests/http/data/naughty-strings/blns.json")
HERE = "H15.50.05"
NAME, NUMBER = "Nguyễn Văn An", "066084000001"
FILING = {
    "procedure": "1.001193", "channel": "counter",
    "applicant": {"personal_id": NUMBER, "full_name": NAME, "birth_date": "1984-05-01"},
    "data": {"requester": {"full_name": NAME, "relation": "cha"},
             "child": {"full_name": "Nguyễn Thị Bé", "birth_date": "2026-02-20", "sex": "male", "birth_place": "Nhà"}},
    "papers": [{"code": "to_khai"}, {"code": "giay_chung_sinh"}],
}


class Engine:
    """A development server on a fresh folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="contract-")
        self.data = os.path.join(self.folder, "data")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = open(os.path.join(self.folder, "log"), "w")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--dev", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--workflows",
             os.path.join(ROOT, "workflows"), "--now", "2026-03-02T08:00:00+07:00"], stdout=self.log, stderr=self.log)
        for _ in range(200):
            try:
                if self.send("GET", "/health/ready")[0] == 200:
                    break
            except OSError:
                time.sleep(0.05)
        self.tokens = {}

    def token(self, sub, role, agency=HERE):
        who = (sub, role, agency)
        if who not in self.tokens:
            self.tokens[who] = subprocess.check_output(
                [BINARY, "token", "--data", self.data, "--sub", sub, "--role", role, "--agency", agency], text=True).strip()
        return self.tokens[who]

    def send(self, method, path, body=None, token=None, key=None, raw=None, content_type="application/json"):
        payload = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=payload, method=method)
        if payload is not None:
            request.add_header("Content-Type", content_type)
        if token:
            request.add_header("Authorization", "Bearer " + token)
        if key != "":
            request.add_header("Idempotency-Key", key or str(uuid.uuid4()))
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, json.loads(answer.read() or b"null")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = Engine()
        token = cls.engine.token
        cls.desk = token("desk_officer-1", "desk_officer")
        cls.officer = token("case_officer-1", "case_officer")
        cls.signatory = token("signatory-1", "signatory")
        cls.supervisor = token("supervisor-1", "supervisor")
        cls.auditor = token("auditor-1", "auditor")
        cls.integrator = token("integrator-1", "integrator")
        cls.leader = token("province-leader-1", "leader", "H15")
        cls.stranger = token("h26-desk_officer-1", "desk_officer", "H26.01")

    @classmethod
    def tearDownClass(cls):
        if cls.engine.process.poll() is None:
            cls.engine.stop()
        shutil.rmtree(cls.engine.folder, ignore_errors=True)

    def get(self, path, token=None):
        return self.engine.send("GET", "/api/v1" + path, token=token or self.desk)

    def post(self, path, body, token=None, **more):
        return self.engine.send("POST", "/api/v1" + path, body, token or self.desk, **more)

    def filed(self, **changes):
        status, case = self.post("/cases", dict(FILING, **changes))
        self.assertEqual(status, 201, case)
        return case

    def command(self, case, name, data=None, token=None, version=None, **more):
        body = {"command": name, "expected_version": case["version"] if version is None else version, "data": data or {}}
        body.update(more)
        return self.post(f"/cases/{case['id']}/commands", body, token)

    def did(self, case, name, data=None, token=None, **more):
        status, after = self.command(case, name, data, token, **more)
        self.assertEqual(status, 200, after)
        return after

    def refused(self, answer, status, problem, pointer=None):
        self.assertEqual(answer[0], status, answer[1])
        self.assertEqual(answer[1]["type"], "/problems/" + problem)
        if pointer is not None:
            self.assertIn(pointer, [entry["pointer"] for entry in answer[1]["pointers"]])
        text = json.dumps(answer[1], ensure_ascii=False)
        self.assertNotIn(NAME, text)
        self.assertNotIn(NUMBER, text)

    def test_a_filing_of_the_wrong_shape_changes_nothing(self):
        before = self.engine.send("GET", "/health/ready")[1]["position"]
        for changes, pointer in (({"procedure": "9.9"}, "/procedure"), ({"extra": 1}, "/extra"), ({"channel": "fax"}, "/channel"),
                                 ({"applicant": None}, "/applicant"), ({"papers": [{"code": "nope"}]}, "/papers/0/code"),
                                 ({"lookups": [{"lookup_id": "x", "subject": "/child"}]}, "/lookups/0/lookup_id"),
                                 ({"data": {"child": {"full_name": 5}}}, "/data/child/full_name"),
                                 ({"data": {"child": {"unknown": "x"}}}, "/data/child/unknown")):
            self.refused(self.post("/cases", dict(FILING, **changes)), 422, "invalid-data", pointer)
        for member in ("procedure", "channel", "applicant"):
            body = {key: value for key, value in FILING.items() if key != member}
            self.refused(self.post("/cases", body), 422, "invalid-data", "/" + member)
        self.assertEqual(self.engine.send("GET", "/health/ready")[1]["position"], before)

    def test_the_example_is_filed_and_received_from_the_command_line(self):
        example = os.path.join(ROOT, "examples/birth_registration/filing.json")

        def case(*arguments):
            environment = dict(os.environ, MOTCUA_URL=f"http://127.0.0.1:{self.engine.port}", MOTCUA_TOKEN=self.desk)
            done = subprocess.run([BINARY, "case", *arguments], capture_output=True, text=True, env=environment)
            return done.returncode, json.loads(done.stdout or "null")

        code, filed = case("file", example)
        self.assertEqual((code, filed["missing"]), (0, []))
        self.assertEqual(case("do", filed["id"], "receive", "--expected-version", "1")[1]["stage"], "received")
        self.assertEqual(case("do", filed["id"], "receive", "--expected-version", "2")[0], 1)
        self.assertEqual(case("deadline", filed["id"])[1]["derivation"][-1]["rule"], "same_day")
        sentences = case("deadline", filed["id"])[1]["sentences"]
        self.assertEqual(len(sentences["vi"]), len(sentences["en"]))
        self.assertTrue(sentences["vi"][-1].startswith("Vì vậy hạn giải quyết là "), sentences["vi"])
        self.assertIs(case("deadline", filed["id"])[1]["provisional"], False)
        self.assertEqual(case("show", filed["id"], "--at-version", "1")[1]["stage"], "registered")

    def test_the_log_can_be_verified_beside_the_running_engine(self):
        for _ in range(5):
            self.filed()
            for command in ("audit", "verify"), ("views", "check"):
                done = subprocess.run([BINARY, *command, "--data", self.engine.data], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_bodies_beyond_the_limits_are_refused(self):
        for raw, status, problem in ((b'{"a":' + b"[" * 33 + b"]" * 33 + b"}", 400, "bad-json"),
                                     (b'{"a":1,"a":2}', 400, "duplicate-key"), (b"[]", 400, "bad-request"),
                                     (b'{"a":"\\u0000"}', 422, "invalid-data"), (b'{"a":1e400}', 400, "bad-json"),
                                     (b'{"a":"' + b"x" * (1 << 20) + b'"}', 413, "too-large")):
            self.refused(self.post("/cases", None, raw=raw), status, problem)
        self.refused(self.post("/cases", FILING, content_type="text/plain"), 415, "unsupported-media-type")
        self.refused(self.engine.send("DELETE", "/api/v1/cases", token=self.desk), 405, "method-not-allowed")
        self.refused(self.get("/nowhere"), 404, "not-found")

    def test_who_may_not_is_told_so_or_sees_nothing(self):
        case = self.filed()
        path = f"/cases/{case['id']}"
        self.refused(self.engine.send("POST", "/api/v1/cases", FILING), 401, "unauthenticated")
        self.refused(self.engine.send("GET", "/api/v1" + path, token=self.desk[:-4] + "AAAA"), 401, "unauthenticated")
        self.refused(self.post("/cases", FILING, self.officer), 403, "role-forbidden")
        self.refused(self.post("/cases", FILING, key=""), 400, "idempotency-key-missing")
        for token in (self.stranger, self.integrator):
            self.refused(self.get(path, token), 404, "not-found")
            self.refused(self.command(case, "receive", token=token), 404, "not-found")
            self.assertEqual(self.post("/search", {"code": case["codes"][0]["code"]}, token)[1]["items"], [])
        self.refused(self.command(case, "receive", token=self.officer), 403, "role-forbidden")
        self.refused(self.command(case, "pause", {"reason_code": "x"}), 403, "role-forbidden")
        self.assertEqual(self.get(path, self.leader)[1]["applicant"]["full_name"], NAME)
        masked = self.get(path, self.auditor)[1]
        self.assertNotIn(NAME, json.dumps(masked, ensure_ascii=False))
        self.assertNotIn(NUMBER, json.dumps(masked))
        self.assertEqual(masked["allowed_commands"], [])
        events = self.get(path + "/events", self.auditor)[1]
        self.assertNotIn(NAME, json.dumps(events, ensure_ascii=False))
        self.refused(self.command(case, "note", {"text": "x"}, self.auditor), 403, "role-forbidden")

    def test_the_law_says_what_is_allowed_instead(self):
        case = self.filed()
        status, problem = self.command(case, "return_result", {"channel": "counter", "to": "x"})
        self.refused((status, problem), 422, "not-allowed")
        self.assertIn({"command": "receive"}, problem["allowed"])
        self.refused(self.command(case, "resolve", {"results": [{"code": "KQ.G15.000031"}]}, self.officer), 422, "not-allowed")
        self.refused(self.command(case, "pause", {"reason_code": "x"}, self.officer), 422, "not-allowed")
        self.refused(self.command(case, "explode"), 422, "invalid-data", "/command")
        self.refused(self.post(f"/cases/{case['id']}/commands", {"command": "receive", "data": {}}), 422, "expected-version-missing")
        self.refused(self.command(case, "refuse_reception", {"reason_code": "x"}), 422, "invalid-data", "/data/reason_code")
        self.refused(self.command(case, "request_supplement", {"items": [{"code": "x", "why": ""}]}), 422, "invalid-data",
                     "/data/items/0/code")

    def test_a_stale_version_is_told_who_moved_the_case(self):
        case = self.did(self.filed(), "receive")
        status, problem = self.command(case, "note", {"text": "x"}, version=1)
        self.refused((status, problem), 409, "version-conflict")
        self.assertEqual((problem["current_version"], problem["changed"][0]["actor"]), (2, "desk_officer-1"))
        self.refused(self.command(case, "note", {"text": "x"}, version=99), 409, "version-conflict")

    def test_a_repeated_key_does_it_once(self):
        case = self.filed()
        key = str(uuid.uuid4())
        body = {"command": "note", "expected_version": 1, "data": {"text": "ghi chú"}}
        path = f"/cases/{case['id']}/commands"
        first, second = self.post(path, body, key=key), self.post(path, body, key=key)
        self.assertEqual(first, second)
        self.did(first[1], "receive")
        self.assertEqual(self.post(path, body, key=key)[1]["version"], 2)
        self.refused(self.post(path, dict(body, data={"text": "khác"}), key=key), 409, "idempotency-key-reused")
        self.assertEqual(self.get(f"/cases/{case['id']}")[1]["version"], 3)

    def test_a_case_can_be_seen_as_it_stood(self):
        case = self.did(self.filed(), "receive")
        path = f"/cases/{case['id']}"
        self.assertEqual(self.get(path + "?at_version=1")[1]["stage"], "registered")
        self.assertEqual(self.get(path + "?at_time=2026-03-02T08:00:00%2B07:00")[1]["version"], 2)
        for query, status, problem in (("at_version=0", 400, "bad-request"), ("at_version=99", 404, "not-found"), ("x=1", 400, "bad-request"),
                                       ("at_version=1&at_time=2026-03-02T08:00:00Z", 400, "bad-request"),
                                       ("at_time=2026-03-01T08:00:00Z", 404, "not-found")):
            self.refused(self.get(f"{path}?{query}"), status, problem)

    def test_worklists_follow_the_case_and_their_counters_agree(self):
        case = self.filed()

        def waiting(queue, token):
            items, cursor = [], ""
            while cursor is not None:
                page = self.get(f"/worklists/{queue}?limit=2" + (f"&cursor={cursor}" if cursor else ""), token)[1]
                items, cursor = items + page["items"], page["next_cursor"]
            counts = {entry["queue"]: entry["count"] for entry in self.get("/worklists", token)[1]["items"]}
            self.assertEqual(len(items), counts[queue])
            return {item["id"]: item for item in items}

        self.assertEqual(waiting("reception", self.desk)[case["id"]]["bucket"], "no_limit")
        case = self.did(case, "receive")
        self.assertNotIn(case["id"], waiting("reception", self.desk))
        self.assertEqual(waiting("processing", self.officer)[case["id"]]["due_at"], case["due_at"])
        case = self.did(case, "assign", {"assignee": "case_officer-2"}, self.supervisor)
        self.assertEqual(waiting("processing", self.officer)[case["id"]]["assignee"], "case_officer-2")
        self.refused(self.command(case, "step", {"event": "finish_check"}, self.officer), 422, "not-allowed")
        self.refused(self.command(case, "assign", {"assignee": "nobody"}, self.supervisor), 422, "invalid-data", "/data/assignee")
        self.assertIn(case["id"], json.dumps(self.get("/worklists/processing?assignee=case_officer-2&procedure=1.001193", self.officer)))
        self.refused(self.get("/worklists/nowhere"), 404, "not-found")
        self.refused(self.get("/worklists/processing?cursor=abcd"), 400, "bad-request")
        self.refused(self.get("/worklists/processing?bucket=late"), 400, "bad-request")
        self.refused(self.get("/worklists", self.integrator), 403, "role-forbidden")

    def test_a_filter_finds_what_lies_far_behind_in_the_queue(self):
        cases = [self.did(self.filed(), "receive") for _ in range(9)]
        held = [self.did(case, "assign", {"assignee": "case_officer-2"}, self.supervisor)["id"] for case in (cases[0], cases[-1])]
        found, cursor = [], ""
        while cursor is not None:
            page = self.get(f"/worklists/processing?assignee=case_officer-2&limit=1{cursor}", self.officer)[1]
            self.assertLessEqual(len(page["items"]), 1)
            found += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"] and "&cursor=" + page["next_cursor"]
        self.assertEqual([case for case in found if case in held], held)
        self.assertEqual(len(found), len(set(found)))

    def test_every_naughty_string_comes_back_byte_equal(self):
        with open(NAUGHTY) as file:
            strings = json.load(file) + ["".join(map(chr, range(1, 32))) + "\x7f\u202e\u2066\u2028"]
        for text in strings:
            data = dict(FILING["data"], child=dict(FILING["data"]["child"], full_name=text))
            case = self.filed(data=data, applicant={"full_name": text})
            after = self.did(case, "note", {"text": text}, reason=text)
            shown = self.get(f"/cases/{case['id']}")[1]
            for view in (case, after, shown):
                self.assertEqual((view["data"]["child"]["full_name"], view["applicant"]["full_name"]), (text, text))
            note = self.get(f"/cases/{case['id']}/events")[1]["items"][1]["personal"]["free-text"]
            self.assertEqual((note["note"], note["reason"]), (text, text))

    def test_z_the_folder_proves_itself_and_holds_nothing_in_clear(self):
        case = self.did(self.filed(), "receive")
        self.engine.stop()
        data = self.engine.data

        def run(*arguments):
            return subprocess.run([BINARY, *arguments], capture_output=True, text=True)

        self.assertEqual(run("audit", "verify", "--data", data).returncode, 0)
        self.assertEqual(run("views", "check", "--data", data).returncode, 0)
        plain = run("audit", "replay", "--data", data, case["id"]).stdout
        self.assertIn("case.received", plain)
        self.assertNotIn(NAME, plain)
        key = data + ".master-key"
        self.assertIn(NAME, run("audit", "replay", "--data", data, case["id"], "--reveal", "--master-key", key).stdout)
        for folder, _, files in os.walk(self.engine.folder):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()
                self.assertNotIn(NAME.encode(), content, name)
                self.assertNotIn(NUMBER.encode(), content, name)
        before = json.loads(run("audit", "replay", "--json", "--data", data, case["id"]).stdout)["state"]
        os.remove(key)
        self.assertEqual(json.loads(run("audit", "replay", "--json", "--data", data, case["id"]).stdout)["state"], before)
        self.assertEqual(run("views", "rebuild", "--data", data).returncode, 0)
        self.assertEqual(run("views", "check", "--data", data).returncode, 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=BINARY)
    options, rest = parser.parse_known_args()
    BINARY = os.path.abspath(options.binary)
    unittest.main(argv=[sys.argv[0], *rest])
