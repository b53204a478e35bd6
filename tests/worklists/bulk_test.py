#!/usr/bin/env python3
"""Bulk commands: a result per row, one bad row stops no other, and a repetition does nothing twice."""
import os
import sys
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402


class Bulk(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = live.Engine(cls.folder, "2026-03-02T09:00:00+07:00")

    def bulk(self, command, items, role="supervisor", **more):
        return self.post("/cases/bulk", {"command": command, "items": items}, role, **more)

    def test_every_row_has_its_own_result_and_a_bad_one_stops_no_other(self):
        cases = [self.received(live.stay()) for _ in range(4)]
        items = [{"id": case["id"], "expected_version": case["version"], "data": {"assignee": "case_officer-1"}} for case in cases]
        items[1]["expected_version"] -= 1
        items[2]["data"] = {"assignee": "nobody"}
        items += [{"id": str(uuid.uuid4()), "expected_version": 1, "data": {"assignee": "case_officer-1"}}, {"id": "x"}, 7,
                  {"id": cases[0]["id"], "expected_version": 3, "data": {}}]
        status, answer = self.bulk("assign", items)
        self.assertEqual(status, 200, answer)
        rows = answer["items"]
        self.assertEqual([row["status"] for row in rows], [200, 409, 422, 200, 404, 422, 422, 422])
        self.assertEqual([row["id"] for row in rows[:4]], [case["id"] for case in cases])
        for row in rows:
            self.assertEqual("problem" in row, row["status"] != 200)
        self.assertEqual(rows[1]["problem"]["type"], "/problems/version-conflict")
        for row in (rows[0], rows[3]):
            now = self.case(row)
            self.assertEqual((now["version"], now["stage"], now["assignees"]), (row["version"], row["stage"], row["assignees"]))
            self.assertEqual(list(row["assignees"].values()), ["case_officer-1"])
        for row, case in ((rows[1], cases[1]), (rows[2], cases[2])):
            self.assertEqual(self.case(row)["version"], case["version"])

    def test_officers_claim_and_give_back_and_the_desk_hands_over(self):
        cases = [self.received(live.stay()) for _ in range(3)]
        claimed = self.bulk("claim", [{"id": case["id"], "expected_version": case["version"]} for case in cases], "case_officer")[1]["items"]
        self.assertEqual([row["status"] for row in claimed], [200] * 3)
        released = self.bulk("release", [{"id": row["id"], "expected_version": row["version"]} for row in claimed], "case_officer")[1]["items"]
        self.assertEqual([(row["status"], row["assignees"]) for row in released], [(200, {})] * 3)
        early = self.bulk("return_result", [{"id": row["id"], "expected_version": row["version"], "data": {"channel": "counter", "to": "An"}}
                                            for row in released], "desk_officer")[1]["items"]
        self.assertEqual({row["problem"]["type"] for row in early}, {"/problems/not-allowed"})

    def test_a_repetition_gives_the_same_results_and_records_nothing(self):
        cases = [self.received(live.stay()) for _ in range(3)]
        items = [{"id": case["id"], "expected_version": case["version"]} for case in cases]
        first = self.bulk("claim", items, "case_officer", key="once")
        again = self.bulk("claim", items, "case_officer", key="once")
        self.assertEqual(first, again)
        self.assertEqual([self.case(case)["version"] for case in cases], [case["version"] + 1 for case in cases])
        other = self.bulk("claim", [dict(items[0], expected_version=9)], "case_officer", key="once")[1]["items"]
        self.assertEqual(other[0]["problem"]["type"], "/problems/idempotency-key-reused")

    def test_a_body_of_another_shape_is_refused_as_a_whole(self):
        for body, pointer in (({"command": "stop", "items": [{}]}, "/command"), ({"command": "claim", "items": []}, "/items"),
                              ({"command": "claim", "items": [{}] * 201}, "/items"), ({"command": "claim"}, "/items"),
                              ({"command": "claim", "items": [{}], "more": 1}, "")):
            self.refused(self.post("/cases/bulk", body, "case_officer"), 422, "invalid-data", pointer)
        self.refused(self.post("/cases/bulk", {"command": "claim", "items": [{}]}, "case_officer", key=""), 400, "idempotency-key-missing")


if __name__ == "__main__":
    live.main()
