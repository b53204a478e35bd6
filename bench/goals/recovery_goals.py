"""Recovery: how long after kill -9, with a full write-ahead log, the first command is accepted."""
import json
import os
import shutil
import subprocess
import time

from .client import Client
from .machine import Watch, folder_bytes, say
from .repeat import interleave, values
from .servers import Engine, Failed, remove_store, store_bench
from .table import Line, median, noise

GOAL = "kill -9 with a full write-ahead log: seconds to the first command"
BOUND = 1.5
FULL_LOG = 56 << 20     # the engine lets it grow to 64 MiB
FILL_SECONDS = 300      # how long the log may take to fill
NOW = "2026-03-02T08:00:00+07:00"
FILING = {"procedure": "1.001193", "channel": "counter",
          "applicant": {"personal_id": "000000000101", "full_name": "Nguyễn Văn An", "birth_date": "1990-05-17"},
          "data": {"child": {"full_name": "Nguyễn Minh Khôi", "birth_date": "2026-02-20", "sex": "male"}}, "papers": []}


def crash(options, data):
    """Loads an engine until its write-ahead log is full, and kills it. The bytes of the log."""
    with Engine(options, data=data, fresh=False, now=NOW) as engine:
        load = subprocess.Popen(engine.load_command(64, FILL_SECONDS, "--mode", "life"), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
        end = time.monotonic() + FILL_SECONDS
        while folder_bytes(data, ".log") < FULL_LOG and time.monotonic() < end:
            time.sleep(0.01)
        engine.kill()
        load.kill()
        load.wait()
    return folder_bytes(data, ".log")


def copy_store(source, target):
    """Finished files are shared, the rest is copied."""
    remove_store(target)
    shutil.copytree(source, target, copy_function=lambda path, to: os.link(path, to) if path.endswith(".sst") else shutil.copy2(path, to))
    for suffix in (".anchor", ".master-key"):
        shutil.copy2(source + suffix, target + suffix)


def first_command(options, data):
    """Seconds from the start of the process to the answer to a filing."""
    engine = Engine(options, data=data, fresh=False, now=NOW)
    token = engine.token("desk_officer")
    with Watch() as watch:
        began = time.monotonic()
        engine.start()
        while True:
            try:
                client = Client(engine.port, token)
                status, body = client.post("/api/v1/cases", FILING)
                break
            except OSError:
                time.sleep(0.002)
        taken = time.monotonic() - began
        client.close()
        engine.kill()
    if status != 201:
        raise Failed(f"the first command after a crash was refused: {status} {json.loads(body)}")
    return {"seconds": taken, "others": watch.share}


def measure(options):
    crashed, vacant = (os.path.join(options.out, name) for name in ("data-crashed", "data-vacant"))
    for data in (crashed, vacant):
        remove_store(data)
    say(f"recovery: filling a folder with {options.recovery_cases} cases")
    store_bench(options, "fill", "--data", crashed, "--finished", str(options.recovery_cases * 9 // 10), "--open",
                str(options.recovery_cases // 10))
    with Engine(options, data=vacant, fresh=False, now=NOW):
        pass
    log = crash(options, crashed)

    def once(source):
        def run():
            copy_store(source, source + "-copy")
            report = first_command(options, source + "-copy")
            say(f"recovery, {os.path.basename(source)}: {report['seconds']:.2f} s")
            return report
        return run
    results = interleave({"crashed": once(crashed), "vacant": once(vacant)}, options.repetitions, ("seconds",))
    for data in (crashed, crashed + "-copy", vacant, vacant + "-copy"):
        remove_store(data)
    full, empty = values(results, "seconds", "crashed"), values(results, "seconds", "vacant")
    remark = f"{median(full):.2f} - {median(empty):.2f} s, log of {log >> 20} MiB, {options.recovery_cases} cases"
    busy = max(report["others"] for reports in results.values() for report in reports)
    return [Line(GOAL, BOUND, measured=median(full) - median(empty), unit="s", noise=noise(full, empty), busy=busy,
                 remark=remark)], results
