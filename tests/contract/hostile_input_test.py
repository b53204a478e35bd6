#!/usr/bin/env python3
"""Names as different keyboards write them, bytes that are no text, JSON without measure and requests that two readers
frame differently: what the real binary makes of them over real HTTP, in bounded memory."""
import json
import os
import socket
import sys
import time
import unicodedata

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import live  # noqa: E402

NOW = "2026-03-02T09:00:00+07:00"
BODY_MAX = 1 << 20
MARKS = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")  # huyền, sắc, ngã, hỏi, nặng


def tone_moved(name):
    """The tone mark on the vowel before (hoà, hòa); the name itself where no two vowels meet."""
    letters = unicodedata.normalize("NFD", name)
    for at, mark in enumerate(letters):
        if mark in MARKS:
            vowel = at - 1
            while unicodedata.combining(letters[vowel]):
                vowel -= 1
            if vowel > 0 and letters[vowel - 1].lower() in "aeiouy":
                return unicodedata.normalize("NFC", letters[:vowel] + mark + letters[vowel:at] + letters[at + 1:])
    return name


def spellings(name):
    """One name as it is typed, stored and copied: all the same person."""
    return {"composed": unicodedata.normalize("NFC", name), "decomposed": unicodedata.normalize("NFD", name),
            "upper case": name.upper(), "zero width": "\u200b" + name.replace(" ", "\u200d \ufeff"),
            "spaces": "  " + name.replace(" ", " \u00a0 "), "tone moved": tone_moved(name)}


class HostileInput(live.LiveTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.population = live.Population(cls.folder)
        cls.engine = live.Engine(cls.folder, NOW, population=cls.population.url)
        people = cls.population.people()
        cls.person = next((each for each in people if tone_moved(each["full_name"]) != each["full_name"]), people[0])

    def class_of(self, name):
        """How the register's answer about the person under this name is classed."""
        status, answer = self.post("/people/lookups", dict(live.identifiers(self.person), full_name=name,
                                                           procedure="1.001193", purpose="1.001193"))
        self.assertEqual(status, 200, answer)
        return answer["class"]

    def kept(self, name):
        """The name as the case gives it back after a filing, and at its first version."""
        case = self.filed(live.stay(applicant=dict(live.NOBODY, full_name=name)))
        return {self.case(case, query)["applicant"]["full_name"] for query in ("", "?at_version=1")}

    def raw(self, body, headers=None):
        """(status, problem, bytes) of a filing whose body is these bytes."""
        status, answer, _ = self.engine.exchange("POST", "/api/v1/cases", body, {
            "Authorization": "Bearer " + self.as_role("desk_officer"), "Idempotency-Key": os.urandom(8).hex(),
            "Content-Type": "application/json", **(headers or {})})
        return status, json.loads(answer).get("type", "").removeprefix("/problems/"), answer

    def memory_peak(self):
        with open(f"/proc/{self.engine.child.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmHWM"))

    def talk(self, *packets):
        """All that is answered on one connection until the server closes it."""
        with socket.create_connection(("127.0.0.1", self.engine.port), timeout=20) as connection:
            for packet in packets:
                try:
                    connection.sendall(packet)
                except ConnectionError:
                    break
            answer = b""
            try:
                while part := connection.recv(65536):
                    answer += part
            except ConnectionResetError:
                pass
            return answer

    def test_a_name_is_kept_byte_for_byte_and_found_however_it_is_spelt(self):
        self.assertNotEqual(tone_moved(self.person["full_name"]), self.person["full_name"])
        for what, name in spellings(self.person["full_name"]).items():
            with self.subTest(what):
                self.assertEqual(self.kept(name), {name})
                self.assertEqual(self.class_of(name), "MATCH")

    def test_a_letter_that_only_looks_the_same_is_another_name_and_is_kept(self):
        alike = self.person["full_name"].translate(str.maketrans("aecopyHTN", "аесоруНТΝ"))
        self.assertNotEqual(alike, self.person["full_name"])
        self.assertEqual(self.kept(alike), {alike})
        self.assertEqual(self.class_of(alike), "NO_MATCH")

    def test_bytes_that_are_no_text_are_refused(self):
        quoted = json.dumps(live.stay()).encode().replace(b"Th\\u00f4n 3", b"%s")
        self.assertIn(b"%s", quoted)
        for text in (b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\\ud800",
                     b"\\udc00\\ud800", b"\\ud83dx", b"\x00", b"\x01", b"\n", b"\\x41", b"\\u12"):
            with self.subTest(text):
                self.assertEqual(self.raw(quoted % text)[:2], (400, "bad-json"))
        self.assertEqual(self.raw(quoted % b"\\u0000")[:2], (422, "invalid-data"))
        self.assertEqual(self.raw(b"\xef\xbb\xbf" + quoted % b"x")[:2], (400, "bad-json"))
        self.assertEqual(self.raw((quoted % b"x").decode().encode("utf-16"))[:2], (400, "bad-json"))

    def test_what_turns_the_reading_direction_is_kept_and_leaves_escaped(self):
        name = "An \u202egnưD\u202c \u2066x\u2069 \u200f \u2028 \u001b[31m\u007f\u0085"
        status, case = self.post("/cases", live.stay(applicant=dict(live.NOBODY, full_name=name)))
        self.assertEqual((status, case["applicant"]["full_name"]), (201, name))
        _, answer, _ = self.engine.exchange("GET", f"/api/v1/cases/{case['id']}", None,
                                            {"Authorization": "Bearer " + self.as_role("desk_officer")})
        for unit in "\u202e\u202c\u2066\u2069\u2028\u001b\u007f":
            self.assertNotIn(unit.encode(), answer)
        self.assertEqual(json.loads(answer)["applicant"]["full_name"], name)

    def test_json_without_measure_is_refused_in_bounded_memory(self):
        many = b",".join(b'"%x":0' % number for number in range(BODY_MAX // 10))
        self.assertEqual(self.raw(b'{"a":' + b"[" * 100)[:2], (400, "bad-json"))
        before = self.memory_peak()
        for what, body, status, problem in (
                ("a million levels", b'{"a":' + b"[" * 1_000_000, 400, "bad-json"),
                ("a million levels, closed", b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}", 400, "bad-json"),
                ("a million objects", b'{"a":' * 200_000, 400, "bad-json"),
                ("as many keys as a body holds", b"{" + many + b"}", 400, "bad-json"),
                ("as many empty lists as a body holds", b'{"a":[' + b"[]," * 340_000 + b"[]]}", 400, "bad-json"),
                ("beyond double", b'{"a":1e400}', 400, "bad-json"), ("below double", b'{"a":-1e400}', 400, "bad-json"),
                ("a long exponent", b'{"a":1e' + b"9" * 100_000 + b"}", 400, "bad-json"),
                ("forty digits", b'{"a":1234567890123456789012345678901234567890}', 400, "bad-json"),
                ("a million digits", b'{"a":' + b"1" * 1_000_000 + b"}", 400, "bad-json"),
                ("a key twice", b'{"a":1,"a":1}', 400, "duplicate-key"),
                ("a key twice, once escaped", b'{"a":1,"\\u0061":1}', 400, "duplicate-key"),
                ("a key twice, far inside", b'{"a":[{"b":{"c":1,"c":2}}]}', 400, "duplicate-key"),
                ("a long string", b'{"a":"' + b"x" * 1_000_000 + b'"}', 400, "bad-json")):
            with self.subTest(what):
                self.assertLessEqual(len(body), BODY_MAX)
                for _ in range(4):
                    self.assertEqual(self.raw(body)[:2], (status, problem))
        self.assertLess(self.memory_peak() - before, 48 << 20)
        self.filed(live.stay())

    def test_ten_million_keys_are_refused_before_they_are_read(self):
        head = b"POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        before = self.memory_peak()
        answer = self.talk(head + b"Content-Length: 120000000\r\n\r\n", b'{"0":0')
        self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer[:100])
        chunk = b"".join(b'"%07x":0,' % number for number in range(20_000))
        chunk = b"%x\r\n%s\r\n" % (len(chunk), chunk)
        answer = self.talk(head + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", *[chunk] * 500)
        self.assertTrue(answer.startswith(b"HTTP/1.1 413 ") or not answer, answer[:100])
        self.assertLess(self.memory_peak() - before, 16 << 20)

    def test_what_two_readers_frame_differently_is_refused_and_nothing_after_it_is_read(self):
        hidden = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
        chunked, length = b"Transfer-Encoding: chunked\r\n", b"Content-Length: %d\r\n" % len(hidden)
        for fields in (length + chunked, chunked + length, b"Transfer-Encoding: gzip\r\n" + length,
                       b"Transfer-Encoding: xchunked\r\n" + length, b"Transfer-Encoding: chunked, identity\r\n",
                       b"Transfer-Encoding: identity, chunked\r\n", chunked + chunked, b"Transfer-Encoding:\x0bchunked\r\n",
                       b"Transfer-Encoding : chunked\r\n", b" Transfer-Encoding: chunked\r\n", b"X: a\r\n Transfer-Encoding: chunked\r\n",
                       length + b"Content-Length: 0\r\n", b"Content-Length: 0, 0\r\n", b"Content-Length: +0\r\n", b"Content-Length: 0x0\r\n",
                       b"Content-Length: -1\r\n", b"Content-Length:\r\n", b"Content-Length: 99999999999999999999\r\n",
                       b"Host: b\r\n", b"X: a\nY: b\r\n", b"X: a\rContent-Length: 5\r\n", b"X: a\x00b\r\n", b"X\r\n", b": a\r\n"):
            with self.subTest(fields):
                self.refused_alone(b"POST /health/live HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n" + hidden)
        for start in (b"POST /health/live HTTP/1.1\r\n", b"POST /health/live HTTP/1.0\r\nHost: a\r\n" + chunked,
                      b"GET http://a/health/live HTTP/1.1\r\nHost: a\r\n", b"GET /health/live  HTTP/1.1\r\nHost: a\r\n",
                      b"GET /health/live HTTP/1.2\r\nHost: a\r\n", b"GET /health/live\r\nHost: a\r\n", b"GET /health/live HTTP/1.1\nHost: a\n"):
            with self.subTest(start):
                self.refused_alone(start + b"\r\n" + hidden)

    def test_broken_chunks_are_refused_and_nothing_after_them_is_read(self):
        start = b"POST /health/live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        for chunks in (b"g\r\nx\r\n", b"-1\r\nx\r\n", b"0x1\r\nx\r\n", b"1\nx\n0\n\n", b"1\r\nxy\r\n0\r\n\r\n", b"ffffffffffffffff1\r\n", b" 1\r\nx\r\n0\r\n\r\n",
                       b"1 \r\nx\r\n0\r\n\r\n", b'1;a="\r\nx\r\n0\r\n\r\n"\r\n', b"1;\r\nx\r\n0\r\n\r\n"):
            with self.subTest(chunks):
                self.refused_alone(start + chunks + b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")

    def test_a_last_chunk_that_comes_byte_by_byte_is_read_and_does_not_end_the_process(self):
        with socket.create_connection(("127.0.0.1", self.engine.port), timeout=20) as connection:
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            for byte in b"0\r\n\r\n":
                time.sleep(0.05)
                connection.sendall(bytes([byte]))
            self.assertRegex(connection.recv(4096), rb"\AHTTP/1\.1 200 ")
        self.assertIsNone(self.engine.child.poll())

    def refused_alone(self, request):
        """One answer, a refusal, and the connection is closed: the request hidden behind gets none."""
        answer = self.talk(request)
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1, answer)
        self.assertRegex(answer, rb"\AHTTP/1\.1 4\d\d ")
        self.assertRegex(answer.lower(), rb"\r\nconnection: close\r\n")


if __name__ == "__main__":
    live.main()
