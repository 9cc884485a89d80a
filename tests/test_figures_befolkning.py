"""The figures and the first page of the population report: what they say, what they hold, and when there is none."""

import numpy as np
import pandas as pd
import population_country as country
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_facts import built

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.core.language import short_name
from nlib.themes.befolkning import figures as befolkning
from nlib.themes.befolkning import text as findings

PLACES = country.municipalities()
NAMES = dict(zip(PLACES["komm_nr"], PLACES["name"].map(short_name), strict=True))
REGISTER = country.register()
GROUP = ["3205", "0301"]


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def charts(number, told=None, moves=None, ahead=None, ages=None, compare=GROUP):
    """Every figure of a municipality, by the last part of its id."""
    people = country.people() if told is None else told
    parts = country.parts(people, moves)
    aged = country.by_age(people) if ages is None else ages
    ahead = country.no_projection() if ahead is None else ahead
    structure = country.structure(aged)
    drawn = [
        befolkning.size(people, parts, PLACES, NAMES, REGISTER, compare, number, ahead),
        befolkning.yearly_growth(parts, NAMES, number),
        befolkning.pyramid(aged, structure, NAMES, number),
        befolkning.ages(structure, NAMES, number),
    ]
    return {chart.id.split(".")[1]: chart for chart in drawn}


def front(number, told=None, moves=None, compare=GROUP):
    people = country.people() if told is None else told
    parts, structure = country.parts(people, moves), country.structure(country.by_age(people))
    drawn = {chart.id: chart for chart in charts(number, people, moves, compare=compare).values()}
    facts = built(population=people, population_growth_parts=parts, age_structure=structure)
    return findings.front(facts, people, parts, NAMES, number, drawn.get)


# -- titles, each worked out by hand


def test_size_is_told_against_the_nation():
    # 400 to 560; the nation 2401 to 2641
    assert plain(charts("3222")["size"].title) == "Folketallet i Lørenskog har økt 40,0 % siden 2018 (landet +10,0 %)"


def test_a_fall_is_told_against_a_nation_that_grew():
    title = charts("3222", country.people(step=country.STEP | {"3222": -10}))["size"].title
    assert plain(title) == "Folketallet i Lørenskog har falt 20,0 % siden 2018 (landet 0,0 %)"


def test_a_small_change_is_about_unchanged():
    assert plain(charts("3205")["size"].title) == "Folketallet i Lillestrøm er om lag uendret siden 2018 (landet +10,0 %)"


def test_growth_of_five_years_names_its_largest_part():
    # 5 x (5 + 10 + 5)
    assert (
        plain(charts("3222")["yearly_growth"].title)
        == "Lørenskog vokste med 100 innbyggere i 2021–2025, mest innenlandsk innflytting (+50)"
    )


def test_a_fall_names_the_part_that_gave_it():
    # 600 stay 600 with 6 born and 6 dead; with 4 more away a year and 3 more from abroad, 5 fewer in five years
    moves = country.changes()
    own = moves["komm_nr"] == "3205"
    moves.loc[own, "domestic_out"] += 4
    moves.loc[own, "immigration"] += 3
    title = charts("3205", country.people(step=country.STEP | {"3205": -1}), moves)["yearly_growth"].title
    assert plain(title) == "Lillestrøm mistet 5 innbyggere i 2021–2025, mest innenlandsk utflytting (−20)"


def test_no_growth_is_said_as_it_is():
    assert charts("3205")["yearly_growth"].title == "Lillestrøm hverken vokste eller krympet i 2021–2025"


def test_age_groups_are_named_where_they_differ_from_the_nation():
    aged = country.by_age()
    aged.loc[(aged["komm_nr"] == "3222") & (aged["year"] == 2026) & (aged["age"] == 85), "population"] += 40
    chart = charts("3222", ages=aged)["pyramid"]
    assert "av innbyggerne i Lørenskog er 80 år og over (landet " in plain(chart.title)


def test_the_age_group_that_has_grown_most_is_named():
    # 400 to 560 in eight years, a fifth of them 6-15
    assert plain(charts("3222")["ages"].title) == "Antallet på 6–15 år har økt mest i Lørenskog: +32"
    fewer = charts("3222", country.people(step=country.STEP | {"3222": -20}))["ages"].title
    assert fewer == "Ingen aldersgruppe har vokst i Lørenskog siden 2018"


def test_the_old_and_the_young_are_told_by_those_of_working_age():
    # of a hundred, 50 are 20-64, 40 younger and 10 older
    said = plain(charts("3222")["pyramid"].reading)
    assert said.endswith("Per 100 i alderen 20–64 år er det 20 eldre (65 år og over) og 80 unge (0–19 år).")


# -- what the figures hold


def test_the_table_of_yearly_growth_adds_up():
    table = charts("3222")["yearly_growth"].table
    parts = table[["Fødte", "Døde", "Innenlandsk flytting", "Nettoinnvandring"]]
    assert (parts.sum(axis=1) == table["Vekst"]).all()
    assert list(table["Døde"].unique()) == [-3]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=9, max_size=9))
def test_a_chained_index_of_one_is_its_own_population(counts):
    told = country.people()
    told.loc[told["komm_nr"] == "3222", "population"] = counts
    parts = country.parts(told)
    index = befolkning._chained(parts[parts["komm_nr"] == "3222"], 2018, pd.RangeIndex(2018, 2027))
    assert index.to_numpy() == pytest.approx(100 * np.array(counts) / counts[0])


def test_reforms_are_told_by_kind():
    marks = {number: befolkning.reforms(REGISTER, number, 2018, 2026) for number in country.NAMES}
    assert marks["3222"] == [(2020, "nytt nummer"), (2024, "nytt nummer")]
    assert marks["3205"] == [(2020, "sammenslåing")]
    assert marks["1580"] == [(2024, "deling")]
    assert marks["1151"] == []


def test_the_projection_is_told_where_it_is():
    ahead, without = charts("3222", ahead=country.projection())["size"], charts("3222")["size"]
    assert "1 040 i 2050" in plain(ahead.alt)
    assert "14746" in ahead.source and "ikke et intervall" in ahead.uncertainty
    assert "14746" not in without.source and "framskriving" not in without.uncertainty


@pytest.mark.parametrize(
    ("sexes", "headings"), [(("1", "2"), ["Menn, personer", "Kvinner, personer"]), (("0",), ["Menn og kvinner, personer"])]
)
def test_the_pyramid_has_sex_where_the_table_has_it(sexes, headings):
    chart = charts("3222", ages=country.by_age(sexes=sexes))["pyramid"]
    assert [column for column in chart.table if column.endswith("personer")] == headings
    assert chart.table[headings].sum().sum() == 560
    shares = [column for column in chart.table if column.endswith("prosent") and "Landet" not in column]
    assert chart.table[shares].sum().sum() == pytest.approx(100)


def test_how_births_less_deaths_have_swung_is_told_in_persons_and_as_no_chance():
    moves = country.changes()
    moves["births"] += moves["year"] - 2018  # 8 less 3 in 2018, and one more each year after
    told = plain(charts("3222", moves=moves)["yearly_growth"].uncertainty)
    assert "Fødselsoverskuddet svinger fra år til år: de siste åtte årene mellom 5 og 12." in told
    assert "tilfeldig" not in told and "svinger" not in charts("3222")["yearly_growth"].uncertainty
    people = country.people().assign(comparable=lambda rows: rows["year"] > 2020)
    assert "de siste fem årene mellom 8 og 12." in plain(charts("3222", people, moves)["yearly_growth"].uncertainty)


# -- what is missing


def test_without_changes_only_totals_and_ages_are_told():
    drawn = charts("3222", moves=country.no_changes())
    assert all(isinstance(chart, Chart) for chart in drawn.values())
    assert drawn["yearly_growth"].title == "Lørenskog vokste med 100 innbyggere i 2021–2025"
    assert "06913 og 01223" in drawn["yearly_growth"].uncertainty
    assert "06913" not in drawn["size"].source


def test_a_hidden_part_is_said_and_its_year_has_growth_only():
    moves = country.changes()
    moves.loc[(moves["komm_nr"] == "3222") & (moves["year"] == 2020), "emigration"] = pd.NA
    assert "I år med bare vekst er en av delene ukjent eller skjult" in charts("3222", moves=moves)["yearly_growth"].uncertainty


def test_a_hidden_age_is_said():
    aged = country.by_age()
    aged.loc[(aged["komm_nr"] == "3222") & (aged["year"] == 2026) & (aged["age"] == 85) & (aged["sex"] == "2"), "population"] = (
        pd.NA
    )
    drawn = charts("3222", ages=aged)
    assert "2025" in drawn["pyramid"].source  # the latest year with everybody
    assert "2025" in drawn["ages"].source


def test_a_municipality_that_was_split_has_no_change_over_the_split():
    drawn = charts("1580")
    assert "siden 2024" in drawn["size"].title
    assert "deling" in drawn["size"].uncertainty and "hule merker" in drawing.svg(drawn["yearly_growth"]).decode()


def test_what_came_with_land_is_told_and_not_drawn():
    told = country.people()
    told.loc[(told["komm_nr"] == "1580") & (told["year"] < 2024), "population"] += 50
    chart = charts("1580", told)["yearly_growth"]
    assert "ikke tegnet: −50 i 2023" in plain(chart.uncertainty)
    assert chart.table.set_index("År").at["2023", "Vekst i alt"] == -50
    alone = charts("1580", told, country.no_changes())["yearly_growth"]
    assert "ikke tegnet: −50 i 2023" in plain(alone.uncertainty)


def test_a_municipality_of_one_person_is_drawn():
    drawn = charts("1151")
    assert all(isinstance(chart, (Chart, Missing)) for chart in drawn.values())
    assert plain(drawn["size"].title).startswith("Folketallet på Utsira er om lag uendret")
    assert "20–64" not in drawn["pyramid"].reading  # nobody of working age
    for chart in drawn.values():
        if isinstance(chart, Chart):
            assert drawing.svg(chart)


@pytest.mark.parametrize("number", ["3222", "1151"])
def test_a_municipality_of_nobody_says_so(number):
    told = country.people(start=country.START | {number: 0}, step=country.STEP | {number: 0})
    drawn = charts(number, told)
    assert isinstance(drawn["pyramid"], Missing)
    assert drawing.svg(drawn["size"]) and drawing.svg(drawn["yearly_growth"])


def test_a_municipality_without_figures_has_none():
    told = country.people().query("komm_nr != '3222'")
    drawn = charts("3222", told, country.changes(("0301", "3205")))
    assert all(isinstance(chart, Missing) for chart in drawn.values())
    assert front("3222", told).key_figures == ()


def test_a_municipality_without_a_group_is_drawn_without_it():
    drawn = charts("3222", compare=[])
    assert "De andre" not in drawn["size"].reading and "De andre" not in drawn["size"].table
    assert all(drawing.svg(chart) for chart in drawn.values())


# -- every figure


@pytest.mark.parametrize(("number", "moves"), [("3222", None), ("3222", "none"), ("0301", None), ("1580", None)])
def test_every_figure_has_text_with_numbers_and_is_drawn_wide_and_narrow(number, moves):
    moves = country.no_changes() if moves else None
    for chart in charts(number, moves=moves, ahead=country.projection()).values():
        if isinstance(chart, Missing):
            continue
        assert any(letter.isdigit() for letter in chart.alt)
        assert chart.reading and chart.uncertainty and chart.source.startswith("SSB, tabell")
        assert not any(
            wrong in f"{chart.title}{chart.reading}{chart.alt}{chart.uncertainty}" for wrong in ("nan", "NA", "  ", "None")
        )
        assert set(chart.decimals) <= set(chart.table)
        for narrow in (False, True):
            assert len(drawing.svg(chart, narrow)) < 120_000
            assert drawing.svg(chart, narrow) == drawing.svg(chart, narrow)


# -- the first page


def test_the_first_page_has_key_figures_a_lead_and_three_findings():
    page = front("3222")
    assert [plain(figure.value) for figure in page.key_figures] == ["560", "3,70 %", "20,0 %", "19,6"]
    assert plain(page.key_figures[0].change) == "+160 siden 2018 (+40,0 %)"
    assert [finding.chart for finding in page.findings] == ["befolkning.size", "befolkning.yearly_growth", "befolkning.ages"]
    assert plain(page.lead) == (
        "Lørenskog hadde 560 innbyggere 1. januar 2026. Gjennom 2025 var veksten +20: fødselsoverskudd +5, innenlandsk flytting "
        "+10 og nettoinnvandring +5."
    )


def test_where_the_parts_of_growth_are_unknown_the_lead_has_only_their_sum():
    assert plain(front("3222", moves=country.no_changes()).lead) == (
        "Lørenskog hadde 560 innbyggere 1. januar 2026. Gjennom 2025 var veksten +20."
    )
