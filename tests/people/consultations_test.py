#!/usr/bin/env python3
"""Questions to another agency: who sees the case for it, what it may do, and when it is late."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

ASK = {"agency": live.ELSEWHERE, "question": "Có vướng mắc gì về chỗ ở không?"}


class Consultations(live.LiveTest):
    """Monday 2026-03-02, 09:00; the commune asks a ward of another province."""

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), "2026-03-02T09:00:00+07:00")
        self.asked_case = self.received(live.stay())

    def tearDown(self):
        self.engine.stop()

    def consulted(self):
        return self.did(self.asked_case, "consult", ASK, "case_officer")

    def there(self, role="case_officer"):
        return self.engine.send("GET", f"/api/v1/cases/{self.asked_case['id']}", token=self.as_role(role, agency=live.ELSEWHERE))

    def command_there(self, name, data=None, role="case_officer"):
        body = {"command": name, "expected_version": self.case(self.asked_case)["version"], "data": data or {}}
        return self.post(f"/cases/{self.asked_case['id']}/commands", body, role, agency=live.ELSEWHERE)

    def test_the_question_runs_in_its_own_time_beside_our_clock(self):
        before = self.case(self.asked_case)
        after = self.consulted()
        asked = after["consultations"][0]
        self.assertEqual((asked["agency"], asked["state"], asked["acknowledge_by"], asked["due_at"]),
                         (live.ELSEWHERE, "open", "2026-03-02T11:00:00+07:00", "2026-03-05T09:00:00+07:00"))
        for member in ("stage", "clock", "due_at", "promises"):
            self.assertEqual(after[member], before[member], member)

    def test_the_case_exists_for_the_agency_that_is_asked_and_only_to_answer(self):
        self.assertEqual(self.there()[0], 404)
        self.consulted()
        status, shown = self.there()
        self.assertEqual((status, shown["applicant"]["full_name"]), (200, live.NOBODY["full_name"]))
        self.assertEqual([each["command"] for each in shown["allowed_commands"]], ["acknowledge_consultation", "answer_consultation"])
        self.assertEqual(self.there("supervisor")[1]["applicant"]["full_name"], "N. V. A.")
        self.assertEqual(self.there("desk_officer")[0], 404)
        for name, data in (("note", {"text": "x"}), ("claim", {}), ("pause", {"reason_code": "x"}), ("consult", ASK), ("step", {"event": "finish_check"}),
                           ("request_supplement", {"items": [{"code": "ct01", "why": "x"}]})):
            self.refused(self.command_there(name, data), 403, "role-forbidden")
        self.refused(self.command_there("answer_consultation", {"opinion_code": "agreed"}, "supervisor"), 403, "role-forbidden")
        status, events = self.engine.send("GET", f"/api/v1/cases/{self.asked_case['id']}/events", token=self.as_role("case_officer", agency=live.ELSEWHERE))
        self.assertEqual((status, events["items"][-1]["personal"]["free-text"]["question"]), (200, ASK["question"]))

    def test_an_acknowledged_question_is_answered_once(self):
        self.consulted()
        self.refused(self.command(self.asked_case, "answer_consultation", {"opinion_code": "agreed"}, "case_officer"), 403, "role-forbidden")
        self.assertEqual(self.command_there("acknowledge_consultation")[0], 200)
        self.refused(self.command_there("acknowledge_consultation"), 422, "not-allowed")
        for opinion in ("Đồng ý", "a b", "", 1):
            self.refused(self.command_there("answer_consultation", {"opinion_code": opinion}), 422, "invalid-data", "/data/opinion_code")
        status, answered = self.command_there("answer_consultation", {"opinion_code": "agreed", "data": {"ý kiến": "không vướng mắc"}})
        self.assertEqual((status, answered["consultations"][0]["state"], answered["consultations"][0]["opinion_code"]), (200, "answered", "agreed"))
        self.refused(self.command_there("answer_consultation", {"opinion_code": "refused"}), 422, "not-allowed")
        self.assertEqual(self.there()[0], 200)
        event = self.events(self.asked_case)[-1]
        self.assertEqual((event["agency"], event["data"]["outcome"]["role"]), (live.ELSEWHERE, "case_officer"))
        self.hop("2026-03-06T09:00:00+07:00")
        self.assertFalse([flag for flag in self.case(self.asked_case)["flags"] if flag.startswith(("unacknowledged", "consultation_late"))])

    def test_silence_of_the_other_agency_is_marked_at_its_instants(self):
        self.consulted()
        self.hop("2026-03-02T10:59:59+07:00")
        self.assertNotIn("unacknowledged:" + live.ELSEWHERE, self.case(self.asked_case)["flags"])
        self.hop("2026-03-02T11:00:00+07:00")
        self.assertIn("unacknowledged:" + live.ELSEWHERE, self.case(self.asked_case)["flags"])
        self.hop("2026-03-05T09:00:00+07:00")
        self.assertIn("consultation_late:" + live.ELSEWHERE, self.case(self.asked_case)["flags"])

    def test_whom_nobody_can_ask(self):
        for agency in (live.HERE, "H99.1", "x" * 128):
            self.refused(self.command(self.asked_case, "consult", dict(ASK, agency=agency), "case_officer"), 422, "invalid-data", "/data/agency")
        for data, pointer in (({"agency": live.ELSEWHERE}, "/data/question"), ({"question": "x"}, "/data/agency"),
                              (dict(ASK, question=""), "/data/question"), (dict(ASK, due_at="2026-03-05"), "/data/due_at")):
            self.refused(self.command(self.asked_case, "consult", data, "case_officer"), 422, "invalid-data", pointer)
        self.refused(self.command(self.asked_case, "consult", ASK, "desk_officer"), 403, "role-forbidden")
        self.consulted()
        self.refused(self.command(self.asked_case, "consult", ASK, "case_officer"), 422, "not-allowed")
        self.did(self.asked_case, "consult", dict(ASK, agency="H26"), "case_officer")

    def test_a_case_that_ends_closes_its_questions(self):
        self.consulted()
        ended = self.did(self.asked_case, "withdraw")
        self.assertEqual(ended["consultations"][0]["state"], "closed")
        self.assertEqual(self.there()[0], 404)
        self.hop("2026-03-06T09:00:00+07:00")
        self.assertEqual(self.case(self.asked_case)["version"], ended["version"])


if __name__ == "__main__":
    live.main()
