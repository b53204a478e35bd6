#!/usr/bin/env python3
"""The live stream of the real binary over real HTTP: every durable event once and in order, to whoever may see it, however
readers come, go, stand still, and whatever becomes of the engine."""
import collections
import http.client
import json
import os
import random
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../support"))
import live  # noqa: E402
from followers import Follower, Refused, Stream  # noqa: E402

NOW = "2026-03-02T09:00:00+07:00"
WRITERS, READERS = 64, 20


class StreamTest(live.LiveTest):
    more = ()

    def setUp(self):
        self.base = live.tempfile.mkdtemp(dir=self.folder)
        self.engine = live.Engine(self.base, NOW, more=self.more)

    def tearDown(self):
        self.engine.kill()

    def follow(self, role="desk_officer", query="", sub=None, agency=live.HERE, **more):
        stream = Stream(self.engine.port, self.as_role(role, sub, agency), query, **more)
        self.addCleanup(stream.close)
        return stream

    def head(self):
        return self.engine.send("GET", "/health/ready")[1]["position"]

    def log(self, cases):
        """(position, type, case, version) of every event of these cases, in the order of the log."""
        return sorted((event["position"], event["type"], case["id"], event["version"])
                      for case in cases for event in self.events(case))

    def told(self, events):
        return [(position, data["type"], data["subject"], data["data"]["version"]) for position, data in events]

    def moved(self, case):
        """A case that was filed, through to its step, with a note."""
        self.did(case, "receive", {"accept_incomplete": True}, version=1, reason="bổ sung sau")
        self.did(case, "claim", {}, "case_officer", version=2)
        self.did(case, "note", {"text": "ghi chú"}, version=3)
        return case

    def write_until(self, stopping, cases, failures, pause=0.0):
        try:
            while not stopping.is_set():
                case = self.filed(live.stay())
                cases.append(case)
                self.moved(case)
                time.sleep(pause)
        except Exception as error:  # noqa: BLE001  (told to the test)
            failures.append(repr(error))

    def writers(self, count, pause=0.0):
        stopping, cases, failures = threading.Event(), [], []
        threads = [threading.Thread(target=self.write_until, args=(stopping, cases, failures, pause), daemon=True)
                   for _ in range(count)]
        for thread in threads:
            thread.start()

        def stop():
            stopping.set()
            for thread in threads:
                thread.join(60)
            return cases, failures
        return stop

    def figure(self, name):
        lines = self.engine.exchange("GET", "/metrics")[1].decode().split("\n")
        return next(float(line.split(" ")[1]) for line in lines if line.startswith(name + " "))


class Order(StreamTest):
    def test_readers_that_come_and_go_see_every_event_once_and_in_order_while_many_write(self):
        for role in ("desk_officer", "case_officer", "auditor"):
            self.as_role(role)
        start, end = self.head(), []
        followers = [Follower(self.engine.port, self.as_role("auditor" if number % 4 == 0 else "desk_officer"), start,
                              random.Random(number), lambda: end[0] if end else None, stays=number < 4)
                     for number in range(READERS)]
        for follower in followers:
            follower.start()
        stop = self.writers(WRITERS)
        time.sleep(8)
        cases, failures = stop()
        self.assertEqual(failures, [])
        end.append(self.head())
        for follower in followers:
            follower.join(150)
        log = self.log(cases)
        self.assertEqual([position for position, *_ in log], list(range(start + 1, end[0] + 1)))
        for follower in followers:
            self.assertEqual(follower.failure, "")
            self.assertEqual(self.told(follower.events), log)
        self.assertGreater(sum(follower.connections for follower in followers), READERS)
        print(f"{len(log)} events, {READERS} readers, {sum(f.connections for f in followers)} connections", file=sys.stderr)

    def test_from_now_on_begins_at_the_end_and_says_where_that_is(self):
        self.moved(self.filed(live.stay()))
        stream = self.follow()
        messages = stream.messages()
        self.assertEqual(next(messages), ("cursor", self.head(), {"position": self.head()}))
        case = self.filed(live.stay())
        event, position, data = next(messages)
        self.assertEqual((event, position, data["subject"], data["type"]), ("message", self.head(), case["id"], "case.filed"))
        self.assertEqual((data["time"], data["data"]["stage"]), (NOW, "registered"))
        self.did(case, "receive", {"accept_incomplete": True}, reason="bổ sung sau")
        data = next(messages)[2]
        self.assertEqual((data["data"]["stage"], data["data"]["due_at"]), ("received", self.case(case)["due_at"]))
        self.assertEqual(data["data"]["payload"]["outcome"]["promise"]["made_at"], NOW)

    def test_filters_leave_out_the_rest_and_keep_the_order(self):
        cases = [self.moved(self.filed(live.stay())) for _ in range(3)]
        log = self.log(cases)
        for query, wanted in (("?after=0&types=case.filed,case.noted", [one for one in log if one[1] in ("case.filed", "case.noted")]),
                              (f"?after=0&case={cases[1]['id']}", [one for one in log if one[2] == cases[1]["id"]])):
            stream, told = self.follow(query=query, patience=2), []
            for event, position, data in stream.messages():
                if event == "message":
                    told.append((position, data))
            self.assertEqual(self.told(told), wanted)


class Requests(StreamTest):
    more = ("--stream-readers", "3")

    def refusal(self, query="", role="desk_officer", last_id=None, agency=live.HERE):
        with self.assertRaises(Refused) as refused:
            self.follow(role, query, last_id=last_id, agency=agency)
        problem = json.loads(refused.exception.body)
        return refused.exception.status, problem["type"].removeprefix("/problems/")

    def test_what_cannot_be_meant_is_refused(self):
        case = self.filed(live.stay())
        beyond = self.head() + 1
        for query in ("?after=-1", "?after=", "?after=1x", f"?after={beyond}", "?after=0&after=0", "?x=1", "?types=", "?types=case.nope",
                      "?types=case.filed,", "?types=A", "?case=x"):
            with self.subTest(query):
                self.assertEqual(self.refusal(query), (400, "bad-request"))
        for last_id in ("x", "-1", beyond, "1.0"):
            self.assertEqual(self.refusal("?after=0", last_id=last_id), (400, "bad-request"))
        self.assertEqual(self.refusal(f"?case={case['id']}", agency=live.ELSEWHERE), (404, "not-found"))
        with self.assertRaises(Refused) as refused:
            Stream(self.engine.port, "no.such.token")
        self.assertEqual(refused.exception.status, 401)

    def test_the_header_wins_over_the_query(self):
        case = self.moved(self.filed(live.stay()))
        log = self.log([case])
        messages = self.follow(query="?after=0", last_id=log[1][0]).messages()
        self.assertEqual([next(messages)[1] for _ in range(3)], [log[1][0], log[2][0], log[3][0]])

    def test_one_reader_more_than_there_are_seats_is_told_to_come_back(self):
        streams = [self.follow() for _ in range(3)]
        self.assertEqual(self.refusal(), (503, "overloaded"))
        streams[0].close()
        live.until(lambda: self.figure("motcua_stream_readers") == 2, 5, "a seat that is free")
        self.follow()

    def test_a_head_request_gets_the_head_and_no_seat(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.engine.port, timeout=10)
        for _ in range(5):
            connection.request("HEAD", "/api/v1/events", headers={"Authorization": "Bearer " + self.as_role("desk_officer")})
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.getheader("Content-Type"), answer.read()), (200, "text/event-stream", b""))
        self.assertEqual(self.figure("motcua_stream_readers"), 0)
        connection.close()

    def test_an_old_client_gets_the_same_without_chunks(self):
        stream = self.follow(query="?after=0", version="1.0")
        self.assertFalse(stream.chunked)
        case = self.filed(live.stay())
        for event, _, data in stream.messages():
            if event == "message":
                self.assertEqual(data["subject"], case["id"])
                break
        else:
            self.fail("the stream ended")


class Rights(StreamTest):
    def types(self, role, sub=None, agency=live.HERE):
        stream, counted, text = self.follow(role, "?after=0", sub, agency, patience=2), collections.Counter(), ""
        for event, _, data in stream.messages():
            if event == "message":
                counted[(data["subject"], data["type"])] += 1
                text += json.dumps(data, ensure_ascii=False)
        for secret in (live.NOBODY["full_name"], live.NOBODY["personal_id"], "ghi chú", "Suối Mẫu"):
            self.assertNotIn(secret, text)
        return counted

    def test_everybody_sees_what_they_may_see_and_nobody_a_name(self):
        case = self.moved(self.filed(live.stay()))
        own = self.filed(live.stay(channel="online"), role="portal", sub="portal-1")
        all_of = {(case["id"], kind) for kind in ("case.filed", "case.received", "case.step_claimed", "case.noted")} | {(own["id"], "case.filed")}
        for role, sub, agency in (("desk_officer", None, live.HERE), ("case_officer", None, live.HERE), ("leader", "province-leader-1", "H15")):
            seen = self.types(role, sub, agency)
            self.assertEqual({key for key in seen if key[1].startswith("case.")}, all_of, role)
        self.assertEqual(set(self.types("portal", "portal-1")), {(own["id"], "case.filed")})
        self.assertEqual(set(self.types("portal", "portal-2")), set())
        for role in ("desk_officer", "case_officer"):
            self.assertEqual(set(self.types(role, agency=live.ELSEWHERE)), set())
        elsewhere = self.types("supervisor", agency=live.ELSEWHERE)
        self.assertFalse([key for key in elsewhere if key[1].startswith("case.")])
        self.assertIn(("vn", "calendar.published"), elsewhere)
        self.assertEqual({key[1] for key in self.types("integrator")},
                         {"procedure.published", "calendar.published", "organisation.published"})
        auditor = self.types("auditor")
        self.assertLessEqual(all_of, set(auditor))
        self.assertEqual(sum(auditor.values()), self.head())

    def test_who_sees_nothing_is_still_told_how_far_the_log_is(self):
        stream = self.follow(agency=live.ELSEWHERE)
        messages = stream.messages()
        next(messages)
        self.moved(self.filed(live.stay()))
        self.assertEqual(next(messages), ("cursor", self.head(), {"position": self.head()}))


class SlowReaders(StreamTest):
    def test_a_reader_that_stops_reading_is_dropped_and_resumes_without_loss_while_others_go_on(self):
        start = self.head()
        stuck = self.follow(query=f"?after={start}", receive_bytes=4096)
        stop = self.writers(16)
        live.until(lambda: self.figure("motcua_stream_dropped_total") == 1, 120, "the reader that is dropped")
        cases, failures = stop()
        self.assertEqual(failures, [])
        told, last, dropped = [], start, []
        for event, position, data in stuck.messages():
            last = position
            if event == "message":
                told.append((position, data))
            if event == "dropped":
                dropped.append(position)
        self.assertEqual(dropped, [last] if dropped else [])
        log = self.log(cases)
        self.assertEqual(self.told(told), log[:len(told)])
        self.assertLess(len(told), len(log))
        for event, position, data in self.follow(last_id=last).messages():
            if event == "message":
                told.append((position, data))
            if position == log[-1][0]:
                break
        self.assertEqual(self.told(told), log)
        with open(f"/proc/{self.engine.child.pid}/status", encoding="ascii") as file:
            peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        print(f"{len(log)} events, {len(dropped)} last words, peak {peak >> 10} MiB", file=sys.stderr)


class Ends(StreamTest):
    def test_a_stop_ends_every_stream_whole_and_in_time(self):
        for _ in range(100):
            self.moved(self.filed(live.stay()))
        streams = [self.follow() for _ in range(20)]
        stuck = self.follow(query="?after=0", receive_bytes=4096)
        begin = time.monotonic()
        self.engine.child.terminate()
        self.assertEqual(self.engine.child.wait(10), 0)
        self.assertLess(time.monotonic() - begin, 5)
        for stream in streams:
            self.assertTrue(all(event == "cursor" for event, *_ in stream.messages()))
            self.assertTrue(stream.ended_whole)
        stuck.close()

    def test_a_reader_resumes_over_a_restart(self):
        before = self.moved(self.filed(live.stay()))
        told, messages = [], self.follow(query="?after=0").messages()
        while len(told) < 4:
            event, position, data = next(messages)
            if event == "message":
                told.append((position, data))
        self.engine.stop()
        self.engine.start(NOW)
        after = self.moved(self.filed(live.stay()))
        for event, position, data in self.follow(last_id=told[-1][0]).messages():
            if event == "message":
                told.append((position, data))
            if len(told) == 8:
                break
        self.assertEqual(self.told(told), self.log([before, after]))

    def test_what_a_reader_saw_outlives_a_kill(self):
        for attempt in range(3):
            start, seen = self.head(), []
            stream = self.follow(query=f"?after={start}", patience=20)
            reader = threading.Thread(target=lambda s=stream, into=seen: into.extend(s.messages()), daemon=True)
            reader.start()
            stop = self.writers(16)
            time.sleep(1 + attempt * 0.37)
            self.engine.child.kill()
            self.engine.child.wait(30)
            stop()
            reader.join(30)
            self.engine.hang_up()
            self.engine.start(NOW)
            events = [(position, data) for event, position, data in seen if event == "message"]
            self.assertTrue(events)
            kept = self.log([{"id": case} for case in {data["subject"] for _, data in events}])
            self.assertEqual(set(self.told(events)) - set(kept), set())


if __name__ == "__main__":
    live.main()
