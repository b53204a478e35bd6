#!/usr/bin/env python3
"""Backup and restore by the real binary: beside a running engine and without one, incremental, verified, cut at any
position; what is damaged, interrupted or misplaced is refused and leaves nothing behind."""
import json
import os
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import backups  # noqa: E402
import live  # noqa: E402

STRACE = shutil.which("strace")


class BackupAndRestore(backups.BackupTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.to = os.path.join(cls.folder, "backups")
        test = cls()
        test.traffic(10)
        test.settled()
        cls.key = "told-before-the-backup"
        cls.early = test.filed(live.stay(), key=cls.key)
        cls.cases.append(cls.early)
        test.settled()
        cls.first = test.backed_up(cls.to)
        test.traffic(2)
        test.settled()
        cls.late_key = "told-after-the-first-backup"
        cls.late = test.filed(live.stay(), key=cls.late_key)
        cls.cases.append(cls.late)
        test.settled()
        cls.second = test.backed_up(cls.to)
        cls.known = test.history()

    def copy_of_backups(self):
        return shutil.copytree(self.to, os.path.join(self.new_folder(), "backups"))

    def answer_again(self, data, key):
        """(status, version) of the filing repeated with its key, on an engine that serves the restored folder."""
        twin = live.Engine(os.path.dirname(data), backups.LATER)
        try:
            status, case = twin.send("POST", "/api/v1/cases", live.stay(), twin.token("desk_officer"), key=key)
            return status, case["id"]
        finally:
            twin.stop()

    def test_a_backup_of_a_running_engine_holds_everything_acknowledged_and_the_second_only_what_is_new(self):
        last = max(event["position"] for events in self.known.values() for event in events)
        self.assertEqual(self.second["position"], last)
        self.assertEqual(self.second["first"], self.first["position"] + 1)
        self.assertLess(self.second["records"] * 2, self.first["records"])
        self.assertLess(self.second["bytes"] * 2, self.first["bytes"])
        verified = json.loads(self.engine.run("audit", "verify", "--json").stdout)
        self.assertEqual((verified["position"], verified["root"]), (last, self.second["root"]))

    def test_nothing_new_makes_no_backup(self):
        again = self.backed_up(self.to)
        self.assertEqual((again["backup"], again["records"], again["backups"]), (None, 0, 2))

    def test_the_last_position_is_restored_and_the_log_says_so(self):
        report, data = self.made_from(self.to)
        self.assertEqual(report["position"], self.second["position"])
        self.assertEqual(self.differences(data, report["position"], self.known), [])
        verified = json.loads(self.motcua("audit", "verify", "--data", data, "--json").stdout)
        self.assertEqual(len(verified["restorations"]), 1)
        told = verified["restorations"][0]
        self.assertEqual((told["position"], told["backup"], told["recorded_at"], told["command"]),
                         (report["position"], 2, backups.LATER, "motcua restore"))
        self.assertEqual(self.answer_again(data, self.late_key), (201, self.late["id"]))

    def test_a_cut_at_random_positions_gives_what_stood_there(self):
        for position in self.random.sample(range(self.first["first"] + 60, self.second["position"]), 2):
            report, data = self.made_from(self.to, "--to-position", position)
            self.assertIn(report["position"], (position, position - 1))
            self.assertEqual(self.differences(data, report["position"], self.known), [], position)

    def test_answers_after_the_cut_are_gone_and_those_before_it_stay(self):
        _, data = self.made_from(self.to, "--to-position", self.first["position"])
        self.assertEqual(self.answer_again(data, self.key), (201, self.early["id"]))
        status, case_id = self.answer_again(data, self.late_key)
        self.assertEqual(status, 201)
        self.assertNotEqual(case_id, self.late["id"])

    def test_no_cut_parts_a_look_up_from_the_event_that_it_answers(self):
        pairs = [event["position"] for events in self.known.values() for event in events if event["type"] == "case.lookup_answered"]
        self.assertTrue(pairs)
        report, _ = self.made_from(self.to, "--to-position", pairs[0] - 1)
        self.assertEqual(report["position"], pairs[0] - 2)

    def test_a_cut_by_time_keeps_what_was_recorded_until_then(self):
        report, data = self.made_from(self.to, "--to-time", backups.NOW)
        self.assertEqual(report["position"], self.second["position"])
        self.refused_restore(self.to, "--to-time", "2026-03-02T08:59:59+07:00", names="no whole command")

    def test_a_flipped_byte_a_missing_file_and_a_cut_file_are_refused_and_named(self):
        for number in ("000001", "000002"):
            for name in ("log.sst", "answers.sst", "manifest.json"):
                for damage in ("flip", "remove", "cut"):
                    source = self.copy_of_backups()
                    path = os.path.join(source, number, name)
                    size = os.path.getsize(path)
                    if damage == "remove":
                        os.remove(path)
                    elif damage == "cut":
                        os.truncate(path, size - 1)
                    else:
                        with open(path, "r+b") as file:
                            at = self.random.randrange(size)
                            file.seek(at)
                            byte = file.read(1)[0]
                            file.seek(at)
                            file.write(bytes([byte ^ (1 << self.random.randrange(8))]))
                    self.refused_restore(source, names=f"{number}/{name}")
        source = self.copy_of_backups()
        shutil.rmtree(os.path.join(source, "000001"))
        self.refused_restore(source, names="backup 000001 is missing")

    def test_an_earlier_backup_can_be_restored_though_a_later_one_is_damaged(self):
        source = self.copy_of_backups()
        os.truncate(os.path.join(source, "000002", "log.sst"), 10)
        self.refused_restore(source, "--to-position", self.first["position"], names="000002/log.sst")
        shutil.rmtree(os.path.join(source, "000002"))
        self.made_from(source, "--to-position", self.first["position"])

    def test_a_target_that_holds_anything_is_refused_and_left_alone(self):
        folder = self.new_folder()
        os.mkdir(os.path.join(folder, "data"))
        with open(os.path.join(folder, "data", "letter"), "w", encoding="utf-8") as letter:
            letter.write("Kính gửi")
        done, data = self.restore(self.to, folder=folder)
        self.assertEqual((done.returncode, os.listdir(data)), (3, ["letter"]))
        done = self.motcua("restore", "--from", self.to, "--data", self.data)
        self.assertEqual(done.returncode, 3)
        for wrong, code in ((["--to-position", "0"], 2), (["--to-time", "gestern"], 2), (["--to-position", "1", "--to-time", backups.NOW], 2),
                            (["--to-position", str(self.second["position"] + 1)], 3)):
            self.assertEqual(self.restore(self.to, *wrong)[0].returncode, code, wrong)
        done, data = self.restore(self.to, folder=self.emptied())
        self.assertEqual(done.returncode, 0, done.stderr)

    def emptied(self):
        folder = self.new_folder()
        os.mkdir(os.path.join(folder, "data"))
        return folder

    def test_backups_go_to_no_folder_with_other_things_and_to_no_folder_of_the_store(self):
        folder = self.new_folder()
        with open(os.path.join(folder, "letter"), "w", encoding="utf-8") as letter:
            letter.write("Kính gửi")
        self.assertEqual((self.backup(folder).returncode, os.listdir(folder)), (3, ["letter"]))
        for inside in (self.data, os.path.join(self.data, "b"), os.path.dirname(self.data)):
            self.assertEqual(self.backup(inside).returncode, 2, inside)

    def test_the_old_anchor_refuses_the_cut_log_and_is_kept_when_it_is_replaced_on_purpose(self):
        folder = self.new_folder()
        shutil.copy(self.data + ".anchor", os.path.join(folder, "data.anchor"))
        cut = str(self.first["position"])
        said = self.refused_restore(self.to, "--to-position", cut, names="--replace-anchor", folder=folder)
        self.assertIn(f"has seen position {self.second['position']}", said)
        report, data = self.made_from(self.to, "--to-position", cut, "--replace-anchor", folder=folder)
        self.assertEqual(report["old_anchor"], data + ".anchor.before-restore-1")
        start = ["serve", "--check", "--dev", "--data", data, "--workflows", live.WORKFLOWS]
        self.assertEqual(self.motcua(*start).returncode, 0)
        with_old = self.motcua(*start, "--anchor", report["old_anchor"])
        self.assertEqual(with_old.returncode, 1)
        self.assertIn("acknowledged events are missing", with_old.stderr)

    def test_an_anchor_that_the_restored_log_continues_needs_no_word(self):
        folder = self.new_folder()
        shutil.copy(self.data + ".anchor", os.path.join(folder, "data.anchor"))
        self.made_from(self.to, folder=folder)

    def test_backups_of_the_restored_log_need_a_folder_of_their_own(self):
        _, data = self.made_from(self.to, "--to-position", self.first["position"])
        refused = self.backup(self.to, data=data)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("make a new folder", refused.stderr)
        own = os.path.join(os.path.dirname(data), "backups")
        self.assertEqual(self.backed_up(own, data=data)["position"], self.first["position"] + 1)

    def test_a_backup_of_a_stopped_engine_writes_nothing_into_the_data_folder(self):
        _, data = self.made_from(self.to)
        look = lambda: sorted((entry.name, entry.stat().st_size, entry.stat().st_mtime_ns) for entry in os.scandir(data))  # noqa: E731
        before = look()
        self.backed_up(os.path.join(os.path.dirname(data), "backups"), data=data)
        self.assertEqual(look(), before)

    def test_a_disk_that_refuses_leaves_the_earlier_backups(self):
        source = os.path.join(self.new_folder(), "backups")
        refused = self.backup(source, preexec_fn=backups.no_larger_files)
        self.assertNotEqual(refused.returncode, 0)
        self.assertEqual(json.loads(self.motcua("restore", "--from", source, "--list", "--json").stdout), {"backups": []})
        self.backed_up(source)
        self.assertEqual([name for name in os.listdir(source) if name.endswith(".partial")], [])

    @unittest.skipUnless(STRACE, "strace is not installed")
    def test_a_kill_at_any_call_that_reaches_the_disk_leaves_the_earlier_backups(self):
        killed = 0
        for call, counts in (("fsync,fdatasync", range(1, 8)), ("rename", (1, 2)), ("mkdir", (1, 2)), ("write", (2, 5))):
            for when in counts:
                source = shutil.copytree(self.to, os.path.join(self.new_folder(), "backups"))
                shutil.rmtree(os.path.join(source, "000002"))
                inject = (STRACE, "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={when}")
                killed += self.backup(source, prefix=inject).returncode != 0
                listed = self.motcua("restore", "--from", source, "--list", "--json")
                self.assertIn([entry["backup"] for entry in json.loads(listed.stdout)["backups"]], ([1], [1, 2]), (call, when))
                self.assertEqual(self.motcua("restore", "--from", source, "--check").returncode, 0)
                after = self.backed_up(source)
                self.assertEqual((after["position"], after["backups"]), (self.second["position"], 2))
                self.assertEqual([name for name in os.listdir(source) if name.endswith(".partial")], [])
        self.assertGreater(killed, 5)

    def test_no_personal_value_and_no_master_key_stands_in_the_backup(self):
        with open(self.data + ".master-key", encoding="utf-8") as file:
            master = file.read().split()[-1]
        secrets = [master, "Lý Thị Chẳng Có", live.NOBODY["personal_id"], self.couples[1][0]["full_name"], self.couples[1][0]["personal_id"]]
        content = b""
        for above, _, names in os.walk(self.to):
            for name in names:
                with open(os.path.join(above, name), "rb") as file:
                    content += file.read()
        _, data = self.made_from(self.to)
        for name in os.listdir(data):
            with open(os.path.join(data, name), "rb") as file:
                content += file.read()  # not compressed while it lies in the write-ahead log
        self.assertIn(self.cases[0]["codes"][0]["code"].encode(), content)
        for secret in secrets:
            self.assertNotIn(secret.encode(), content)


if __name__ == "__main__":
    live.main()
