#!/usr/bin/env python3
"""Search by whole words of a name and by number: found by those who may, by nobody else, and written nowhere in clear."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

PERSON = {"personal_id": "066084009999", "full_name": "Đặng Thị Ngọc Huyền", "birth_date": "1984-05-01"}


class Search(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = live.Engine(cls.folder, "2026-03-02T09:00:00+07:00")

    def found(self, text, role="desk_officer", sub=None, agency=live.HERE, **more):
        status, page = self.engine.send("POST", "/api/v1/search", dict({"text": text}, **more), self.as_role(role, sub, agency), key="")
        self.assertEqual(status, 200, page)
        return [item["id"] for item in page["items"]]

    def test_every_word_of_the_name_and_the_number_lead_to_the_case(self):
        case = self.filed(live.stay(applicant=dict(PERSON, personal_id="066084009991")))["id"]
        other = self.filed(live.stay(applicant=dict(PERSON, full_name="Đặng Văn Huyền", personal_id="066084008888")))["id"]
        for text in ("Đặng Thị Ngọc Huyền", "huyền ngọc", "DANG THI", "ngoc  HUYEN", "066084009991", "Ngọc 066084009991"):
            self.assertEqual(self.found(text), [case], text)
        self.assertEqual(set(self.found("đặng huyền")), {case, other})
        for text in ("Ngọ", "uyền", "06608400999", "Đặng Thị Lan", "Ngọc 066084008888"):
            self.assertEqual(self.found(text), [], text)

    def test_a_corrected_name_is_found_and_the_old_one_is_not(self):
        case = self.filed(live.birth(dict(PERSON, full_name="Lò Thị Mẩy"), dict(PERSON, full_name="Vàng A Sử"), name="Lò Seo Páo"))
        self.assertEqual(self.found("Seo Páo"), [case["id"]])
        self.did(case, "correct", {"pointer": "/child/full_name", "value": "Lò Seo Chín"}, reason="ghi nhầm")
        self.assertEqual((self.found("Seo Páo"), self.found("seo chin")), ([], [case["id"]]))

    def test_only_those_who_work_with_the_case_find_it(self):
        case = self.filed(live.stay(applicant=dict(PERSON, full_name="Hoàng Thị Rừng")))["id"]
        for role in ("desk_officer", "case_officer", "signatory", "supervisor", "leader"):
            self.assertEqual(self.found("Hoàng Rừng", role), [case], role)
        self.assertEqual(self.found("Hoàng Rừng", "supervisor", "province-supervisor-1", "H15"), [case])
        self.assertEqual(self.found("Hoàng Rừng", agency=live.ELSEWHERE), [])
        for role in ("auditor", "integrator", "portal", "admin"):
            self.refused(self.post("/search", {"text": "Hoàng"}, role, key=""), 403, "role-forbidden")

    def test_pages_hold_each_case_once_and_a_forged_cursor_is_refused(self):
        cases = {self.filed(live.stay(applicant=dict(PERSON, full_name=f"Quách Thị Số {number}")))["id"] for number in range(7)}
        seen, cursor, token = [], None, self.as_role("desk_officer")
        while True:
            body = dict({"text": "quách số", "limit": 3}, **({"cursor": cursor} if cursor else {}))
            page = self.engine.send("POST", "/api/v1/search", body, token, key="")[1]
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
            self.assertNotIn("quach", bytes.fromhex(cursor).decode("latin1").lower())
            kept = cursor
        self.assertEqual((len(seen), set(seen)), (7, cases))
        for text, forged in (("quách", kept), ("quách số", kept[:-2] + "00"), ("quách số", "ff"), ("quách số", "không")):
            self.refused(self.post("/search", {"text": text, "limit": 3, "cursor": forged}, key=""), 400, "bad-request")

    def test_bad_questions_are_refused(self):
        for body, pointer in (({"text": ""}, "/text"), ({"text": " - . "}, "/text"), ({"text": "a b c d e f g h i"}, "/text"), ({"text": 7}, "/text"),
                              ({"text": "a", "code": "b"}, "/code"), ({"text": "a", "limit": 0}, "/limit"), ({"text": "a", "x": 1}, ""), ({}, "/code")):
            self.refused(self.post("/search", body, key=""), 422, "invalid-data", pointer)

    def test_neither_folder_nor_logs_hold_a_word_of_it(self):
        self.filed(live.stay(applicant=dict(PERSON, full_name="Kpă Hơ Bia Xyzzyton")))
        self.assertEqual(len(self.found("xyzzyton bia")), 1)
        self.engine.stop()
        for root, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(root, name), "rb") as file:
                    content = file.read().lower()
                self.assertNotIn(b"xyzzyton", content, name)
        self.assertEqual(self.engine.run("views", "check").returncode, 0)
        self.engine.start("2026-03-02T09:00:00+07:00")
        self.assertEqual(len(self.found("xyzzyton bia")), 1)


if __name__ == "__main__":
    live.main()
