"""The first page of the commuting report: its key figures, and the rules that choose its findings."""

import commuting_country as country
import pytest
from small_facts import built

from nlib.core.language import short_name
from nlib.themes.pendling import figures as pendling
from nlib.themes.pendling.text import front

FLOWS = country.flows()

SHORT = {number: short_name(name) for number, name in country.NAMES.items()}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


def page(number, flows=FLOWS):
    areas, figures = country.areas(flows)
    commuting = country.measures(flows)
    drawn = (
        pendling.trend(commuting, SHORT, number),
        pendling.partners(commuting, flows, SHORT, number),
        pendling.area(commuting, areas, figures, SHORT, number),
    )
    return front(built(commuting=commuting), commuting, SHORT, number, {chart.id: chart for chart in drawn}.get)


def test_the_key_figures_are_facts_with_value_period_change_and_rank():
    out, into, coverage = page("3222").key_figures
    assert [figure.label for figure in (out, into, coverage)] == ["Utpendling", "Innpendling", "Arbeidsplassdekning"]
    assert (plain(out.value), out.period) == ("72,8 %", "4. kvartal 2021")
    assert plain(out.change) == "+2,8 prosentpoeng siden 2017"
    assert plain(out.rank) == "plass 1 av 6 (1 er høyest)"
    assert plain(into.change) == "0,0 prosentpoeng siden 2017"
    assert plain(coverage.value) == "54,4 %"


def test_a_split_municipality_has_no_change_and_no_rank_and_the_page_says_why():
    found = page("1580")
    for figure in found.key_figures:
        assert figure.period.endswith(", kan ikke sammenlignes")
        assert (figure.change, figure.rank) == ("", "")
    assert all("berørt av en deling" in finding.sentence for finding in found.findings)


def test_three_findings_each_the_title_of_the_figure_it_links_to():
    findings = page("3222").findings
    assert [finding.chart for finding in findings] == ["pendling.trend", "pendling.partners", "pendling.area"]
    assert plain(findings[1].sentence).startswith("Av 750 utpendlere fra Lørenskog arbeider 650 i Oslo.")


def test_the_partner_is_of_the_larger_stream():
    assert page("0301").findings[1].sentence.startswith("Av 1\N{NO-BREAK SPACE}110 innpendlere til Oslo bor ")
    assert "utpendlere fra Lillestrøm arbeider " in page("3205").findings[1].sentence


def test_few_people_are_told_of_in_the_findings():
    assert "én person utgjør" in page("3419").findings[0].sentence


def test_the_lead_counts_both_ways():
    lead = plain(page("3222").lead)
    assert lead == "I 4. kvartal 2021 pendlet 280 inn til Lørenskog og 750 ut, altså 470 flere ut enn inn."
    assert "like mange hver vei" in page("1151").lead


@pytest.mark.parametrize("number", country.NAMES)
def test_every_municipality_has_a_page_in_whole_sentences(number):
    found = page(number)
    assert short_name(country.NAMES[number]) in found.title
    for finding in found.findings:
        assert finding.sentence.endswith(".")
        assert not finding.sentence.endswith("..")
        assert "nan" not in finding.sentence


def test_without_employed_there_are_no_key_figures_and_the_lead_says_so():
    found = page("1151", FLOWS[FLOWS["home_nr"] != "1151"])
    assert (found.key_figures, found.findings) == ((), ())
    assert found.lead == "Tabell 03321 har ingen sysselsatte for Utsira."
