#!/usr/bin/env python3
"""Filters, cursors, counters and declared queues: every page and every figure is what a full reading gives."""
import json
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

MONDAY_9 = "2026-03-02T09:00:00+07:00"
QUEUES = [
    {"code": "tam-tru", "name": {"vi": "Tạm trú", "en": "Temporary residence"}, "queue": "processing",
     "procedure": "1.004194", "step": "kiem_tra"},
    {"code": "cua-toi", "name": {"vi": "Việc của tôi", "en": "Mine"}, "queue": "processing", "assignee": "me"},
    {"code": "hom-nay", "name": {"vi": "Đến hạn hôm nay", "en": "Due today"}, "queue": "processing", "due_within_days": 0},
    {"code": "ky-so", "name": {"vi": "Chờ ký", "en": "To sign"}, "queue": "signing", "role": "signatory"},
]


def workflows(folder):
    copy = live.workflows_with(folder, live.pausable_stay())
    path = os.path.join(copy, "organisation", "dak-lak.json")
    with open(path, encoding="utf-8") as file:
        organisation = json.load(file)
    first = live.definition("1.004194")["machine"]["initial"]
    QUEUES[0]["step"] = first
    for agency in organisation["agencies"]:
        if agency["id"] == live.HERE:
            agency["queues"] = QUEUES
    with open(path, "w", encoding="utf-8") as file:
        json.dump(organisation, file, ensure_ascii=False)
    return copy


class Worklists(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = live.Engine(cls.folder, MONDAY_9, workflows=workflows(cls.folder))
        cls.make(cls("runTest"))

    def runTest(self):
        """Stands for the class while it makes its cases."""

    def make(self):
        """Cases of two procedures, filed on three days, some held, paused, late or closed."""
        cases = []
        for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
            self.hop(f"{day}T09:00:00+07:00") if day != "2026-03-02" else None
            cases += [self.received(live.stay(**({"procedure": "9.000001"} if number % 3 == 0 else {}))) for number in range(8)]
            self.filed(live.stay())
        for number, case in enumerate(cases):
            if number % 4 == 0:
                self.did(case, "assign", {"assignee": f"case_officer-{1 + number % 8 // 4}"}, "supervisor")
            if number == 3:
                self.did(case, "pause", {"reason_code": "verification"}, "case_officer")
            if number == 5:
                self.did(case, "withdraw", reason="xin rút")
        self.hop("2026-03-05T10:00:00+07:00")

    def pages(self, query, role="case_officer", limit=200):
        items, cursor, pages = [], "", 0
        while cursor is not None:
            joint = "&" if "?" in query else "?"
            page = self.get(f"/worklists/{query}{joint}limit={limit}" + (f"&cursor={cursor}" if cursor else ""), role)
            items, cursor, pages = items + page["items"], page["next_cursor"], pages + 1
            self.assertLessEqual(len(page["items"]), limit)
        return items, pages

    def ids(self, query, **more):
        return [item["id"] for item in self.pages(query, **more)[0]]

    def test_each_filter_gives_what_the_whole_list_holds_of_it_in_the_same_order(self):
        whole, _ = self.pages("processing")
        self.assertGreater(len(whole), 15)
        step = whole[0]["step"]
        late = "2026-03-05T10:00:00+07:00"
        for query, holds in (
                ("stage=in_process", lambda item: item["stage"] == "in_process"),
                ("procedure=9.000001", lambda item: item["procedure"]["code"] == "9.000001"),
                (f"procedure=1.004194&step={step}", lambda item: item["procedure"]["code"] == "1.004194" and item["step"] == step),
                (f"step={step}", lambda item: item["step"] == step),
                ("assignee=case_officer-2", lambda item: item["assignee"] == "case_officer-2"),
                ("assignee=me", lambda item: item["assignee"] == "case_officer-1"),
                ("assignee=none", lambda item: item["assignee"] is None),
                ("flag=overdue", lambda item: "overdue" in item["flags"]),
                ("bucket=paused", lambda item: item["bucket"] == "paused"),
                (f"due_to={late.replace('+', '%2B')}", lambda item: item["due_at"] and item["due_at"] < late),
                ("due_from=2026-03-06", lambda item: item["due_at"] and item["due_at"] >= "2026-03-06"),
                ("due_from=2026-03-05&due_to=2026-03-06", lambda item: item["due_at"] and item["due_at"][:10] == "2026-03-05"),
                ("assignee=case_officer-1&procedure=9.000001&bucket=running",
                 lambda item: item["assignee"] == "case_officer-1" and item["procedure"]["code"] == "9.000001" and item["bucket"] == "running")):
            wanted = [item["id"] for item in whole if holds(item)]
            with self.subTest(query):
                self.assertEqual(self.ids("processing?" + query), wanted)
                self.assertEqual(self.ids("processing?" + query, limit=1), wanted)
                if "flag" not in query:
                    self.assertTrue(wanted)
                total = self.get(f"/worklists/processing?{query}&count=true", "case_officer")["total"]
                self.assertEqual(total["count"], len(wanted))

    def test_the_figures_are_those_of_the_list(self):
        for now in ("2026-03-05T10:00:00+07:00", "2026-03-05T16:59:00+07:00"):
            self.hop(now)
            items = {entry["queue"]: entry for entry in self.get("/worklists", "case_officer")["items"]}
            for queue in ("reception", "processing", "signing", "return", "consultation"):
                whole, _ = self.pages(queue)
                self.assertEqual(items[queue]["count"], len(whole))
                running = [item["due_at"] for item in whole if item["due_at"]]
                due = items[queue]["due"]
                self.assertEqual(due["overdue"], sum(at < now for at in running), (queue, now))
                self.assertEqual(due["today"], sum(now <= at < "2026-03-06" for at in running))
                for day in due["next_days"]:
                    self.assertEqual(day["count"], sum(at.startswith(day["day"]) for at in running))
                stages = {stage: sum(item["stage"] == stage for item in whole) for stage in {item["stage"] for item in whole}}
                self.assertEqual(items[queue]["stages"], stages)

    def test_declared_queues_are_parts_of_the_office_s_and_only_for_their_role(self):
        items = {entry["queue"]: entry for entry in self.get("/worklists", "case_officer")["items"]}
        self.assertNotIn("ky-so", items)
        self.assertIn("ky-so", {entry["queue"] for entry in self.get("/worklists", "signatory")["items"]})
        self.assertEqual(self.ids("tam-tru"), self.ids(f"processing?procedure=1.004194&step={QUEUES[0]['step']}"))
        self.assertEqual(items["tam-tru"]["count"], len(self.ids("tam-tru")))
        self.assertIn("due", items["tam-tru"])
        self.assertEqual(self.ids("cua-toi"), self.ids("processing?assignee=me"))
        self.assertEqual(items["cua-toi"]["count"], len(self.ids("cua-toi")))
        self.assertEqual(self.ids("hom-nay"), self.ids("processing?due_to=2026-03-06"))
        self.refused(self.engine.send("GET", "/api/v1/worklists/ky-so", token=self.as_role("case_officer")), 404, "not-found")
        self.refused(self.engine.send("GET", "/api/v1/worklists/tam-tru?procedure=9.000001", token=self.as_role("case_officer")), 400, "bad-request")

    def test_a_supervisor_above_reads_an_agency_below_and_nobody_else_s(self):
        province = self.engine.token("supervisor", "province-supervisor-1", "H15")
        path = f"/api/v1/worklists/processing?agency={live.HERE}&limit=200"
        status, page = self.engine.send("GET", path, token=province)
        self.assertEqual(([item["id"] for item in page["items"]], status), (self.ids("processing"), 200))
        for token, agency in ((province, "H26.01"), (self.as_role("case_officer"), "H15"), (self.as_role("supervisor"), "H15.50.06")):
            self.refused(self.engine.send("GET", f"/api/v1/worklists?agency={agency}", token=token), 404, "not-found")

    def test_bad_filters_and_forged_cursors_are_refused(self):
        token = self.as_role("case_officer")
        for query in ("colour=red", "stage=lost", "bucket=late", "due_to=tomorrow", "due_from=2026-13-01", "count=perhaps", "limit=0",
                      "due_to=2026-03-06&bucket=paused", "stage=in_process&stage=received", "cursor=", "cursor=00", "cursor=zz"):
            with self.subTest(query):
                self.refused(self.engine.send("GET", "/api/v1/worklists/processing?" + query, token=token), 400, "bad-request")
        cursor = self.get("/worklists/processing?limit=1", "case_officer")["next_cursor"]
        changed = ("0" if cursor[0] != "0" else "1") + cursor[1:]
        for query, who in ((f"cursor={changed}", "case_officer"), (f"cursor={cursor[:-2]}", "case_officer"), (f"cursor={cursor}&flag=overdue", "case_officer"),
                           (f"cursor={cursor}", "supervisor")):
            self.refused(self.engine.send("GET", "/api/v1/worklists/processing?limit=1&" + query, token=self.as_role(who)), 400, "bad-request")
        self.assertEqual(self.engine.send("GET", f"/api/v1/worklists/processing?limit=5&cursor={cursor}", token=token)[0], 200)

    def test_a_page_looks_at_no_more_than_two_thousand_cases_and_says_where_to_go_on(self):
        folder = os.path.join(self.folder, "many")
        os.makedirs(folder)
        engine = live.Engine(folder, MONDAY_9)
        self.addCleanup(shutil.rmtree, folder, True)
        self.addCleanup(engine.stop)
        token = engine.token("desk_officer")
        for number in range(2100):
            status, case = engine.send("POST", "/api/v1/cases", live.stay(), token)
            assert status == 201, case
        last = case["id"]
        status, case = engine.send("POST", f"/api/v1/cases/{last}/commands", {"command": "request_supplement", "expected_version": 1, "data": {
            "items": [{"code": "chung_minh_cho_o", "why": "chưa có"}]}}, token)
        self.assertEqual(status, 200, case)
        page = engine.send("GET", "/api/v1/worklists/reception?stage=awaiting_supplement&count=true", token=token)[1]
        self.assertEqual((page["items"], page["total"]), ([], {"count": 1}))
        page = engine.send("GET", f"/api/v1/worklists/reception?stage=awaiting_supplement&cursor={page['next_cursor']}", token=token)[1]
        # The cursor is of the question without `count`: asked as it was.
        self.assertEqual(page.get("type"), "/problems/bad-request")
        page = engine.send("GET", "/api/v1/worklists/reception?stage=awaiting_supplement", token=token)[1]
        page = engine.send("GET", f"/api/v1/worklists/reception?stage=awaiting_supplement&cursor={page['next_cursor']}", token=token)[1]
        self.assertEqual(([item["id"] for item in page["items"]], page["next_cursor"]), ([last], None))


if __name__ == "__main__":
    live.main()
