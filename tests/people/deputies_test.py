#!/usr/bin/env python3
"""Delegation, substitution and take-over: in whose name the work is done, and when that is over."""
import os
import sys
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

HOLDER, OTHER = "case_officer-1", "case_officer-2"
LEAVE = {"absent": HOLDER, "substitute": OTHER, "from": "2026-03-02", "until": "2026-03-03", "reason": "nghỉ phép năm"}


class Deputies(live.LiveTest):
    """Monday 2026-03-02, 09:00; case_officer-1 holds the appraisal of `self.held()`."""

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), "2026-03-02T09:00:00+07:00")

    def tearDown(self):
        self.engine.stop()

    def held(self):
        case = self.received(live.stay())
        return self.did(case, "claim", {}, "case_officer")

    def step_as(self, case, sub, version=None):
        return self.command(case, "step", {"event": "finish_check"}, "case_officer", sub, version)

    def last_event(self, case):
        return self.events(case)[-1]

    def offered(self, case, sub, role="case_officer"):
        status, body = self.engine.send("GET", f"/api/v1/cases/{case['id']}", token=self.as_role(role, sub))
        self.assertEqual(status, 200, body)
        return {each["command"] for each in body["allowed_commands"] if not each.get("blocked_by")}

    def substitutions(self, role="case_officer", agency=live.HERE):
        status, body = self.engine.send("GET", "/api/v1/substitutions", token=self.as_role(role, agency=agency))
        self.assertEqual(status, 200, body)
        return body["items"]

    def leave(self, role="supervisor", sub=None, agency=live.HERE, key=None, **changes):
        return self.post("/substitutions", {**LEAVE, **changes}, role, sub, agency, key=key)

    def test_a_delegate_works_in_the_holders_name(self):
        case = self.held()
        self.refused(self.step_as(case, OTHER), 422, "not-allowed")
        after = self.did(case, "delegate", {"to": OTHER, "until": "2026-03-02"}, "supervisor")
        step = after["steps"][0]
        self.assertEqual(after["delegations"], {step: {"from": HOLDER, "to": OTHER, "until": "2026-03-03T00:00:00+07:00"}})
        self.assertIn("step", self.offered(case, OTHER))
        status, done = self.step_as(case, OTHER)
        self.assertEqual((status, done.get("delegations")), (200, {}), done)
        event = self.last_event(case)
        self.assertEqual((event["actor"], event["on_behalf_of"]), (OTHER, HOLDER))
        self.assertEqual((event["data"]["outcome"]["role"], event["data"]["outcome"]["standing"]), ("case_officer", "delegation"))

    def test_after_its_last_day_the_delegate_is_refused_and_told_when_it_ended(self):
        case = self.held()
        self.did(case, "delegate", {"to": OTHER, "until": "2026-03-02"}, "case_officer")
        self.hop("2026-03-03T00:00:00+07:00")
        answer = self.step_as(case, OTHER)
        self.refused(answer, 422, "not-allowed")
        self.assertIn("2026-03-03T00:00:00+07:00", answer[1]["detail"])
        self.assertNotIn("step", self.offered(case, OTHER))
        self.assertEqual(self.step_as(case, HOLDER)[0], 200)

    def test_only_an_officer_of_the_agency_with_the_role_gets_a_step(self):
        case = self.held()
        for officer in (HOLDER, "signatory-1", "h26-case_officer-1", "nobody"):
            self.refused(self.command(case, "delegate", {"to": officer}, "supervisor"), 422, "invalid-data", "/data/to")
            if officer != HOLDER:
                self.refused(self.command(case, "assign", {"assignee": officer}, "supervisor"), 422, "invalid-data", "/data/assignee")
        for until in ("2026-03-01", "2026-02-30", "tomorrow", 1):
            self.refused(self.command(case, "delegate", {"to": OTHER, "until": until}, "supervisor"), 422, "invalid-data", "/data/until")
        self.refused(self.command(case, "delegate", {"to": OTHER}, "case_officer", OTHER), 403, "role-forbidden")
        self.refused(self.command(case, "delegate", {"to": OTHER}, "signatory"), 403, "role-forbidden")
        self.refused(self.command(self.received(live.stay()), "delegate", {"to": OTHER}, "supervisor"), 422, "not-allowed")

    def test_a_step_that_is_taken_over_names_who_held_it_until_its_next_event(self):
        case = self.held()
        after = self.did(case, "assign", {"assignee": OTHER}, "supervisor")
        self.assertEqual(after["taken_over"], {"step": after["steps"][0], "from": HOLDER, "by": "supervisor-1", "at": "2026-03-02T09:00:00+07:00"})
        event = self.last_event(case)
        self.assertEqual((event["data"]["taken_from"], event["data"]["outcome"]["standing"]), (HOLDER, "takeover"))
        self.assertEqual(self.did(case, "note", {"text": "đã báo"})["taken_over"], after["taken_over"])
        self.assertEqual(self.step_as(case, OTHER)[1]["taken_over"], None)

    def test_a_substitute_does_the_absent_officers_work_until_it_is_over_also_after_a_restart(self):
        case = self.held()
        status, leave = self.leave()
        self.assertEqual((status, leave["state"], leave["roles"], leave["set_by"]), (201, "holds", ["case_officer"], "supervisor-1"), leave)
        self.engine.stop()
        self.engine.start("2026-03-02T09:00:00+07:00")
        self.assertEqual([each["id"] for each in self.substitutions()], [leave["id"]])
        self.assertLessEqual({"step", "release"}, self.offered(case, OTHER))
        other = self.held()
        status, done = self.step_as(case, OTHER)
        self.assertEqual(status, 200, done)
        event = self.last_event(case)
        self.assertEqual((event["actor"], event["on_behalf_of"], event["data"]["outcome"]["standing"]), (OTHER, HOLDER, "substitution"))
        self.hop("2026-03-04T00:00:00+07:00")
        self.refused(self.step_as(other, OTHER), 422, "not-allowed")
        self.assertEqual(self.substitutions()[0]["state"], "over")

    def test_a_substitution_that_is_ended_early_is_over_at_once(self):
        case = self.held()
        leave = self.leave()[1]
        status, ended = self.post("/substitutions", {"end": leave["id"]}, "supervisor")
        self.assertEqual((status, ended["state"], ended["ended_by"]), (200, "over", "supervisor-1"), ended)
        self.refused(self.step_as(case, OTHER), 422, "not-allowed")
        self.refused(self.post("/substitutions", {"end": leave["id"]}, "supervisor"), 422, "not-allowed")
        for unknown in (0, leave["id"] + 1, 7):
            self.refused(self.post("/substitutions", {"end": unknown}, "supervisor"), 422, "invalid-data", "/end")

    def test_work_is_not_assigned_to_who_is_absent_unless_on_purpose(self):
        case = self.received(live.stay())
        self.leave()
        answer = self.command(case, "assign", {"assignee": HOLDER}, "supervisor")
        self.refused(answer, 422, "invalid-data", "/data/assignee")
        self.assertEqual(answer[1]["substitutes"], [OTHER])
        self.did(case, "assign", {"assignee": HOLDER, "even_if_absent": True}, "supervisor")

    def test_a_substitution_closes_no_loop_and_stays_in_the_agency(self):
        self.assertEqual(self.leave()[0], 201)
        loop = self.leave(absent=OTHER, substitute=HOLDER)
        self.refused(loop, 422, "invalid-data", "/substitute")
        self.assertEqual(loop[1]["loop"], [OTHER, HOLDER, OTHER])
        self.assertEqual(self.leave(absent=OTHER, substitute=HOLDER, **{"from": "2026-03-04", "until": "2026-03-05"})[0], 201)
        for changes, pointer in (({"substitute": HOLDER}, "/substitute"), ({"substitute": "signatory-1"}, "/substitute"),
                                 ({"substitute": "h26-case_officer-2"}, "/substitute"), ({"absent": "h26-case_officer-1"}, "/absent"),
                                 ({"roles": ["signatory"]}, "/roles"), ({"roles": [1]}, "/roles/0"), ({"until": "2026-03-01"}, "/until"),
                                 ({"from": "2026-13-01"}, "/from"), ({"reason": ""}, "/reason"), ({"extra": 1}, "/extra")):
            self.refused(self.leave(**changes), 422, "invalid-data", pointer)
        for member in LEAVE:
            body = {key: value for key, value in LEAVE.items() if key != member}
            self.refused(self.post("/substitutions", body, "supervisor"), 422, "invalid-data", "/" + member)

    def test_who_may_set_and_see_a_substitution(self):
        for role in ("desk_officer", "case_officer", "signatory", "leader", "auditor", "admin"):
            self.refused(self.leave(role), 403, "role-forbidden")
        self.refused(self.leave(agency=live.ELSEWHERE), 422, "invalid-data", "/absent")
        self.assertEqual(self.leave(sub="province-supervisor-1", agency="H15")[0], 201)
        self.assertEqual([len(self.substitutions(role)) for role in ("desk_officer", "auditor", "integrator", "portal")], [1, 1, 0, 0])
        self.assertEqual(self.substitutions("case_officer", live.ELSEWHERE), [])
        self.assertEqual(self.engine.send("GET", "/api/v1/substitutions")[0], 401)

    def test_a_repeated_key_sets_one_substitution(self):
        key = str(uuid.uuid4())
        first, again = self.leave(key=key), self.leave(key=key)
        self.assertEqual(first, again)
        self.assertEqual(len(self.substitutions()), 1)
        self.refused(self.leave(key=key, until="2026-03-09"), 409, "idempotency-key-reused")
        self.refused(self.leave(key=""), 400, "idempotency-key-missing")
        self.engine.stop()
        self.engine.start("2026-03-02T09:00:00+07:00")
        self.assertEqual(self.leave(key=key), first)

    def test_pages_lead_through_all_of_them(self):
        days = [f"2026-03-{day:02}" for day in range(10, 15)]
        for day in days:
            self.leave(**{"from": day, "until": day})
        seen, cursor = [], ""
        while cursor is not None:
            page = self.get("/substitutions?limit=2" + (f"&cursor={cursor}" if cursor else ""))
            seen, cursor = seen + [each["from"] for each in page["items"]], page["next_cursor"]
        self.assertEqual(seen, days[::-1])

    def test_the_reason_is_sealed_and_the_folder_replays(self):
        self.leave(reason="Nghỉ ốm của Bà Tư")
        case = self.held()
        self.engine.stop()
        for root, _, files in os.walk(self.engine.data):
            for name in files:
                with open(os.path.join(root, name), "rb") as file:
                    self.assertNotIn("Bà Tư".encode(), file.read(), name)
        for command in (("audit", "replay", case["id"]), ("audit", "verify"), ("views", "check")):
            done = self.engine.run(*command)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    live.main()
