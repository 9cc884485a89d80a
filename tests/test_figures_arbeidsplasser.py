"""The figures and the first page on jobs: what they say, what they hold, and when there is none."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_facts import built

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.charts.legible import faults
from nlib.core.municipalities import resource
from nlib.data.sources import industries, sectors_by_industry, ssb_08536, ssb_11618, ssb_13472
from nlib.indicators import diversity, employment_rates, jobs_by_branch, shift_share, specialisation
from nlib.themes.arbeidsplasser import figures as arbeidsplasser
from nlib.themes.arbeidsplasser import text as findings

YEARS = range(2013, 2026)
NAMES = {"0001": "Vik", "0002": "Nes", "0003": "Gruve", "0004": "Delt"}
INDUSTRIES = industries.DATASET.check(industries.build())
COUNTS = {  # nace2: jobs in 2013 and what a year adds; 0003 has one industry, and 0002 nothing private
    "0001": {"41": (100, 5), "47": (200, -2), "85": (90, 1)},
    "0002": {"84": (60, 0)},
    "0003": {"07": (400, 10)},
    "0004": {"41": (500, 10), "47": (300, 10), "86": (200, 5)},
}
PUBLIC = ("84", "85", "86")
EMPTY = {
    "employed_register": ssb_11618,
    "employed_by_sector": ssb_13472,
    "employed_by_industry": ssb_08536,
    "employment_rates": employment_rates,
    "jobs_by_branch": jobs_by_branch,
    "shift_share": shift_share,
    "specialisation": specialisation,
    "diversity": diversity,
}
FIGURES = {  # figure: the tables it takes
    "national": ["employed_register", "compare"],
    "branches": ["specialisation", "diversity"],
    "parts": ["shift_share", "jobs_by_branch"],
    "rates": ["employment_rates", "compare"],
}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def country(hidden=()):
    """Every table of the page, from counts by industry; those of `hidden` (komm_nr, year, nace2) are not told."""
    cells = [
        {"komm_nr": nr, "year": year, "nace2": nace2, "jobs": first + step * (year - 2013)}
        for nr, counts in COUNTS.items()
        for nace2, (first, step) in counts.items()
        for year in YEARS
    ]
    by_industry = pd.DataFrame(cells).astype({"komm_nr": "str", "nace2": "str", "jobs": "Int64"})
    keys = by_industry[["komm_nr", "year", "nace2"]].itertuples(index=False, name=None)
    by_industry["jobs"] = by_industry["jobs"].mask([key in hidden for key in keys])
    whole = (by_industry["komm_nr"] != "0004") | (by_industry["year"] == 2025)
    by_industry = by_industry.assign(employed_residents=0, comparable=whole)
    key = ["komm_nr", "year"]
    sides = by_industry.assign(sector=np.where(by_industry["nace2"].isin(PUBLIC), "kommune", "privat"))
    sums = sides.groupby([*key, "sector"])["jobs"].sum(skipna=False)
    every = pd.MultiIndex.from_product([COUNTS, YEARS, ssb_13472.SECTORS.values()], names=[*key, "sector"])
    by_sector = sums.reindex(every, fill_value=0).reset_index().assign(employed_residents=0)
    comparable = by_industry[[*key, "comparable"]].drop_duplicates()
    by_sector = ssb_13472.DATASET.check(by_sector.merge(comparable, on=key))
    register = by_industry.groupby(key)["jobs"].sum(skipna=False).reset_index()
    register = register.assign(employed_residents=500, population_15_74=800).merge(comparable, on=key)
    people = [{"komm_nr": nr, "year": year, "population": 1000, "comparable": True} for nr in COUNTS for year in range(2013, 2027)]
    tables = {
        "employed_by_industry": ssb_08536.DATASET.check(by_industry),
        "employed_by_sector": by_sector,
        "employed_register": ssb_11618.DATASET.check(register),
    }
    tables["jobs_by_branch"] = jobs_by_branch.DATASET.check(
        jobs_by_branch.build(tables["employed_by_industry"], by_sector, sectors_by_industry.DATASET.empty(), INDUSTRIES)
    )
    tables["specialisation"] = specialisation.DATASET.check(specialisation.build(tables["employed_by_industry"], INDUSTRIES))
    tables["diversity"] = diversity.DATASET.check(diversity.build(tables["specialisation"]))
    tables["shift_share"] = shift_share.DATASET.check(shift_share.build(tables["jobs_by_branch"]))
    tables["employment_rates"] = employment_rates.DATASET.check(
        employment_rates.build(tables["employed_register"], pd.DataFrame(people))
    )
    return tables


TABLES = country()


def drawn(figure, number, tables=TABLES, compare=("0003", "0004")):
    given = tables | {"compare": list(compare)}
    return getattr(arbeidsplasser, figure)(**{need: given[need] for need in FIGURES[figure]}, names=NAMES, komm_nr=number)


def front(number, tables=TABLES):
    register, sectors = tables["employed_register"], tables["employed_by_sector"]
    facts = built(employed_register=register, employment_rates=tables["employment_rates"])
    charts = {f"arbeidsplasser.{figure}": drawn(figure, number, tables) for figure in FIGURES}
    return findings.front(facts, register, sectors, NAMES, number, charts.get)


# -- what is told


def test_growth_is_told_with_what_it_would_be_at_the_national_rate():
    # Vik: 398 jobs in 2015 and 438 in 2025; the nation: 1928 and 2318, so 398 would have grown by 80.5
    assert plain(drawn("national", "0001").title) == ("Vik: 40 flere arbeidsplasser siden 2015; landets vekst tilsa +81")


@pytest.mark.parametrize(
    ("change", "expected", "end"),
    [
        (525, 145, ": 525 flere arbeidsplasser siden 2015; landets vekst tilsa +145"),
        (-30, 145, ": 30 færre arbeidsplasser siden 2015; landets vekst tilsa +145"),
        (-30, -12, ": 30 færre arbeidsplasser siden 2015; landets vekst tilsa −12"),
        (1, -12, ": én arbeidsplass mer siden 2015; landets vekst tilsa −12"),
        (-1, 0, ": én arbeidsplass mindre siden 2015; landets vekst tilsa 0"),
        (0, 10, " har like mange arbeidsplasser som i 2015; landets vekst tilsa +10"),
        (10, 10.2, ": ti flere arbeidsplasser siden 2015, som landets vekst tilsa"),
    ],
)
def test_the_national_sentence(change, expected, end):
    assert plain(arbeidsplasser.national_sentence(change, expected, "Vik", 2015)) == f"Vik{end}"


def test_the_parts_of_five_years_add_up_to_the_growth():
    table = drawn("parts", "0001").table
    table = table[table["Hva"] == "Private arbeidsplasser"].set_index("Del")["Endring"]
    assert table["vekst i alt"] == pytest.approx(5 * (5 - 2))
    assert table.drop("vekst i alt").sum() == pytest.approx(table["vekst i alt"])


def test_branches_that_carry_and_lose_are_named_with_their_persons():
    chart = drawn("parts", "0001")
    assert "Flest nye kom i bygg og anlegg (+25) og flest ble borte i butikk- og bilhandel (−10)." in plain(chart.reading)
    rows = chart.table[chart.table["Hva"] != "Private arbeidsplasser"].set_index("Del")
    assert rows.at["bygg og anlegg", "Private i 2020"] == pytest.approx(135)
    assert rows[["Som landet", "Bransjen", "Lokal del"]].sum(axis=1).to_numpy() == pytest.approx(rows["Endring"].to_numpy())


def test_no_change_is_measured_across_the_break_of_2015():
    assert drawn("national", "0001").table["År"].iloc[0] == "2015"
    assert "2015" not in TABLES["shift_share"]["year"].astype(str).tolist()
    before = {name: table[table["year"] < 2015] for name, table in TABLES.items()}
    assert drawn("national", "0001", before).table["År"].iloc[-1] == "2014"


def test_a_branch_larger_than_in_the_nation_is_told_only_where_its_interval_is():
    rows = pd.DataFrame({"branch": ["handel", "fiske"], "lq": [1.3, 4.0], "lq_low": [1.1, 0.9], "lq_high": [1.5, 9.0]})
    assert plain(arbeidsplasser.branches_sentence(rows, "Vik")) == ("Vik: 1,3 ganger landet i butikk- og bilhandel")
    assert arbeidsplasser.branches_sentence(rows.iloc[1:], "Vik") == "Ingen bransje i Vik er klart større enn i landet"


def test_a_place_of_one_industry_is_like_one_branch():
    chart = drawn("branches", "0003")
    assert len(chart.table) == 1
    assert "som om de var i 1,0 like store bransjer" in chart.reading
    assert "borte" not in drawn("parts", "0003").reading


def test_the_rate_is_of_those_of_working_age_and_the_nations_is_of_them_all_together():
    chart = drawn("rates", "0001")  # 500 of 800 in each of four
    assert plain(chart.title) == "62,5 % av 15–74-åringene i Vik var sysselsatte (2025; landet 62,5 %)"
    jobs = chart.table.set_index("År").loc["2025", ["Her, per 100 innbyggere", "Landet, per 100 innbyggere"]]
    assert jobs.tolist() == pytest.approx([43.8, 231.8 / 4])


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_says_what_is_uncertain_and_has_its_numbers_in_the_alt_text(figure):
    chart = drawn(figure, "0001")
    assert isinstance(chart, Chart)
    assert any(word in chart.uncertainty for word in ("intervall", "Intervallet"))
    assert any(letter.isdigit() for letter in chart.alt)
    assert "nan" not in (chart.title + chart.reading + chart.alt + chart.uncertainty).lower().split()
    assert set(chart.decimals) <= set(chart.table.columns)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("number", ["0001", "0002", "0003", "0004"])
def test_every_figure_can_be_read_wide_and_narrow(figure, number):
    chart = drawn(figure, number)
    if isinstance(chart, Chart):
        assert [faults(drawing.svg(chart, narrow).decode()) for narrow in (False, True)] == [[], []]


def test_branches_of_one_size_stand_in_the_same_order_whatever_the_language_calls_them(monkeypatch):
    cells = pd.DataFrame(
        {"komm_nr": "0001", "year": 2025, "branch": ["annet", "bygg", "handel"], "jobs": [10, 10, 20]}
        | {
            "share_pct": [25.0, 25.0, 50.0],
            "nation_pct": [20.0, 30.0, 50.0],
            "lq": 1.0,
            "lq_low": 0.5,
            "lq_high": 2.0,
            "comparable": True,
        }
    )
    monkeypatch.setattr(arbeidsplasser, "branch_name", {"annet": "z", "bygg": "y", "handel": "x"}.get)
    assert arbeidsplasser.branches(cells, NAMES, "0001").table["Bransje"].tolist() == ["x", "z", "y"]


def test_small_branches_are_one_row_and_the_quotient_is_the_share_over_the_nations():
    table = drawn("branches", "0001").table.set_index("Bransje")
    assert (table["Her, prosent"] / table["Landet, prosent"]).to_numpy() == pytest.approx(table["Ganger landet"].to_numpy())
    cells = pd.DataFrame(
        {"komm_nr": "0001", "year": 2025, "branch": [f"b{i:02}" for i in range(12)], "jobs": [20] * 10 + [6, 4]}
        | {"share_pct": [9.0] * 10 + [6.0, 4.0], "nation_pct": 5.0, "lq": 1.8, "lq_low": 0.5, "lq_high": 3.0, "comparable": True}
    )
    rows = arbeidsplasser.branches(cells, NAMES, "0001").table.set_index("Bransje")
    assert rows.loc["andre bransjer", ["Her, prosent", "Landet, prosent", "Arbeidsplasser"]].tolist() == [10, 10, 10]


def test_few_jobs_in_a_branch_are_told_as_they_are_and_what_ssb_rounds_is_said_with_both_sums():
    cells = pd.DataFrame(
        {"komm_nr": "0001", "year": 2025, "branch": ["omsorg", "bergverk"], "jobs": [72, 9], "share_pct": [88.9, 11.1]}
        | {"nation_pct": [50.0, 4.6], "lq": [1.8, 2.4], "lq_low": [0.9, 0.0], "lq_high": 4.0, "comparable": True}
    )
    register = pd.DataFrame({"komm_nr": ["0001"], "year": [2025], "jobs": [86]})
    chart = arbeidsplasser.branches(cells, NAMES, "0001", employed_register=register)
    assert chart.title == "Ingen bransje i Vik er klart større enn i landet"
    assert "SSB skriver 1 og 2 i en næring som 0 eller 3. Bransjene er 81 jobber til sammen; i alt er det 86" in chart.uncertainty
    drawn = drawing.svg(chart, False).decode()
    assert "9 jobber" in drawn and "11,1" not in drawn


@pytest.mark.parametrize("figure", ["branches", "rates"])
def test_what_is_shared_out_by_population_is_no_finding_of_the_part(figure):
    shared = {name: table.assign(comparable=False) for name, table in TABLES.items()}
    missing = drawn(figure, "0001", shared)
    assert isinstance(missing, Missing) and missing.reason.endswith("De sier ikke noe om Vik alene.")


def test_what_few_jobs_have_come_or_gone_in_is_not_named():
    growth = pd.Series({"bergverk": 3.0, "omsorg": 1.0, "handel": -12.0})
    assert plain(arbeidsplasser.carriers_sentence(growth)) == " Flest ble borte i handel (−12)."
    four = pd.DataFrame({"komm_nr": ["0001"], "year": 2021, "span": 5, "growth": 4, "private_growth": 3, "private_share_pct": 75.0})
    said = arbeidsplasser.new_jobs_sentence(four.assign(nation_share_pct=81.0, comparable=True), "0001", "Vik")
    assert "økte med 4" in said and "%" not in said


def test_the_group_is_named_where_it_is_and_the_page_stands_without_it():
    assert "Sammenlignet med Gruve." in drawn("national", "0001", compare=["0003"]).reading
    alone = drawn("national", "0001", compare=[])
    assert drawing.svg(alone, True)
    assert drawing.svg(drawn("rates", "0001", compare=[]), False)


# -- what is not there


@pytest.mark.parametrize("figure", FIGURES)
def test_an_empty_table_is_told_in_plain_words(figure):
    empty = {name: module.DATASET.empty() for name, module in EMPTY.items()}
    missing = drawn(figure, "0001", empty)
    assert isinstance(missing, Missing)
    assert missing.reason.endswith("er ikke tatt inn i utgaven.")


@pytest.mark.parametrize("figure", FIGURES)
def test_a_municipality_that_is_not_in_the_tables_is_told_by_name(figure):
    without = {name: table[table["komm_nr"] != "0001"] for name, table in TABLES.items()}
    assert "Vik" in drawn(figure, "0001", without).reason


def test_a_municipality_without_private_jobs_says_so():
    assert drawn("parts", "0002").reason == "Nes har ingen private arbeidsplasser."


@pytest.mark.parametrize("figure", ["national", "parts"])
def test_a_split_municipality_has_no_growth_and_the_reason(figure):
    missing = drawn(figure, "0004")
    assert isinstance(missing, Missing)
    assert "deling" in missing.reason


def test_a_hidden_cell_hides_the_year_and_ends_the_run():
    tables = country(hidden={("0001", 2022, "47")})
    assert "siden 2023" in drawn("parts", "0001", tables).title
    latest = country(hidden={("0001", 2025, "47")})
    assert drawn("branches", "0001", latest).source.endswith("2024")
    assert isinstance(drawn("parts", "0001", latest), Chart)  # told to 2024


# -- the first page


def test_the_front_has_the_key_figures_and_three_findings_that_link_to_theirs():
    page = front("0001")
    assert page.title == "Arbeidsplassene i Vik"
    assert [plain(figure.value) for figure in page.key_figures] == ["438", "62,5 %"]
    assert page.lead.endswith(" 77\N{NO-BREAK SPACE}% av arbeidsplassene er private, medregnet offentlig eide foretak."), (
        "336 of 438"
    )
    assert plain(page.key_figures[0].change) == "+40 siden 2015 (+10,1 %)"
    assert [finding.chart for finding in page.findings] == [
        "arbeidsplasser.national",
        "arbeidsplasser.parts",
        "arbeidsplasser.rates",
    ]


def test_the_front_stands_on_what_is_there():
    gone = ("employed_by_sector", "shift_share", "jobs_by_branch")
    empty = TABLES | {name: EMPTY[name].DATASET.empty() for name in gone}
    page = front("0001", empty)
    assert "private" not in page.lead
    assert [finding.chart for finding in page.findings] == ["arbeidsplasser.national", "arbeidsplasser.rates"]
    nothing = front("0001", {name: module.DATASET.empty() for name, module in EMPTY.items()})
    assert nothing.findings == ()
    assert "ingen tall" in nothing.lead


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_the_sign_of_a_change_is_said_as_it_is(change, expected):
    said = arbeidsplasser.national_sentence(change, expected, "X", 2015)
    assert (" flere " in said or " mer " in said) == (round(change) > 0)
    assert (" færre " in said or " mindre " in said) == (round(change) < 0)


def test_the_real_growth_of_lørenskog_against_the_nation():
    data = os.environ.get("NLIB_REAL_DATA")
    if not data:
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    codes, changes = resource("municipalities.csv"), resource("municipality_changes.csv")
    raw = pd.read_csv(Path(data) / "statbank" / "11618.csv.gz", dtype="str")
    raw = raw.assign(value=raw["value"].astype(float), status=pd.NA)
    register = ssb_11618.DATASET.check(ssb_11618.DATASET.build(raw, codes, changes))
    chart = arbeidsplasser.national(register, {"3222": "Lørenskog"}, [], "3222")
    assert plain(chart.title) == ("Lørenskog: 2 835 flere arbeidsplasser siden 2017; landets vekst tilsa +1 145")


def test_the_branch_that_the_title_names_is_drawn_though_ten_are_larger():
    names = [f"bransje {n}" for n in range(12)]
    rows = pd.DataFrame(
        {"branch": names, "share_pct": [float(20 - n) for n in range(12)], "jobs": 100, "nation_pct": 5.0, "lq": 1.0}
    )
    rows = rows.assign(komm_nr="0001", year=2021, lq_low=[*[0.5] * 11, 2.0], lq_high=3.0, comparable=True)
    chart = arbeidsplasser.branches(rows, {"0001": "Vik"}, "0001")
    assert chart.title.endswith("ganger landet i bransje 11")
    assert chart.table["Bransje"].tolist() == [*names[:9], "bransje 11", "andre bransjer"]
    assert chart.table["Arbeidsplasser"].sum() == 1200
