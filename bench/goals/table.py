"""One line for each goal: what was measured, what was wanted, and whether the figures can carry a verdict."""
import dataclasses
import statistics

NOISE_MAX = 1.5  # max/min of the repetitions of one side
BUSY_MAX = 0.15  # share of the machine that other programs may take


def median(values):
    return statistics.median(values)


def noise(*sides):
    """The worst max/min of any side's repetitions."""
    return max(max(values) / min(values) if min(values) > 0 else float("inf") for values in sides)


@dataclasses.dataclass
class Line:
    goal: str
    bound: float
    at_least: bool = False          # else at most
    measured: float = None          # None: not measured, `remark` says why
    unit: str = "x"
    noise: float = 1.0
    busy: float = 0.0
    implausible: bool = False
    remark: str = ""

    def flags(self):
        """Why the figure carries no verdict; empty if it does."""
        reasons = {"NOISY": self.noise > NOISE_MAX, "BUSY": self.busy > BUSY_MAX, "IMPLAUSIBLE": self.implausible}
        return [name for name, holds in reasons.items() if holds]

    def verdict(self):
        if self.measured is None:
            return "SKIPPED"
        if self.flags():
            return "no verdict: " + ", ".join(self.flags())
        reached = self.measured >= self.bound if self.at_least else self.measured <= self.bound
        return "reached" if reached else "MISSED"


def ratio(goal, over, under, bound, at_least=False, **more):
    """A line of the ratio of two sides' medians."""
    return Line(goal, bound, at_least, median(over) / median(under), noise=noise(over, under), **more)


def skipped(goal, bound, why, at_least=False, unit="x"):
    return Line(goal, bound, at_least, unit=unit, remark=why)


def print_table(lines):
    print(f"{'goal':66} {'measured':>9} {'wanted':>9}  {'max/min':>7} {'others':>6}  verdict")
    for line in lines:
        wanted = f"{'>=' if line.at_least else '<='} {line.bound:g}"
        if line.measured is None:
            print(f"{line.goal:66} {'-':>9} {wanted:>9}  {'-':>7} {'-':>6}  SKIPPED: {line.remark}")
            continue
        figure = f"{line.measured:.2f} {line.unit}"
        print(f"{line.goal:66} {figure:>9} {wanted:>9}  {line.noise:7.2f} {line.busy:6.0%}  {line.verdict()}"
              + (f"  ({line.remark})" if line.remark else ""))
