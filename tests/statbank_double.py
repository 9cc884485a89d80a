"""A service on loopback that answers what a test tells it to, and remembers what it was asked."""

import http.server
import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Reply:
    body: object = ""
    status: int = 200
    headers: dict = field(default_factory=dict)
    cut: int | None = None  # bytes that are sent of a body whose whole length is promised
    promise: bool = True  # whether the length is told at all

    @property
    def bytes(self) -> bytes:
        return (
            self.body
            if isinstance(self.body, bytes)
            else (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()
        )


@dataclass
class Asked:
    method: str
    path: str
    body: dict | None
    headers: dict


class Double:
    """`replies[part]` are given in turn to requests whose path holds `part`, the last one for ever after."""

    def __init__(self):
        self.replies: dict[str, list[Reply]] = defaultdict(list)
        self.asked: list[Asked] = []

    def says(self, part: str, *replies) -> None:
        self.replies[part] = [reply if isinstance(reply, Reply | type(lambda: 0)) else Reply(reply) for reply in replies]

    def paths(self, part: str) -> list[Asked]:
        return [asked for asked in self.asked if part in asked.path]

    def reply(self, asked: Asked) -> Reply:
        part = next((part for part in self.replies if part in asked.path), None)
        if part is None:
            return Reply("<!DOCTYPE html><html><body><h2>404</h2></body></html>", 404)
        told = self.replies[part]
        reply = told.pop(0) if len(told) > 1 else told[0]
        return reply if isinstance(reply, Reply) else Reply(reply(asked))


@contextmanager
def serving(double: Double):
    """The address of the double while it answers."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            self.answer()

        def do_POST(self):
            self.answer()

        def do_HEAD(self):
            self.answer()

        def answer(self):
            posted = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, json.loads(posted) if posted else None, dict(self.headers))
            double.asked.append(asked)
            reply = double.reply(asked)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.promise:
                self.send_header("Content-Length", str(len(reply.bytes)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.bytes[: reply.cut])
            self.close_connection = reply.cut is not None or not reply.promise

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
