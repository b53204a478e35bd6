#!/usr/bin/env python3
"""The ways in which other systems made a late case look punctual: each is tried over HTTP, and none leads there. What
the citizen was promised, when it was missed and who was told stays as it happened, whatever is done afterwards."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9, THURSDAY_9 = "2026-03-02T09:00:00+07:00", "2026-03-05T09:00:00+07:00"
NEXT_MONDAY_9 = "2026-03-09T09:00:00+07:00"
PAUSE = {"reason_code": "verification"}
SUPPLEMENT = {"items": [{"code": "chung_minh_cho_o", "why": "chưa có"}]}
SUPPLIED = {"papers": [{"code": "chung_minh_cho_o"}]}
OF_TIME = ("created_at", "promises", "legal_due", "due_at", "clock", "stage", "portal_status", "resolved_at", "returned_at",
           "duties", "flags", "remaining")


def extension(due_at, signer="signatory-1"):
    return {"due_at": due_at, "reason_code": "workload", "signer": signer}


class Falsification(live.LiveTest):
    """A case of three working days, received on Monday at nine, due on Thursday at nine; the week after, it is late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, live.pausable_stay())

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), MONDAY_9, workflows=self.workflows)

    def tearDown(self):
        for command in ("audit", "verify"), ("views", "check"):
            done = self.engine.run(*command)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.engine.stop()

    def birth(self):
        return live.birth(dict(live.NOBODY, personal_id="066184000002", full_name="Trần Thị Bình"), live.NOBODY)

    def late(self, body=None):
        case = self.received(body or live.stay(procedure="9.000001"))
        self.hop(NEXT_MONDAY_9)
        return self.still_late(case)

    def still_late(self, case):
        """The case now: first promise, moment of lateness and duty are as they were."""
        now = self.case(case)
        self.assertEqual(now["promises"][0], case["promises"][0])
        missed = [event for event in self.events(case) if event["type"] == "case.timer_fired" and event["data"]["kind"] == "overdue"]
        self.assertGreater(missed[0]["recorded_at"], case["promises"][0]["due_at"])
        self.assertTrue([duty for duty in now["duties"] if duty["kind"] == "apology"])
        return now

    def changes_nothing(self, case, answers, statuses):
        before = {name: case[name] for name in OF_TIME}
        for what, (status, body) in answers:
            self.assertIn(status, statuses, (what, body))
        now = self.case(case)
        self.assertEqual({name: now[name] for name in OF_TIME}, before)
        self.assertEqual(now["version"], case["version"])

    def test_no_field_of_the_record_can_be_corrected(self):
        case = self.late()
        pointers = [f"/{name}" for name in OF_TIME + ("version", "id", "codes", "procedure", "agency", "applicant", "provenance", "tasks")]
        pointers += ["/promises/0/due_at", "/clock/since", "/duties/0/state", "/ledger/0/at", "", "/", "/data", "/data/stay/from",
                     "/stay", "/person/~1due_at"]
        for value in ("2026-03-05T08:00:00+07:00", [], None, {"state": "done"}):
            answers = [((pointer, value), self.command(case, "correct", {"pointer": pointer, "value": value})) for pointer in pointers]
            self.changes_nothing(case, answers, {422})

    def test_no_body_says_when_something_happened_or_who_did_it(self):
        late = self.late()
        told = {"at": THURSDAY_9, "occurred_at": THURSDAY_9, "recorded_at": THURSDAY_9, "resolved_at": THURSDAY_9, "due_at": NEXT_MONDAY_9,
                "promises": [], "actor": "desk_officer-2", "agency": "H15", "on_behalf_of": "leader-1", "stage": "resolved", "flags": []}
        answers = []
        for name, value in told.items():
            answers.append((name, self.post("/cases", dict(live.stay(), **{name: value}))))
            answers.append((name, self.command(late, "note", {"text": "x"}, **{name: value})))
            answers.append((name, self.command(late, "note", {"text": "x", name: value})))
            answers.append((name, self.command(late, "request_supplement", dict(SUPPLEMENT, **{name: value}))))
            answers.append((name, self.command(late, "assign", {"assignee": "case_officer-1", name: value}, "supervisor")))
        self.changes_nothing(late, answers, {422})

    def test_a_record_is_neither_replaced_nor_deleted(self):
        case = self.late()
        token, answers = self.as_role("admin"), []
        for method in ("PUT", "PATCH", "DELETE"):
            for path in ("", "/events", "/deadline", "/once-only", "/commands"):
                answers.append(((method, path), self.engine.send(method, f"/api/v1/cases/{case['id']}{path}", {}, token)))
        for path in ("/events", "/deadline", "/once-only"):
            answers.append(("POST " + path, self.post(f"/cases/{case['id']}{path}", {})))
        self.changes_nothing(case, answers, {405})

    def test_no_role_resets_an_overdue_case(self):
        case = self.late()
        names = ("reset", "reset_overdue", "reopen", "set_due", "restart", "finish", "update", "admin_update", "import", "unstop")
        self.changes_nothing(case, [((name, role), self.command(case, name, {}, role, version=case["version"])) for name in names
                                    for role in ("supervisor", "case_officer", "signatory", "desk_officer")], {422})
        moves = (("receive", {"accept_incomplete": True}), ("extend", extension("2026-03-10T16:00:00+07:00")), ("pause", PAUSE),
                 ("resolve", {"results": []}), ("stop", {"law": "x"}), ("note", {"text": "x"}))
        self.changes_nothing(case, [((name, role), self.blind(case, name, data, role)) for name, data in moves
                                    for role in ("integrator", "auditor", "leader", "portal", "admin")], {403, 404})

    def blind(self, case, name, data, role):
        """A command by who may not even see the case."""
        return self.post(f"/cases/{case['id']}/commands", {"command": name, "expected_version": case["version"], "data": data}, role)

    def test_a_late_case_is_neither_received_again_nor_ended_out_of_turn(self):
        case = self.late()
        result, reason = live.pausable_stay()["results"][0]["code"], live.pausable_stay()["refusal_reasons"][0]["code"]
        self.changes_nothing(case, [("receive", self.command(case, "receive", {"accept_incomplete": True}, reason="x")),
                                    ("resume", self.command(case, "resume", {}, "case_officer")),
                                    ("supply", self.command(case, "supply", SUPPLIED)),
                                    ("resolve", self.command(case, "resolve", {"results": [{"code": result}]}, "case_officer")),
                                    ("return", self.command(case, "return_result", {"channel": "counter", "to": "x"})),
                                    ("refuse", self.command(case, "refuse_reception", {"reason_code": reason})),
                                    ("migrate", self.command(case, "migrate", {"version": 2, "map": {}}, "supervisor"))], {422})

    def test_work_on_the_case_does_not_start_the_clock_anew(self):
        case = self.received(self.birth())
        due = case["due_at"], case["legal_due"], case["promises"]
        case = self.did(case, "assign", {"assignee": "case_officer-1"}, "supervisor")
        for event in ("finish_check", "recheck", "finish_check", "submit"):
            self.hop(self.later())
            case = self.did(case, "step", {"event": event}, "case_officer")
            self.assertEqual((case["due_at"], case["legal_due"], case["promises"]), due)
        self.hop(NEXT_MONDAY_9)
        case = self.did(case, "step", {"event": "send_back"}, "signatory")
        case = self.did(case, "correct", {"pointer": "/child/birth_place", "value": "Nhà"})
        self.assertEqual((case["due_at"], case["legal_due"], case["promises"]), due)
        self.still_late(case)

    def later(self):
        now = live.datetime.datetime.fromisoformat(self.engine.send("GET", "/dev/clock")[1]["now"])
        return (now + live.datetime.timedelta(minutes=30)).isoformat()

    def test_a_pause_after_the_due_date_gives_no_time_back(self):
        case = self.late()
        paused = self.did(case, "pause", PAUSE, "case_officer")
        self.assertIn("overdue", paused["flags"])
        self.assertEqual(paused["remaining"], 0)
        self.hop("2026-03-16T09:00:00+07:00")
        resumed = self.did(case, "resume", {}, "case_officer")
        self.assertEqual((resumed["legal_due"], resumed["due_at"]), (THURSDAY_9, THURSDAY_9))
        self.assertEqual({promise["due_at"] for promise in resumed["promises"]}, {THURSDAY_9})
        self.assertIn("overdue", self.still_late(case)["flags"])
        for _ in range(3):
            self.did(case, "pause", PAUSE, "case_officer")
            self.did(case, "resume", {}, "case_officer")
        self.assertEqual(self.case(case)["due_at"], THURSDAY_9)
        self.assertEqual([duty["state"] for duty in self.case(case)["duties"]], ["open"])

    def test_a_supplement_asked_for_after_the_due_date_gives_no_time_back(self):
        for body, due in ((live.stay(), THURSDAY_9), (self.birth(), "2026-03-02T17:00:00+07:00")):
            with self.subTest(due=due):
                self.tearDown()
                self.setUp()
                case = self.late(body)
                paper = "chung_minh_cho_o" if body["procedure"] == "1.004194" else "giay_to_cu_tru"
                waiting = self.did(case, "request_supplement", {"items": [{"code": paper, "why": "chưa có"}]})
                self.assertEqual((waiting["stage"], waiting["portal_status"]["code"]), ("awaiting_supplement", 5))
                self.assertIn("overdue", waiting["flags"])
                self.hop("2026-03-16T09:00:00+07:00")
                after = self.did(case, "supply", {"papers": [{"code": paper}]})
                self.assertEqual((after["legal_due"], after["due_at"]), (due, due))
                self.assertEqual({promise["due_at"] for promise in after["promises"]}, {due})
                self.assertIn("overdue", self.still_late(case)["flags"])

    def test_an_extension_excuses_but_does_not_undo(self):
        case = self.late(self.birth())
        after = self.did(case, "extend", extension("2026-03-10T16:00:00+07:00"), "signatory")
        self.assertEqual(after["legal_due"], case["legal_due"])
        self.assertEqual([promise["basis"] for promise in after["promises"]], ["reception", "extension"])
        self.assertIn("extended", after["flags"])
        self.refused(self.command(case, "extend", extension("2026-03-12T16:00:00+07:00"), "signatory"), 422, "not-allowed")
        self.still_late(case)
        self.hop("2026-03-16T09:00:00+07:00")
        self.assertIn("overdue", self.case(case)["flags"])
        self.assertEqual([duty["state"] for duty in self.case(case)["duties"]], ["done", "open"])

    def ordinary(self, case):
        """Dates by which the agency is judged: an extension excuses and does not count."""
        return [promise["due_at"] for promise in case["promises"] if promise["basis"] != "extension"]

    def test_a_short_pause_turns_no_extension_into_an_ordinary_promise(self):
        case = self.late()
        self.did(case, "extend", extension("2026-03-12T16:00:00+07:00"), "signatory")
        self.did(case, "pause", PAUSE, "case_officer")
        resumed = self.did(case, "resume", {}, "case_officer")
        self.assertEqual((resumed["due_at"], self.ordinary(resumed)), ("2026-03-12T16:00:00+07:00", [THURSDAY_9]))
        self.did(case, "request_supplement", SUPPLEMENT)
        self.assertEqual(self.ordinary(self.did(case, "supply", SUPPLIED)), [THURSDAY_9])

    def test_another_limit_and_a_short_pause_make_no_ordinary_promise_after_a_broken_one(self):
        case = self.received(self.birth())
        self.hop("2026-03-03T09:00:00+07:00")
        longer = self.did(case, "correct", {"pointer": "/marital_status_to_verify", "value": True})
        self.assertEqual(longer["legal_due"], THURSDAY_9)
        self.did(case, "request_supplement", {"items": [{"code": "giay_to_cu_tru", "why": "chưa có"}]})
        after = self.did(case, "supply", {"papers": [{"code": "giay_to_cu_tru"}]})
        self.assertEqual((after["due_at"], self.ordinary(after)), (THURSDAY_9, ["2026-03-02T17:00:00+07:00"]))
        self.still_late(case)

    def test_an_apology_is_closed_by_a_new_date_and_by_nothing_else(self):
        case = self.late(self.birth())
        self.did(case, "note", {"text": "đã xin lỗi"}, reason="xin lỗi")
        self.did(case, "correct", {"pointer": "/child/birth_place", "value": "Nhà"}, reason="đã xin lỗi")
        self.did(case, "assign", {"assignee": "case_officer-1"}, "supervisor", reason="đã xin lỗi")
        for event, role in (("finish_check", "case_officer"), ("submit", "case_officer"), ("sign", "signatory")):
            self.did(case, "step", {"event": event}, role, reason="đã xin lỗi")
        resolved = self.did(case, "resolve", {"results": [{"code": "KQ.G15.000031"}]}, "signatory")
        self.assertEqual((resolved["stage"], resolved["resolved_at"]), ("resolved", NEXT_MONDAY_9))
        self.assertEqual([duty["state"] for duty in resolved["duties"] if duty["kind"] == "apology"], ["open"])
        self.hop("2026-03-10T09:00:00+07:00")
        returned = self.did(case, "return_result", {"channel": "counter", "to": "người nộp"})
        self.assertEqual((returned["resolved_at"], returned["returned_at"]), (NEXT_MONDAY_9, "2026-03-10T09:00:00+07:00"))
        self.still_late(case)

    def test_another_limit_by_another_value_leaves_the_promise_and_the_lateness_on_record(self):
        case = self.late(self.birth())
        after = self.did(case, "correct", {"pointer": "/marital_status_to_verify", "value": True})
        self.assertEqual(after["promises"], case["promises"])
        self.assertIn("limit_changed", after["flags"])
        self.assertEqual(after["duties"], case["duties"])
        self.still_late(case)

    def test_what_ended_otherwise_is_never_shown_as_done(self):
        stopped, withdrawn, waiting = (self.received(live.stay()) for _ in range(3))
        refused = self.filed(live.stay())
        self.did(stopped, "stop", {"law": live.definition("1.004194")["law"][0]["id"]}, "signatory")
        self.did(withdrawn, "withdraw")
        self.did(refused, "refuse_reception", {"reason_code": live.definition("1.004194")["refusal_reasons"][0]["code"]})
        self.did(waiting, "request_supplement", SUPPLEMENT)
        self.hop(NEXT_MONDAY_9)
        result = live.definition("1.004194")["results"][0]["code"]
        for case, code in ((stopped, 8), (withdrawn, 7), (refused, 3), (waiting, 5)):
            now = self.case(case)
            self.assertEqual(now["portal_status"]["code"], code)
            self.assertEqual((now["resolved_at"], now["returned_at"]), (None, None))
            answers = [("resolve", self.command(case, "resolve", {"results": [{"code": result}]}, "case_officer")),
                       ("return", self.command(case, "return_result", {"channel": "counter", "to": "x"})),
                       ("extend", self.command(case, "extend", extension("2026-03-12T16:00:00+07:00"), "signatory")),
                       ("receive", self.command(case, "receive", {"accept_incomplete": True}, reason="x"))]
            if case is not waiting:
                answers += [("supply", self.command(case, "supply", SUPPLIED)), ("withdraw", self.command(case, "withdraw")),
                            ("correct", self.command(case, "correct", {"pointer": "/stay/address", "value": "x"})),
                            ("supplement", self.command(case, "request_supplement", SUPPLEMENT))]
            self.changes_nothing(now, answers, {422})

    def test_every_earlier_view_stays_as_it_was(self):
        case = self.late()
        seen = {}

        def look():
            version = self.case(case)["version"]
            for each in range(1, version + 1):
                view = self.case(case, f"?at_version={each}")
                view.pop("allowed_commands")  # what may be done next is said of the last version only
                self.assertEqual(seen.setdefault(each, view), view)
            then = self.case(case, "?at_time=2026-03-04T10:00:00%2B07:00")
            self.assertEqual(seen.setdefault("then", then), then)
            self.assertEqual((then["flags"], then["promises"]), (["nearing"], case["promises"]))

        look()
        for name, data, role in (("request_supplement", SUPPLEMENT, "desk_officer"), ("supply", SUPPLIED, "desk_officer"),
                                 ("pause", PAUSE, "case_officer"), ("resume", {}, "case_officer"),
                                 ("extend", extension("2026-03-12T16:00:00+07:00"), "signatory"),
                                 ("correct", {"pointer": "/stay/address", "value": "Thôn 9"}, "desk_officer"),
                                 ("note", {"text": "x"}, "desk_officer"), ("withdraw", {}, "desk_officer")):
            self.did(case, name, data, role)
            look()
        self.engine.kill()
        self.engine.start(MONDAY_9)
        look()
        history = self.events(case)
        self.assertEqual([event["version"] for event in history], list(range(1, len(history) + 1)))
        moments = [event["recorded_at"] for event in history]
        self.assertEqual(moments, sorted(moments))

    def test_the_hour_of_the_machine_is_not_for_a_call_to_set(self):
        self.engine.stop()
        plain = live.Engine(live.tempfile.mkdtemp(dir=self.folder), None)
        self.engine = plain
        for method in "GET", "POST":
            self.assertEqual(plain.send(method, "/dev/clock", {"advance_s": 60} if method == "POST" else None, key="")[0], 404)


if __name__ == "__main__":
    live.main()
