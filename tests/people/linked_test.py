#!/usr/bin/env python3
"""Linked procedures as the agencies see them over HTTP: one case opens others, each with a clock of its own, and goes on when
they have ended; also across kills."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9 = "2026-03-02T09:00:00+07:00"
LABEL = {"vi": "Liên thông", "en": "Linked"}
OFFICER = "case_officer"
STAY = "1.004194"
PERSON = ["/person/full_name", "/person/personal_id", "/person/birth_date", "/stay/address", "/stay/from"]
RESULT = {"results": [{"code": "KQ.G01.000064", "document_id": "doc-7"}]}


def way(target, **more):
    return dict({"target": target, "label": LABEL}, **more)


def branch(code, **more):
    return dict({"code": code, "procedure": STAY, "at": "branches", "law": "unverified",
                 "data_map": {pointer: pointer for pointer in PERSON}, "papers": [{"code": "ct01", "from": "ct01"}]}, **more)


def group(code, *branches):
    """Temporary residence that opens cases of temporary residence: here, and with another commune."""
    changed = live.definition(STAY)
    changed["code"] = code
    all_resolved = {"and": [{"in": [{"var": f"linked.{one['code']}.outcome"}, ["resolved", "not_needed"]]}
                            for one in branches if one.get("join") != "none"] or [True]}
    changed["machine"] = {"initial": "check", "states": {
        "check": {"label": LABEL, "role": OFFICER, "on": {
            "split": [way("branches")],
            "split_and_ask": [way("branches", life_cycle={"trigger": "request_supplement", "items": ["chung_minh_cho_o"]})]}},
        "branches": {"label": LABEL, "role": OFFICER, "on": {"leave": [way("repair")]},
                     "on_done": [way("granted", guard=all_resolved), way("repair")]},
        "repair": {"label": LABEL, "role": OFFICER, "on": {"retry": [way("branches")], "refuse": [way("refused")]}},
        "granted": {"type": "final", "label": LABEL}, "refused": {"type": "final", "label": LABEL}}}
    changed["linked"] = list(branches)
    return changed


class Linked(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        listed = {"==": [{"var": ["data.by_list", False]}, True]}
        cls.workflows = live.workflows_with(
            cls.folder, group("9.000001", branch("here"), branch("there", agency=live.ELSEWHERE)),
            group("9.000002", branch("here", when=listed), branch("told", when=listed, join="none")),
            group("9.000003", branch("nowhere", agency="H99.99.99"), branch("here")))

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), MONDAY_9, workflows=self.workflows)

    def tearDown(self):
        self.engine.stop()

    def filing(self, code="9.000001", **data):
        body = live.stay(procedure=code)
        body["data"].update(person=dict(live.NOBODY), **data)
        return body

    def split(self, code="9.000001", event="split", **data):
        case = self.received(self.filing(code, **data))
        return self.did(case, "step", {"event": event}, OFFICER)

    def linked(self, case):
        return {one["link"]: one for one in self.case(case)["linked"]}

    def opened(self, case, count):
        """The linked cases of `case` once there are `count` entries."""
        live.until(lambda: len(self.case(case)["linked"]) >= count, 6, f"{count} linked cases")
        return self.linked(case)

    def at(self, case, step):
        live.until(lambda: self.case(case)["steps"] == [step], 8, f"the case stands in {step}")
        return self.case(case)

    def elsewhere(self, case, name=None, data=None, role="case_officer"):
        token = self.engine.token(role, None, live.ELSEWHERE)
        status, current = self.engine.send("GET", f"/api/v1/cases/{case}", token=token)
        self.assertEqual(status, 200, current)
        if name is None:
            return current
        body = {"command": name, "expected_version": current["version"], "data": data or {}}
        status, after = self.engine.send("POST", f"/api/v1/cases/{case}/commands", body, token)
        self.assertEqual(status, 200, after)
        return after

    def grant(self, case):
        """Takes a temporary residence of this commune to its result."""
        there = {"id": case}
        for event, role in (("finish_check", OFFICER), ("submit", OFFICER), ("sign", "signatory")):
            self.did(there, "step", {"event": event}, role)
        return self.did(there, "resolve", RESULT, OFFICER)

    def grant_elsewhere(self, case):
        for event, role in (("finish_check", OFFICER), ("submit", OFFICER), ("sign", "signatory")):
            self.elsewhere(case, "step", {"event": event}, role)
        self.elsewhere(case, "resolve", RESULT, OFFICER)

    def types(self, case):
        return [event["type"] for event in self.events(case)]

    def test_branches_run_side_by_side_with_clocks_and_agencies_of_their_own_and_come_together(self):
        parent = self.split()
        linked = self.opened(parent, 2)
        self.assertEqual({one["agency"] for one in linked.values()}, {live.HERE, live.ELSEWHERE})
        here = self.case({"id": linked["here"]["case"]})
        self.assertEqual((here["stage"], here["clock"]["state"], here["agency"]["competent"]), ("received", "running", live.HERE))
        self.assertEqual(here["linked_from"], {"case": parent["id"], "code": parent["codes"][0]["code"], "link": "here"})
        self.assertEqual([code["system"] for code in here["codes"]], ["one-stop", "linked"])
        self.assertEqual(here["codes"][1]["code"], parent["codes"][0]["code"])
        self.assertEqual((here["data"]["person"]["full_name"], here["data"]["stay"]["address"]),
                         (live.NOBODY["full_name"], "Thôn 3, xã Suối Mẫu"))
        self.assertEqual(here["provenance"]["/stay/address"]["source"], "earlier_case")
        self.assertEqual([paper["code"] for paper in here["papers"]], ["ct01"])
        there = self.elsewhere(linked["there"]["case"])
        self.assertEqual((there["stage"], there["agency"]["competent"]), ("received", live.ELSEWHERE))
        self.assertNotEqual(here["codes"][0]["code"], there["codes"][0]["code"])

        self.hop("2026-03-03T09:00:00+07:00")
        self.grant(linked["here"]["case"])
        ended = live.until(lambda: self.linked(parent)["here"]["ended_at"], 8, "the parent is told")
        self.assertEqual(ended, "2026-03-03T09:00:00+07:00")
        waiting = self.case(parent)
        self.assertEqual((waiting["steps"], waiting["clock"]["state"]), (["branches"], "running"))
        self.refused(self.command(parent, "step", {"event": "done"}, OFFICER), 422, "not-allowed")
        self.grant_elsewhere(linked["there"]["case"])
        done = self.at(parent, "granted")
        self.assertEqual([(one["outcome"], one["results"]) for one in done["linked"]],
                         [("resolved", [{"code": "KQ.G01.000064", "document_id": "doc-7"}])] * 2)
        self.assertEqual(self.did(parent, "resolve", RESULT, OFFICER)["stage"], "resolved")
        self.assertEqual(self.types(parent).count("case.linked_opened"), 2)
        self.assertEqual(self.types(parent).count("case.linked_ended"), 2)
        self.assertEqual(self.types({"id": linked["here"]["case"]})[-1], "case.linked_reported")
        self.assertEqual(self.engine.run("audit", "verify").returncode, 0)

    def test_a_branch_whose_condition_is_false_is_not_opened(self):
        parent = self.split("9.000002")
        done = self.at(parent, "granted")
        self.assertEqual([(one["link"], one["outcome"], one["case"]) for one in done["linked"]],
                         [("here", "not_needed", None), ("told", "not_needed", None)])

    def test_a_branch_that_is_not_waited_for_goes_on_alone(self):
        parent = self.split("9.000002", by_list=True)
        linked = self.opened(parent, 2)
        self.assertEqual(self.case(parent)["steps"], ["branches"])
        self.grant(linked["here"]["case"])
        done = self.at(parent, "granted")
        told = next(one for one in done["linked"] if one["link"] == "told")
        self.assertEqual((told["outcome"], self.case({"id": told["case"]})["stage"]), (None, "received"))

    def test_a_branch_that_failed_leads_another_way_and_only_it_is_opened_again(self):
        parent = self.split()
        first = self.opened(parent, 2)
        self.grant(first["here"]["case"])
        law = live.definition(STAY)["law"][0]["id"]
        self.elsewhere(first["there"]["case"], "stop", {"law": law}, "signatory")
        self.at(parent, "repair")
        self.did(parent, "step", {"event": "retry"}, OFFICER)
        second = self.opened(parent, 3)
        self.assertEqual(second["here"]["case"], first["here"]["case"])
        self.assertNotEqual(second["there"]["case"], first["there"]["case"])
        self.grant_elsewhere(second["there"]["case"])
        self.at(parent, "granted")

    def test_a_case_that_was_left_early_opens_no_more(self):
        parent = self.split()
        linked = self.opened(parent, 2)
        self.did(parent, "step", {"event": "leave"}, OFFICER)
        self.did(parent, "step", {"event": "refuse"}, OFFICER)
        self.grant(linked["here"]["case"])
        live.until(lambda: self.linked(parent)["here"]["ended_at"], 8, "the parent is told all the same")
        self.assertEqual(self.case(parent)["steps"], ["refused"])

    def test_what_cannot_be_opened_is_a_task_and_holds_up_nothing_else(self):
        parent = self.split("9.000003")
        live.until(lambda: self.case(parent)["tasks"], 8, "the task")
        stuck = self.case(parent)
        self.assertEqual([(task["kind"], task["pointer"]) for task in stuck["tasks"]], [("incident", "linked:nowhere")])
        failed = [event for event in self.events(parent) if event["type"] == "case.linked_failed"]
        self.assertEqual([event["data"]["detail"] for event in failed], ["agency_unknown"])
        self.assertEqual([one["link"] for one in stuck["linked"]], ["here"])
        left = self.did(parent, "step", {"event": "leave"}, OFFICER)
        self.assertEqual(left["steps"], ["repair"])
        live.until(lambda: not self.case(parent)["tasks"], 30, "the task is done: no case is needed any more")

    def test_a_case_that_waits_for_its_applicant_goes_on_when_it_is_supplied(self):
        parent = self.split(event="split_and_ask")
        linked = self.opened(parent, 2)
        self.assertEqual(self.case(parent)["stage"], "awaiting_supplement")
        self.grant(linked["here"]["case"])
        self.grant_elsewhere(linked["there"]["case"])
        live.until(lambda: self.linked(parent)["here"]["ended_at"], 8, "the first end is recorded")
        self.assertEqual(self.case(parent)["steps"], ["branches"])
        self.did(parent, "supply", {"papers": [{"code": "chung_minh_cho_o"}]})
        self.at(parent, "granted")

    def test_the_end_of_the_first_case_does_not_end_the_others(self):
        parent = self.split()
        linked = self.opened(parent, 2)
        self.did(parent, "withdraw", {}, "desk_officer")
        self.grant(linked["here"]["case"])
        live.until(lambda: self.linked(parent)["here"]["ended_at"], 8, "the end is recorded")
        self.assertEqual(self.case(parent)["stage"], "withdrawn")
        self.assertEqual(self.elsewhere(linked["there"]["case"])["stage"], "received")

    def test_a_result_that_is_handed_over_at_once_is_reported_too(self):
        parent = self.split("9.000002", by_list=True)
        linked = self.opened(parent, 2)
        self.grant(linked["here"]["case"])
        self.did({"id": linked["here"]["case"]}, "return_result", {"channel": "counter", "to": "x", "originals": True})
        self.at(parent, "granted")

    def test_kills_open_no_case_twice_and_forget_none(self):
        folder = self.engine.folder
        cases = []
        for round_ in range(6):
            case = self.received(self.filing())
            self.did(case, "step", {"event": "split"}, OFFICER)
            self.engine.kill()
            self.engine = live.Engine(folder, MONDAY_9, workflows=self.workflows)
            cases.append(case)
        for case in cases:
            linked = self.opened(case, 2)
            self.assertEqual(self.types(case).count("case.linked_opened"), 2)
            self.grant(linked["here"]["case"])
            self.engine.kill()
            self.engine = live.Engine(folder, MONDAY_9, workflows=self.workflows)
        for case in cases:
            live.until(lambda: self.linked(case)["here"]["ended_at"], 8, "the end is recorded")
            self.assertEqual(self.types(case).count("case.linked_ended"), 1)
        children = [one["case"] for case in cases for one in self.case(case)["linked"]]
        self.assertEqual(len(set(children)), 2 * len(cases))
        self.engine.stop()
        self.assertEqual(self.engine.run("audit", "verify").returncode, 0)
        self.assertEqual(self.engine.run("views", "check").returncode, 0)
        self.engine = live.Engine(folder, MONDAY_9, workflows=self.workflows)


if __name__ == "__main__":
    live.main()
