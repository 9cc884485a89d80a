"""The rules: each holds on sound tables, and names what breaks it, the largest deviation first."""

import numpy as np
import pandas as pd
import pytest

from nlib.build import checks, pipeline
from nlib.build.checks import Accepted, Given
from nlib.core.errors import WrongUse

PLACES = pd.DataFrame({"komm_nr": ["0001", "0002"]})


def commuting(jobs=(10, 20), residents=(12, 18), year=2021):
    frame = pd.DataFrame({"komm_nr": ["0001", "0002"], "year": year, "jobs": jobs, "employed_residents": residents})
    return frame.astype({"jobs": "Int64", "employed_residents": "Int64"}).assign(comparable=True)


def run(now, before, in_part=()):
    return checks.run(Given(now, before, in_part=in_part))


def broken(now, before=()):
    return {(breach.rule, breach.table) for breach in run(now, dict(before))}


def test_sound_tables_break_no_rule():
    now = {"municipalities": PLACES, "commuting": commuting(), "employed_register": commuting()}
    assert run(now, now) == []


def test_rules_have_names_of_their_own():
    names = [check.name for check in checks.checks()]
    assert len(names) == len(set(names)) >= 15


@pytest.mark.parametrize(
    ("register", "rule"),
    [
        (commuting(jobs=(10, 21)), "samme-arbeidsplasser"),
        (commuting(residents=(11, 18)), "samme-sysselsatte"),
        (commuting(residents=(14, 18)), "samme-sysselsatte"),
    ],
)
def test_sources_that_disagree_are_named(register, rule):
    breaches = run({"municipalities": PLACES, "commuting": commuting(), "employed_register": register}, {})
    assert [breach.rule for breach in breaches] == [rule]
    assert "komm_nr 000" in str(breaches[0])


def test_a_table_whose_years_stop_long_before_its_sister_is_named():
    years = pd.concat([commuting(year=y) for y in (2018, 2019, 2020, 2021)], ignore_index=True)
    now = {"municipalities": PLACES, "commuting": commuting(year=2018), "employed_register": years}
    assert broken(now) == {("samme-siste-år", "commuting")}
    assert broken(now | {"employed_register": years[years["year"] < 2021]}) == set(), "tables of the same come on different days"


def test_a_table_of_files_by_hand_need_not_hold_every_municipality_but_must_agree_with_the_others():
    now = {"municipalities": PLACES, "commuting": commuting().head(1)}
    assert run(now, {}, in_part=["commuting"]) == []
    now["employed_register"] = commuting(jobs=(11, 20))
    assert [breach.rule for breach in run(now, {}, in_part=["commuting"])] == ["samme-arbeidsplasser"]


def test_a_few_residents_at_sea_are_no_breach():
    assert (
        run(
            {
                "municipalities": PLACES,
                "commuting": commuting((10, 20), (100, 100)),
                "employed_register": commuting((10, 20), (102, 104)),
            },
            {},
        )
        == []
    )


def test_what_a_split_touches_need_not_agree():
    ours = commuting().assign(comparable=False)
    assert run({"municipalities": PLACES, "commuting": ours, "employed_register": commuting((11, 20), (1, 1))}, {}) == []


def test_a_municipality_missing_in_the_last_year_is_named():
    assert broken({"municipalities": PLACES, "commuting": commuting().head(1)}) == {("alle-kommuner", "commuting")}


def test_a_year_that_was_there_before_and_is_gone_is_named():
    before = {"commuting": pd.concat([commuting(), commuting(year=2020)])}
    assert broken({"municipalities": PLACES, "commuting": commuting()}, before) == {("ingenting-borte", "commuting")}


def test_a_municipality_that_no_longer_exists_is_not_missed():
    before = {"commuting": commuting().assign(komm_nr=["0001", "0009"])}
    assert broken({"municipalities": PLACES, "commuting": commuting()}, before) == set()


def test_a_total_of_another_magnitude_is_named():
    before = {"commuting": commuting(jobs=(10_000, 20_000))}
    assert broken({"municipalities": PLACES, "commuting": commuting()}, before) == {("samme-størrelse", "commuting")}


def test_figures_that_are_all_a_thousand_times_out_are_named_though_the_ratio_of_two_of_them_is_right():
    people = pd.DataFrame({"komm_nr": ["0001", "0002"], "year": 2019, "age": 40, "population": [3_000_000, 2_300_000]})
    accounts = pd.DataFrame({"county_nr": ["01", "02"], "year": 2019, "industry": "Totalt for næringer"})
    accounts = accounts.assign(value_added_mnok=[1_800_000.0, 1_400_000.0], employed_thousand=[1_600.0, 1_200.0])
    large = accounts.assign(value_added_mnok=1000 * accounts["value_added_mnok"], employed_thousand=[1_600_000.0, 1_200_000.0])
    assert run({"population_by_age": people, "county_accounts": accounts}, {}) == []
    assert broken({"population_by_age": people, "county_accounts": large}) == {("riktig-størrelse", "county_accounts")}


def sectors(jobs=(400, 600, 1200, 800)):
    return pd.DataFrame(
        {"komm_nr": ["0001", "0001", "0002", "0002"], "year": 2021, "jobs": pd.array(jobs, "Int64"), "comparable": True}
    ).assign(employed_residents=pd.array([300, 800, 900, 900], "Int64"))


@pytest.mark.parametrize(("table", "rule"), [("employed_by_sector", "sektorer"), ("employed_by_industry_group", "næringsgrupper")])
def test_parts_that_do_not_add_up_to_the_whole_are_named_and_hidden_ones_are_not(table, rule):
    whole = commuting((1000, 2000), (1100, 1800)).assign(population_15_74=10_000)
    now = {"municipalities": PLACES, "employed_register": whole}
    assert run(now | {table: sectors()}, {}) == []
    assert run(now | {table: sectors((400, 600, 1200, 920))}, {}) == [], "6 %: other ages are counted in some years"
    assert broken(now | {table: sectors((400, 600, 1200, 921))}) == {(f"samme-{rule}", table)}
    assert broken(now | {table: sectors((400, 600, 1200, 679))}) == {(f"samme-{rule}", table)}
    assert run(now | {table: sectors((400, None, 1200, 800))}, {}) == []


def test_industries_may_miss_the_nation_by_their_rounding_and_no_more():
    now = {"municipalities": PLACES, "employed_register": commuting((1000, 2000), (1500, 1500)).assign(population_15_74=9)}
    rounded = commuting((1010, 2010), (1500, 1500))
    assert run(now | {"employed_by_industry": rounded}, {}) == []
    assert broken(now | {"employed_by_industry": commuting((1020, 2020), (1500, 1500))}) == {
        ("samme-næringer", "employed_by_industry")
    }


def grown(growth=(5, 10), births=(5, 12)):
    """Two municipalities of 1 000 in 2020, one year of changes, and what they are in 2021."""
    changes = pd.DataFrame({"komm_nr": ["0001", "0002"], "year": 2020, "births": births, "deaths": 0, "comparable": True})
    changes = changes.assign(immigration=0, emigration=0, domestic_in=0, domestic_out=0, growth=growth)
    people = pd.DataFrame(
        {"komm_nr": ["0001", "0002"] * 2, "year": [2020, 2020, 2021, 2021], "population": [1000, 1000, 1005, 1010]}
    )
    whole = {"births", "deaths", "growth", "immigration", "emigration", "domestic_in", "domestic_out"}
    return {
        "municipalities": PLACES,
        "population_changes": changes.astype(dict.fromkeys(whole, "Int64")),
        "population": people.astype({"population": "Int64"}),
    }


def test_a_small_correction_of_growth_is_no_breach_and_a_large_one_is_named():
    assert run(grown(), {}) == []
    assert run(grown(births=(5, 40)), {}) == [], "30 persons: in tiny places single corrections are several percent"
    assert broken(grown(births=(5, 41))) == {("deler-av-folkevekst", "population_changes")}


def test_growth_that_the_next_january_does_not_show_is_named_and_the_last_year_has_no_next():
    assert broken(grown(growth=(5, 15), births=(5, 15))) == {("samme-folkevekst", "population_changes")}
    later = grown()
    later["population"] = later["population"][later["population"]["year"] == 2020]
    assert run(later, {}) == []


def test_growth_that_begins_before_the_population_does_is_no_breach():
    both = grown()
    earlier = both["population_changes"].assign(year=2010)
    both["population_changes"] = pd.concat([earlier, both["population_changes"]], ignore_index=True)
    assert run(both, {}) == []


# a municipality against its own years, on an invented country of 40 that grow by about a percent a year

YEARS = range(2012, 2022)


@pytest.fixture(scope="module")
def country():
    """Employed persons of 40 municipalities in ten years, 600 to 50 000 residents each."""
    random = np.random.default_rng(1)
    start = np.geomspace(600, 50_000, 40)
    growth = 1 + random.normal(0.01, 0.01, (40, len(YEARS))).cumsum(axis=1)
    frame = pd.DataFrame((start[:, None] * growth).round(), [f"{n:04}" for n in range(1, 41)], YEARS)
    long = frame.rename_axis("komm_nr").rename_axis("year", axis=1).stack().rename("employed_residents").reset_index()
    counts = {"population_15_74": 1.4, "employed_residents": 1.0, "jobs": 0.9}
    for name, factor in counts.items():
        long[name] = (long["employed_residents"] * factor).round().astype("Int64")
    return long[["komm_nr", "year", *counts]].assign(comparable=True)


def asked(register, **more):
    """What breaks where this is the table of employed persons."""
    places = pd.DataFrame({"komm_nr": sorted(register["komm_nr"].unique())})
    now = {"municipalities": places, "employed_register": register}
    return checks.run(Given(now, declared=pipeline.datasets(), **more))


def changed(register, komm_nr, year, factor):
    """The same with every figure of a municipality in a year so many times what it is."""
    hit = register["komm_nr"].eq(komm_nr) & (register["year"].eq(year) if year else True)
    counts = ["population_15_74", "employed_residents", "jobs"]
    return register.assign(**{c: register[c].where(~hit, (register[c] * factor).round().astype("Int64")) for c in counts})


def test_a_country_that_changes_as_countries_do_breaks_no_rule(country):
    assert asked(country) == []


@pytest.mark.parametrize("factor", [10, 3, 1.6, 0.1, 0.5])
@pytest.mark.parametrize(("komm_nr", "year"), [("0030", 2016), ("0030", 2012), ("0035", 2021)])
def test_a_municipality_that_jumps_in_a_year_is_named_with_the_year(country, komm_nr, year, factor):
    (breach,) = [found for found in asked(changed(country, komm_nr, year, factor)) if found.rule == "egen-endring"]
    told = breach.rows.iloc[0]
    assert (told["komm_nr"], abs(told["year"] - year) <= 1) == (komm_nr, True)
    assert set(breach.rows["komm_nr"]) == {komm_nr}
    assert f"komm_nr {komm_nr}" in str(breach)


def test_a_municipality_that_has_gone_to_nothing_is_named(country):
    assert [breach.rule for breach in asked(changed(country, "0030", 2016, 0))] == ["egen-endring"]


def test_the_largest_deviation_comes_first(country):
    found = asked(changed(changed(country, "0030", 2016, 3), "0020", 2018, 10))
    assert found[0].rows["komm_nr"].drop_duplicates().tolist() == ["0020", "0030"]


@pytest.mark.parametrize("factor", [1000, 10, 0.5, 1.6])
def test_a_nation_that_jumps_in_a_year_is_named_with_the_year(country, factor):
    year = country["year"] == 2016
    found = asked(country.assign(jobs=country["jobs"].where(~year, (country["jobs"] * factor).astype("Int64"))))
    assert {breach.rule for breach in found} == {"landet-hopper"}
    assert set(found[0].rows["year"]) == {2016, 2017}


def test_a_jump_in_a_year_that_is_declared_a_break_is_no_breach(country):
    later = country["year"] >= 2015
    counts = {
        c: country[c].where(~later, (country[c] * 2).astype("Int64")) for c in ("jobs", "employed_residents", "population_15_74")
    }
    assert asked(country.assign(**counts)) == [], "2015: a-ordningen"


def test_a_year_that_is_the_year_before_is_named(country):
    before = country[country["year"] == 2020].assign(year=2021)
    found = asked(pd.concat([country[country["year"] < 2021], before], ignore_index=True))
    assert [(breach.rule, breach.rows["year"].tolist()) for breach in found] == [("lik-året-før", [2021])]


def constructed(country):
    """Dwellings completed in each of the country's municipalities and years, which swing."""
    random = np.random.default_rng(2)
    counts = random.poisson(country["population_15_74"].astype(float) / 150)
    return country[["komm_nr", "year"]].assign(
        completed=pd.array(counts, "Int64"), started=pd.array(counts, "Int64"), comparable=True
    )


def built_in(country, construction):
    people = country[["komm_nr", "year"]].assign(age=30, sex="begge", population=country["population_15_74"] * 90)
    people = people.assign(comparable=True)
    now = {"municipalities": country[["komm_nr"]].drop_duplicates(), "construction": construction, "population_by_age": people}
    return [breach for breach in checks.run(Given(now, declared=pipeline.datasets())) if breach.table == "construction"]


def test_figures_that_swing_may_not_be_the_year_before_nor_more_than_a_place_can_have(country):
    sound = constructed(country)
    assert {breach.rule for breach in built_in(country, sound)} <= {"riktig-størrelse"}
    before = sound[sound["year"] == 2020].assign(year=2021)
    copied = built_in(country, pd.concat([sound[sound["year"] < 2021], before], ignore_index=True))
    assert [breach.rows["year"].tolist() for breach in copied if breach.rule == "lik-året-før"] == [[2021]]
    hit = sound["komm_nr"].eq("0040") & sound["year"].eq(2018)
    large = built_in(country, sound.assign(completed=sound["completed"].where(~hit, 10_000_000)))
    (breach,) = [breach for breach in large if breach.rule == "kommunens-størrelse"]
    assert breach.rows[["komm_nr", "year", "column"]].values.tolist() == [["0040", 2018, "completed"]]


def test_two_municipalities_that_have_changed_places_in_a_year_are_named(country):
    swap = {"0030": "0025", "0025": "0030"}
    year = country["year"] == 2016
    found = asked(country.assign(komm_nr=country["komm_nr"].where(~year, country["komm_nr"].replace(swap))))
    (pair,) = [breach for breach in found if breach.rule == "byttet"]
    assert {pair.rows.iloc[0]["komm_nr"], pair.rows.iloc[0]["other_nr"]} == {"0030", "0025"}
    assert 2016 in set(pair.rows["year"])


def test_municipalities_missing_in_any_year_are_named_and_declared_holes_are_not(country):
    gone = country[~(country["komm_nr"].isin(["0003", "0009"]) & country["year"].eq(2015))]
    (breach,) = asked(gone)
    assert (breach.rule, breach.rows.values.tolist()) == ("alle-kommuner", [["0003", 2015], ["0009", 2015]])
    hole = country.assign(komm_nr=country["komm_nr"].replace({"0003": "5061"}))
    assert asked(hole[~(hole["komm_nr"].eq("5061") & hole["year"].eq(2019))]) == [], "Rindal 2019"


def test_a_median_that_is_nobodys_before_a_split_is_no_absence_and_any_other_is(demo_edition):
    register = {name: demo_edition.table(name) for name in ("municipality_codes", "municipality_changes", "municipalities")}
    numbers = register["municipalities"]["komm_nr"]
    rows = [(number, year) for number in numbers for year in (2021, 2022, 2023, 2024)]
    medians = pd.DataFrame(rows, columns=["komm_nr", "year"]).assign(median_income_kr=700_000.0)
    gone = medians["year"].eq(2022) & medians["komm_nr"].isin(["1508", "1580", "3222"])
    found = checks.run(Given(register | {"income": medians[~gone]}))
    (breach,) = [breach for breach in found if (breach.rule, breach.table) == ("alle-kommuner", "income")]
    assert breach.rows.values.tolist() == [["3222", 2022]]


def test_a_municipality_with_a_missing_part_is_not_measured_against_all_its_people():
    people = pd.DataFrame({"komm_nr": ["0001", "0002"], "year": 2020, "population": [2_000_000, 2_000_000]})
    levels = pd.DataFrame({"komm_nr": ["0001", "0001", "0002", "0002"], "year": 2020, "persons": [900_000, 700_000, 100_000, None]})
    levels = levels.astype({"persons": "Int64"})
    assert run({"population_by_age": people, "education": levels}, {}) == []
    wrong = run({"population_by_age": people, "education": levels.assign(persons=levels["persons"] // 2)}, {})
    assert [breach.rule for breach in wrong] == ["riktig-størrelse"]


def test_what_a_source_lacks_is_named_also_where_the_municipality_has_merged_since(country):
    absent = pd.DataFrame({"komm_nr": ["0231"], "year": [2015]})
    (breach,) = asked(country, absent={"employed_register": absent})
    assert "komm_nr 0231, year 2015" in str(breach)


def test_figures_that_the_producer_marks_as_missing_stop_nothing(country):
    hidden = country["komm_nr"].eq("0003") & country["year"].eq(2015)
    assert asked(country.assign(jobs=country["jobs"].mask(hidden))) == []


def test_what_is_accepted_is_what_is_named_and_no_more(country):
    found = asked(changed(changed(country, "0030", 2016, 3), "0020", 2018, 10))
    names = {"Storby": "0020", "0030": "0030"}

    def left(*specs):
        rest, through = Accepted(specs, names.__getitem__).separated(found)
        return [set(zip(b.rows["komm_nr"], b.rows["year"], strict=True)) for b in rest], through

    assert left("egen-endring")[0] == []
    assert {number for number, _ in left("egen-endring:Storby")[0][0]} == {"0030"}
    rest, through = left("egen-endring:Storby:2018")
    assert ("0020", 2018) not in rest[0]
    assert ("0020", 2019) in rest[0]
    assert "komm_nr 0020, year 2018" in through["egen-endring:Storby:2018"]


@pytest.mark.parametrize("spec", ["tull", "tull:0030", "egen-endring:0030:i-fjor"])
def test_what_cannot_be_accepted_is_told_with_what_can(spec):
    with pytest.raises(WrongUse, match=r"egen-endring|REGEL:KOMMUNE:ÅR"):
        Accepted([spec], str)
