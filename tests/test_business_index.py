"""The twelve indicators of the business index, worked out by hand, and the tables that are made of them."""

import pandas as pd
import pytest

from nlib.data.sources import company_accounts, ssb_07091, ssb_08316, ssb_13472, telemarksforsking_figures
from nlib.indicators import business_index, business_index_areas, business_indicators, shift_share, value_creation
from nlib.methods.composite import TOTAL

YEARS = (2022, 2023, 2024)


def frame(columns, *rows):
    return pd.DataFrame(rows, columns=columns.split())


def empty():
    """The inputs without a row; population is given by the tests that need it."""
    sources = (company_accounts, ssb_08316, ssb_07091, ssb_13472, telemarksforsking_figures)
    tables = {module.DATASET.name: module.DATASET.empty() for module in sources}
    people = frame("komm_nr year population comparable").astype({"population": "Int64", "comparable": bool})
    return (
        tables | {module.DATASET.name: module.DATASET.empty() for module in (shift_share, value_creation)} | {"population": people}
    )


def built(**tables):
    given = empty() | tables
    return business_indicators.DATASET.check(business_indicators.build(**given)).set_index(["komm_nr", "year", "indicator"])


def accounts(*rows):
    table = frame("orgnr year komm_nr nace employees wage_costs_kr operating_result_kr", *rows)
    table = table.assign(nace2=table["nace"].str[:2], name="", placed=table["komm_nr"].notna())
    return table.assign(value_added_kr=table["wage_costs_kr"] + table["operating_result_kr"]).astype({"employees": "Int64"})


def created(*rows):
    """Value creation of accounts, a row a municipality: what it makes per employee, and the part that is within industries."""
    table = frame("komm_nr year source per_employee_kr within_kr employees", *rows)
    return pd.concat([value_creation.DATASET.empty(), table]).assign(usable=True)


def test_productivity_is_value_creation_of_accounts_and_adjusted_is_what_is_within_industries():
    rows = [("0001", 2024, "regnskap", 5e5, -1e5, 20.0), ("0001", 2024, "beregnet", 9e5, 0.0, 90.0)]
    told = built(value_creation=created(*rows, ("0002", 2024, "regnskap", None, None, 10.0)))
    assert told.loc[("0001", 2024, "productivity"), ["value", "size"]].tolist() == [500_000, 20]
    assert told.loc[("0001", 2024, "productivity_adjusted"), "value"] == -100_000
    assert ("0002", 2024) not in told["value"].dropna().index.droplevel("indicator"), "what is hidden there is hidden here"


def test_profitability_takes_three_companies():
    told = built(
        company_accounts=accounts(
            ("1", 2024, "0001", "41.2", 4, 1e6, -5e6),
            ("2", 2024, "0001", "41.2", 0, 0.0, 9e9),
            ("3", 2024, "0001", "41.2", None, 1e6, 1e6),
            ("4", 2024, "0001", "41.2", 4, None, 1e6),
            ("5", 2024, "0002", "41.2", 0, 0.0, 1e6),
            ("5", 2024, "0002", "47.1", 0, 0.0, 1e6),
            ("6", 2024, "0002", "41.2", 0, 0.0, 1e6),
        )
    )["value"]
    assert told["0001", 2024, "profitability"] == pytest.approx(75)
    assert told.loc[("0002", 2024)].isna().all()


def test_a_company_whose_municipality_is_not_known_counts_in_the_nation_only():
    rows = [(str(at), 2024, "0001" if at < 3 else None, "41.2", 1, 1e6, 1.0 if at else -1.0) for at in range(6)]
    told = built(company_accounts=accounts(*rows))
    assert told["value"]["0001", 2024, "profitability_adjusted"] == pytest.approx(100 * (2 / 3 - 5 / 6))
    assert set(told.index.get_level_values("komm_nr")) == {"0001"}


def new(rows, there):
    """New enterprises by group of industries, and establishments by industry, of one year."""
    columns = "komm_nr industry new_enterprises", "komm_nr nace2 establishments"
    tables = (frame(names, *of).assign(year=2024, comparable=True) for names, of in zip(columns, (rows, there), strict=True))
    started, standing = (table.astype({table.columns[2]: "Int64"}) for table in tables)
    return {"new_enterprises": started, "establishments": standing}


def test_new_firms_worked_out_by_hand():
    rows = [("0001", "41-43", 10), ("0001", "45-47", 4), ("0002", "41-43", 2), ("0002", "45-47", 20)]
    there = [("0001", "41", 60), ("0001", "43", 40), ("0001", "47", 100), ("0002", "43", 100), ("0002", "46", 300)]
    told = built(**new(rows, there))["value"]
    # the nation: building 12 of 200, trade 24 of 400, both 6 %
    assert told["0001", 2024, "new_firm_rate"] == pytest.approx(7)
    assert told["0001", 2024, "new_firm_rate_adjusted"] == pytest.approx(1)


def test_a_first_enterprise_of_its_industry_counts_and_a_hidden_cell_on_either_side_leaves_the_rate_unknown():
    there = [("0001", "41", 100), ("0002", "41", 100), ("0003", "41", None), ("0003", "47", 10)]
    rows = [("0001", "41-43", 3), ("0001", "45-47", 2), ("0002", "41-43", None), ("0003", "41-43", 1), ("0004", "41-43", 9)]
    told = built(**new(rows, there))["value"]
    assert told["0001", 2024, "new_firm_rate"] == 5
    assert told[["0002", "0003"]].isna().all()
    assert "0004" not in told.index, "without establishments there is nothing to measure it on"


def test_growth_of_establishments_runs_from_one_january_to_the_next_and_a_new_industry_counts():
    rows = [("0001", 2024, "41", 8), ("0001", 2024, "47", 2), ("0001", 2025, "41", 9), ("0001", 2025, "49", 2)]
    rows += [("0002", 2025, "41", 5), ("0001", 2024, "00", 7)]  # an industry that is not known is in neither
    table = frame("komm_nr year nace2 establishments", *rows).assign(comparable=True)
    told = built(establishments=table.astype({"establishments": "Int64"}))["value"]
    assert told["0001", 2024, "firm_growth"] == pytest.approx(10)  # 10 to 11
    assert ("0002", 2024, "firm_growth") not in told.dropna().index  # not told on both days
    assert 2025 not in told.index.get_level_values("year")


def test_a_hidden_cell_leaves_the_growth_unknown():
    rows = [("0001", 2024, "41", 8), ("0001", 2025, "41", None), ("0002", 2024, "41", 8), ("0002", 2025, "41", 12)]
    table = frame("komm_nr year nace2 establishments", *rows).assign(comparable=True)
    told = built(establishments=table.astype({"establishments": "Int64"}))["value"]
    assert pd.isna(told["0001", 2024, "firm_growth"])
    assert told["0002", 2024, "firm_growth"] == pytest.approx(50)


def test_job_growth_and_size_worked_out_by_hand():
    rows = [("0001", "basis", "mat", 100.0, 10.0, 3.0, 2.0, 5.0), ("0001", "lokal", "skole", 100.0, -4.0, 3.0, -2.0, -5.0)]
    parts = frame("komm_nr group branch before growth national mix local", *rows).assign(year=2024, comparable=True)
    sectors = frame("komm_nr sector jobs", ("0001", "privat", 150), ("0001", "offentlig_foretak", 50), ("0001", "stat", 9))
    sectors = sectors.assign(year=2024, employed_residents=0, comparable=True).astype({"jobs": "Int64"})
    people = frame("komm_nr year population comparable", ("0001", 2024, 1, True), ("0001", 2025, 800, True)).astype(
        {"population": "Int64"}
    )
    told = built(shift_share=parts, employed_by_sector=sectors, population=people)["value"]
    assert told["0001", 2024, "job_growth"] == pytest.approx(3)
    assert told["0001", 2024, "job_growth_adjusted"] == pytest.approx(0)
    assert told["0001", 2024, "size"] == pytest.approx(25)


def test_equity_is_telemarksforskings_where_it_is_given_and_else_missing():
    rows = frame("komm_nr year indicator unit value", ("0001", 2024, "positive_equity", "ikke oppgitt", 80.0))
    told = built(telemarksforsking=rows)["value"]
    assert told["0001", 2024, "positive_equity"] == 80
    assert told.drop(("0001", 2024, "positive_equity")).isna().all()


def test_what_a_split_has_touched_is_missing_and_said_so():
    tables = new([("0001", "41-43", 10), ("0002", "41-43", 2)], [("0001", "41", 100), ("0002", "41", 100)])
    untouched = tables["new_enterprises"]["komm_nr"] != "0001"
    told = built(**tables | {"new_enterprises": tables["new_enterprises"].assign(comparable=untouched)})
    assert pd.isna(told.at[("0001", 2024, "new_firm_rate"), "value"])
    assert not told.at[("0001", 2024, "new_firm_rate"), "comparable"]
    assert told.at[("0002", 2024, "new_firm_rate"), "value"] == 2


def test_nothing_in_gives_empty_tables():
    nothing = business_indicators.DATASET.check(business_indicators.build(**empty()))
    assert len(nothing) == 0
    for module in (business_index, business_index_areas):
        assert len(module.DATASET.check(module.build(nothing))) == 0


# -- on the synthetic country


def test_every_municipality_has_all_twelve_and_the_index_only_with_four_areas(demo_edition):
    scores, areas = demo_edition.table("business_index"), demo_edition.table("business_index_areas")
    assert (scores.groupby(["komm_nr", "year"])["indicator"].nunique() == 12).all()
    assert scores["score"].dropna().between(0, 100).all()
    assert (scores["rank"].dropna() <= scores.loc[scores["rank"].notna(), "n"]).all()
    told = areas[(areas["area"] != TOTAL) & areas["score"].notna()].groupby(["komm_nr", "year"]).size()
    whole = areas[areas["area"] == TOTAL].set_index(["komm_nr", "year"])["score"].notna()
    assert (whole == (told.reindex(whole.index, fill_value=0) >= 4)).all()
    assert whole.any()


def test_the_mean_of_each_indicator_scores_about_50(demo_edition):
    scores = demo_edition.table("business_index")
    means = scores.groupby(["year", "indicator"])["score"].mean().dropna()
    assert means.between(47, 53).all()  # cut at 0 and 100, so not exactly


def test_the_split_municipalities_have_the_index_again_after_the_split(demo_edition):
    areas = demo_edition.table("business_index_areas")
    for number in ("1875", "1806"):  # Tysfjord was split between them in 2020
        whole = areas[(areas["area"] == TOTAL) & (areas["komm_nr"] == number)].set_index("year")["score"]
        assert whole.loc[:2019].isna().all()
        assert whole.loc[2020:2021].notna().all()
