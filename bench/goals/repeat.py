"""Repetitions of several sides in turn."""
from .machine import say
from .table import NOISE_MAX, noise

ROUNDS_MAX = 3         # how often the repetitions are repeated because of noise
REPETITIONS_MAX = 24   # of one side, however few requests it gives


def interleave(sides, repetitions, keys, enough=None):
    """Reports of each side, measured A B A B ...; again while a side is noisy in one of `keys`, or there is not
    `enough`. `sides`: name to a function that measures once."""
    results = {name: [] for name in sides}
    rounds = 0
    while True:
        for _ in range(repetitions):
            for name, measure in sides.items():
                results[name].append(measure())
        rounds += 1
        done = len(next(iter(results.values())))
        if enough is not None and not enough(results) and done < REPETITIONS_MAX:
            continue
        if all(noise(values(results, key, name)) <= NOISE_MAX for name in sides for key in keys):
            return results
        if rounds >= ROUNDS_MAX:
            say("noisy: given up")
            return results
        say(f"noisy (max/min over {NOISE_MAX}): again")


def values(results, key, name):
    return [report[key] for report in results[name]]


def busiest(results):
    return max(report["others"] for reports in results.values() for report in reports)
