#!/usr/bin/env python3
"""A wrong wall clock costs waiting, never a wrong record: jumps while the engine runs, wrong times at a start, time zones.
The real binary under libfaketime; `--all` ends with the one line of `make check-clock`."""
import datetime
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support")]
import faked  # noqa: E402
import live  # noqa: E402

SUSPECT = "clock-suspect"
FAULTS = []  # what was done to the clock, for the summary


def instant(text):
    return datetime.datetime.fromisoformat(text)


class ClockTest(live.LiveTest):
    def start(self, offset="+0", **more):
        self.engine = faked.Engine(live.tempfile.mkdtemp(dir=self.folder), offset, **more)
        self.addCleanup(self.engine.stop)
        return self.engine

    def fault(self, what):
        FAULTS.append(what)

    def moved(self, offset):
        self.fault(offset)
        self.engine.move(offset)

    def suspected(self, fault):
        """The process says that its clock is in doubt, in every place where it says so; its readiness problem."""
        def seen():
            status, body = self.engine.send("GET", "/health/ready")
            return body if status == 503 else None
        problem = live.until(seen, 10, "a doubted clock")
        self.assertEqual((problem["type"], problem["fault"]), ("/problems/" + SUSPECT, fault), problem)
        self.assertIn("administrator confirms", problem["detail"])
        self.assertEqual(self.engine.metric("motcua_clock_suspect"), 1)
        self.assertAlmostEqual(self.engine.metric("motcua_clock_deviation_seconds"), problem["deviation_s"], delta=30)
        self.assertEqual(self.engine.exchange("GET", "/health/live")[0], 200)
        status, body, headers = self.engine.exchange("POST", "/api/v1/cases", live.json.dumps(live.stay()).encode(), {
            "Authorization": "Bearer " + self.as_role("desk_officer"), "Content-Type": "application/json", "Idempotency-Key": "refused"})
        self.assertEqual((status, live.json.loads(body)["type"]), (503, "/problems/" + SUSPECT), body)
        self.assertGreaterEqual(int(headers["Retry-After"]), 1)
        return problem

    def believed(self):
        live.until(lambda: self.engine.send("GET", "/health/ready")[0] == 200, 10, "a clock that is believed")
        self.assertEqual(self.engine.metric("motcua_clock_suspect"), 0)

    def confirm(self, role="admin", reason="Đã so với đồng hồ chuẩn", **more):
        return self.post("/clock/confirm", {"reason": reason}, role, sub=role + "-1", **more)

    def ends_well(self):
        """Recorded times never went back, and the log and the views prove themselves."""
        self.engine.stop()
        for command in ("audit", "verify"), ("views", "check"):
            done = self.engine.run(*command)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def timers(self, case):
        return [event["data"]["kind"] for event in self.events(case) if event["type"] == "case.timer_fired"]


class Jumps(ClockTest):
    def test_an_hour_back_stops_writes_until_the_right_time_is_back(self):
        self.start()
        case = self.received(live.stay())
        self.moved("-1h")
        problem = self.suspected("jumped")
        self.assertAlmostEqual(problem["deviation_s"], -3600, delta=5)
        self.assertEqual(self.case(case)["version"], case["version"])
        self.assertEqual(self.get("/worklists")["agency"], live.HERE)
        self.refused(self.command(case, "note", {"text": "x"}), 503, SUSPECT)
        self.moved("+0")
        self.believed()
        self.did(case, "note", {"text": "x"})
        recorded = [event["recorded_at"] for event in self.events(case)]
        self.assertEqual(recorded, sorted(recorded))
        self.ends_well()

    def test_thirty_days_forward_fires_no_timer_until_an_administrator_confirms_it_and_then_each_once(self):
        self.start()
        case = self.received(live.stay())
        self.moved("+30d")
        self.suspected("jumped")
        time.sleep(2)
        self.assertEqual((self.timers(case), self.engine.metric("motcua_timers_fired_total")), ([], 0))
        status, said = self.confirm()
        self.assertEqual((status, said["fault"], said["confirmed_by"]), (200, "jumped", "admin-1"), said)
        self.assertAlmostEqual(said["deviation_s"], 30 * 86400, delta=5)
        self.believed()
        live.until(lambda: len(self.timers(case)) == 3, 20, "three timers")
        time.sleep(1.2)
        self.assertEqual(self.timers(case), ["nearing", "due", "overdue"])
        for event in self.events(case)[2:]:
            self.assertGreaterEqual(instant(event["recorded_at"]), instant(said["recorded_at"]))
        self.did(case, "note", {"text": "x"})
        self.ends_well()

    def test_a_year_forward_and_back_leaves_no_trace(self):
        self.start()
        case = self.received(live.stay())
        position = self.engine.send("GET", "/health/ready")[1]["position"]
        self.moved("+365d")
        self.suspected("jumped")
        time.sleep(1.2)
        self.moved("+0")
        self.believed()
        time.sleep(1.2)
        self.assertEqual(self.engine.send("GET", "/health/ready")[1]["position"], position)
        self.assertEqual(self.events(self.did(case, "note", {"text": "x"}))[-1]["version"], case["version"] + 1)
        self.ends_well()

    def test_small_steps_and_drift_go_on_and_recorded_times_do_not_go_back(self):
        self.start()
        case = self.filed(live.stay())
        for offset in ("+2m", "-1m", "+3m", "+7m", "+4m", "+30s"):
            self.moved(offset)
            self.did(case, "note", {"text": offset})
            self.assertEqual(self.engine.send("GET", "/health/ready")[0], 200)
            time.sleep(0.7)
        recorded = [event["recorded_at"] for event in self.events(case)]
        self.assertEqual(recorded, sorted(recorded))
        self.ends_well()

    def test_a_clock_that_was_confirmed_wrongly_is_put_right_by_a_second_confirmation(self):
        self.start()
        case = self.filed(live.stay())
        self.moved("+3d")
        self.suspected("jumped")
        self.assertEqual(self.confirm()[0], 200)
        ahead = self.events(self.did(case, "note", {"text": "x"}))[-1]["recorded_at"]
        self.moved("+0")
        self.suspected("jumped")
        status, said = self.confirm()
        self.assertEqual(status, 200, said)
        self.assertLess(instant(said["wall_time"]), instant(said["recorded_at"]))
        self.did(case, "note", {"text": "y"})
        self.assertGreaterEqual(instant(self.events(case)[-1]["recorded_at"]), instant(ahead))
        self.engine.restart("+1m", ready="/health/ready")  # the start believes the time that was confirmed
        self.did(case, "note", {"text": "z"})
        recorded = [event["recorded_at"] for event in self.events(case)]
        self.assertEqual(recorded, sorted(recorded))
        self.ends_well()


class Confirmation(ClockTest):
    def test_only_an_administrator_confirms_only_a_doubt_and_a_repetition_does_it_once(self):
        self.start()
        self.refused(self.confirm(), 422, "not-allowed")
        self.moved("+2h")
        self.suspected("jumped")
        for role in ("desk_officer", "case_officer", "signatory", "supervisor", "leader", "auditor", "integrator", "portal"):
            self.refused(self.confirm(role), 403, "role-forbidden")
        self.refused(self.engine.send("POST", "/api/v1/clock/confirm", {"reason": "x"}), 401, "unauthenticated")
        self.refused(self.confirm(key=""), 400, "idempotency-key-missing")
        for body in ({}, {"reason": ""}, {"reason": 5}, {"reason": "x" * 513}, {"reason": "x", "now": "y"}):
            self.refused(self.post("/clock/confirm", body, "admin"), 422, "invalid-data")
        self.suspected("jumped")
        first, again = self.confirm(key="once"), self.confirm(key="once")
        self.assertEqual((first[0], first), (200, again))
        self.refused(self.confirm(reason="khác", key="once"), 409, "idempotency-key-reused")
        self.believed()
        self.engine.restart("+2h", ready="/health/ready")
        self.assertEqual(self.confirm(key="once"), first)
        self.engine.stop()
        for folder, _, files in os.walk(self.engine.folder):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn("Đã so với".encode(), file.read(), name)

    def test_the_register_is_not_asked_while_the_clock_is_in_doubt(self):
        population = self.__class__.population = live.Population(self.folder)
        self.start(population=population.url)
        mother, father = live.couples(population.people())[0]
        self.moved("+2h")
        self.suspected("jumped")
        before = population.stats()["calls"]
        asked = dict(live.identifiers(father), procedure="1.001193", purpose="khai sinh")
        self.refused(self.post("/people/lookups", asked), 503, SUSPECT)
        self.assertEqual(population.stats()["calls"], before)
        self.moved("+0")
        self.believed()
        self.healed(self.filed(live.birth(mother, father)))


class Starts(ClockTest):
    def stopped(self):
        self.start()
        case = self.received(live.stay())
        self.engine.stop()
        return case

    def test_before_the_last_record_writes_wait_until_the_time_is_right(self):
        case = self.stopped()
        self.fault("start -1h")
        self.engine.restart("-1h")
        self.suspected("before_last_record")
        self.assertEqual(self.case(case)["version"], case["version"])
        self.moved("+0")
        self.believed()
        self.did(case, "note", {"text": "x"})
        self.ends_well()

    def test_more_than_seven_days_after_it_nothing_fires_until_it_is_confirmed(self):
        case = self.stopped()
        self.fault("start +8d")
        self.engine.restart("+8d")
        self.suspected("long_after_record")
        time.sleep(1.2)
        self.assertEqual(self.timers(case), [])
        self.assertEqual(self.confirm()[0], 200)
        live.until(lambda: len(self.timers(case)) == 3, 20, "three timers")
        self.engine.restart("+8d", ready="/health/ready")
        time.sleep(1.2)
        self.assertEqual(self.timers(case), ["nearing", "due", "overdue"])
        self.ends_well()

    def test_six_days_after_it_is_a_long_weekend(self):
        case = self.stopped()
        self.fault("start +6d")
        self.engine.restart("+6d", ready="/health/ready")
        live.until(lambda: len(self.timers(case)) == 3, 20, "three timers")
        self.ends_well()


class Zones(ClockTest):
    def test_the_zone_of_the_host_changes_no_due_instant_and_no_answer(self):
        seen = {}
        for zone in ("UTC", "America/New_York", "Asia/Ho_Chi_Minh", None, "Nonsense/Nowhere", ":/dev/null"):
            self.fault(f"TZ {zone}")
            # The Sunday on which New York puts its clocks forward lies between receipt and due date.
            engine = live.Engine(live.tempfile.mkdtemp(dir=self.folder), "2026-03-06T16:00:00+07:00", timezone=zone)
            self.__class__.engine = engine
            case = self.received(live.stay())
            self.hop("2026-03-20T09:00:00+07:00")
            due = self.deadline(case)
            seen[zone] = [case["due_at"], due["derivation"], [(event["type"], event["recorded_at"]) for event in self.events(case)]]
            engine.stop()
        self.assertEqual(list(seen.values())[1:], list(seen.values())[:-1], seen)
        self.assertTrue(seen["UTC"][0].endswith("+07:00"))


class Waiting(ClockTest):
    def test_nothing_spins_while_nothing_happens_nor_while_the_clock_is_in_doubt(self):
        self.start()
        self.received(live.stay())
        for offset in ("+0", "-1h", "+30d"):
            self.moved(offset)
            time.sleep(1)
            before = self.engine.processor_seconds()
            time.sleep(4)
            self.assertLess(self.engine.processor_seconds() - before, 0.5, offset)


def summary():
    sys.argv.remove("--all")
    result = live.main(exit=False).result
    broken = len(result.failures) + len(result.errors)
    print(f"clock faults: {len(FAULTS)} faults, {broken} broken promises")
    sys.exit(1 if broken or not FAULTS else 0)


if __name__ == "__main__":
    if "--all" in sys.argv:
        summary()
    else:
        live.main()
