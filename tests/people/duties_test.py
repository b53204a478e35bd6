#!/usr/bin/env python3
"""What is owed at the end of a case, and what follows from an applicant's silence."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

ASK = {"items": [{"code": "chung_minh_cho_o", "why": "chưa có"}]}


def strict_stay():
    """Temporary residence with a reply limit, a limit of delivery and an original to be shown."""
    changed = live.definition("1.004194")
    law = changed["law"][0]["id"]
    changed["code"] = "9.000001"
    changed["supplement"] = {"reply_within": {"amount": 2, "unit": "working_day", "law": law}, "on_silence": "stop", "law": law}
    changed["delivery"] = {"amount": 4, "unit": "working_hour", "law": "unverified"}
    changed["papers"][0]["original_on_collection"] = True
    changed["consultations"] = [{"amount": 1, "unit": "working_day", "acknowledge": {"amount": 1, "unit": "working_hour", "law": "unverified"},
                                 "law": "unverified"}]
    return changed


class Duties(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, strict_stay())

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), "2026-03-02T09:00:00+07:00", workflows=self.workflows)

    def tearDown(self):
        self.engine.stop()

    def stay(self, **changes):
        return self.received(live.stay(procedure="9.000001", **changes))

    def resolved(self, case):
        self.did(case, "step", {"event": "finish_check"}, "case_officer")
        person = {name: live.NOBODY[name] for name in ("full_name", "personal_id")}
        self.did(case, "step", {"event": "submit", "data": {"person": person}}, "case_officer")
        self.did(case, "step", {"event": "sign"}, "signatory")
        code = live.definition("1.004194")["results"][0]["code"]
        return self.did(case, "resolve", {"results": [{"code": code}]}, "signatory")

    def duties(self, case):
        return {duty["kind"]: duty["state"] for duty in self.case(case)["duties"]}

    def test_a_paper_filed_electronically_is_shown_before_the_result_is_handed_over(self):
        case = self.stay(papers=[{"code": "ct01", "document_id": "doc-1"}])
        self.assertEqual(self.duties(case), {"originals": "open"})
        self.resolved(case)
        offer = [each for each in self.case(case)["allowed_commands"] if each["command"] == "return_result"]
        self.assertEqual(offer[0]["blocked_by"], {"duty": "originals"})
        self.refused(self.command(case, "return_result", {"channel": "counter", "to": "x"}), 422, "not-allowed")
        self.did(case, "return_result", {"channel": "counter", "to": "x", "originals": True})
        self.assertEqual(self.duties(case), {"originals": "done", "delivery": "done"})

    def test_a_result_that_lies_too_long_is_marked(self):
        case = self.stay()
        self.resolved(case)
        self.assertEqual(self.duties(case), {"delivery": "open"})
        # Morning to 11:30, afternoon from 13:30 or as the calendar has it: four working hours are over on the next day.
        self.hop("2026-03-03T09:00:00+07:00")
        self.assertIn("delivery_late", self.case(case)["flags"])
        self.did(case, "return_result", {"channel": "counter", "to": "x"})

    def test_silence_stops_the_case_after_the_reply_limit_and_not_before(self):
        case, answered = self.stay(), self.stay()
        for each in (case, answered):
            self.did(each, "request_supplement", ASK)
        self.hop("2026-03-04T08:59:59+07:00")
        self.assertEqual(self.case(case)["stage"], "awaiting_supplement")
        self.did(answered, "supply", {"papers": [{"code": "chung_minh_cho_o"}]})
        self.hop("2026-03-04T09:00:00+07:00")
        stopped = self.case(case)
        self.assertEqual((stopped["stage"], "silent" in stopped["flags"]), ("stopped", True))
        event = self.events(case)[-1]
        self.assertEqual((event["type"], event["actor"], event["data"]["law"]), ("case.stopped", "motcua", strict_stay()["law"][0]["id"]))
        self.hop("2026-03-05T09:00:00+07:00")
        self.assertEqual(self.case(answered)["stage"], "in_process")

    def test_a_definition_states_how_long_an_agency_has(self):
        asked = self.did(self.stay(), "consult", {"agency": live.ELSEWHERE, "question": "x"}, "case_officer")["consultations"][0]
        self.assertEqual((asked["acknowledge_by"], asked["due_at"]), ("2026-03-02T10:00:00+07:00", "2026-03-03T09:00:00+07:00"))

    def test_the_lateness_of_timers_is_measured(self):
        self.did(self.stay(), "request_supplement", ASK)
        self.hop("2026-03-04T09:00:00+07:00")
        status, text, _ = self.engine.exchange("GET", "/metrics")
        self.assertEqual(status, 200)
        lines = dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if line.startswith("motcua_timer"))
        self.assertEqual(lines["motcua_timer_lateness_seconds_count"], lines["motcua_timers_fired_total"])
        self.assertEqual(lines['motcua_timer_lateness_seconds_bucket{le="0.1"}'], lines["motcua_timer_lateness_seconds_count"])
        self.assertGreaterEqual(int(lines["motcua_timers_fired_total"]), 1)


if __name__ == "__main__":
    live.main()
