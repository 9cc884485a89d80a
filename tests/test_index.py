"""The index lists every municipality by county, says what is missing and why, and opens from a file share."""

import re
import uuid
from dataclasses import replace
from xml.etree import ElementTree

import html5lib
import pandas as pd
import pytest
import shapely

from nlib.core import boundaries, store
from nlib.core.errors import PageRejected
from nlib.press import changes, publish, update
from nlib.press.changes import news
from nlib.press.index import Entry, index_html, of_counties, of_county
from nlib.press.index_figures import INDICATORS, KeyFigures, key_figures
from nlib.press.index_map import Drawing, Outline, drawing
from tests.pages import FACTS, HARMFUL

ENTRIES = [
    Entry("3222", "Lørenskog", "Akershus", (("Pendling", "3222-lorenskog/pendling.html"),)),
    Entry("3114", "Våler (Østfold)", "Østfold"),
    Entry("3419", "Våler (Innlandet)", "Innlandet"),
    Entry("5610", "Kárášjohka - Karasjok", "Finnmark - Finnmárku - Finmarkku"),
    Entry("3205", "Lillestrøm", "Akershus", (("Pendling", "3205-lillestrom/pendling.html"),)),
]
FIGURES = KeyFigures(
    pd.DataFrame(
        {
            "Nr": ["5610", "3205", "3222", "3114", "3419"],
            "Kommune": ["Kárášjohka - Karasjok", "Lillestrøm", "Lørenskog", "Våler (Østfold)", "Våler (Innlandet)"],
            "Fylke": ["Finnmark", "Akershus", "Akershus", "Østfold", "Innlandet"],
            "Folketall": pd.array([2600, 96000, 46900, 5900, None], dtype="Int64"),
            "Folkevekst, prosent": [-1.25, 1.5, None, 0.04, 10.5],
        }
    ),
    {"Folketall": 0, "Folkevekst, prosent": 1},
    {"Folketall": 2026, "Folkevekst, prosent": 2025},
)
DRAWING = Drawing(
    400,
    300,
    (
        Outline("3222", (), "M10 10l100 0 0 100-100 0z", None),
        Outline("3205", ("5610",), "M110 10l100 0 0 100-100 0z", (160, 60)),
        Outline("3419", (), "M210 10l100 0 0 100-100 0z", None),
    ),
)
WHOLE = {"figures": FIGURES, "drawing": DRAWING, "downloads": [("Hele utgaven", "data/datapackage.json")]}


@pytest.fixture(scope="module")
def page():
    return index_html(ENTRIES, FACTS)


@pytest.fixture(scope="module")
def whole():
    """The index with everything that it can hold."""
    return index_html(ENTRIES, FACTS, ["nytt"], **WHOLE)


def test_the_index_is_valid_html(page, whole):
    for html in (page, whole):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(html)
        assert parser.errors == []


def test_every_municipality_stands_once_under_its_county_in_order(page):
    assert re.findall(r"<h3>(.*?)</h3>", page) == ["Akershus", "Finnmark - Finnmárku - Finmarkku", "Innlandet", "Østfold"]
    assert re.findall(r'class="nr">(\d+)<', page) == ["3205", "3222", "5610", "3419", "3114"]


def test_links_are_relative_and_only_to_pages_that_are_made(page):
    assert re.findall(r'<a href="([^#"]*)"', page) == [
        "om-tallene.html",
        "3205-lillestrom/pendling.html",
        "3222-lorenskog/pendling.html",
    ]
    assert "2 av 5 kommuner har rapport" in page


def test_news_are_told_where_there_are_any(page):
    assert "Ett år mer av tabell 03321" in index_html(ENTRIES, FACTS, news=["Ett år mer av tabell 03321"])
    assert 'id="nytt"' not in page


def test_the_page_on_the_yearly_run_is_linked_to_where_there_is_one(page):
    assert '<a href="kjoringen.html">Kjøringen</a>' in index_html(ENTRIES, FACTS, run="kjoringen.html")
    assert "Kjøringen" not in page


def test_a_synthetic_index_says_so(page):
    assert "Demodata – ikke virkelige tall" in index_html(ENTRIES, FACTS | {"synthetic": True})
    assert "Demodata" not in page


def test_the_only_script_is_the_index_s_own_and_named_by_its_fingerprint(page):
    assert page.count("<script") == 1
    assert "script-src 'sha256-" in page
    assert "unsafe" not in page


def test_html_in_names_and_reasons_is_text():
    entries = [Entry("0001", HARMFUL, HARMFUL, ((HARMFUL, "0001-x/pendling.html"),))]
    figures = KeyFigures(pd.DataFrame({"Nr": ["0001"], "Kommune": [HARMFUL], "Fylke": [HARMFUL]}), {}, {})
    shapes = Drawing(10, 10, (Outline("0001", (HARMFUL,), HARMFUL, None),))
    told = {"figures": figures, "drawing": shapes, "downloads": [(HARMFUL, "data/x.json")]}
    page = index_html(entries, FACTS | {"edition": HARMFUL}, news=[HARMFUL], **told)
    assert page.count("<script") == 1
    assert "<img" not in page


def test_a_link_that_runs_code_gives_no_index():
    with pytest.raises(PageRejected, match="adresse som ikke er lov"):
        index_html([Entry("0001", "X", "Y", (("Pendling", "javascript:alert(1)"),))], FACTS)


def test_the_same_entries_in_any_order_give_the_same_bytes(page):
    assert index_html(ENTRIES[::-1], FACTS) == page


def test_an_edition_without_municipalities_has_an_index():
    assert "0 av 0 kommuner har rapport" in index_html([], FACTS)


def test_a_municipality_on_the_map_leads_to_its_report_and_is_named(whole):
    assert '<a href="3222-lorenskog/pendling.html"><title>Lørenskog</title><path d="M10 10l100 0 0 100-100 0z"/></a>' in whole
    assert "<title>Lillestrøm (tegnet sammen med Kárášjohka - Karasjok)</title>" in whole
    assert '<circle cx="160" cy="60"' in whole


def test_one_on_the_map_without_a_report_is_no_link(whole):
    assert "De blå kommunene har rapport, de grå har ikke." in whole
    assert '<path class="none" d="M210 10l100 0 0 100-100 0z"><title>Våler (Innlandet)</title></path>' in whole


def test_one_report_alone_has_no_map():
    alone = [replace(entry, pages=entry.pages if entry.number == "3222" else ()) for entry in ENTRIES]
    assert 'id="kart"' not in index_html(alone, FACTS, drawing=DRAWING)
    assert 'id="kart"' in index_html(ENTRIES, FACTS, drawing=DRAWING)


def test_the_report_is_what_one_click_leads_to():
    pages = (("Pendling", "1-x/pendling.html"), ("Rapport", "1-x/rapport.html"))
    assert Entry("0001", "X", "Y", pages).first == "1-x/rapport.html"
    assert Entry("0001", "X", "Y", pages[:1]).first == "1-x/pendling.html"
    assert Entry("0001", "X", "Y").first == ""


def test_key_figures_are_written_as_bokmål_writes_them_and_a_missing_one_is_told(whole):
    row = re.search(r'<tr data-nr="5610">.*?</tr>', whole)[0]
    assert re.findall(r"<td>(.*?)</td>", row)[1:] == ["2\N{NO-BREAK SPACE}600", "\N{MINUS SIGN}1,3"]
    assert whole.count("<td>..</td>") == 2
    assert "Folkevekst, prosent 2025" in whole


def test_the_key_figures_lie_in_the_page_as_csv(whole):
    address = re.search(r'download="nokkeltall-2026.csv" href="(data:text/csv;[^"]*)"', whole)[1]
    assert "5610;K%C3%A1r%C3%A1%C5%A1johka%20-%20Karasjok;Finnmark;2600;-1,25" in address


def square(west, south, side):
    return shapely.box(west, south, west + side, south + side)


def frame(*shapes):
    told = [(number, also, shapely.to_wkb(shape)) for number, also, shape in shapes]
    return pd.DataFrame(told, columns=["komm_nr", "also", "geometry"])


def test_the_map_has_north_up_and_whole_units():
    drawn = drawing(frame(("0001", "", square(0, 0, 50_000)), ("0002", "0003", square(0, 50_000, 5_000))))
    assert (drawn.width, drawn.height) == (320, 340)
    low, high = drawn.outlines
    assert low.dot is None
    assert low.path.startswith("M")
    assert high.also == ("0003",)
    assert high.dot == (70, 70)
    assert not drawing(frame())


def test_neighbours_share_their_edge_and_islets_are_left_out_but_never_all_of_a_place():
    mainland, other = square(0, 0, 40_000), square(40_000, 0, 40_000)
    islet = shapely.MultiPolygon([mainland, square(-5_000, 0, 1_000)])
    drawn = drawing(frame(("0001", "", islet), ("0002", "", other), ("0003", "", square(-9_000, 0, 1_500))))
    assert [outline.path.count("M") for outline in drawn.outlines] == [1, 1, 1]


def test_every_municipality_of_the_project_s_map_is_drawn_in_little_room():
    project = boundaries.project()
    whole = pd.DataFrame({"komm_nr": project["komm_nr"], "also": "", "geometry": shapely.to_wkb(project.geometry)})
    drawn = drawing(whole)
    assert len(drawn.outlines) == len(whole)
    assert all(outline.path or outline.dot for outline in drawn.outlines)
    assert sum(len(outline.path) for outline in drawn.outlines) < 120_000


def edition_of(root, name, places, population, sources, people=100):
    """An edition with three tables, as `publish` leaves it; the estimate of attractiveness is another every time."""
    edition = store.new_edition(name, root)
    store.write_json(edition.raw / "manifest.json", {"edition": name, "synthetic": False, "sources": sources})
    rows = [(nr, year, people if nr == "0301" else 100, 1, True) for nr, _ in places for year in population]
    facts = [("population", nr, year, float(told)) for nr, year, told, *_ in rows]
    facts += [("bosted", nr, year, float(name[:4]) / 10) for nr, year, *_ in rows]
    tables = {
        "municipalities": pd.DataFrame([(nr, name, "Fylke") for nr, name in places], columns=["komm_nr", "name", "county"]),
        "population": pd.DataFrame(rows, columns=["komm_nr", "year", "population", "growth", "comparable"]),
        "facts": pd.DataFrame(facts, columns=["indicator", "komm_nr", "year", "value"]).assign(comparable=True),
    }
    edition.publish(tables, dict.fromkeys(tables, "x"))
    return edition


@pytest.fixture
def two(tmp_path):
    """Two editions; what the later one has is a year more, a figure corrected, other sources, and a number that is new."""
    told = {"updated": "2025-02-01T08:00:00Z", "files": [{"fetched": "2026-03-01T09:00:00+01:00"}]}
    first = edition_of(tmp_path, "2025", [("0301", "Oslo"), ("3222", "X")], [2024, 2025], {"ssb_03321": told, "ssb_11618": told})
    then = {"ssb_03321": told | {"updated": "2026-02-01T08:00:00Z"}, "ssb_07459": told}
    return first, edition_of(tmp_path, "2026", [("0301", "Oslo"), ("3223", "X")], [2025, 2026], then, people=101)


def test_what_is_new_and_corrected_is_told_of_figures_sources_and_municipalities(two):
    first, second = two
    assert news(first) == [] and changes.pages(first) == {}
    assert news(second) == [
        "Nye tall for folketall og bostedsattraktivitet: 2026 (i utgaven 2025: 2025)",
        "Rettet av kilden: folketall (én kommune)",
        "Beregnet på nytt, også for tidligere år: bostedsattraktivitet",
        "Oppdatert av produsenten: SSB, tabell 03321",
        "Nye kilder: SSB, tabell 07459",
        "Ikke med lenger: SSB, tabell 11618",
        "Kommuner med nytt nummer eller navn: X (3223)",
    ]


def test_the_page_of_what_is_new_shows_what_was_corrected_from_what_to_what(two):
    page = changes.pages(two[1])["nytt.html"].decode()
    parser = html5lib.HTMLParser()
    parser.parse(page)
    assert parser.errors == []
    corrected = page.partition('<details id="population">')[2].partition("</details>")[0]
    assert re.findall(r"<t[hd][^>]*>([^<]+)</t[hd]>", corrected)[-4:] == ["Oslo", "2025", "100", "101"]
    assert 'href="nytt.xml"' in page


def test_the_feed_is_atom_with_an_entry_for_each_thing_that_is_new_and_the_same_bytes_every_time(two):
    feed = changes.pages(two[1])["nytt.xml"]
    root, atom = ElementTree.fromstring(feed), "{http://www.w3.org/2005/Atom}"
    assert root.tag == f"{atom}feed" and root.find(f"{atom}author/{atom}name").text
    entries = root.findall(f"{atom}entry")
    assert [entry.find(f"{atom}title").text for entry in entries] == news(two[1])
    ids = [node.text for node in root.iter(f"{atom}id")]
    assert len(set(ids)) == len(entries) + 1 and all(uuid.UUID(id).version == 5 for id in ids)
    assert {node.text for node in root.iter(f"{atom}updated")} == {"2026-03-01T08:00:00Z"}
    assert {link.get("href") for link in root.iter(f"{atom}link")} == {"nytt.html", "nytt.xml"}
    assert changes.pages(two[1])["nytt.xml"] == feed


def test_what_is_new_is_mailed_once(two):
    mailed = []
    for edition in (two[0], two[1], two[1]):
        update._tell_news(edition, mailed.append)
    (told,) = mailed
    assert told.splitlines()[:2] == ["Nytt i utgaven 2026:", news(two[1])[0]]
    assert (two[1].reports / "nytt.txt").read_text(encoding="utf-8").splitlines() == news(two[1])


def test_an_edition_with_nothing_new_says_so(tmp_path):
    editions = [
        edition_of(tmp_path, "2026", [("0301", "Oslo")], [2025], {}),
        edition_of(tmp_path, "2026b", [("0301", "Oslo")], [2025], {}),
    ]
    assert news(editions[1]) == []
    for body in changes.pages(editions[1]).values():
        assert "Ingen av tallene er nye eller rettet siden utgaven 2026." in body.decode()


def test_an_edition_with_few_tables_has_the_key_figures_there_are(tmp_path):
    edition = edition_of(tmp_path, "2026", [("3222", "Å"), ("0301", "Oslo")], [2026], {})
    found = key_figures(edition)
    assert found.table["Kommune"].tolist() == ["Oslo", "Å"]
    assert found.years == {"Folketall": 2026} and found.table["Folketall"].tolist() == [100, 100]


def test_key_figures_are_facts_of_the_last_year_that_any_is_known_for_and_growth_only_where_no_border_was_moved(tmp_path):
    edition = edition_of(tmp_path, "2026", [("0301", "Oslo"), ("1508", "Ålesund"), ("3222", "Å")], [2026], {})
    growth = [("0301", 2025, 1.0, True), ("1508", 2025, 9.0, False), ("3222", 2024, 3.0, True), ("3222", 2026, None, True)]
    facts = pd.DataFrame(growth, columns=["komm_nr", "year", "value", "comparable"]).assign(indicator="growth_pct")
    places = edition.table("municipalities")
    edition.publish({"municipalities": places, "facts": facts}, {"municipalities": "x", "facts": "y"})
    found = key_figures(edition)
    assert (found.years, found.decimals) == ({"Folkevekst i året, %": 2025}, {"Folkevekst i året, %": 2})
    shown = found.table.set_index("Nr")["Folkevekst i året, %"]
    assert shown["0301"] == 1.0 and shown[["1508", "3222"]].isna().all()
    shared = facts.assign(indicator="jobs")
    edition.publish({"municipalities": places, "facts": shared}, {"municipalities": "x", "facts": "y"})
    jobs = key_figures(edition).table.set_index("Nr")["Arbeidsplasser"]
    assert jobs["0301"] == 1.0 and pd.isna(jobs["1508"]), "what is shared out by population is not its own"
    edition.publish({"municipalities": places}, {"municipalities": "x"})
    assert key_figures(edition).years == {}


def test_a_whole_edition_s_index_is_under_300_kilobytes_with_pages_and_papers(demo_edition, tmp_path):
    places = demo_edition.table("municipalities")
    entries = [
        Entry(
            p.komm_nr,
            p.name,
            p.county,
            tuple((f"Sidens navn {n}", f"{p.komm_nr}-{publish.slug(p.name)}/side{n}.html") for n in range(12)),
            tuple((text, f"{p.komm_nr}-{publish.slug(p.name)}/rapport.pdf") for text in ("PDF", "Notat", "Excel")),
        )
        for p in places.itertuples()
    ]
    told = {"figures": key_figures(demo_edition), "drawing": drawing(demo_edition.table("boundaries"))}
    page = index_html(entries, FACTS, **told)
    assert len(page.encode()) < 300_000
    assert page.count("<circle") > 5
    assert len(told["figures"].years) == len(INDICATORS)
    assert page == index_html(entries[::-1], FACTS, **told)


def many(places: int, counties: int) -> list[Entry]:
    pages = [(f"Sidens navn {n}", f"side{n}.html") for n in range(13)] + [("Rapport", "rapport.html")]
    return [
        Entry(f"{at:05}", f"Kommunen {at}", f"Fylke {at % counties}", tuple((text, f"{at:05}-kommunen/{to}") for text, to in pages))
        for at in range(places)
    ]


def test_the_index_of_the_nordic_countries_is_under_300_kb_with_a_link_to_each_report_and_a_page_of_each_county():
    entries = many(1_160, 60)
    page = index_html(entries, FACTS, **WHOLE)
    assert len(page.encode()) < 300_000
    assert page.count("/rapport.html") == len(entries) and 'id="sok"' in page
    pages = of_counties(entries, FACTS, FIGURES, lambda numbers: None)
    assert len(pages) == 60 and all(f'<a href="{name}">' in page for name in pages)
    assert sum(html.count("/rapport.html") for html in pages.values()) == len(entries)
    assert all('<a href="index.html">Alle kommuner</a>' in html for html in pages.values())


def test_the_index_of_ten_thousand_places_is_of_their_counties():
    entries = many(10_000, 100)
    page = index_html(entries, FACTS, **WHOLE)
    assert len(page.encode()) < 300_000
    assert page.count('<a href="fylke-') == 100 and "rapport.html" not in page and "<script" not in page
    names = [of_county(f"Fylke {at}") for at in range(100)]
    assert len(set(names)) == 100 and all(name in page for name in names)


def test_a_country_of_our_size_has_one_index():
    assert of_counties(many(499, 15), FACTS, FIGURES, lambda numbers: DRAWING) == {}
