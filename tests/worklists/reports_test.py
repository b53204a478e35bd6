#!/usr/bin/env python3
"""Reports: figures that agree with the cases, and that a later event never changes."""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9 = "2026-03-02T09:00:00+07:00"


def asking_stay():
    """A procedure in which another agency has one working day to answer."""
    changed = live.pausable_stay()
    changed.update(code="9.000002", consultations=[{"amount": 1, "unit": "working_day", "law": "unverified"}])
    return changed


class Reports(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = live.Engine(cls.folder, MONDAY_9, workflows=live.workflows_with(cls.folder, live.pausable_stay(), asking_stay()))

    def report(self, name, role="supervisor", sub=None, agency=live.HERE, **query):
        path = f"/api/v1/reports/{name}?" + "&".join(f"{key}={value.replace('+', '%2B')}" for key, value in query.items())
        status, body = self.engine.send("GET", path.rstrip("?"), token=self.as_role(role, sub, agency))
        self.assertEqual(status, 200, body)
        return body

    def lateness(self, procedure="9.000001", **query):
        """Of a procedure that only one test files."""
        return [line for line in self.report("lateness", **query)["procedures"] if line["procedure"] == procedure][0]

    def resolve(self, case):
        officer = "case_officer"
        for command, data, role in (("claim", {}, officer), ("step", {"event": "finish_check"}, officer), ("step", {"event": "submit"}, officer),
                                    ("step", {"event": "sign"}, "signatory"), ("resolve", {"results": [{"code": "KQ.G01.000064"}]}, officer)):
            case = self.did(case, command, data, role)
        return case

    def test_what_was_late_is_told_with_its_cause_and_stays_what_it_was(self):
        paused, extended, plain, punctual = (self.received(live.stay(procedure="9.000001")) for _ in range(4))
        self.resolve(punctual)
        self.hop("2026-03-03T09:00:00+07:00")
        self.did(paused, "pause", {"reason_code": "verification"}, "case_officer")
        self.hop("2026-03-04T09:00:00+07:00")
        self.did(extended, "extend", {"due_at": "2026-03-12T16:00:00+07:00", "reason_code": "workload", "signer": "signatory-1"}, "signatory")
        before = "2026-03-04T10:00:00+07:00"
        self.hop(before)
        first = self.lateness()
        self.assertEqual((first["cases"], first["ended"], first["late_as_promised"]), (4, 1, 0))
        self.hop("2026-03-10T09:00:00+07:00")
        self.did(paused, "resume", {}, "case_officer")
        self.resolve(extended)
        self.resolve(plain)
        now = "2026-03-10T15:00:00+07:00"
        self.hop(now)
        total = self.lateness()
        self.assertEqual((total["cases"], total["ended"], total["late_as_promised"], total["late_as_extended"]), (4, 3, 2, 1))
        self.assertEqual((total["whose"], total["causes"]), ({"ours": 2}, {"workload": 1, "unexplained": 1}))
        self.assertGreater(total["working_seconds"]["ours"], 0)
        self.assertEqual(self.lateness(at_time=before), first)
        left = self.lateness(**{"from": "2026-03-05T00:00:00+07:00"})
        self.assertEqual(left["cases"], 3)
        done = self.engine.run("report", "lateness", "--agency", live.HERE, "--at", before, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(first, json.loads(done.stdout)["procedures"])

    def test_where_another_agency_made_a_case_late_it_is_late_for_that_agency_at_every_moment(self):
        start = self.engine.clock(advance_s=0)[1]["now"][:10]
        monday = live.datetime.date.fromisoformat(start)
        monday += live.datetime.timedelta(days=7 - monday.weekday())

        def at(day, hour):
            return f"{monday + live.datetime.timedelta(days=day)}T{hour:02}:00:00+07:00"

        self.hop(at(0, 9))
        asking, plain, punctual = (self.received(live.stay(procedure="9.000002")) for _ in range(3))
        self.hop(at(0, 10))
        for case in (asking, punctual):
            self.did(case, "consult", {"agency": live.ELSEWHERE, "question": "Có vướng mắc gì không?"}, "case_officer")
        self.answer(punctual)
        self.resolve(punctual)
        overdue = at(3, 12)  # due on Thursday at nine; the answer on Tuesday at ten
        self.hop(overdue)
        first = self.lateness("9.000002")
        self.assertEqual((first["late_as_promised"], first["whose"]), (2, {live.ELSEWHERE: 1, "ours": 1}))
        self.hop(at(3, 16))
        self.answer(asking)
        self.hop(at(4, 10))
        for case in (asking, plain):
            self.resolve(case)
        self.hop(at(4, 16))
        last = self.lateness("9.000002")
        self.assertEqual((last["ended"], last["late_as_promised"], last["whose"]), (3, 2, {live.ELSEWHERE: 1, "ours": 1}))
        theirs = last["working_seconds"]["agencies"]
        self.assertEqual(list(theirs), [live.ELSEWHERE])
        self.assertGreater(theirs[live.ELSEWHERE], 2 * 8 * 3600)
        self.assertEqual(self.lateness("9.000002", at_time=overdue), first)
        before = self.lateness("9.000002", at_time=at(2, 12))
        self.assertEqual((before["late_as_promised"], before["whose"]), (0, {}))
        self.assertGreater(before["working_seconds"]["agencies"][live.ELSEWHERE], 0)

    def answer(self, case):
        body = {"command": "answer_consultation", "expected_version": self.case(case)["version"], "data": {"opinion_code": "agreed"}}
        status, answered = self.post(f"/cases/{case['id']}/commands", body, "case_officer", agency=live.ELSEWHERE)
        self.assertEqual(status, 200, answered)

    def test_load_agrees_with_the_worklists(self):
        cases = [self.received(live.stay()) for _ in range(5)]
        for number, case in enumerate(cases[:3]):
            self.did(case, "assign", {"assignee": f"case_officer-{1 + number % 2}"}, "supervisor")
        body = self.report("load")
        page = self.get("/worklists/processing?limit=200", "case_officer")["items"] + self.get("/worklists/signing?limit=200", "signatory")["items"]
        open_steps = [item for item in page if item["stage"] in ("received", "in_process") and not item["step"].startswith("done")]
        for officer in ("case_officer-1", "case_officer-2", None):
            mine = [line for line in body["lines"] if line["officer"] == officer]
            self.assertEqual(sum(line["held"] for line in mine), sum(item["assignee"] == officer for item in open_steps), officer)
        self.assertEqual(sum(line["overdue"] for line in body["lines"]), sum("overdue" in item["flags"] for item in open_steps))
        hours = {entry["hour"][:13]: entry["count"] for entry in body["at_risk"]}
        self.assertTrue(all(count > 0 for count in hours.values()))

    def test_only_supervisors_leaders_and_auditors_read_them_and_only_of_their_agencies(self):
        for role in ("desk_officer", "case_officer", "signatory", "portal", "integrator"):
            self.refused(self.engine.send("GET", "/api/v1/reports/load", token=self.as_role(role)), 403, "role-forbidden")
        supervisor = self.as_role("supervisor")
        for query, status, problem in (("load?agency=H26.01", 404, "not-found"), ("other", 404, "not-found"), ("load?colour=red", 400, "bad-request"),
                                       ("load?at_time=yesterday", 400, "bad-request"), ("load?at_time=2030-01-01T00:00:00%2B07:00", 400, "bad-request")):
            self.refused(self.engine.send("GET", "/api/v1/reports/" + query, token=supervisor), status, problem)
        self.received(live.stay())
        province = self.report("load", sub="province-supervisor-1", agency="H15")
        self.assertEqual(province["stages"], self.report("load")["stages"])
        self.assertEqual(self.report("load", sub="h26-province-supervisor-1", agency="H26")["stages"], {})


if __name__ == "__main__":
    live.main()
