"""Emissions from a kept file: read as what they are, carried to today's municipalities, and summed only where all is told."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import resource
from nlib.data.readers import kinds, telemarksforsking
from nlib.data.sources import emissions
from nlib.indicators import emission_totals

FILE = Path(__file__).parent / "samples" / "import_utslipp" / "utslipp_3222.csv"
HEAD = "Kommunenummer;År;Sektor;Utslipp (tonn CO2-ekvivalenter)\n"
REGISTERS = resource("municipalities.csv"), resource("municipality_changes.csv")
NOBODY = pd.DataFrame({"komm_nr": ["0301"], "year": [2000], "population": pd.array([1], dtype="Int64")})


def read(text):
    return emissions.IMPORTED.read((HEAD + text).encode())


def built(text):
    return emissions.DATASET.check(emissions.build(read(text), *REGISTERS))


def totals(text, population=NOBODY):
    return emission_totals.DATASET.check(emission_totals.build(built(text), population)).set_index(["komm_nr", "year"])


def test_a_kept_file_is_recognised_for_what_it_is():
    assert kinds.recognise(kinds.File(FILE.read_bytes())).name == "utslipp"
    frame = emissions.IMPORTED.read(FILE.read_bytes())
    assert len(frame) == 14
    road = frame[(frame["sector"] == "veitrafikk") & (frame["komm_nr"] == "3222")]
    assert road["emissions_t"].tolist() == [61204, 60010, 45000]


def test_a_hidden_cell_is_missing_and_a_dash_is_refused_since_it_may_be_a_zero_or_a_gap():
    frame = read("0301;2020;Veitrafikk;:\n0301;2020;Sjøfart;0\n0301;2020;Luftfart;\n")
    assert frame["emissions_t"].isna().tolist() == [True, False, True]
    with pytest.raises(BadAnswer, match="«-» kan være 0 eller et tall som mangler"):
        read("0301;2020;Veitrafikk;:\n0301;2020;Sjøfart;-\n")


def test_sectors_are_known_in_any_case_with_a_code_in_front_and_totals_by_many_names():
    frame = read("301;2020;VEITRAFIKK;1\n301;2020;2.1 Industri, olje og gass;2\n301;2020;Totalt;3\n")
    assert frame["sector"].tolist() == ["veitrafikk", "industri, olje og gass", "i alt"]
    assert set(frame["komm_nr"]) == {"0301"}


def test_land_use_may_be_below_zero_and_is_left_out_and_told_of():
    frame, told = emissions.read(
        telemarksforsking.unwrapped((HEAD + "0301;2020;Veitrafikk;5\n0301;2020;Skog og arealbruk;-90\n").encode())
    )
    assert frame["sector"].tolist() == ["veitrafikk"]
    assert any("1 rad for arealbruk" in line for line in told)


@pytest.mark.parametrize(
    "heading", ["Utslipp (1000 tonn CO2e)", "Utslipp til luft (1 000 tonn CO2-ekvivalenter, AR5)", "Utslipp (kt CO2-ekvivalenter)"]
)
def test_thousand_tonnes_are_read_as_tonnes(heading):
    frame = emissions.IMPORTED.read(f"Kommunenummer;År;Sektor;{heading}\n0301;2020;Veitrafikk;61,2\n".encode())
    assert frame["emissions_t"].tolist() == [61_200]


def test_a_number_beside_the_name_of_another_municipality_is_refused():
    head = "Kommunenr;Kommune;År;Sektor;Tonn CO2e\n"
    with pytest.raises(BadAnswer, match="3222 står ved siden av navnet «Lillestrøm», som er 3030, 3205"):
        emissions.IMPORTED.read(f"{head}3222;Lillestrøm;2020;Veitrafikk;1\n3205;Lørenskog;2020;Veitrafikk;2\n".encode())
    known = emissions.IMPORTED.read(f"{head}0230;LØRENSKOG;2019;Veitrafikk;1\n3222;Lørenskog kommune;2024;Veitrafikk;2\n".encode())
    assert known["komm_nr"].tolist() == ["0230", "3222"]


@pytest.mark.parametrize(("above", "said"), [("Tall i 1 000 tonn", "i tusen eller mer"), ("1 000 tonn CO2e", "skal være i tonn")])
def test_what_is_said_above_against_the_heading_is_refused(above, said):
    with pytest.raises(BadAnswer, match=said):
        emissions.IMPORTED.read(f"{above}\n{HEAD}0301;2020;Veitrafikk;61\n".encode())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("0301;2020;Romfart;5\n", "«Romfart» er ikke en sektor"),
        ("0301;2020;;5\n", "er ikke en sektor"),
        ("0301;2020;Veitrafikk;-5\n", "bare arealbruk kan være under 0"),
        ("0301;2020;Veitrafikk;5\n0301;2020;Veitrafikk;6\n", "mer enn én rad for veitrafikk"),
        ("0301;2020;Veitrafikk;mye\n", "er ikke et tall"),
        ("0301;snart;Veitrafikk;5\n", "ikke et år"),
        ("0301;2020;Veitrafikk;5000\n0301;2020;I alt;400\n", "5000 tonn, mer enn 400 i alt"),
    ],
)
def test_what_cannot_be_is_refused_by_name(rows, said):
    with pytest.raises(BadAnswer, match=said):
        read(rows)


def test_a_heading_that_does_not_say_tonnes_is_not_taken_for_them():
    body = b"Kommunenummer;\xc3\x85r;Sektor;Utslipp\n0301;2020;Veitrafikk;5\n"
    with pytest.raises(BadAnswer, match=r"tonn CO2-ekvivalenter"):
        emissions.IMPORTED.read(body)


# on today's municipalities


def test_a_year_worked_out_for_todays_municipality_stands_as_it_is_also_after_a_split():
    table = built("1580;2015;Veitrafikk;30\n3222;2009;Veitrafikk;60\n").set_index("komm_nr")
    assert table["emissions_t"].to_dict() == {"1580": 30, "3222": 60}
    assert table["comparable"].all()


def test_municipalities_that_have_merged_are_added_up_and_without_one_the_sum_is_not_told():
    three = "0226;2018;Veitrafikk;10\n0227;2018;Veitrafikk;20\n0231;2018;Veitrafikk;70\n"
    assert built(three)["emissions_t"].tolist() == [100]
    assert built(three.replace("0227", "0301"))["komm_nr"].tolist() == ["0301"]


def test_a_number_that_is_kept_through_a_merger_stands_alone():
    assert built("1103;2015;Veitrafikk;500\n")["emissions_t"].tolist() == [500]


def test_a_split_municipality_is_shared_and_not_comparable():
    table = built("1507;2021;Veitrafikk;1000\n")
    assert set(table["komm_nr"]) == {"1508", "1580"}
    assert table["emissions_t"].sum() == 1000
    assert not table["comparable"].any()


def test_a_year_told_on_old_and_on_todays_numbers_is_refused():
    with pytest.raises(BadAnswer, match="3222 i 2018 står både"):
        built("0230;2018;Veitrafikk;50\n3222;2018;Sjøfart;60\n")


# totals


def test_a_sum_with_a_hidden_sector_is_missing_and_not_too_low():
    table = totals("0301;2020;Veitrafikk;5\n0301;2020;Sjøfart;:\n0301;2021;Veitrafikk;5\n0301;2021;Sjøfart;2\n")
    assert table["emissions_t"].isna().tolist() == [True, False]
    assert table.loc[("0301", 2021), "emissions_t"] == 7


def test_a_sector_without_a_row_in_one_year_makes_that_years_sum_missing():
    table = totals("0301;2020;Veitrafikk;5\n0301;2021;Veitrafikk;5\n0301;2021;Sjøfart;2\n1103;2020;Veitrafikk;9\n")
    assert table["emissions_t"].isna().to_dict() == {("0301", 2020): True, ("0301", 2021): False, ("1103", 2020): False}


def test_the_total_of_the_file_is_used_where_it_has_one():
    table = totals("0301;2020;Veitrafikk;5\n0301;2020;Sjøfart;:\n0301;2020;I alt;9\n1103;2020;Alle kilder;4\n")
    assert table["emissions_t"].to_dict() == {("0301", 2020): 9, ("1103", 2020): 4}


def test_emissions_an_inhabitant_are_missing_where_nobody_is_known_to_live():
    people = pd.DataFrame({"komm_nr": ["0301", "1103"], "year": [2020, 2020], "population": pd.array([2, 0], dtype="Int64")})
    table = totals("0301;2020;Veitrafikk;5\n1103;2020;Veitrafikk;5\n3222;2020;Veitrafikk;5\n", people)
    assert table.loc[("0301", 2020), "per_inhabitant_t"] == pytest.approx(2.5)
    assert table.loc[["1103", "3222"], "per_inhabitant_t"].isna().all()


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(emissions.SECTORS), st.one_of(st.none(), st.integers(0, 10**6)), min_size=1))
def test_a_total_is_the_sum_of_its_sectors_or_missing(sectors):
    table = totals("".join(f"0301;2020;{name};{'..' if value is None else value}\n" for name, value in sectors.items()))
    told = table.loc[("0301", 2020), "emissions_t"]
    assert pd.isna(told) if None in sectors.values() else told == sum(sectors.values())
