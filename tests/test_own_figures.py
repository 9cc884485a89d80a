"""The researcher's own figures on today's municipalities: any table of a StatBank in one line, frames on old numbers and names."""

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from statbank_double import Double, Reply, serving

import nlib
from nlib.core import store
from nlib.core.errors import SourceUnavailable, UnknownMunicipality, WrongUse

REGIONS = {
    "0": "Hele landet",
    "0226": "Sørum (-2019)",
    "0227": "Fet (-2019)",
    "0231": "Skedsmo (-2019)",
    "3030": "Lillestrøm",
    "3205": "x",
}
TABLE = {
    "Region": REGIONS,
    "NACE2007": {"00-99": "Alle næringer", "10-33": "Industri"},
    "ContentsCode": {"Jobber": "Arbeidsplasser", "Lonn": "Medianlønn"},
    "Tid": {"2019": "2019", "2020": "2020", "2024": "2024"},
}
HOLDS = {"2019": {"0", "0226", "0227", "0231"}, "2020": {"0", "3030"}, "2024": {"0", "3205"}}
UNITS = {"Jobber": {"base": "arbeidsplasser", "decimals": 0}, "Lonn": {"base": "kr", "decimals": 0}}


def metadata(names, eliminable=("NACE2007",)) -> dict:
    dimension = {
        variable: {
            "label": {"Region": "region", "NACE2007": "næring", "Tid": "år"}.get(variable, variable),
            "category": {"index": {code: at for at, code in enumerate(called)}, "label": called},
            "extension": {"elimination": variable in eliminable},
        }
        for variable, called in names.items()
    }
    dimension.get("ContentsCode", {}).get("category", {})["unit"] = UNITS
    size = [len(called) for called in names.values()]
    top = {"version": "2.0", "class": "dataset", "label": "13470: Sysselsatte", "updated": "2026-03-05T07:00:00Z"}
    return top | {"id": list(names), "size": size, "dimension": dimension, "role": {"time": ["Tid"], "metric": ["ContentsCode"]}}


def figures(asked) -> dict:
    """A thousand for each region that holds in the year, less for one industry; `.` for the others."""
    axes = {entry["variableCode"]: entry["valueCodes"] for entry in asked.body["selection"]}
    names = {of: TABLE[of] if codes == ["*"] else {code: TABLE[of][code] for code in codes} for of, codes in axes.items()}
    values, status = [], {}
    for region in names["Region"]:
        for industry in names.get("NACE2007", ["00-99"]):
            for _ in names["ContentsCode"]:
                for period in names["Tid"]:
                    if region not in HOLDS[period]:
                        status[str(len(values))] = "."
                    values.append((1000 if industry == "00-99" else 100) if region in HOLDS[period] else None)
    assert len(values) == math.prod(map(len, names.values()))
    return metadata(names) | {"value": values, "status": status}


@pytest.fixture
def double():
    double = Double()
    double.says("/config", {"maxDataCells": 800_000, "maxCallsPerTimeWindow": 1000, "timeWindow": 1})
    double.says("13470/metadata", metadata(TABLE))
    double.says("13470/data", figures)
    return double


@pytest.fixture
def address(double, tmp_path, monkeypatch):
    """A StatBank, and a home with an edition in it that has no tables: the project's own municipalities are used."""
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    store.write_json(store.new_edition("2026", tmp_path).raw / "manifest.json", {"sources": {}})
    with serving(double) as service:
        monkeypatch.setenv("NLIB_API", f"{service}/api")
        yield service


def rows(frame, *columns):
    return frame[list(columns)].values.tolist()


# A table of the StatBank


def test_a_table_comes_on_todays_municipalities_with_a_column_for_each_of_its_contents(address, double):
    frame = nlib.statbank("13470", Region="kommuner", ContentsCode="Jobber")
    assert frame.columns.tolist() == ["komm_nr", "year", "Jobber", "comparable"]
    assert rows(frame, "komm_nr", "year", "Jobber") == [["3205", 2019, 3000], ["3205", 2020, 1000], ["3205", 2024, 1000]]
    assert frame.attrs["title"] == "13470: Sysselsatte" and frame.attrs["source"] == "SSB, tabell 13470"
    assert frame.attrs["labels"]["ContentsCode"] == {"Jobber": "Arbeidsplasser", "Lonn": "Medianlønn"}
    assert frame.attrs["units"]["Lonn"] == "kr"
    (asked,) = double.paths("/data")
    assert asked.body["selection"][0] == {"variableCode": "Region", "valueCodes": [code for code in REGIONS if len(code) == 4]}


def test_what_cannot_be_added_up_is_followed_as_long_as_the_municipality_is_the_same(address):
    frame = nlib.statbank("13470", Region="kommuner", ContentsCode="Lonn", counts=False)
    assert rows(frame, "komm_nr", "year", "Lonn") == [["3205", 2020, 1000], ["3205", 2024, 1000]]
    both = nlib.statbank("13470", Region="kommuner", counts=["Jobber"])
    assert rows(both[both["year"] == 2019].fillna(-1), "Jobber", "Lonn") == [[3000, -1]]


def test_medians_and_per_cent_are_not_added_up_by_mistake(address):
    with pytest.raises(WrongUse, match=r"Lonn \(Medianlønn, kr\) kan ikke legges sammen: sett counts=False"):
        nlib.statbank("13470", Region="kommuner")
    with pytest.raises(WrongUse, match="counts nevner Jobb; uttrekket har Jobber, Lonn"):
        nlib.statbank("13470", Region="kommuner", counts=["Jobb"])


def test_values_are_given_by_code_pattern_or_name_and_variables_by_code_or_name(address):
    frame = nlib.statbank("13470", region="Hele landet", næring=["Industri", "00-*"], ContentsCode="Jobber", Tid=[2019, 2024])
    assert frame.columns.tolist() == ["Region", "NACE2007", "year", "Jobber"]
    assert set(frame["NACE2007"]) == {"10-33", "00-99"} and set(frame["year"]) == {2019, 2024}


def test_the_answer_is_kept_as_a_raw_file_and_read_without_the_service_the_next_time(address, double, monkeypatch):
    first = nlib.statbank("13470", Region="kommuner", ContentsCode="Jobber")
    calls = len(double.asked)
    monkeypatch.setattr("nlib.data.fetch.http.Http.send", None)
    pd.testing.assert_frame_equal(nlib.statbank("13470", Region="kommuner", ContentsCode="Jobber"), first)
    assert len(double.asked) == calls
    ((name, source),) = store.edition().raw_manifest()["sources"].items()
    assert name.startswith("egen_13470_") and source["table"] == "13470" and source["updated"] == "2026-03-05T07:00:00Z"
    assert (store.edition().raw / source["files"][0]["name"]).is_file()


def test_a_refresh_asks_whether_the_table_is_another_and_only_then_for_its_figures(address, double):
    nlib.statbank("13470", Region="kommuner", ContentsCode="Jobber")
    nlib.statbank("13470", Region="kommuner", ContentsCode="Jobber", refresh=True)
    assert len(double.paths("/data")) == 1
    later = metadata(TABLE) | {"updated": "2027-03-05T07:00:00Z"}
    double.says("13470/metadata", later)
    double.says("13470/data", lambda asked: figures(asked) | {"updated": later["updated"]})
    frame = nlib.statbank("13470", Region="kommuner", ContentsCode="Jobber", refresh=True)
    assert frame.attrs["updated"] == later["updated"]


def test_any_address_of_a_pxwebapi_is_a_table_with_the_selection_in_it(address, double):
    double.says("/elsewhere/v2/config", {"maxDataCells": 800_000})
    frame = nlib.statbank(
        f"{address}/elsewhere/v2/tables/13470/data?lang=no&valueCodes[Region]=0226,0227&valueCodes[ContentsCode]=Jobber",
        Tid="2019",
    )
    assert rows(frame, "Region", "year", "Jobber") == [["0226", 2019, 1000], ["0227", 2019, 1000]]
    assert frame.attrs["source"] == "127.0.0.1, tabell 13470"
    assert all(asked.path.startswith("/elsewhere/v2/") for asked in double.asked)
    with pytest.raises(WrongUse, match="er ikke adressen til en tabell"):
        nlib.statbank("https://example.org/tables")


def test_a_codelist_in_an_address_gives_its_own_codes(address, double):
    summed = {"K-3205": "Lillestrøm"}
    double.says("/codelists/agg_KommSummer", {"values": [{"code": code, "label": label} for code, label in summed.items()]})
    names = {"Region": summed, "ContentsCode": {"Jobber": "Arbeidsplasser"}, "Tid": {"2019": "2019"}}
    double.says("13470/data", metadata(names) | {"value": [3000]})
    frame = nlib.statbank(
        f"{address}/api/pxwebapi/v2/tables/13470/data?codelist[Region]=agg_KommSummer",
        Region="kommuner",
        ContentsCode="Jobber",
        Tid="2019",
    )
    assert rows(frame, "komm_nr", "year", "Jobber") == [["3205", 2019, 3000]]


def test_what_a_table_does_not_have_is_told_with_what_it_has(address, double):
    with pytest.raises(WrongUse) as told:
        nlib.statbank("13470", Region="kommuner", Næringer="*", ContentsCode="Jobb", Tid="19*")
    text = str(told.value)
    assert "variabelen Næringer finnes ikke; tabellen har Region (region), NACE2007 (næring), ContentsCode, Tid (år)" in text
    assert "variabelen ContentsCode har ikke «Jobb»; tabellen har «Jobber» (Arbeidsplasser)" in text
    assert "Tid har ikke «19*»" in text and 'nlib.ssb_variables("13470")' in text
    double.says("13470/metadata", metadata(TABLE, eliminable=()))
    with pytest.raises(WrongUse, match="variabelen NACE2007 er ikke deklarert, og kan ikke summeres bort"):
        nlib.statbank("13470", Region="kommuner")


def test_quarters_stand_beside_the_year(address, double):
    names = TABLE | {"Tid": {"2024K1": "2024K1", "2024K2": "2024K2"}}
    double.says("13470/metadata", metadata(names))
    small = {"Region": {"3205": "x"}, "ContentsCode": {"Jobber": "x"}, "Tid": names["Tid"]}
    double.says("13470/data", metadata(small) | {"value": [1, 2]})
    frame = nlib.statbank("13470", Region="3205", ContentsCode="Jobber")
    assert rows(frame, "Tid", "year", "Jobber") == [["2024K1", 2024, 1], ["2024K2", 2024, 2]]


def test_a_service_that_does_not_answer_leaves_nothing_behind(address, double):
    double.says("13470/metadata", Reply("", 403))
    with pytest.raises(SourceUnavailable):
        nlib.statbank("13470", Region="kommuner")
    assert store.edition().raw_manifest()["sources"] == {}


# A frame with old numbers


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A home without editions: the project's own municipalities are used."""
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))


def own(*told, columns=("kommunenr", "aar", "antall")):
    return pd.DataFrame(told, columns=list(columns))


def test_counts_are_added_up_where_municipalities_have_merged_and_shared_where_one_was_split(nowhere):
    given = own(("0226", 2019, 10), ("0227", 2019, 20), ("0231", 2019, 30), ("1507", 2022, 1000), ("3222", 2024, 7))
    before = given.copy()
    frame = nlib.to_today(given, counts=["antall"])
    assert rows(frame, "kommunenr", "aar", "antall") == [
        ["1508", 2022, 862],
        ["1580", 2022, 138],
        ["3205", 2019, 60],
        ["3222", 2024, 7],
    ]
    assert frame["comparable"].tolist() == [False, False, True, True]
    pd.testing.assert_frame_equal(given, before)


def test_amounts_with_decimals_are_shared_as_they_are_and_keep_their_sum(nowhere):
    frame = nlib.to_today(own(("1507", 2022, 10.5), ("0226", 2019, 0.25), ("0227", 2019, 0.5)), counts=["antall"])
    assert frame["antall"].sum() == pytest.approx(11.25) and frame.loc[0, "antall"] == pytest.approx(10.5 * 58509 / 67866)


def test_rates_are_left_out_where_the_municipality_is_no_longer_the_same(nowhere):
    given = own(("0226", 2019, 5, 1.5), ("0230", 2019, 6, 2.5), columns=("kommunenr", "aar", "antall", "andel"))
    frame = nlib.to_today(given, counts=["antall"], rates=["andel"])
    assert rows(frame.fillna(-1), "kommunenr", "antall", "andel") == [["3205", 5, -1], ["3222", 6, 2.5]]
    with pytest.warns(UserWarning, match="1 rad under 0226 er ikke med i rates: kommunen er slått sammen"):
        alone = nlib.to_today(given.drop(columns="antall"), rates=["andel"])
    assert rows(alone, "kommunenr", "andel") == [["3222", 2.5]]


def test_figures_on_todays_numbers_stand_and_a_sum_that_lacks_a_part_cannot_be_compared(nowhere):
    with pytest.warns(UserWarning, match="0231 er ikke med"):
        part = nlib.to_today(own(("0226", 2019, 1), ("0227", 2019, 3), ("3222", 2019, 5)), counts=["antall"])
    assert part[["kommunenr", "comparable"]].to_numpy().tolist() == [["3205", False], ["3222", True]]
    again = nlib.to_today(nlib.to_today(own(("3222", 2024, 7)), counts=["antall"]), counts=["antall"])
    assert rows(again, "kommunenr", "antall") == [["3222", 7]]
    with pytest.raises(WrongUse, match=r"både i counts .* og i rates"):
        nlib.to_today(own(("3222", 2024, 7)), counts=["antall"], rates=["antall"])
    with pytest.raises(WrongUse, match="Rad 2 har ingen kommune i kolonnen kommunenr"):
        nlib.to_today(own((3222.0, 2024, 7), (None, 2024, 7)), counts=["antall"])


def test_other_columns_tell_rows_apart_and_stand(nowhere):
    given = own(("0226", 2019, "A", 1), ("0227", 2019, "A", 2), ("0227", 2019, "B", 4), columns=("nr", "år", "gruppe", "n"))
    frame = nlib.to_today(given, number="nr", year="år", counts=["n"])
    assert frame.columns.tolist() == ["nr", "år", "gruppe", "n", "comparable"]
    assert rows(frame, "nr", "gruppe", "n") == [["3205", "A", 3], ["3205", "B", 4]]


@pytest.mark.parametrize("number", [301, "301", "0301", 301.0, " 0301 ", "Oslo", "OSLO"])
def test_a_number_may_lack_its_first_zero_or_be_a_name(nowhere, number):
    assert rows(nlib.to_today(own((number, 2019, 1)), counts=["antall"]), "kommunenr", "antall") == [["0301", 1]]


def test_a_number_that_had_ended_by_its_year_is_carried_on(nowhere):
    assert rows(nlib.to_today(own(("0230", 2025, 3)), counts=["antall"]), "kommunenr", "antall") == [["3222", 3]]
    with pytest.raises(WrongUse, match="1507 i 2025 er et nummer som tok slutt 2024-01-01 og ble delt: skriv 1508, 1580"):
        nlib.to_today(own(("1507", 2025, 3)), counts=["antall"])


@pytest.mark.parametrize(
    ("name", "year", "numbers"),
    [
        ("Bø", 2018, ("0821", "1867")),
        ("Sande", 2018, ("0713", "1514")),
        ("Os", 2018, ("0441", "1243")),
        ("Våler", 2018, ("0137", "0426")),
        ("Våler", 2024, ("3114", "3419")),
        ("Herøy", 2024, ("1515", "1818")),
        ("Haram", 2022, ("1534", "1580")),
    ],
)
def test_a_name_that_several_bore_in_its_year_is_an_error_that_lists_their_numbers(nowhere, name, year, numbers):
    with pytest.raises(UnknownMunicipality) as told:
        nlib.to_today(own((name, year, 1)), counts=["antall"])
    assert tuple(re.findall(rf"\b(\d{{4}}) {name}\b", str(told.value))) == numbers
    assert f"er i {year} ikke navnet på én kommune" in str(told.value)


@pytest.mark.parametrize(
    ("name", "year", "today"),
    [
        ("Bø", 2021, "1867"),
        ("Bø (Telemark)", 2018, "4020"),
        ("Os", 2021, "3430"),
        ("Sande", 2021, "1514"),
        ("Haram", 2019, "1580"),
        ("Haram", 2024, "1580"),
        ("Skedsmo", 2015, "3205"),
        ("Lillestrøm", 2015, "3205"),
        ("Kåfjord", 2019, "5540"),
        ("Gáivuotna", 2021, "5540"),
    ],
)
def test_a_name_is_looked_up_for_the_year_it_stands_at(nowhere, name, year, today):
    frame = nlib.to_today(own((name, year, 100)), counts=["antall"])
    assert today in frame["kommunenr"].tolist() and frame["antall"].sum() == 100


def test_a_misspelt_name_is_told_with_what_it_may_be(nowhere):
    with pytest.raises(UnknownMunicipality, match=r"Ingen kommune har hett «Skedsmoe». Mente du 0231 Skedsmo \(\d{4}–2019\)"):
        nlib.to_today(own(("Skedsmoe", 2015, 1)), counts=["antall"])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (own(("0", 2019, 1), ("32", 2019, 1), ("030101", 2019, 1), ("9999", 2019, 2)), "«0», «32», «030101», «9999» i kolonnen"),
        (own(("9999", 2019, 2)), "«9999» i kolonnen kommunenr er ikke en kommune: ta radene ut"),
        (own(("0301", 2019, 1), ("0301", 2019, 2)), "2 rader gjelder det samme, for eksempel komm_nr 0301, year 2019"),
        (own(("0301", "i fjor", 1)), "«i fjor» i kolonnen aar er ikke et år"),
        (own(("0301", 2019.5, 1)), "er ikke et år"),
        (own(("0301", 2019, 1), columns=("nr", "aar", "antall")), "har ikke kommunenr; den har nr, aar, antall"),
        (own(("0301", 2019, 1, 0.5), columns=("kommunenr", "aar", "antall", "andel")), "andel er desimaltall: nevn den i counts"),
    ],
)
def test_what_is_wrong_with_a_frame_is_told(nowhere, given, says):
    with pytest.raises(WrongUse, match=re.escape(says)):
        nlib.to_today(given, counts=["antall"])


def test_the_municipalities_are_the_editions_where_it_has_tables(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    assert rows(nlib.to_today(own(("0230", 2019, 1)), counts=["antall"], edition="demo"), "kommunenr") == [["3222"]]


def test_the_units_of_an_answer_are_read_where_it_tells_them_and_not_where_it_tells_nonsense():
    from nlib.data.readers import jsonstat

    document = metadata(TABLE)
    assert jsonstat.units(json.dumps(document).encode()) == {"Jobber": "arbeidsplasser", "Lonn": "kr"}
    document["dimension"]["ContentsCode"]["category"]["unit"] = ["kr"]
    document["role"] = {"metric": "ContentsCode", "time": [1]}
    assert jsonstat.units(json.dumps(document).encode()) == {}
    assert jsonstat.time(json.dumps(document).encode()) == "Tid"


@pytest.mark.parametrize(("written", "total"), [(["12", "7", "41"], 60), (["1 200", "7", "41"], 1248), ([12, ":", 41], None)])
def test_figures_that_are_text_are_added_up_as_numbers(written, total):
    frame = pd.DataFrame({"kommunenr": [226, 227, 231], "aar": 2019, "antall": written})
    row = nlib.to_today(frame, counts=["antall"]).iloc[0]
    assert row["kommunenr"] == "3205" and (pd.isna(row["antall"]) if total is None else row["antall"] == total)


def test_a_sum_that_lacks_a_part_is_warned_of_and_one_that_counts_a_part_twice_refused():
    with pytest.warns(UserWarning, match="Lillestrøm i 2019 er ikke hele kommunen: 0231 er ikke med"):
        nlib.to_today(own(("0226", 2019, 12), ("0227", 2019, 7)), counts=["antall"])
    with pytest.raises(WrongUse, match="0230 og 3029 står begge i 2019"):
        nlib.to_today(own(("0230", 2019, 12), ("3029", 2019, 7)), counts=["antall"])


def test_a_column_of_names_that_keeps_the_parts_apart_is_warned_of_and_figures_must_be_named():
    frame = own(("0226", 2019, 12), ("0227", 2019, 7), ("0231", 2019, 41)).assign(navn=["Sørum", "Fet", "Skedsmo"])
    with pytest.warns(UserWarning, match="Lillestrøm har flere rader i 2019, for navn skiller dem"):
        nlib.to_today(frame, counts=["antall"])
    with pytest.raises(WrongUse, match=r"counts .* eller rates"):
        nlib.to_today(frame)


@pytest.mark.parametrize(("year", "comparable"), [(1840, False), (1900, False), (2010, False), (2024, True)])
def test_figures_of_a_year_that_no_municipality_is_known_of_are_not_comparable(year, comparable):
    frame = pd.DataFrame({"kommunenr": ["3222", "1507" if year < 2024 else "1508"], "aar": year, "antall": 300})
    told = nlib.to_today(frame, counts=["antall"]).set_index("kommunenr")["comparable"]
    assert told["1508"] == comparable
    assert told["3222"] == (year >= 2002)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            pd.DataFrame({"kommunenr": ["1507"], "aar": [1800], "antall": [300]}),
            "«1800» i kolonnen aar er ikke et år fra 1838 til 2150",
        ),
        (
            pd.DataFrame({"kommunenr": ["3222"], "aar": [1019], "antall": [1]}),
            "«1019» i kolonnen aar er ikke et år fra 1838 til 2150",
        ),
        (pd.DataFrame({"kommunenr": ["3222"], "aar": [2019], "antall": [np.inf]}), "Kolonnen antall har et uendelig tall"),
        (
            pd.DataFrame([["3222", 2019, 1, 2]], columns=["kommunenr", "aar", "antall", "antall"]),
            "To kolonner heter antall: gi dem hvert sitt navn først",
        ),
    ],
)
def test_what_cannot_be_figures_of_a_year_is_refused(frame, said):
    with pytest.raises(WrongUse, match=re.escape(said)):
        nlib.to_today(frame, counts=["antall"])
