"""The engine under libfaketime: its wall clock is moved while it runs, its monotonic clock is the machine's."""
import glob
import json
import os
import subprocess

import live

# jemalloc asks for the time before libfaketime knows it: under a moved clock the allocator is that of the C library.
_LIBRARIES = ("faketime/libfaketimeMT.so.1", "libstdc++.so.6", "libc.so.6")


def _preload():
    found = [glob.glob("/usr/lib/*/" + name) for name in _LIBRARIES]
    missing = [name for name, paths in zip(_LIBRARIES, found) if not paths]
    if missing:
        raise RuntimeError("libraries of the clock faults are missing: " + ", ".join(missing))
    return " ".join(paths[0] for paths in found)


class Engine(live.Engine):
    """Not a development server, so that the checks at start are on; tokens of a development key, minted by its clock."""

    def __init__(self, folder, offset="+0", population=None, timezone=None, ready="/health/ready"):
        self.offset_file, self.zone = os.path.join(folder, "offset"), timezone
        self.folder, self.data = folder, os.path.join(folder, "data")
        self._make_keys()
        self.move(offset)
        self.ready = ready
        super().__init__(folder, None, population)

    def _make_keys(self):
        """A development server makes its key at its first start; only its public half is for the engine."""
        probe, log = live.Process(), os.path.join(self.folder, "keys.log")
        probe.launch([live._binaries["motcua"], "serve", "--dev", "--data", self.data, "--listen", f"127.0.0.1:{probe.port}",
                      "--workflows", live.WORKFLOWS], log)
        probe.wait_for("/health/ready", log)
        probe.stop()
        with open(os.path.join(self.data, "dev-key.jwk"), encoding="utf-8") as file:
            key = json.load(file)
        self.jwks = os.path.join(self.folder, "jwks.json")
        with open(self.jwks, "w", encoding="utf-8") as file:
            json.dump({"keys": [{name: value for name, value in key.items() if name != "d"}]}, file)

    def start(self, now, ready=None):
        super().start(now, ready or self.ready)

    def identity(self):
        return ["--jwks", self.jwks]

    def environment(self):
        changed = {"LD_PRELOAD": _preload(), "FAKETIME_TIMESTAMP_FILE": self.offset_file, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                   "FAKETIME_NO_CACHE": "1"}
        if self.zone is not None:
            changed["TZ"] = self.zone
        kept = {name: value for name, value in os.environ.items() if name != "TZ"}
        return dict(kept, **changed)

    def move(self, offset):
        """The wall clock shows the machine's time plus `offset`, e.g. `+30d`, `-1h`. Tokens are of one clock only."""
        self._tokens = {}
        with open(self.offset_file + ".new", "w", encoding="utf-8") as file:
            file.write(offset + "\n")
        os.rename(self.offset_file + ".new", self.offset_file)

    def metric(self, name):
        text = self.exchange("GET", "/metrics")[1].decode()
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))

    def restart(self, offset, ready="/health/live"):
        self.stop()
        self.move(offset)
        self.start(None, ready)

    def processor_seconds(self):
        with open(f"/proc/{self.child.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
