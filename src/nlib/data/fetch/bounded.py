"""One request whose time and bytes are bounded, whatever the other end does, and that never leaves the host it was sent to."""

import contextlib
import socket
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

LONGEST_ANSWER = 600.0  # seconds from the question to the last byte
LARGEST_ERROR = 65_536  # bytes that are read of an answer that is not one
REDIRECTS = 5
CHUNK = 65_536


class TooLong(requests.Timeout):
    """The whole answer was not here in time, though its bytes may have kept coming."""


class TooLarge(requests.RequestException):
    """More bytes than an answer may have; `size` is what was promised, or how many had come."""

    def __init__(self, size: int):
        super().__init__(f"{size} bytes")
        self.size = size


class Elsewhere(requests.RequestException):
    """The host sends us on to another, `address`, or round in a ring."""

    def __init__(self, address: str):
        super().__init__(address)
        self.address = address


@dataclass(frozen=True)
class Reply:
    """What came: the status, the headers, and the body whole (the beginning of it where the status is not 200)."""

    status: int
    headers: requests.structures.CaseInsensitiveDict
    body: bytes


class _Connections:
    """The connections of a session: those that are open can be cut from another thread, also while headers are read."""

    def __init__(self):
        self.there: weakref.WeakSet = weakref.WeakSet()

    def cut(self) -> None:
        for connection in list(self.there):
            if (open_socket := getattr(connection, "sock", None)) is not None:
                with contextlib.suppress(OSError):  # it has just been closed
                    socket.socket.shutdown(open_socket, socket.SHUT_RDWR)

    def pools(self) -> dict[str, type[HTTPConnectionPool]]:
        """The classes that urllib3 is to open connections with, by scheme."""
        there = self.there

        class Plain(HTTPConnection):
            def connect(self):
                there.add(self)
                super().connect()

        class Secure(HTTPSConnection):
            def connect(self):
                there.add(self)
                super().connect()

        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        return {"http": plain, "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})}


class _Adapter(HTTPAdapter):
    """requests' own, with connections that can be cut."""

    def __init__(self, connections: _Connections):
        self.connections = connections
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self.connections.pools()

    def proxy_manager_for(self, proxy, **kwargs):
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self.connections.pools()
        return manager


class Session:
    """Requests one after the other; `bytes` counts what has come of their bodies."""

    def __init__(self, agent: str):
        self.connections = _Connections()
        self.session = requests.Session()
        self.session.headers["User-Agent"] = agent
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, _Adapter(self.connections))
        self.bytes = 0

    def ask(
        self,
        method: str,
        address: str,
        body: dict | None,
        accept: str,
        timeouts: tuple[float, float],
        largest: int,
        longest: float,
    ) -> Reply:
        """The whole reply, within `longest` seconds and of at most `largest` bytes; followed to another path of the same host.

        `requests.RequestException` for all that goes wrong on the way, `TooLong`, `TooLarge` and `Elsewhere` among them.
        """
        end = time.monotonic() + longest
        late = threading.Event()

        def cut():
            late.set()
            self.connections.cut()

        watch = threading.Timer(longest, cut)
        watch.daemon = True
        watch.start()
        try:
            for _ in range(REDIRECTS + 1):
                answer = self.session.request(
                    method,
                    address,
                    json=body,
                    headers={"Accept": accept},
                    timeout=timeouts,
                    stream=True,
                    allow_redirects=False,
                )
                with answer:
                    if answer.is_redirect:
                        address = _onwards(address, answer)
                        continue
                    return Reply(answer.status_code, answer.headers, self._read(answer, largest, lambda: time.monotonic() > end))
            raise Elsewhere(address)
        except (requests.RequestException, OSError, ValueError) as error:
            if late.is_set():
                raise TooLong from error
            if isinstance(error, requests.RequestException):
                raise
            raise requests.ConnectionError(error) from error  # what the other end wrote cannot even be read as HTTP
        finally:
            watch.cancel()

    def _read(self, answer: requests.Response, largest: int, late: Callable[[], bool]) -> bytes:
        """The body as it stands in the answer, unpacked; only its beginning where the answer tells of an error."""
        fine = answer.status_code == 200
        promised = answer.headers.get("Content-Length", "")
        if fine and promised.isdecimal() and len(promised) < 20 and int(promised) > largest:
            raise TooLarge(int(promised))
        parts, size = [], 0
        for part in answer.iter_content(CHUNK):
            parts.append(part)
            size += len(part)
            self.bytes += len(part)
            if late():
                raise TooLong
            if not fine and size >= LARGEST_ERROR:
                break
            if size > largest:
                raise TooLarge(size)
        return b"".join(parts)


def _onwards(address: str, answer: requests.Response) -> str:
    """Where a redirect leads, on the same host and no less secure."""
    target = urljoin(address, answer.headers["Location"])
    here, there = urlsplit(address), urlsplit(target)
    upgraded = (here.scheme, there.scheme) == ("http", "https")
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    if not (same or (upgraded and here.hostname == there.hostname)):
        raise Elsewhere(target)
    return target
