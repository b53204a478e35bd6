#!/usr/bin/env python3
"""Worklists are never behind: after each command has been answered, the next page and the next figures show it, while
64 writers work at once. `--seconds` says how long (the long form: a minute)."""
import argparse
import os
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

WRITERS = 64
SECONDS = 5


class Fresh(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = live.Engine(cls.folder, "2026-03-02T09:00:00+07:00")

    def work(self, number, end, looked):
        """One officer claims, gives back and files; each answer is looked for at once in page and figures."""
        officer = f"case_officer-{1 + number % 2}"
        token, desk = self.as_role("case_officer", officer), self.as_role("desk_officer")

        def send(path, body, who):
            status, answer = self.engine.send("POST", "/api/v1" + path, body, who)
            assert status in (200, 201), answer
            return answer

        def mine(case):
            """Whether the officer's own list shows the case as it is; only this thread writes to it."""
            cursor = ""
            while cursor is not None:
                page = self.engine.send("GET", f"/api/v1/worklists/processing?assignee={officer}&limit=200" + (f"&cursor={cursor}" if cursor else ""),
                                        token=token)[1]
                for item in page["items"]:
                    if item["id"] == case["id"]:
                        return item["version"] == case["version"] and item["assignee"] == officer
                cursor = page["next_cursor"]
            return False

        while time.monotonic() < end:
            case = send("/cases", live.stay(), desk)
            case = send(f"/cases/{case['id']}/commands", {"command": "receive", "expected_version": case["version"],
                                                          "data": {"accept_incomplete": True}, "reason": "bổ sung sau"}, desk)
            for command, holds in (("claim", True), ("release", False), ("claim", True)):
                case = send(f"/cases/{case['id']}/commands", {"command": command, "expected_version": case["version"], "data": {}}, token)
                assert mine(case) == holds, f"after {command} the officer's list is behind"
                looked[number] += 1
            case = send(f"/cases/{case['id']}/commands", {"command": "withdraw", "expected_version": case["version"], "data": {}, "reason": "rút"}, desk)
            assert not mine(case), "a withdrawn case is still in the list"
            looked[number] += 1

    def test_after_each_answer_the_next_page_shows_it(self):
        for officer in ("case_officer-1", "case_officer-2"):
            self.as_role("case_officer", officer)
        self.as_role("desk_officer")
        looked, failures = [0] * WRITERS, []
        end = time.monotonic() + SECONDS

        def run(number):
            try:
                self.work(number, end, looked)
            except Exception as failure:  # noqa: BLE001  (told by the main thread)
                failures.append(repr(failure))

        writers = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        self.assertEqual(failures, [])
        self.assertTrue(all(looked))
        total = self.get("/worklists/processing?count=true&limit=1", "case_officer")
        self.assertEqual((total["items"], total["total"]["count"]), ([], 0))
        print(f"worklists looked at right after a command: {sum(looked):,} times by {WRITERS} writers, never behind", file=sys.stderr)

    def test_figures_follow_each_command_at_once(self):
        def count():
            items = {entry["queue"]: entry for entry in self.get("/worklists", "case_officer")["items"]}
            return items["reception"]["count"], items["processing"]["count"], items["processing"]["due"]["later"] + sum(
                day["count"] for day in items["processing"]["due"]["next_days"])
        before = count()
        for number in range(1, 21):
            case = self.filed(live.stay())
            self.assertEqual(count(), (before[0] + 1, before[1] + number - 1, before[2] + number - 1))
            self.did(case, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
            self.assertEqual(count(), (before[0], before[1] + number, before[2] + number))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options, rest = parser.parse_known_args()
    SECONDS = options.seconds
    sys.argv[1:] = rest
    live.main()
