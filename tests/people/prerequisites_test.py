#!/usr/bin/env python3
"""Procedures that must come first: the engine finds the applicant's earlier result, whichever agency gave it, and asks nobody
for it."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9 = "2026-03-02T09:00:00+07:00"
STAY = "1.004194"
GRANTED, REFUSED = "KQ.G01.000064", "KQ.G01.000067"


def second():
    changed = live.definition(STAY)
    changed["code"] = "9.000001"
    changed["prerequisites"] = [{"procedure": STAY, "name": {"vi": "Đăng ký tạm trú", "en": "Temporary residence"}, "result": GRANTED,
                                 "proven_by": "giay_gioi_thieu", "law": "unverified"}]
    return changed


class Prerequisites(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, second())
        cls.engine = live.Engine(live.tempfile.mkdtemp(dir=cls.folder), MONDAY_9, workflows=cls.workflows)

    def filing(self, number, procedure="9.000001"):
        person = dict(live.NOBODY, personal_id=number)
        return live.stay(procedure=procedure, applicant=person, data={"person": person, "stay": live.stay()["data"]["stay"]})

    def ended(self, number, result, agency=live.HERE, named=None):
        """A temporary residence of that person, with its result; `named` is another person's number in its form."""
        prefix = "h26-" if agency == live.ELSEWHERE else ""
        filing = self.filing(number, STAY)
        if named:
            filing["data"]["household_head"] = {"full_name": "Trần Văn Chủ", "personal_id": named}
        case = self.filed(filing, agency=agency)
        ways = ("finish_check", "submit", "sign") if result == GRANTED else ("propose_refusal", "submit_refusal", "sign_refusal")

        def did(name, data, role):
            token = self.engine.token(role, prefix + role + "-1", agency)
            path = f"/api/v1/cases/{case['id']}"
            version = self.engine.send("GET", path, token=token)[1]["version"]
            status, after = self.engine.send("POST", path + "/commands", {"command": name, "expected_version": version, "data": data}, token)
            self.assertEqual(status, 200, after)
        did("receive", {}, "desk_officer")
        for event, role in zip(ways, ("case_officer", "case_officer", "signatory")):
            did("step", {"event": event}, role)
        did("resolve", {"results": [{"code": result}]}, "case_officer")
        return case

    def sought(self, case):
        return live.until(lambda: self.case(case)["prerequisites"], 10, "what was found")

    def test_the_result_is_found_and_the_case_is_received(self):
        earlier = self.ended("066084000011", GRANTED)
        case = self.filed(self.filing("066084000011"))
        self.assertEqual(case["missing"], [{"procedure": STAY}])
        self.assertEqual(self.sought(case), [{"procedure": STAY, "found": True, "case": earlier["id"], "code": earlier["codes"][0]["code"]}])
        self.assertEqual(self.case(case)["missing"], [])
        self.assertEqual(self.did(case, "receive")["stage"], "received")

    def test_it_is_found_in_another_agency(self):
        earlier = self.ended("066084000012", GRANTED, live.ELSEWHERE)
        self.assertEqual(self.sought(self.filed(self.filing("066084000012")))[0]["case"], earlier["id"])

    def test_another_result_another_person_or_a_case_that_runs_are_none(self):
        self.ended("066084000013", REFUSED)
        self.filed(self.filing("066084000013", STAY))
        self.ended("066084000014", GRANTED, named="066084000013")
        case = self.filed(self.filing("066084000013"))
        self.assertEqual(self.sought(case), [{"procedure": STAY, "found": False, "case": None, "code": None}])
        self.refused(self.command(case, "receive"), 422, "invalid-data")
        self.assertEqual(self.case(case)["missing"], [{"procedure": STAY}])

    def test_who_brings_the_paper_needs_no_search_and_what_comes_later_is_found_by_a_supplement(self):
        filing = self.filing("066084000015")
        filing["papers"].append({"code": "giay_gioi_thieu"})
        self.assertEqual(self.filed(filing)["missing"], [])
        case = self.filed(self.filing("066084000016"))
        self.assertFalse(self.sought(case)[0]["found"])
        earlier = self.ended("066084000016", GRANTED)
        self.did(case, "request_supplement", {"items": [{"code": "/stay/until", "why": "x"}]})
        self.did(case, "supply", {"data": {"stay": {"until": "2026-12-31"}}})
        live.until(lambda: self.case(case)["prerequisites"][0]["found"], 10, "the result that came later")
        self.assertEqual(self.case(case)["prerequisites"][0]["case"], earlier["id"])
        self.assertNotIn("066084000016", str(self.events(case)[-1]["data"]))

    def test_no_personal_number_is_in_the_store_in_clear(self):
        self.ended("066084000017", GRANTED)
        self.sought(self.filed(self.filing("066084000017")))
        for folder, _, names in os.walk(self.engine.data):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(b"066084000017", file.read(), name)


if __name__ == "__main__":
    live.main()
