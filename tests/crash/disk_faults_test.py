#!/usr/bin/env python3
"""Faults of the disk, one named test for each, through the real binary (docs/durability.md has the table). Whatever the
disk does: nothing acknowledged is missing without a word, nothing is answered in part, and a store that is not whole is
refused with one line that names what is damaged and what to do, and left as it was."""
import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../support"))
import live  # noqa: E402
from fault_runner import runner  # noqa: E402

MIB = 1 << 20
FAILURE = 3
NOBODY = 65534


def tool(*arguments, **more):
    return subprocess.run([live._binaries["motcua"], *arguments], capture_output=True, text=True, timeout=120, **more)


def needs_root(test):
    return unittest.skipUnless(os.geteuid() == 0, "mounting and changing owners needs root")(test)


def needs_strace(test):
    return unittest.skipUnless(shutil.which("strace") and can_trace(), "strace cannot attach to a process here")(test)


def can_trace():
    return subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def contents(folder):
    """What a folder holds, but for RocksDB's own log of words."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            if not name.startswith("LOG"):
                path = os.path.join(root, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    return found


def files(data, ending):
    return sorted(name for name in os.listdir(data) if name.endswith(ending))


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def change_byte(path, at):
    with open(path, "r+b") as file:
        file.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0x55]))


class DiskTest(live.LiveTest):
    """Each test has its own folder; the engine in it need not be running."""

    def setUp(self):
        self.base = live.tempfile.mkdtemp(dir=self.folder)
        self.engine = None

    def tearDown(self):
        if self.engine is not None and self.engine.child is not None:
            self.engine.kill()

    def start(self, folder=None, more=()):
        self.engine = live.Engine(folder or self.base, None, more=more)
        return self.engine

    def again(self):
        self.engine.start(None)

    def held(self, cases):
        """Every acknowledged version of these cases is there, once."""
        for case in cases:
            versions = [event["version"] for event in self.events(case)]
            self.assertEqual(versions, list(range(1, case["version"] + 1)), case["id"])

    def whole(self, data=None):
        """The log and the views of the folder, by the tools."""
        data = data or self.engine.data
        for words in (("audit", "verify"), ("views", "check")):
            done = tool(*words, "--data", data)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def figure(self, name):
        _, text, _ = self.engine.exchange("GET", "/metrics")
        return float(re.search(rf"^{name} (\S+)$", text.decode(), re.MULTILINE).group(1))

    def ready(self):
        return self.engine.send("GET", "/health/ready")


class Mounted(DiskTest):
    """On a small file system of its own."""

    SIZE = 64 * MIB

    def setUp(self):
        super().setUp()
        self.mount = os.path.join(self.base, "disk")
        os.mkdir(self.mount)
        self.run_or_skip("mount", "-t", "tmpfs", "-o", f"size={self.SIZE}", "tmpfs", self.mount)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.mount], check=False)

    def run_or_skip(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"{' '.join(command)}: {done.stderr.strip()}")

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.mount], check=True)

    def fill(self, leave):
        """A file that leaves so many bytes."""
        with open(os.path.join(self.mount, "ballast"), "wb") as ballast:
            space = os.statvfs(self.mount)
            ballast.write(b"\0" * max(0, space.f_bavail * space.f_frsize - leave))

    def empty(self):
        os.remove(os.path.join(self.mount, "ballast"))


@needs_root
class FullDisk(Mounted):
    def test_a_full_disk_loses_nothing_acknowledged_ends_the_engine_and_a_restart_goes_on(self):
        self.start(self.mount, ("--reserve-mib", "0"))
        case = self.filed(live.stay())
        self.fill(64 * 1024)
        for _ in range(2000):  # the log's file has some MiB of its own
            status, answer = self.command(case, "note", {"text": "ghi " * 10_000}, version=case["version"])
            if status != 200:
                break
            case = answer
        self.assertEqual((status, answer["type"]), (503, "/problems/outcome-unknown"), answer)
        self.assertEqual(self.engine.child.wait(20), FAILURE)
        self.assertIn("No space left on device", text_of(self.engine.log))
        self.assertLess(text_of(self.engine.log).count("the anchor cannot be written"), 8)  # once a second
        self.engine.hang_up()
        self.resize(2 * self.SIZE)
        self.whole()
        self.again()
        self.assertIn(self.case(case)["version"], (case["version"], case["version"] + 1))
        self.assertEqual(self.case(case, f"?at_version={case['version']}")["version"], case["version"])
        self.filed(live.stay())

    def test_a_start_on_a_full_disk_is_refused_and_goes_well_once_there_is_room(self):
        self.start(self.mount)
        case = self.filed(live.stay())
        self.engine.kill()
        self.fill(0)
        done = tool("serve", "--dev", "--data", self.engine.data, "--listen", "127.0.0.1:0", "--workflows", live.WORKFLOWS)
        self.assertEqual(done.returncode, FAILURE, done.stderr)
        self.assertIn("has 0 MiB free", done.stderr)
        self.empty()
        self.again()
        self.held([case])


@needs_root
class NearlyFullDisk(Mounted):
    RESERVE = 16

    def setUp(self):
        super().setUp()
        self.start(self.mount, ("--reserve-mib", str(self.RESERVE)))

    def run_short(self):
        self.fill((self.RESERVE - 2) * MIB)
        live.until(lambda: self.ready()[0] == 503, 10, "the shortage to be seen")

    def test_below_the_reserve_writes_are_refused_undecided_while_reads_and_health_go_on_and_ready_says_why(self):
        case = self.filed(live.stay(), key="before")
        self.run_short()
        position = self.figure("motcua_log_position")
        status, body, fields = self.engine.exchange(
            "POST", "/api/v1/cases", live.json.dumps(live.stay()).encode(),
            {"Content-Type": "application/json", "Authorization": "Bearer " + self.as_role("desk_officer"),
             "Idempotency-Key": "refused"})
        self.assertEqual((status, live.json.loads(body)["type"]), (503, "/problems/not-durable"))
        self.assertGreater(int(fields["Retry-After"]), 0)
        self.refused(self.command(case, "receive"), 503, "not-durable")
        self.held([case])
        self.assertEqual(self.engine.send("GET", "/health/live")[0], 200)
        status, why = self.ready()
        self.assertEqual(status, 503)
        self.assertIn(f"the reserve is {self.RESERVE} MiB", why["detail"])
        self.assertLess(self.figure("motcua_disk_free_bytes"), self.figure("motcua_disk_reserve_bytes"))
        self.assertEqual(self.figure("motcua_log_position"), position)

    def test_what_was_accepted_before_is_still_answered_to_a_repeated_key(self):
        case = self.filed(live.stay(), key="before")
        self.run_short()
        status, again = self.post("/cases", live.stay(), key="before")
        self.assertEqual((status, again["id"], again["version"]), (201, case["id"], 1))

    def test_a_lookup_is_not_asked_of_the_register_while_its_answer_could_not_be_recorded(self):
        self.run_short()
        asked = self.figure("motcua_population_lookups_total")
        body = dict(live.NOBODY, procedure="1.004194", purpose="prefill")
        self.refused(self.post("/people/lookups", body), 503, "not-durable")
        self.assertEqual(self.figure("motcua_population_lookups_total"), asked)

    def test_writes_go_on_by_themselves_when_there_is_room_again(self):
        self.run_short()
        self.refused(self.post("/cases", live.stay(), key="once"), 503, "not-durable")
        self.empty()
        case = live.until(lambda: self.written("once"), 10, "writes to go on")
        self.assertEqual(self.ready()[0], 200)
        self.held([case])

    def test_writes_go_on_also_while_clients_never_stop_asking(self):
        self.run_short()
        done = threading.Event()
        storm = [threading.Thread(target=self.ask_until, args=(done,)) for _ in range(4)]
        for thread in storm:
            thread.start()
        try:
            time.sleep(0.5)
            self.empty()
            live.until(lambda: self.written("after the storm"), 10, "writes to go on")
        finally:
            done.set()
            for thread in storm:
                thread.join()

    def written(self, key):
        status, case = self.post("/cases", live.stay(), key=key)
        return case if status == 201 else None

    def ask_until(self, done):
        while not done.is_set():
            self.post("/cases", live.stay())


@needs_strace
class FailingCalls(DiskTest):
    @contextlib.contextmanager
    def injected(self, *rules):
        """strace beside the running engine, which meets these faults."""
        words = [word for rule in rules for word in rule]
        note = os.path.join(self.base, "strace")
        tracer = subprocess.Popen(["strace", "-f", "-qq", "-o", note, "-p", str(self.engine.child.pid), *words], stderr=subprocess.PIPE)
        try:
            live.until(lambda: self.traced(), 20, "strace to attach")
            yield
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.communicate(timeout=20)

    def traced(self):
        tasks = f"/proc/{self.engine.child.pid}/task"
        return not any("TracerPid:\t0" in text_of(f"{tasks}/{task}/status") for task in os.listdir(tasks))

    def wal(self):
        return os.path.join(self.engine.data, files(self.engine.data, ".log")[-1])

    def assert_fail_stop(self, call):
        self.start()
        cases = [self.filed(live.stay()) for _ in range(3)]
        with self.injected(("-e", f"trace={call}", "-P", self.wal(), "-e", f"inject={call}:error=EIO:when=1")):
            status, problem = self.post("/cases", live.stay(), key="unclear")
            self.assertEqual((status, problem["type"]), (503, "/problems/outcome-unknown"))
            self.assertEqual(self.engine.child.wait(20), FAILURE)
        self.assertIn("a commit failed, the engine ends: ", text_of(self.engine.log))
        self.engine.hang_up()
        self.whole()
        self.again()
        self.held(cases)
        before = self.figure("motcua_log_position")
        status, first = self.post("/cases", live.stay(), key="unclear")
        _, second = self.post("/cases", live.stay(), key="unclear")
        self.assertEqual((status, first["id"]), (201, second["id"]))
        self.assertLessEqual(self.figure("motcua_log_position"), before + 1)

    def test_a_failed_sync_ends_the_engine_at_once_and_acknowledges_nothing_after_it(self):
        self.assert_fail_stop("fdatasync")

    def test_a_failed_write_ends_the_engine_at_once_and_acknowledges_nothing_after_it(self):
        self.assert_fail_stop("write")

    def test_syncs_of_200_ms_slow_everything_down_and_nothing_else(self):
        self.start()
        clients, answers, queues = 48, [], []
        with self.injected(("-e", "trace=fdatasync", "-P", self.wal(), "-e", "inject=fdatasync:delay_enter=200000")):
            groups = self.figure("motcua_commit_groups_total")
            began = time.monotonic()
            threads = [threading.Thread(target=self.file_some, args=(answers, 4)) for _ in range(clients)]
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads):
                queues.append(self.figure("motcua_sequencer_queue"))
                self.assertEqual(self.engine.send("GET", "/health/live")[0], 200)
                time.sleep(0.1)
            took, synced = time.monotonic() - began, self.figure("motcua_commit_groups_total") - groups
        self.assertEqual({status for status, _ in answers}, {201})
        self.assertEqual(len(answers), clients * 4)
        self.assertLessEqual(max(queues), clients)
        self.assertLess(synced, clients * 4 / 4, "many commands share one sync")
        self.assertGreater(took, 0.2 * (synced - 1))
        self.assertEqual(self.ready()[0], 200)
        began = time.monotonic()
        cases = [case for _, case in answers] + [self.filed(live.stay())]
        self.assertLess(time.monotonic() - began, 2)
        self.held(cases)

    def file_some(self, answers, count):
        for _ in range(count):
            answers.append(self.post("/cases", live.stay()))


class Prepared(DiskTest):
    """A store with a past: some of it in sorted files, some in the write-ahead log, and an anchor that has seen all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = os.path.join(cls.folder, "model")
        os.mkdir(cls.model)
        cls.old, cls.new = [], []
        office = cls("make")
        for cases in (cls.old, cls.new):
            office.engine = cls.engine = live.Engine(cls.model, None)
            for number in range(12):
                case = office.filed(live.stay())
                cases.append(office.did(case, "receive") if number % 2 else case)
            time.sleep(1.5)  # the anchor follows
            cls.engine.stop()
            if cases is cls.old:
                shutil.copytree(cls.model, os.path.join(cls.folder, "older"))

    def make(self):
        """Names the instance that makes the model."""

    def setUp(self):
        super().setUp()
        shutil.rmtree(self.base)
        shutil.copytree(self.model, self.base)
        self.data = os.path.join(self.base, "data")

    def path(self, ending, which=-1):
        return os.path.join(self.data, files(self.data, ending)[which])

    def records_file(self):
        """The sorted file that holds the records of the older cases."""
        mark = bytes.fromhex(self.old[0]["id"].replace("-", ""))
        with_mark = [name for name in files(self.data, ".sst") if mark in self.bytes_of(name)]
        return os.path.join(self.data, max(with_mark, key=lambda name: os.path.getsize(os.path.join(self.data, name))))

    def bytes_of(self, name):
        with open(os.path.join(self.data, name), "rb") as file:
            return file.read()

    def serve(self, **more):
        return tool("serve", "--dev", "--data", self.data, "--listen", "127.0.0.1:0", "--workflows", live.WORKFLOWS, **more)

    def assert_refused(self, *words, writes_nothing=True, **more):
        before = contents(self.base)
        done = self.serve(**more)
        self.assertEqual(done.returncode, FAILURE, done.stdout + done.stderr)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        self.assertEqual(len(lines), 1, done.stderr)
        for word in words:
            self.assertIn(word, lines[0])
        if writes_nothing:
            self.assertEqual(contents(self.base), before)
        if os.environ.get("SHOW"):
            print(f"\n    {self._testMethodName}: {lines[0]}", file=sys.stderr)

    def serves_all(self):
        self.engine = live.Engine(self.base, None)
        self.held(self.old + self.new)


class DamagedLog(Prepared):
    def test_an_untouched_copy_serves_everything(self):
        self.serves_all()
        self.engine.stop()
        self.whole()

    def test_a_torn_last_record_that_the_anchor_has_seen_is_refused_at_every_length(self):
        wal = self.path(".log")
        size = os.path.getsize(wal)
        for cut in (1, 7, 100, 1000):
            os.truncate(wal, size - cut)
            self.assert_refused(self.data, "acknowledged events are missing")

    def test_a_torn_last_record_behind_the_anchor_is_taken_back_whole(self):
        self.engine = live.Engine(self.base, None)
        for _ in range(3):
            seen = self.filed(live.stay())
        time.sleep(1.5)
        anchor = text_of(self.engine.data + ".anchor")
        torn = self.did(seen, "receive")
        self.engine.stop()
        wal = self.path(".log")
        for cut in (1, 50):
            os.truncate(wal, os.path.getsize(wal) - cut)
        with open(self.engine.data + ".anchor", "w", encoding="utf-8") as file:
            file.write(anchor)
        self.again()
        self.held(self.old + self.new + [seen])
        self.assertEqual(self.case(torn)["version"], seen["version"])
        self.engine.stop()
        self.whole()

    def test_a_changed_byte_in_the_middle_of_the_write_ahead_log_is_refused(self):
        wal = self.path(".log")
        change_byte(wal, os.path.getsize(wal) // 2)
        self.assert_refused(self.data, os.path.basename(wal), "restore")

    def test_a_changed_byte_in_the_last_record_of_the_write_ahead_log_is_refused(self):
        change_byte(self.path(".log"), -20)
        self.assert_refused(self.data, "restore")

    def test_an_empty_write_ahead_log_is_refused(self):
        os.truncate(self.path(".log"), 0)
        self.assert_refused(self.data, "restore")

    def test_a_missing_write_ahead_log_is_refused(self):
        os.remove(self.path(".log"))
        self.assert_refused(self.data, "restore")

    def test_a_zero_filled_tail_is_refused(self):
        wal = self.path(".log")
        size = os.path.getsize(wal)
        os.truncate(wal, size - 600)
        os.truncate(wal, size)
        self.assert_refused(self.data, "restore")


class DamagedFiles(Prepared):
    def test_a_changed_byte_in_a_sorted_file_is_named_by_audit_verify_answered_by_5xx_and_hides_no_other_case(self):
        path = self.records_file()
        content = self.bytes_of(os.path.basename(path))
        broken, text = self.old[0], "Thôn 3"
        change_byte(path, content.index(bytes.fromhex(broken["id"].replace("-", ""))) + 40)
        self.engine = live.Engine(self.base, None)
        seen = {200: 0, 503: 0}
        for case in self.old + self.new:
            status, body = self.engine.send("GET", f"/api/v1/cases/{case['id']}/events?limit=200", token=self.as_role("desk_officer"))
            self.assertIn(status, seen, body)
            seen[status] += 1
            if status == 200:
                self.assertEqual(len(body["items"]), case["version"])
            else:
                self.assertIn("checksum", body["detail"])
                self.assertNotIn(text, body["detail"])
        self.assertGreater(seen[503], 0)
        self.assertGreaterEqual(seen[200], len(self.new))
        self.filed(live.stay())
        self.engine.stop()
        done = tool("audit", "verify", "--data", self.data)
        self.assertIn(done.returncode, (1, FAILURE))
        self.assertIn(os.path.basename(path), done.stdout + done.stderr)

    def test_a_sorted_file_whose_end_is_damaged_is_refused(self):
        path = self.records_file()
        change_byte(path, -10)
        self.assert_refused(self.data, os.path.basename(path), "restore")

    def test_a_shortened_sorted_file_is_refused(self):
        path = self.records_file()
        os.truncate(path, os.path.getsize(path) - 100)
        self.assert_refused(self.data, os.path.basename(path), "restore")

    def test_a_missing_sorted_file_is_refused(self):
        path = self.records_file()
        os.remove(path)
        self.assert_refused(self.data, os.path.basename(path), "restore")

    def test_a_changed_byte_in_the_manifest_is_refused(self):
        manifest = [name for name in os.listdir(self.data) if name.startswith("MANIFEST")][0]
        path = os.path.join(self.data, manifest)
        change_byte(path, os.path.getsize(path) // 2)
        self.assert_refused(self.data, "MANIFEST", "restore")

    def test_a_missing_manifest_is_refused(self):
        manifest = [name for name in os.listdir(self.data) if name.startswith("MANIFEST")][0]
        os.remove(os.path.join(self.data, manifest))
        self.assert_refused(self.data, "MANIFEST", "restore")

    def test_a_missing_current_file_is_refused_and_not_taken_for_an_empty_folder(self):
        os.remove(os.path.join(self.data, "CURRENT"))
        self.assert_refused(self.data, "CURRENT", "restore")

    def test_a_damaged_current_file_is_refused(self):
        with open(os.path.join(self.data, "CURRENT"), "w", encoding="ascii") as file:
            file.write("nonsense\n")
        self.assert_refused(self.data, "CURRENT", "restore")

    def test_a_folder_of_something_else_is_refused(self):
        shutil.rmtree(self.data)
        os.mkdir(self.data)
        with open(os.path.join(self.data, "letter.txt"), "w", encoding="ascii") as file:
            file.write("not a store\n")
        self.assert_refused(self.data, "not a store")
        done = tool("init", "--data", self.data)
        self.assertEqual(done.returncode, FAILURE)


class SwappedLog(Prepared):
    def test_an_older_copy_of_the_folder_is_refused_by_the_anchor(self):
        shutil.rmtree(self.data)
        shutil.copytree(os.path.join(self.folder, "older", "data"), self.data)
        self.assert_refused(self.data, "acknowledged events are missing", "anchor")

    def test_the_folder_of_another_engine_is_refused_by_the_anchor(self):
        other = os.path.join(self.base, "other")
        os.mkdir(other)
        self.start(other)
        self.engine.stop()
        shutil.rmtree(self.data)
        shutil.move(os.path.join(other, "data"), self.data)
        self.assert_refused(self.data, "the anchor belongs to log")

    def test_a_missing_anchor_is_refused_until_it_is_accepted_once(self):
        os.remove(self.data + ".anchor")
        self.assert_refused(self.data + ".anchor", "--new-anchor")
        self.engine = live.Engine(self.base, None, more=("--new-anchor",))
        self.held(self.old + self.new)

    def test_a_damaged_anchor_is_refused(self):
        change_byte(self.data + ".anchor", -10)
        self.assert_refused(self.data + ".anchor", "--new-anchor")

    def test_an_empty_anchor_is_refused(self):
        os.truncate(self.data + ".anchor", 0)
        self.assert_refused(self.data + ".anchor", "--new-anchor")

    def test_a_missing_folder_is_not_replaced_by_a_new_log_while_its_anchor_is_there(self):
        shutil.rmtree(self.data)
        self.assert_refused(self.data, "anchor")
        self.assertFalse(os.path.exists(self.data))


class Folder(Prepared):
    def test_a_path_that_is_a_file_is_refused(self):
        shutil.rmtree(self.data)
        with open(self.data, "w", encoding="ascii") as file:
            file.write("x")
        self.assert_refused(self.data, "not a folder")

    @needs_root
    def test_a_read_only_file_system_is_refused(self):
        for command in (["mount", "--bind", self.data, self.data], ["mount", "-o", "remount,ro,bind", self.data]):
            if subprocess.run(command, capture_output=True, check=False).returncode != 0:
                self.skipTest(" ".join(command))
            self.addCleanup(subprocess.run, ["umount", "--lazy", self.data], check=False, capture_output=True)
        self.assert_refused(self.data, "Read-only file system")

    @needs_root
    def test_a_folder_of_another_owner_is_refused(self):
        os.chmod(self.base, 0o755)
        os.chmod(self.folder, 0o755)
        os.chmod(self.data, 0o700)
        os.chown(self.data + ".master-key", NOBODY, NOBODY)
        self.assert_refused(self.data, "Permission denied", user=NOBODY, group=NOBODY, extra_groups=[])

    def test_a_second_process_is_refused_and_told_who_is_first(self):
        self.engine = live.Engine(self.base, None)
        done = self.serve()
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn(f"process {self.engine.child.pid} holds the lock", done.stderr)
        self.held(self.old + self.new)

    def test_read_only_tools_work_beside_a_running_engine(self):
        self.engine = live.Engine(self.base, None)
        stop = threading.Event()
        load = threading.Thread(target=self.file_until, args=(stop,))
        load.start()
        try:
            for _ in range(5):
                self.whole(self.data)
        finally:
            stop.set()
            load.join()
        self.held(self.old + self.new)

    def file_until(self, stop):
        while not stop.is_set():
            self.filed(live.stay())


if __name__ == "__main__":
    live.main(testRunner=runner("disk faults"))
