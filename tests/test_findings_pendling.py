"""The first page of the commuting report: its key figures, and the rules that choose its findings."""

import commuting_country as country
import pandas as pd
import pytest

from nlib.charts.facts import employed_years
from nlib.core.language import short_name
from nlib.themes.pendling.text import change, front, key_figure, standing

FLOWS = country.flows()
COMMUTING = country.measures(FLOWS)

SHORT = {number: short_name(name) for number, name in country.NAMES.items()}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


def page(number, flows=FLOWS):
    areas, figures = country.areas(flows)
    return front(country.measures(flows), flows, areas, figures, SHORT, number)


def test_four_key_figures_with_value_period_change_and_rank():
    residents, out, into, coverage = page("3222").key_figures
    assert [figure.label for figure in (residents, out, into, coverage)] == [
        "Sysselsatte innbyggere",
        "Utpendling",
        "Innpendling",
        "Arbeidsplass\N{SOFT HYPHEN}dekning",
    ]
    assert (plain(residents.value), residents.period) == ("1 030", "4. kvartal 2021")
    assert plain(residents.change) == "+30 siden 2017 (+3,0 %)"
    assert (plain(out.value), plain(out.change)) == ("72,8 %", "+2,8 prosentpoeng siden 2017")
    assert plain(out.rank) == "plass 1 av 6 (1 er høyest)"
    assert plain(into.change) == "0,0 prosentpoeng siden 2017"
    assert plain(coverage.value) == "54,4 %"


def test_a_split_municipality_has_no_change_and_no_rank_and_the_page_says_why():
    found = page("1580")
    for figure in found.key_figures:
        assert figure.period.endswith("fordelt etter folketall")
        assert figure.change == "Endring oppgis ikke: kommunen er berørt av en deling"
        assert figure.rank == "Plass oppgis ikke"
    assert all("berørt av en deling" in finding.sentence for finding in found.findings)


def test_one_year_has_no_change():
    rows = employed_years(COMMUTING[COMMUTING["year"] == 2021], "3222")
    assert change(rows, "out_pct") == "Endring oppgis ikke: ingen tidligere år"


def test_a_missing_value_is_two_dots_without_change_or_rank():
    table = COMMUTING.assign(in_pct=COMMUTING["in_pct"].mask(COMMUTING["komm_nr"] == "3222"))
    figure = key_figure(table, employed_years(table, "3222"), "in_pct")
    assert (figure.value, figure.change, figure.rank) == ("..", "Endring: tall mangler", "")


def test_a_rank_that_has_moved_is_told_with_its_span():
    table = pd.DataFrame(
        {"komm_nr": list("ab") * 2, "year": [2020] * 2 + [2021] * 2, "x": [1.0, 2.0, 3.0, 2.0], "comparable": True}
    )
    rows = table[table["komm_nr"] == "a"]
    assert plain(standing(table, rows, "x", "høyest")) == "plass 1 av 2 (1 er høyest), plass 1–2 siden 2020"


def test_three_findings_each_the_title_of_the_figure_it_links_to():
    findings = page("3222").findings
    assert [finding.chart for finding in findings] == ["pendling.trend", "pendling.partners", "pendling.position"]
    assert plain(findings[1].sentence).startswith("Av 750 utpendlere fra Lørenskog arbeider 650 i Oslo. ")


def test_the_partner_is_of_the_larger_stream():
    assert page("0301").findings[1].sentence.startswith("Av 1\N{NO-BREAK SPACE}110 innpendlere til Oslo bor ")
    assert "utpendlere fra Lillestrøm arbeider " in page("3205").findings[1].sentence


def test_a_place_in_the_middle_gives_way_to_the_labour_market_area():
    assert page("1508").findings[2].chart == "pendling.area"
    assert page("0301").findings[2].chart in ("pendling.area", "pendling.position")


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
