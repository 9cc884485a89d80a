"""Calls to the producers' services: one session, one call at a time, a polite rate, retries, and errors that say what to do."""

import hashlib
import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from nlib import __version__
from nlib.errors import BadAnswer, NlibError, SourceChanged, SourceUnavailable

PATIENCE = 8.0  # what may go wrong with one call before it is given up: the costs below are drawn from it
FAULT, BUSY, BROKEN = 1.0, 0.25, 3.0  # no answer or half of one; 429, that only asks us to wait; whole, but not what it should be
LONGEST_PAUSE = 30.0  # seconds; each pause is twice the one before
LONGEST_WAIT = 600.0  # seconds; a service that asks for more is left for later
KNOCK, FIRST = 4.0, 8.0  # seconds to open the first connection to a host, and for it to answer the first time

TITLES = {  # PxWebApi's error titles (the third is spelt so by the service), and what they mean to us
    "Non-existent table": "tabellen finnes ikke lenger, eller har fått et annet nummer",
    "Non-existent value": "en av kodene det spørres etter finnes ikke lenger i tabellen",
    "Non-existent variable": "en av variablene det spørres etter finnes ikke lenger i tabellen",
    "Non-existent codelist": "kodelisten finnes ikke lenger",
    "Missing selection for mandantory variable": "tabellen har fått en variabel som uttrekket må si noe om",
    "Too many cells selected": "uttrekket har flere celler enn tjenesten tillater",
}
CORRECT = "Se tabellen hos produsenten, rett deklarasjonen i nlib.sources og kjør nlib fetch på nytt"


@dataclass(frozen=True)
class Call:
    """One request. `body` is what is posted, None for GET; the same request for the same version has the same `name`."""

    name: str
    address: str
    body: dict | None = None

    @classmethod
    def numbered(cls, number: int, address: str, body: dict | None = None, updated: str | None = None, suffix: str = ".json"):
        """The call whose name is its number in the plan and a hash of what is asked for, of which version."""
        digest = hashlib.sha1(json.dumps([address, body, updated]).encode(), usedforsecurity=False).hexdigest()
        return cls(f"{number:03d}-{digest[:10]}{suffix}", address, body)


@dataclass(frozen=True)
class Plan:
    """The calls that make up one query. `check` refuses what does not answer its call, `accept` is the media type to ask for.

    `axes` holds the codes that are asked for of each variable, of a source that has variables.
    """

    updated: str | None
    calls: tuple[Call, ...]
    metadata: bytes | None
    check: Callable[[Call, bytes], None]
    accept: str = "application/json"
    axes: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True)
class Answer:
    """The bytes that came back, as they came; `fetched` is when (ISO 8601, UTC)."""

    call: Call
    body: bytes
    fetched: str


class _Fault(Exception):
    """Something that may pass: what happened, the error it is if it does not pass, its cost, and the pause the service asks for."""

    def __init__(self, what: str, error: NlibError, cost: float, pause: float | None = None):
        self.what, self.error, self.cost, self.pause = what, error, cost, pause


class Http:
    """The session: at most `calls` calls in a window of seconds, one after the other."""

    def __init__(self, say: Callable[[str], None], timeouts: tuple[float, float], clock, sleep, calls: int, window: float):
        self.say, self.timeouts, self.clock, self.sleep = say, timeouts, clock, sleep
        self.session = requests.Session()
        self.session.headers["User-Agent"] = f"nlib/{__version__}"
        self.met: set[str] = set()  # hosts that have answered
        self.silent: set[str] = set()  # hosts that have been given up
        self.times: deque[float] = deque(maxlen=calls)
        self.window = window

    def pace(self, calls: int, window: float) -> None:
        """The rate from now on; the calls so far count."""
        self.times, self.window = deque(self.times, maxlen=calls), window

    def has_met(self, address: str) -> bool:
        """Whether the host of the address has answered anything yet."""
        return urlsplit(address).netloc in self.met

    def send(
        self,
        address: str,
        body: dict | None = None,
        *,
        accept: str = "application/json",
        check: Callable[[bytes], object] = json.loads,
        patience: float = PATIENCE,
        method: str | None = None,
    ) -> bytes:
        """The body of a whole answer that passes `check`, tried again as long as what goes wrong may pass.

        `SourceUnavailable` when the service does not answer (within seconds if it never has) or turns us away; `SourceChanged`
        when it does not know what is asked for; `BadAnswer` when what it gives is not an answer to it.
        """
        start, usual, host = self.clock(), 1.0, urlsplit(address).netloc
        while True:
            try:
                answer = self._once(method or ("GET" if body is None else "POST"), address, body, accept)
                _pass(check, answer, address)
                return answer
            except _Fault as fault:
                patience -= fault.cost
                if not self.has_met(address):  # one more try, if there is time for it, the first time it is asked
                    quick = self.clock() - start < KNOCK and host not in self.silent
                    patience = min(patience, FAULT if quick else 0)
                if patience <= 0:
                    self.silent.add(host)
                    raise fault.error from fault
                pause = usual if fault.pause is None else fault.pause
                self.say(f"{fault.what}; prøver igjen om {pause:.0f} s")
                self.sleep(pause)
                usual = min(2 * usual, LONGEST_PAUSE)

    def _once(self, method: str, address: str, body: dict | None, accept: str) -> bytes:
        timeouts = self.timeouts
        if not self.has_met(address):
            timeouts = (KNOCK, FIRST)
            if reason := _unreachable(address):
                raise _no_answer(address, reason)
        self._wait_for_turn()
        try:
            answer = self.session.request(method, address, json=body, headers={"Accept": accept}, timeout=timeouts)
        except requests.RequestException as error:  # urllib3 holds the body against Content-Length: a cut answer ends here too
            raise _no_answer(address, _reason(error)) from error
        finally:
            self.times.append(self.clock())  # when the answer is here: the service never sees a tighter row than we count
        self.met.add(urlsplit(address).netloc)
        if answer.status_code == 200:
            return answer.content
        if answer.status_code in (408, 429) or answer.status_code >= 500:
            raise _busy(address, answer, self.window)
        raise _refusal(address, answer)

    def _wait_for_turn(self) -> None:
        if len(self.times) == self.times.maxlen and (early := self.times[0] + self.window - self.clock()) > 0:
            if early >= 5:
                self.say(f"venter {early:.0f} s: tjenesten tar imot {self.times.maxlen} kall på {self.window:.0f} s")
            self.sleep(early)


def _pass(check: Callable[[bytes], object], answer: bytes, address: str) -> None:
    start, end = answer.lstrip()[:1], answer.rstrip()[-1:]
    cut = start == b"{" and end != b"}"
    kind = "en HTML-side" if start == b"<" else "halv JSON" if cut else "noe annet enn det ble spurt om"
    what = f"{address} gir {kind}"
    try:
        check(answer)
    except BadAnswer as error:
        raise _Fault(what, BadAnswer(f"{what}. {error}"), FAULT if cut else BROKEN) from error
    except (ValueError, RecursionError) as error:
        advice = "se om tjenesten er nede eller flyttet, og prøv igjen senere"
        raise _Fault(what, BadAnswer(f"{what}: {advice}"), FAULT if cut else BROKEN) from error


def _no_answer(address: str, reason: str) -> _Fault:
    what = f"Får ikke svar fra {address} ({reason})"
    return _Fault(what, SourceUnavailable(f"{what}: se at nettet virker, og prøv igjen. nlib demo lager tall uten nett"), FAULT)


def _busy(address: str, answer: requests.Response, window: float) -> _Fault | SourceUnavailable:
    """A 429 without `Retry-After` is waited out for a whole window; a wait beyond `LONGEST_WAIT` is left to the user."""
    pause, status = _asked_to_wait(answer), answer.status_code
    if pause is not None and pause > LONGEST_WAIT:
        return SourceUnavailable(f"{address} ber oss vente i {pause / 60:.0f} minutter: kjør nlib fetch igjen da")
    what = f"{address} svarer {status}: tjenesten er opptatt eller nede"
    pause = window if pause is None and status == 429 else pause
    return _Fault(what, SourceUnavailable(f"{what}. Prøv igjen senere"), BUSY if status == 429 else FAULT, pause)


def _refusal(address: str, answer: requests.Response) -> SourceChanged | SourceUnavailable:
    """What a 4xx answer means. PxWebApi gives the cause as a title in JSON; a firewall, or a web server, gives HTML."""
    what = f"{address} svarer {answer.status_code}"
    try:
        title = answer.json()["title"]
    except (ValueError, KeyError, TypeError):
        if answer.status_code in (404, 410):
            return SourceChanged(f"{what}: adressen finnes ikke (lenger), eller er for lang. Se at NLIB_API er riktig. {CORRECT}")
        return SourceUnavailable(f"{what}: vi slippes ikke til. Se at NLIB_API er riktig og at nettet ikke sperrer for tjenesten")
    return SourceChanged(f"{what} «{title}»: {TITLES.get(title, 'tjenesten avviser spørringen')}. {CORRECT}")


def _asked_to_wait(answer: requests.Response) -> float | None:
    """Seconds in `Retry-After`, which is a number or a date; None where there is none that can be read."""
    header = answer.headers.get("Retry-After")
    try:
        return None if header is None else Retry().parse_retry_after(header)
    except InvalidHeader:
        return None


def _reason(error: Exception) -> str:
    reasons = {
        requests.exceptions.SSLError: "sertifikatet holder ikke",
        requests.exceptions.ProxyError: "mellomtjeneren slipper oss ikke gjennom",
        requests.exceptions.ChunkedEncodingError: "svaret ble kuttet",
        requests.Timeout: "for lang ventetid",
        TimeoutError: "for lang ventetid",
        socket.gaierror: "navnet er ukjent",
        ConnectionRefusedError: "ingen tjeneste svarer der",
    }
    return next((text for kind, text in reasons.items() if isinstance(error, kind)), "forbindelsen brast")


def _unreachable(address: str) -> str | None:
    """Why no connection to the host (or to the proxy before it) can be opened within `KNOCK` seconds, None if it can.

    In a thread of its own: looking up a name has no time-out, and each of a host's addresses would be given one.
    """
    target = urlsplit(select_proxy(address, get_environ_proxies(address)) or address)
    port = target.port or (443 if target.scheme == "https" else 80)
    outcome: list[str | None] = ["for lang ventetid"]

    def knock():
        try:
            socket.create_connection((target.hostname, port), KNOCK).close()
            outcome[0] = None
        except OSError as error:
            outcome[0] = _reason(error)

    thread = threading.Thread(target=knock, daemon=True)
    thread.start()
    thread.join(KNOCK)
    return outcome[0]
