#!/usr/bin/env python3
"""What is no definition, or not the next one, is refused with places and lines, and leaves no trace: neither in the list
nor in the log. And the linter over HTTP."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from integrators import MONDAY, NEW, PublishingTest, birth_certificate, definition, live, main, one_day  # noqa: E402


def many_states(count):
    made = definition()
    for i in range(count):
        made["machine"]["states"][f"s{i}"] = {"type": "final"}
    return made


def wrong_unit():
    made = definition()
    made["time_limit"]["unit"] = "fortnight"
    return made


def cyclic_reference():
    made = definition()
    made["form"]["properties"]["loop"] = {"$ref": "#/definitions/loop"}
    made["form"]["definitions"] = {"loop": {"$ref": "#/definitions/loop"}}
    return made


def paper_twice():
    made = definition()
    made["papers"].append(dict(made["papers"][0]))
    return made


class Refusals(PublishingTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = live.Engine(cls.folder, MONDAY)

    def setUp(self):
        if all(line["code"] != NEW for line in self.procedures()):
            self.published(definition(since="2026-03-03"))
        self.before = (self.procedures(), self.versions(), self.position())

    def assert_refused(self, answer, status, problem, pointer=None):
        self.refused(answer[:2], status, problem, pointer)
        self.assertEqual((self.procedures(), self.versions(), self.position()), self.before)

    def test_a_body_that_no_call_accepts(self):
        for body, status, problem in ((b"machine: {}", 400, "bad-json"),
                                      (b'{"code": "9.1", "code": "9.2"}', 400, "duplicate-key"),
                                      (b"[]", 400, "bad-request"),
                                      (b'{"x": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "bad-json"),
                                      (b'{"remark": "' + b"x" * 5_000_000 + b'"}', 413, "too-large")):
            for call in (self.publish, self.lint):
                with self.subTest(body=body[:20], call=call.__name__):
                    self.assert_refused(call(body), status, problem)

    def test_definitions_with_errors_are_refused_with_pointers_and_lines(self):
        for name, body, pointer in (("10,000 states", many_states(10_000), "/machine/states"),
                                    ("a unit that no law knows", wrong_unit(), "/time_limit/unit"),
                                    ("a reference to itself", cyclic_reference(), "/form/properties/loop"),
                                    ("a paper twice", paper_twice(), "/papers/4/code"),
                                    ("nothing at all", {}, ""),
                                    ("open cases that are moved under no law", definition(effective={"from": "2026-03-04", "open_cases": "switch"}),
                                     "/effective/open_cases")):
            with self.subTest(name):
                answer = self.publish(body)
                self.refused(answer[:2], 422, "invalid-data")
                pointers = [each["pointer"] for each in answer[1]["pointers"]]
                self.assertTrue(any(each.startswith(pointer) for each in pointers), pointers)
                self.assertLessEqual(len(answer[1]["findings"]), 500)
                self.assertGreater(answer[1]["errors"], 0)
                self.assert_refused(answer, 422, "invalid-data")

    def test_versions_come_one_after_the_other(self):
        self.assert_refused(self.publish(one_day(3)), 422, "invalid-data", "/version")
        self.assert_refused(self.publish(one_day(0)), 422, "invalid-data", "/version")
        answer = self.publish(definition(since="2026-03-05"))
        self.assert_refused(answer, 422, "invalid-data", "/version")
        self.assertIn("version-taken", [each["rule"] for each in answer[1]["findings"]])

    def test_a_draft_is_tried_and_not_published(self):
        self.assert_refused(self.publish(one_day(status="draft")), 422, "invalid-data", "/status")

    def test_no_version_begins_in_the_past_or_before_the_one_that_it_follows(self):
        for since in ("2026-03-01", "2026-03-02", "2026-03-03"):
            self.assert_refused(self.publish(one_day(since=since)), 422, "invalid-data", "/effective/from")
        fresh = definition(since="2026-03-01", code="9.000028")
        self.assert_refused(self.publish(fresh), 422, "invalid-data", "/effective/from")

    def test_only_integrators_and_administrators_publish(self):
        for role in ("desk_officer", "supervisor", "signatory", "leader", "auditor", "portal"):
            answer = self.publish(one_day(3), role)
            self.assert_refused(answer, 403, "role-forbidden")
            self.assertNotIn("findings", answer[1], "whoever may not publish is not told what is wrong")
        for role in ("integrator", "supervisor", "admin"):
            self.assertEqual(self.lint(one_day(), role)[0], 200, role)
        for role in ("desk_officer", "case_officer", "leader", "portal"):
            self.assert_refused(self.lint(one_day(), role), 403, "role-forbidden")

    def test_a_publication_needs_a_key_and_a_token(self):
        self.assert_refused(self.publish(one_day(), key=""), 400, "idempotency-key-missing")
        status, problem = self.engine.send("POST", "/api/v1/procedures", one_day())
        self.assert_refused((status, problem), 401, "unauthenticated")

    def test_the_linter_says_what_the_command_says(self):
        made = wrong_unit()
        made["machine"]["states"]["nowhere"] = {"label": {"vi": "Bỏ quên", "en": "Forgotten"}, "role": "case_officer"}
        status, answer, _ = self.lint(made)
        self.assertEqual(status, 200)
        rules = {(each["rule"], each["pointer"]): each for each in answer["findings"]}
        self.assertEqual(set(answer), {"findings", "findings_left_out", "errors", "warnings"})
        self.assertTrue(any(pointer == "/time_limit/unit" for _, pointer in rules), rules)
        for each in answer["findings"]:
            self.assertEqual(set(each), {"rule", "severity", "pointer", "line", "message"})
            self.assertEqual(each["line"], 1, "the body has one line")
        counted = [each["severity"] for each in answer["findings"]]
        self.assertEqual((answer["errors"], answer["warnings"]), (counted.count("error"), counted.count("warning")))
        self.assertEqual(self.position(), self.before[2])

    def test_the_linter_knows_what_is_published(self):
        rules = [each["rule"] for each in self.lint(definition(since="2026-03-05"))[1]["findings"]]
        self.assertIn("version-taken", rules)
        asks = one_day()
        asks["papers"].append(birth_certificate())
        found = [each for each in self.lint(asks)[1]["findings"] if each["rule"] == "once-only-result"]
        self.assertEqual([each["pointer"] for each in found], [f"/papers/{len(asks['papers']) - 1}"])

    def test_the_linter_knows_who_holds_which_role(self):
        folder = live.workflows_with(live.tempfile.mkdtemp(dir=self.folder))
        for name in os.listdir(os.path.join(folder, "organisation")):
            with open(os.path.join(folder, "organisation", name), "r+", encoding="utf-8") as file:
                text = file.read().replace('"signatory"', '"leader"')
                file.seek(0)
                file.write(text)
                file.truncate()
        shared = self.engine
        self.assertEqual(self.lint(one_day())[1]["findings"], [])
        try:
            self.begin(workflows=folder)
            found = {each["rule"] for each in self.lint(one_day())[1]["findings"]}
        finally:
            type(self).engine = shared
        self.assertEqual(found, {"role-held-by-nobody"})


if __name__ == "__main__":
    main()
