#!/usr/bin/env python3
"""A data folder of an earlier format opens, proves itself, replays to the same states and goes on. The folders of
`data` are append-only: one per format, each a small store of made-up people with its master key beside it.
`--make NAME` writes a new one with the binary at hand."""
import json
import os
import shutil
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
# Types of events whose commands no release had yet.
NOT_IN_A_RELEASE = {"case.step_delegated.v1", "case.consulted.v1", "case.consultation_acknowledged.v1", "case.consultation_answered.v1",
                    "case.recalculated.v1", "case.recalculation_declined.v1", "case.state_timed_out.v1",
                    "case.payment_requested.v1", "case.payment_recorded.v1", "case.migrated.v1", "case.switch_refused.v1",
                    "case.linked_opened.v1", "case.linked_failed.v1", "case.linked_ended.v1", "case.linked_reported.v1", "case.earlier_sought.v1"}
MONDAY_9 = "2026-03-02T09:00:00+07:00"
LATER = "2026-03-20T09:00:00+07:00"


def whole(engine):
    """What is promised of the folder: its root, and every case with its history and its values."""
    done = engine.run("audit", "verify", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["findings_total"] == 0, done.stdout
    return {"position": report["position"], "root": report["root"], "records": report["records"], "streams": report["streams"],
            "sealed_entries": report["sealed_entries"]}


def replayed(engine, case):
    done = engine.run("audit", "replay", case, "--json", "--reveal")
    assert done.returncode == 0, done.stdout + done.stderr
    body = json.loads(done.stdout)
    del body["position"]
    return body


class Maker(live.LiveTest):
    """One case in every situation that an office knows."""

    def make(self, name):
        self.folder = tempfile.mkdtemp(prefix="store-")
        population = live.Population(self.folder, people=60)
        workflows = live.workflows_with(self.folder, live.pausable_stay())
        self.engine = engine = live.Engine(self.folder, MONDAY_9, population.url, workflows)
        cases = self.office(population)
        population.stop()
        engine.stop()
        expected = {"whole": whole(engine), "cases": {case: replayed(engine, case) for case in cases}}
        with open(os.path.join(DATA, name + ".json"), "w", encoding="utf-8") as file:
            json.dump(expected, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.write("\n")
        with tarfile.open(os.path.join(DATA, name + ".tar.gz"), "w:gz", compresslevel=9) as archive:
            for each in ("data", "data.anchor", "data.master-key"):
                archive.add(os.path.join(self.folder, each), each, filter=lambda entry: None if "/LOG" in entry.name or "/LOCK" in entry.name else entry)
        shutil.rmtree(self.folder)

    def office(self, population):
        pairs = live.couples(population.people())
        waiting = self.healed(self.filed(live.birth(*pairs[0])))
        differing = self.filed(live.birth(*pairs[1], of_mother={"full_name": "Nguyễn Thị Khác"}))
        refused, withdrawn, stopped, paused = (self.filed(live.stay()) for _ in range(4))
        code = live.definition("1.004194")["refusal_reasons"][0]["code"]
        self.did(refused, "refuse_reception", {"reason_code": code}, reason="trùng hồ sơ")
        withdrawn = self.did(withdrawn, "withdraw", reason="người dân xin rút")
        stopped = self.did(stopped, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
        paused = self.did(paused, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
        self.did(paused, "request_supplement", {"items": [{"code": "chung_minh_cho_o", "why": "chưa có"}]})
        self.hop("2026-03-03T09:00:00+07:00")
        self.did(paused, "supply", {"papers": [{"code": "chung_minh_cho_o"}]})
        self.did(stopped, "stop", {"law": live.definition("1.004194")["law"][0]["id"]}, "signatory", reason="không đủ điều kiện")
        late = self.received(live.stay())
        self.did(late, "assign", {"assignee": "case_officer-1"}, "supervisor")
        self.did(late, "correct", {"pointer": "/stay/address", "value": "Thôn 4, xã Suối Mẫu"}, reason="ghi nhầm")
        self.did(late, "note", {"text": "đã gọi điện"})
        done = self.to_the_end(self.received(live.stay(procedure="9.000001")))
        population.kill()
        unasked = self.filed(live.birth(*pairs[2]))
        live.until(lambda: "case.lookup_unavailable" in [event["type"] for event in self.events(unasked)], 30, "a failed look-up")
        self.hop("2026-03-10T09:00:00+07:00")
        for case in (waiting, differing):
            self.healed(case)
        asking = self.asking()
        return [case["id"] for case in (waiting, differing, refused, withdrawn, stopped, paused, late, done, unasked, asking)]

    def asking(self):
        """A case whose step is delegated, and about which another agency gave its opinion."""
        officer = "case_officer"
        case = self.did(self.received(live.stay()), "claim", {}, officer)
        self.did(case, "delegate", {"to": "case_officer-2"}, "supervisor")
        self.did(case, "consult", {"agency": live.ELSEWHERE, "question": "Có vướng mắc gì không?"}, officer)
        for name, data in (("acknowledge_consultation", {}), ("answer_consultation", {"opinion_code": "agreed"})):
            body = {"command": name, "expected_version": self.case(case)["version"], "data": data}
            status, after = self.post(f"/cases/{case['id']}/commands", body, officer, agency=live.ELSEWHERE)
            self.assertEqual(status, 200, after)
        return self.did(case, "step", {"event": "finish_check"}, officer, sub="case_officer-2")

    def to_the_end(self, case):
        officer = "case_officer"
        self.did(case, "pause", {"reason_code": "verification"}, officer)
        self.did(case, "resume", {}, officer)
        self.did(case, "extend", {"due_at": "2026-03-09T16:00:00+07:00", "reason_code": "workload", "signer": "signatory-1"}, "signatory")
        for command, data, role in (("claim", {}, officer), ("release", {}, officer), ("claim", {}, officer),
                                    ("step", {"event": "finish_check"}, officer), ("step", {"event": "submit"}, officer),
                                    ("step", {"event": "sign"}, "signatory"),
                                    ("resolve", {"results": [{"code": "KQ.G01.000064"}]}, officer),
                                    ("return_result", {"channel": "counter", "to": "Nguyễn Văn An"}, "desk_officer")):
            case = self.did(case, command, data, role)
        return case


class ReleasedStores(live.LiveTest):
    def unpacked(self, name):
        folder = tempfile.mkdtemp(dir=self.folder)
        with tarfile.open(os.path.join(DATA, name + ".tar.gz")) as archive:
            archive.extractall(folder, filter="data")
        with open(os.path.join(DATA, name + ".json"), encoding="utf-8") as file:
            return folder, json.load(file)

    def test_every_event_type_and_version_has_a_record_in_some_folder(self):
        golden = os.path.join(live.ROOT, "tests/golden/events")
        wanted = {name[:-len(".json")] for name in os.listdir(golden) if not name.endswith(".state.json")}
        held = set()
        for name in os.listdir(DATA):
            if name.endswith(".json"):
                with open(os.path.join(DATA, name), encoding="utf-8") as file:
                    held |= {f"{event['type']}.v{event.get('type_version', 1)}" for case in json.load(file)["cases"].values() for event in case["events"]}
        self.assertEqual(wanted - held - NOT_IN_A_RELEASE, set())

    def test_each_opens_verifies_replays_to_the_same_states_and_goes_on(self):
        names = sorted(name[:-len(".tar.gz")] for name in os.listdir(DATA) if name.endswith(".tar.gz"))
        self.assertIn("format-1", names)
        for name in names:
            folder, expected = self.unpacked(name)
            engine = live.Engine.__new__(live.Engine)
            live.Process.__init__(engine)
            engine.folder, engine.data = folder, os.path.join(folder, "data")
            self.assertEqual(whole(engine), expected["whole"])
            for case, then in expected["cases"].items():
                self.assertEqual(replayed(engine, case), then)
            if name == "format-1":
                found = engine.run("views", "check")
                self.assertEqual(found.returncode, 1)
                self.assertIn("an earlier release", found.stdout)
            engine.__init__(folder, LATER)
            self.__class__.engine = engine
            for case in expected["cases"]:
                self.assertEqual(self.case({"id": case})["version"], expected["cases"][case]["state"]["version"])
                self.did({"id": case}, "note", {"text": "tiếp tục"})
            self.received(live.stay())
            engine.stop()
            after = whole(engine)
            self.assertGreater(after["position"], expected["whole"]["position"])
            for command in (("views", "check"), ("views", "rebuild"), ("views", "check")):
                self.assertEqual(engine.run(*command).returncode, 0)


def load_tests(loader, *_):
    return loader.loadTestsFromTestCase(ReleasedStores)


if __name__ == "__main__":
    if "--make" in sys.argv:
        at = sys.argv.index("--make")
        name, sys.argv[at:at + 2] = sys.argv[at + 1], []
        Maker("make").make(name)
    else:
        live.main()
