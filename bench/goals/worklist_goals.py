"""Worklists: what a page and the counters cost over HTTP at many open cases, beside few. Both folders are compacted: what
is compared is the number of cases, not how lately they were written."""
import json
import os
import random
import time

from .client import Client
from .machine import Watch, say
from .repeat import busiest, interleave, values
from .servers import Engine, Failed, remove_store, store_bench
from .table import Line, median, ratio, skipped

QUEUES = ("reception", "processing", "signing", "return")
FEW = "few"
RARE = "rare-1"          # holds one claimed case in a thousand
PAGE = 50
NOW = "2026-03-02T08:00:00+07:00"
MILLION = 1_000_000
SECONDS_MIN = 0.5


class Office(Engine):
    """A server over a folder of open cases."""

    def __init__(self, options, cases):
        super().__init__(options, f"engine-{cases}", data=os.path.join(options.out, f"data-{cases}"), fresh=False, now=NOW)
        self.cases = cases

    def fill(self):
        if self.options.keep and os.path.exists(self.data):
            return say(f"using the folder with {self.cases} open cases")
        say(f"filling a folder with {self.cases} open cases")
        remove_store(self.data)
        store_bench(self.options, "copies", "--data", self.data, "--cases", str(self.cases), "--now", NOW, "--compact")

    def clear(self):
        if not self.options.keep:
            remove_store(self.data)

    def __enter__(self):
        super().__enter__()
        self.client = Client(self.port, self.token("case_officer"))
        return self

    def __exit__(self, *_):
        self.client.close()
        super().__exit__()

    def get(self, path):
        status, body = self.client.get("/api/v1" + path)
        if status != 200:
            raise Failed(f"{path}: {status} {body[:300]}")
        return body

    def page(self, queue, rows, query=""):
        """Rows until there are as many, or no more; how many requests that took."""
        found, requests, cursor = 0, 0, ""
        while found < rows and cursor is not None:
            answer = json.loads(self.get(f"/worklists/{queue}?limit={rows - found}{query}{cursor}"))
            found, requests = found + len(answer["items"]), requests + 1
            cursor = answer["next_cursor"] and "&cursor=" + answer["next_cursor"]
        return found, requests


def timed(office, ask, times):
    """Median microseconds of `ask(office)`, with what others took meanwhile. Long enough for the kernel's accounts."""
    taken = []
    end = time.perf_counter() + SECONDS_MIN
    with Watch(office.process.pid) as watch:
        while len(taken) < times or time.perf_counter() < end:
            began = time.perf_counter()
            ask(office)
            taken.append((time.perf_counter() - began) * 1e6)
    return {"us": median(taken), "others": watch.share}


def compare(options, few, many, title, ask, bound, remark=""):
    results = interleave({name: lambda office=office: timed(office, ask, options.reads)
                          for name, office in ((FEW, few), ("many", many))}, max(options.repetitions, 3), ("us",))
    over, under = values(results, "us", "many"), values(results, "us", FEW)
    say(f"{title}: {median(over):.0f} / {median(under):.0f} us")
    return ratio(title, over, under, bound, busy=busiest(results),
                 remark=f"{median(over):.0f} / {median(under):.0f} us{remark}"), results


def lines_of(options, few, many, bound):
    """The page without a filter, the page of one officer, the counters. A page of one officer has as many rows on both
    sides as the smaller one holds, so that they differ in nothing but the number of cases."""
    rows, _ = few.page("processing", PAGE, f"&assignee={RARE}")
    rows = max(rows, 1)
    rare, requests = many.page("processing", PAGE, f"&assignee={RARE}")
    at = f"{many.cases / MILLION:g} M / {few.cases // 1000} k open cases"
    questions = (
        (f"worklist page of {PAGE}, {at}", lambda office: office.page(random.choice(QUEUES), PAGE), ""),
        (f"worklist page of one officer (1 in 1,000), {at}", lambda office: office.page("processing", rows, f"&assignee={RARE}"),
         f", {rows} rows; {rare} rows of the larger take {requests} requests"),
        (f"counters by queue and stage, {at}", lambda office: office.get("/worklists"), ""),
    )
    lines, raw = [], {}
    for title, ask, remark in questions:
        line, raw[title] = compare(options, few, many, title, ask, bound, remark)
        lines.append(line)
    return lines, raw


def measure(options):
    few, many = Office(options, options.few_cases), Office(options, options.open_cases)
    larger = Office(options, options.large_cases) if options.large else None
    lines, raw = [], {}
    few.fill()
    many.fill()
    with few:
        with many:
            lines, raw = lines_of(options, few, many, 1.5)
        if larger is None:
            lines.append(skipped("worklist page, 10 M / 10 k open cases", 2, "asked for with --large"))
        else:
            many.clear()
            larger.fill()
            with larger:
                more, raw_more = lines_of(options, few, larger, 2)
                lines, raw = lines + more, raw | raw_more
            larger.clear()
    few.clear()
    many.clear()
    return lines, raw
