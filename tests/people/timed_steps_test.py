#!/usr/bin/env python3
"""Steps that end by themselves, steps that move the case itself, and fees, as a clerk sees them over HTTP; also across a
restart."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9 = "2026-03-02T09:00:00+07:00"
LABEL = {"vi": "Tự chuyển", "en": "By itself"}
OFFICER = "case_officer"


def way(target, **more):
    return dict({"target": target, "label": LABEL}, **more)


def timed_stay():
    """Temporary residence: the check is left for the signature after two working hours, unless the form lacks an address;
    the step that checks may ask for a paper, for the fee, or pause the clock."""
    changed = live.definition("1.004194")
    changed["code"] = "9.000001"
    law = changed["law"][0]["id"]
    changed["pause_reasons"] += [{"code": "payment", "law": law, "name": LABEL},
                                 {"code": "verification", "law": law, "whose": "other_agency", "name": LABEL}]
    states = changed["machine"]["states"]
    check = states["appraisal"]["states"]["check"]
    signing = next(name for name, state in states.items() if state.get("role") == "signatory")
    check["after"] = {"amount": 2, "unit": "working_hour", "law": "unverified",
                      "transitions": [way(signing, guard={"!=": [{"var": "data.stay.address"}, ""]})]}
    check["on"].update({
        "ask_paper": [way("check", life_cycle={"trigger": "request_supplement", "items": ["chung_minh_cho_o"]})],
        "bill": [way("check", life_cycle={"trigger": "request_payment", "fee": "le_phi_tam_tru"})],
        "verify": [way("check", clock={"pause": "verification"})],
        "verified": [way("check", clock={"resume": True})],
        "dismiss": [way("check", life_cycle={"trigger": "stop", "law": law})]})
    return changed


class TimedSteps(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, timed_stay())

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), MONDAY_9, workflows=self.workflows)

    def tearDown(self):
        self.engine.stop()

    def stay(self, **changes):
        return self.received(live.stay(procedure="9.000001", **changes))

    def types(self, case):
        return [event["type"] for event in self.events(case)]

    def test_a_state_is_left_by_itself_once_also_if_the_engine_was_down_when_it_came_due(self):
        case = self.stay()
        self.assertEqual(case["steps"], ["check"])
        self.hop("2026-03-02T10:59:59+07:00")
        self.assertEqual(self.case(case)["steps"], ["check"])
        folder = self.engine.folder
        self.engine.kill()
        self.engine = live.Engine(folder, "2026-03-02T10:59:59+07:00", workflows=self.workflows)
        self.hop("2026-03-02T11:00:00+07:00")
        moved = self.case(case)
        self.assertEqual(moved["steps"], ["signing"])
        self.assertEqual((moved["stage"], moved["tasks"]), ("in_process", []))
        event = self.events(case)[-1]
        self.assertEqual((event["type"], event["data"]["state"], event["actor"]), ("case.state_timed_out", "check", "motcua"))
        self.assertEqual(event["data"]["due_at"], "2026-03-02T11:00:00+07:00")
        self.engine.kill()
        self.engine = live.Engine(folder, "2026-03-02T11:00:00+07:00", workflows=self.workflows)
        self.hop("2026-03-02T12:00:00+07:00")
        self.assertEqual(self.types(case).count("case.state_timed_out"), 1)

    def test_whoever_saw_the_state_before_the_timer_is_told(self):
        case = self.stay()
        self.hop("2026-03-02T11:00:00+07:00")
        self.refused(self.command(case, "step", {"event": "sign"}, "signatory", version=case["version"]), 409,
                     "version-conflict")

    def test_working_time_stands_still_while_a_step_has_paused_the_clock(self):
        case = self.stay()
        self.hop("2026-03-02T10:00:00+07:00")
        paused = self.did(case, "step", {"event": "verify"}, OFFICER)
        self.assertEqual((paused["clock"]["state"], paused["clock"]["reason"], paused["stage"]), ("paused", "verification", "in_process"))
        self.refused(self.command(case, "step", {"event": "verify"}, OFFICER), 422, "not-allowed")
        self.hop("2026-03-03T09:00:00+07:00")
        self.assertEqual(self.case(case)["steps"], ["check"])
        self.did(case, "step", {"event": "verified"}, OFFICER)
        self.hop("2026-03-03T10:59:59+07:00")
        self.assertEqual(self.case(case)["steps"], ["check"])
        self.hop("2026-03-03T11:00:00+07:00")
        self.assertEqual(self.case(case)["steps"], ["signing"])

    def test_a_timer_that_cannot_be_decided_is_a_task_until_somebody_moves_the_case(self):
        filing = live.stay(procedure="9.000001")
        del filing["data"]["stay"]["address"]
        case = self.filed(filing)
        case = self.did(case, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
        self.hop("2026-03-02T11:00:00+07:00")
        stuck = self.case(case)
        self.assertEqual((stuck["steps"], [(task["kind"], task["pointer"]) for task in stuck["tasks"]]), (["check"], [("incident", "after:check")]))
        done = self.did(case, "step", {"event": "finish_check"}, OFFICER)
        self.assertEqual(done["tasks"], [])

    def test_a_step_asks_for_a_paper_and_both_are_in_the_history(self):
        case = self.stay()
        asked = self.did(case, "step", {"event": "ask_paper"}, OFFICER)
        self.assertEqual((asked["stage"], asked["supplement_open"], asked["clock"]["state"]), ("awaiting_supplement", ["chung_minh_cho_o"], "paused"))
        self.assertEqual(self.types(case)[-2:], ["case.step_taken", "case.supplement_requested"])
        step, request = self.events(case)[-2:]
        self.assertEqual((step["command_id"], step["recorded_at"], step["version"] + 1),
                         (request["command_id"], request["recorded_at"], request["version"]))
        self.assertEqual(self.did(case, "supply", {"papers": [{"code": "chung_minh_cho_o"}]})["stage"], "in_process")

    def test_a_repeated_command_with_two_events_is_done_once(self):
        case = self.stay()
        body = {"command": "step", "expected_version": case["version"], "data": {"event": "ask_paper"}}
        answers = [self.post(f"/cases/{case['id']}/commands", body, OFFICER, key="the-same") for _ in range(2)]
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0][1]["version"], case["version"] + 2)

    def test_a_step_stops_the_case(self):
        case = self.stay()
        stopped = self.did(case, "step", {"event": "dismiss"}, OFFICER)
        self.assertEqual((stopped["stage"], stopped["steps"]), ("stopped", []))

    def test_a_fee_is_asked_for_paid_in_parts_and_settled(self):
        case = self.stay()
        billed = self.did(case, "step", {"event": "bill"}, OFFICER)
        self.assertEqual((billed["stage"], billed["clock"]["reason"]), ("awaiting_payment", "payment"))
        self.assertEqual([(each["fee_code"], each["amount_vnd"], each["paid_vnd"], each["paid_at"]) for each in billed["payments"]],
                         [("le_phi_tam_tru", 15000, 0, None)])
        pay = {"fee_code": "le_phi_tam_tru", "amount_vnd": 10000, "reference": "BL 0001 của Nguyễn Văn An"}
        for wrong in ({"amount_vnd": 0}, {"amount_vnd": "10000"}, {"amount_vnd": 15001}, {"fee_code": "no_such"}, {"reference": ""}):
            self.refused(self.command(case, "record_payment", dict(pay, **wrong)), 422, "invalid-data")
        self.assertEqual(self.did(case, "record_payment", pay)["stage"], "awaiting_payment")
        self.hop("2026-03-03T09:00:00+07:00")
        paid = self.did(case, "record_payment", dict(pay, amount_vnd=5000))
        self.assertEqual((paid["stage"], paid["clock"]["state"], paid["payments"][0]["paid_vnd"]), ("in_process", "running", 15000))
        self.assertEqual(paid["promises"][-1]["basis"], "resume")
        self.refused(self.command(case, "request_payment", {"fee_code": "le_phi_tam_tru"}, OFFICER), 422, "not-allowed")
        self.assertNotIn("BL 0001", str([event["data"] for event in self.events(case)]))

    def test_an_officer_asks_for_a_fee_by_command(self):
        case = self.did(self.stay(), "claim", {}, OFFICER)
        offered = {each["command"]: each["requires"] for each in self.get(f"/cases/{case['id']}", OFFICER)["allowed_commands"]}
        self.assertEqual(offered["request_payment"], ["fee_code"])
        self.refused(self.command(case, "request_payment", {"fee_code": "le_phi_tam_tru"}, "desk_officer"), 403, "role-forbidden")
        self.did(case, "request_payment", {"fee_code": "le_phi_tam_tru"}, OFFICER)
        offered = [each["command"] for each in self.case(case)["allowed_commands"]]
        self.assertIn("record_payment", offered)
        self.engine.stop()
        found = self.engine.run("views", "check")
        self.assertEqual(found.returncode, 0, found.stdout)


if __name__ == "__main__":
    live.main()
