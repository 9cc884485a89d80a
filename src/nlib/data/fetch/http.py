"""Calls to the producers' services: one at a time, at a polite rate, with retries, and errors that say what to do."""

import hashlib
import json
import re
import socket
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies, select_proxy

from nlib import __version__
from nlib.core.errors import BadAnswer, NlibError, SourceChanged, SourceUnavailable
from nlib.data.fetch import bounded
from nlib.data.fetch.bounded import Reply

PATIENCE = 8.0  # what may go wrong with one call before it is given up: the costs below are drawn from it
FAULT, BUSY, BROKEN = 1.0, 0.25, 3.0  # no answer or half of one; 429, that only asks us to wait; whole, but not what it should be
LONGEST_PAUSE = 30.0  # seconds; each pause is twice the one before
LONGEST_WAIT = 600.0  # seconds; a service that asks for more is left for later
LONGEST_CALL = 1800.0  # seconds for one call with all its retries and pauses
LARGEST = 100_000_000  # bytes of an answer; SSB's largest, of 800 000 cells, is about 20 million
KNOCK, FIRST = 4.0, 8.0  # seconds to open the first connection to a host, and for it to answer the first time
MOST_CALLS, LONGEST_WINDOW, SLOWEST = 10_000, 600.0, 60.0  # what a service may ask for: calls, seconds of a window, seconds a call

TITLES = {  # PxWebApi's error titles (the third is spelt so by the service), and what they mean to us
    "Non-existent table": "tabellen finnes ikke lenger, eller har fått et annet nummer",
    "Non-existent value": "en av kodene det spørres etter finnes ikke lenger i tabellen",
    "Non-existent variable": "en av variablene det spørres etter finnes ikke lenger i tabellen",
    "Non-existent codelist": "kodelisten finnes ikke lenger",
    "Missing selection for mandantory variable": "tabellen har fått en variabel som uttrekket må si noe om",
    "Too many cells selected": "uttrekket har flere celler enn tjenesten tillater",
}
CORRECT = "Se tabellen hos produsenten, rett deklarasjonen i nlib.data.sources og kjør nlib fetch på nytt"


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
    """The calls that make up one query.

    `check` refuses what does not answer its call and gives the version that the answer is of, None where it tells none.
    `accept` is the media type to ask for, `largest` the most bytes of an answer; `axes` holds the codes that are asked for of each
    variable, of a source that has variables.
    """

    updated: str | None
    calls: tuple[Call, ...]
    metadata: bytes | None
    check: Callable[[Call, bytes], str | None]
    accept: str = "application/json"
    axes: Mapping[str, Sequence[str]] | None = None
    largest: int = LARGEST


@dataclass(frozen=True)
class Answer:
    """The bytes that came back, as they came; `fetched` is when (ISO 8601, UTC), `version` which of the source's it is."""

    call: Call
    body: bytes
    fetched: str
    version: str | None = None


class _Fault(Exception):
    """Something that may pass: what happened, the error it is if it does not pass, its cost, and the pause the service asks for."""

    def __init__(self, what: str, error: NlibError, cost: float, pause: float | None = None):
        self.what, self.error, self.cost, self.pause = what, error, cost, pause


class Http:
    """The session. Calls to addresses that begin with `paced` are at most `calls` in a window of seconds."""

    def __init__(
        self, say: Callable[[str], None], timeouts: tuple[float, float], clock, sleep, paced: str, calls: int, window: float
    ):
        self.say, self.timeouts, self.clock, self.sleep, self.paced = say, timeouts, clock, sleep, paced
        self.session = bounded.Session(f"nlib/{__version__}")
        self.longest = bounded.LONGEST_ANSWER
        self.met: set[str] = set()  # hosts that have answered
        self.silent: set[str] = set()  # hosts that have been given up, and have not answered since
        self.times: deque[float] = deque(maxlen=calls)
        self.window = window
        self.calls, self.waited = 0, defaultdict[str, float](float)  # what has been asked, and the seconds waited by what for

    def pace(self, calls: float, window: float) -> bool:
        """Let this be the rate from now on, if it is within reason; the calls so far count."""
        if not (1 <= calls <= MOST_CALLS and 0 < window <= LONGEST_WINDOW and window / calls <= SLOWEST):
            return False
        self.times, self.window = deque(self.times, maxlen=int(calls)), window
        return True

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
        largest: int = LARGEST,
    ) -> bytes:
        """The body of a whole answer that passes `check`, tried again as long as what goes wrong may pass.

        `SourceUnavailable` when the service does not answer (within seconds if it never has) or turns us away; `SourceChanged`
        when it does not know what is asked for; `BadAnswer` when what it gives is not an answer to it. None takes longer than
        `LONGEST_CALL`; a host that has been given up is tried once for each call until it answers.
        """
        start, usual, host = self.clock(), 1.0, urlsplit(address).netloc
        while True:
            try:
                answer = self._once(method or ("GET" if body is None else "POST"), address, body, accept, largest)
                _pass(check, answer, address)
                self.silent.discard(host)
                return answer
            except _Fault as fault:
                patience -= fault.cost
                if host in self.silent:
                    patience = 0
                elif not self.has_met(address):  # one more try, if there is time for it, the first time it is asked
                    patience = min(patience, FAULT if self.clock() - start < KNOCK else 0)
                pause = usual if fault.pause is None else fault.pause
                if patience <= 0 or self.clock() - start + pause > LONGEST_CALL:
                    self.silent.add(host)
                    raise fault.error from fault
                self.say(f"{fault.what}; prøver igjen om {pause:.0f} s")
                self._rest(pause, "nye forsøk")
                usual = min(2 * usual, LONGEST_PAUSE)

    def _once(self, method: str, address: str, body: dict | None, accept: str, largest: int) -> bytes:
        timeouts = self.timeouts
        if not self.has_met(address):
            timeouts = (KNOCK, FIRST)
            if reason := _unreachable(address):
                raise _no_answer(urlsplit(address)._replace(path="", query="").geturl(), reason)
        paced = address.startswith(self.paced)
        if paced:
            self._wait_for_turn()
        self.calls += 1
        try:
            reply = self.session.ask(method, address, body, accept, timeouts, largest, self.longest)
        except bounded.TooLarge as error:
            advice = "se om tjenesten er lagt om"
            raise BadAnswer(f"{address} gir {error.size} byte, og et svar er på høyst {largest}: {advice}") from error
        except bounded.Elsewhere as error:
            raise SourceChanged(
                f"{address} sender oss videre til {_printable(error.address)}: vi følger ikke med til en annen vert. "
                f"Se at NLIB_API er riktig. {CORRECT}"
            ) from error
        except requests.RequestException as error:  # urllib3 holds the body against Content-Length: a cut answer ends here too
            raise _no_answer(address, _reason(error)) from error
        finally:
            if paced:  # when the answer is here: the service never sees a tighter row than we count
                self.times.append(self.clock())
        self.met.add(urlsplit(address).netloc)
        if paced and (policy := POLICY.search(reply.headers.get("x-ratelimit-policy", ""))):
            self.pace(int(policy[1]), int(policy[2]))
        if reply.status == 200:
            return reply.body
        if reply.status in (408, 429) or reply.status >= 500 or reply.status < 300:
            raise _busy(address, reply, self.window)
        raise _refusal(address, reply)

    def _wait_for_turn(self) -> None:
        if len(self.times) == self.times.maxlen and (early := self.times[0] + self.window - self.clock()) > 0:
            if early >= 5:
                self.say(f"venter {early:.0f} s: tjenesten tar imot {self.times.maxlen} kall på {self.window:.0f} s")
            self._rest(early, "tjenestens grense")

    def _rest(self, seconds: float, why: str) -> None:
        self.waited[why] += seconds
        self.sleep(seconds)


POLICY = re.compile(r"^\s*(\d{1,6})\s*;\s*w=(\d{1,6})\s*s?\b")  # «40;w=60s»: calls and seconds of a window


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
    return _Fault(what, SourceUnavailable(f"{what}: se at nettet virker, og prøv igjen"), FAULT)


def _busy(address: str, reply: Reply, window: float) -> _Fault | SourceUnavailable:
    """A 429 without `Retry-After` is waited out for a whole window; a wait beyond `LONGEST_WAIT` is left to the user."""
    pause, status = _asked_to_wait(reply.headers.get("Retry-After")), reply.status
    if pause is not None and pause > LONGEST_WAIT:
        wait = f"{pause / 60:.0f} minutter" if pause < 48 * 3600 else f"{pause / 86400:.0f} døgn"
        wait = "et tall på sekunder uten mening" if pause == float("inf") else wait
        return SourceUnavailable(f"{address} ber oss vente i {wait}: kjør nlib fetch igjen da")
    what = f"{address} svarer {status}: tjenesten er opptatt eller nede"
    pause = window if pause is None and status == 429 else pause
    return _Fault(what, SourceUnavailable(f"{what}. Prøv igjen senere"), BUSY if status == 429 else FAULT, pause)


def _refusal(address: str, reply: Reply) -> SourceChanged | SourceUnavailable:
    """What a 4xx answer means. PxWebApi gives the cause as a title in JSON; a firewall, or a web server, gives HTML."""
    what = f"{address} svarer {reply.status}"
    try:
        title = json.loads(reply.body)["title"]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        title = None
    if isinstance(title, str) and (title := _printable(title)):
        return SourceChanged(f"{what} «{title}»: {TITLES.get(title, 'tjenesten avviser spørringen')}. {CORRECT}")
    if reply.status in (404, 410):
        return SourceChanged(f"{what}: adressen finnes ikke (lenger), eller er for lang. Se at NLIB_API er riktig. {CORRECT}")
    return SourceUnavailable(f"{what}: vi slippes ikke til. Se at NLIB_API er riktig og at nettet ikke sperrer for tjenesten")


def _printable(text: str) -> str:
    """What may be shown on a terminal of what another has written: one line, no control signs, not long."""
    shown = "".join(sign for sign in text[:200] if sign.isprintable())
    return shown + ("…" if len(text) > 200 else "")


def _asked_to_wait(header: str | None) -> float | None:
    """Seconds in `Retry-After`, which is a number or a date; None where there is none that can be read."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12]) if len(text) <= 12 else float("inf")
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


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
    """Why no connection to the host (or to the proxy before it) can be opened within `KNOCK` seconds, None if it can. In a thread
    of its own: looking up a name has no time-out, and each of a host's addresses would be given one."""
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
