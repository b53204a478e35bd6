#!/usr/bin/env python3
"""After traffic of every kind no name, number or address stands in clear: not in the data folder while the engine
runs, after a kill or after a stop, not in its output, its access log or its metrics, not in a problem's body. Tables of
the store may be compressed; its write-ahead log is not and holds every batch of so short a run."""
import os
import shutil
import sys
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

NOW = "2026-03-02T09:00:00+07:00"
TYPED = {"child": "Đặng Hoàng Thục Quyên", "address": "Số 17 ngõ 208 phố Giả Định, xã Suối Mẫu", "phone": "0905123987",
         "mail": "thuc.quyen@thu-gia.example", "note": "Bà ngoại Lý Thị Chẳng Có đến hỏi",
         "reason": "Ông Phan Văn Vắng Mặt xin lỗi", "why": "Thiếu giấy của bà Mạc Thị Quên",
         "place": "Trạm y tế thôn Không Bản Đồ", "stop": "Đơn của Lò Văn Bãi Bỏ",
         "override": "Vừa dời nhà khỏi phố Cũ Kỹ"}
SHORT = 8  #: bytes; shorter values could stand anywhere by chance


def spellings(value):
    """As bytes that a careless writer might leave: UTF-8 in either case, JSON's escapes, the escapes of a URL."""
    for text in {value, value.lower(), value.upper()}:
        yield text.encode()
        yield live.json.dumps(text)[1:-1].encode()
        yield urllib.parse.quote(text).encode()


def personal(value):
    """Texts within an answer of the register that name a person or a dwelling."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in ("full_name", "personal_id", "old_id_number", "household_book") or (name == "text" and "province" in value):
                yield member
            else:
                yield from personal(member)


class NothingInClear(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.population = live.Population(cls.folder)
        cls.people = cls.population.people()
        cls.couples = live.couples(cls.people)[:6]
        cls.engine_folder = os.path.join(cls.folder, "engine")
        os.mkdir(cls.engine_folder)
        workflows = live.workflows_with(cls.folder, live.pausable_stay())
        cls.engine = live.Engine(cls.engine_folder, NOW, population=cls.population.url, workflows=workflows)
        cls.secrets, cls.problems = set(TYPED.values()), b""
        test = cls()
        test.cases_of_every_kind()
        test.refusals()
        cls.metrics = cls.engine.exchange("GET", "/metrics")[1]
        cls.copies = {"running": test.copy("running")}
        cls.engine.kill()
        cls.copies["killed"] = test.copy("killed")
        cls.engine.start(NOW)
        cls.last_code = test.filed(test.birth(*cls.couples[0]))["codes"][0]["code"]
        cls.engine.stop()
        cls.copies["stopped"] = test.copy("stopped")

    def copy(self, name):
        """The folder as it lies there; a file that goes while it is copied is a file less."""
        target = os.path.join(self.folder, "copy-" + name)
        for folder, _, files in os.walk(self.engine_folder):
            to = os.path.join(target, os.path.relpath(folder, self.engine_folder))
            os.makedirs(to, exist_ok=True)
            for file in files:
                try:
                    shutil.copy(os.path.join(folder, file), to)
                except FileNotFoundError:
                    pass
        return target

    def birth(self, mother, father, **more):
        self.secrets.update(person[name] for person in (mother, father) for name in ("personal_id", "full_name"))
        return live.birth(mother, father, name=TYPED["child"], **more)

    def looked_up(self, person):
        question = dict(live.identifiers(person), procedure="1.001193", purpose="prefill")
        status, answer = self.post("/people/lookups", question)
        self.assertEqual(status, 200, answer)
        self.secrets.update(personal(answer["values"]))
        return answer

    def cases_of_every_kind(self):
        """Filed, filled in, overridden, differing, noted, corrected, supplied, paused, extended, stopped, overdue."""
        (mother, father), (second, second_father) = self.couples[0], self.couples[1]
        known = self.looked_up(mother)
        self.looked_up(father)
        typed = {"residence": TYPED["address"]}
        body = dict(self.birth(mother, father, of_mother=typed), reason=TYPED["override"],
                    lookups=[{"lookup_id": known["lookup_id"], "subject": "/mother"}])
        overridden = self.healed(self.filed(body))
        self.did(overridden, "receive")
        for mode in ("wrong_person", "refused", "errors", "normal"):
            self.population.behave(mode)
            self.looked_up(second)
        differing = self.healed(self.filed(self.birth(second, second_father, of_mother=typed)))
        self.secrets.add(differing["tasks"][0]["register"])
        self.did(differing, "note", {"text": TYPED["note"]}, reason=TYPED["reason"])
        self.did(differing, "correct", {"pointer": "/mother/residence", "value": TYPED["address"]}, reason=TYPED["override"])
        self.did(differing, "correct", {"pointer": "/child/birth_place", "value": TYPED["place"]})
        contact = {"person": {"phone": TYPED["phone"], "email": TYPED["mail"]}, "stay": {"address": TYPED["address"], "from": "2026-03-01"}}
        stay = self.received(live.stay(procedure="9.000001", data=contact, applicant=dict(live.NOBODY, full_name=TYPED["child"])))
        self.secrets.update((live.NOBODY["personal_id"],))
        self.did(stay, "request_supplement", {"items": [{"code": "chung_minh_cho_o", "why": TYPED["why"]}]}, reason=TYPED["reason"])
        self.did(stay, "supply", {"papers": [{"code": "chung_minh_cho_o"}], "data": {"person": {"phone": TYPED["phone"]}}}, reason=TYPED["reason"])
        self.did(stay, "pause", {"reason_code": "verification"}, "case_officer", reason=TYPED["reason"])
        self.did(stay, "resume", {}, "case_officer", reason=TYPED["reason"])
        extension = {"due_at": "2026-03-06T16:00:00+07:00", "reason_code": "workload", "signer": "signatory-1"}
        self.did(stay, "extend", extension, "signatory", reason=TYPED["reason"])
        self.engine.clock(advance_s=7 * 86400)
        self.did(stay, "stop", {"law": live.pausable_stay()["law"][0]["id"]}, "signatory", reason=TYPED["stop"])
        for mother, father in self.couples[2:]:
            self.looked_up(mother)
            self.looked_up(father)
            self.filed(self.birth(mother, father))
        type(self).code = differing["codes"][0]["code"]
        for path in ("", "/events", "/deadline", "/once-only"):
            self.get(f"/cases/{differing['id']}{path}")

    def refusals(self):
        """Values where they do not belong: in paths, queries, headers, keys and broken bodies."""
        number, name = self.couples[0][0]["personal_id"], self.couples[0][0]["full_name"]
        token = self.as_role("desk_officer")
        quoted = urllib.parse.quote(name)
        filing, key = live.birth(*self.couples[0]), {"Idempotency-Key": number}
        odd = dict(filing, data={name: {"x": number}, "child": {name: 1}})
        question = dict(personal_id=number, full_name=name, birth_date=name, procedure=number, purpose="x")
        strange = {"X-Request-Id": number, "User-Agent": name.encode(), "Referer": "http://x/" + quoted}
        reads = [f"/api/v1/cases/{number}", f"/api/v1/cases/{quoted}", f"/{quoted}", f"/api/v1/procedures/{number}",
                 f"/api/v1/worklists/{quoted}?assignee={quoted}", f"/api/v1/worklists/processing?name={quoted}&cursor={number}"]
        writes = [("search", {"text": name}), ("search", {"code": number}), ("cases", {name: number, "channel": name}), ("cases", odd),
                  ("people/lookups", question), ("cases", filing)]
        calls = [("GET", path, None, {}) for path in reads] + [("GET", "/api/v1/procedures", None, strange)]
        calls += [("PUT", f"/api/v1/cases/{number}", b"{}", {}), ("POST", "/api/v1/cases", ('{"a":"' + name).encode(), key)]
        calls += [("POST", "/api/v1/" + path, live.json.dumps(body).encode(), key) for path, body in writes]
        for method, path, body, headers in calls:
            headers = dict({"Authorization": "Bearer " + token}, **headers)
            if body is not None:
                headers["Content-Type"] = "application/json"
            status, answer, answered = self.engine.exchange(method, path, body, headers)
            if status >= 400:
                type(self).problems += answer + repr(answered).encode()

    def found(self, content, what):
        return [value for value in what if len(value.encode()) >= SHORT and any(spelling in content for spelling in spellings(value))]

    def found_in(self, folder, what):
        """Where which of the values stand: (file, value)."""
        places = []
        for above, _, files in os.walk(folder):
            for name in files:
                with open(os.path.join(above, name), "rb") as file:
                    places += [(name, value) for value in self.found(file.read(), what)]
        return places

    def test_the_search_finds_what_is_there(self):
        self.assertGreater(len(self.secrets), 40)
        for secret in self.secrets:
            self.assertGreaterEqual(len(secret.encode()), SHORT, secret)
        # A case code is public and stands in the log: so the search sees into the store's files.
        for moment, code in (("running", self.code), ("killed", self.code), ("stopped", self.last_code)):
            self.assertTrue(self.found_in(self.copies[moment], [code]), moment)
        planted = shutil.copytree(self.copies["killed"], os.path.join(self.folder, "planted"))
        files = [os.path.join(above, name) for above, _, names in os.walk(planted) for name in names]
        target = next(file for file in files if file.endswith(".log") and os.path.getsize(file) > 4096)
        for secret in (TYPED["child"], self.couples[0][0]["personal_id"]):
            for spelling in spellings(secret):
                with open(target, "r+b") as file:
                    kept = file.read(4096)
                    file.seek(1000)
                    file.write(spelling)
                self.assertEqual([value for _, value in self.found_in(planted, self.secrets)], [secret])
                with open(target, "r+b") as file:
                    file.write(kept)

    def test_no_file_of_the_engine_holds_a_value(self):
        for moment, copy in self.copies.items():
            self.assertEqual(self.found_in(copy, self.secrets), [], moment)

    def test_the_output_the_access_log_and_the_metrics_hold_no_value(self):
        for name in ("log", "access.log"):
            with open(os.path.join(self.copies["stopped"], name), "rb") as file:
                content = file.read()
            self.assertTrue(content, name)
            self.assertEqual(self.found(content, self.secrets), [], name)
        self.assertIn(b"motcua_population_attempts_total", self.metrics)
        self.assertEqual(self.found(self.metrics, self.secrets), [])

    def test_no_problem_tells_a_value(self):
        self.assertIn(b"/problems/", self.problems)
        self.assertEqual(self.found(self.problems, self.secrets), [])


if __name__ == "__main__":
    live.main()
