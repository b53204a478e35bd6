#!/usr/bin/env python3
"""Timers fire once, in order of due, at their own instants: over a hop of the clock, over a restart, over a stop."""
import concurrent.futures
import http.client
import os
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9 = "2026-03-02T09:00:00+07:00"


class Timers(live.LiveTest):
    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), MONDAY_9)

    def tearDown(self):
        self.engine.stop()

    def parents(self):
        return dict(live.NOBODY, personal_id="066184000002", full_name="Trần Thị Bình"), live.NOBODY

    def fired(self, *cases):
        """(kind, due, recorded, position) of the timers that fired on these cases, in the order of the log."""
        events = [event for case in cases for event in self.events(case) if event["type"] == "case.timer_fired"]
        return [(event["data"]["kind"], event["data"]["due_at"], event["recorded_at"])
                for event in sorted(events, key=lambda event: event["position"])]

    def restart(self, now):
        self.engine.stop()
        self.engine.start(now)

    def swept(self, cases, count):
        """Timers fired once `count` of them have, and after the sweeper has had time to fire one twice."""
        live.until(lambda: len(self.fired(*cases)) >= count, 20, f"{count} timers")
        time.sleep(1.2)
        return self.fired(*cases)

    def test_one_hop_over_a_week_fires_each_timer_once_at_its_own_instant_in_order_of_due(self):
        waiting = self.filed(live.birth(*self.parents()))
        same_day, three_days = self.received(live.birth(*self.parents())), self.received(live.stay())
        cases = waiting, same_day, three_days
        self.hop("2026-03-09T09:00:00+07:00")
        expected = [("nearing", "2026-03-02T14:00:00+07:00"), ("due", "2026-03-02T17:00:00+07:00"), ("overdue", "2026-03-02T17:00:01+07:00"),
                    ("reception_limit", "2026-03-03T09:00:00+07:00"), ("nearing", "2026-03-04T09:00:00+07:00"),
                    ("due", "2026-03-05T09:00:00+07:00"), ("overdue", "2026-03-05T09:00:01+07:00")]
        self.assertEqual(self.fired(*cases), [(kind, due, due) for kind, due in expected])
        self.assertEqual(self.case(waiting)["flags"], ["reception_late"])
        for case in same_day, three_days:
            now = self.case(case)
            for flag in ("nearing", "due", "overdue"):
                self.assertIn(flag, now["flags"])
            self.assertEqual([(duty["kind"], duty["state"], duty["closed_at"]) for duty in now["duties"]], [("apology", "open", None)])
            self.assertEqual(now["stage"], "received")
            self.assertEqual(now["version"], case["version"] + 3)
        self.assertEqual(self.case(three_days)["duties"][0]["opened_at"], "2026-03-05T09:00:01+07:00")

    def test_a_timer_that_only_marks_does_not_put_a_clerk_out_of_date(self):
        case = self.received(live.stay())
        self.hop("2026-03-09T09:00:00+07:00")
        status, after = self.command(case, "note", {"text": "đã gọi điện"}, version=case["version"])
        self.assertEqual((status, after["version"]), (200, case["version"] + 4), after)

    def test_an_extension_closes_the_duty_and_keeps_the_first_promise(self):
        case = self.received(live.birth(*self.parents()))
        self.hop("2026-03-04T09:00:00+07:00")
        after = self.did(case, "extend", {"due_at": "2026-03-06T16:00:00+07:00", "reason_code": "workload", "signer": "signatory-1"}, "signatory")
        self.assertEqual(after["promises"][0], case["promises"][0])
        self.assertEqual([(each["basis"], each["due_at"]) for each in after["promises"]],
                         [("reception", "2026-03-02T17:00:00+07:00"), ("extension", "2026-03-06T16:00:00+07:00")])
        self.assertEqual((after["legal_due"], after["due_at"]), ("2026-03-02T17:00:00+07:00", "2026-03-06T16:00:00+07:00"))
        self.assertEqual((after["duties"][0]["state"], after["duties"][0]["closed_at"]), ("done", "2026-03-04T09:00:00+07:00"))
        self.assertIn("extended", after["flags"])
        self.hop("2026-03-09T09:00:00+07:00")
        self.assertEqual([each[:2] for each in self.fired(case)][3:],
                         [("nearing", "2026-03-05T16:00:00+07:00"), ("due", "2026-03-06T16:00:00+07:00"), ("overdue", "2026-03-06T16:00:01+07:00")])
        self.assertEqual([duty["state"] for duty in self.case(case)["duties"]], ["done", "open"])

    def test_timers_that_came_due_while_the_process_was_down_fire_at_the_next_start_and_not_again(self):
        cases = self.filed(live.birth(*self.parents())), self.received(live.stay())
        later = "2026-03-09T08:00:00+07:00"
        self.restart(later)
        expected = [("reception_limit", "2026-03-03T09:00:00+07:00", later), ("nearing", "2026-03-04T09:00:00+07:00", later),
                    ("due", "2026-03-05T09:00:00+07:00", later), ("overdue", "2026-03-05T09:00:01+07:00", later)]
        self.assertEqual(self.swept(cases, 4), expected)
        self.restart("2026-03-12T08:00:00+07:00")
        self.assertEqual(self.swept(cases, 4), expected)
        self.hop("2026-04-01T08:00:00+07:00")
        self.assertEqual(self.fired(*cases), expected)

    def test_nothing_fires_twice_after_a_kill_and_a_restart(self):
        case = self.received(live.stay())
        self.hop("2026-03-05T09:00:00+07:00")
        before = self.fired(case)
        self.assertEqual([kind for kind, _, _ in before], ["nearing", "due"])
        self.engine.kill()
        self.engine.start("2026-03-05T09:00:00+07:00")
        self.assertEqual(self.swept([case], 2), before)
        self.hop("2026-03-06T09:00:00+07:00")
        self.assertEqual([kind for kind, _, _ in self.fired(case)], ["nearing", "due", "overdue"])

    def test_a_kill_in_the_middle_of_a_hop_loses_no_timer_and_fires_none_twice(self):
        self.as_role("desk_officer")
        with concurrent.futures.ThreadPoolExecutor(4) as clerks:
            cases = list(clerks.map(lambda _: self.received(live.stay(applicant={"full_name": "Nguyễn Văn An"})), range(200)))
        hopping = threading.Thread(target=lambda: self.hop_that_may_die("2026-03-09T09:00:00+07:00"))
        hopping.start()
        time.sleep(0.02)
        self.engine.child.kill()
        hopping.join()
        self.engine.kill()
        self.engine.start(MONDAY_9)
        self.hop("2026-03-09T09:00:00+07:00")
        dues = [("nearing", "2026-03-04T09:00:00+07:00"), ("due", "2026-03-05T09:00:00+07:00"), ("overdue", "2026-03-05T09:00:01+07:00")]
        for case in cases:
            self.assertEqual(self.fired(case), [(kind, due, due) for kind, due in dues])

    def hop_that_may_die(self, to):
        try:
            self.engine.clock(to)
        except (OSError, http.client.HTTPException):
            pass

    def test_the_clock_does_not_go_back_by_a_call_nor_by_a_start(self):
        case = self.received(live.stay())
        self.hop("2026-03-04T10:00:00+07:00")
        for body in ({"set": "2026-03-04T09:59:59+07:00"}, {"advance_s": -1}):
            self.refused(self.engine.clock(**body) if "advance_s" in body else self.engine.clock(body["set"]), 422, "invalid-data")
        for body in ({}, {"advance_s": 1, "set": "2026-03-05T00:00:00+07:00"}, {"advance_s": "1"}, {"set": "yesterday"}):
            self.refused(self.engine.send("POST", "/dev/clock", body, key=""), 422, "invalid-data")
        self.assertEqual(self.engine.send("GET", "/dev/clock")[1]["now"], "2026-03-04T10:00:00+07:00")
        # The last record is the timer of nine o'clock: a start before it takes its time.
        self.restart("2026-03-02T09:00:00+07:00")
        self.assertEqual(self.engine.send("GET", "/dev/clock")[1]["now"], "2026-03-04T09:00:00+07:00")
        self.assertEqual(len(self.fired(case)), 1)

    def test_a_case_that_waits_or_is_over_has_no_timer(self):
        waits, over = self.received(live.stay()), self.received(live.stay())
        refused, asked = self.filed(live.stay()), self.filed(live.stay())
        self.did(waits, "request_supplement", {"items": [{"code": "chung_minh_cho_o", "why": "chưa có"}]})
        self.did(over, "withdraw")
        code = live.definition("1.004194")["refusal_reasons"][0]["code"]
        self.did(refused, "refuse_reception", {"reason_code": code})
        self.did(asked, "request_supplement", {"items": [{"code": "chung_minh_cho_o", "why": "chưa có"}]})
        self.hop("2026-04-01T09:00:00+07:00")
        self.assertEqual(self.fired(waits, over, refused, asked), [])


if __name__ == "__main__":
    live.main()
