"""A producer's service that is sick or hostile: no call takes longer or brings more than it may, and each ends in a named error."""

import contextlib
import gzip
import json
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from statbank_double import Double, Reply, serving

from nlib.core.errors import BadAnswer, NlibError, SourceChanged, SourceUnavailable
from nlib.core.tables import FileQuery
from nlib.data.fetch import Client, bounded, http, pxweb
from tests.test_check_api import PEOPLE, asking, figures, metadata

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def caller(address, clock, longest=0.5):
    client = Client(f"{address}/api", say=lambda line: None, clock=clock, sleep=clock.sleep, timeouts=(5, 5))
    client.http.longest = longest
    return client


@contextlib.contextmanager
def raw(answer):
    """The address of a service that gives every connection to `answer(write)`, until that returns or the other end is gone."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads = []

    def serve(connection):
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            answer(connection.sendall)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threads.append(threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True))
                threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join(5)
        for thread in threads:
            thread.join(5)


def drip(write, sign=b" ", every=0.05):
    """A byte at a time, for ever."""
    while True:
        write(sign)
        time.sleep(every)


def body_that_drips(write):
    write(OK + b"\r\n")
    drip(write)


def body_that_drips_though_its_length_is_told(write):
    write(OK + b"Content-Length: 1000000\r\n\r\n")
    drip(write)


def headers_that_drip(write):
    write(OK + b"X-Long: ")
    drip(write, b"x")


def status_line_that_drips(write):
    drip(write, b"H")


def never_done_asking_to_go_on(write):
    while True:
        write(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


def chunks_that_drip(write):
    write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    drip(write, b"1\r\n \r\n")


ENDLESS = [
    body_that_drips,
    body_that_drips_though_its_length_is_told,
    headers_that_drip,
    status_line_that_drips,
    never_done_asking_to_go_on,
    chunks_that_drip,
]


@pytest.mark.parametrize("attack", ENDLESS, ids=lambda attack: attack.__name__)
def test_an_answer_that_never_ends_is_cut_and_told_and_leaves_no_thread(attack, clock, monkeypatch):
    monkeypatch.setattr(http, "PATIENCE", 0.5)
    monkeypatch.setattr(http, "FIRST", 5)
    before = threading.active_count()
    with raw(attack) as address:
        client = caller(address, clock, longest=0.2)
        with pytest.raises(SourceUnavailable, match="for lang ventetid"):
            client.http.send(f"{address}/x", patience=0.5)
        del client
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before


def test_a_body_of_500_mb_is_refused_unread_where_its_length_is_told_and_at_the_limit_where_it_is_not(clock):
    sent = []

    def flood(write):
        write(OK + b"\r\n")
        while True:
            write(b" " * 1_000_000)
            sent.append(1)

    with raw(flood) as address:
        client = caller(address, clock, longest=60)
        with pytest.raises(BadAnswer, match="et svar er på høyst 3000000"):
            client.http.send(f"{address}/x", largest=3_000_000)
        assert client.http.session.bytes < 4_000_000
    with raw(lambda write: write(OK + b"Content-Length: 500000000\r\n\r\n")) as address:
        client = caller(address, clock)
        with pytest.raises(BadAnswer, match="gir 500000000 byte"):
            client.http.send(f"{address}/x")
        assert client.http.session.bytes == 0 and client.http.calls == 1, "not asked for again"


def test_a_body_that_unpacks_to_too_much_is_refused(clock):
    double = Double()
    packed = gzip.compress(b" " * 30_000_000)
    double.says("/", Reply(packed, headers={"Content-Encoding": "gzip"}))
    with serving(double) as address, pytest.raises(BadAnswer, match="høyst 1000000"):
        caller(address, clock, 60).http.send(f"{address}/x", largest=1_000_000)


FLOODS = {
    "a line": b"X-Long: " + b"x" * 200_000 + b"\r\n",
    "many": b"".join(b"X-%d: x\r\n" % number for number in range(5000)),
    "folded": b"X-Long: x\r\n" + b" x\r\n" * 5000,
    "no colon": b"neimen\r\n" * 50,
    "nul": b"X: \x00\x00\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n",
    "no length": b"Content-Length: mange\r\n",
    "endless length": b"Content-Length: " + b"9" * 5000 + b"\r\n",
    "negative": b"Content-Length: -1\r\n",
    "unknown coding": b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
}


@pytest.mark.parametrize("headers", FLOODS.values(), ids=FLOODS)
def test_headers_of_any_kind_are_read_or_a_named_error(headers, clock):
    def answer(write):
        write(OK + headers + b'\r\n{"a": 1}')

    with raw(answer) as address, contextlib.suppress(NlibError):
        caller(address, clock, 5).http.send(f"{address}/x")


def test_what_is_no_http_at_all_is_a_named_error(clock):
    for garbage in (b"", b"\x00" * 100, b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 2OO OK\r\n\r\n", b"HTTP/9.9 200\r\n\r\n"):
        with raw(lambda write, garbage=garbage: write(garbage)) as address, pytest.raises(NlibError):
            caller(address, clock, 5).http.send(f"{address}/x", patience=1)


ERRORS = {
    "a list": b"[1]",
    "a title that is an object": b'{"title": {"a": 1}}',
    "a title that is a list": b'{"title": [1]}',
    "deep": b"[" * 100_000,
    "a number of 5000 digits": b'{"title": ' + b"9" * 5000 + b"}",
    "half a sign": b'{"title": "\xff\xfe"}',
    "nothing": b"",
    "html": b"<html><title>Nei</title>",
    "nul": b"\x00" * 1000,
}


@pytest.mark.parametrize("status", [400, 404, 418, 451])
@pytest.mark.parametrize("body", ERRORS.values(), ids=ERRORS)
def test_an_error_with_any_body_is_named(body, status, clock):
    double = Double()
    double.says("/", Reply(body, status))
    with serving(double) as address, pytest.raises((SourceChanged, SourceUnavailable), match=f"svarer {status}"):
        caller(address, clock, 5).http.send(f"{address}/x")


def test_what_another_has_written_is_shown_on_one_line_without_control_signs_and_cut_short(clock):
    double = Double()
    double.says("/", Reply(json.dumps({"title": "\x1b[2Jborte\n\r\u202e" + "x" * 10_000}).encode(), 400))
    with serving(double) as address, pytest.raises(SourceChanged) as told:
        caller(address, clock, 5).http.send(f"{address}/x")
    title = str(told.value).partition("«")[2].partition("»")[0]
    assert title.startswith("[2Jborte") and title.isprintable() and len(title) < 250


def test_of_an_error_only_the_beginning_is_read(clock):
    def flood(write):
        write(b"HTTP/1.1 400 Nei\r\n\r\n")
        while True:
            write(b" " * 1_000_000)

    with raw(flood) as address:
        client = caller(address, clock, 5)
        with pytest.raises(SourceUnavailable, match="svarer 400"):
            client.http.send(f"{address}/x")
        assert client.http.session.bytes <= 2 * bounded.LARGEST_ERROR


@pytest.mark.parametrize(
    "where", ["http://198.51.100.7/x", "//198.51.100.7/x", "https://127.0.0.2/x", "http://127.0.0.1:1/x", "file:///etc/passwd"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_refused_and_named(where, status, clock):
    double = Double()
    double.says("/", Reply("", status, {"Location": where}))
    with serving(double) as address, pytest.raises(SourceChanged, match="følger ikke med til en annen vert"):
        caller(address, clock).http.send(f"{address}/x")
    assert len(double.asked) == 1


def test_a_redirect_on_the_host_is_followed_with_what_was_posted_and_a_ring_of_them_is_not(clock):
    double = Double()
    double.says("/new", lambda asked: {"got": asked.body})
    double.says("/old", Reply("", 308, {"Location": "/new"}))
    double.says("/ring", Reply("", 302, {"Location": "/ring"}))
    double.says("/nowhere", Reply("", 302))
    with serving(double) as address:
        client = caller(address, clock)
        assert json.loads(client.http.send(f"{address}/old", {"a": 1})) == {"got": {"a": 1}}
        with pytest.raises(SourceChanged, match="sender oss videre"):
            client.http.send(f"{address}/ring")
        with pytest.raises(SourceUnavailable, match="svarer 302"):
            client.http.send(f"{address}/nowhere")
    assert len(double.paths("/ring")) == bounded.REDIRECTS + 1


FAR = format_datetime(datetime.now(UTC) + timedelta(days=4000), usegmt=True)


@pytest.mark.parametrize(
    ("header", "says"),
    [("9" * 5000, "uten mening"), (str(10**9), "11574 døgn"), (FAR, r"\d{4} døgn"), ("999999999999", "døgn")],
    ids=["5000 digits", "years", "a date", "twelve digits"],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_service_that_asks_for_years_is_left_for_later(header, says, status, clock):
    double = Double()
    double.says("/", Reply("", status, {"Retry-After": header}))
    with serving(double) as address, pytest.raises(SourceUnavailable, match=f"ber oss vente i .*{says}"):
        caller(address, clock).http.send(f"{address}/x")
    assert clock.now == 0


@pytest.mark.parametrize(
    "header", ["-5", "snart", "1e9", "٣", "Thu, 01 Jan 1970 00:00:00 GMT", "", "Thu, 99 Foo 9999", "inf", "nan"]
)
def test_a_retry_after_that_means_nothing_is_not_waited_for_longer_than_usual(header, clock):
    double = Double()
    double.says("/", Reply("", 429, {"Retry-After": header.encode().decode("latin-1")}), {"a": 1})
    with serving(double) as address:
        caller(address, clock).http.send(f"{address}/x")
    assert clock.now <= 60


def test_a_service_that_is_busy_for_ever_ends_within_half_an_hour_of_waiting(clock):
    double = Double()
    double.says("/", Reply("", 429, {"Retry-After": "599"}))
    with serving(double) as address, pytest.raises(SourceUnavailable):
        caller(address, clock).http.send(f"{address}/x")
    assert clock.now <= http.LONGEST_CALL


def planned(clock, config, metadata_headers=None):
    double = Double()
    double.says("/config", config)
    double.says("/metadata", Reply(metadata(PEOPLE), headers=metadata_headers or {}))
    double.says("/data", figures)
    with serving(double) as address:
        client = caller(address, clock, 60)
        return client, client.plan(asking())


UNREASONABLE = [
    {"maxDataCells": 1e300, "maxCallsPerTimeWindow": 30, "timeWindow": 1e8},
    {"maxDataCells": 10**400, "maxCallsPerTimeWindow": 1, "timeWindow": 600},
    {"maxDataCells": -1, "maxCallsPerTimeWindow": 0, "timeWindow": 0},
    {"maxDataCells": 0, "maxCallsPerTimeWindow": 1e9, "timeWindow": 1},
    {"maxDataCells": True, "maxCallsPerTimeWindow": True, "timeWindow": True},
    {"maxDataCells": [1], "maxCallsPerTimeWindow": {"a": 1}, "timeWindow": None},
]


@pytest.mark.parametrize("config", UNREASONABLE)
def test_limits_out_of_reason_are_not_believed(config, clock):
    client, plan = planned(clock, config)
    assert client.pxweb.max_cells == pxweb.MAX_CELLS
    assert (client.http.times.maxlen, client.http.window) == (pxweb.CALLS, pxweb.WINDOW)
    assert len(plan.calls) == 1


POLICIES = {"40;w=60s": (40, 60), "10 ; w=5": (10, 5), "1;w=999999s": (30, 60), "tull": (30, 60), "9" * 5000: (30, 60)}


def test_the_rate_that_stands_in_the_answers_is_kept_where_it_is_within_reason(clock):
    silent = {"maxDataCells": 800_000, "maxCallsPerTimeWindow": 0, "timeWindow": 0}
    for policy, rate in (
        ("40;w=60s", (40, 60)),
        ("10 ; w=5", (10, 5)),
        ("1;w=999999s", (30, 60)),
        ("tull", (30, 60)),
        ("9" * 5000, (30, 60)),
    ):
        client, _ = planned(clock, silent, {"x-ratelimit-policy": policy})
        assert (client.http.times.maxlen, client.http.window) == rate


def test_a_file_may_be_larger_than_an_answer_and_no_larger_than_it_may(clock):
    plan = caller("http://127.0.0.1:9", clock).plan(FileQuery("http://127.0.0.1:9/kommuner.zip"))
    assert http.LARGEST < plan.largest < 500_000_000
