#!/usr/bin/env python3
"""A holiday notice comes on a Friday: every open case that it moves has one proposal, nothing moves by itself, and the
supervisor decides case by case. Through restarts and kills."""
import concurrent.futures
import json
import os
import sys
import tempfile
import uuid

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
from tests.support.live import HERE, Engine, LiveTest, WORKFLOWS, main, pausable_stay, stay, until, workflows_with  # noqa: E402

FRIDAY = "2026-08-14T08:00:00+07:00"
DUE, MOVED = "2026-08-19T08:00:00+07:00", "2026-08-20T08:00:00+07:00"
PAGE_AND_MORE = 1100  # a record holds 256
TUESDAY_OFF = {"date": "2026-08-18", "kind": "OFF", "name": {"vi": "Nghỉ theo thông báo", "en": "Off by notice"},
               "notice": "unverified", "law": "unverified"}
SATURDAY_WORKED = {"date": "2026-08-29", "kind": "WORK", "replaces": "2026-08-18",
                   "name": {"vi": "Làm bù", "en": "Worked instead"}, "notice": "unverified", "law": "unverified"}


def calendar(version, *days, code="vn"):
    """The shipped calendar as a later version, with more days or others."""
    with open(os.path.join(WORKFLOWS, "calendars", code + ".json"), encoding="utf-8") as file:
        text = json.load(file)
    dates = {day["date"] for day in days}
    kept = [day for day in text["days"] if day["date"] not in dates]
    return dict(text, version=version, days=sorted(kept + list(days), key=lambda day: day["date"]))


class Recalculation(LiveTest):
    """Each test has an engine of its own: a publication cannot be taken back."""

    def setUp(self):
        workflows = workflows_with(tempfile.mkdtemp(dir=self.folder), pausable_stay())
        type(self).engine = Engine(tempfile.mkdtemp(dir=self.folder), FRIDAY, workflows=workflows)
        self.addCleanup(self.engine.stop)

    def publish(self, body, role="integrator", **more):
        return self.post("/calendars", body, role, **more)

    def published(self, body):
        status, answer = self.publish(body)
        self.assertEqual(status, 201, answer)
        return answer

    def line(self, name):
        return next(line for line in self.get("/calendars?limit=200")["items"] if line["id"] == name)

    def complete(self, name="vn@3"):
        return until(lambda: (lambda line: line if line["complete"] else None)(self.line(name)), 30, "the end of the pass")

    def settled(self, name, **counts):
        def reached():
            line = self.line(name)
            return line if all(line["proposals"][key] == count for key, count in counts.items()) else None
        try:
            return until(reached, 10, f"counts {counts}")
        except AssertionError:
            self.fail(f"{self.line(name)} does not reach {counts}")

    def proposals(self, name="vn@3", query="", role="supervisor", limit=7):
        items, cursor = [], ""
        while cursor is not None:
            page = self.get(f"/calendars/{name}/proposals?limit={limit}{query}" + (f"&cursor={cursor}" if cursor else ""), role)
            items, cursor = items + page["items"], page["next_cursor"]
        return {item["case"]: item for item in items}

    def decide(self, decision, cases, name="vn@3", role="supervisor", sub=None, agency=HERE, **more):
        body = {"decision": decision, "reason": "theo thông báo nghỉ"}
        body.update({"all": True} if cases == "all" else
                    {"items": [case if "case" in case else {"case": case["id"]} for case in cases]})
        return self.post(f"/calendars/{name}/decisions", body, role, sub, agency, **more)

    def pausable(self):
        return self.received(stay(procedure="9.000001"))

    def again(self, how="stop"):
        getattr(self.engine, how)()
        self.engine.start(FRIDAY)

    def test_the_worker_takes_only_what_no_request_wants_of_the_processor(self):
        folder = f"/proc/{self.engine.child.pid}/task"

        def policies():
            return [os.sched_getscheduler(int(thread)) for thread in os.listdir(folder)]
        until(lambda: policies().count(os.SCHED_IDLE) == 2, 10, "this worker's thread, and the switch worker's, to stand back")

    def test_a_notice_on_friday_proposes_and_moves_nothing_by_itself(self):
        running, untouched = self.received(stay()), self.filed(stay())
        done = self.did(self.received(stay()), "withdraw")
        paused = self.did(self.pausable(), "pause", {"reason_code": "verification"}, "case_officer")
        extended = self.did(self.pausable(), "extend", {"due_at": "2026-08-20T16:00:00+07:00", "reason_code": "x",
                                                        "signer": "signatory-1"}, "signatory")
        answer = self.published(calendar(3, TUESDAY_OFF, SATURDAY_WORKED, dict(TUESDAY_OFF, date="2026-08-20")))
        self.assertEqual((answer["id"], sorted(each["id"] for each in answer["descendants"])),
                         ("vn@3", ["dak-lak-suoi-mau@2", "dak-lak@2"]))
        self.assertEqual(self.complete()["proposals"]["open"], 3)
        found = self.proposals()
        self.assertEqual({case: item["move"] for case, item in found.items()},
                         {running["id"]: "later", paused["id"]: "paused", extended["id"]: "moved_into_window"})
        self.assertEqual(found[extended["id"]]["due_after"], "2026-08-21T17:00:00+07:00")
        item = found[running["id"]]
        self.assertEqual((item["due_before"], item["due_after"], item["state"]), (DUE, "2026-08-21T08:00:00+07:00", "open"))
        self.assertIn("thứ Ba 18/08/2026", item["sentence"]["vi"])
        self.assertIn("the day off of Tuesday 18 August 2026", item["sentence"]["en"])
        self.assertIn("holiday", [interval["rule"] for interval in item["difference"]["after"]])
        self.assertNotIn("holiday", [interval["rule"] for interval in item["difference"]["before"]])
        for case in (running, untouched, done, paused):
            self.assertEqual(self.case(case)["version"], case["version"], "a proposal is no event of the case")
        self.assertEqual(self.deadline(running)["due_at"], DUE)
        self.assertEqual(self.deadline(running)["calendar"], {"code": "vn", "version": 2, "newest": 3})
        later = self.received(stay())
        self.assertEqual(self.deadline(later)["due_at"], "2026-08-21T08:00:00+07:00")
        self.assertEqual(self.deadline(later)["calendar"], {"code": "vn", "version": 3, "newest": 3})
        self.assertNotIn(later["id"], self.proposals())

    def test_the_supervisor_accepts_and_declines_case_by_case(self):
        cases = [self.received(stay()) for _ in range(5)]
        self.published(calendar(3, TUESDAY_OFF))
        self.settled("vn@3", open=5)
        status, body = self.decide("accept", [cases[0], {"case": "no-such-case"}, {"case": str(uuid.uuid4())}, cases[1]])
        self.assertEqual((status, body["done"], body["refused"]), (200, 2, 2), body)
        self.assertEqual([item["result"] for item in body["items"]], ["accepted", "refused", "refused", "accepted"])
        self.assertEqual(body["items"][1]["problem"]["type"], "/problems/not-found")
        status, body = self.decide("decline", [cases[2]])
        self.assertEqual((status, body["items"][0]["result"]), (200, "declined"), body)
        accepted, declined, open_ = self.case(cases[0]), self.case(cases[2]), self.case(cases[3])
        self.assertEqual(([(each["due_at"], each["basis"]) for each in accepted["promises"]], accepted["due_at"]),
                         ([(DUE, "reception"), (MOVED, "calendar")], MOVED))
        self.assertEqual((declined["promises"], declined["due_at"]), (cases[2]["promises"], DUE))
        self.assertEqual(open_["version"], cases[3]["version"])
        self.assertEqual([event["type"] for event in self.events(cases[0])][-1], "case.recalculated")
        self.assertEqual(self.deadline(cases[0])["calendar"]["version"], 3)
        self.settled("vn@3", open=2, accepted=2, declined=1)
        self.assertEqual(set(self.proposals(query="&state=declined")), {cases[2]["id"]})
        for decision in "accept", "decline":
            status, body = self.decide(decision, [cases[0], cases[2]])
            self.assertEqual((body["done"], [item["problem"]["stale"] for item in body["items"]]), (0, [True, True]), body)
        status, body = self.decide("accept", "all")
        self.assertEqual((status, body["done"]), (200, 2), body)
        self.settled("vn@3", open=0, accepted=4, declined=1)
        self.again()
        self.settled("vn@3", open=0, accepted=4, declined=1)
        self.hop("2026-08-20T07:59:00+07:00")
        self.assertNotIn("overdue", self.case(cases[0])["flags"])
        self.assertIn("overdue", self.case(cases[2])["flags"])

    def test_a_case_that_moves_makes_its_proposal_stale_and_gets_another(self):
        running, paused = self.pausable(), self.did(self.pausable(), "pause", {"reason_code": "verification"}, "case_officer")
        self.published(calendar(3, TUESDAY_OFF))
        self.settled("vn@3", open=2)
        self.did(running, "correct", {"pointer": "/stay/address", "value": "Thôn 4"})
        other = self.did(self.received(stay()), "withdraw")  # judged after the correction
        self.assertNotIn(other["id"], self.proposals())
        self.did(running, "pause", {"reason_code": "verification"}, "case_officer")
        self.did(paused, "resume", {}, "case_officer")
        self.settled("vn@3", open=2, superseded=2)
        found = self.proposals()
        self.assertEqual((found[running["id"]]["move"], found[paused["id"]]["move"]), ("paused", "later"))
        self.did(self.did(running, "resume", {}, "case_officer"), "withdraw")
        self.settled("vn@3", open=1, stale=1)
        self.assertEqual(set(self.proposals(query="&state=stale")), {running["id"]})
        status, body = self.decide("accept", [running])
        self.assertEqual((body["items"][0]["result"], body["items"][0]["problem"]["stale"]), ("refused", True), body)
        status, body = self.decide("accept", [{"case": paused["id"], "expected_version": 1}])
        self.assertEqual(body["items"][0]["problem"]["type"], "/problems/version-conflict", body)

    def test_a_repeated_key_decides_once_and_another_body_is_refused(self):
        cases = [self.received(stay()) for _ in range(3)]
        self.published(calendar(3, TUESDAY_OFF))
        self.settled("vn@3", open=3)
        key = str(uuid.uuid4())
        first, second = (self.decide("accept", cases[:2], key=key) for _ in range(2))
        self.assertEqual(first, second)
        self.assertEqual(self.case(cases[0])["version"], cases[0]["version"] + 1)
        self.refused(self.decide("decline", cases[2:], key=key), 409, "idempotency-key-reused")
        self.assertEqual(self.case(cases[2])["version"], cases[2]["version"])

    def test_who_may_publish_decide_and_see(self):
        case = self.received(stay())
        body = calendar(3, TUESDAY_OFF)
        for role in "desk_officer", "supervisor", "auditor", "leader":
            self.refused(self.publish(body, role), 403, "role-forbidden")
        self.refused(self.publish(body, key=""), 400, "idempotency-key-missing")
        self.assertEqual(self.publish(body, "admin")[0], 201)
        self.settled("vn@3", open=1)
        self.assertEqual(set(self.proposals(role="leader")), {case["id"]})
        stranger = self.engine.token("supervisor", agency="H26.01")
        self.assertEqual(self.engine.send("GET", "/api/v1/calendars/vn@3/proposals", token=stranger)[1]["items"], [])
        above = self.engine.token("supervisor", "province-supervisor-1", "H15")
        self.assertEqual(len(self.engine.send("GET", "/api/v1/calendars/vn@3/proposals", token=above)[1]["items"]), 1)
        integrator = self.as_role("integrator")
        self.refused(self.engine.send("GET", "/api/v1/calendars/vn@3/proposals", token=integrator), 403, "role-forbidden")
        self.refused(self.decide("accept", [case], role="case_officer"), 403, "role-forbidden")
        status, answer = self.decide("accept", [case], sub="h26-supervisor-1", agency="H26.01")
        self.assertEqual(answer["items"][0]["problem"]["type"], "/problems/not-found", answer)
        self.refused(self.decide("accept", [case], name="vn@9"), 404, "not-found")
        self.refused(self.decide("perhaps", [case]), 422, "invalid-data", "/decision")
        status, answer = self.decide("accept", [case], sub="province-supervisor-1", agency="H15")
        self.assertEqual(answer["done"], 1, answer)

    def test_a_file_that_is_not_fit_is_refused_and_changes_nothing(self):
        before = self.engine.send("GET", "/health/ready")[1]["position"]
        friday = dict(TUESDAY_OFF, date="2026-08-14")
        self.refused(self.publish(calendar(3, friday)), 422, "invalid-data", "/days")
        self.refused(self.publish(dict(calendar(3), days=calendar(3)["days"][1:])), 422, "invalid-data", "/days")
        self.refused(self.publish(calendar(4, TUESDAY_OFF)), 422, "invalid-data", "/version")
        self.refused(self.publish(calendar(2, TUESDAY_OFF)), 422, "invalid-data", "/version")
        self.refused(self.publish(calendar(3, dict(TUESDAY_OFF, kind="HALF"))), 422, "invalid-data")
        self.refused(self.publish(calendar(3, dict(TUESDAY_OFF, law="no-such-law"))), 422, "invalid-data")
        self.refused(self.publish({"code": "vn", "version": 3}), 422, "invalid-data")
        self.assertEqual(self.engine.send("GET", "/health/ready")[1]["position"], before)
        body, key = calendar(3, TUESDAY_OFF), str(uuid.uuid4())
        first, again = self.publish(body, key=key), self.publish(body, key=key)
        self.assertEqual((first[0], again), (201, first))
        self.assertEqual(self.publish(body)[0], 200, "the same bytes are published already")
        self.assertEqual(self.publish(body)[1]["hash"], first[1]["hash"])

    def test_calendars_that_inherit_follow_and_a_restart_knows_them(self):
        self.published(calendar(3, TUESDAY_OFF))
        lines = {line["id"]: line for line in self.get("/calendars?limit=200")["items"]}
        self.assertEqual({name for name, line in lines.items() if line["newest"]}, {"vn@3", "dak-lak@2", "dak-lak-suoi-mau@2"})
        self.again()
        self.assertEqual({line["id"]: line["hash"] for line in self.get("/calendars?limit=200")["items"]},
                         {name: line["hash"] for name, line in lines.items()})
        self.assertEqual(self.received(stay())["due_at"], MOVED)
        self.engine.workflows = ""  # a copied folder, without the files
        self.again()
        self.assertEqual({line["id"]: line["hash"] for line in self.get("/calendars?limit=200")["items"]},
                         {name: line["hash"] for name, line in lines.items()})
        done = self.engine.run("calendar", "show", "dak-lak", "--year", "2026", "--json")
        self.assertIn("2026-08-18", [day["date"] for day in json.loads(done.stdout)["days"]], done.stderr)
        done = self.engine.run("calendar", "diff", "dak-lak@1", "dak-lak@2", "--json")
        self.assertEqual((done.returncode, [day["date"] for day in json.loads(done.stdout)["days"]]), (1, ["2026-08-18"]))

    def test_killed_again_and_again_every_case_has_exactly_one_proposal(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            cases = list(pool.map(lambda _: self.received(stay()), range(PAGE_AND_MORE)))
        self.published(calendar(3, TUESDAY_OFF))
        for _ in range(4):  # one of them between two pages, if the machine is slow enough to be hit
            until(lambda: self.line("vn@3")["proposals"]["open"], 30, "the first page", pause=0.002)
            self.again("kill")
        self.complete()
        self.settled("vn@3", open=len(cases), superseded=0, stale=0)
        self.assertEqual(set(self.proposals(limit=200)), {case["id"] for case in cases})
        self.decide("accept", cases[:60])
        self.again("kill")
        self.settled("vn@3", open=len(cases) - 60, accepted=60, superseded=0, stale=0)
        self.published(calendar(4, TUESDAY_OFF, dict(TUESDAY_OFF, date="2026-08-17")))
        self.again("kill")
        self.complete("vn@4")
        self.settled("vn@4", open=len(cases), superseded=0)
        self.settled("vn@3", open=0, accepted=60, superseded=len(cases) - 60)
        self.engine.stop()
        for command in ("audit", "verify"), ("views", "check"):
            done = self.engine.run(*command)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.engine.start(FRIDAY)

    def test_a_file_is_checked_against_the_open_cases_before_it_is_published(self):
        for _ in range(3):
            self.received(stay())
        path = os.path.join(self.engine.folder, "vn.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(calendar(3, TUESDAY_OFF), file, ensure_ascii=False)
        done = self.engine.run("calendar", "check", path, "--json")
        self.assertEqual((done.returncode, json.loads(done.stdout)["moves"]["moved"]), (0, {"later": 3}), done.stdout + done.stderr)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(calendar(3, dict(TUESDAY_OFF, date="2026-08-13")), file, ensure_ascii=False)
        done = self.engine.run("calendar", "check", path)
        self.assertEqual((done.returncode, "2026-08-13" in done.stdout), (1, True), done.stdout + done.stderr)
        with open(path, "w", encoding="utf-8") as file:
            file.write("{")
        self.assertEqual(self.engine.run("calendar", "check", path).returncode, 1)
        self.assertEqual(self.engine.run("calendar", "check", path + "-absent").returncode, 3)
        self.assertEqual(self.engine.run("calendar", "show", "nowhere").returncode, 3)
        self.assertEqual(self.engine.run("calendar", "guess").returncode, 2)


if __name__ == "__main__":
    main()
