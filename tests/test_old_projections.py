"""SSB's earlier projections: read from a kept file, carried to today's municipalities, held against what came."""

import gzip
import os
from pathlib import Path

import pandas as pd
import pytest

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import resource
from nlib.data.readers import kinds
from nlib.data.sources import old_projections
from nlib.indicators.attractiveness_backtest import projected

FILE = Path(__file__).parent / "samples" / "import_framskriving" / "framskrevet_2018.csv"
HEAD = "Kommunenr;Framskrevet i;År;Folketall\n"


def read(text):
    return old_projections.IMPORTED.read((HEAD + text).encode())


def test_a_kept_file_is_recognised_for_what_it_is():
    assert kinds.recognise(kinds.File(FILE.read_bytes())).name == "framskriving"
    frame = old_projections.IMPORTED.read(FILE.read_bytes())
    assert len(frame) == 25
    lorenskog = frame[(frame["komm_nr"] == "0230") & (frame["year"] == 2021)]
    assert lorenskog[["made", "population"]].values.tolist() == [[2018, 40100]]


def test_numbers_of_the_year_a_projection_was_made_are_carried_to_todays_also_for_years_after_a_reform():
    registers = resource("municipalities.csv"), resource("municipality_changes.csv")
    table = old_projections.DATASET.check(old_projections.build(old_projections.IMPORTED.read(FILE.read_bytes()), *registers))
    assert set(table["komm_nr"]) == {"0301", "3205", "3222"}
    lillestrom = table[table["komm_nr"] == "3205"].set_index("year")["population"]
    assert lillestrom[2022] == 19200 + 12100 + 58000
    assert lillestrom[2018] == 18000 + 11700 + 54000


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("0301;2018;2017;600000\n", "før framskrivingen ble laget"),
        ("0301;2018;2019;600000\n0301;2018;2019;600001\n", "står to ganger"),
        ("0301;2018;2019;600000,5\n", "ikke et antall personer"),
        ("0301;2018;snart;600000\n", "ikke et år"),
    ],
)
def test_what_cannot_be_is_refused_by_name(rows, said):
    with pytest.raises(BadAnswer, match=said):
        read(rows)


def test_growth_is_above_the_nations_in_percent_a_year_and_belongs_to_the_origin_before():
    people = {"A": (1000, 1331), "B": (2000, 2000)}
    frame = pd.DataFrame(
        [(nr, 2018, 2018 + 3 * step, value) for nr, pair in people.items() for step, value in enumerate(pair)],
        columns=["komm_nr", "made", "year", "population"],
    )
    told = projected(frame).set_index("komm_nr")
    nation = 100 * ((3331 / 3000) ** (1 / 3) - 1)
    assert told.loc["A", "forecast_pct"] == pytest.approx(10 - nation)
    assert told.loc["B", "forecast_pct"] == pytest.approx(-nation)
    assert set(told["origin"]) == {2017}
    assert projected(frame.iloc[:0]) is None
    assert projected(frame[frame["year"] == 2018]) is None


# -- several vintages, by the names of regions


VINTAGES = "vintage,table,region,alternative,year,age,value\n"
MAIN, HIGH = "Hovedalternativet (MMMM)", "Høy nasjonal vekst (HHMH)"


def vintages(*rows, ages=(("0-66 år", 1000), ("67 år eller eldre", 200))):
    lines = [
        f"{made},11668,{region},{alternative},{year},{age},{value}"
        for made, region, alternative, year in rows
        for age, value in ages
    ]
    return old_projections.IMPORTED.read((VINTAGES + "\n".join(lines)).encode())


def test_names_are_those_of_the_vintage_and_ages_are_added_up():
    frame = vintages(
        (2018, "Skien (-2019)", MAIN, 2020),
        (2018, "Skien (-2019)", HIGH, 2020),
        (2020, "Skien (2020-2023)", MAIN, 2022),
        (2024, "4003", MAIN, 2025),
        (2024, "K-4001", MAIN, 2025),
        (2018, "Bø (Telemark) (-2019)", MAIN, 2020),
        *((2018, "Telemark (-2019)", MAIN, 2020), (2018, "0", MAIN, 2020), (2024, "F-40", MAIN, 2025)),
    )
    assert frame[["komm_nr", "made", "population"]].values.tolist() == [
        ["0806", 2018, 1200],
        ["0821", 2018, 1200],
        ["3807", 2020, 1200],
        ["4001", 2024, 1200],
        ["4003", 2024, 1200],
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((2018, "Bø", MAIN, 2020), "«Bø» var flere kommuner i 2018: 0821 .*1867"),
        ((2018, "Skein", MAIN, 2020), "Ingen kommune het «Skein» i 2018"),
        ((2018, "Indre Østfold", MAIN, 2020), "Ingen kommune het «Indre Østfold» i 2018"),
    ],
)
def test_a_name_that_is_none_or_several_is_refused(row, said):
    with pytest.raises(BadAnswer, match=said):
        vintages(row)


@pytest.mark.parametrize(
    "ages",
    [
        (("0-66 år", 1000), ("60-66 år", 50), ("67 år eller eldre", 200)),
        (("0-15 år", 1000), ("67 år eller eldre", 200)),
        (("0-66 år", 1000),),
        (("0-66 år", 1000), ("0-66 år", 1000), ("67+", 200)),
        (("barn", 1000), ("67+", 200)),
    ],
)
def test_ages_that_are_not_everybody_once_are_refused(ages):
    with pytest.raises(BadAnswer, match="ikke alle aldre én gang"):
        vintages((2018, "Skien (-2019)", MAIN, 2020), ages=ages)


def test_a_row_for_all_ages_is_not_added_to_the_others():
    ages = (("Alle aldre", 1200), ("0-66 år", 1000), ("67 år eller eldre", 200))
    assert vintages((2018, "0806", MAIN, 2020), ages=ages)["population"].tolist() == [1200]


def test_alternatives_of_which_none_is_the_main_one_are_refused():
    with pytest.raises(BadAnswer, match=r"Ingen av alternativene er hovedalternativet \(MMMM\)"):
        vintages((2018, "0806", HIGH, 2020), (2018, "0806", "Lav nasjonal vekst (LLML)", 2020))


@pytest.mark.slow
def test_ssbs_vintages_of_telemark_come_in_by_region():
    if not (data := os.environ.get("NLIB_REAL_DATA")):
        pytest.skip("NLIB_REAL_DATA, the folder of real files, is not set")
    body = gzip.decompress((Path(data) / "projections.csv.gz").read_bytes())
    assert kinds.recognise(kinds.File(body)).name == "framskriving"
    frame = old_projections.IMPORTED.read(body)
    assert frame.groupby("made")["komm_nr"].nunique().to_dict() == {
        **dict.fromkeys((2005, 2008, 2009, 2010, 2011, 2012, 2020, 2022, 2024, 2026), 17),
        **dict.fromkeys((2014, 2016, 2018), 18),
    }
    assert frame.set_index(["komm_nr", "made", "year"])["population"]["0806", 2018, 2019] == 54719
