"""The first page of the attractiveness report: its key figures, and its findings in whole sentences."""

import attractive_country as country
import pandas as pd
import pytest

from nlib.core.language import short_name
from nlib.themes.attraktivitet.text import front, growth, key_figure, lead

COMPONENTS = country.components()
ATTRACTIVENESS = country.attractiveness()
POPULATION = country.population()
NAMES = {number: short_name(name) for number, name in country.NAMES.items()}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def page(number, values=ATTRACTIVENESS, parts=COMPONENTS, people=POPULATION):
    return front(values, parts, people, NAMES, country.GROUP, number)


def test_four_key_figures_with_value_period_uncertainty_and_rank():
    people, *kinds = page("3222").key_figures
    assert [figure.label.replace("\N{SOFT HYPHEN}", "") for figure in kinds] == [
        "Bostedsattraktivitet",
        "Næringsattraktivitet",
        "Samlet attraktivitet",
    ]
    assert people.label == "Folkevekst"
    assert plain(kinds[0].value) == "+0,1 %"
    assert kinds[0].period == "i året, 2023–2025"
    assert plain(kinds[0].change) == "usikkert: -0,2 til 0,4 %"
    assert plain(kinds[0].rank) == "plass 3 av 6 (1 er høyest), trolig 2–4"


def test_growth_is_of_the_latest_year_that_has_it_with_change_and_place():
    figure = growth(POPULATION, "3222")
    # 455 of 45 000 in 2025, 454 in 2024; small places grow by more persons than a hundredth
    assert (plain(figure.value), plain(figure.period)) == ("+1,0 %", "2025, av 45 000 innbyggere")
    assert plain(figure.change) == "0,0 prosentpoeng fra året før"
    assert plain(figure.rank) == "plass 5 av 8 (1 er høyest)"


def test_a_year_that_is_not_comparable_has_no_place_and_no_change():
    table = POPULATION.assign(comparable=POPULATION["komm_nr"] != "1580")
    figure = growth(table, "1580")
    assert (figure.change, figure.rank) == ("Endring oppgis ikke", "Plass oppgis ikke")
    first = growth(POPULATION[POPULATION["year"] <= 2024], "1580")
    assert first.change == "Endring oppgis ikke", "2023 is before the split"


@pytest.mark.parametrize("people", [POPULATION.iloc[:0], POPULATION.assign(growth=pd.NA), POPULATION.assign(population=0)])
def test_without_population_or_growth_the_figure_is_two_dots(people):
    figure = growth(people.astype({"growth": "Int64", "population": "Int64"}), "3222")
    assert (figure.value, figure.change) == ("..", "Tall mangler")


def test_a_kind_that_is_not_known_is_two_dots_and_says_so():
    figure = key_figure(ATTRACTIVENESS, "1580", "bosted")
    assert (figure.value, figure.change, figure.rank) == ("..", "Kan ikke beregnes", "")


def test_a_rank_without_interval_stands_alone():
    values = ATTRACTIVENESS.assign(rank_low=pd.NA, rank_high=pd.NA)
    assert plain(key_figure(values, "3222", "samlet").rank) == "plass 3 av 6 (1 er høyest)"


def test_a_rank_never_exceeds_its_count():
    for number in country.BOTH:
        for kind in ("bosted", "naering", "samlet"):
            told = plain(key_figure(ATTRACTIVENESS, number, kind).rank)
            place, of = (int(word) for word in told.split(" (")[0].removeprefix("plass ").split(" av "))
            low, high = (int(word) for word in told.rpartition(" ")[2].split("–"))
            assert 1 <= low <= place <= high <= of


def test_three_findings_each_the_title_of_the_figure_it_links_to():
    findings = page("3222").findings
    assert [finding.chart for finding in findings] == ["attraktivitet.scatter", "attraktivitet.growth", "attraktivitet.scatter"]
    assert findings[0].sentence.startswith("Verken bosteds- eller næringsattraktiviteten i Lørenskog kan skilles fra null. ")
    assert plain(findings[1].sentence).startswith(
        "Folketallet i Lørenskog vokste 1,18 % i året, 0,10 prosentpoeng over forventet. "
    )
    assert findings[2].sentence.endswith("Lavere plass er ikke nødvendigvis tilbakegang.")


def test_a_split_municipality_says_why_and_shows_what_it_can():
    found = page("1580")
    assert [finding.chart for finding in found.findings] == ["attraktivitet.scatter", "attraktivitet.growth"]
    assert "kan ikke beregnes for Haram: en deling eller en flyttet grense inngår i tallene" in found.findings[0].sentence
    assert "attraktiviteten kan ikke beregnes" in found.findings[1].sentence
    assert found.lead.endswith("For Haram kan den ikke beregnes med tallene i denne utgaven.")
    assert found.key_figures[0].value != ".."


@pytest.mark.parametrize(
    ("chance", "told"),
    [
        (0.364, "kan ikke skilles fra null; sannsynligheten for at den er over null, er 36 prosent."),
        (0.9999, "kan ikke skilles fra null; sannsynligheten for at den er over null, er over 99 prosent."),
        (0.0, "kan ikke skilles fra null; sannsynligheten for at den er over null, er under 1 prosent."),
        (float("nan"), "kan ikke skilles fra null."),
    ],
)
def test_the_lead_says_how_sure_the_value_is(chance, told):
    assert lead(ATTRACTIVENESS.assign(p_positive=chance), "3222", "Lørenskog").endswith(f"Den samlede verdien for Lørenskog {told}")


def test_the_lead_says_on_which_side_of_zero():
    assert "Den samlede verdien for X er over null;" in lead(ATTRACTIVENESS, "3205", "X")
    assert "Den samlede verdien for X er under null;" in lead(ATTRACTIVENESS, "3114", "X")


@pytest.mark.parametrize("number", country.NAMES)
@pytest.mark.parametrize("rows", [slice(None), slice(0)], ids=["with", "without"])
def test_every_municipality_has_a_page_in_whole_sentences(number, rows):
    found = page(number, ATTRACTIVENESS.iloc[rows])
    assert NAMES[number] in found.title
    assert len(found.key_figures) == 4
    assert found.findings
    for text in (found.lead, *(finding.sentence for finding in found.findings)):
        assert text.endswith(".")
        assert not text.endswith("..")
        assert "nan" not in text
        assert text[0].isupper()


def test_without_any_figures_the_page_says_so_and_invents_none():
    found = page("3222", ATTRACTIVENESS.iloc[:0], COMPONENTS.iloc[:0], POPULATION.iloc[:0])
    assert {figure.value for figure in found.key_figures} == {".."}
    assert [finding.sentence for finding in found.findings] == [
        "Bostedsattraktivitet og næringsattraktivitet kan ikke beregnes for Lørenskog: utgaven har ingen tall for kommunen."
    ]
