#!/usr/bin/env python3
"""`motcua publish`: a definition goes from a file into force, with the exit codes 0, 1, 2, 3, and again without harm."""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from integrators import MONDAY, NEW, PublishingTest, definition, live, main, one_day  # noqa: E402

OK, FINDINGS, USAGE, FAILURE = 0, 1, 2, 3


class Command(PublishingTest):
    def setUp(self):
        self.begin()
        self.where = f"http://127.0.0.1:{self.engine.port}"

    def written(self, body, name="procedure.json", indent=2):
        path = os.path.join(self.engine.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=indent))
        return path

    def token_file(self, role="integrator"):
        return self.written(self.as_role(role) + "\n", role + ".token")

    def run_publish(self, path, *more, role="integrator", server=None):
        env = {key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")}
        return subprocess.run([live._binaries["motcua"], "publish", path, "--server", server or self.where, "--token-file",
                               self.token_file(role), *more], capture_output=True, text=True, timeout=60, env=env)

    def test_a_definition_is_published_and_again_without_harm(self):
        path = self.written(definition())
        done = self.run_publish(path)
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertIn(f"published {NEW} version 1, in force from 2026-03-02", done.stdout)
        position = self.position()
        again = self.run_publish(path)
        self.assertEqual((again.returncode, again.stdout, self.position()), (OK, done.stdout, position))
        self.filed(self.stay())

    def test_findings_are_printed_with_file_line_rule_and_place(self):
        broken = definition()
        broken["time_limit"]["unit"] = "fortnight"
        path = self.written(broken)
        done = self.run_publish(path)
        with open(path, encoding="utf-8") as file:
            line = next(i for i, text in enumerate(file, 1) if "fortnight" in text)
        self.assertEqual(done.returncode, FINDINGS, done.stderr)
        self.assertRegex(done.stdout, rf"(?m)^{path}:{line}: error: .+ \[[a-z-]+\] at /time_limit/unit$")
        offline = subprocess.run([live._binaries["motcua"], "lint", path], capture_output=True, text=True, timeout=60)
        self.assertLessEqual(set(offline.stdout.splitlines()[:-1]), set(done.stdout.splitlines()))
        self.assertIsNone(self.bytes_of())

    def test_a_dry_run_publishes_nothing(self):
        before = self.position()
        done = self.run_publish(self.written(definition()), "--dry-run", "--backtest")
        self.assertEqual((done.returncode, self.position()), (OK, before), done.stderr)
        self.assertIn("not published", done.stdout)
        self.assertIsNone(self.bytes_of())

    def test_a_back_test_that_fails_stops_the_publication(self):
        self.published(definition())
        case = self.received(self.stay())
        self.hop("2026-03-04T16:00:00+07:00")
        self.did(case, "note", {"text": "đã gọi"}, "case_officer")
        path = self.written(one_day())
        done = self.run_publish(path, "--backtest")
        self.assertEqual(done.returncode, FINDINGS, done.stdout)
        self.assertIn("back-test against 1 cases: fail", done.stdout)
        self.assertEqual(len(self.versions()), 1)
        late = self.run_publish(path, "--backtest", "--allow-late", "1", "--since", MONDAY)
        self.assertEqual(late.returncode, OK, late.stdout + late.stderr)
        self.assertEqual([each["version"] for each in self.versions()], [1, 2])

    def test_json_has_everything_that_was_answered(self):
        done = self.run_publish(self.written(definition()), "--backtest", "--json")
        report = json.loads(done.stdout)
        self.assertEqual(set(report), {"findings", "backtest", "publication", "problem"})
        self.assertEqual((report["backtest"]["verdict"], report["publication"]["version"], report["problem"]), ("pass", 1, None))
        gap = self.run_publish(self.written(one_day(3)), "--json")
        self.assertEqual((gap.returncode, json.loads(gap.stdout)["problem"]["type"]), (FINDINGS, "/problems/invalid-data"))

    def test_refusals_about_the_file_are_findings_and_others_failures(self):
        self.published(definition())
        for body, code in ((one_day(3), FINDINGS), (one_day(status="draft"), FINDINGS), (one_day(since="2026-03-01"), FINDINGS),
                           ("machine: {}", FINDINGS), ("", FINDINGS), ('{"x": "' + "x" * 1_100_000 + '"}', FINDINGS)):
            done = self.run_publish(self.written(body))
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        good = self.written(one_day())
        self.assertEqual(self.run_publish(good, role="desk_officer").returncode, FAILURE)
        self.assertEqual(self.run_publish(good, role="supervisor").returncode, FAILURE, "a supervisor may lint only")
        self.assertEqual(self.run_publish(good, server=f"http://127.0.0.1:{live.free_port()}").returncode, FAILURE)
        self.assertEqual(len(self.versions()), 1)

    def test_what_is_called_wrongly_is_usage(self):
        good = self.written(definition())
        self.assertEqual(self.run_publish(os.path.join(self.engine.folder, "no.json")).returncode, USAGE)
        self.assertEqual(self.run_publish(good, "--token-file", "/nowhere").returncode, USAGE)
        self.assertEqual(self.run_publish(good, "--allow-late", "1").returncode, USAGE, "without --backtest")
        self.assertEqual(self.run_publish(good, "--what").returncode, USAGE)


if __name__ == "__main__":
    main()
