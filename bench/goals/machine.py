"""What the machine and its processes do: processor time, memory, ports, parts of runs."""
import ctypes
import os
import resource
import signal
import socket
import sys
import time

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_TICKS = os.sysconf("SC_CLK_TCK")


def die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def say(text):
    print("  " + text, file=sys.stderr, flush=True)


def busy_seconds():
    """Processor time of the whole machine so far, idle and waiting left out."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq, *_ = (int(field) for field in file.readline().split()[1:])
    return (user + nice + system + irq + softirq) / _TICKS


def process_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def own_seconds():
    """Of this process and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak_resident_bytes(pid):
    """The most since the process began."""
    with open(f"/proc/{pid}/status") as file:
        return int(next(line for line in file if line.startswith("VmHWM")).split()[1]) * 1024


def folder_bytes(folder, suffix=""):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder)
               for name in names if name.endswith(suffix))


class Watch:
    """The share of the machine that other programs took meanwhile; `pids` are ours, alive all the time."""

    def __init__(self, *pids):
        self.pids, self.share = pids, 0.0

    def _foreign(self):
        return busy_seconds() - sum(process_seconds(pid) for pid in self.pids) - own_seconds()

    def __enter__(self):
        self._began, self._before = time.monotonic(), self._foreign()
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            elapsed = max(time.monotonic() - self._began, 1e-3)
            self.share = max(0.0, (self._foreign() - self._before) / (os.cpu_count() * elapsed))
