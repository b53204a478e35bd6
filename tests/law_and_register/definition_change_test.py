#!/usr/bin/env python3
"""A definition that changes under running cases: they keep the version that they were received under, to the end, and
nothing moves them but an explicit command."""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9 = "2026-03-02T09:00:00+07:00"
OFFICER = "case_officer"


def first():
    changed = live.pausable_stay()
    changed["machine"]["states"]["appraisal"]["states"]["check"]["after"] = {
        "amount": 6, "unit": "working_hour", "law": "unverified",
        "transitions": [{"target": "draft", "label": {"vi": "Hết giờ", "en": "Out of time"}}]}
    return changed


def second():
    """Another limit, no pauses but for supplements, no timer, and one step where there were several."""
    changed = live.definition("1.004194")
    changed.update(code="9.000001", version=2)
    changed["time_limit"]["amount"] = 1
    changed["machine"] = {"initial": "decide", "states": {
        "decide": {"label": {"vi": "Quyết định", "en": "Decide"}, "role": "signatory",
                   "on": {"grant": [{"target": "granted", "label": {"vi": "Đồng ý", "en": "Grant"}}]}},
        "granted": {"type": "final", "label": {"vi": "Đã đồng ý", "en": "Granted"}}}}
    return changed


class DefinitionChange(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, first())
        cls.file = os.path.join(cls.workflows, "catalogue/9.000001/procedure.json")

    def serve(self, folder, definition):
        with open(self.file, "w", encoding="utf-8") as file:
            json.dump(definition, file, ensure_ascii=False)
        self.__class__.engine = live.Engine(folder, MONDAY_9, workflows=self.workflows)

    def test_running_cases_keep_their_version_and_new_ones_have_the_new(self):
        folder = live.tempfile.mkdtemp(dir=self.folder)
        self.serve(folder, first())
        running = self.received(live.stay(procedure="9.000001"))
        self.did(running, "claim", {}, OFFICER)
        paused = self.received(live.stay(procedure="9.000001"))
        self.did(paused, "pause", {"reason_code": "verification"}, OFFICER)
        filed = self.filed(live.stay(procedure="9.000001"))
        then = {case["id"]: self.case(case) for case in (running, paused, filed)}
        self.engine.stop()

        self.serve(folder, second())
        for case in (running, paused):
            self.assertEqual(self.case(case), then[case["id"]])
        self.refused(self.command(running, "step", {"event": "grant"}, "signatory"), 403, "role-forbidden")
        law = second()["law"][0]["id"]
        self.refused(self.command(running, "migrate", {"version": 2, "map": {}, "law": law}, "supervisor"), 422, "invalid-data",
                     "/data/map/check")
        self.did(paused, "resume", {}, OFFICER)
        new = self.received(live.stay(procedure="9.000001"))
        self.assertEqual((new["procedure"]["version"], new["steps"]), (2, ["decide"]))
        self.assertLess(new["due_at"], then[running["id"]]["due_at"])
        # Pinned at reception: what was only filed follows the rules in force when it is received.
        late = self.did(filed, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
        self.assertEqual((late["procedure"]["version"], late["steps"]), (2, ["decide"]))

        # The timer of the version that no file has any more, and then its steps.
        self.hop("2026-03-03T09:00:00+07:00")
        self.assertEqual(self.case(running)["steps"], ["draft"])
        person = {name: live.NOBODY[name] for name in ("full_name", "personal_id")}
        self.did(running, "step", {"event": "submit", "data": {"person": person}}, OFFICER)
        done = self.did(running, "step", {"event": "sign"}, "signatory")
        self.assertEqual((done["procedure"]["version"], done["promises"]), (1, then[running["id"]]["promises"]))
        self.engine.stop()
        for command in (("audit", "verify"), ("views", "check")):
            self.assertEqual(self.engine.run(*command).returncode, 0)

    def test_a_version_is_published_with_one_content(self):
        folder = live.tempfile.mkdtemp(dir=self.folder)
        self.serve(folder, first())
        case = self.received(live.stay(procedure="9.000001"))
        before = self.case(case)
        self.engine.stop()
        with self.assertRaises(AssertionError):
            self.serve(folder, dict(second(), version=1))
        self.serve(folder, first())
        self.assertEqual(self.case(case), before)


if __name__ == "__main__":
    live.main()
