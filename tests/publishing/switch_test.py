#!/usr/bin/env python3
"""A version that takes open cases along (open_cases: switch): on its first day each received case follows it once, what does
not fit becomes one task, and neither a restart nor a kill loses or repeats any of it."""
import json
import os
import re
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from integrators import NEW, PublishingTest, definition, encoded, live, main  # noqa: E402

LAW = "qd-9354-bca-2025"
TUESDAY, LAST_OF_MONDAY = "2026-03-03T00:00:00+07:00", "2026-03-02T23:59:59+07:00"
THURSDAY = "2026-03-05T09:00:00+07:00"


def switching(version=2, since="2026-03-03"):
    """The draft has another name, and the limit is a day shorter: who has drafted does not fit without a map."""
    made = definition(version, since)
    made["effective"] = {"from": since, "open_cases": "switch", "law": LAW}
    made["machine"] = json.loads(json.dumps(made["machine"], ensure_ascii=False).replace('"draft"', '"write"'))
    made["time_limit"]["amount"] = 2
    return made


class Switch(PublishingTest):
    def setUp(self):
        self.begin()
        self.published(definition())

    def running(self, count=1):
        cases = [self.received(self.stay()) for _ in range(count)]
        return [self.did(case, "claim", {}, "case_officer") for case in cases]

    def drafting(self):
        return self.did(self.running()[0], "step", {"event": "finish_check"}, "case_officer")

    def version_of(self, case):
        return self.case(case)["procedure"]["version"]

    def told(self, case):
        """What was recorded about the version: migrations and refusals."""
        return [event for event in self.events(case) if event["type"] in ("case.migrated", "case.switch_refused")]

    def types_told(self, case):
        return [event["type"] for event in self.told(case)]

    def figure(self, name):
        metrics = self.engine.exchange("GET", "/metrics")[1].decode()
        return int(float(re.search(rf"^motcua_switch_{name} (\S+)$", metrics, re.M).group(1)))

    def tasks(self, case):
        return [(task["kind"], task["pointer"]) for task in self.get(f"/cases/{case['id']}", "supervisor")["tasks"]]

    def migrate(self, case, **data):
        return self.command(case, "migrate", dict({"version": 2, "map": {}, "law": LAW}, **data), "supervisor")

    def test_on_its_first_day_each_open_case_follows_it_once_and_what_does_not_fit_is_a_task(self):
        open_cases, drafting, filed = self.running(3), self.drafting(), self.filed(self.stay())
        answer = self.published(switching())
        self.assertEqual(answer["open_cases"], "switch")
        self.hop(LAST_OF_MONDAY)
        self.assertEqual([self.version_of(case) for case in open_cases], [1, 1, 1])
        self.hop(THURSDAY)
        for case in open_cases:
            now = self.case(case)
            self.assertEqual((now["procedure"]["version"], now["steps"], now["assignees"], now["due_at"], now["promises"]),
                             (2, case["steps"], case["assignees"], case["due_at"], case["promises"]))
            event, = self.told(case)
            self.assertEqual((event["type"], event["actor"], event["cause"], event["recorded_at"], event["data"]["law"]),
                             ("case.migrated", "motcua", f"switch:{NEW}:2", TUESDAY, LAW))
            self.assertEqual(self.deadline(case)["limit"]["amount"], 3, "the limit of the version before")
        event, = self.told(drafting)
        self.assertEqual((event["type"], event["actor"], event["data"]["version"], event["data"]["obstacle"]),
                         ("case.switch_refused", "motcua", 2, "step_unknown"))
        self.assertEqual((self.version_of(drafting), self.tasks(drafting)), (1, [("incident", "switch")]))
        self.assertEqual((self.figure("moved_total"), self.figure("refused_total"), self.figure("behind")), (3, 1, 0))
        self.assertEqual(self.told(filed), [])
        received = self.did(filed, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
        self.assertEqual(received["procedure"]["version"], 2, "until reception it follows by itself")

        self.assertEqual(self.migrate(drafting, map={"draft": "write"})[0], 200)
        self.assertEqual((self.version_of(drafting), self.tasks(drafting)), (2, []))
        self.did(self.case(open_cases[0]), "step", {"event": "finish_check"}, "case_officer")
        self.assertEqual(self.case(open_cases[0])["steps"], ["write"])
        self.assert_in_order()

    def test_an_officer_whose_case_was_refused_works_on_without_a_conflict(self):
        drafting = self.drafting()
        self.published(switching())
        self.hop(THURSDAY)
        self.assertEqual(self.types_told(drafting), ["case.switch_refused"])
        status, after = self.command(drafting, "note", {"text": "chờ"}, "case_officer", version=drafting["version"])
        self.assertEqual(status, 200, after)

    def test_published_on_its_first_day_it_takes_the_cases_along_at_once(self):
        case = self.running()[0]
        self.hop("2026-03-03T10:00:00+07:00")
        self.published(switching())
        live.until(lambda: self.version_of(case) == 2, 20, "the case that follows")
        self.assertEqual(self.types_told(case), ["case.migrated"])

    def test_what_a_stopped_engine_missed_is_done_at_the_start_and_the_newest_version_counts(self):
        cases, drafting = self.running(3), self.drafting()
        self.published(switching())
        self.published(switching(3, "2026-03-04"))
        for _ in range(3):
            self.again("stop", THURSDAY)
            live.until(lambda: self.types_told(drafting), 20, "the refusal")
            live.until(lambda: all(self.version_of(case) == 3 for case in cases), 20, "the cases that follow")
        time.sleep(1)
        self.assertEqual([self.types_told(case) for case in cases], [["case.migrated"]] * 3)
        self.assertEqual([event["data"]["version"] for event in self.told(drafting)], [3])
        self.assert_in_order()

    def test_each_version_asks_anew_and_one_task_is_open(self):
        drafting = self.drafting()
        self.published(switching())
        self.published(switching(3, "2026-03-04"))
        self.hop(THURSDAY)
        self.assertEqual([event["data"]["version"] for event in self.told(drafting)], [2, 3])
        self.assertEqual(self.tasks(drafting), [("incident", "switch")])
        self.did(drafting, "withdraw", {}, "desk_officer", reason="không còn nhu cầu")
        self.assertEqual(self.tasks(drafting), [])

    def test_a_case_that_a_supervisor_takes_back_stays(self):
        back, stays = self.running(2)
        self.published(switching())
        self.hop(THURSDAY)
        self.assertEqual(self.migrate(back, version=1)[0], 200)
        for how in ("stop", "kill"):
            self.again(how, THURSDAY)
            time.sleep(1)
            self.assertEqual((self.version_of(back), self.version_of(stays)), (1, 2))
        self.hop("2026-03-06T09:00:00+07:00")
        self.assertEqual((self.version_of(back), self.types_told(back)), (1, ["case.migrated"] * 2))
        self.assert_in_order()

    def test_killed_while_cases_follow_it_each_follows_once(self):
        cases, drafting = self.running(60), self.drafting()
        self.published(switching())
        first = min(cases, key=lambda case: case["id"])
        hop = threading.Thread(target=self.try_to_hop)
        hop.start()
        live.until(lambda: self.version_of(first) == 2, 30, "the first case that follows", 0)
        self.engine.kill()
        hop.join()
        self.engine.start(THURSDAY)
        live.until(lambda: all(self.version_of(case) == 2 for case in cases), 60, "the cases that follow")
        live.until(lambda: self.tasks(drafting), 20, "the task")
        print("left by the kill:", self.figure("moved_total"), "of", len(cases))
        self.again("kill", THURSDAY)
        time.sleep(1)
        for case in cases:
            self.assertEqual(self.types_told(case), ["case.migrated"])
        self.assertEqual(self.types_told(drafting), ["case.switch_refused"])
        self.assert_in_order()

    def try_to_hop(self):
        try:
            self.engine.clock(THURSDAY)
        except Exception:  # noqa: BLE001 - the engine is killed on the way
            pass

    def test_without_a_law_it_is_not_published(self):
        body = switching()
        for law in (None, "unverified"):
            body["effective"] = {"from": "2026-03-03", "open_cases": "switch"} | ({"law": law} if law else {})
            status, answer, _ = self.publish(encoded(body))
            self.assertEqual(status, 422)
            self.assertIn("switch-without-law", [finding["rule"] for finding in answer["findings"]])


if __name__ == "__main__":
    main()
