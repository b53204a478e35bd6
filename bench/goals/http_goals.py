"""Durable commands over HTTP: the engine beside the ceiling, on the disk as it is and on one that syncs slower."""
import os

from .machine import say
from .repeat import busiest, interleave, values
from .servers import Ceiling, Engine
from .table import median, ratio

RATE_GOAL, P99_GOAL, P50_GOAL, GAIN_GOAL = 0.7, 1.5, 1.5, 0.8


def sample_answer(options):
    """A case as the engine answers it, for the ceiling to answer as many bytes."""
    path = os.path.join(options.out, "sample.json")
    with Engine(options) as engine:
        engine.measure(4, 0.5, "--save-answer", path)
    return path


class Comparison:
    def __init__(self, options):
        self.options, self.sample, self.raw = options, sample_answer(options), {}

    def run(self, title, connections, more=(), preload=None, keys=("per_second",), requests=None):
        """Reports of both sides; each repetition on a fresh folder."""
        def once(server):
            def measure():
                with server() as side:
                    report = side.measure(connections, self.options.seconds, *more)
                say(f"{title}, {side.name}: {report['per_second']:.0f}/s, p50 {report['p50_us'] / 1000:.2f} ms, "
                    f"p99 {report['p99_us'] / 1000:.2f} ms, {report['server_cpu_us']:.0f} us of processor, "
                    f"others {report['others']:.0%}")
                return report
            return measure

        wanted = self.options.requests if requests is None else requests
        results = interleave({"ceiling": once(lambda: Ceiling(self.options, self.sample, preload=preload)),
                              "engine": once(lambda: Engine(self.options, preload=preload))},
                             self.options.repetitions, keys,
                             lambda so_far: min(sum(values(so_far, "requests", side)) for side in so_far) >= wanted)
        self.raw[title] = results
        return results


def line(title, results, key, bound, at_least=False):
    over, under = values(results, key, "engine"), values(results, key, "ceiling")
    # The engine does all that the ceiling does, and more.
    implausible = median(over) > median(under) if at_least else median(over) < 0.9 * median(under)

    def cpu(side):
        return median(values(results, "server_cpu_us", side))
    return ratio(title, over, under, bound, at_least, busy=busiest(results), implausible=implausible,
                 remark=f"{median(over):.0f} / {median(under):.0f}, processor {cpu('engine'):.0f} / {cpu('ceiling'):.0f} us a command")


def slow_disk(comparison):
    """What 64 connections gain over one where a sync takes 2 ms longer."""
    preload = os.path.join(comparison.options.bin, "libslow_sync.so")
    many = comparison.run("slow disk, 64 connections", 64, preload=preload, requests=0)
    one = comparison.run("slow disk, 1 connection", 1, preload=preload, requests=0)

    def gains(side):
        alone = median(values(one, "per_second", side))
        return [rate / alone for rate in values(many, "per_second", side)]
    return ratio("sync + 2 ms: gain of 64 connections over 1, engine / ceiling", gains("engine"), gains("ceiling"),
                 GAIN_GOAL, True, busy=max(busiest(many), busiest(one)),
                 remark=f"{median(gains('engine')):.1f} / {median(gains('ceiling')):.1f}")


def measure(options):
    comparison = Comparison(options)
    many = comparison.run("64 connections", 64)
    one = comparison.run("1 connection", 1, keys=("p50_us",))
    half = median(values(many, "per_second", "engine")) / 2
    due = comparison.run("fixed schedule", 64, ("--rate", f"{half:.0f}"), keys=("p50_us",))
    lines = [
        line("64 connections, commands a second, engine / ceiling", many, "per_second", RATE_GOAL, True),
        line("64 connections, p99, engine / ceiling", many, "p99_us", P99_GOAL),
        line("1 connection, p50, engine / ceiling", one, "p50_us", P50_GOAL),
        line(f"fixed schedule of {half:.0f}/s, p50, engine / ceiling", due, "p50_us", P50_GOAL),
        line(f"fixed schedule of {half:.0f}/s, p99, engine / ceiling", due, "p99_us", P99_GOAL),
        slow_disk(comparison),
    ]
    if options.life:
        comparison.run("64 connections, lives", 64, ("--mode", "life"))
    return lines, comparison.raw
