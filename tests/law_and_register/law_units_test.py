#!/usr/bin/env python3
"""Days of the calendar, time that the law adds, whose time a pause is, limits of steps, and procedures without a limit,
as a clerk sees them over HTTP."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9 = "2026-07-06T09:00:00+07:00"


def stepwise_stay():
    """Temporary residence whose first step has two working hours."""
    changed = live.pausable_stay()
    changed["machine"]["states"]["appraisal"]["states"]["check"]["time_limit"] = {
        "amount": 2, "unit": "working_hour", "counting": "working_time", "law": "unverified"}
    return changed


def unlimited_stay():
    changed = live.definition("1.004194")
    changed.update(code="9.000002", time_limit=None, no_time_limit={"law": "unverified"})
    return changed


def land(**parcel):
    return {"procedure": "1.115246", "channel": "counter", "applicant": live.NOBODY,
            "data": {"parcel": dict({"certificate_number": "CĐ 000001", "address": "Thôn 3, xã Suối Mẫu"}, **parcel),
                     "change": {"kind": "transfer"}, "transferor": {"full_name": "Nguyễn Văn An"},
                     "transferee": {"full_name": "Trần Thị Bình"}},
            "papers": [{"code": "don_dang_ky"}, {"code": "giay_chung_nhan"}, {"code": "hop_dong"}]}


CRIMINAL_RECORD = {"procedure": "3.000333", "channel": "counter", "applicant": live.NOBODY,
                   "data": {"certificate": {"number": "1"}}, "papers": [{"code": "to_khai"}]}


class LawUnits(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, stepwise_stay(), unlimited_stay())

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), MONDAY_9, workflows=self.workflows)

    def tearDown(self):
        self.engine.stop()

    def test_a_limit_in_days_counts_days_off_and_follows_what_must_be_verified(self):
        case = self.received(CRIMINAL_RECORD)
        self.assertEqual(case["due_at"], "2026-07-16T17:00:00+07:00")
        told = self.deadline(case)
        self.assertEqual((told["limit"]["amount"], told["limit"]["unit"]), (10, "calendar_day"))
        counted = [each for each in told["derivation"] if each["counted_seconds"]]
        self.assertEqual({each["rule"] for each in counted}, {"calendar_day"})
        self.assertEqual(len(counted), 10)
        self.assertIn("Từ thứ Ba 07/07/2026 đến thứ Năm 16/07/2026: tính 10 ngày, kể cả ngày nghỉ.", told["sentences"]["vi"])
        longer = self.did(case, "correct", {"pointer": "/checks/foreigner", "value": True}, "case_officer")
        self.assertEqual(longer["due_at"], "2026-07-21T17:00:00+07:00")
        self.assertIn("limit_changed", longer["flags"])
        self.assertEqual([each["due_at"] for each in longer["promises"]], ["2026-07-16T17:00:00+07:00"])

    def test_a_remote_commune_has_ten_working_days_more_by_a_law_of_its_own(self):
        self.assertEqual(self.received(land())["due_at"], "2026-07-16T09:00:00+07:00")
        remote = self.received(land(remote_commune=True))
        self.assertEqual(remote["due_at"], "2026-07-30T09:00:00+07:00")
        told = self.deadline(remote)
        self.assertEqual(told["limit"]["supplements"], [{"amount": 10, "law": "nd-101-2024"}])
        self.assertEqual(told["sentences"]["vi"][0],
                         "Thời hạn là 8 ngày làm việc, cộng thêm 10 ngày làm việc (Nghị định 101/2024/NĐ-CP).")
        self.assertIn("nd-101-2024", {each["law"] for each in told["derivation"] if each["counted_seconds"]})

    def test_a_pause_says_whose_time_it_is(self):
        case = self.received(land())
        for agency in ("g12", "Chi cục Thuế", ""):
            self.refused(self.command(case, "pause", {"reason_code": "tax_determination", "agency": agency}, "case_officer"),
                         422, "invalid-data")
        self.refused(self.command(case, "pause", {"reason_code": "inheritance_division", "agency": "G12.15"}, "case_officer"),
                     422, "invalid-data", "/data/agency")
        self.did(case, "pause", {"reason_code": "tax_determination", "agency": "G12.15"}, "case_officer")
        self.hop("2026-07-08T09:00:00+07:00")
        self.did(case, "resume", {}, "case_officer")
        self.did(case, "pause", {"reason_code": "expert_assessment"}, "case_officer")
        self.did(case, "resume", {}, "case_officer")
        self.did(case, "request_supplement", {"items": [{"code": "trich_do", "why": "chưa có"}]})
        self.assertEqual([(each["change"], each["whose"]) for each in self.deadline(case)["ledger"]],
                         [("start", None), ("pause", "G12.15"), ("resume", None), ("pause", "other_agency"), ("resume", None),
                          ("pause", "applicant")])
        self.assertIn("“Chờ cơ quan thuế xác định nghĩa vụ tài chính”", " ".join(self.deadline(case)["sentences"]["vi"]))

    def test_a_late_step_is_marked_and_nothing_else(self):
        case = self.received(live.stay(procedure="9.000001"))
        self.assertEqual(case["steps_due"], {"check": "2026-07-06T11:00:00+07:00"})
        self.did(case, "pause", {"reason_code": "verification"}, "case_officer")
        self.hop("2026-07-07T09:00:00+07:00")
        resumed = self.did(case, "resume", {}, "case_officer")
        self.assertEqual(resumed["steps_due"], {"check": "2026-07-07T11:00:00+07:00"})
        self.hop("2026-07-07T11:00:00+07:00")
        self.assertNotIn("step_late:check", self.case(case)["flags"])
        version = self.case(case)["version"]
        self.hop("2026-07-07T11:00:01+07:00")
        late = self.case(case)
        self.assertIn("step_late:check", late["flags"])
        self.assertEqual((set(late["flags"]) & {"nearing", "due", "overdue"}, late["duties"]), (set(), []))
        self.assertEqual(late["due_at"], resumed["due_at"])
        self.did(case, "step", {"event": "finish_check"}, "case_officer", version=version)
        self.assertEqual(self.case(case)["steps_due"], {})

    def test_without_a_limit_nothing_is_promised_and_the_deadline_says_so(self):
        case = self.received(live.stay(procedure="9.000002"))
        self.assertEqual((case["clock"]["state"], case["promises"], case["due_at"], case["legal_due"]), ("running", [], None, None))
        told = self.deadline(case)
        self.assertEqual(told["sentences"]["vi"], ["Pháp luật không quy định thời hạn giải quyết thủ tục này nên không hẹn ngày trả "
                                                   "kết quả."])
        self.assertEqual(told["limit"]["unit"], "none")
        self.hop("2026-12-01T09:00:00+07:00")
        self.assertEqual(self.case(case)["flags"], case["flags"])
        waiting = self.get("/worklists/processing?bucket=no_limit", "case_officer")["items"]
        self.assertIn(case["id"], [each["id"] for each in waiting])


if __name__ == "__main__":
    live.main()
