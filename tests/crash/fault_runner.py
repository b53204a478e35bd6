"""Runs named faults: one line for each that is skipped, one line for all."""
import unittest


class _Result(unittest.TextTestResult):
    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"SKIPPED {test.id().split('.', 1)[-1]}: {reason}", flush=True)


def runner(title):
    class Runner(unittest.TextTestRunner):
        resultclass = _Result

        def run(self, test):
            result = super().run(test)
            broken = len(result.failures) + len(result.errors)
            print(f"{title}: {result.testsRun - len(result.skipped)} faults, {broken} broken promises", flush=True)
            return result

    return Runner
