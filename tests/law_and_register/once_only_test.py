#!/usr/bin/env python3
"""Nobody is asked for what the population register holds: filled in after the filing, or before it by a look-up."""
import os
import sys
import threading
import time
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

NOW = "2026-03-02T09:00:00+07:00"
ASKED_OF_A_PARENT = ("ethnicity", "nationality", "residence")


def leaves(data, above=""):
    for name, value in data.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}/{name}")
        else:
            yield f"{above}/{name}"


def form_leaves(schema, above=""):
    for name, member in schema["properties"].items():
        if "properties" in member:
            yield from form_leaves(member, f"{above}/{name}")
        else:
            yield f"{above}/{name}"


class OnceOnly(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.population = live.Population(cls.folder)
        cls.engine = live.Engine(cls.folder, NOW, population=cls.population.url)
        test = cls()
        # A couple of one ethnicity whose record says everything, so that nothing is left to ask.
        for cls.mother, cls.father in live.couples(cls.population.people()):
            cls.known = [test.looked_up(person)["values"] for person in (cls.mother, cls.father)]
            texts = [[each.get(name, {}).get("text") for each in cls.known]
                     for name in ("ethnicity", "nationality", "permanent_residence", "hometown")]
            if all(all(pair) for pair in texts) and texts[0][0] == texts[0][1] and texts[1][0] == texts[1][1]:
                return
        raise AssertionError("no such couple among the people")

    def setUp(self):
        self.population.behave("normal")
        self.settled()

    def test_a_case_received_while_the_register_thinks_is_not_asked_about_again(self):
        before = self.population.stats()["calls"]
        self.population.behave("slow", delay_ms=1500)
        try:
            case = self.filed(live.birth(self.mother, self.father))
            live.until(lambda: self.population.stats()["calls"] - before == 2, 5, "both questions")
            case = self.did(case, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
            self.assertIn("PENDING", {origin["class"] for origin in case["provenance"].values()})
            self.healed(case)
        finally:
            self.population.behave("normal")
        self.assertEqual(self.population.stats()["calls"] - before, 2)

    def settled(self):
        """The calls once those that earlier filings left open have been made."""
        seen = -1
        while seen != self.calls():
            seen = self.calls()
            time.sleep(0.4)
        return seen

    def look_up(self, person, role="desk_officer", sub=None, agency=live.HERE, **more):
        body = dict(live.identifiers(person), procedure="1.001193", purpose="prefill")
        return self.post("/people/lookups", body, role, sub, agency, **more)

    def looked_up(self, person, **more):
        status, answer = self.look_up(person, **more)
        self.assertEqual((status, answer.get("class")), (200, "MATCH"), answer)
        return answer

    def filing(self, *lookups, **more):
        body = live.birth(self.mother, self.father, **more)
        body["lookups"] = [{"lookup_id": answer["lookup_id"], "subject": subject} for answer, subject in lookups]
        return body

    def calls(self):
        return self.population.stats()["calls"]

    def test_a_birth_needs_the_child_and_who_the_parents_are(self):
        body = live.birth(self.mother, self.father)
        case = self.healed(self.filed(body))
        self.assertEqual(case["missing"], [])
        self.assertEqual(case["once_only"], {"leaves": 29, "asked": len(list(leaves(body["data"]))), "prefilled": 6, "derived": 13,
                                             "overridden": 0, "pending": 0, "unavailable": 0})
        self.assertEqual(set(leaves(case["data"])), set(form_leaves(live.definition("1.001193")["form"])))
        self.assertEqual(set(case["provenance"]), set(leaves(case["data"])))
        for origin in case["provenance"].values():
            self.assertTrue(origin["source"] and origin["data_time"] and origin["state"], origin)
        for parent, known in zip(("mother", "father"), self.known):
            for name, attribute in zip(ASKED_OF_A_PARENT, ("ethnicity", "nationality", "permanent_residence")):
                self.assertEqual(case["data"][parent][name], known[attribute]["text"])
                origin = case["provenance"][f"/{parent}/{name}"]
                self.assertEqual((origin["source"], origin["class"], origin["state"]), ("population", "MATCH", "prefilled"))
                self.assertLess(origin["data_time"], NOW)
                self.assertTrue(uuid.UUID(origin["lookup"]))
        self.assertEqual(case["data"]["requester"], dict(live.identifiers(self.father), relation="cha", authorised=False,
                                                         residence=self.known[1]["permanent_residence"]["text"]))
        self.assertEqual(case["data"]["child"]["home_town"], self.known[1]["hometown"]["text"])

    def test_the_report_tells_for_each_leaf_where_its_value_came_from_and_never_the_value(self):
        case = self.healed(self.filed(live.birth(self.mother, self.father)))
        report = self.get(f"/cases/{case['id']}/once-only")
        self.assertEqual(report["totals"], case["once_only"])
        states = [field["state"] for field in report["fields"]]
        for state in ("asked", "prefilled", "derived"):
            self.assertEqual(states.count(state), report["totals"][state])
        by_pointer = {field["pointer"]: field for field in report["fields"]}
        self.assertEqual(set(by_pointer), set(case["provenance"]))
        for pointer, origin in case["provenance"].items():
            field = by_pointer[pointer]
            self.assertEqual((field["source"], field["class"], field["data_time"]), (origin["source"], origin["class"], origin["data_time"]))
            self.assertTrue(field["label"]["vi"] and field["label"]["en"])
        text = live.json.dumps(report, ensure_ascii=False)
        for secret in (self.mother["personal_id"], self.father["full_name"], self.known[0]["permanent_residence"]["text"]):
            self.assertNotIn(secret, text)

    def test_who_was_looked_up_before_is_not_asked_about_again(self):
        mother, father = self.looked_up(self.mother), self.looked_up(self.father)
        before = self.calls()
        case = self.filed(self.filing((mother, "/mother"), (father, "/father")))
        self.assertEqual((case["once_only"]["prefilled"], case["once_only"]["pending"]), (6, 0))
        for parent, answer in (("mother", mother), ("father", father)):
            for name in ASKED_OF_A_PARENT:
                self.assertEqual(case["provenance"][f"/{parent}/{name}"]["lookup"], answer["lookup_id"])
        time.sleep(1)
        self.assertEqual((self.calls(), self.case(case)["version"]), (before, 1))
        one = self.filed(self.filing((mother, "/mother")))
        self.assertEqual((one["once_only"]["prefilled"], one["once_only"]["pending"]), (3, 3))
        self.healed(one)
        self.assertEqual(self.calls(), before + 1)

    def test_a_value_against_the_registers_needs_a_reason_and_both_are_kept(self):
        mother = self.looked_up(self.mother)
        wrong = "Số 5 đường Không Tên, xã Suối Mẫu"
        body = self.filing((mother, "/mother"), of_mother={"residence": wrong})
        answer = self.post("/cases", body)
        self.refused(answer, 422, "invalid-data", "/data/mother/residence")
        self.assertNotIn(wrong, live.json.dumps(answer[1], ensure_ascii=False))
        self.assertNotIn(self.known[0]["permanent_residence"]["text"], live.json.dumps(answer[1], ensure_ascii=False))
        case = self.filed(dict(body, reason="mới chuyển nhà, có giấy xác nhận"))
        self.assertEqual(case["data"]["mother"]["residence"], wrong)
        origin = case["provenance"]["/mother/residence"]
        self.assertEqual((origin["source"], origin["class"], origin["overridden"], origin["state"]), ("citizen", "MATCH", True, "overridden"))
        self.assertIn("overridden", case["flags"])
        self.assertEqual(case["once_only"]["overridden"], 1)
        personal = self.events(case)[0]["personal"]
        self.assertEqual(personal["/mother"]["registered"], {"/mother/residence": self.known[0]["permanent_residence"]["text"]})
        self.assertEqual(personal["free-text"]["reason"], "mới chuyển nhà, có giấy xác nhận")

    def test_a_typed_value_that_the_register_confirms_needs_no_reason(self):
        mother = self.looked_up(self.mother)
        same = self.known[0]["permanent_residence"]["text"]
        case = self.filed(self.filing((mother, "/mother"), of_mother={"residence": same}))
        origin = case["provenance"]["/mother/residence"]
        self.assertEqual((case["once_only"]["overridden"], origin["source"], origin["class"]), (0, "citizen", "MATCH"))
        status, answer = self.post("/cases", self.filing((mother, "/mother"), of_mother={"residence": same + "."}))
        self.refused((status, answer), 422, "invalid-data", "/data/mother/residence")

    def test_a_look_up_of_another_agency_too_old_or_unknown_is_refused(self):
        foreign = self.looked_up(self.mother, agency=live.ELSEWHERE)
        own = self.looked_up(self.mother)
        about_father = self.looked_up(self.father)
        for lookup_id, subject in ((foreign["lookup_id"], "/mother"), (str(uuid.uuid4()), "/mother"), ("x", "/mother"),
                                   (own["lookup_id"], "/father"), (about_father["lookup_id"], "/mother")):
            self.refused(self.post("/cases", self.filing(({"lookup_id": lookup_id}, subject))), 422, "invalid-data", "/lookups/0/lookup_id")
        self.refused(self.post("/cases", self.filing((own, "/child"))), 422, "invalid-data", "/lookups/0/subject")
        self.refused(self.post("/cases", self.filing((own, "/mother"), (own, "/mother"))), 422, "invalid-data", "/lookups/1/subject")
        status, clock = self.engine.clock(advance_s=86400)
        self.assertEqual(status, 200, clock)
        self.filed(self.filing((own, "/mother")))
        self.engine.clock(advance_s=1)
        self.refused(self.post("/cases", self.filing((own, "/mother"))), 422, "invalid-data", "/lookups/0/lookup_id")

    def test_a_look_up_of_one_person_does_not_stand_for_another(self):
        mother = self.looked_up(self.mother)
        for claim in ({"full_name": "Nguyễn Thị Khác"}, dict(live.identifiers(self.mother), full_name="Nguyễn Thị Khác"),
                      dict(live.identifiers(self.mother), birth_date="1901-01-01"), dict(live.identifiers(self.mother), personal_id="066184000002")):
            body = self.filing((mother, "/mother"))
            body["data"]["mother"] = claim
            self.refused(self.post("/cases", body), 422, "invalid-data", "/lookups/0/lookup_id")
        body["data"]["mother"] = dict(live.identifiers(self.mother), full_name=self.mother["full_name"].title())
        self.filed(body)

    def test_what_the_register_gave_is_corrected_with_a_reason_and_both_values_are_kept(self):
        case = self.healed(self.filed(live.birth(self.mother, self.father)))
        registered = case["data"]["mother"]["ethnicity"]
        changed = {"pointer": "/mother/ethnicity", "value": "Ê Đê"}
        self.refused(self.command(case, "correct", changed), 422, "invalid-data", "/reason")
        self.refused(self.command(case, "correct", changed, reason=""), 422, "invalid-data", "/reason")
        self.did(case, "correct", dict(changed, value=registered))
        case = self.healed(self.filed(live.birth(self.mother, self.father)))
        after = self.did(case, "correct", changed, reason="theo giấy khai sinh của mẹ")
        origin = after["provenance"]["/mother/ethnicity"]
        self.assertEqual((after["data"]["mother"]["ethnicity"], origin["class"], origin["overridden"]), ("Ê Đê", "MATCH", True))
        self.assertEqual(origin["lookup"], case["provenance"]["/mother/ethnicity"]["lookup"])
        self.assertEqual((after["once_only"]["overridden"], after["tasks"]), (1, []))
        self.assertIn("overridden", after["flags"])
        self.assertEqual(self.events(after)[-1]["personal"]["/mother"]["registered"], {"/mother/ethnicity": registered})
        back = self.did(after, "correct", dict(changed, value=registered))
        self.assertEqual(back["once_only"]["overridden"], 0)
        self.did(case, "correct", {"pointer": "/child/home_town", "value": "Xã Suối Mẫu"})  # derived: no claim of the register

    def test_neither_a_step_nor_a_supplement_replaces_what_the_register_gave_without_a_reason(self):
        changed, paper = {"mother": {"ethnicity": "Ê Đê"}}, "giay_to_cu_tru"
        case = self.did(self.healed(self.filed(live.birth(self.mother, self.father))), "receive")
        registered = case["data"]["mother"]["ethnicity"]
        step = {"event": "finish_check", "data": changed}
        self.refused(self.command(case, "step", step, "case_officer"), 422, "invalid-data", "/reason")
        self.did(case, "step", {"event": "finish_check", "data": {"mother": {"ethnicity": registered}}}, "case_officer")
        self.did(case, "request_supplement", {"items": [{"code": paper, "why": "chưa rõ"}]})
        supply = {"papers": [{"code": paper}], "data": changed}
        self.refused(self.command(case, "supply", supply), 422, "invalid-data", "/reason")
        after = self.did(case, "supply", supply, reason="theo giấy khai sinh của mẹ")
        self.assertTrue(after["provenance"]["/mother/ethnicity"]["overridden"])
        self.assertEqual(self.events(after)[-1]["personal"]["/mother"]["registered"], {"/mother/ethnicity": registered})

    def test_a_key_repeated_while_the_register_thinks_waits_for_the_one_answer(self):
        self.population.behave("slow", delay_ms=1000)
        before, key, answers = self.calls(), str(uuid.uuid4()), []
        others = [threading.Thread(target=lambda: answers.append(self.look_up(self.mother, key=key))) for _ in range(4)]
        others.append(threading.Thread(target=lambda: (time.sleep(0.3), answers.append(self.look_up(self.father, key=key)))))
        for each in others:
            each.start()
        for each in others:
            each.join()
        self.assertEqual(self.calls(), before + 1)
        found = [answer for status, answer in answers if status == 200]
        self.assertEqual((len(found), len({answer["lookup_id"] for answer in found})), (4, 1))
        self.refused(next(answer for answer in answers if answer[0] != 200), 409, "idempotency-key-reused")

    def test_a_repeated_key_asks_the_register_once(self):
        key = str(uuid.uuid4())
        first = self.looked_up(self.mother, key=key)
        before = self.calls()
        self.assertEqual(self.looked_up(self.mother, key=key), first)
        self.assertEqual(self.calls(), before)
        self.refused(self.look_up(self.father, key=key), 409, "idempotency-key-reused")
        self.refused(self.look_up(self.father, key=""), 400, "idempotency-key-missing")
        self.assertEqual(self.calls(), before)

    def test_an_officer_without_a_number_is_refused_without_a_call(self):
        before = self.calls()
        status, answer = self.look_up(self.mother, sub="nobody-1")
        self.assertEqual((status, answer["class"], answer["detail"], answer["values"]), (200, "REFUSED", "officer_unknown", {}))
        self.assertEqual(self.calls(), before)

    def test_only_desk_and_case_officers_look_people_up(self):
        self.looked_up(self.mother, role="case_officer")
        before = self.calls()
        for role in ("signatory", "supervisor", "integrator", "auditor", "leader", "portal", "admin"):
            self.refused(self.look_up(self.mother, role=role), 403, "role-forbidden")
        self.assertEqual(self.engine.send("POST", "/api/v1/people/lookups", {})[0], 401)
        for body, pointer in (({"procedure": "9.9"}, "/procedure"), ({"purpose": ""}, "/purpose"), ({"extra": 1}, "/extra")):
            question = dict(live.identifiers(self.mother), procedure="1.001193", purpose="prefill")
            self.refused(self.post("/people/lookups", dict(question, **body)), 422, "invalid-data", pointer)
        foreign = self.filed(live.birth(self.mother, self.father), agency=live.ELSEWHERE)
        before = self.settled()
        for case in str(uuid.uuid4()), foreign["id"]:
            self.refused(self.post("/people/lookups", dict(question, case=case)), 404, "not-found")
        self.assertEqual(self.calls(), before)

    def test_who_the_register_does_not_know_is_left_to_papers_and_not_to_waiting(self):
        stranger = dict(self.mother, full_name="Lê Thị Không Có")
        status, answer = self.look_up(stranger)
        self.assertEqual((status, answer["class"], answer["values"]), (200, "NO_MATCH", {}))
        case = self.healed(self.filed(live.birth(stranger, self.father)))
        self.assertEqual(case["provenance"]["/mother/residence"]["class"], "NO_MATCH")
        self.assertNotIn("residence", case["data"]["mother"])
        self.assertEqual(case["tasks"], [])


if __name__ == "__main__":
    live.main()
