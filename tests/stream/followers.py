"""Readers of the live stream as clients write them: server-sent events over HTTP/1.1 chunks, resumed by Last-Event-ID."""
import json
import socket
import threading
import time


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status} {body[:300]!r}")
        self.status, self.body = status, body


class Stream:
    """One connection. `messages` yields (event, id, data) until the stream ends, or for `patience` nothing comes."""

    def __init__(self, port, token, query="", last_id=None, receive_bytes=0, patience=30, version="1.1"):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(patience)
        self.socket.connect(("127.0.0.1", port))
        last = f"Last-Event-ID: {last_id}\r\n" if last_id is not None else ""
        self.socket.sendall((f"GET /api/v1/events{query} HTTP/{version}\r\nHost: t\r\nAuthorization: Bearer {token}\r\n"
                             f"{last}\r\n").encode())
        self.bytes, self.ended_whole = b"", False
        head = self._until(b"\r\n\r\n")
        self.head = head.decode().lower()
        self.status = int(head.split(b" ")[1])
        self.chunked = "transfer-encoding: chunked" in self.head
        if self.status != 200:
            length = next(int(line.split(":")[1]) for line in self.head.split("\r\n") if line.startswith("content-length:"))
            while len(self.bytes) < length:
                self._more()
            self.close()
            raise Refused(self.status, self.bytes[:length])
        self.text = b""

    def _more(self):
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("closed")
        self.bytes += part

    def _until(self, mark):
        while mark not in self.bytes:
            self._more()
        taken, _, self.bytes = self.bytes.partition(mark)
        return taken

    def _piece(self):
        if not self.chunked:
            while not self.bytes:
                self._more()
            piece, self.bytes = self.bytes, b""
            return piece
        size = int(self._until(b"\r\n"), 16)
        while len(self.bytes) < size + 2:
            self._more()
        piece, self.bytes = self.bytes[:size], self.bytes[size + 2:]
        self.ended_whole = size == 0
        return piece

    def messages(self):
        while True:
            try:
                piece = self._piece()
            except (ConnectionError, TimeoutError):
                return
            if self.ended_whole:
                return
            self.text += piece
            *blocks, self.text = self.text.split(b"\n\n")
            for block in blocks:
                fields = {}
                for line in block.decode().split("\n"):
                    name, _, value = line.partition(": ")
                    fields[name] = value
                if "data" in fields:
                    yield fields.get("event", "message"), int(fields["id"]), json.loads(fields["data"])

    def close(self):
        self.socket.close()


class Follower(threading.Thread):
    """Follows from `after` on, comes and goes, and remembers every event in the order in which it came."""

    def __init__(self, port, token, after, random, until, stays=False):
        super().__init__(daemon=True)
        self.port, self.token, self.last_id, self.random, self.until, self.stays = port, token, after, random, until, stays
        self.events, self.connections, self.dropped, self.failure = [], 0, 0, ""

    def run(self):
        end = time.monotonic() + 120
        try:
            while not self.done():
                if time.monotonic() > end:
                    raise AssertionError(f"stands at {self.last_id} of {self.until()}")
                self.once()
        except Exception as error:  # noqa: BLE001  (told to the test)
            self.failure = repr(error)

    def done(self):
        return self.until() is not None and self.last_id >= self.until()

    def once(self):
        try:
            stream = Stream(self.port, self.token, last_id=self.last_id, patience=5)
        except (ConnectionError, TimeoutError):
            time.sleep(0.05)
            return
        self.connections += 1
        left = 10 ** 9 if self.stays else self.random.randrange(1, 400)
        for event, position, data in stream.messages():
            self.last_id = position
            self.dropped += event == "dropped"
            if event == "message":
                self.events.append((position, data))
                left -= 1
            if left == 0 or self.done():
                break
        stream.close()
