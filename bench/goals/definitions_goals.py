"""Definitions: linting one, and loading as many as a province has."""
import json
import os
import subprocess

from .servers import WORKFLOWS, Failed
from .table import Line, median, noise

REPETITIONS = 5


def once(options):
    program = os.path.join(options.bin, "motcua-definitions-bench")
    run = subprocess.run([program, os.path.join(WORKFLOWS, "catalogue"), str(options.definitions)],
                         capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise Failed(f"motcua-definitions-bench: {run.stderr.strip()}")
    return json.loads(run.stdout)


def measure(options):
    reports = [once(options) for _ in range(REPETITIONS)]
    slowest = [report["lint"]["slowest_ms"] for report in reports]
    seconds = [report["load_ms"] / 1000 for report in reports]
    memory = [report["load_mb"] for report in reports]
    missing = options.definitions - min(report["loaded"] for report in reports)
    title = f"{options.definitions} definitions"
    return [
        Line("lint of one definition, the slowest of the catalogue", 50, measured=median(slowest), unit="ms",
             noise=noise(slowest), remark=f"median {reports[0]['lint']['median_ms']:.2f} ms"),
        Line(f"loading {title}", 2, measured=median(seconds), unit="s", noise=noise(seconds)),
        Line(f"memory for {title}", 100, measured=median(memory), unit="MB", noise=noise(memory)),
        Line(f"not loaded of {title}", 0, measured=missing, unit=""),
    ], {"reports": reports}
