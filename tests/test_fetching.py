"""A fetch of several sources: what is asked for, what goes on when one fails, and what is told of those that did not come."""

from dataclasses import replace
from datetime import date

import pytest
from statbank_double import Double, Reply, serving

from nlib.build import fetching, pipeline
from nlib.core import store
from nlib.core.errors import BadAnswer, SourceChanged, SourcesLost
from nlib.core.tables import PxQuery
from nlib.data.fetch import Client
from nlib.data.readers import jsonstat
from tests.test_check_api import PEOPLE, asking, figures, metadata, source

GONE = Reply({"type": "Parameter error", "title": "Non-existent table", "status": 404}, 404)
LATER = "2026-04-01T07:00:00Z"


@pytest.fixture
def double():
    double = Double()
    double.says("/config", {"maxDataCells": 3, "maxCallsPerTimeWindow": 30, "timeWindow": 60})
    double.says("06913/metadata", metadata(PEOPLE))
    double.says("06913/data", figures)
    double.says("99999/metadata", GONE)
    return double


@pytest.fixture
def said():
    return []


@pytest.fixture
def client(double, said):
    with serving(double) as address:
        yield Client(f"{address}/api", say=said.append, sleep=lambda seconds: None, today=lambda: date(2026, 11, 21))


@pytest.fixture
def edition(tmp_path):
    return store.new_edition("2026", tmp_path)


BIRTHS, MISSING = source("births", asking()), source("missing", PxQuery("99999", {"Tid": ("*",)}))


@pytest.fixture
def declared(monkeypatch):
    """Lets these be all the sources there are."""

    def declare(*sources):
        monkeypatch.setattr(pipeline, "raws", lambda: {raw.name: raw for raw in sources})

    return declare


def test_a_source_that_is_missing_stops_no_other_costs_one_call_and_is_noted_where_it_never_was(
    client, double, declared, edition, said
):
    declared(MISSING, BIRTHS)
    fetching.fetch(edition, client, say=said.append)
    assert set(edition.raw_manifest()["sources"]) == {"births"}
    assert len(double.paths("99999")) == 1
    assert "tabellen finnes ikke lenger" in edition.raw_manifest()["absent"]["missing"]
    double.says("99999/metadata", metadata({"Tid": {"2025": "2025"}}))
    double.says("99999/data", metadata({"Tid": {"2025": "2025"}}) | {"value": [1]})
    fetching.fetch(edition, client, say=said.append)
    assert edition.raw_manifest()["absent"] == {} and "missing" in edition.raw_manifest()["sources"]


def test_all_that_the_edition_cannot_do_without_is_named_at_once_after_the_others_have_come(client, declared, edition, said):
    needed = replace(MISSING, name="needed", optional=False)
    differs = replace(source("differs", asking(ContentsCode=("Fodte2",))), optional=False)
    declared(needed, differs, BIRTHS)
    with pytest.raises(SourcesLost, match="2 kilder ble ikke hentet") as lost:
        fetching.fetch(edition, client, say=said.append)
    assert set(lost.value.faults) == {"needed", "differs"}
    assert "har ikke «Fodte2»" in str(lost.value) and "tabellen finnes ikke lenger" in str(lost.value)
    assert set(edition.raw_manifest()["sources"]) == {"births"}


def test_a_source_that_this_edition_or_the_one_before_had_is_lost_when_it_does_not_come(client, double, declared, edition, said):
    declared(BIRTHS)
    fetching.fetch(edition, client, say=said.append)
    double.says("06913/metadata", GONE)
    with pytest.raises(SourcesLost, match=r"births: .*finnes ikke lenger.*Det som ble hentet \d{4}-\d\d-\d\d, står"):
        fetching.fetch(edition, client, say=said.append)
    assert "births" in edition.raw_manifest()["sources"]
    following = store.new_edition("2027", edition.root)
    with pytest.raises(SourcesLost, match=r"births: .*Forrige utgave har det som ble hentet \d{4}-\d\d-\d\d"):
        fetching.fetch(following, client, say=said.append)
    assert not following.raw.exists(), "an edition does not come into being by what it did not get"


def test_calls_and_windows_are_told_before_figures_are_asked_for_and_what_they_cost_after(client, double, declared, edition, said):
    double.says("/config", {"maxDataCells": 1, "maxCallsPerTimeWindow": 2, "timeWindow": 60})
    declared(BIRTHS)
    fetching.fetch(edition, client, say=said.append)
    assert "4 kall gjenstår i 1 av 1 kilder, minst 2 vinduer à 2 kall på 60 s" in said
    assert said[-1].startswith("6 kall, 0,0 MB; ventet ") and "s på tjenestens grense" in said[-1]


def test_what_an_interrupted_fetch_brought_home_is_not_asked_for_again(client, double, declared, edition, said):
    declared(BIRTHS)
    double.says("06913/data", figures, Reply("", 400))
    with pytest.raises(SourcesLost):
        declared(replace(BIRTHS, optional=False))
        fetching.fetch(edition, client, say=said.append)
    double.says("06913/data", figures)
    fetching.fetch(edition, client, say=said.append)
    assert "1 kall gjenstår i 1 av 1 kilder" in said and "births: 1 av 2 (fra før)" in said
    assert len(double.paths("/data")) == 3


def renewed(asked):
    return figures(asked) | {"updated": LATER}


def test_a_table_that_is_updated_between_two_calls_is_fetched_again_whole(client, double, declared, edition, said):
    declared(BIRTHS)
    double.says("06913/metadata", metadata(PEOPLE), metadata(PEOPLE, updated=LATER))
    double.says("06913/data", figures, renewed)
    fetching.fetch(edition, client, say=said.append)
    entry = edition.raw_manifest()["sources"]["births"]
    assert entry["updated"] == LATER and [file["version"] for file in entry["files"]] == [LATER, LATER]
    assert len(double.paths("/data")) == 4
    assert "births: oppdatert hos kilden mens den ble hentet; hentes om igjen" in said


def test_a_table_that_gets_another_year_between_its_metadata_and_its_figures_is_fetched_by_its_new_metadata(
    client, double, declared, edition, said
):
    declared(BIRTHS)
    later = PEOPLE | {"Tid": PEOPLE["Tid"] | {"2025": "2025"}}
    double.says("06913/metadata", metadata(PEOPLE), metadata(later, updated=LATER))
    double.says("/config", {"maxDataCells": 1000})

    def answer(asked):
        axes = {entry["variableCode"]: entry["valueCodes"] for entry in asked.body["selection"]}
        names = {of: later[of] if codes == ["*"] else {code: later[of][code] for code in codes} for of, codes in axes.items()}
        return metadata(names, updated=LATER) | {"value": [1] * (2 * len(names["Tid"]))}

    double.says("06913/data", answer)
    fetching.fetch(edition, client, say=said.append)
    (file,) = edition.raw_manifest()["sources"]["births"]["files"]
    assert jsonstat.axes((edition.raw / file["name"]).read_bytes())["Tid"] == list(later["Tid"])


def test_a_table_that_never_stands_still_is_given_up_and_nothing_of_it_counts(client, double, declared, edition, said):
    declared(replace(BIRTHS, optional=False))
    versions = iter(range(1000))
    double.says("06913/metadata", lambda asked: metadata(PEOPLE, updated=f"{next(versions)}"))
    double.says("06913/data", lambda asked: figures(asked) | {"updated": f"{next(versions)}"})
    with pytest.raises(SourcesLost, match="oppdatert 3 ganger mens den ble hentet"):
        fetching.fetch(edition, client, say=said.append)
    assert not edition.raw_manifest().get("sources")


def closed(**more):
    return metadata(PEOPLE) | {"extension": {"discontinued": True}} | more


@pytest.mark.parametrize("told_in", ["metadata", "description"])
def test_a_closed_table_is_named_with_its_last_period_unless_the_declaration_says_that_it_is_known(client, double, told_in):
    old = PEOPLE | {"Tid": {"2019": "2019", "2020": "2020"}}
    double.says("06913/metadata", closed() if told_in == "metadata" else metadata(old))
    double.says("tables/06913?", {"id": "06913", "discontinued": True})
    with pytest.raises(SourceChanged, match=r"tabellen er avsluttet, 202[04] er siste periode"):
        client.plan(asking())
    assert client.plan(replace(asking(), closed=True)).calls


def test_a_table_whose_last_period_is_old_is_asked_whether_it_is_closed_and_any_other_is_not(client, double):
    client.plan(asking())
    assert not double.paths("tables/06913?")
    double.says("06913/metadata", metadata(PEOPLE | {"Tid": {"2020": "2020"}}))
    double.says("tables/06913?", {"id": "06913", "discontinued": False})
    assert client.plan(asking()).calls and len(double.paths("tables/06913?")) == 1
    double.says("tables/06913?", Reply("", 404))
    assert client.plan(asking()).calls


def test_what_happens_through_a_year_is_asked_for_when_the_year_has_ended(client, double):
    double.says("06913/metadata", metadata(PEOPLE | {"Tid": {"2024": "2024", "2025": "2025", "2026": "2026"}}))  # of March 2026
    assert client.plan(asking()).axes["Tid"] == ["2024", "2025", "2026"]
    assert client.plan(replace(asking(), through=True)).axes["Tid"] == ["2024", "2025"]


def test_a_selection_of_a_thousand_calls_is_a_fault_of_the_declaration_or_of_the_limit(client, double):
    names = PEOPLE | {"Region": {f"{number:05}": "Krets" for number in range(1001)}}
    double.says("06913/metadata", metadata(names))
    double.says("/config", {"maxDataCells": 1})
    with pytest.raises(SourceChanged, match="ville tatt 2002 kall à 1 celler"):
        client.plan(asking())


def test_answers_of_two_versions_are_not_read_as_one(client, double):
    double.says("06913/data", figures, renewed)
    plan = client.plan(asking())
    bodies = [client.get(call, plan).body for call in plan.calls]
    with pytest.raises(BadAnswer, match="oppdatert mens den ble hentet"):
        BIRTHS.read(bodies)


def test_a_dry_run_tells_the_calls_and_seconds_ahead_and_asks_for_no_figures(client, double, declared, edition, tmp_path):
    declared(MISSING, BIRTHS)
    ahead, seconds, faults = fetching.foreseen(edition, client)
    assert set(ahead) == {"births"} and ahead["births"] > 0 and seconds == 60
    assert set(faults) == {"missing"} and double.paths("06913/data") == []
    assert not (tmp_path / "data").exists()
    fetching.fetch(edition, client, say=lambda line: None)
    assert fetching.foreseen(edition, client)[:2] == ({"births": 0}, 0)


class Without:
    """Services that have nothing of what they are asked for."""

    def plan(self, query):
        raise SourceChanged("Tabellen er borte:\n  - helt borte")

    def windows(self, calls):
        return 0, 30, 60.0

    def spent(self):
        return ""


@pytest.mark.parametrize("name", pipeline.raws())
def test_every_source_there_is_that_the_edition_before_had_is_named_when_it_is_lost_and_noted_when_it_never_was(
    name, tmp_path, monkeypatch, said
):
    raw = pipeline.raws()[name]
    monkeypatch.setattr(pipeline, "chosen", lambda only: {name: raw})
    before, edition = store.Edition("2026", tmp_path), store.new_edition("2027", tmp_path)
    store.write_json(edition.raw / "manifest.json", {"sources": {"another": {}}})
    if raw.optional:
        fetching.fetch(edition, Without(), say=said.append)
    store.write_json(before.raw / "manifest.json", {"sources": {name: {"files": [{"fetched": "2026-05-01T10:00:00"}]}}})
    with pytest.raises(SourcesLost) as lost:
        fetching.fetch(edition, Without(), say=said.append)
    assert lost.value.exit_code == 1
    assert lost.value.faults == {name: "Tabellen er borte: – helt borte. Forrige utgave har det som ble hentet 2026-05-01"}
    assert edition.raw_manifest()["absent"] == {name: "Tabellen er borte: – helt borte"}
    assert pipeline.lost(edition, raw)


def test_sources_that_do_not_come_for_one_reason_are_named_together():
    why = SourceChanged("nettet virker ikke")
    assert fetching.by_reason({"ssb_1": why, "ssb_2": why, "ssb_3": BadAnswer("er tom")}) == {
        "nettet virker ikke": ["ssb_1", "ssb_2"],
        "er tom": ["ssb_3"],
    }
