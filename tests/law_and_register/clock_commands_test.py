#!/usr/bin/env python3
"""Pause, resume and extend: who may, when the law allows it, and what they do to the date."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

PAUSE = {"reason_code": "verification"}
SUPPLEMENT = {"items": [{"code": "chung_minh_cho_o", "why": "chưa có"}]}


def extension(due_at, signer="signatory-1", reason_code="workload"):
    return {"due_at": due_at, "reason_code": reason_code, "signer": signer}


class ClockCommands(live.LiveTest):
    """A case of three working days, received on Monday 2026-03-02 at 09:00: due on Thursday at 09:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, live.pausable_stay())

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), "2026-03-02T09:00:00+07:00", workflows=self.workflows)

    def tearDown(self):
        self.engine.stop()

    def stay(self, procedure="9.000001"):
        return self.received(live.stay(procedure=procedure))

    def extended(self, case, due_at, **more):
        return self.did(case, "extend", extension(due_at, **more), "signatory")

    def test_only_the_case_officer_pauses_and_resumes_and_only_a_signatory_extends(self):
        case = self.stay()
        for role in ("desk_officer", "signatory", "supervisor", "auditor", "leader"):
            self.refused(self.command(case, "pause", PAUSE, role), 403, "role-forbidden")
        for role in ("desk_officer", "case_officer", "supervisor", "auditor", "leader"):
            self.refused(self.command(case, "extend", extension("2026-03-06T16:00:00+07:00"), role), 403, "role-forbidden")
        self.did(case, "pause", PAUSE, "case_officer")
        for role in ("desk_officer", "signatory", "supervisor", "auditor", "leader"):
            self.refused(self.command(case, "resume", {}, role), 403, "role-forbidden")
        self.did(case, "resume", {}, "case_officer")

    def test_a_reason_that_the_definition_does_not_list_pauses_nothing(self):
        case = self.stay()
        for reason in ("leave", "supplement", "payment"):
            self.refused(self.command(case, "pause", {"reason_code": reason}, "case_officer"), 422, "not-allowed")
        shipped = self.stay("1.004194")
        for reason in ("verification", "supplement"):
            self.refused(self.command(shipped, "pause", {"reason_code": reason}, "case_officer"), 422, "not-allowed")
        self.assertNotIn("pause", [each["command"] for each in self.get(f"/cases/{shipped['id']}", "case_officer")["allowed_commands"]])
        self.assertIn("pause", [each["command"] for each in self.get(f"/cases/{case['id']}", "case_officer")["allowed_commands"]])
        for body in ({}, {"reason_code": 1}, dict(PAUSE, until="2026-03-05")):
            self.refused(self.command(case, "pause", body, "case_officer"), 422, "invalid-data")

    def test_a_clock_that_does_not_run_is_neither_paused_nor_extended_and_one_that_runs_is_not_resumed(self):
        unreceived = self.filed(live.stay(procedure="9.000001"))
        self.refused(self.command(unreceived, "pause", PAUSE, "case_officer"), 422, "not-allowed")
        self.refused(self.command(unreceived, "extend", extension("2026-03-06T16:00:00+07:00"), "signatory"), 422, "not-allowed")
        case = self.stay()
        self.refused(self.command(case, "resume", {}, "case_officer"), 422, "not-allowed")
        self.did(case, "pause", PAUSE, "case_officer")
        self.refused(self.command(case, "pause", PAUSE, "case_officer"), 422, "not-allowed")
        self.refused(self.command(case, "extend", extension("2026-03-06T16:00:00+07:00"), "signatory"), 422, "not-allowed")
        waits = self.stay()
        self.did(waits, "request_supplement", SUPPLEMENT)
        self.refused(self.command(waits, "resume", {}, "case_officer"), 422, "not-allowed")
        over = self.stay()
        self.did(over, "withdraw")
        for command, data, role in (("pause", PAUSE, "case_officer"), ("resume", {}, "case_officer"),
                                    ("extend", extension("2026-03-06T16:00:00+07:00"), "signatory")):
            self.refused(self.command(over, command, data, role), 422, "not-allowed")

    def test_a_pause_takes_the_date_away_and_a_resume_gives_what_was_left_as_a_new_promise(self):
        case = self.stay()
        self.hop("2026-03-03T09:00:00+07:00")
        paused = self.did(case, "pause", PAUSE, "case_officer")
        self.assertEqual((paused["stage"], paused["clock"]["state"], paused["clock"]["reason"]), ("received", "paused", "verification"))
        self.assertEqual((paused["due_at"], paused["legal_due"], paused["remaining"]), (None, None, 16 * 3600))
        self.hop("2026-03-09T09:00:00+07:00")
        self.assertNotIn("overdue", self.case(case)["flags"])
        resumed = self.did(case, "resume", {}, "case_officer")
        self.assertEqual((resumed["due_at"], resumed["legal_due"], resumed["remaining"]), ("2026-03-11T09:00:00+07:00",) * 2 + (None,))
        self.assertEqual([(each["basis"], each.get("reason"), each["due_at"]) for each in resumed["promises"]],
                         [("reception", None, "2026-03-05T09:00:00+07:00"), ("resume", "verification", "2026-03-11T09:00:00+07:00")])
        ledger = [(each["change"], each["reason"]) for each in self.deadline(case)["ledger"]]
        self.assertEqual(ledger, [("start", None), ("pause", "verification"), ("resume", None)])

    def test_a_procedure_is_extended_as_often_as_its_definition_says(self):
        case = self.stay()
        self.extended(case, "2026-03-06T16:00:00+07:00")
        after = self.extended(case, "2026-03-10T16:00:00+07:00")
        self.assertEqual([each["basis"] for each in after["promises"]], ["reception", "extension", "extension"])
        self.refused(self.command(case, "extend", extension("2026-03-12T16:00:00+07:00"), "signatory"), 422, "not-allowed")
        self.assertEqual(self.case(case)["due_at"], "2026-03-10T16:00:00+07:00")
        self.refused(self.command(self.stay("1.004194"), "extend", extension("2026-03-06T16:00:00+07:00"), "signatory"), 422, "not-allowed")

    def test_an_extension_ends_later_than_the_date_before_it_and_in_office_hours(self):
        case = self.stay()
        for due_at in ("2026-03-04T16:00:00+07:00", "2026-03-05T09:00:00+07:00", "2026-03-06T12:00:00+07:00", "2026-03-06T17:00:01+07:00",
                       "2026-03-07T09:00:00+07:00", "2026-04-30T09:00:00+07:00", "2026-08-31T09:00:00+07:00"):
            self.refused(self.command(case, "extend", extension(due_at), "signatory"), 422, "invalid-data", "/data/due_at")
        self.hop("2026-03-10T09:00:00+07:00")
        self.refused(self.command(case, "extend", extension("2026-03-10T08:00:00+07:00"), "signatory"), 422, "invalid-data", "/data/due_at")
        self.assertEqual(self.extended(case, "2026-08-22T17:00:00+07:00")["due_at"], "2026-08-22T17:00:00+07:00")

    def test_an_extension_is_signed_by_a_signatory_of_the_agency(self):
        case = self.stay()
        for signer in ("case_officer-1", "nobody", "h26-signatory-1", "service-1", "province-leader-1"):
            answer = self.command(case, "extend", extension("2026-03-06T16:00:00+07:00", signer), "signatory")
            self.refused(answer, 422, "invalid-data", "/data/signer")
        for missing in ("due_at", "reason_code", "signer"):
            data = {key: value for key, value in extension("2026-03-06T16:00:00+07:00").items() if key != missing}
            self.refused(self.command(case, "extend", data, "signatory"), 422, "invalid-data", "/data/" + missing)
        self.extended(case, "2026-03-06T16:00:00+07:00", signer="signatory-2")

    def test_a_pause_after_an_extension_moves_the_extended_date_by_the_working_time_paused(self):
        case = self.stay()
        self.extended(case, "2026-03-06T16:00:00+07:00")
        self.hop("2026-03-03T09:00:00+07:00")
        paused = self.did(case, "pause", PAUSE, "case_officer")
        # Tuesday 09:00 to Friday 16:00: 6 + 8 + 8 + 7 hours.
        self.assertEqual(paused["remaining"], 29 * 3600)
        self.hop("2026-03-04T09:00:00+07:00")
        resumed = self.did(case, "resume", {}, "case_officer")
        self.assertEqual((resumed["legal_due"], resumed["due_at"]), ("2026-03-06T09:00:00+07:00", "2026-03-09T16:00:00+07:00"))


if __name__ == "__main__":
    live.main()
