"""The first page of the attractiveness report: its key figures, and its findings in whole sentences."""

import attractive_country as country
import pytest
from small_facts import built

from nlib.core.language import short_name
from nlib.themes.attraktivitet.text import front

COMPONENTS = country.components()
ATTRACTIVENESS = country.attractiveness()
POPULATION = country.population()
FACTS = built(attractiveness=ATTRACTIVENESS, population=POPULATION)
NAMES = {number: short_name(name) for number, name in country.NAMES.items()}
SIDES = [("3222", "kan ikke skilles fra null"), ("3205", "er over null"), ("3114", "er under null")]


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def page(number, values=ATTRACTIVENESS, parts=COMPONENTS, facts=FACTS):
    return front(facts, values, parts, POPULATION, NAMES, country.GROUP, number)


def test_the_key_figures_are_the_facts_with_interval_and_rank():
    kinds = page("3222").key_figures
    assert [figure.label for figure in kinds] == ["Bostedsattraktivitet", "Næringsattraktivitet", "Samlet attraktivitet"]
    assert plain(kinds[0].value) == "0,1 %"
    assert kinds[0].period == "tre år til og med 2025"
    assert plain(kinds[0].change) == "(mellom -0,2 og 0,4, ni av ti)"
    assert plain(kinds[0].rank) == "plass 3 av 6 (1 er høyest); 2–4 er like rimelig"


def test_three_findings_each_the_title_of_the_figure_it_links_to():
    findings = page("3222").findings
    assert [finding.chart for finding in findings] == ["attraktivitet.scatter", "attraktivitet.growth", "attraktivitet.expected"]
    assert findings[0].sentence == "Lørenskog 2023–2025: flytting og jobber ikke sikkert annerledes enn ventet."
    assert plain(findings[1].sentence) == "Folketallet i Lørenskog vokste 1,18 % årlig 2023–2025; avviket usikkert."


def test_a_split_municipality_says_why_and_shows_what_it_can():
    found = page("1580")
    assert [finding.chart for finding in found.findings] == ["attraktivitet.growth"]
    assert "attraktiviteten kan ikke beregnes" in found.findings[0].sentence
    why = "kommunen er berørt av en deling eller en flyttet grense, og har for få år med egne tall."
    assert found.lead.endswith(f"For Haram kan den ikke beregnes: {why}")


@pytest.mark.parametrize(("number", "told"), SIDES)
def test_the_lead_says_on_which_side_of_zero(number, told):
    assert page(number).lead.endswith(f"Den samlede verdien for {NAMES[number]} {told}.")


@pytest.mark.parametrize("number", country.NAMES)
@pytest.mark.parametrize("rows", [slice(None), slice(0)], ids=["with", "without"])
def test_every_municipality_has_a_page_in_whole_sentences(number, rows):
    found = page(number, ATTRACTIVENESS.iloc[rows])
    assert NAMES[number] in found.title
    for text in (found.lead, *(finding.sentence for finding in found.findings)):
        assert text.endswith(".")
        assert not text.endswith("..")
        assert "nan" not in text
        assert text[0].isupper()


def test_without_any_figures_the_page_says_so_and_invents_none():
    found = page("3222", ATTRACTIVENESS.iloc[:0], COMPONENTS.iloc[:0], FACTS.iloc[:0])
    assert found.key_figures == found.findings == ()
    assert found.lead.endswith("For Lørenskog kan den ikke beregnes: utgaven har ingen tall for kommunen.")
