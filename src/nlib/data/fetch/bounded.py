"""One request whose time and bytes are bounded, whatever the other end does, and that never leaves the host it was sent to."""

import contextlib
import socket
import threading
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
    """The connections of a request: they can be cut from another thread, whatever is being read from them."""

    def __init__(self):
        self.twins: list[socket.socket] = []  # of each socket one of our own: TLS and urllib3 let go of theirs while they read

    def cut(self) -> None:
        for twin in list(self.twins):
            with contextlib.suppress(OSError):  # the other end has gone already
                twin.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        while self.twins:
            self.twins.pop().close()

    def pools(self) -> dict[str, type[HTTPConnectionPool]]:
        """The classes that urllib3 is to open connections with, by scheme."""
        twins = self.twins

        class Twinned:
            def _new_conn(self):
                opened = super()._new_conn()  # type: ignore[misc]  # of the class it is mixed into
                twins.append(opened.dup())
                return opened

        def pool(base: type[HTTPConnectionPool], connection: type[HTTPConnection]) -> type[HTTPConnectionPool]:
            return type(base.__name__, (base,), {"ConnectionCls": type(connection.__name__, (Twinned, connection), {})})

        return {"http": pool(HTTPConnectionPool, HTTPConnection), "https": pool(HTTPSConnectionPool, HTTPSConnection)}


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
    """Requests one after the other, each on a connection of its own; `bytes` counts what has come of their bodies."""

    def __init__(self, agent: str):
        self.connections = _Connections()
        self.session = requests.Session()
        self.session.headers.update({"User-Agent": agent, "Connection": "close"})
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, _Adapter(self.connections))
        self.bytes = 0

    def ask(
        self, method: str, address: str, body: dict | None, accept: str, timeouts: tuple[float, float], largest: int, longest: float
    ) -> Reply:
        """The whole reply, within `longest` seconds and of at most `largest` bytes; followed to another path of the same host.
        `requests.RequestException` for all that goes wrong on the way, `TooLong`, `TooLarge` and `Elsewhere` among them."""
        late = threading.Event()

        def cut():
            late.set()
            self.connections.cut()

        watch = threading.Timer(longest, cut)
        watch.daemon = True
        watch.start()
        try:
            reply = self._followed(method, address, body, accept, timeouts, largest, late)
            if late.is_set():  # what was cut may look like an end
                raise TooLong
            return reply
        except (requests.RequestException, OSError, ValueError) as error:
            if late.is_set():
                raise TooLong from error
            if isinstance(error, requests.RequestException):
                raise
            raise requests.ConnectionError(error) from error  # what the other end wrote cannot even be read as HTTP
        finally:
            watch.cancel()
            self.connections.close()

    def _followed(self, method, address, body, accept, timeouts, largest, late) -> Reply:
        """The reply at the end of at most `REDIRECTS` steps on the host."""
        for _ in range(REDIRECTS + 1):
            answer = self.session.request(
                method, address, json=body, headers={"Accept": accept}, timeout=timeouts, stream=True, allow_redirects=False
            )
            with answer:
                if not answer.is_redirect:
                    return Reply(answer.status_code, answer.headers, self._read(answer, largest, late))
                address = _onwards(address, answer)
        raise Elsewhere(address)

    def _read(self, answer: requests.Response, largest: int, late: threading.Event) -> bytes:
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
            if late.is_set():
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
