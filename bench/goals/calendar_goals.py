"""Calendars: a holiday notice is published over very many open cases, while officers go on working."""
import concurrent.futures
import json
import os
import time

from .client import Client
from .machine import say
from .servers import AGENCY, WORKFLOWS, Engine, Failed, remove_store, store_bench
from .table import Line
from .timer_goals import p99_of

GIVE_UP_SECONDS = 900
NOW = "2026-03-02T08:00:00+07:00"
DAY_OFF, MADE_UP = "2026-03-10", "2026-03-14"


def next_calendar():
    """The shipped calendar with one day off more, and a Saturday in exchange."""
    with open(os.path.join(WORKFLOWS, "calendars", "vn.json"), encoding="utf-8") as file:
        text = json.load(file)
    said = {"name": {"vi": "Nghỉ", "en": "Off"}, "notice": "unverified", "law": "unverified"}
    days = [dict(said, date=DAY_OFF, kind="OFF"), dict(said, date=MADE_UP, kind="WORK", replaces=DAY_OFF)]
    return dict(text, version=text["version"] + 1, days=sorted(text["days"] + days, key=lambda day: day["date"]))


class Publication:
    """A folder of open cases, and a server over it whose clock stands still."""

    def __init__(self, options):
        self.options, self.data = options, os.path.join(options.out, "data-calendar")
        remove_store(self.data)
        say(f"filling a folder with {options.calendar_cases} open cases")
        store_bench(options, "copies", "--data", self.data, "--cases", str(options.calendar_cases), "--now", NOW)

    def piece(self, engine):
        return engine.measure(16, self.options.timer_piece, "--cases", "2", "--rate", str(self.options.timer_rate))

    def run(self):
        with Engine(self.options, data=self.data, fresh=False, now=NOW) as engine:
            expected = self.affected(engine)
            pieces = max(1, round(self.options.timer_quiet / self.options.timer_piece))
            quiet = [self.piece(engine) for _ in range(pieces)]
            with concurrent.futures.ThreadPoolExecutor() as pool:
                passed = pool.submit(self.publish, engine)
                busy = [self.piece(engine)]
                while not passed.done():
                    busy.append(self.piece(engine))
            seconds, line = passed.result()
            found = self.proposed(engine, line["id"])
        return quiet, busy, seconds, expected, found

    def publish(self, engine):
        client = Client(engine.port, engine.token("integrator"))
        began = time.monotonic()
        status, body = client.post("/api/v1/calendars", next_calendar())
        if status != 201:
            raise Failed(f"the calendar was not published: {body.decode()}")
        name = json.loads(body)["id"]
        while time.monotonic() - began < GIVE_UP_SECONDS:
            lines = json.loads(client.get("/api/v1/calendars?limit=200")[1])["items"]
            line = next(line for line in lines if line["id"] == name)
            if line["complete"]:
                return time.monotonic() - began, line
            time.sleep(0.05)
        raise Failed("the pass over all cases did not end")

    def pages(self, engine, path, role):
        client, cursor = Client(engine.port, engine.token(role)), ""
        while cursor is not None:
            page = json.loads(client.get(f"{path}&limit=200" + (f"&cursor={cursor}" if cursor else ""))[1])
            yield from page["items"]
            cursor = page["next_cursor"]
        client.close()

    def affected(self, engine):
        """By the worklists alone: what is due on the changed day or later, and what is paused. The copies' due dates
        are spread by chance, so that the newer calendar counts another date for each of them."""
        ids = set()
        for queue in "processing", "signing":
            for item in self.pages(engine, f"/api/v1/worklists/{queue}?bucket=running", "supervisor"):
                if item["due_at"][:10] >= DAY_OFF:
                    ids.add(item["id"])
            ids |= {item["id"] for item in self.pages(engine, f"/api/v1/worklists/{queue}?bucket=paused", "supervisor")}
        return ids

    def proposed(self, engine, name):
        """Every proposal, by case; a case that had two would be counted twice."""
        return [item["case"] for item in self.pages(engine, f"/api/v1/calendars/{name}/proposals?state=open", "supervisor")]


def measure(options):
    publication = Publication(options)
    quiet, busy, seconds, expected, found = publication.run()
    remove_store(publication.data)
    # Those filed by the load meanwhile follow the newer calendar, or are due before the changed day.
    wrong = len(expected ^ set(found)) + len(found) - len(set(found))
    others = max(report["others"] for report in quiet + busy)
    before, meanwhile = p99_of(quiet), p99_of(busy)
    title = f"a calendar over {options.calendar_cases} open cases of {AGENCY}"
    return [
        Line(f"{title}: cases a second", 20_000, True, options.calendar_cases / seconds, unit="/s", busy=others,
             remark=f"{seconds:.1f} s, {len(found)} proposals"),
        Line(f"{title}: proposals missing, wrong or twice", 0, measured=wrong, unit=""),
        Line(f"{title}: p99 of requests meanwhile / before", 2, measured=meanwhile / before, busy=others,
             remark=f"{meanwhile / 1000:.2f} / {before / 1000:.2f} ms at {options.timer_rate}/s"),
    ], {"seconds": seconds, "quiet": quiet, "busy": busy, "expected": len(expected), "found": len(found)}
