#!/usr/bin/env python3
"""A definition is published on a running engine: it can be filed on at once, a newer version holds from its day on, open
cases keep theirs, and a restart changes nothing of it."""
import concurrent.futures
import hashlib
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from integrators import MONDAY, NEW, PublishingTest, birth_certificate, definition, encoded, live, main, one_day  # noqa: E402

SUNDAY_NIGHT = "2026-03-08T23:59:59+07:00"
DAY_OF_2 = "2026-03-09T00:00:00+07:00"
MORNING_OF_2 = "2026-03-09T09:00:00+07:00"


class Publishing(PublishingTest):
    def setUp(self):
        self.begin()

    def test_a_27th_procedure_is_filed_on_without_a_restart(self):
        known = len(self.procedures())
        status, problem = self.post("/cases", self.stay())
        self.refused((status, problem), 422, "invalid-data", "/procedure")
        body = encoded(definition())
        answer = self.published(body)
        self.assertEqual(answer, {"code": NEW, "version": 1, "hash": hashlib.sha256(body).hexdigest(),
                                  "effective_from": "2026-03-02", "effective_to": None, "open_cases": "keep",
                                  "published_at": MONDAY, "warnings": answer["warnings"]})
        self.assertEqual(len(self.procedures()), known + 1)
        line = self.line()
        self.assertEqual((line["status"], line["version"], line["next"], line["hash"]),
                         ("in_force", 1, None, answer["hash"]))
        self.assertEqual(self.bytes_of(), body, "byte for byte as published")
        case = self.received(self.stay())
        self.assertEqual((case["procedure"]["code"], case["procedure"]["version"]), (NEW, 1))
        self.assert_in_order()

    def test_the_publication_is_one_event_which_counts_the_warnings(self):
        before = self.position()
        body = definition()
        body["papers"].append(birth_certificate())
        warnings = self.lint(body)[1]["warnings"]
        self.assertGreater(warnings, 0)
        answer = self.published(body)
        self.assertEqual((self.position(), answer["warnings"]), (before + 1, warnings))
        self.assertEqual(self.publish(body)[1]["warnings"], warnings)

    def test_a_version_holds_from_its_day_on_and_open_cases_keep_theirs(self):
        self.published(definition())
        open_case, only_filed = self.received(self.stay()), self.filed(self.stay())
        self.published(one_day())
        line = self.line()
        self.assertEqual((line["version"], line["status"], line["next"]),
                         (1, "in_force", {"version": 2, "effective_from": "2026-03-09"}))
        before = self.received(self.stay())
        self.assertEqual(before["procedure"]["version"], 1, "published is not in force")

        self.hop(SUNDAY_NIGHT)
        self.assertEqual(self.filed(self.stay())["procedure"]["version"], 1, "the last second of the old version")
        self.hop(DAY_OF_2)
        self.assertEqual(self.filed(self.stay())["procedure"]["version"], 2, "the first of the new one")
        line = self.line()
        self.assertEqual((line["version"], line["status"], line["next"]), (2, "in_force", None))
        self.assertEqual([each["status"] for each in self.versions()], ["superseded", "in_force"])

        self.hop(MORNING_OF_2)
        new = self.received(self.stay())
        self.assertEqual((new["procedure"]["version"], new["due_at"]), (2, "2026-03-10T09:00:00+07:00"))
        for case in (open_case, before):
            now = self.case(case)
            self.assertEqual((now["procedure"]["version"], now["promises"]), (1, case["promises"]))
        # Pinned at reception: what was only filed follows the rules of the day on which it is received.
        late = self.did(only_filed, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
        self.assertEqual(late["procedure"]["version"], 2)
        self.assertEqual(self.did(open_case, "claim", {}, "case_officer")["procedure"]["version"], 1)
        self.assert_in_order()

    def test_a_code_whose_first_version_begins_later_waits_for_its_day(self):
        self.published(definition(since="2026-03-09"))
        line = self.line()
        self.assertEqual((line["status"], line["version"], line["next"]),
                         ("upcoming", 1, {"version": 1, "effective_from": "2026-03-09"}))
        self.refused(self.post("/cases", self.stay()), 422, "invalid-data", "/procedure")
        self.hop(DAY_OF_2)
        self.filed(self.stay())
        self.assertEqual(self.line()["status"], "in_force")

    def test_the_same_bytes_again_are_answered_as_the_first_time(self):
        body = encoded(definition())
        first = self.published(body)
        position, listed = self.position(), self.procedures()
        status, answer, fields = self.publish(body)
        self.assertEqual((status, answer), (200, first))
        self.assertNotIn("Idempotency-Replayed", fields)
        shipped = self.bytes_of("1.004194")
        status, answer, _ = self.publish(shipped)
        self.assertEqual((status, answer["warnings"]), (200, None), "published at the start, where nobody counts")
        self.assertEqual((self.position(), self.procedures()), (position, listed))

    def test_a_repetition_gets_the_first_answer_also_after_a_restart(self):
        body = encoded(definition())
        status, first, _ = self.publish(body, key="one")
        self.assertEqual(status, 201)
        for how in (None, "stop", "kill"):
            if how:
                self.again(how)
            status, answer, fields = self.publish(body, key="one")
            self.assertEqual((status, answer, fields.get("Idempotency-Replayed")), (201, first, "true"))
        self.refused(self.publish(one_day(since="2026-03-20"), key="one")[:2], 409, "idempotency-key-reused")

    def test_a_restart_keeps_everything_though_the_folder_has_nothing_of_it(self):
        self.published(definition())
        case = self.received(self.stay())
        self.published(one_day())
        before = (self.case(case), self.procedures(), self.versions(), self.position())
        self.again()
        self.assertEqual((self.case(case), self.procedures(), self.versions(), self.position()), before)
        self.hop(MORNING_OF_2)
        self.assertEqual(self.received(self.stay())["procedure"]["version"], 2)
        self.published(one_day(3, "2026-03-16"))
        self.assertEqual([each["version"] for each in self.versions()], [1, 2, 3])

    def test_a_backup_carries_what_was_published_and_who_asked_for_it(self):
        body = encoded(definition())
        first = self.publish(body, key="one")[1]
        backups, restored = (os.path.join(self.engine.folder, name) for name in ("backups", "restored"))
        self.assertEqual(self.engine.run("backup", "--to", backups).returncode, 0)
        self.engine.stop()
        whole = self.engine.data
        self.engine.data = restored
        done = self.engine.run("restore", "--from", backups, "--now", MONDAY)
        self.assertEqual(done.returncode, 0, done.stderr)
        shutil.copy(whole + ".master-key", restored + ".master-key")
        self.engine._tokens.clear()
        self.engine.start(MONDAY)
        status, answer, fields = self.publish(body, key="one")
        self.assertEqual((status, answer, fields.get("Idempotency-Replayed")), (201, first, "true"))
        self.assertEqual(self.received(self.stay())["procedure"]["version"], 1)
        self.published(one_day())
        self.assert_in_order()

    def test_a_folder_with_other_bytes_for_a_published_version_is_refused_at_the_start(self):
        self.published(definition())
        self.engine.stop()
        copy = live.workflows_with(live.tempfile.mkdtemp(dir=self.folder), definition(since="2026-03-03"))
        shipped, self.engine.workflows = self.engine.workflows, copy
        with self.assertRaisesRegex(AssertionError, "version-taken"):
            self.engine.start(MONDAY)
        self.engine.workflows = shipped
        self.engine.start(MONDAY)
        self.assertEqual(self.line()["version"], 1)

    def test_of_two_that_publish_the_same_version_exactly_one_wins(self):
        for version in range(1, 7):
            since = f"2026-04-{version:02}"
            bodies = [encoded(definition(version, since, name={"vi": f"Bản {i}", "en": f"Text {i}"})) for i in range(2)]
            with concurrent.futures.ThreadPoolExecutor(2) as two:
                answers = list(two.map(self.publish, bodies))
            won = [i for i, answer in enumerate(answers) if answer[0] == 201]
            self.assertEqual(len(won), 1, answers)
            lost = answers[1 - won[0]]
            if lost[0] == 409:
                self.refused(lost[:2], 409, "version-conflict")
                self.assertEqual(lost[1]["current_version"], version)
            else:  # it was checked when the other was published already
                self.refused(lost[:2], 422, "invalid-data", "/version")
                self.assertEqual([finding["rule"] for finding in lost[1]["findings"]], ["version-taken"])
            self.assertEqual(self.bytes_of(version=version), bodies[won[0]])
        self.assertEqual([each["version"] for each in self.versions()], [1, 2, 3, 4, 5, 6])

    def test_the_same_bytes_at_the_same_time_are_published_once(self):
        body, before = encoded(definition()), self.position()
        with concurrent.futures.ThreadPoolExecutor(2) as two:
            answers = list(two.map(self.publish, [body, body]))
        self.assertEqual(sorted(answer[0] for answer in answers), [200, 201])
        self.assertEqual(answers[0][1], answers[1][1])
        self.assertEqual(self.position(), before + 1)


if __name__ == "__main__":
    main()
