#!/usr/bin/env python3
"""The receipt that the applicant takes home (mẫu 01), as the real binary gives it: every part of the form, what was
received as it was received, promises as they are, and nothing that a name could turn into markup."""
import html
import html.parser
import json
import os
import re
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../support"))
import live  # noqa: E402

NOW = "2026-03-02T08:00:00+07:00"
NAUGHTY = os.path.join(live.ROOT, "tests/http/data/naughty-strings/blns.json")
TAGS = {"html", "head", "meta", "title", "style", "body", "div", "span", "b", "br", "i", "h1", "p", "svg", "path", "table", "thead",
        "tbody", "tr", "th", "td", "ol", "li"}
FATHER = dict(live.NOBODY)
MOTHER = {"personal_id": "066184000002", "full_name": "Trần Thị Bình", "birth_date": "1986-07-01"}


class Page(html.parser.HTMLParser):
    """Tags with their attributes, and the text as a person reads it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.parts = [], [], []
        self.feed(text)
        self.text = re.sub(r"\s+", " ", "".join(self.parts))

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attributes]
        if tag in ("p", "td", "th", "br", "div", "li", "h1"):
            self.parts.append(" ")

    def handle_data(self, data):
        self.parts.append("" if self.tags and self.tags[-1] == "style" else data)


class Receipt(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workflows = live.workflows_with(cls.folder, live.pausable_stay())

    def setUp(self):
        self.engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), NOW, workflows=self.workflows)

    def tearDown(self):
        self.engine.kill()

    def fetch(self, case, query="", role="desk_officer", sub=None, agency=live.HERE):
        status, body, headers = self.engine.exchange("GET", f"/api/v1/cases/{case['id']}/prints/receipt{query}", None,
                                                     {"Authorization": "Bearer " + self.as_role(role, sub, agency)})
        return status, body.decode(), headers

    def page(self, case, query="", role="desk_officer", sub=None):
        status, text, _ = self.fetch(case, query, role, sub)
        self.assertEqual(status, 200, text)
        return Page(text)

    def birth(self, **more):
        body = live.birth(MOTHER, FATHER)
        body["data"]["requester"] = dict(FATHER, relation="cha", residence="Thôn 3, xã Suối Mẫu")
        return dict(body, **more)

    def says(self, page, *texts):
        for text in texts:
            self.assertIn(text, page.text)

    def test_has_every_part_of_the_form_in_both_languages(self):
        case = self.received(self.birth())
        code = case["codes"][0]["code"]
        status, text, headers = self.fetch(case)
        self.assertEqual((status, headers["Content-Type"], headers["Content-Security-Policy"], headers["Content-Language"]),
                         (200, "text/html; charset=utf-8", "default-src 'none'; style-src 'unsafe-inline'", "vi"))
        page = Page(text)
        self.says(page, "Ủy ban nhân dân tỉnh Đắk Lắk", "Trung tâm Phục vụ hành chính công xã Suối Mẫu", "Độc lập - Tự do - Hạnh phúc",
                  "Số: 0001/TTPVHCC", f"Mã hồ sơ: {code}", f"Tiếp nhận hồ sơ của: {FATHER['full_name']}", "Địa chỉ: Thôn 3, xã Suối Mẫu",
                  "Số điện thoại: …", "Email: …", "Nội dung yêu cầu giải quyết: Đăng ký khai sinh (1.001193)",
                  "1 Tờ khai", "Bản chính", "Số lượng hồ sơ: 01 (bộ)",
                  "Thời gian giải quyết hồ sơ theo quy định là: trong ngày làm việc; nhận sau 15:00 thì tính từ ngày làm việc tiếp theo",
                  "Thời gian nhận hồ sơ: 08 giờ 00 phút, ngày 02 tháng 03 năm 2026",
                  "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 02 tháng 03 năm 2026",
                  "Vì vậy hạn giải quyết là 17:00 thứ Hai 02/03/2026.", "Đăng ký nhận kết quả tại: Bộ phận Một cửa nơi nộp hồ sơ",
                  "Số thứ tự: 0001", "Người nộp hồ sơ", "Người tiếp nhận hồ sơ", "Cán bộ tiếp nhận 1", "02 liên")
        self.assertNotIn("còn thiếu", page.text)
        self.assertLessEqual(set(page.tags), TAGS)
        self.assertIn("svg", page.tags)
        english = self.page(case, "?lang=en")
        self.says(english, "Receipt and appointment", f"Case code: {code}", "Procedure requested: Birth registration",
                  "Received at: 08:00 on Monday 2 March 2026", "Result to be returned at: 17:00 on Monday 2 March 2026",
                  "within the working day", "Original", "two copies", "The time limit therefore ends at 17:00 on Monday 2 March 2026.")
        self.assertNotIn("hồ sơ", english.text)

    def test_names_what_was_missing_when_it_was_received_all_the_same(self):
        case = self.received(self.birth(papers=[{"code": "to_khai"}]))
        self.says(self.page(case), "Tiếp nhận khi còn thiếu: Giấy chứng sinh.")
        self.says(self.page(case, "?lang=en"), "Received while these were missing: ")

    def test_stays_what_was_received_whatever_is_corrected_or_supplied_later(self):
        case = self.received(self.birth())
        before = self.fetch(case)[1]
        self.did(case, "correct", {"pointer": "/requester/residence", "value": "Nơi khác"}, reason="ghi sai")
        self.did(case, "note", {"text": "ghi chú"})
        self.assertEqual(self.fetch(case)[1], before)

    def test_adds_the_newest_promise_and_the_earlier_ones_after_a_pause_and_an_extension(self):
        case = self.received(live.stay(procedure="9.000001"))
        first = self.page(case)
        self.says(first, "03 ngày làm việc", "Thời gian trả kết quả giải quyết hồ sơ: 08 giờ 00 phút, ngày 05 tháng 03 năm 2026")
        self.assertNotIn("hiện nay", first.text)
        self.did(case, "pause", {"reason_code": "verification"}, "case_officer")
        self.says(self.page(case), "Thời hạn đang tạm dừng từ 08 giờ 00 phút, ngày 02 tháng 03 năm 2026")
        self.hop("2026-03-03T08:00:00+07:00")
        resumed = self.did(case, "resume", {}, "case_officer")
        self.assertEqual(resumed["promises"][-1]["basis"], "resume")
        page = self.page(case)
        self.says(page, "Ngày hẹn trả hiện nay: 08 giờ 00 phút, ngày 06 tháng 03 năm 2026", "khi tiếp nhận", "sau khi tiếp tục tính thời hạn",
                  "Thời gian trả kết quả giải quyết hồ sơ: 08 giờ 00 phút, ngày 05 tháng 03 năm 2026")
        self.assertNotIn("đang tạm dừng từ 08 giờ", page.text)
        self.did(case, "extend", {"due_at": "2026-03-10T16:00:00+07:00", "reason_code": "verification", "signer": "signatory-1"},
                 "signatory")
        self.says(self.page(case, "?lang=en"), "The date promised now: 16:00 on Tuesday 10 March 2026", "extended",
                  "after the clock was resumed", "at reception")

    def test_says_so_where_the_date_is_provisional(self):
        self.hop("2026-12-30T08:00:00+07:00")
        case = self.received(live.stay())
        self.assertTrue(self.deadline(case)["provisional"])
        self.says(self.page(case), "Ngày hẹn này là tạm tính")
        self.says(self.page(case, "?lang=en"), "This date is provisional")

    def test_does_not_exist_before_reception_nor_for_who_may_not_see_the_case(self):
        case = self.filed(self.birth())
        status, text, _ = self.fetch(case)
        self.assertEqual((status, json.loads(text)["type"]), (422, "/problems/not-allowed"))
        case = self.did(case, "receive", {"accept_incomplete": True}, reason="x")
        self.assertEqual(self.fetch(case, agency=live.ELSEWHERE)[0], 404)
        self.assertEqual(self.fetch(case, role="integrator")[0], 404)
        self.assertEqual(self.fetch(case, "?lang=fr")[0], 400)
        self.assertEqual(self.fetch(case, "?x=1")[0], 400)

    def test_is_masked_for_who_sees_the_case_masked(self):
        case = self.received(self.birth())
        status, text, _ = self.fetch(case, role="auditor")
        self.assertEqual(status, 200)
        for secret in (FATHER["full_name"], FATHER["personal_id"], "Thôn 3"):
            self.assertNotIn(secret, text)
        self.assertIn("Địa chỉ: ***", Page(text).text)
        self.assertIn("N. V. A.", text)

    def test_never_shows_a_number_of_a_person(self):
        case = self.received(self.birth())
        self.assertNotIn(FATHER["personal_id"], self.fetch(case)[1])

    def test_no_string_of_a_person_becomes_markup_or_turns_a_line(self):
        with open(NAUGHTY, encoding="utf-8") as file:
            strings = [text for text in json.load(file) if text.strip()]
        strings += ["<script>alert(1)</script>", "\u202e\u2066\u0007\x7f\u2028", "@{agency}", "</style><img src=x onerror=1>"]
        plain = self.page(self.received(live.stay(applicant={"full_name": "An"})))
        for text in strings:
            with self.subTest(text):
                status, body, _ = self.fetch(self.received(live.stay(applicant={"full_name": text})))
                self.assertEqual(status, 200)
                page = Page(body)
                self.assertEqual((page.tags, page.attributes), (plain.tags, plain.attributes))
                self.assertFalse(re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u2028\u2029]", body))


if __name__ == "__main__":
    live.main()
