"""Memory: what the server holds with many open cases, and whether it grows while it works."""
import concurrent.futures
import random
import time

from .machine import peak_resident_bytes, resident_bytes, say
from .table import Line, skipped
from .worklist_goals import PAGE, QUEUES, Office

BOUND = 300
GROWTH_BOUND = 1.05
SOAK = "resident memory, end / start of a soak"
SAMPLE_SECONDS = 5


def megabytes(office):
    return resident_bytes(office.process.pid) / 1e6


def after_work(options, office):
    """Peak of resident memory while pages are read and whole lives are played."""
    for _ in range(options.reads):
        office.page(random.choice(QUEUES), PAGE)
    office.load(64, options.seconds, "--mode", "life")
    return peak_resident_bytes(office.process.pid) / 1e6


def slope(samples):
    """MB a second, by least squares."""
    middle_at = sum(at for at, _ in samples) / len(samples)
    middle = sum(value for _, value in samples) / len(samples)
    spread = sum((at - middle_at) ** 2 for at, _ in samples)
    return sum((at - middle_at) * (value - middle) for at, value in samples) / spread


def soak(options, office):
    """Lives at a fixed rate; the first third, in which caches fill, does not count."""
    seconds = options.soak * 60
    samples = []
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        load = pool.submit(office.load, 16, seconds, "--mode", "life", "--rate", str(options.soak_rate))
        while not load.done():
            time.sleep(min(SAMPLE_SECONDS, seconds / 60))
            samples.append((time.monotonic() - began, megabytes(office)))
        load.result()
    counted = samples[len(samples) // 3:]
    grows = slope(counted)
    start = sum(value for _, value in counted) / len(counted) - grows * (counted[-1][0] - counted[0][0]) / 2
    end = start + grows * (counted[-1][0] - counted[0][0])
    return Line(f"{SOAK} of {options.soak:g} minutes", GROWTH_BOUND, measured=end / start,
                remark=f"{start:.0f} to {end:.0f} MB at {options.soak_rate}/s, {grows * 3600:+.1f} MB an hour"), samples


def measure(options):
    office = Office(options, options.open_cases)
    office.fill()
    with office:
        idle = megabytes(office)
        worked = after_work(options, office)
        say(f"resident memory: {idle:.0f} MB at first, {worked:.0f} MB at work")
        lines = [Line(f"resident memory with {options.open_cases} open cases, at work", BOUND, measured=worked, unit="MB",
                      remark=f"{idle:.0f} MB after the start")]
        samples = []
        if options.soak > 0:
            line, samples = soak(options, office)
            lines.append(line)
        else:
            lines.append(skipped(SOAK, GROWTH_BOUND, "asked for with --soak 30"))
    office.clear()
    return lines, {"idle": idle, "worked": worked, "soak": samples}
