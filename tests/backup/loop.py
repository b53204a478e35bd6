#!/usr/bin/env python3
"""The longer proof: officers work while backup follows backup; then folders restored at random positions are compared with
the original. One line at the end."""
import json
import os
import random
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import backups  # noqa: E402
import live  # noqa: E402

BACKUPS = int(os.environ.get("BACKUPS", "20"))
RESTORES = int(os.environ.get("RESTORES", "12"))
SEED = int(os.environ.get("SEED") or random.randrange(1 << 32))
CLERKS = 3


class Loop(backups.BackupTest):
    def setUp(self):
        self.random = random.Random(SEED)
        self.to = os.path.join(self.folder, "backups")
        self.acknowledged, self.lock, self.ended = [], threading.Lock(), False

    def clerk(self, number):
        """Files and works on cases; notes the position of each event that was acknowledged."""
        rolls = random.Random(f"{SEED}/{number}")
        mine = []
        while not self.ended:
            if not mine or rolls.random() < 0.3:
                couple = rolls.choice(self.couples)
                mine.append(self.filed(live.birth(*couple) if rolls.random() < 0.5 else live.stay()))
                with self.lock:
                    self.cases.append(mine[-1])
                    self.acknowledged.append((mine[-1]["id"], 1))
            else:
                case = rolls.choice(mine)
                status, after = self.command(case, "note", {"text": "Hẹn lại chiều thứ hai"})
                if status == 200:
                    with self.lock:
                        self.acknowledged.append((case["id"], after["version"]))

    def backups_under_load(self):
        """The backups, each with what was acknowledged before it began."""
        made = []
        for number in range(BACKUPS):
            time.sleep(self.random.random() * 0.3)
            with self.lock:
                before = list(self.acknowledged)
            made.append((self.backed_up(self.to), before))
            print(f"backup {number + 1} of {BACKUPS}: position {made[-1][0]['position']}", file=sys.stderr)
        return made

    def test_backups_under_load_and_restores_at_random_positions(self):
        print(f"seed {SEED}", file=sys.stderr)
        clerks = [threading.Thread(target=self.clerk, args=(number,)) for number in range(CLERKS)]
        for clerk in clerks:
            clerk.start()
        try:
            made = self.backups_under_load()
        finally:
            self.ended = True
            for clerk in clerks:
                clerk.join()
        self.settled()
        made.append((self.backed_up(self.to), []))
        history, found = self.history(), []
        place = {(case_id, event["version"]): event["position"] for case_id, events in history.items() for event in events}
        for report, before in made:
            late = [one for one in before if place[one] > report["position"]]
            found += [f"{one} was acknowledged before the backup up to {report['position']}" for one in late]
        ends = sorted({report["position"] for report, _ in made})
        for number in range(RESTORES):
            asked = self.random.choice(ends) if number % 3 == 0 else self.random.randrange(60, ends[-1] + 1)
            report, data = self.made_from(self.to, "--to-position", asked)
            if report["position"] not in (asked, asked - 1):
                found.append(f"position {asked} became {report['position']}")
            found += [f"at {report['position']}: {text}" for text in self.differences(data, report["position"], history)]
            print(f"restore {number + 1} of {RESTORES}: position {report['position']} of {ends[-1]}", file=sys.stderr)
        print(f"backups: {len(made)} backups under load, {RESTORES} restores, {len(found)} differences (seed {SEED})")
        self.assertEqual(found, [], json.dumps(found[:20]))


if __name__ == "__main__":
    live.main()
