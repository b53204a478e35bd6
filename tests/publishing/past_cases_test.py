#!/usr/bin/env python3
"""A candidate is tried on the cases of the running engine: with a verdict, without a trace, and one at a time."""
import concurrent.futures
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from integrators import MONDAY, NEW, PublishingTest, definition, encoded, live, main, one_day  # noqa: E402

WEDNESDAY = "2026-03-04T16:00:00+07:00"
CASES = 12


class PastCases(PublishingTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = live.Engine(cls.folder, MONDAY)
        test = cls()
        test.published(definition())
        cls.cases = [test.received(test.stay()) for _ in range(CASES)]
        test.did(cls.cases[0], "claim", {}, "case_officer")
        test.did(cls.cases[0], "step", {"event": "finish_check"}, "case_officer")
        test.hop(WEDNESDAY)
        # The log's last record is the instant up to which a back-test looks.
        test.did(cls.cases[0], "note", {"text": "Đã gọi điện cho Nguyễn Văn An"}, "case_officer")

    def backtest(self, body, query="", role="integrator", code=NEW):
        return self.call(f"/procedures/{code}/backtest{query}", body, role, key="")[:2]

    def test_a_definition_passes_on_its_own_cases(self):
        before = (self.position(), self.procedures())
        status, report = self.backtest(definition(2, "2026-03-10"))
        self.assertEqual((status, report["verdict"], report["reasons"]), (200, "pass", []))
        self.assertEqual((report["cases"], report["open"], len(report["lines"])), (CASES, CASES, CASES))
        self.assertEqual(report["deadlines"]["same"], CASES)
        self.assertEqual((self.position(), self.procedures()), before, "a read")

    def test_a_shorter_limit_fails_unless_so_many_may_be_late(self):
        status, report = self.backtest(one_day())
        self.assertEqual((status, report["verdict"], report["deadlines"]["newly_late"]), (200, "fail", CASES))
        self.assertEqual(report["reasons"], [f"{CASES} cases in time would be late"])
        self.assertEqual(self.backtest(one_day(), f"?allow_late={CASES}")[1]["verdict"], "pass")
        self.assertEqual(self.backtest(one_day(), f"?allow_late={CASES - 1}")[1]["verdict"], "fail")

    def test_a_draft_may_be_tried(self):
        self.assertEqual(self.backtest(one_day(status="draft"))[1]["verdict"], "fail")

    def test_a_case_that_took_a_way_which_is_gone_would_be_stranded(self):
        made = definition(2, "2026-03-10")
        ways = made["machine"]["states"]["appraisal"]["states"]["check"]["on"]
        ways["end_check"] = ways.pop("finish_check")
        status, report = self.backtest(made)
        self.assertEqual((status, report["verdict"], report["stranded_cases"]), (200, "fail", 1))
        line = next(line for line in report["lines"] if line["stranded"])
        self.assertEqual((line["id"], line["stranded"]["event"]), (self.cases[0]["id"], "finish_check"))
        self.assertEqual(self.backtest(made, "?allow_stranded=1")[1]["verdict"], "pass")
        # Lines that say something go before the others.
        only = self.backtest(made, "?limit=1")[1]
        self.assertEqual([each["id"] for each in only["lines"]], [self.cases[0]["id"]])
        self.assertIn({"from": "check", "event": "end_check", "to": "draft"}, report["unused_ways"])

    def test_the_answer_has_so_many_lines_as_are_asked_for(self):
        report = self.backtest(one_day(), "?limit=5")[1]
        self.assertEqual((len(report["lines"]), report["lines_left_out"], report["cases"]), (5, CASES - 5, CASES))
        self.assertEqual([line["id"] for line in report["lines"]], sorted(case["id"] for case in self.cases)[:5])
        report = self.backtest(one_day(), "?lines=false")[1]
        self.assertEqual((report["lines"], report["lines_left_out"]), ([], CASES))

    def test_the_command_on_the_folder_says_the_same(self):
        draft = os.path.join(self.folder, "candidate.json")
        with open(draft, "wb") as file:
            file.write(encoded(one_day()))
        done = self.engine.run("backtest", draft, "--workflows", live.WORKFLOWS, "--json")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(live.json.loads(done.stdout), self.backtest(one_day())[1])

    def test_no_answer_names_a_person(self):
        text = live.json.dumps(self.backtest(one_day())[1], ensure_ascii=False)
        for secret in (live.NOBODY["full_name"], live.NOBODY["personal_id"], "Suối Mẫu", "gọi điện"):
            self.assertNotIn(secret, text)

    def test_what_is_asked_wrongly_is_refused(self):
        for query in ("?limit=0", "?limit=1001", "?lines=no", "?since=yesterday", "?allow_late=-1", "?what=1"):
            self.refused(self.backtest(one_day(), query), 400, "bad-request")
        self.refused(self.backtest(one_day(), code="1.001193"), 422, "invalid-data", "/code")
        broken = one_day()
        broken["time_limit"]["unit"] = "fortnight"
        status, problem = self.backtest(broken)
        self.refused((status, problem), 422, "invalid-data", "/time_limit/unit")
        for role in ("desk_officer", "supervisor", "auditor"):
            self.refused(self.backtest(one_day(), role=role), 403, "role-forbidden")

    def test_one_at_a_time_and_nobody_waits_for_it(self):
        with concurrent.futures.ThreadPoolExecutor(8) as many:
            answers = list(many.map(lambda _: self.backtest(one_day(), "?lines=false"), range(64)))
        self.assertEqual({status for status, _ in answers}, {200, 429})
        for status, body in answers:
            if status == 429:
                self.refused((status, body), 429, "too-many-requests")


if __name__ == "__main__":
    main()
