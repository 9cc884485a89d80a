"""What `nlib check --api` asks the producers and tells of their answers: everything, and no figures."""

import json
import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statbank_double import Double, Reply, serving

from nlib.build import fetching, pipeline
from nlib.core import store
from nlib.core.errors import BadAnswer, SourceChanged
from nlib.core.tables import FileQuery, KlassQuery, PxQuery, Raw
from nlib.data.fetch import Client, pxweb
from nlib.data.readers import jsonstat, klass
from tests.editions import quiet, statbank
from tests.test_cli import nlib

ABSENT = "http://127.0.0.1:9"
PEOPLE = {
    "Region": {"0301": "Oslo", "3222": "Lørenskog"},
    "Kjonn": {"1": "Menn", "2": "Kvinner"},
    "ContentsCode": {"Fodte3": "Levendefødte", "Dode4": "Døde"},
    "Tid": {"2023": "2023", "2024": "2024"},
}
GROUPS = [
    {"sourceCode": "1", "sourceName": "Sentralitet 1", "targetCode": "0301", "validFrom": "2024-01-01"},
    {"sourceCode": "2", "sourceName": "Sentralitet 2", "targetCode": "3222", "validFrom": "2020-01-01", "validTo": "2024-01-01"},
]
FIELDS = {"targetCode": "komm_nr", "sourceCode": "centrality", "validFrom": "valid_from", "validTo": "valid_to"}


def metadata(names, updated="2026-03-01T07:00:00Z", eliminable=("Kjonn",)) -> dict:
    return {
        "class": "dataset",
        "updated": updated,
        "id": list(names),
        "size": [len(called) for called in names.values()],
        "dimension": {
            variable: {
                "label": {"Kjonn": "kjønn", "Tid": "år"}.get(variable, variable),
                "category": {"index": list(called), "label": called},
                "extension": {"elimination": variable in eliminable},
            }
            for variable, called in names.items()
        },
    }


def figures(asked) -> dict:
    """What a right-minded service answers: a 1 in every cell that was asked for."""
    axes = {entry["variableCode"]: entry["valueCodes"] for entry in asked.body["selection"]}
    names = {of: PEOPLE[of] if codes == ["*"] else {code: PEOPLE[of][code] for code in codes} for of, codes in axes.items()}
    return metadata(names) | {"value": [1] * math.prod(map(len, names.values()))}


def source(name, query) -> Raw:
    return Raw(name, "Statistisk sentralbyrå", name, name, "", query, read=jsonstat.read, optional=True)


def asking(**select) -> PxQuery:
    given = {"Region": ("*",), "ContentsCode": ("Fodte3",), "Tid": ("*",)} | select
    return PxQuery("06913", {variable: codes for variable, codes in given.items() if codes})


@pytest.fixture
def double():
    double = Double()
    double.says("/config", {"maxDataCells": 3, "maxCallsPerTimeWindow": 1000, "timeWindow": 1})
    double.says("06913/metadata", metadata(PEOPLE))
    return double


@pytest.fixture
def service(double):
    with serving(double) as address:
        yield address


@pytest.fixture
def client(service):
    return Client(f"{service}/api", say=quiet, sleep=quiet)


@pytest.fixture
def declared(monkeypatch):
    """Lets these be all the sources there are."""

    def declare(**queries):
        raws = {name: source(name, query) for name, query in queries.items()}
        monkeypatch.setattr(pipeline, "raws", lambda: raws)

    return declare


def difference(client, query) -> str:
    with pytest.raises(SourceChanged) as error:
        client.plan(query)
    return str(error.value)


# The declaration against the table


def test_a_missing_code_tells_what_the_table_has_instead_the_most_alike_first(client):
    text = difference(client, asking(ContentsCode=("Fodte2",)))
    assert "variabelen ContentsCode har ikke «Fodte2»; tabellen har «Fodte3» (Levendefødte), «Dode4» (Døde)" in text
    assert "tabellen har «Dode4» (Døde), «Fodte3»" in difference(client, asking(ContentsCode=("Dode",)))


def test_a_code_that_is_asked_for_already_is_not_offered_instead_of_a_missing_one(client):
    text = difference(client, asking(ContentsCode=("Fodte2", "Fodte3")))
    assert "har ikke «Fodte2»; tabellen har «Dode4» (Døde)\n" in text


def test_of_many_codes_twelve_are_told_and_the_rest_counted(client, double):
    double.says("06913/metadata", metadata(PEOPLE | {"Region": {f"{code:04}": "En kommune" for code in range(301, 321)}}))
    text = difference(client, asking(Region=("0399",)))
    assert text.count("(En kommune)") == 12
    assert "(En kommune) og 8 til" in text


def test_every_missing_code_is_told_however_many(client):
    text = difference(client, asking(Region=tuple(f"99{code:02}" for code in range(30))))
    assert all(f"«99{code:02}»" in text for code in range(30))


def test_a_missing_variable_tells_the_variables_of_the_table_with_their_names(client):
    text = difference(client, asking(Alder=("*",)))
    assert "variabelen Alder finnes ikke; tabellen har Region, Kjonn (kjønn), ContentsCode, Tid (år)" in text


def test_a_variable_that_cannot_be_summed_away_must_be_declared(client, double):
    double.says("06913/metadata", metadata(PEOPLE, eliminable=()))
    assert "variabelen Kjonn er ikke deklarert, og kan ikke summeres bort" in difference(client, asking())


def test_a_variable_if_there_is_asked_for_where_the_table_has_it_and_passed_over_where_not(client, double):
    query = PxQuery("06913", asking(Kjonn=("1", "2")).select, if_there=("Kjonn",))
    assert client.plan(query).axes["Kjonn"] == ["1", "2"]
    double.says("06913/metadata", metadata({variable: codes for variable, codes in PEOPLE.items() if variable != "Kjonn"}))
    plan = client.plan(query)
    assert list(plan.axes) == ["Region", "ContentsCode", "Tid"]
    assert "Kjonn" not in {entry["variableCode"] for call in plan.calls for entry in call.body["selection"]}


def test_a_code_that_a_variable_if_there_does_not_have_is_a_difference(client):
    text = difference(client, PxQuery("06913", asking(Kjonn=("3",)).select, if_there=("Kjonn",)))
    assert "variabelen Kjonn har ikke «3»; tabellen har «1» (Menn), «2» (Kvinner)" in text


def test_values_known_by_name_only_are_asked_for_by_the_codes_they_have(client):
    select = asking(ContentsCode=("*",)).select
    plan = client.plan(PxQuery("06913", select, labels={"ContentsCode": ("Levendefødte",)}))
    assert plan.axes["ContentsCode"] == ["Fodte3"]
    asked = {entry["variableCode"]: entry["valueCodes"] for entry in plan.calls[0].body["selection"]}
    assert asked["ContentsCode"] == ["Fodte3"]


def test_a_name_that_no_code_has_tells_the_names_there_are(client):
    text = difference(client, PxQuery("06913", asking(ContentsCode=("*",)).select, labels={"ContentsCode": ("Fødte", "Døde")}))
    assert "variabelen ContentsCode har ingen verdi som heter «Fødte»; tabellen har «Fodte3» (Levendefødte)\n" in text


TEXTS = st.text(max_size=4)
CODES = TEXTS.filter(lambda text: not set(text) & set("*?["))


@given(st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=20), max_size=4), st.data())
def test_a_declaration_is_different_just_where_the_table_lacks_what_it_asks_for(names, data):
    select = data.draw(st.dictionaries(st.sampled_from([*names, "Ukjent"]), st.tuples(CODES)))
    faults = pxweb.differences(PxQuery("1", select), names, {variable: variable for variable in names}, set(names))
    lacking = [variable for variable, (code,) in select.items() if code not in names.get(variable, {})]
    assert len(faults) == len(lacking)


# KLASS


def test_correspondences_are_asked_for_by_target_and_read_with_an_open_end_missing(client, double):
    double.says("/corresponds", {"correspondenceItems": GROUPS})
    plan = client.plan(KlassQuery("128", "corresponds", "2020-01-01", target="131"))
    answer = client.get(plan.calls[0], plan)
    (asked,) = double.asked
    assert asked.path.startswith("/api/klass/v1/classifications/128/corresponds?targetClassificationId=131&from=2020-01-01&to=")
    frame = klass.read([answer.body], "correspondenceItems", FIELDS)
    assert frame.to_dict("list")["komm_nr"] == ["0301", "3222"]
    assert frame["valid_to"].isna().tolist() == [True, False]
    assert klass.read([klass.write(frame, "correspondenceItems", FIELDS)], "correspondenceItems", FIELDS).equals(frame)


def test_the_days_of_a_code_are_read_as_far_as_they_were_asked_for_and_those_that_end_last_go_on():
    within = ("validFromInRequestedRange", "validToInRequestedRange")
    told = {"0230": ("1994-01-01", "2020-01-01"), "3222": ("2024-01-01", "2026-11-22")}
    blank = {"validFrom": None, "validTo": None}
    entries = [{"code": code} | blank | dict(zip(within, days, strict=True)) for code, days in told.items()]
    fields = {"code": "komm_nr", "validFrom": "valid_from", "validTo": "valid_to"}
    frame = klass.read([json.dumps({"codes": entries}).encode()], "codes", fields)
    assert frame["valid_from"].tolist() == ["1994-01-01", "2024-01-01"]
    assert frame["valid_to"].fillna("").tolist() == ["2020-01-01", ""]
    dated = [entry | {"validFrom": "1908-01-01", "validTo": "2020-01-01"} for entry in entries[:1]]
    dated += [entry | {"validFrom": "2024-01-01", "validTo": None} for entry in entries[1:]]
    frame = klass.read([json.dumps({"codes": dated}).encode()], "codes", fields)
    assert frame.fillna("")[["valid_from", "valid_to"]].values.tolist() == [["1908-01-01", "2020-01-01"], ["2024-01-01", ""]]


def test_a_field_that_klass_does_not_have_is_a_bad_answer():
    with pytest.raises(BadAnswer, match="sourceShortName"):
        klass.read([json.dumps({"correspondenceItems": GROUPS}).encode()], "correspondenceItems", {"sourceShortName": "short"})


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3))
ENTRIES = st.lists(JSON | st.dictionaries(st.sampled_from([*FIELDS, "notes"]), JSON), max_size=3)


@given(st.binary(max_size=40) | st.builds(lambda entries: json.dumps({"codes": entries}).encode(), ENTRIES) | st.just(b"[" * 10**5))
def test_any_bytes_from_klass_are_text_columns_or_a_bad_answer(body):
    try:
        frame = klass.read([body], "codes", FIELDS)
    except BadAnswer:
        return
    assert list(frame) == list(FIELDS.values())
    assert all(isinstance(dtype, pd.StringDtype) for dtype in frame.dtypes)


# Every source


def test_a_source_is_told_with_its_day_years_cells_and_calls_and_no_figures_are_asked_for(client, double, declared):
    declared(births=asking())
    lines, faults = fetching.api_check(None, client)
    assert not faults
    (line,) = lines
    assert line.split(maxsplit=1) == ["births", "SSB, tabell births: oppdatert 2026-03-01, 2023–2024, 4 celler i 2 kall"]
    assert not double.paths("/data")


def test_every_source_that_differs_or_does_not_answer_is_named_and_the_others_are_told(client, double, service, declared):
    double.says("/codes", {"codes": [{"code": "0301"}]})
    double.says("/borte.zip", Reply("", 404))
    double.says("/grenser.zip", b"PK")
    declared(
        differs=asking(ContentsCode=("Fodte2",), Alder=("*",)),
        codes=KlassQuery("131", "codes", "1994-01-01"),
        gone=PxQuery("99999", {"Tid": ("*",)}),
        file=FileQuery(f"{service}/grenser.zip"),
        moved=FileQuery(f"{service}/borte.zip"),
        silent=FileQuery(f"{ABSENT}/fil.zip"),
        births=asking(),
    )
    lines, faults = fetching.api_check(None, client)
    assert [line.split()[0] for line in lines] == ["codes", "file", "births"]
    assert [fault.split(":")[0] for fault in faults] == ["differs", "gone", "moved", "silent"]
    assert "har ikke «Fodte2»" in faults[0]
    assert "Alder finnes ikke" in faults[0]


@pytest.mark.parametrize(("years", "fault"), [(["2006", "2025"], False), (["1986", "1993"], True), (["1994"], False)])
def test_a_table_that_begins_later_than_the_years_that_are_asked_for_is_no_fault_and_one_with_none_of_them_is(years, fault):
    asked = PxQuery("1", {"Tid": ("199[4-9]", "2???")})
    found = pxweb.differences(asked, {"Tid": dict(zip(years, years, strict=True))}, {"Tid": "år"}, set())
    assert bool(found) == fault


def test_of_a_file_only_the_head_is_asked_for(client, double, service, declared):
    double.says("/grenser.zip", b"PK")
    declared(file=FileQuery(f"{service}/grenser.zip"))
    assert fetching.api_check(None, client) == ([f"{'file':22} SSB, file: svarer"], [])
    assert [asked.method for asked in double.asked] == ["HEAD"]


def test_what_has_come_and_gone_since_the_edition_was_fetched_is_told(client, double, declared, tmp_path):
    declared(births=asking())
    double.says("/data", figures)
    edition = store.new_edition("2026", tmp_path)
    fetching.fetch(edition, client, say=quiet)
    assert len(fetching.api_check(edition, client)[0]) == 1
    regions, years = {"0301": "Oslo", "3205": "Lillestrøm"}, PEOPLE["Tid"] | {"2025": "2025"}
    later = PEOPLE | {"Region": regions, "Tid": years, "Alder": {"0": "Alle"}}
    double.says("06913/metadata", metadata(later, eliminable=("Kjonn", "Alder")))
    lines, faults = fetching.api_check(edition, client)
    assert not faults
    assert lines[1:] == [
        "  ny variabel: Alder",
        "  nye koder i Region: «3205» (Lillestrøm)",
        "  koder i Region borte: «3222» (Lørenskog)",
        "  nye år: «2025»",
    ]


# As a user meets it, on real figures


@pytest.mark.slow
def test_a_statbank_without_most_tables_is_checked_to_the_end_and_ends_in_1(tmp_path):
    with statbank("--calls", "1000", "--window", "1") as api:  # a limit that is told is not waited for
        done = nlib("check", "--api", home=tmp_path, api=api)
    assert done.returncode == 1
    told = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith(("ssb_", "klass_"))}
    assert {"ssb_03321", "ssb_11618", "ssb_07459", "klass_131_codes", "klass_131_changes"} <= set(told)
    assert re.search(r"oppdatert \d{4}-\d\d-\d\d, 2017–2021, \d+ celler i 3 kall$", told["ssb_03321"])
    assert all(name in told or f"- {name}:" in done.stderr for name in pipeline.raws())
    assert not list(tmp_path.iterdir())
