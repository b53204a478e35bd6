"""What the backup tests share: an office with traffic of every kind, the two commands, and the comparison of a restored
folder with the original that goes on."""
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

NOW = "2026-03-02T09:00:00+07:00"
LATER = "2026-03-02T09:05:00+07:00"


def no_larger_files():
    """For a child: a write beyond 4 KiB is refused, as a full disk refuses it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


class BackupTest(live.LiveTest):
    """An engine with the population service, whose data folder is backed up to `self.to`."""

    def setUp(self):
        self.random = random.Random(7)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.population = live.Population(cls.folder)
        cls.couples = live.couples(cls.population.people())
        cls.engine_folder = os.path.join(cls.folder, "office")
        os.mkdir(cls.engine_folder)
        cls.engine = live.Engine(cls.engine_folder, NOW, population=cls.population.url)
        cls.data, cls.cases, cls.restored = cls.engine.data, [], 0

    def motcua(self, *arguments, prefix=(), **more):
        return subprocess.run([*prefix, live._binaries["motcua"], *map(str, arguments)], capture_output=True, text=True,
                              timeout=300, **more)

    def backup(self, to, *more, data=None, **how):
        return self.motcua("backup", "--data", data or self.data, "--to", to, "--json", *more, **how)

    def backed_up(self, to, *more, **how):
        done = self.backup(to, *more, **how)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def new_folder(self):
        type(self).restored += 1
        folder = os.path.join(self.folder, f"restored-{self.restored}")
        os.mkdir(folder)
        return folder

    def restore(self, source, *more, folder=None):
        """(result, the data folder): into a folder of its own beside which the master key is put."""
        data = os.path.join(folder or self.new_folder(), "data")
        shutil.copy(self.data + ".master-key", data + ".master-key")
        return self.motcua("restore", "--from", source, "--data", data, "--json", "--now", LATER, *more), data

    def made_from(self, source, *more, folder=None):
        """(report, data folder) of a restore that must succeed and verify."""
        done, data = self.restore(source, *more, folder=folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        for check in (("audit", "verify"), ("views", "check")):
            checked = self.motcua(*check, "--data", data)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        return json.loads(done.stdout), data

    def refused_restore(self, source, *more, names="", folder=None):
        done, data = self.restore(source, *more, folder=folder)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn(names, done.stderr)
        self.assertFalse(os.path.exists(data))
        self.assertFalse(os.path.exists(data + ".restoring"))
        return done.stderr

    def traffic(self, count):
        """Births that the register fills in, and stays that are worked on; every command's key is kept."""
        for _ in range(count):
            number = len(self.cases)
            if number % 2:
                case = self.filed(live.birth(*self.couples[number % len(self.couples)]))
            else:
                case = self.filed(live.stay())
            self.cases.append(case)
            if number % 3 == 0:
                self.did(case, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
            if number % 5 == 0:
                self.did(case, "note", {"text": "Bà ngoại Lý Thị Chẳng Có đến hỏi"})

    def settled(self):
        """Until every look-up has been answered: from then on the log stands still."""
        for case in self.cases:
            self.healed(case)

    def history(self):
        """Events of every case by case id, as the engine tells them."""
        return {case["id"]: self.events(case) for case in self.cases}

    def differences(self, data, position, history):
        """What a restored folder tells otherwise than the original did at `position`, as texts."""
        found, folder = [], os.path.dirname(data)
        twin = live.Engine(folder, LATER)
        try:
            token = twin.token("desk_officer")
            for case_id, events in history.items():
                then = [event for event in events if event["position"] <= position]
                if not then:
                    if twin.send("GET", f"/api/v1/cases/{case_id}", token=token)[0] != 404:
                        found.append(f"{case_id} must not exist")
                    continue
                path = f"/api/v1/cases/{case_id}?at_version={len(then)}"
                here, there = (engine.send("GET", path, token=engine.token("desk_officer")) for engine in (self.engine, twin))
                here[1].pop("allowed_commands")  # told only of the present
                there[1].pop("allowed_commands", None)
                if here != there:
                    names = [name for name in here[1] if here[1][name] != there[1].get(name)]
                    found.append(f"{case_id} differs at version {len(then)} in {names}")
                if twin.send("GET", f"/api/v1/cases/{case_id}", token=token)[1]["version"] != len(then):
                    found.append(f"{case_id} does not end at version {len(then)}")
                told = twin.send("GET", f"/api/v1/cases/{case_id}/events?limit=200", token=token)[1]["items"]
                if told != then:
                    found.append(f"{case_id} has other events")
        finally:
            twin.stop()
        return found
