"""SSB's earlier projections: read from a kept file, carried to today's municipalities, held against what came."""

from pathlib import Path

import pandas as pd
import pytest

from nlib import imports
from nlib.errors import BadAnswer
from nlib.indicators.attractiveness_backtest import projected
from nlib.municipalities import resource
from nlib.readers import telemarksforsking
from nlib.sources import old_projections

FILE = Path(__file__).parent / "samples" / "import_framskriving" / "framskrevet_2018.csv"
HEAD = "Kommunenr;Framskrevet i;År;Folketall\n"


def read(text):
    return old_projections.read((HEAD + text).encode())


def test_a_kept_file_is_recognised_for_what_it_is():
    assert imports.recognise(telemarksforsking.unwrapped(FILE.read_bytes())) == "framskriving"
    frame = old_projections.read(FILE.read_bytes())
    assert len(frame) == 25
    lorenskog = frame[(frame["komm_nr"] == "0230") & (frame["year"] == 2021)]
    assert lorenskog[["made", "population"]].values.tolist() == [[2018, 40100]]


def test_numbers_of_the_year_a_projection_was_made_are_carried_to_todays_also_for_years_after_a_reform():
    registers = resource("municipalities.csv"), resource("municipality_changes.csv")
    table = old_projections.DATASET.check(old_projections.build(old_projections.read(FILE.read_bytes()), *registers))
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
