"""The index lists every municipality by county, says what is missing and why, and opens from a file share."""

import re

import html5lib
import pytest

from nlib.errors import PageRejected
from nlib.reports.index import Entry, index_html
from tests.pages import FACTS, HARMFUL

ENTRIES = [
    Entry("3222", "Lørenskog", "Akershus", (("Pendling", "3222-lorenskog/pendling.html"),)),
    Entry("3114", "Våler (Østfold)", "Østfold"),
    Entry("3419", "Våler (Innlandet)", "Innlandet"),
    Entry("5610", "Kárášjohka - Karasjok", "Finnmark - Finnmárku - Finmarkku"),
    Entry("3205", "Lillestrøm", "Akershus", (("Pendling", "3205-lillestrom/pendling.html"),)),
]


@pytest.fixture(scope="module")
def page():
    return index_html(ENTRIES, FACTS)


def test_the_index_is_valid_html(page):
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page)
    assert parser.errors == []


def test_every_municipality_stands_once_under_its_county_in_order(page):
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Akershus", "Finnmark - Finnmárku - Finmarkku", "Innlandet", "Østfold"]
    assert re.findall(r'class="nr">(\d+)<', page) == ["3205", "3222", "5610", "3419", "3114"]


def test_links_are_relative_and_only_to_pages_that_are_made(page):
    assert re.findall(r'<a href="([^#"]*)"', page) == [
        "om-tallene.html",
        "3205-lillestrom/pendling.html",
        "3222-lorenskog/pendling.html",
    ]
    assert page.count("ikke laget") == 3
    assert "2 av 5 kommuner har rapport" in page


def test_what_failed_is_told_with_the_reason():
    page = index_html(ENTRIES, FACTS, failures=[("3114-valer/pendling.html", "Cellen kart feilet")])
    assert "3114-valer/pendling.html: Cellen kart feilet" in page
    assert 'id="mangler"' not in index_html(ENTRIES, FACTS)


def test_news_are_told_where_there_are_any(page):
    assert "Ett år mer av tabell 03321" in index_html(ENTRIES, FACTS, news=["Ett år mer av tabell 03321"])
    assert 'id="nytt"' not in page


def test_a_synthetic_index_says_so(page):
    assert "Demodata – ikke virkelige tall" in index_html(ENTRIES, FACTS | {"synthetic": True})
    assert "Demodata" not in page


def test_the_only_script_is_the_index_s_own_and_named_by_its_fingerprint(page):
    assert page.count("<script") == 1
    assert "script-src 'sha256-" in page
    assert "unsafe" not in page


def test_html_in_names_and_reasons_is_text():
    entries = [Entry("0001", HARMFUL, HARMFUL, ((HARMFUL, "0001-x/pendling.html"),))]
    page = index_html(entries, FACTS | {"edition": HARMFUL}, failures=[(HARMFUL, HARMFUL)], news=[HARMFUL])
    assert page.count("<script") == 1
    assert "<img" not in page


def test_a_link_that_runs_code_gives_no_index():
    with pytest.raises(PageRejected, match="adresse som ikke er lov"):
        index_html([Entry("0001", "X", "Y", (("Pendling", "javascript:alert(1)"),))], FACTS)


def test_the_same_entries_in_any_order_give_the_same_bytes(page):
    assert index_html(ENTRIES[::-1], FACTS) == page


def test_an_edition_without_municipalities_has_an_index():
    assert "0 av 0 kommuner har rapport" in index_html([], FACTS)
