"""Clients that remember what they were told: each owns its cases and notes every command before it is sent and after it
is acknowledged. What they know is the oracle of the crash tests."""
import json
import random
import socket
import threading
import time

FILING = {
    "procedure": "1.001193", "channel": "counter",
    "applicant": {"personal_id": "000000000101", "full_name": "Nguyễn Văn An", "birth_date": "1990-05-17"},
    "data": {"requester": {"full_name": "Nguyễn Văn An", "relation": "cha"},
             "child": {"full_name": "Nguyễn Minh Khôi", "birth_date": "2026-02-20", "sex": "male",
                       "birth_place": "Bệnh viện đa khoa vùng Tây Nguyên"}},
    "papers": [{"code": "to_khai"}, {"code": "giay_chung_sinh"}],
}
EVENT_TYPES = {
    "file": "case.filed", "receive": "case.received", "claim": "case.step_claimed", "release": "case.step_released",
    "note": "case.noted", "step": "case.step_taken", "resolve": "case.resolved",
    "return_result": "case.result_returned",
}
CLOSING = [
    ("case_officer", "step", {"event": "finish_check"}),
    ("case_officer", "step", {"event": "submit"}),
    ("signatory", "step", {"event": "sign"}),
    ("case_officer", "resolve", {"results": [{"code": "KQ.G15.000031"}]}),
    ("desk_officer", "return_result", {"channel": "counter", "to": "Nguyễn Văn An"}),
]
PAUSE_SECONDS = 0.004  # at most, between two commands: the proof needs many cycles more than many commands
OPEN_CASES = 4        # of one client
LIFE_VERSIONS = 24    # a case older than this is closed


class Command:
    """One command: what is sent, byte for byte, and what was answered."""

    def __init__(self, case, role, command, key, body):
        self.case = case
        self.role = role
        self.command = command
        self.key = key
        self.body = body
        self.version = 0  # as acknowledged


class Case:
    def __init__(self):
        self.id = ""
        self.version = 0
        self.commands = []  # acknowledged, in order
        self.received = False
        self.claimed = False
        self.closing = 0    # steps of CLOSING done
        self.touched = True


class Refused(Exception):
    """The server said no where it must say yes."""


class Link:
    """A keep-alive connection with just enough HTTP."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def close(self):
        self.socket.close()

    def post(self, command, token):
        path = "/api/v1/cases" if command.command == "file" else f"/api/v1/cases/{command.case.id}/commands"
        head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Type: application/json\r\nIdempotency-Key: {command.key}\r\n"
                f"Content-Length: {len(command.body)}\r\n\r\n")
        self.socket.sendall(head.encode() + command.body)
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
        self.buffer = rest
        while len(self.buffer) < length:
            self._more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return int(lines[0].split(" ")[1]), body

    def _more(self):
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("closed")
        self.buffer += part


class Client:
    """Sends commands until told to stop or until the server goes away. Its memory lives through all cycles."""

    def __init__(self, name, seed):
        self.label = name
        self.random = random.Random(f"{seed}-{name}")
        self.cases = []
        self.closed = []
        self.keys = 0
        self.pending = None  # sent, not acknowledged
        self.failure = ""
        self.acknowledged = 0
        self.duplicates = 0
        self.stopping = False

    def start(self, server):
        self.server_port, self.tokens = server.port, server.tokens
        self.idempotent = server.name == "motcua"
        self.stopping = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def join(self):
        self.stopping = True
        self.thread.join(60)
        if self.thread.is_alive():
            self.failure = "a client hangs"

    def run(self):
        link = None
        try:
            link = Link(self.server_port)
            while not self.stopping:
                command = self.next_command()
                self.pending = command
                self.acknowledge(command, *link.post(command, self.tokens.get(command.role, "")))
                if self.idempotent and self.random.random() < 0.02:
                    self.repeat(link, command)
                time.sleep(self.random.uniform(0, PAUSE_SECONDS))
        except OSError:
            pass  # the cut; `pending` says what is unknown
        except Refused as refusal:
            self.failure = str(refusal)
        finally:
            if link is not None:
                link.close()

    def all_cases(self):
        return self.cases + self.closed

    def next_command(self):
        if len(self.cases) < OPEN_CASES and self.random.random() < 0.5 or not self.cases:
            return self.compose(Case(), "desk_officer", "file", FILING)
        case = self.random.choice(self.cases)
        if not case.received:
            return self.compose(case, "desk_officer", "receive", {})
        if case.closing == 0 and case.version < LIFE_VERSIONS:
            if self.random.random() < 0.2:
                return self.compose(case, "desk_officer", "note", {"text": f"ghi chú {self.keys}"})
            return self.compose(case, "case_officer", "release" if case.claimed else "claim", {})
        if case.closing == 0 and not case.claimed:
            return self.compose(case, "case_officer", "claim", {})
        return self.compose(case, *CLOSING[case.closing])

    def compose(self, case, role, command, data):
        self.keys += 1
        body = data if command == "file" else {"command": command, "expected_version": case.version, "data": data}
        return Command(case, role, command, f"{self.label}-{self.keys}", json.dumps(body).encode())

    def acknowledge(self, command, status, body):
        if status == 503:
            raise ConnectionError("outcome unknown")
        if status not in (200, 201):
            raise Refused(f"{command.command} at version {command.case.version}: {status} {body[:600]!r}")
        answer = json.loads(body)
        case = command.case
        command.version = answer["version"]
        if command.command == "file":
            case.id = answer["id"]
            self.cases.append(case)
        elif command.version <= case.version:
            raise Refused(f"{command.command}: version {command.version} after {case.version}")
        case.version = command.version
        case.commands.append(command)
        case.touched = True
        self.pending = None
        self.acknowledged += 1
        self.follow(case, command.command)

    def follow(self, case, name):
        if name == "receive":
            case.received = True
        elif name in ("claim", "release"):
            case.claimed = name == "claim"
        elif name in ("step", "resolve", "return_result"):
            case.closing += 1
            if case.closing == len(CLOSING):
                self.cases.remove(case)
                self.closed.append(case)

    def repeat(self, link, command):
        """The same key and body again: the same answer, no new event."""
        status, body = link.post(command, self.tokens.get(command.role, ""))
        if status == 503:
            raise ConnectionError("outcome unknown")
        if status not in (200, 201) or json.loads(body)["version"] != command.version:
            raise Refused(f"repeated {command.command}: {status} {body[:600]!r}, first answered {command.version}")
        self.duplicates += 1
