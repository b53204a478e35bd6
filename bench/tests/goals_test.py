"""What the bench's table may say."""
import argparse
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from goals import repeat, sizes, table  # noqa: E402
from goals.store_goals import add  # noqa: E402
from goals.memory_goals import slope  # noqa: E402
from goals.timer_goals import p99_of  # noqa: E402


class Verdicts(unittest.TestCase):
    def test_a_ratio_of_medians_is_judged_by_its_bound(self):
        self.assertEqual(table.ratio("g", [9, 7, 8], [10, 10, 10], 0.8, True).verdict(), "reached")
        self.assertEqual(table.ratio("g", [9, 7, 7.9], [10, 10, 10], 0.8, True).verdict(), "MISSED")
        self.assertEqual(table.ratio("g", [16, 15, 15], [10, 10, 10], 1.5).verdict(), "reached")
        self.assertEqual(table.ratio("g", [16, 16, 15], [10, 10, 10], 1.5).verdict(), "MISSED")

    def test_noise_of_either_side_takes_the_verdict_away(self):
        self.assertIn("NOISY", table.ratio("g", [10, 16], [10, 10], 5).verdict())
        self.assertIn("NOISY", table.ratio("g", [10, 10], [10, 16], 5).verdict())

    def test_a_busy_machine_and_an_impossible_figure_take_the_verdict_away(self):
        self.assertIn("BUSY", table.ratio("g", [1], [1], 5, busy=0.2).verdict())
        self.assertIn("IMPLAUSIBLE", table.ratio("g", [1], [1], 5, implausible=True).verdict())

    def test_what_was_not_measured_is_skipped_and_never_reached(self):
        self.assertEqual(table.skipped("g", 5, "no reason").verdict(), "SKIPPED")


class Repetitions(unittest.TestCase):
    def side(self, figures):
        left = iter(figures)
        return lambda: {"x": next(left), "others": 0}

    def test_noisy_sides_are_repeated_and_given_up_after_three_rounds(self):
        calm = repeat.interleave({"a": self.side([1, 1]), "b": self.side([1, 1])}, 2, ("x",))
        self.assertEqual(len(calm["a"]), 2)
        noisy = repeat.interleave({"a": self.side([1, 9] * 3), "b": self.side([1] * 6)}, 2, ("x",))
        self.assertEqual(len(noisy["b"]), 6)

    def test_repetitions_go_on_until_there_is_enough(self):
        results = repeat.interleave({"a": self.side([1] * 8)}, 2, ("x",), lambda so_far: len(so_far["a"]) >= 5)
        self.assertEqual(len(results["a"]), 6)


class Sums(unittest.TestCase):
    def test_repetitions_of_two_runs_are_joined_and_differing_hashes_end_the_run(self):
        total = add({}, {"scan": {"s": [1]}, "state_hash": "a"})
        self.assertEqual(add(total, {"scan": {"s": [2]}, "state_hash": "a"})["scan"]["s"], [1, 2])
        with self.assertRaises(Exception):
            add(total, {"scan": {"s": [3]}, "state_hash": "b"})

    def test_the_p99_is_that_of_all_reports_together(self):
        self.assertEqual(p99_of([{"histogram": [[10, 98]]}, {"histogram": [[20, 1], [30, 1]]}]), 20)
        self.assertEqual(p99_of([{"histogram": [[10, 97]]}, {"histogram": [[20, 1], [30, 2]]}]), 30)

    def test_the_slope_is_that_of_a_line(self):
        self.assertAlmostEqual(slope([(0, 5), (1, 7), (2, 9)]), 2)

    def test_an_option_given_stands_against_quick(self):
        parser = argparse.ArgumentParser()
        sizes.add_options(parser)
        options = parser.parse_args(["--timers", "7"])
        options.quick = True
        sizes.fill_in(options)
        self.assertEqual((options.timers, options.repetitions), (7, 2))


if __name__ == "__main__":
    unittest.main()
