"""The store from inside: replay, rows and travel in time, beside RocksDB's own iteration and point reads."""
import json
import os

from .machine import Watch, say
from .servers import Failed, remove_store, store_bench
from .table import NOISE_MAX, noise, ratio

ROUNDS_MAX = 3


def filled(options):
    data = os.path.join(options.out, "data-store")
    remove_store(data)
    say(f"filling a folder with {options.store_cases} finished cases")
    store_bench(options, "fill", "--data", data, "--finished", str(options.store_cases),
                "--lengthy", str(options.lengthy_cases), "--compact")
    return data


def add(total, report):
    """Adds a run's repetitions to those before."""
    for name, figures in report.items():
        if isinstance(figures, dict):
            for key, series in figures.items():
                if isinstance(series, list):
                    total.setdefault(name, {}).setdefault(key, []).extend(series)
        else:
            if total.get(name, figures) != figures:
                raise Failed(f"two replays of the same folder differ in {name}")
            total[name] = figures
    return total


def measure(options):
    data = filled(options)
    report = {}
    with Watch() as watch:
        for _ in range(ROUNDS_MAX):
            add(report, json.loads(store_bench(options, "compare", "--data", data, "--repetitions",
                                               str(options.repetitions), "--json")))
            scan = report["scan"]["records_per_second"]
            replay = report["replay"]["records_per_second"]
            rebuild = report["rebuild"]["records_per_second"]
            if noise(scan, replay, rebuild) <= NOISE_MAX:
                break
    remove_store(data)
    size = f"{report['records']} records"
    travel = report["travel"]
    return [
        ratio("replay on one core, records a second, engine / raw scan", replay, scan, 0.4, True, busy=watch.share, remark=size),
        ratio("all rows recomputed, records a second, engine / raw scan", rebuild, scan, 0.2, True, busy=watch.share, remark=size),
        ratio("a case of 100 events as of a version / one point read", travel["case_us"], travel["point_us"], 25,
              busy=watch.share),
    ], report
