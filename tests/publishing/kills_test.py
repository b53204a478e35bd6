#!/usr/bin/env python3
"""The process is killed while definitions are published in a loop: after the restart each is there whole or not at all,
what was answered is there, and the loop goes on where it was."""
import datetime
import http.client
import os
import random
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from integrators import MONDAY, NEW, PublishingTest, definition, encoded, main  # noqa: E402

ROUNDS = 8


def version(number):
    """One version a day."""
    since = datetime.date(2026, 3, 2) + datetime.timedelta(days=number)
    return encoded(definition(number, since.isoformat()))


class Kills(PublishingTest):
    def loop(self, first, answered):
        """Publishes one version after the other until the engine is gone."""
        number = first
        while True:
            try:
                status, answer, _ = self.publish(version(number), key=f"version-{number}")
            except (OSError, http.client.HTTPException):
                return
            if status == 503:  # the answer of a process that ends
                return
            self.assertEqual(status, 201, answer)
            answered[number] = answer
            number += 1

    def test_after_a_kill_each_version_is_there_whole_or_not_at_all(self):
        seed = random.randrange(10**6)
        draw = random.Random(seed)
        print("seed", seed)
        self.begin()
        answered = {}
        for _ in range(ROUNDS):
            errors = []
            first = max(answered, default=0) + 1

            def publish():
                try:
                    self.loop(first, answered)
                except Exception as problem:  # noqa: BLE001
                    errors.append(problem)
            worker = threading.Thread(target=publish)
            worker.start()
            time.sleep(draw.uniform(0.05, 0.4))
            self.engine.child.kill()
            self.engine.child.wait()
            worker.join()
            self.assertEqual(errors, [])
            self.engine.start(MONDAY)
            self.assert_whole(answered)
        self.assertGreater(len(answered), ROUNDS, "the loop got somewhere")
        self.assert_in_order()

    def assert_whole(self, answered):
        listed = self.versions() if any(line["code"] == NEW for line in self.procedures()) else []
        numbers = [each["version"] for each in listed]
        newest = max(answered, default=0)
        self.assertIn(len(numbers), (newest, newest + 1), "what was answered, and at most what was on its way")
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        for each in listed:
            body = self.bytes_of(version=each["version"])
            self.assertEqual(body, version(each["version"]))
            # The same key: the first answer, whether or not it had arrived.
            status, answer, fields = self.publish(body, key=f"version-{each['version']}")
            self.assertEqual((status, fields.get("Idempotency-Replayed")), (201, "true"))
            self.assertEqual(answer, answered.setdefault(each["version"], answer))
            self.assertEqual((answer["hash"], answer["published_at"]), (each["hash"], each["published_at"]))


if __name__ == "__main__":
    main()
