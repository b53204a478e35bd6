#!/usr/bin/env python3
"""The population register is away: a thousand people are served as ever, a kill of the engine forgets nobody, and when
the register is back every value comes, with a task where it says something else than the citizen."""
import collections
import concurrent.futures
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

NOW = "2026-03-02T09:00:00+07:00"
FILINGS, DIFFERENT, CLERKS = 1000, 50, 8
HEALED_WITHIN = 90
WRONG = "Số 5 đường Không Tên, xã Suối Mẫu"
OF_THE_REGISTER = [f"/{parent}/{name}" for parent in ("mother", "father") for name in ("ethnicity", "nationality", "residence")]


class Outage(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.population = live.Population(cls.folder, people=400)
        cls.couples = live.couples(cls.population.people())
        cls.engine = live.Engine(cls.folder, NOW, population=cls.population.url)
        cls.clerks = concurrent.futures.ThreadPoolExecutor(CLERKS)

    @classmethod
    def tearDownClass(cls):
        cls.clerks.shutdown()
        super().tearDownClass()

    def all_cases(self, ids):
        return list(self.clerks.map(lambda one: self.case({"id": one}), ids))

    def file(self, number):
        mother, father = self.couples[number % len(self.couples)]
        wrong = {"residence": WRONG} if number % (FILINGS // DIFFERENT) == 0 else None
        started = time.monotonic()
        status, case = self.post("/cases", live.birth(mother, father, of_mother=wrong))
        return status, case.get("id"), time.monotonic() - started

    def file_all(self, numbers):
        answers = list(self.clerks.map(self.file, numbers))
        self.assertEqual({status for status, _, _ in answers}, {201})
        self.assertLess(max(took for _, _, took in answers), 3, "a filing waited for the register")
        return [one for _, one, _ in answers]

    def classes(self, case):
        return {case["provenance"][pointer]["class"] for pointer in OF_THE_REGISTER}

    def test_an_outage_refuses_nobody_and_heals_by_itself_also_over_a_kill(self):
        self.assertGreater(len(self.couples), 20)
        self.population.kill()
        ids = self.file_all(range(FILINGS // 2))
        self.engine.kill()
        self.engine.start(NOW)
        ids += self.file_all(range(FILINGS // 2, FILINGS))
        live.until(lambda: all(self.classes(case) == {"UNAVAILABLE"} for case in self.all_cases(ids)), 60, "UNAVAILABLE on every case", 0.5)
        one = self.did({"id": ids[1]}, "receive")
        self.assertEqual((one["stage"], one["once_only"]["unavailable"]), ("received", 6))

        self.population.start()
        live.until(lambda: self.population.stats()["matched"] > 100, HEALED_WITHIN, "the first answers")
        self.engine.kill()
        self.engine.start(NOW)
        cases = live.until(lambda: (lambda now: now if all(self.classes(each) == {"MATCH"} for each in now) else None)(self.all_cases(ids)),
                           HEALED_WITHIN, "every value", 0.5)
        self.assertLessEqual(self.population.stats()["most_calls_at_once"], 8)
        for number, case in enumerate(cases):
            self.check_values(number, case)
        self.check_history(ids)
        self.correct_both_ways(cases)

    def test_the_link_finds_back_by_itself_without_a_restart_of_the_engine(self):
        self.population.kill()
        ids = self.file_all(range(1, 41))
        live.until(lambda: all(self.classes(case) == {"UNAVAILABLE"} for case in self.all_cases(ids)), 60, "UNAVAILABLE on every case", 0.5)
        self.population.start()
        live.until(lambda: all(self.classes(case) == {"MATCH"} for case in self.all_cases(ids)), HEALED_WITHIN, "every value", 0.5)
        self.assertLessEqual(self.population.stats()["most_calls_at_once"], 8)
        self.check_history(ids)

    def check_values(self, number, case):
        typed = number % (FILINGS // DIFFERENT) == 0
        for pointer in OF_THE_REGISTER:
            _, parent, name = pointer.split("/")
            self.assertTrue(case["data"][parent].get(name), pointer)
        tasks = [(task["kind"], task["pointer"], task["given"]) for task in case["tasks"]]
        self.assertEqual(tasks, [("difference", "/mother/residence", WRONG)] if typed else [], number)
        if typed:
            self.assertTrue(case["tasks"][0]["register"] and case["tasks"][0]["register"] != WRONG)
            self.assertEqual(case["data"]["mother"]["residence"], WRONG)

    def check_history(self, ids):
        """Each question failed at most once and was answered exactly once, whatever was killed."""
        for events in self.clerks.map(lambda one: self.events({"id": one}), ids):
            of_type = collections.Counter(event["type"] for event in events)
            self.assertEqual(of_type["case.lookup_answered"], 2, of_type)
            self.assertEqual(of_type["case.lookup_unavailable"], 2, of_type)
            self.assertEqual(of_type["case.answer_ignored"], 0, of_type)

    def correct_both_ways(self, cases):
        kept, taken = [case for case in cases if case["tasks"]][:2]
        registered = taken["tasks"][0]["register"]
        after = self.did(taken, "correct", {"pointer": "/mother/residence", "value": registered})
        self.assertEqual((after["tasks"], after["data"]["mother"]["residence"]), ([], registered))
        self.assertNotIn("overridden", after["flags"])
        self.assertEqual(self.case(taken, f"?at_version={taken['version']}")["tasks"], taken["tasks"])
        after = self.did(kept, "correct", {"pointer": "/mother/residence", "value": WRONG}, reason="có giấy xác nhận cư trú")
        self.assertEqual((after["tasks"], after["data"]["mother"]["residence"]), ([], WRONG))
        self.assertIn("overridden", after["flags"])


if __name__ == "__main__":
    live.main()
