"""The figures and the first page on value creation: what they say, of which kind of figures, and when there is none."""

import numpy as np
import pandas as pd
import pytest
from small_facts import built

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.charts.legible import faults
from nlib.data.sources import ssb_13472, telemarksforsking_figures, telemarksforsking_nation
from nlib.indicators import consumer_prices, value_creation, value_creation_error, value_creation_estimate, value_creation_gap
from nlib.themes.verdiskaping import figures as verdiskaping
from nlib.themes.verdiskaping import text as findings

NAMES = {"0001": "Vik", "0002": "Nes", "0003": "Alene", "0004": "Tom", "0005": "Tap", "0006": "Full"}
PLACES = pd.DataFrame(NAMES.items(), columns=["komm_nr", "name"]).astype("str").assign(members=1)
YEARS = range(2018, 2025)
FIGURES = {
    "per_employee": ["value_creation", "value_creation_error"],
    "gap": ["value_creation_gap", "value_creation", "value_creation_error"],
    "industries": ["value_creation_gap", "value_creation"],
    "concentration": ["value_creation"],
}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def accounts():
    """Firms of five municipalities: Vik and Full with many, Nes with few of its jobs, Alene with one, Tap with losses only."""
    rows = [
        (nr, orgnr, year, nace2, people, 600_000.0 * people, result * (1 + 0.02 * (year - 2018)))
        for year in YEARS
        for nr, orgnr, nace2, people, result in (
            *(("0001", f"A{at}", "47", 4, 5e5 + 1e5 * at) for at in range(5)),
            *(("0001", f"C{at}", "62", 5, 2e6 + 1e5 * at) for at in range(5)),
            *(("0001", f"D{at}", "55", 1, 1e5) for at in range(4)),
            ("0001", "E", "41", 3, 1e6),
            *(("0006", f"{nace2}{at}", nace2, 4, 1e6) for nace2 in ("47", "55", "41", "62") for at in range(4)),
            ("0002", "F", "47", 2, 1e6),
            ("0002", "G", "47", 2, 0.0),
            ("0003", "H", "47", 10, 2e6),
            ("0005", "I", "47", 0, -3e6),
            *(("0005", f"J{at}", "47", 0, -2e6) for at in range(3)),
        )
    ]
    columns = ["komm_nr", "orgnr", "year", "nace2", "employees", "wage_costs_kr", "operating_result_kr"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[:2], "str") | {"employees": "Int64"})
    return frame.assign(nace=frame["nace2"], name="Hemmelig", value_added_kr=np.nan, placed=True, member_nr=frame["komm_nr"])


def estimate(nothing=("0003", "0005")):
    rows = [
        (nr, year, industry, jobs * (1 + at), 1e6 * each)
        for at, nr in enumerate(["0001", "0002", "0004"])
        for year in YEARS
        for industry, jobs, each in (("Varehandel", 30, 0.6), ("Olje og gass", 3 - at, 5.0), ("Informasjon og IT", 10, 1.2))
        if nr not in nothing
    ]
    frame = pd.DataFrame(rows, columns=["komm_nr", "year", "industry", "jobs", "per_employed_kr"]).astype({"jobs": "Int64"})
    worth = frame["jobs"].astype(float) * frame["per_employed_kr"] / 1e6
    told = frame.assign(
        jobs_sure=frame["jobs"],
        from_nation=frame["industry"] == "Olje og gass",
        value_added_mnok=worth,
        comparable=frame["year"] > 2018,
    )
    return value_creation_estimate.DATASET.check(told)


def published(own=650_000.0, nation=692_000.0):
    figures = pd.DataFrame({"komm_nr": ["0002"], "year": [2020], "indicator": ["productivity"], "unit": ["kr"], "value": [own]})
    country = figures.drop(columns="komm_nr").assign(value=nation)
    country = country if nation else country[:0]
    return telemarksforsking_figures.DATASET.check(figures), telemarksforsking_nation.DATASET.check(country)


def country(firms=None, guess=None, tables=None):
    firms = accounts() if firms is None else firms
    guess = estimate() if guess is None else guess
    tables = published() if tables is None else tables
    jobs = {"0001": 60, "0002": 400, "0003": 10, "0004": 90, "0005": 0, "0006": 70}
    sector = [(nr, year, "privat", count, count, True) for nr, count in jobs.items() for year in YEARS]
    columns = ["komm_nr", "year", "sector", "jobs", "employed_residents", "comparable"]
    cpi = pd.DataFrame({"year": YEARS, "cpi": [100 + 3.0 * at for at in range(len(YEARS))], "chained": False})
    prices = consumer_prices.DATASET.check(cpi)
    by_sector = ssb_13472.DATASET.check(pd.DataFrame(sector, columns=columns).astype({"komm_nr": "str", "sector": "str"}))
    whole = value_creation.build(firms, *tables, guess, by_sector, prices, PLACES)
    errors = pd.DataFrame(
        {
            "komm_nr": ["0001", "0002"],
            "year": 2024,
            "employees": [50.0, 4.0],
            "per_employee_kr": 9e5,
            "estimated_kr": 9.9e5,
            "error_pct": [-8.0, 12.0],
            "plain_error_pct": [20.0, 30.0],
        }
    )
    return {
        "value_creation": value_creation.DATASET.check(whole),
        "value_creation_gap": value_creation_gap.DATASET.check(value_creation_gap.build(firms, guess, PLACES)),
        "value_creation_error": value_creation_error.DATASET.check(errors),
    }


TABLES = country()
NES = accounts()[lambda firms: firms["komm_nr"] != "0002"]  # what is published of it hides no accounts of ours
EMPTY = {m.DATASET.name: m.DATASET.empty() for m in (value_creation, value_creation_gap, value_creation_error)}


def drawn(figure, number, tables=TABLES):
    given = {need: tables[need] for need in FIGURES[figure]}
    return getattr(verdiskaping, figure)(**given, names=NAMES, komm_nr=number)


def front(number, tables=TABLES):
    return findings.front(built(value_creation=tables["value_creation"]), **tables, names=NAMES, komm_nr=number)


# -- what is told


def test_lillestroms_650_against_692_thousand_is_told_as_telemarksforskings():
    chart = drawn("per_employee", "0002", country(NES))
    assert plain(chart.title) == "Foretak registrert i Nes: 650 000 kr per ansatt (landet 692 000 kr)"
    assert chart.reading.startswith("Telemarksforskings tabell")
    assert chart.source.startswith("Telemarksforsking")


def test_the_nation_that_a_file_does_not_have_is_not_told():
    chart = drawn("per_employee", "0002", country(NES, tables=published(nation=None)))
    assert chart.title.endswith("per ansatt")
    assert not [column for column in chart.table if "Landet" in column]


@pytest.mark.parametrize(
    ("gap", "far"),
    [
        (-77_500, "77 500 kr mindre per ansatt enn"),
        (77_500, "77 500 kr mer per ansatt enn"),
        (40, "like mye per ansatt som"),
    ],
)
def test_the_gap_sentence(gap, far):
    assert plain(verdiskaping.gap_sentence(gap, "X")) == f"Foretak registrert i X: {far} landet"
    guess = plain(verdiskaping.gap_sentence(gap, "Utsira", "beregnet"))
    assert guess.startswith("Arbeidsplassene på Utsira: anslagsvis "), "the estimate is of the jobs, not of firms"


@pytest.mark.parametrize(
    ("growth", "end"),
    [
        ((2015, 12.3), "; uten prisstigning er den 12 prosent høyere enn i 2015"),
        ((2015, -12.3), "; uten prisstigning er den 12 prosent lavere enn i 2015"),
        ((2015, 0.2), "; uten prisstigning er den som i 2015"),
        (None, ""),
    ],
)
def test_the_total_sentence(growth, end):
    row = pd.Series({"source": "beregnet", "value_added_mnok": 883.2, "year": 2025})
    start = "883 mill. kr i 2025"
    assert plain(verdiskaping.total_sentence(row, growth)) == start + end


def test_the_best_figures_are_used_and_named():
    assert drawn("per_employee", "0001").source.startswith("Foretakenes regnskap")
    assert drawn("per_employee", "0004").source.startswith("Beregnet av nlib")
    assert drawn("gap", "0002").source.startswith("Beregnet av nlib")


def test_no_figure_has_two_kinds_of_figures():
    for number in NAMES:
        for figure in FIGURES:
            chart = drawn(figure, number)
            if isinstance(chart, Chart):
                assert sum(chart.source.startswith(text) for text in verdiskaping.FROM.values()) == 1
                told = sum(method in chart.reading for method in verdiskaping.METHOD.values())
                assert told == (figure != "concentration"), "the title of that one says that it is of accounts"


def test_growth_of_the_estimate_is_measured_from_the_first_comparable_year():
    told = plain(drawn("per_employee", "0004").reading)
    assert "lavere enn i 2019. Faste priser er 2024-priser" in told, (
        "2018 is not comparable, and prices rise while the figures do not"
    )


def test_the_gap_is_told_with_parts_that_add_up():
    for number in ("0001", "0004"):
        table = drawn("gap", number).table
        gap = table["Avstand, 1 000 kr"].tolist()
        assert (table["Sammensetning, 1 000 kr"] + table["Innen næringene, 1 000 kr"]).tolist() == pytest.approx(gap)


def test_the_industries_that_pull_most_are_told_where_the_split_is_known():
    rows = pd.DataFrame(
        {
            "industry": ["Varehandel", "IT", "Olje og gass"],
            "employees": [40, 9, 3],
            "employees_sure": [37, 6, 3],
            "mix_shapley_kr": [-900.0, 100.0, 42_000.0],
            "within_shapley_kr": [-9_500.0, -100.0, 100.0],
        }
    )
    said = "Mot landet trekker olje og gass (+42 100 kr) mest opp, varehandel (−10 400 kr) mest ned (per ansatt). "
    assert plain(verdiskaping.pulls_sentence(rows, "regnskap")) == said
    assert verdiskaping.pulls_sentence(rows.assign(mix_shapley_kr=np.nan), "regnskap") == ""
    assert verdiskaping.pulls_sentence(rows.tail(2), "regnskap") == "", "nothing pulls down"
    assert verdiskaping.pulls_sentence(rows.assign(employees_sure=[37, 6, 0]), "beregnet") == "", "it may be one person"


def test_what_industries_of_three_decide_has_no_title_and_no_sign():
    """SSB prints 1 and 2 as 0 or 3: Vik is 127 000 kr over the nation with the three in oil, and under it without them."""
    guess = estimate()
    few = guess.assign(jobs_sure=guess["jobs"].mask(guess["jobs"] <= 3, 0))
    certain, told = (country(accounts()[:0], each, (published()[0][:0], published()[1][:0])) for each in (guess, few))
    assert (
        plain(drawn("gap", "0001", certain).title) == "Arbeidsplassene i Vik: anslagsvis 126 500 kr mer per sysselsatt enn landet"
    )
    for figure in ("gap", "per_employee"):
        chart = drawn(figure, "0001", told)
        assert chart.title == "Verdi per sysselsatt i Vik kan ikke skilles fra landets"
        assert "Uten næringene med 3 eller færre kan avstanden til landet bli den motsatte." in chart.uncertainty
    assert "fordi næringene her" not in drawn("gap", "0001", told).reading
    assert "uten prisstigning" in drawn("per_employee", "0002", told).reading
    assert "uten prisstigning" not in drawn("per_employee", "0001", told).reading, "of 40 jobs that are sure"
    assert "mest opp" not in drawn("industries", "0001", told).reading
    assert drawn("industries", "0001", told).title.startswith("Varehandel skaper mest"), "which it does without them too"
    of_few = few[few["industry"] != "Varehandel"]
    alone = country(accounts()[:0], of_few, (published()[0][:0], published()[1][:0]))
    assert drawn("industries", "0001", alone).title == "Ingen næring skaper klart mest i Vik"


def test_an_estimate_shared_out_by_population_is_no_finding_of_the_part():
    split = country(accounts()[:0], estimate().assign(comparable=False), (published()[0][:0], published()[1][:0]))
    for figure in ("gap", "per_employee", "industries"):
        missing = drawn(figure, "0001", split)
        assert isinstance(missing, Missing) and missing.reason.endswith("De sier ikke noe om Vik alene.")


def test_the_estimates_within_is_said_to_be_the_countys_and_its_error_is_printed():
    doubt = plain(drawn("gap", "0002").uncertainty)
    assert "fylkets avstand til landet, ikke kommunens egen" in doubt
    assert "prøvd mot regnskap i 2 kommuner bommer det typisk med 10 % (samme tall for alle: 25 %)" in doubt
    assert "ikke prøvd mot regnskap" in verdiskaping.missed(EMPTY["value_creation_error"])


def test_how_much_the_largest_have_is_said_only_as_half_and_nothing_is_shown_without_the_largest():
    chart = drawn("concentration", "0001")
    assert plain(chart.title) == "Tre av 15 foretak i regnskapene har høyst halvparten av verdiskapingen"
    assert "bootstrap over foretak" in chart.uncertainty
    assert not [column for column in chart.table if "uten" in column.casefold()]
    few = TABLES["value_creation"].assign(three_over_half=True, low_kr=np.nan, high_kr=np.nan)
    chart = drawn("concentration", "0001", TABLES | {"value_creation": few})
    assert plain(chart.title) == "Tre av 15 foretak i regnskapene har over halvparten av verdiskapingen"
    assert "det trengs ti foretak" in chart.uncertainty


def test_one_firm_is_not_shown_and_why_and_the_next_best_is_used_and_named():
    chart = drawn("concentration", "0003")
    assert chart.title == "Verdiskapingen i foretak registrert i Alene i 2024 vises ikke"
    assert "Verdiskapingen vises ikke: færre enn tre foretak" in chart.reading
    assert chart.table["Mill. kr"].isna().all()
    assert chart.uncertainty.startswith("Ett foretak")
    for figure in ("per_employee", "gap", "industries"):
        assert drawn(figure, "0003").reason.startswith("Regnskapene fra Alene for 2024 vises ikke: færre enn tre foretak")
    chart = drawn("gap", "0002")
    assert chart.source.startswith("Beregnet av nlib")
    assert "Regnskap for 2018–2024 vises ikke: færre enn tre foretak" in chart.uncertainty
    assert "Regnskap for 2018–2024 vises ikke" in drawn("per_employee", "0002").uncertainty, "Telemarksforsking stands for them"


def test_an_industry_that_would_give_a_firm_away_is_not_shown_and_the_others_are():
    chart = drawn("industries", "0001")
    assert chart.source.startswith("Foretakenes regnskap")
    assert "To næringer vises ikke: færre enn tre foretak" in chart.uncertainty
    assert sorted(chart.table["Næring"]) == ["Informasjon og IT", "Varehandel"]
    assert 80 < chart.table["Andel, prosent"].sum() < 95, "of everything, also of what is not shown"


def test_accounts_with_most_hidden_by_industry_give_way_to_the_estimate():
    table = TABLES["value_creation_gap"]
    most = table.assign(hidden=True).where(table["industry"] == "Informasjon og IT", table)
    most = most.assign(value_added_mnok=most["value_added_mnok"].mask(most["hidden"].astype(bool) & (most["source"] == "regnskap")))
    assert drawn("industries", "0001", TABLES | {"value_creation_gap": most}).source.startswith("Beregnet av nlib")


def test_firms_that_are_shared_out_are_flagged():
    table = TABLES["value_creation"].assign(much_shared=True)
    told = plain(drawn("concentration", "0001", TABLES | {"value_creation": table}).uncertainty)
    assert "Over 20 prosent av verdien er fordelt" in told


def test_names_of_firms_are_on_no_figure():
    for figure in FIGURES:
        chart = drawn(figure, "0003")
        if isinstance(chart, Chart):
            assert "Hemmelig" not in f"{chart.table}{chart.alt}{chart.title}"


def test_losses_and_nobody_employed_are_told_as_they_are():
    assert isinstance(drawn("per_employee", "0005"), Missing)
    assert "Ingen foretak registrert i Tap" in drawn("concentration", "0005").title
    tables = country(firms=accounts().assign(komm_nr="0005"), guess=value_creation_estimate.DATASET.empty())
    assert isinstance(drawn("per_employee", "0001", tables), Missing)


def test_thin_accounts_without_anything_else_are_not_enough():
    nothing = telemarksforsking_figures.DATASET.empty(), telemarksforsking_nation.DATASET.empty()
    firms = accounts()
    more = [firms[firms["orgnr"] == "F"].assign(orgnr=orgnr) for orgnr in "KLMN"]
    tables = country(firms=pd.concat([firms, *more]), guess=value_creation_estimate.DATASET.empty(), tables=nothing)
    reason = drawn("per_employee", "0002", tables).reason
    assert reason.startswith("Utgaven har ikke tall nok for verdiskapingen til foretak registrert i Nes")
    assert isinstance(drawn("concentration", "0002", tables), Chart)


@pytest.mark.parametrize("number", NAMES)
@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_drawn_wide_and_narrow_or_says_why_not(figure, number):
    chart = drawn(figure, number)
    if isinstance(chart, Missing):
        assert chart.reason.endswith((".", "mangler."))
        return
    assert [faults(drawing.svg(chart, narrow).decode()) for narrow in (False, True)] == [[], []]
    assert "nan" not in f"{chart.title} {chart.alt} {chart.reading} {chart.uncertainty}".casefold().split()
    assert not chart.table.empty


@pytest.mark.parametrize("figure", FIGURES)
def test_an_edition_without_figures_says_what_is_missing_in_plain_words(figure):
    chart = drawn(figure, "0001", EMPTY)
    assert isinstance(chart, Missing)
    assert "regnskap" in chart.reason.casefold() and "nlib" not in chart.reason


def test_consumer_prices_that_are_not_fetched_are_said():
    table = TABLES["value_creation"].assign(
        price_factor=np.nan, price_year=pd.array([pd.NA] * len(TABLES["value_creation"]), "Int64")
    )
    chart = drawn("per_employee", "0001", TABLES | {"value_creation": table})
    assert drawing.svg(chart) and "14700" not in chart.source
    assert "Faste priser" not in chart.reading


# -- the first page


def test_the_first_page_has_two_key_figures_and_three_findings_that_say_what_they_are_based_on():
    page = front("0002", country(NES))
    assert [plain(figure.value) for figure in page.key_figures] == ["650 000 kr", "80"]
    assert (page.key_figures[0].rank, page.key_figures[0].change) == ("", ""), "most have figures of another kind"
    assert page.key_figures[0].period == "2020, kan ikke sammenlignes"
    assert plain(page.key_figures[1].rank) == "plass 2 av 3 (1 er høyest)", "among those with figures of the same kind"
    assert len(page.findings) == 3
    assert page.findings[0].sentence.endswith("Grunnlag: Telemarksforsking.")
    assert page.findings[1].sentence.endswith("Grunnlag: anslag.")
    assert page.lead.startswith("Verdiskaping per ansatt bygger på Telemarksforsking, den samlede på anslag")
    assert page.lead.endswith("tall av et annet slag, så det sammenlignes ikke med dem og får ingen plass.")


def test_places_are_of_those_with_figures_of_the_same_kind_which_most_have():
    table = built(value_creation=country(NES)["value_creation"]).query("year == 2020").set_index("komm_nr")
    assert table["rank"].dropna().to_dict() == {"0001": 1, "0006": 2}, (
        "of the accounts, not the estimate of 0004 nor what is published"
    )
    assert set(table["n"]) == {2} and not table.loc[["0002", "0004"], "comparable"].any()
    assert front("0004", country(NES)).key_figures[0].label == "Verdiskaping per sysselsatt"
    assert "et annet slag" not in front("0001", country(NES)).lead


def test_the_figures_of_a_municipality_that_is_its_county_are_its_own():
    names = NAMES | {"0301": NAMES["0004"]}
    tables = {name: table.replace({"komm_nr": {"0004": "0301"}}) for name, table in TABLES.items()}
    asked = verdiskaping.gap(*(tables[need] for need in FIGURES["gap"]), names, "0301")
    assert "fylkets avstand" in drawn("gap", "0004").uncertainty and "fylkets avstand" not in asked.uncertainty


def test_a_first_page_without_figures_says_so():
    page = front("0001", EMPTY)
    assert page.key_figures == page.findings == ()
    assert page.lead.startswith("Utgaven har ikke tall nok for verdiskapingen til foretak registrert i Vik")
