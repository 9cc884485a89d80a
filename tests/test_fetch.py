"""The clients: what is asked for, how it is split, what is tried again, and what is refused with which words."""

import contextlib
import json
import math
import socket
import threading
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statbank_double import Double, Reply, serving

from nlib.core.errors import BadAnswer, SourceChanged, SourceUnavailable, WrongUse
from nlib.core.municipalities import resource
from nlib.core.tables import FileQuery, KlassQuery, PxQuery
from nlib.data.fetch import Client, http
from nlib.data.fetch.pxweb import by_year, split
from nlib.data.readers import jsonstat
from tests import editions

AXES = {
    "Region": ["0301", "3222", "3205"],
    "Kjonn": ["0", "1"],
    "ContentsCode": ["Personer"],
    "Tid": ["2020", "2021", "2022", "2023"],
}
QUERY = PxQuery("00000", {"Region": ("*",), "ContentsCode": ("Personer",), "Tid": ("*",)})
UPDATED = "2026-03-01T07:00:00Z"
HTML = "<!DOCTYPE html><html><body>Vedlikehold</body></html>"
ABSENT = "http://127.0.0.1:9"


def document(axes, *, eliminable=("Kjonn",), updated=UPDATED, **changes) -> dict:
    return {
        "version": "2.0",
        "class": "dataset",
        "updated": updated,
        "id": list(axes),
        "size": [len(codes) for codes in axes.values()],
        "dimension": {
            variable: {
                "category": {"index": {code: at for at, code in enumerate(codes)}},
                "extension": {"elimination": variable in eliminable},
            }
            for variable, codes in axes.items()
        },
    } | changes


def data(asked) -> dict:
    """What a right-minded service answers: the cells that were asked for, numbered."""
    axes = {}
    for entry in asked.body["selection"]:
        codes = entry["valueCodes"]
        axes[entry["variableCode"]] = AXES[entry["variableCode"]] if codes == ["*"] else codes
    return document(axes, value=list(range(math.prod(map(len, axes.values())))))


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def double():
    double = Double()
    double.says("/config", {"maxDataCells": 800_000, "maxCallsPerTimeWindow": 30, "timeWindow": 60})
    double.says("/metadata", document(AXES))
    double.says("/data", data)
    return double


@pytest.fixture
def service(double):
    with serving(double) as address:
        yield address


@pytest.fixture
def said():
    return []


@pytest.fixture
def client(service, time, said):
    return Client(f"{service}/api", say=said.append, clock=time.clock, sleep=time.sleep, today=lambda: date(2026, 11, 21))


def fetched(client, query=QUERY) -> pd.DataFrame:
    plan = client.plan(query)
    return jsonstat.read([client.get(call, plan).body for call in plan.calls])


# What is asked for


def test_a_whole_variable_is_asked_for_with_a_star_and_the_rest_is_summed_by_the_service(client, double):
    assert len(fetched(client)) == 12
    (asked,) = double.paths("/data")
    assert asked.method == "POST"
    assert asked.path == "/api/pxwebapi/v2/tables/00000/data?lang=no&outputFormat=json-stat2"
    assert asked.body == {
        "selection": [
            {"variableCode": "Region", "valueCodes": ["*"]},
            {"variableCode": "ContentsCode", "valueCodes": ["*"]},
            {"variableCode": "Tid", "valueCodes": ["*"]},
        ]
    }


def test_metadata_comes_before_data_and_limits_before_both(client, double):
    fetched(client)
    fetched(client)
    assert [asked.path.split("?")[0].rsplit("/", 1)[1] for asked in double.asked] == [
        "config",
        "metadata",
        "data",
        "metadata",
        "data",
    ]


def test_patterns_become_codes_in_the_order_of_the_table(client, double):
    fetched(client, PxQuery("00000", {"Region": ("32*", "0301"), "ContentsCode": ("Personer",), "Tid": ("202?",), "Kjonn": ("1",)}))
    asked = {entry["variableCode"]: entry["valueCodes"] for entry in double.paths("/data")[0].body["selection"]}
    assert asked == {"Region": ["*"], "Kjonn": ["1"], "ContentsCode": ["*"], "Tid": ["*"]}


def test_the_limit_of_the_service_is_kept_and_the_parts_are_years(client, double):
    double.says("/config", {"maxDataCells": 7, "maxCallsPerTimeWindow": 30, "timeWindow": 60})
    frame = fetched(client)
    assert len(frame) == len(frame.drop_duplicates(["Region", "Tid"])) == 12
    years = [asked.body["selection"][2]["valueCodes"] for asked in double.paths("/data")]
    assert years == [["2020", "2021"], ["2022", "2023"]]


def test_the_same_request_for_the_same_version_has_the_same_name(client, double):
    first, again = client.plan(QUERY), client.plan(QUERY)
    assert [call.name for call in first.calls] == [call.name for call in again.calls]
    assert first.calls[0].name.startswith("000-")
    double.says("/metadata", document(AXES, updated="2026-04-01T07:00:00Z"))
    later = client.plan(QUERY)
    assert later.updated == "2026-04-01T07:00:00Z"
    assert later.calls[0].name != first.calls[0].name


def test_a_codelist_gives_the_codes_and_is_named_in_the_request(client, double):
    query = PxQuery("00000", QUERY.select, codelists={"Region": "agg_KommSummer"})
    summed = ["K-0301", "K-3222"]
    double.says("/codelists/agg_KommSummer", {"values": [{"code": code} for code in summed]})
    double.says("/data", document({"Region": summed} | {k: AXES[k] for k in ("ContentsCode", "Tid")}, value=list(range(8))))
    assert list(fetched(client, query)["Region"].cat.categories) == summed
    assert double.paths("/data")[0].body["selection"][0] == {
        "variableCode": "Region",
        "valueCodes": ["*"],
        "codelist": "agg_KommSummer",
    }


def test_the_answer_is_kept_byte_for_byte_with_its_time(client):
    plan = client.plan(QUERY)
    answer = client.get(plan.calls[0], plan)
    assert json.loads(answer.body)["value"] == list(range(12))
    assert datetime.fromisoformat(answer.fetched).utcoffset() == timedelta(0)


def test_klass_is_asked_for_json_until_tomorrow(client, double):
    double.says("/changes", {"codeChanges": [{"oldCode": "0230", "newCode": "3029"}]})
    plan = client.plan(KlassQuery("131", "changes", "1994-01-01"))
    client.get(plan.calls[0], plan)
    (asked,) = double.asked
    assert asked.path == "/api/klass/v1/classifications/131/changes?from=1994-01-01&to=2026-11-22"
    assert asked.headers["Accept"] == "application/json"


@pytest.mark.parametrize("body", [{"codes": []}, {"changes": [1]}, [], "<html></html>", ""])
def test_klass_without_codes_is_a_bad_answer(client, double, body):
    double.says("/codes", body)
    plan = client.plan(KlassQuery("131", "codes", "1994-01-01"))
    with pytest.raises(BadAnswer):
        client.get(plan.calls[0], plan)


def test_a_file_keeps_its_suffix_and_its_bytes(client, double, service):
    double.says("/kommuner.geojson", b"\x00\x01")
    plan = client.plan(FileQuery(f"{service}/kommuner.geojson"))
    assert plan.calls[0].name.endswith(".geojson")
    assert client.get(plan.calls[0], plan).body == b"\x00\x01"


@pytest.mark.parametrize("body", ["", HTML])
def test_an_empty_file_or_a_page_in_its_place_is_a_bad_answer(client, double, service, body):
    double.says("/kommuner.geojson", body)
    plan = client.plan(FileQuery(f"{service}/kommuner.geojson"))
    with pytest.raises(BadAnswer, match="flyttet"):
        client.get(plan.calls[0], plan)


def test_an_address_must_be_one():
    with pytest.raises(WrongUse, match="NLIB_API"):
        Client("data.ssb.no/api")


# How it is split

SIZES = st.dictionaries(st.sampled_from(["Region", "Alder", "ContentsCode", "Tid"]), st.integers(1, 7), min_size=1)


@given(SIZES, st.integers(1, 200))
def test_parts_share_out_every_cell_once_and_none_is_above_the_limit(sizes, limit):
    axes = {variable: [f"{variable}{code}" for code in range(size)] for variable, size in sizes.items()}
    parts = split(axes, limit)
    assert all(math.prod(map(len, part.values())) <= limit for part in parts)
    assert sorted(cell for part in parts for cell in product(*part.values())) == sorted(product(*axes.values()))
    assert all(list(part) == list(axes) for part in parts)


def test_a_year_that_is_too_large_is_split_along_the_variable_with_most_codes_in_even_shares():
    axes = {"Region": list("abcdefg"), "Kjonn": ["1", "2"], "Tid": ["2020", "2021"]}
    assert [(part["Region"], part["Tid"]) for part in split(axes, 8)] == [
        (list("abc"), ["2020"]),
        (list("defg"), ["2020"]),
        (list("abc"), ["2021"]),
        (list("defg"), ["2021"]),
    ]


def numbers(year: int) -> set[str]:
    """A municipality's number, an ended one, one that is not known, and the country's code, as far as they are asked for then."""
    return {"0", "9998"} | ({"0230"} if year <= 2021 else set()) | ({"3222"} if year >= 2023 else set())


@given(st.integers(1, 60))
def test_a_selection_in_parts_asks_for_each_year_once_and_for_the_numbers_that_can_have_figures_of_it(limit):
    axes = {"Region": ["0", "0230", "3222", "9998"], "Tid": [str(year) for year in range(2015, 2027)]}
    parts = by_year(axes, ["Region"], limit)
    if limit >= 48:
        assert parts == [axes]
        return
    assert all(len(part["Region"]) * len(part["Tid"]) <= limit for part in parts)
    asked = [(region, year) for part in parts for region in part["Region"] for year in part["Tid"]]
    assert len(asked) == len(set(asked)) and set(asked) >= {(number, y) for y in axes["Tid"] for number in numbers(int(y))}
    assert len(parts) <= len(split(axes, limit))


def test_flows_of_26_years_take_ten_calls_where_every_number_in_every_year_takes_26():
    codes = resource("municipalities.csv")["komm_nr"].drop_duplicates().tolist()
    axes = {"ArbstedKomm": codes, "Bokommuen": codes, "Tid": [str(year) for year in range(2000, 2026)]}
    assert (len(by_year(axes, ["ArbstedKomm", "Bokommuen"], 800_000)), len(split(axes, 800_000))) == (10, 26)


def test_metadata_may_have_more_cells_than_any_answer(client, double):
    axes = {
        "Region": [str(n) for n in range(4000)],
        "Til": [str(n) for n in range(4000)],
        "ContentsCode": ["Personer"],
        "Tid": ["2025"],
    }
    double.says("/metadata", document(axes))
    plan = client.plan(PxQuery("00000", {"Region": ("1",), "Til": ("2",), "ContentsCode": ("Personer",), "Tid": ("*",)}))
    assert len(plan.calls) == 1
    with pytest.raises(BadAnswer, match="flere enn 10000000"):
        jsonstat.check(json.dumps(document(axes, value={})).encode())


# The declaration against the table


def test_every_difference_from_the_declaration_is_named_at_once(client, double):
    double.says("/metadata", document(AXES | {"Alder": ["0", "1"]}))
    select = {"Region": ("0301", "9999"), "Innvandring": ("*",), "ContentsCode": ("Personer1",), "Tid": ("19*",)}
    with pytest.raises(SourceChanged) as error:
        client.plan(PxQuery("00000", select))
    text = str(error.value)
    assert "Alder er ikke deklarert, og kan ikke summeres bort" in text
    assert "Innvandring finnes ikke; tabellen har Region, Kjonn, ContentsCode, Tid, Alder" in text
    assert "Region har ikke «9999»" in text
    assert "ContentsCode har ikke «Personer1»" in text
    assert "Tid har ikke «19*»" in text
    assert "rett deklarasjonen" in text


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply({"type": "Parameter error", "title": "Non-existent table", "status": 404}, 400), "tabellen finnes ikke lenger"),
        (Reply(HTML, 404), "adressen finnes ikke"),
        (Reply({"type": "Parameter error", "title": "Noe nytt"}, 400), "Noe nytt"),
    ],
)
def test_a_table_that_is_gone_is_a_changed_source_and_is_asked_for_once(client, double, reply, says):
    double.says("/metadata", reply)
    with pytest.raises(SourceChanged, match=says):
        client.plan(QUERY)
    assert len(double.paths("/metadata")) == 1


@pytest.mark.parametrize(
    ("title", "status", "says"),
    [
        ("Non-existent value", 400, "en av kodene"),
        ("Missing selection for mandantory variable", 400, "fått en variabel"),
        ("Too many cells selected", 403, "flere celler"),
    ],
)
def test_a_refused_selection_says_what_is_wrong_with_it(client, double, title, status, says):
    double.says("/data", Reply({"type": "Parameter error", "title": title, "status": status}, status))
    with pytest.raises(SourceChanged, match=says):
        fetched(client)


def test_a_firewall_that_turns_us_away_is_an_unavailable_source(client, double):
    double.says("/config", Reply(HTML, 403))
    double.says("/metadata", Reply(HTML, 403))
    with pytest.raises(SourceUnavailable, match="slippes ikke til"):
        client.plan(QUERY)


# Answers that are not what they should be


def broken(**changes):
    def reply(asked):
        return data(asked) | changes

    return reply


@pytest.mark.parametrize(
    "reply",
    [
        HTML,
        "",
        "[]",
        {"title": "feil"},
        broken(value=[1, 2, 3]),
        broken(value=["1"] * 12),
        broken(size=[4, 1, 3]),
        broken(id=["Tid", "ContentsCode", "Region"]),
        broken(**{"class": "error"}),
    ],
)
def test_a_whole_answer_that_is_not_the_data_is_a_bad_answer_after_a_few_tries(client, double, reply):
    double.says("/data", reply)
    with pytest.raises(BadAnswer):
        fetched(client)
    assert 2 <= len(double.paths("/data")) <= 4


def test_html_is_named_as_such(client, double):
    double.says("/data", HTML)
    with pytest.raises(BadAnswer, match="gir en HTML-side"):
        fetched(client)


@pytest.mark.parametrize(
    ("axes", "says"),
    [
        ({"Tid": AXES["Tid"], "ContentsCode": ["Personer"], "Region": AXES["Region"]}, "variablene er Tid, ContentsCode, Region"),
        ({"Region": AXES["Region"], "Tid": AXES["Tid"]}, "variablene er Region, Tid"),
        (
            {"Region": ["0301", "3222", "9999"], "ContentsCode": ["Personer"], "Tid": AXES["Tid"]},
            "Region har også «9999»; Region mangler «3205»",
        ),
        ({"Region": AXES["Region"], "ContentsCode": ["Personer"], "Tid": AXES["Tid"][:3]}, "Tid mangler «2023»"),
    ],
)
def test_an_answer_to_another_question_is_a_changed_source(client, double, axes, says):
    double.says("/data", document(axes, value=[1] * math.prod(map(len, axes.values()))))
    with pytest.raises(SourceChanged, match=says):
        fetched(client)


# What is tried again


@pytest.mark.parametrize(
    "fault",
    [
        Reply(HTML, 503),
        Reply(HTML, 500),
        Reply({"title": "Too many requests"}, 429),
        Reply({"class": "dataset", "value": [1] * 1000}, cut=40),
        Reply('{"class": "dataset", "value": [1, 2', promise=False),
        Reply(HTML),
    ],
)
def test_a_fault_that_passes_leaves_no_trace_in_the_figures(client, double, fault, said):
    double.says("/data", fault, fault, data)
    assert fetched(client)["value"].tolist() == list(range(12))
    assert len(double.paths("/data")) == 3
    assert len(said) == 2
    assert "prøver igjen om" in said[0]


@pytest.mark.parametrize(("status", "most"), [(503, 8), (429, 32)])
def test_a_service_that_stays_down_is_given_up_with_growing_pauses(client, double, time, status, most):
    double.says("/data", Reply(HTML, status, {"Retry-After": "1"} if status == 429 else {}))
    with pytest.raises(SourceUnavailable, match=rf"{status}.*Prøv igjen senere"):
        fetched(client)
    assert len(double.paths("/data")) == most
    if status == 503:
        assert time.slept == [1, 2, 4, 8, 16, 30, 30]


def test_half_an_answer_for_ever_is_given_up(client, double):
    double.says("/data", Reply(document(AXES, value=[1] * 24), cut=100))
    with pytest.raises(SourceUnavailable, match="kuttet"):
        fetched(client)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_obeyed(client, double, time, status):
    double.says("/data", Reply("", status, {"Retry-After": "17"}), data)
    fetched(client)
    assert time.slept == [17]


def test_retry_after_as_a_date_is_obeyed(client, double, time):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    double.says("/data", Reply("", 429, {"Retry-After": soon}), data)
    fetched(client)
    assert 200 < time.slept[0] <= 300


def test_a_429_without_a_readable_retry_after_is_waited_out_for_a_window(client, double, time):
    double.says("/data", Reply("", 429), Reply("", 429, {"Retry-After": "snart"}), data)
    fetched(client)
    assert time.slept == [60, 60]


def test_a_service_that_asks_for_an_hour_is_left_for_later(client, double, time):
    double.says("/data", Reply("", 503, {"Retry-After": "3600"}))
    with pytest.raises(SourceUnavailable, match="vente i 60 minutter"):
        fetched(client)
    assert time.slept == []


# The rate


def test_no_window_holds_more_calls_than_the_service_says(client, double, time):
    double.says("/config", {"maxDataCells": 3, "maxCallsPerTimeWindow": 4, "timeWindow": 10})
    stamps = []
    double.says("/data", lambda asked: (stamps.append(time.now), data(asked))[1])
    plan = client.plan(QUERY)
    for _ in range(3):
        for call in plan.calls:
            client.get(call, plan)
    assert len(stamps) == 12
    assert all(later - earlier >= 10 for earlier, later in zip(stamps, stamps[4:], strict=False))


def test_a_window_need_not_be_a_whole_number_of_seconds(client, double):
    double.says("/config", {"maxDataCells": 12.0, "maxCallsPerTimeWindow": 4, "timeWindow": 2.5})
    assert len(fetched(client)) == 12
    assert (client.http.times.maxlen, client.http.window) == (4, 2.5)


@pytest.mark.parametrize(
    "config",
    [
        Reply(HTML, 404),
        Reply(HTML),
        Reply("", 500),
        Reply([]),
        Reply({"maxDataCells": "mange", "timeWindow": -1, "maxCallsPerTimeWindow": 0.5}),
    ],
)
def test_a_service_without_limits_of_its_own_is_held_to_the_usual_ones(client, double, config):
    double.says("/config", config)
    assert len(fetched(client)) == 12
    assert client.pxweb.max_cells == 800_000
    assert (client.http.times.maxlen, client.http.window) == (30, 60)


# No contact


def test_a_service_that_is_not_there_is_said_to_be_after_two_tries(time, said):
    with pytest.raises(SourceUnavailable, match=rf"fra {ABSENT} \(ingen tjeneste svarer der\): se at nettet virker"):
        Client(ABSENT, say=said.append, clock=time.clock, sleep=time.sleep).plan(QUERY)
    assert time.slept == [1]


def test_a_service_that_was_not_there_is_tried_once_the_next_time(time, said):
    client = Client(ABSENT, say=said.append, clock=time.clock, sleep=time.sleep)
    for _ in range(5):
        with pytest.raises(SourceUnavailable):
            client.plan(QUERY)
    assert time.slept == [1]


def test_klass_and_files_that_are_not_there_are_said_to_be_too(time):
    client = Client(ABSENT, say=lambda _: None, clock=time.clock, sleep=time.sleep)
    for query in (KlassQuery("131", "codes", "1994-01-01"), FileQuery(f"{ABSENT}/fil.zip")):
        plan = client.plan(query)
        with pytest.raises(SourceUnavailable):
            client.get(plan.calls[0], plan)


def test_a_name_that_is_unknown_is_said_to_be(monkeypatch, time):
    def unknown(*_):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(http.socket, "create_connection", unknown)
    with pytest.raises(SourceUnavailable, match="navnet er ukjent"):
        Client("https://data.ssb.invalid/api", say=lambda _: None, clock=time.clock, sleep=time.sleep).plan(QUERY)


def test_a_look_up_that_hangs_is_not_waited_for(monkeypatch):
    hang = threading.Event()

    def never(*_):
        hang.wait()
        raise OSError

    monkeypatch.setattr(http.socket, "create_connection", never)
    monkeypatch.setattr(http, "KNOCK", 0.05)
    try:
        with pytest.raises(SourceUnavailable, match="for lang ventetid"):
            Client("https://data.ssb.invalid/api", say=lambda _: None).plan(QUERY)
    finally:
        hang.set()


def test_a_service_that_goes_away_after_it_has_answered_is_waited_for(client, double, service, monkeypatch, time):
    plan = client.plan(QUERY)
    real, failures = client.http.session.session.request, [1, 2, 3]

    def flaky(*args, **kwargs):
        if failures:
            failures.pop()
            raise http.requests.ConnectionError("gone")
        return real(*args, **kwargs)

    monkeypatch.setattr(client.http.session.session, "request", flaky)
    assert client.get(plan.calls[0], plan).body
    assert time.slept == [1, 2, 4]


# Real figures, from a service that fails on purpose


@pytest.fixture(scope="module")
def statbank():
    """Starts the StatBank that stands beside the real figures; gives the address of one with the given faults."""
    with contextlib.ExitStack() as running:
        yield cache(lambda *faults: running.enter_context(editions.statbank(*faults)))


REAL = {
    "03321": {"ArbstedKomm": ("*",), "Bokommuen": ("*",), "ContentsCode": ("Sysselsatte",), "Tid": ("2017", "2021")},
    "11618": {"Region": ("*",), "Kjonn": ("0",), "Alder": ("15-74",), "ContentsCode": ("*",), "Tid": ("*",)},
    "07459": {"Region": ("*",), "ContentsCode": ("Personer1",), "Tid": ("*",)},
}


@pytest.mark.slow
def test_real_tables_are_the_same_from_a_service_that_fails_and_cuts_and_limits(statbank, said):
    queries = [PxQuery(table, select) for table, select in REAL.items()]
    frames = {query.table: fetched(Client(statbank(), say=said.append), query) for query in queries}
    assert not said
    rough = Client(statbank("--fail", "0.2", "--cut", "0.1", "--calls", "4", "--window", "2", "--seed", "3"), say=said.append)
    for query in queries:
        frame = fetched(rough, query)
        assert frame.equals(frames[query.table])  # assert_frame_equal takes half a minute on a million rows
        assert frame.dtypes.equals(frames[query.table].dtypes)
    assert {"503", "kuttet"} <= {word for line in said for word in ("503", "kuttet") if word in line}
    flows = frames["03321"]
    jobs = flows[flows["Tid"] == "2017"].groupby("ArbstedKomm", observed=True)["value"].sum(min_count=1)
    assert jobs["0230"] == 20720
    assert set(flows["status"].dropna()) == {"."}
    assert flows["value"].isna().equals(flows["status"].notna())


@pytest.mark.parametrize("part", ["codes", "changes"])
def test_real_codes_and_changes_come_whole(statbank, part):
    client = Client(statbank(), say=lambda _: None)
    plan = client.plan(KlassQuery("131", part, "1994-01-01"))
    (entries,) = json.loads(client.get(plan.calls[0], plan).body).values()
    assert len(entries) == {"codes": 947, "changes": 599}[part]


def test_a_real_table_that_does_not_exist_is_a_changed_source(statbank):
    with pytest.raises(SourceChanged, match="tabellen finnes ikke lenger"):
        Client(statbank(), say=lambda _: None).plan(PxQuery("99999", {"Tid": ("*",)}))
