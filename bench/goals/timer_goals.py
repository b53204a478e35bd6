"""Timers: very many that come due at one instant, while officers go on working."""
import datetime
import json
import os
import time

from .client import Client
from .machine import Watch, say
from .servers import Engine, Failed, remove_store, store_bench
from .table import Line

SET_UP_SECONDS = 6   # before the instant: the load files its own cases


def instant(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fired(client):
    _, body = client.get("/metrics")
    line = next(line for line in body.decode().splitlines() if line.startswith("motcua_timers_fired_total"))
    return int(float(line.split()[-1]))


class Burst:
    """A folder of cases whose timers are all due soon, and a server over it on real time."""

    def __init__(self, options):
        self.options, self.data = options, os.path.join(options.out, "data-timers")
        remove_store(self.data)
        self.due = time.time() + options.timer_lead
        say(f"filling a folder with {options.timers} timers due at {instant(self.due)}")
        store_bench(options, "copies", "--data", self.data, "--cases", str(options.timers), "--now", instant(time.time()),
                    "--timers-at", instant(self.due))

    def run(self):
        """(seconds until all had fired, quiet report, report of the load meanwhile)"""
        options = self.options
        with Engine(options, data=self.data, fresh=False) as engine:
            rate = ("--rate", str(options.timer_rate))
            quiet = engine.measure(16, options.timer_quiet, *rate)
            left = self.due - SET_UP_SECONDS - time.time()
            if left < 0:
                raise Failed(f"the timers came due before the load was ready: give --timer-lead {options.timer_lead * 2}")
            time.sleep(left)
            seconds, busy = self.fire(engine, rate)
        return seconds, quiet, busy

    def fire(self, engine, rate):
        import threading
        reports = []
        load = threading.Thread(target=lambda: reports.append(engine.measure(16, self.options.timer_seconds, *rate)))
        load.start()
        client = Client(engine.port)
        end = self.due + 600
        while fired(client) < self.options.timers and time.time() < end:
            time.sleep(0.1)
        seconds = time.time() - self.due
        client.close()
        load.join()
        return seconds, reports[0]


def measure(options):
    burst = Burst(options)
    seconds, quiet, busy = burst.run()
    log = json.loads(store_bench(options, "fired", "--data", burst.data))
    remove_store(burst.data)
    wrong = log["twice"] + log["out_of_order"] + abs(log["fired"] - options.timers)
    others = max(quiet["others"], busy["others"])
    title = f"{options.timers} timers due at once"
    return [
        Line(f"{title}: seconds until all have fired", 60, measured=seconds, unit="s", busy=others),
        Line(f"{title}: twice, out of order or not at all", 0, measured=wrong, unit=""),
        Line(f"{title}: p99 of requests meanwhile / before", 2, measured=busy["p99_us"] / quiet["p99_us"], busy=others,
             remark=f"{busy['p99_us'] / 1000:.2f} / {quiet['p99_us'] / 1000:.2f} ms at {options.timer_rate}/s"),
    ], {"seconds": seconds, "quiet": quiet, "busy": busy, "log": log}
