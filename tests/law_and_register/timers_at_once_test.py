#!/usr/bin/env python3
"""Thousands of cases that come due at one instant: each timer fires once, in order of due, and officers work on meanwhile."""
import concurrent.futures
import os
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9, TUESDAY_9, FRIDAY_9 = (f"2026-03-0{day}T09:00:00+07:00" for day in (2, 3, 6))
WAITING, RECEIVED = 2400, 300  # one timer each; three each


class TimersAtOnce(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = live.Engine(cls.folder, MONDAY_9)

    def all_of(self, pool, work, items):
        return list(pool.map(work, items))

    def test_each_fires_once_in_order_of_due_while_requests_go_on(self):
        self.as_role("desk_officer")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            waiting = self.all_of(pool, lambda _: self.filed(live.stay()), range(WAITING))
            received = self.all_of(pool, lambda _: self.received(live.stay()), range(RECEIVED))
            self.assertEqual(len({case["due_at"] for case in received}), 1)
            busy, over, answered = self.filed(live.stay()), threading.Event(), []

            def work_on():
                while not over.is_set():
                    answered.append(self.command(busy, "note", {"text": "đã gọi điện"})[0])
                    answered.append(self.engine.send("GET", "/api/v1/worklists/reception?limit=5", token=self.as_role("desk_officer"))[0])

            worker = pool.submit(work_on)
            for instant in (TUESDAY_9, FRIDAY_9):
                status, body = self.engine.send("POST", "/dev/clock", {"set": instant}, key="", timeout=240)
                self.assertEqual((status, body.get("now")), (200, instant))
            over.set()
            worker.result()
            self.assertEqual(set(answered), {200})
            histories = self.all_of(pool, self.events, waiting + received)
        fired = sorted((event["position"], event["recorded_at"], event["data"]["due_at"], event["data"]["kind"], number)
                       for number, history in enumerate(histories) for event in history if event["type"] == "case.timer_fired")
        self.assertEqual(len(fired), WAITING + 3 * RECEIVED)
        self.assertEqual(len({(kind, number) for *_, kind, number in fired}), len(fired))
        for _, recorded, due, *_ in fired:
            self.assertEqual(recorded, due)
        self.assertEqual([due for _, _, due, *_ in fired], sorted(due for _, _, due, *_ in fired))
        self.assertEqual(sum(kind == "reception_limit" for *_, kind, _ in fired), WAITING)
        self.engine.stop()
        self.assertEqual(self.engine.run("views", "check").returncode, 0)


if __name__ == "__main__":
    live.main()
