"""What integrators do with definitions over HTTP: lint, publish, try. The bytes count, so bodies go as they are."""
import json
import os
import re
import sys
import tempfile
import uuid

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
from tests.support import live  # noqa: E402

MONDAY = "2026-03-02T09:00:00+07:00"
NEW = "9.000027"  # a code that the catalogue does not ship


def definition(version=1, since="2026-03-02", code=NEW, **changes):
    """Temporary residence under a code of its own."""
    made = live.definition("1.004194")
    made.update(code=code, version=version, effective={"from": since, "open_cases": "keep"})
    return dict(made, **changes)


def one_day(version=2, since="2026-03-09", **changes):
    """The same with one working day for the whole procedure."""
    made = definition(version, since, **changes)
    made["time_limit"]["amount"] = 1
    for state in states_of(made["machine"]):
        state.pop("time_limit", None)
    return made


def birth_certificate():
    """A paper that is the result of another procedure: the linter warns."""
    kept = next(result for result in live.definition("1.001193")["results"] if result.get("reusable") is True)
    return {"code": kept["code"], "name": kept["name"], "required": True, "form": "original", "law": "unverified"}


def states_of(machine):
    for state in machine.get("states", {}).values():
        yield state
        yield from states_of(state)


def encoded(body):
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


class PublishingTest(live.LiveTest):
    def begin(self, now=MONDAY, workflows=live.WORKFLOWS):
        type(self).engine = live.Engine(tempfile.mkdtemp(dir=self.folder), now, workflows=workflows)
        self.addCleanup(self.engine.stop)

    def again(self, how="stop", now=MONDAY):
        getattr(self.engine, how)()
        self.engine.start(now)

    def call(self, path, body, role="integrator", key=None):
        """(status, JSON, headers) of a POST of these bytes; no key where `key` is ""."""
        headers = {"Content-Type": "application/json", "Authorization": "Bearer " + self.as_role(role)}
        if key != "":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        status, answer, fields = self.engine.exchange("POST", "/api/v1" + path, encoded(body), headers)
        return status, json.loads(answer or b"null"), fields

    def publish(self, body, role="integrator", key=None):
        return self.call("/procedures", body, role, key)

    def published(self, body):
        status, answer, _ = self.publish(body)
        self.assertEqual(status, 201, answer)
        return answer

    def lint(self, body, role="integrator"):
        return self.call("/procedures/lint", body, role, key="")

    def procedures(self):
        return self.get("/procedures?limit=200")["items"]

    def line(self, code=NEW):
        return next(line for line in self.procedures() if line["code"] == code)

    def versions(self, code=NEW):
        return self.get(f"/procedures/{code}/versions")["items"]

    def position(self):
        metrics = self.engine.exchange("GET", "/metrics")[1].decode()
        return int(float(re.search(r"^motcua_log_position (\S+)$", metrics, re.M).group(1)))

    def bytes_of(self, code=NEW, version=1):
        token = self.as_role("desk_officer")
        status, body, _ = self.engine.exchange("GET", f"/api/v1/procedures/{code}?version={version}",
                                               headers={"Authorization": "Bearer " + token})
        return body if status == 200 else None

    def stay(self, code=NEW):
        return live.stay(procedure=code)

    def assert_in_order(self):
        """Stop, and have the log and the rows looked through."""
        self.engine.stop()
        for command in (("audit", "verify"), ("views", "check")):
            self.assertEqual(self.engine.run(*command).returncode, 0, command)


main = live.main
