"""Timers: very many that come due at one instant, while officers go on working."""
import concurrent.futures
import datetime
import json
import os
import time

from .client import Client
from .machine import say
from .servers import Engine, Failed, remove_store, store_bench
from .table import Line

GIVE_UP_SECONDS = 600


def instant(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fired(client):
    _, body = client.get("/metrics")
    line = next(line for line in body.decode().splitlines() if line.startswith("motcua_timers_fired_total"))
    return int(float(line.split()[-1]))


def p99_of(reports):
    """Microseconds, over all requests of the reports."""
    counts = {}
    for report in reports:
        for bound, count in report["histogram"]:
            counts[bound] = counts.get(bound, 0) + count
    left = 0.99 * sum(counts.values())
    for bound in sorted(counts):
        left -= counts[bound]
        if left <= 0:
            return bound
    raise Failed("no request was answered")


class Burst:
    """A folder of cases whose timers are all due soon, and a server over it on real time."""

    def __init__(self, options):
        self.options, self.data = options, os.path.join(options.out, "data-timers")
        remove_store(self.data)
        self.due = time.time() + options.timer_lead
        say(f"filling a folder with {options.timers} timers due at {instant(self.due)}")
        store_bench(options, "copies", "--data", self.data, "--cases", str(options.timers), "--now", instant(time.time()),
                    "--timers-at", instant(self.due))

    def piece(self, engine):
        """A short load at the fixed rate, so that what is measured ends soon after the last timer."""
        return engine.measure(16, self.options.timer_piece, "--cases", "2", "--rate", str(self.options.timer_rate))

    def run(self):
        """(reports before, reports while timers fire, seconds until all have)"""
        with Engine(self.options, data=self.data, fresh=False) as engine:
            pieces = max(1, round(self.options.timer_quiet / self.options.timer_piece))
            quiet = [self.piece(engine) for _ in range(pieces)]
            left = self.due - time.time()
            if left < 0:
                raise Failed(f"the timers came due too early: give --timer-lead {self.options.timer_lead * 2:g}")
            time.sleep(left)
            with concurrent.futures.ThreadPoolExecutor() as pool:
                all_fired = pool.submit(self.wait_until_fired, engine.port)
                busy = [self.piece(engine)]
                while not all_fired.done():
                    busy.append(self.piece(engine))
        return quiet, busy, all_fired.result() - self.due

    def wait_until_fired(self, port):
        """The moment at which the last one had."""
        client = Client(port)
        while fired(client) < self.options.timers and time.time() < self.due + GIVE_UP_SECONDS:
            time.sleep(0.05)
        client.close()
        return time.time()


def measure(options):
    burst = Burst(options)
    quiet, busy, seconds = burst.run()
    log = json.loads(store_bench(options, "fired", "--data", burst.data))
    remove_store(burst.data)
    wrong = log["twice"] + log["out_of_order"] + abs(log["fired"] - options.timers)
    others = max(report["others"] for report in quiet + busy)
    before, meanwhile = p99_of(quiet), p99_of(busy)
    title = f"{options.timers} timers due at once"
    return [
        Line(f"{title}: seconds until all have fired", 60, measured=seconds, unit="s", busy=others),
        Line(f"{title}: twice, out of order or not at all", 0, measured=wrong, unit=""),
        Line(f"{title}: p99 of requests meanwhile / before", 2, measured=meanwhile / before, busy=others,
             remark=f"{meanwhile / 1000:.2f} / {before / 1000:.2f} ms at {options.timer_rate}/s"),
    ], {"seconds": seconds, "quiet": quiet, "busy": busy, "log": log}
