#!/usr/bin/env python3
"""A register that answers late, in pieces, with rubbish, with somebody else or not at all: each look-up ends in the
class that is meant for it, the desk goes on, and nothing about a person leaks into an answer's detail."""
import os
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

LOOK_UP_ENDS_WITHIN = 11
IDENTIFYING = {"personal_id", "full_name", "birth_date"}


class Misbehaviour(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.population = live.Population(cls.folder)
        cls.engine = live.Engine(cls.folder, "2026-03-02T09:00:00+07:00", population=cls.population.url)
        people = cls.population.people()
        cls.person = next(each for each in people if len(each["birth_date"]) == 10 and each["old_id_number"])
        cls.secrets = {value for each in people for name in ("personal_id", "full_name", "old_id_number") if (value := each[name])}

    def setUp(self):
        """A link that was given a pause by the test before is up again."""
        self.population.behave("normal")
        live.until(lambda: self.look_up()["class"] == "MATCH", 30, "a link that is up", 0.5)

    def look_up(self):
        status, answer = self.post("/people/lookups", dict(live.identifiers(self.person), procedure="1.001193", purpose="prefill"))
        self.assertEqual(status, 200, answer)
        self.assertEqual(set(answer), {"lookup_id", "class", "detail", "values"})
        return answer

    def meets(self, mode, answer_class, detail, **more):
        """One look-up in that mode; without a match the answer holds nothing of anybody."""
        self.population.behave(mode, **more)
        answer = self.look_up()
        self.assertEqual((answer["class"], answer["detail"]), (answer_class, detail))
        if answer_class != "MATCH":
            self.assertEqual(answer["values"], {})
            text = live.json.dumps(answer, ensure_ascii=False)
            for secret in self.secrets:
                self.assertNotIn(secret, text)
        return answer["values"]

    def meets_late(self, mode, answer_class, detail, **more):
        """The same, with a desk at work beside it."""
        outcome = []

        def ask():
            try:
                outcome.append(self.meets(mode, answer_class, detail, **more))
            except AssertionError as error:
                outcome.append(error)

        asking, begun, slowest = threading.Thread(target=ask), time.monotonic(), 0.0
        asking.start()
        while asking.is_alive():
            started = time.monotonic()
            self.assertEqual(self.engine.send("GET", "/health/ready")[0], 200)
            self.received(live.stay(applicant={"full_name": "Nguyễn Văn An"}))
            slowest = max(slowest, time.monotonic() - started)
            time.sleep(0.1)
        asking.join()
        if isinstance(outcome[0], AssertionError):
            raise outcome[0]
        self.assertLess(slowest, 2, "the desk waited for the register")
        self.assertLess(time.monotonic() - begun, LOOK_UP_ENDS_WITHIN)

    def test_a_slow_answer_is_waited_for_and_a_very_slow_one_is_given_up(self):
        self.meets_late("slow", "MATCH", "", delay_ms=1500)
        self.meets_late("slow", "UNAVAILABLE", "timeout", delay_ms=20000)

    def test_an_answer_in_trickles_is_given_up_in_time(self):
        self.meets_late("trickle", "UNAVAILABLE", "timeout")

    def test_rubbish_is_malformed(self):
        self.meets("garbled", "MALFORMED", "not_xml", variant="html")
        self.meets("garbled", "MALFORMED", "not_xml", variant="truncated")
        self.meets("garbled", "MALFORMED", "wrong_namespace", variant="namespace")
        for _ in range(2):  # with a length, and without
            self.meets("garbled", "MALFORMED", "too_large", variant="huge")

    def test_the_record_of_another_person_is_no_match(self):
        self.meets("wrong_person", "NO_MATCH", "number_differs")

    def test_errors_a_closed_door_and_a_refusal_are_told_apart(self):
        self.meets("refused", "REFUSED", "http_refused")
        self.meets("errors", "UNAVAILABLE", "http_5xx")
        self.meets("normal", "MATCH", "")
        self.meets("down", "UNAVAILABLE", "connection")

    def test_lawful_oddities_are_a_match_with_what_there_is(self):
        self.assertEqual(self.meets("garbled", "MATCH", "", variant="year_only")["birth_date"], self.person["birth_date"][:4])
        self.assertEqual(set(self.meets("garbled", "MATCH", "", variant="empty")), IDENTIFYING | {"old_id_number"})

    def test_a_case_takes_nothing_from_an_answer_that_is_no_match(self):
        couple = live.couples(self.population.people())[0]
        for mode, more, answer_class in (("wrong_person", {}, "NO_MATCH"), ("garbled", {"variant": "namespace"}, "MALFORMED"),
                                         ("refused", {}, "REFUSED")):
            self.population.behave(mode, **more)
            case = self.healed(self.filed(live.birth(*couple)))
            for parent in ("mother", "father"):
                self.assertEqual(set(case["data"][parent]), IDENTIFYING)
                self.assertEqual(case["provenance"][f"/{parent}/residence"]["class"], answer_class)
            self.assertEqual((case["once_only"]["prefilled"], case["tasks"]), (0, []))
            self.assertEqual(self.did(case, "receive")["stage"], "received")


if __name__ == "__main__":
    live.main()
