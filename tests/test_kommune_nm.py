"""Our Kommune-NM: values taken from tables as the list says, the user's own list, and what is refused."""

import pandas as pd
import pytest

from nlib.build import pipeline
from nlib.core.errors import BadAnswer, InvalidTable
from nlib.data.sources import own_indicators
from nlib.indicators import kommune_nm, kommune_nm_areas, kommune_nm_indicators
from nlib.methods.composite import TOTAL

OWN = """Område;Indikator;Tall;Nevner;Gange;Retning;Vekt;Områdevekt;Enhet;Desimaler;Begrunnelse
folk;folkevekst;population_growth_parts.growth_pct;;;høyt er bra;2;1;%;1;Flere
folk;dødsfall;population_growth_parts.deaths;population.population;1000;lavt er bra;;1;;1;
jobb;ledige;labour_force_status.persons[status=ledig|tiltak];labour_force_status.persons;100;lavt er bra;;3;%;1;Færre
jobb;dekning;commuting.coverage_pct;;;teller ikke;;3;%;0;Uklart
"""


def empty():
    return {name: pipeline.datasets()[name].empty() for name in kommune_nm.TABLES}


def listed(text=OWN):
    return own_indicators.DATASET.check(own_indicators.build(own_indicators.IMPORTED.read(text.encode("utf-8-sig"))))


def built(indicators, **tables):
    given = empty() | tables
    return kommune_nm.DATASET.check(kommune_nm.build(indicators, *given.values())).set_index(["komm_nr", "year", "indicator"])


def status(*rows):
    table = pd.DataFrame(rows, columns=["komm_nr", "year", "status", "persons", "comparable"])
    return table.astype({"persons": "Int64"})


PEOPLE = status(
    ("0001", 2024, "ledig", 3, True),
    ("0001", 2024, "tiltak", 1, True),
    ("0001", 2024, "sysselsatt", 96, True),
    ("0002", 2024, "ledig", 10, True),
    ("0002", 2024, "tiltak", None, True),
    ("0002", 2024, "sysselsatt", 90, True),
    ("0003", 2024, "ledig", 10, True),
    ("0003", 2024, "sysselsatt", 90, True),
    ("0004", 2024, "ledig", 10, False),
    ("0004", 2024, "sysselsatt", 90, False),
)


# -- the project's list


def test_the_projects_list_keeps_its_contract_and_every_figure_in_it_exists():
    indicators = kommune_nm_indicators.DATASET.check(kommune_nm_indicators.build(own_indicators.DATASET.empty()))
    assert indicators["area"].nunique() == 5
    assert set(indicators["weight"]) == {1.0}
    assert (indicators["why"] != "").all()
    assert len(built(indicators)) == 0


def test_it_can_be_replaced_by_the_users_own():
    assert kommune_nm_indicators.build(listed())["indicator"].tolist() == listed()["indicator"].tolist()


def test_the_users_list_is_read_with_blank_cells_as_they_are_meant():
    indicators = listed().set_index("indicator")
    assert indicators.loc["folkevekst", ["direction", "weight", "area_weight", "position"]].tolist() == [1, 2, 1, 1]
    assert indicators.loc["dødsfall", ["direction", "weight", "times"]].tolist() == [-1, 1, 1000]
    assert pd.isna(indicators.at["folkevekst", "times"])
    assert indicators.at["dekning", "direction"] == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (OWN.replace("lavt er bra", "lavt"), "retning"),
        (OWN.replace("dødsfall", "folkevekst"), "to ganger"),
        (OWN.replace(";3;%;0;", ";2;%;0;"), "områdevekter"),
        (OWN.replace(";2;1;%;", ";-2;1;%;"), "under 0"),
        (OWN.replace("Retning", "Ret"), "direction"),
        (OWN.replace("commuting.coverage_pct", ""), "mangler figure"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_what_is_wrong(wrong, said):
    with pytest.raises(BadAnswer, match=said):
        own_indicators.IMPORTED.read(wrong.encode())


def test_a_figure_that_does_not_exist_is_named_with_those_that_do():
    wrong = OWN.replace("commuting.coverage_pct", "commuting.coverage").replace("population.population", "people.population")
    with pytest.raises(InvalidTable, match="har ikke kolonnen coverage") as refused:
        built(listed(wrong))
    assert "employment_rates" in str(refused.value)


# -- the values


def test_a_figure_is_added_up_over_its_rows_and_divided_by_its_denominator():
    told = built(listed(), labour_force_status=PEOPLE)
    assert told.at[("0001", 2024, "ledige"), "value"] == pytest.approx(4)
    assert told.at[("0001", 2024, "ledige"), "size"] == 100
    assert told.at[("0003", 2024, "ledige"), "value"] == pytest.approx(10)
    assert told.at[("0001", 2024, "ledige"), "rank"] == 1  # low is good


def test_a_hidden_row_and_a_split_leave_the_value_missing():
    told = built(listed(), labour_force_status=PEOPLE)
    assert ("0002", 2024, "ledige") not in told["value"].dropna().index
    assert ("0004", 2024, "ledige") not in told["value"].dropna().index


def test_an_indicator_without_direction_is_shown_and_not_scored():
    coverage = pd.DataFrame({"komm_nr": ["0001", "0003"], "year": 2024, "coverage_pct": [50.0, 90.0], "comparable": True})
    told = built(listed(), labour_force_status=PEOPLE, commuting=coverage)
    assert told.at[("0003", 2024, "dekning"), "value"] == 90
    assert pd.isna(told.at[("0003", 2024, "dekning"), "score"])
    alone = built(listed(), commuting=coverage)
    assert len(alone) == 0


def test_weights_of_the_list_count_in_the_total():
    growth = pd.DataFrame(
        {"komm_nr": ["0001", "0003"], "year": 2024, "growth_pct": [1.0, 2.0], "deaths": [1, 1], "comparable": True}
    )
    table = built(listed(), labour_force_status=PEOPLE, population_growth_parts=growth)
    whole = kommune_nm_areas.DATASET.check(kommune_nm_areas.build(table.reset_index())).set_index(["area", "komm_nr"])["score"]
    assert whole[TOTAL, "0001"] == pytest.approx((1 * 30 + 3 * 70) / 4)


def test_a_last_year_with_fewer_areas_than_others_is_left_out():
    later = pd.DataFrame({"komm_nr": "0001", "year": [2024, 2025], "growth_pct": 1.0, "deaths": 1, "comparable": True})
    told = built(listed(), labour_force_status=PEOPLE, population_growth_parts=later)
    assert set(told.index.get_level_values("year")) == {2024}


def test_nothing_in_gives_empty_tables():
    assert len(built(listed())) == 0
    assert len(kommune_nm_areas.DATASET.check(kommune_nm_areas.build(kommune_nm.DATASET.empty()))) == 0


def test_the_synthetic_country_has_all_areas_and_no_split_municipality_before_the_split(demo_edition):
    scores, areas = demo_edition.table("kommune_nm"), demo_edition.table("kommune_nm_areas")
    last = areas[(areas["year"] == areas["year"].max()) & areas["score"].notna()]
    assert last.groupby("area")["komm_nr"].nunique().min() >= 340
    assert scores["score"].dropna().between(0, 100).all()
    assert areas[(areas["komm_nr"] == "1580") & (areas["year"] < 2023) & (areas["area"] == TOTAL)]["score"].isna().all()
