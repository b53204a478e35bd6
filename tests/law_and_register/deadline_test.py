#!/usr/bin/env python3
"""Due dates that a clerk can check by hand: the 15:00 rule, Lunar New Year, a make-up Saturday, and no time zone but
Vietnam's whatever the machine says."""
import datetime
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

COUNTED = {"processing_window", "worked_instead"}
THREE_DAYS = 3 * 8 * 3600
NOTICE = "CV 9859/VPCP-KGVX, TB 9441/TB-BNV"
SUPPLEMENT = {"items": [{"code": "chung_minh_cho_o", "why": "chưa có"}]}
SUPPLIED = {"papers": [{"code": "chung_minh_cho_o"}]}
ZONES = ("UTC", "Asia/Ho_Chi_Minh", "America/New_York")


def at(text):
    return datetime.datetime.fromisoformat(text)


class Deadline(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.told = {zone: cls.year_in(zone) for zone in ZONES}
        cls.bodies = cls.told[ZONES[0]]

    @classmethod
    def year_in(cls, zone):
        """The same year in an engine whose process lives in `zone`: the bodies of /deadline by name."""
        told = {}
        test = cls()
        cls.engine = live.Engine(tempfile.mkdtemp(dir=cls.folder), "2026-02-12T10:00:00+07:00", timezone=zone)
        keep = lambda name, case: told.__setitem__(name, cls.engine.exchange(  # noqa: E731
            "GET", f"/api/v1/cases/{case['id']}/deadline", headers={"Authorization": "Bearer " + test.as_role("desk_officer")})[1])
        over_tet, paused_over_tet = test.received(live.stay()), test.received(live.stay())
        test.hop("2026-02-12T15:00:00+07:00")
        test.did(over_tet, "request_supplement", SUPPLEMENT)
        keep("while_paused", over_tet)
        test.hop("2026-02-13T09:00:00+07:00")
        test.did(over_tet, "supply", SUPPLIED)
        test.did(paused_over_tet, "request_supplement", SUPPLEMENT)
        keep("over_tet", over_tet)
        test.hop("2026-02-23T14:00:00+07:00")
        test.did(paused_over_tet, "supply", SUPPLIED)
        keep("paused_over_tet", paused_over_tet)
        parents = dict(live.NOBODY), dict(live.NOBODY, personal_id="066184000002", full_name="Trần Thị Bình")
        for name, moment in (("before_15", "2026-03-02T14:59:00+07:00"), ("at_15", "2026-03-02T15:00:00+07:00"),
                             ("after_15", "2026-03-02T15:01:00+07:00"), ("friday_after_15", "2026-03-06T15:01:00+07:00")):
            test.hop(moment)
            keep(name, test.received(live.birth(parents[1], parents[0])))
        test.hop("2026-08-21T10:00:00+07:00")
        make_up, both = test.received(live.stay()), test.received(live.stay())
        keep("make_up", make_up)
        test.hop("2026-08-24T10:00:00+07:00")
        test.did(both, "request_supplement", SUPPLEMENT)
        test.hop("2026-08-28T14:00:00+07:00")
        test.did(both, "supply", SUPPLIED)
        keep("make_up_and_swap", both)
        cls.engine.stop()
        return told

    def told_of(self, name):
        return live.json.loads(self.bodies[name])

    def due(self, name):
        return self.told_of(name)["legal_due"]

    def says(self, name, vi, en):
        sentences = self.told_of(name)["sentences"]
        self.assertEqual(len(sentences["vi"]), len(sentences["en"]))
        self.assertIn(vi, " ".join(sentences["vi"]))
        self.assertIn(en, " ".join(sentences["en"]))

    def proven(self, name):
        """Start to due without a gap, each counted stretch within office hours, three working days in all."""
        told = self.told_of(name)
        intervals = told["derivation"]
        self.assertEqual(intervals[0]["from"], told["ledger"][0]["at"])
        self.assertEqual(intervals[-1]["to"], told["legal_due"])
        for before, after in zip(intervals, intervals[1:]):
            self.assertEqual(before["to"], after["from"])
        for each in intervals:
            self.assertLess(at(each["from"]), at(each["to"]))
            if each["rule"] not in COUNTED:
                self.assertEqual(each["counted_seconds"], 0, each)
                continue
            self.assertEqual(each["counted_seconds"], (at(each["to"]) - at(each["from"])).total_seconds())
            hours = each["from"][11:19], each["to"][11:19]
            self.assertTrue("07:00:00" <= hours[0] < hours[1] <= "11:30:00" or "13:30:00" <= hours[0] < hours[1] <= "17:00:00", each)
        self.assertEqual(sum(each["counted_seconds"] for each in intervals), THREE_DAYS)
        return intervals

    def test_a_birth_received_by_15_00_is_due_the_same_day_and_later_on_the_next_working_day(self):
        self.assertEqual(self.due("before_15"), "2026-03-02T17:00:00+07:00")
        self.assertEqual(self.due("at_15"), "2026-03-02T17:00:00+07:00")
        self.assertEqual(self.due("after_15"), "2026-03-03T17:00:00+07:00")
        self.assertEqual(self.due("friday_after_15"), "2026-03-09T17:00:00+07:00")
        for name in ("before_15", "after_15"):
            told = self.told_of(name)
            self.assertEqual([promise["due_at"] for promise in told["promises"]], [told["legal_due"]])
        self.assertNotIn("after_cutoff", [each["rule"] for each in self.told_of("before_15")["derivation"]])
        self.assertIn("after_cutoff", [each["rule"] for each in self.told_of("after_15")["derivation"]])
        self.says("after_15", "sau 15:00, nên tính như nhận vào ngày làm việc tiếp theo",
                  "after 15:00, so it counts as received on the next working day")

    def test_three_working_days_over_tet_with_a_pause_are_counted_without_a_gap(self):
        intervals = self.proven("over_tet")
        told = self.told_of("over_tet")
        # Thursday 10:00-15:00: 3 h. Friday 09:00-17:00: 6 h. Monday after Tet: 8 h. Tuesday until 16:00: 7 h.
        self.assertEqual(told["legal_due"], "2026-02-24T16:00:00+07:00")
        self.assertEqual([(each["due_at"], each["basis"]) for each in told["promises"]],
                         [("2026-02-24T10:00:00+07:00", "reception"), ("2026-02-24T16:00:00+07:00", "resume")])
        off = [each for each in intervals if each["rule"] == "holiday"]
        self.assertEqual({each["notice"] for each in off}, {NOTICE})
        self.assertEqual((off[0]["from"], off[-1]["to"]), ("2026-02-16T00:00:00+07:00", "2026-02-21T00:00:00+07:00"))
        paused = [each for each in intervals if each["rule"] == "clock_paused"]
        self.assertEqual([(each["from"], each["to"]) for each in paused], [("2026-02-12T15:00:00+07:00", "2026-02-13T09:00:00+07:00")])
        self.says("over_tet", f"nghỉ “Tết Nguyên đán” theo thông báo {NOTICE}", f"day off “Lunar New Year” by notice {NOTICE}")

    def test_while_the_clock_stands_there_is_no_due_date_but_what_is_left(self):
        told = self.told_of("while_paused")
        self.assertEqual((told["legal_due"], told["due_at"], told["remaining"]), (None, None, THREE_DAYS - 3 * 3600))
        self.assertEqual([each["basis"] for each in told["promises"]], ["reception"])
        self.says("while_paused", "Thời hạn đang tạm dừng, còn lại 21 giờ", "The time limit is paused with 21 hours")

    def test_a_pause_over_tet_gives_back_exactly_what_was_left(self):
        intervals = self.proven("paused_over_tet")
        # 7 h before the pause; Monday 14:00-17:00: 3 h, Tuesday: 8 h, Wednesday until 15:00: 6 h.
        self.assertEqual(self.due("paused_over_tet"), "2026-02-25T15:00:00+07:00")
        self.assertNotIn("holiday", [each["rule"] for each in intervals])
        self.says("paused_over_tet", "không tính, tạm dừng vì chờ bổ sung hồ sơ",
                  "paused for the reason: waiting for the applicant's supplement")

    def test_a_make_up_saturday_is_counted_and_named(self):
        intervals = self.proven("make_up")
        # Friday 10:00: 5 h, make-up Saturday: 8 h, Monday: 8 h, Tuesday until 10:00: 3 h.
        self.assertEqual(self.due("make_up"), "2026-08-25T10:00:00+07:00")
        saturday = [each for each in intervals if each["rule"] == "worked_instead"]
        self.assertEqual(sum(each["counted_seconds"] for each in saturday), 8 * 3600)
        self.assertEqual({(each["from"][:10], each["notice"]) for each in saturday}, {("2026-08-22", NOTICE)})
        self.says("make_up", f"thứ Bảy 22/08/2026, ngày làm bù cho thứ Hai 31/08/2026 theo thông báo {NOTICE}",
                  f"Saturday 22 August 2026, worked in exchange for Monday 31 August 2026 by notice {NOTICE}")

    def test_the_swapped_monday_is_not_counted_though_it_is_a_monday(self):
        intervals = self.proven("make_up_and_swap")
        # 5 h, 8 h on the make-up Saturday, 3 h, pause; Friday 14:00-17:00: 3 h, Thursday 3/9 until 14:00: 5 h.
        self.assertEqual(self.due("make_up_and_swap"), "2026-09-03T14:00:00+07:00")
        off = {each["from"][:10]: each["notice"] for each in intervals if each["rule"] == "holiday"}
        self.assertEqual(off["2026-08-31"], NOTICE)
        self.assertEqual(sum(each["counted_seconds"] for each in intervals if each["rule"] == "worked_instead"), 8 * 3600)
        self.says("make_up_and_swap", f"Ngày thứ Hai 31/08/2026: không tính, nghỉ “Nghỉ hoán đổi” theo thông báo {NOTICE}",
                  f"Monday 31 August 2026: not counted, day off “Day off in exchange” by notice {NOTICE}")

    def test_the_time_zone_of_the_process_changes_no_byte(self):
        for zone in ZONES[1:]:
            self.assertEqual(self.told[zone], self.bodies)


if __name__ == "__main__":
    live.main()
