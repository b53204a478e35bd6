#!/usr/bin/env python3
"""Running cases move to another version of their definition: previewed, case by case, by a supervisor, and back; also if the
engine is killed on the way."""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../support"))
sys.path.insert(0, os.path.join(HERE, "../stream"))
import followers  # noqa: E402
import live  # noqa: E402

MONDAY_9 = "2026-03-02T09:00:00+07:00"
CODE, LAW = "9.000001", "qd-9354-bca-2025"
FORTH, BACK = {"check": "examine"}, {"examine": "check"}


def second():
    """The check is called an examination, one more paper is demanded, and the limit is a day shorter."""
    changed = live.pausable_stay()
    changed.update(version=2)
    changed["machine"] = json.loads(json.dumps(changed["machine"], ensure_ascii=False).replace('"check"', '"examine"'))
    changed["papers"].append({"code": "photo", "name": {"vi": "Ảnh", "en": "Photo"}, "required": True, "form": "original", "copies": 1, "law": "unverified"})
    changed["time_limit"]["amount"] = 2
    return changed


class Migration(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, live.pausable_stay())
        cls.file = os.path.join(cls.workflows, f"catalogue/{CODE}/procedure.json")

    def setUp(self):
        """An engine with both versions published, and cases received under the first."""
        self.write(live.pausable_stay())
        self.__class__.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), MONDAY_9, workflows=self.workflows)

    def tearDown(self):
        self.engine.stop()

    def write(self, definition):
        with open(self.file, "w", encoding="utf-8") as file:
            json.dump(definition, file, ensure_ascii=False)

    def publish_second(self):
        self.engine.stop()
        self.write(second())
        self.engine.start(MONDAY_9)

    def running(self, count=1):
        cases = [self.received(live.stay(procedure=CODE)) for _ in range(count)]
        return [self.did(case, "claim", {}, "case_officer") for case in cases]

    def preview(self, role="supervisor", code=CODE, sub=None, agency=live.HERE, **body):
        return self.post(f"/procedures/{code}/migrations", dict({"version": 2, "map": FORTH, "law": LAW}, **body), role, sub, agency, key="")

    def migrate(self, case, role="supervisor", **data):
        return self.command(case, "migrate", dict({"version": 2, "map": FORTH, "law": LAW}, **data), role)

    def cli(self, *more, map_=None, to=2, token=None):
        folder = live.tempfile.mkdtemp(dir=self.folder)
        files = {"map": json.dumps(FORTH if map_ is None else map_), "token": token or self.as_role("supervisor")}
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text + "\n")
        return subprocess.run([live._binaries["motcua"], "migrate", CODE, "--to", str(to), "--map", os.path.join(folder, "map"), "--law", LAW,
                               "--server", f"http://127.0.0.1:{self.engine.port}", "--token-file", os.path.join(folder, "token"), *more],
                              capture_output=True, text=True, timeout=120)

    def migrations(self, case):
        return [event for event in self.events(case) if event["type"] == "case.migrated"]

    def check_store(self, case):
        self.engine.stop()
        replayed = self.engine.run("audit", "replay", case["id"])
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        self.assertIn("case.migrated", replayed.stdout)
        for command in (("audit", "verify"), ("views", "check")):
            done = self.engine.run(*command)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_case_moves_is_told_by_its_history_and_goes_back(self):
        case = self.running()[0]
        self.publish_second()
        before = self.get(f"/cases/{case['id']}", "supervisor")
        self.assertEqual((before["procedure"]["version"], before["steps"]), (1, ["check"]))
        self.assertNotIn("migrate", [each["command"] for each in before["allowed_commands"]])
        status, after = self.migrate(case)
        self.assertEqual(status, 200, after)
        self.assertEqual((after["procedure"]["version"], after["steps"]), (2, ["examine"]))
        for kept in ("assignees", "promises", "due_at", "legal_due", "missing", "stage", "data", "papers"):
            expected = {"examine": "case_officer-1"} if kept == "assignees" else before[kept]
            self.assertEqual(after[kept], expected, kept)
        self.assertIn("migrated", after["flags"])
        limit = self.deadline(case)["limit"]
        self.assertEqual(limit["amount"], 3, "the limit of the version before")
        event = self.migrations(case)[0]
        self.assertEqual((event["actor"], event["data"]["law"], event["data"]["map"], event["data"]["outcome"]["role"]),
                         ("supervisor-1", LAW, {"check": ["examine"]}, "supervisor"))
        stream = followers.Stream(self.engine.port, self.as_role("supervisor"), "?after=0", patience=20)
        told = next(data for _, _, data in stream.messages() if data.get("type") == "case.migrated")
        stream.close()
        self.assertEqual((told["subject"], told["data"]["actor"], told["data"]["payload"]["law"], told["data"]["steps"]),
                         (case["id"], "supervisor-1", LAW, ["examine"]))
        rows = self.get("/worklists/processing", "supervisor")["items"]
        self.assertEqual([(row["step"], row["procedure"]["version"]) for row in rows], [("examine", 2)])

        # It works on there, also after a restart.
        self.engine.stop()
        self.engine.start(MONDAY_9)
        self.assertEqual(self.get(f"/cases/{case['id']}", "supervisor"), after)
        back = self.migrate(case, version=1, map=BACK)[1]
        for member in before:
            if member not in ("version", "flags"):
                self.assertEqual(back[member], before[member], member)
        self.assertEqual(self.migrate(case)[0], 200)
        moved = self.did(case, "step", {"event": "finish_check"}, "case_officer")
        self.assertEqual(moved["steps"], ["draft"])
        self.check_store(case)

    def test_the_limit_of_the_version_may_be_earlier_and_never_later(self):
        case = self.running()[0]
        self.publish_second()
        status, after = self.migrate(case, limit="new")
        self.assertEqual(status, 200, after)
        self.assertEqual((after["promises"][-1]["basis"], len(after["promises"])), ("migration", 2))
        self.assertLess(after["due_at"], case["due_at"])
        _, receipt, _ = self.engine.exchange("GET", f"/api/v1/cases/{case['id']}/prints/receipt",
                                             headers={"Authorization": "Bearer " + self.as_role("desk_officer")})
        self.assertIn("theo phiên bản khác của thủ tục", receipt.decode())
        refused = self.migrate(case, version=1, map=BACK, limit="new")
        self.refused(refused, 422, "not-allowed")
        self.assertEqual(refused[1]["obstacle"], "limit_later")
        self.assertEqual(self.migrate(case, version=1, map=BACK)[1]["due_at"], after["due_at"])
        self.hop("2026-03-05T10:00:00+07:00")
        self.assertIn("overdue", self.case(case)["flags"])
        self.check_store(case)

    def test_nobody_but_a_supervisor_of_the_agency_moves_cases(self):
        case = self.running()[0]
        self.publish_second()
        for role in ("case_officer", "signatory", "desk_officer", "leader"):
            self.refused(self.migrate(case, role), 403, "role-forbidden")
            self.refused(self.preview(role), 403, "role-forbidden")
        self.assertEqual(self.preview(agency=live.ELSEWHERE)[1]["items"], [])
        stranger = self.post(f"/cases/{case['id']}/commands", {"command": "migrate", "expected_version": 1, "data": {"version": 2, "law": LAW}},
                             "supervisor", agency=live.ELSEWHERE)
        self.refused(stranger, 404, "not-found")
        self.assertEqual(self.case(case)["procedure"]["version"], 1)

    def test_what_stands_in_the_way_is_named_and_changes_nothing(self):
        case = self.running()[0]
        filed = self.filed(live.stay(procedure=CODE))
        self.publish_second()
        for data, pointer, obstacle in (({"map": {}}, "/data/map/check", "step_unknown"), ({"map": {"check": "nowhere"}}, "/data/map/check", "step_unknown"),
                                        ({"map": {"check": ["examine", "signing"]}}, "/data/map", "steps_not_together"),
                                        ({"map": {"check": "appraisal"}}, "/data/map/check", "step_not_atomic"),
                                        ({"map": dict(FORTH, no_such="draft")}, "/data/map/no_such", "step_unknown"),
                                        ({"version": 9}, "/data/version", "version_unknown"), ({"version": 1}, "/data/version", "version_same"),
                                        ({"law": "no-such"}, "/data/law", "law_unknown"), ({"law": ""}, "/data/law", None),
                                        ({"map": {"check": 7}}, "/data/map/check", None), ({"map": []}, "/data/map", None),
                                        ({"limit": "longer"}, "/data/limit", None), ({"version": 0}, "/data/version", None),
                                        ({"more": 1}, "/data/more", None)):
            answer = self.migrate(case, **data)
            self.refused(answer, 422, "invalid-data", pointer)
            self.assertEqual(answer[1].get("obstacle"), obstacle, data)
        answer = self.migrate(filed)
        self.refused(answer, 422, "not-allowed")
        self.assertEqual(answer[1]["obstacle"], "not_received")
        self.assertEqual(self.case(case), case | {"allowed_commands": self.case(case)["allowed_commands"]})

    def test_the_dry_run_says_what_the_command_would_and_moves_nothing(self):
        cases = self.running(5)
        self.filed(live.stay(procedure=CODE))
        self.received(live.stay())
        ahead = self.did(cases[4], "step", {"event": "finish_check"}, "case_officer")
        self.publish_second()
        status, page = self.preview()
        self.assertEqual(status, 200, page)
        self.assertEqual(([line["id"] for line in page["items"]], page["next_cursor"]), (sorted(case["id"] for case in cases), None))
        lines = {line["id"]: line for line in page["items"]}
        line = lines[cases[0]["id"]]
        self.assertEqual((line["version"], line["from_version"], line["steps"], line["steps_after"], line["due_after"], line["problem"]),
                         (cases[0]["version"], 1, ["check"], ["examine"], cases[0]["due_at"], None))
        self.assertEqual(lines[ahead["id"]]["steps_after"], ["draft"])
        lines = {line["id"]: line for line in self.preview(map={})[1]["items"]}
        problem = lines[cases[0]["id"]]["problem"]
        self.assertEqual((problem["code"], problem["obstacle"], problem["pointers"][0]["pointer"]), ("invalid-data", "step_unknown", "/data/map/check"))
        self.assertEqual(lines[ahead["id"]]["problem"]["obstacle"], "completed_step_unknown")
        self.assertLess(self.preview(limit="new")[1]["items"][0]["due_after"], cases[0]["due_at"])

        seen, cursor = [], None
        while True:
            page = self.preview(limit_lines=2, cursor=cursor)[1]
            self.assertLessEqual(len(page["items"]), 2)
            seen, cursor = seen + [line["id"] for line in page["items"]], page["next_cursor"]
            if cursor is None:
                break
        self.assertEqual(seen, sorted(case["id"] for case in cases))
        self.assertEqual(self.preview(from_version=7)[1]["items"], [])
        for case in cases:
            self.assertEqual(self.migrations(case), [])

        self.refused(self.preview(version=9), 422, "invalid-data", "/version")
        self.refused(self.preview(law="no-such"), 422, "invalid-data", "/law")
        self.refused(self.preview(limit_lines=0), 422, "invalid-data", "/limit_lines")
        self.refused(self.preview(cursor="x"), 422, "invalid-data", "/cursor")
        self.refused(self.preview(more=1), 422, "invalid-data")
        self.refused(self.preview(code="9.999999"), 404, "not-found")

    def test_the_command_line_previews_moves_and_is_begun_anew(self):
        cases = self.running(7)
        self.publish_second()
        shown = self.cli("--dry-run", "--json")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        told = json.loads(shown.stdout)
        self.assertEqual((told["cases"], told["problems"], told["moved"]), (7, 0, None))
        self.assertEqual(self.cli("--dry-run", map_={}).returncode, 1)
        stopped = self.cli(map_={})
        self.assertEqual(stopped.returncode, 1)
        self.assertIn("7 cannot be moved", stopped.stdout)
        self.assertEqual(self.case(cases[0])["procedure"]["version"], 1)
        self.assertEqual(self.cli(token=self.as_role("case_officer")).returncode, 1)
        self.assertEqual(self.cli("--limit", "longer").returncode, 2)

        ahead = self.did(cases[0], "pause", {"reason_code": "verification"}, "case_officer")
        moved = self.cli("--batch", "3", "--reason", "Thông tư mới")
        self.assertEqual(moved.returncode, 0, moved.stdout + moved.stderr)
        self.assertIn("7 moved, 0 refused", moved.stdout)
        for case in cases:
            self.assertEqual(len(self.migrations(case)), 1)
            self.assertEqual(self.migrations(case)[0]["personal"]["free-text"]["reason"], "Thông tư mới")
        self.assertEqual(self.case(ahead)["clock"], ahead["clock"])
        again = self.cli()
        self.assertEqual((again.returncode, "0 cases" in again.stdout), (0, True), again.stdout)
        back = self.cli(map_=BACK, to=1)
        self.assertEqual((back.returncode, self.case(cases[3])["steps"]), (0, ["check"]), back.stdout)
        self.engine.stop()
        self.assertEqual(self.cli(token="x").returncode, 3)

    def test_some_that_cannot_be_moved_do_not_hold_up_the_others_if_told_so(self):
        cases = self.running(3)
        self.did(cases[1], "step", {"event": "finish_check"}, "case_officer")
        self.publish_second()
        done = self.cli("--skip-problems", map_={"check": "examine", "draft": "appraisal"})
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("2 moved, 0 refused", done.stdout)
        self.assertEqual([self.case(case)["procedure"]["version"] for case in cases], [2, 1, 2])

    def test_killed_between_batches_every_case_moves_once(self):
        cases = self.running(12)
        self.publish_second()
        data = {"version": 2, "map": FORTH, "law": LAW}
        items = [{"id": case["id"], "expected_version": case["version"], "data": data} for case in cases[:5]]
        first = self.post("/cases/bulk", {"command": "migrate", "items": items}, "supervisor", key="first batch")
        self.assertEqual([row["status"] for row in first[1]["items"]], [200] * 5)
        self.engine.kill()
        self.engine.start(MONDAY_9)
        self.assertEqual(self.post("/cases/bulk", {"command": "migrate", "items": items}, "supervisor", key="first batch"), first)
        self.assertEqual(len(self.preview()[1]["items"]), 7)
        done = self.cli("--batch", "2")
        self.assertEqual((done.returncode, "7 moved" in done.stdout), (0, True), done.stdout + done.stderr)
        for case in cases:
            self.assertEqual(len(self.migrations(case)), 1)
            self.assertEqual(self.case(case)["steps"], ["examine"])
        self.check_store(cases[0])

    def test_killed_while_it_moves_a_second_run_ends_the_work(self):
        cases = self.running(40)
        self.publish_second()
        token = self.as_role("supervisor")
        folder = live.tempfile.mkdtemp(dir=self.folder)
        with open(os.path.join(folder, "map"), "w", encoding="utf-8") as file:
            json.dump(FORTH, file)
        run = subprocess.Popen([live._binaries["motcua"], "migrate", CODE, "--to", "2", "--map", os.path.join(folder, "map"), "--law", LAW,
                                "--url", f"http://127.0.0.1:{self.engine.port}", "--token", token, "--batch", "1"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        live.until(lambda: self.case(min(cases, key=lambda case: case["id"]))["procedure"]["version"] == 2, 30, "the first case that moves", 0)
        self.engine.kill()
        self.assertIn(run.wait(60), (0, 3))
        self.engine.start(MONDAY_9)
        done = self.cli()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for case in cases:
            self.assertEqual((len(self.migrations(case)), self.case(case)["procedure"]["version"]), (1, 2))
        self.check_store(cases[0])


if __name__ == "__main__":
    live.main()
