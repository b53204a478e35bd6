#!/usr/bin/env python3
"""`motcua import`, `diagram` and `export` as an integrator meets them: exit codes, reports, files, drawings."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "data")
ROOT = os.path.dirname(os.path.dirname(HERE))
BIRTH = os.path.join(ROOT, "workflows/catalogue/1.001193/procedure.json")
PERMIT = os.path.join(DATA, "bpmn/permit.bpmn")
SCXML = "{http://www.w3.org/2005/07/scxml}"
SVG = "{http://www.w3.org/2000/svg}"
MOTCUA = ""


def run(*arguments, **more):
    return subprocess.run([MOTCUA, *arguments], capture_output=True, text=True, timeout=60, check=False, **more)


def digit(name):
    return os.path.join(DATA, "digit", name)


class Import(unittest.TestCase):
    def setUp(self):
        self.out = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.out)

    def test_eleven_files_become_eleven_drafts_without_findings_of_the_linter(self):
        files = [digit(name) for name in sorted(os.listdir(os.path.join(DATA, "digit"))) if name.endswith(".json")]
        self.assertEqual(len(files), 11)
        report = run("import", "digit", *files, "--out", self.out)
        self.assertEqual(report.returncode, 1, report.stdout + report.stderr)
        self.assertIn("11 procedures, 8 errors", report.stdout)
        at_fault = {line.split(":")[0] for line in report.stdout.splitlines() if ": error: " in line}
        self.assertEqual(at_fault, {digit("PGR--02.json"), digit("order-managelifecycle--01.json")})
        self.assertEqual(len(os.listdir(self.out)), 11)
        lint = run("lint", self.out)
        self.assertEqual((lint.returncode, lint.stdout), (0, "no findings\n"))

    def test_the_exit_code_is_0_without_an_error_1_with_one_2_for_a_wrong_line_and_3_for_a_failure(self):
        self.assertEqual(run("import", "digit", digit("FSM--01.json")).returncode, 0)
        self.assertEqual(run("import", "digit", digit("PGR--02.json")).returncode, 1)
        self.assertEqual(run("import", "digit", os.path.join(self.out, "absent.json")).returncode, 1)
        self.assertEqual(run("import", "digit").returncode, 2)
        self.assertEqual(run("import", "pascal", digit("FSM--01.json")).returncode, 2)
        self.assertEqual(run("import", "digit", digit("FSM--01.json"), "--role", "FSM_ADMIN").returncode, 2)
        self.assertEqual(run("import", "digit", digit("FSM--01.json"), "--out", "/dev/null/x").returncode, 3)

    def test_nothing_is_written_without_out_and_nothing_is_replaced_without_force(self):
        self.assertIn("not written", run("import", "digit", digit("FSM--01.json"), cwd=self.out).stdout)
        self.assertEqual(os.listdir(self.out), [])
        written = os.path.join(self.out, "FSM", "procedure.json")
        self.assertEqual(run("import", "digit", digit("FSM--01.json"), "--out", self.out).returncode, 0)
        with open(written, "w", encoding="utf-8") as file:
            file.write("work of a week")
        again = run("import", "digit", digit("MR--01.json"), digit("FSM--01.json"), "--out", self.out)
        self.assertEqual(again.returncode, 3)
        self.assertIn("--force", again.stderr)
        self.assertEqual(os.listdir(self.out), ["FSM"], "all or nothing")
        with open(written, encoding="utf-8") as file:
            self.assertEqual(file.read(), "work of a week")
        forced = run("import", "digit", digit("FSM--01.json"), "--out", self.out, "--force")
        self.assertEqual(forced.returncode, 0)
        self.assertEqual(run("lint", written).returncode, 0)

    def test_json_has_definitions_and_findings_with_file_pointer_and_line(self):
        answer = json.loads(run("import", "digit", digit("order-managelifecycle--01.json"), "--json").stdout)
        self.assertEqual([each["code"] for each in answer["procedures"]], ["order-managelifecycle"])
        errors = [each for each in answer["findings"] if each["severity"] == "error"]
        self.assertEqual({each["rule"] for each in errors}, {"sla-unit"})
        self.assertEqual((errors[0]["pointer"], errors[0]["line"]), ("/BusinessServices/0/businessServiceSla", 7))

    def test_what_the_integrator_says_is_followed(self):
        lines = ["--state", "04752227-e267-43e3-bfd8-6e48bdbfd97a=PENDINGATSUPERVISOR",
                 "--state", "e80e3dd6-8336-4586-b84a-c191dcd80c98=RESOLVEDBYSUPERVISOR", "--role", "SUPERVISOR=supervisor"]
        answer = run("import", "digit", digit("PGR--02.json"), "--json", *lines)
        self.assertEqual(answer.returncode, 0, answer.stdout)
        states = json.loads(answer.stdout)["procedures"][0]["definition"]["machine"]["states"]
        self.assertEqual(states["PENDINGATSUPERVISOR"]["role"], "supervisor")

    def test_bpmn_is_imported_with_vietnamese_names_when_the_file_is_in_vietnamese(self):
        answer = run("import", "bpmn", PERMIT, "--language", "vi", "--out", self.out)
        self.assertEqual(answer.returncode, 0, answer.stdout)
        with open(os.path.join(self.out, "building_permit/procedure.json"), encoding="utf-8") as file:
            name = json.load(file)["name"]
        self.assertEqual(name, {"vi": "Cấp giấy phép xây dựng", "en": "[unverified] Cấp giấy phép xây dựng"})
        self.assertEqual(run("import", "bpmn", os.path.join(DATA, "bpmn/outside.bpmn")).returncode, 1)

    def test_timers_of_bpmn_are_timers_of_the_draft_and_the_report_names_both_units(self):
        answer = run("import", "bpmn", PERMIT, "--out", self.out)
        self.assertRegex(answer.stdout, r"permit\.bpmn:\d+: warning: .*P2D of elapsed time.* 2 calendar_day")
        self.assertNotIn("timer-by-hand", answer.stdout)
        written = os.path.join(self.out, "building_permit/procedure.json")
        with open(written, encoding="utf-8") as file:
            check = json.load(file)["machine"]["states"]["check"]
        self.assertEqual((check["after"]["amount"], check["after"]["unit"]), (2, "calendar_day"))
        self.assertEqual(run("lint", written).stdout, "no findings\n")


class Diagram(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def svg_of(self, path, *more):
        answer = run("diagram", path, "--format", "svg", *more)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return ElementTree.fromstring(answer.stdout)

    def test_mermaid_is_the_format_that_nobody_has_to_name(self):
        answer = run("diagram", BIRTH)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertTrue(answer.stdout.startswith("stateDiagram-v2\n"))
        self.assertEqual(answer.stdout, run("diagram", BIRTH, "--format", "mermaid").stdout)

    def test_svg_is_well_formed_and_has_every_state_and_every_word(self):
        for path in (BIRTH, os.path.join(DATA, "awkward.json")):
            root = self.svg_of(path)
            self.assertEqual(root.tag, SVG + "svg")
            with open(path, encoding="utf-8") as file:
                states = json.load(file)["machine"]["states"]
            ids = {each.get("id") for each in root.iter(SVG + "g")}
            words = "\n".join("".join(each.itertext()) for each in root.iter(SVG + "text"))
            for name, state in states.items():
                self.assertIn("state-" + name, ids)
                self.assertIn(state["label"]["vi"].replace("\n", " ").replace("  ", " "), words)

    def test_svg_carries_no_script_and_no_element_from_a_label(self):
        root = self.svg_of(os.path.join(DATA, "awkward.json"))
        tags = {each.tag.replace(SVG, "") for each in root.iter()}
        self.assertLessEqual(tags, {"svg", "g", "title", "polygon", "text", "path", "ellipse", "a", "polyline"})

    def test_counts_stand_on_the_arrows(self):
        counts = os.path.join(self.folder, "counts.json")
        with open(counts, "w", encoding="utf-8") as file:
            json.dump([{"state": "1st", "event": "go", "ordinal": 1, "count": 41}], file)
        path = os.path.join(DATA, "awkward.json")
        self.assertIn("Không đủ ×41\n", run("diagram", path, "--counts", counts).stdout)
        words = "\n".join("".join(each.itertext()) for each in self.svg_of(path, "--counts", counts).iter(SVG + "text"))
        self.assertIn("Không đủ ×41", words)
        with open(counts, "w", encoding="utf-8") as file:
            file.write('[{"state": "1st"}]')
        wrong = run("diagram", path, "--counts", counts)
        self.assertEqual((wrong.returncode, wrong.stdout), (1, ""))
        self.assertIn("[counts-shape] at /0", wrong.stderr)

    def test_scxml_says_which_guards_are_only_notes(self):
        answer = run("diagram", os.path.join(DATA, "awkward.json"), "--format", "scxml")
        ElementTree.fromstring(answer.stdout)
        self.assertIn("1 guards are notes", answer.stderr)

    def test_without_graphviz_the_refusal_says_what_to_install(self):
        answer = run("diagram", BIRTH, "--format", "svg", env={"PATH": self.folder})
        self.assertEqual((answer.returncode, answer.stdout), (3, ""))
        self.assertIn("graphviz", answer.stderr)

    def test_a_file_that_is_no_definition_is_refused(self):
        path = os.path.join(self.folder, "x.json")
        for text in ("", "{", "[]", "{}"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual(run("diagram", path).returncode, 1, text)
        self.assertEqual(run("diagram", BIRTH, "--format", "gif").returncode, 2)
        out = os.path.join(self.folder, "birth.svg")
        self.assertEqual(run("diagram", BIRTH, "--format", "svg", "--out", out).returncode, 0)
        ElementTree.parse(out)


class Export(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def permit(self):
        run("import", "bpmn", PERMIT, "--language", "vi", "--out", self.folder)
        return os.path.join(self.folder, "building_permit/procedure.json")

    def test_scxml_is_the_format_that_nobody_has_to_name_and_that_of_the_drawing(self):
        answer = run("export", BIRTH)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        root = ElementTree.fromstring(answer.stdout)
        self.assertEqual(root.tag, SCXML + "scxml")
        with open(BIRTH, encoding="utf-8") as file:
            states = set(json.load(file)["machine"]["states"])
        self.assertEqual({each.get("id") for each in root if each.get("id")}, states)
        drawn = run("diagram", BIRTH, "--format", "scxml")
        self.assertEqual((answer.stdout, answer.stderr), (drawn.stdout, drawn.stderr))
        self.assertEqual(run("export", BIRTH, "--format", "mermaid").stdout, run("diagram", BIRTH).stdout)

    def test_a_timer_is_sent_on_entry_and_cancelled_on_exit(self):
        answer = run("export", self.permit())
        check = next(each for each in ElementTree.fromstring(answer.stdout).iter() if each.get("id") == "check")
        send = check.find(f"{SCXML}onentry/{SCXML}send")
        self.assertEqual((send.get("event"), send.get("delay")), ("after.check", "2d"))
        self.assertEqual(check.find(f"{SCXML}onexit/{SCXML}cancel").get("sendid"), send.get("id"))
        ways = {each.get("event"): each.get("target") for each in check.iter(SCXML + "transition")}
        self.assertEqual(ways["after.check"], "refused")
        self.assertIn("2 ways of timers wait for days of 24 hours", answer.stderr)

    def test_the_language_and_the_file_are_those_asked_for(self):
        out = os.path.join(self.folder, "out.scxml")
        answer = run("export", BIRTH, "--language", "en", "--out", out)
        self.assertEqual((answer.returncode, answer.stdout), (0, ""))
        with open(out, encoding="utf-8") as file:
            english = file.read()
        ElementTree.fromstring(english)
        self.assertEqual(english, run("export", BIRTH, "--language", "en").stdout)
        self.assertNotEqual(english, run("export", BIRTH, "--language", "vi").stdout)

    def test_the_exit_code_is_1_for_no_definition_2_for_a_wrong_line_and_3_for_a_failure(self):
        path = os.path.join(self.folder, "x.json")
        for text in ("", "{", "[]", "{}"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual(run("export", path).returncode, 1, text)
        self.assertEqual(run("export", os.path.join(self.folder, "absent.json")).returncode, 1)
        for line in ((), (BIRTH, "--format", "svg"), (BIRTH, "--language", "fr"), (BIRTH, "--counts", path)):
            self.assertEqual(run("export", *line).returncode, 2, line)
        self.assertEqual(run("export", BIRTH, "--out", "/dev/null/x").returncode, 3)

    def test_the_help_names_the_command_and_its_options(self):
        self.assertRegex(run("--help").stdout, r"\n\s+export\s")
        answer = run("export", "--help")
        self.assertEqual(answer.returncode, 0)
        for option in ("--format", "--language", "--out"):
            self.assertIn(option, answer.stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--motcua", default=os.path.join(ROOT, "build/release/motcua"))
    options, rest = parser.parse_known_args()
    MOTCUA = os.path.abspath(options.motcua)
    unittest.main(argv=[sys.argv[0], *rest])
