"""Figures, first pages and gaps as HTML: everything is escaped, numbers are in bokmål, and the CSV opens in Excel."""

import csv
import io
import re
from urllib.parse import quote, unquote

import html5lib
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlib.charts import files
from nlib.charts.chart import Finding, KeyFigure, Missing
from nlib.charts.drawing import svg
from nlib.charts.html import PLAIN, _quoted, csv_address, csv_text, figure_html, front_html, missing_html, table_html
from nlib.charts.style import SYNTHETIC
from tests.pages import HARMFUL, chart, front, shares

SVG = "{http://www.w3.org/2000/svg}"
NBSP = "\N{NO-BREAK SPACE}"


def parsed(fragment):
    """The fragment as a strict parser reads it; an HTML error fails the test."""
    page = f'<!DOCTYPE html><html lang="nb"><head><title>t</title></head><body>{fragment}</body></html>'
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page).find("body")


def words(element):
    return " ".join("".join(element.itertext()).split())


def rows(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")), delimiter=";"))


def test_a_figure_carries_finding_reading_aid_doubt_source_and_numbers():
    figure = parsed(figure_html(chart())).find("figure")
    assert figure.get("id") == "pendling-andel"
    assert figure.find("h3").text == chart().title
    text = words(figure)
    for part in (chart().reading, chart().uncertainty, chart().source, "Tallene i figuren"):
        assert part in text
    assert {drawing.get("aria-label") for drawing in figure.findall(f"{SVG}svg")} == {chart().alt}


def test_the_caption_is_the_last_of_a_figure_as_html_asks():
    assert [part.tag for part in parsed(figure_html(chart())).find("figure")] == ["h3", "p", f"{SVG}svg", f"{SVG}svg", "figcaption"]


def test_a_figure_is_drawn_for_wide_and_narrow_screens():
    wide, narrow = parsed(figure_html(chart(height=(3.6, 3.0)))).findall(f"figure/{SVG}svg")
    assert [wide.get(name) for name in ("class", "role", "width", "height", "display")] == ["wide", "img", "691", "311", None]
    assert [narrow.get(name) for name in ("class", "role", "width", "height", "display")] == ["narrow", "img", "336", "253", "none"]


def test_the_text_of_a_drawing_is_text():
    for drawing in parsed(figure_html(chart())).findall(f"figure/{SVG}svg"):
        texts = [words(text) for text in drawing.findall(f"{SVG}text")]
        assert {"Lørenskog", "Lillestrøm", "Oslo"} <= set(texts)


def test_the_source_stands_once_under_a_drawing_and_on_it_where_it_is_a_file_of_its_own():
    page, alone = figure_html(chart(synthetic=True)), files.file(chart(synthetic=True))
    assert page.count("tabell 03321, oppdatert 1. juni 2022") == 1
    assert f'<span class="demo">{SYNTHETIC}.</span> Kilde: SSB' in page
    assert "tabell 03321, oppdatert 1. juni 2022" in alone and f"{SYNTHETIC}. SSB" in alone


def test_no_two_names_of_a_page_are_the_same_and_each_begins_with_its_figure():
    figures = [figure_html(chart(id)) for id in ("pendling.andel", "pendling.i_tid")]
    names = [element.get("id") for element in parsed("".join(figures)).iter() if element.get("id")]
    assert len(names) == len(set(names)) > 4
    assert all(name.startswith(("pendling-andel", "pendling-i-tid")) for name in names)


def test_a_notebook_shows_a_chart_as_the_page_does():
    assert chart()._repr_html_() == figure_html(chart())


def test_the_numbers_are_closed_until_asked_for():
    details = parsed(figure_html(chart())).find(".//details")
    assert details.get("open") is None


def test_a_table_has_caption_and_headings_of_columns_and_rows():
    table = parsed(table_html(shares(), "Utpendling", {})).find(".//table")
    assert table.find("caption").text == "Utpendling"
    assert [th.get("scope") for th in table.findall("thead/tr/th")] == ["col"] * 5
    assert [th.get("scope") for th in table.findall("tbody/tr/th")] == ["row"] * 3


def test_a_table_that_is_too_wide_can_be_scrolled_by_keyboard():
    region = parsed(table_html(shares(), "Utpendling", {})).find("div")
    assert (region.get("tabindex"), region.get("role"), region.get("aria-label")) == ("0", "region", "Tabell: Utpendling")


def test_numbers_are_written_in_bokmaal_and_years_are_not_numbers():
    cells = [words(cell) for cell in parsed(table_html(shares(), "t", {"Utpendling, prosent": 1})).findall(".//tbody/tr/td")]
    assert cells[:4] == ["2021", "69,3", "20 720", "ja"]
    assert f"20{NBSP}720" in table_html(shares(), "t", {})


def test_a_missing_number_is_two_dots_and_never_zero():
    cells = [words(cell) for cell in parsed(table_html(shares(), "t", {})).findall(".//tbody/tr/td")]
    assert cells[8:] == ["2021", "..", "..", "nei"]


def test_a_table_without_rows_is_still_a_table():
    assert parsed(table_html(shares().head(0), "t", {})).find(".//tbody") is not None
    assert len(rows(csv_text(shares().head(0), {}))) == 1


def test_excel_in_norway_can_open_the_csv():
    text = csv_text(shares(), {"Utpendling, prosent": 1})
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}Kommune;År;")
    assert "\r\n" in text
    assert rows(text)[1] == ["Lørenskog", "2021", "69,34", "20720", "ja"]
    assert rows(text)[3][2:] == ["..", "..", "nei"]


def test_the_csv_inside_the_file_is_the_csv():
    address = csv_address(shares(), {})
    assert address.startswith("data:text/csv;charset=utf-8,%EF%BB%BF")
    assert unquote(address.split(",", 1)[1]) == csv_text(shares(), {})


def filed(section):
    link = next(link for link in parsed(section).iter("a") if link.get("download"))
    return rows(unquote(link.get("href").split(",", 1)[1])), int(link.get("data-ends"))


def test_every_row_of_a_file_says_whose_it_is_and_that_it_is_invented():
    said, ends = filed(figure_html(chart(place="Lørenskog", synthetic=True)))
    assert ends == 2 and said[0][-2:] == ["Gjelder", "Merknad"]
    assert {tuple(row[-2:]) for row in said[1:]} == {("Lørenskog", SYNTHETIC)}
    assert filed(figure_html(chart()))[1] == 0


def test_a_number_that_is_nearly_nothing_has_no_sign_in_a_file():
    assert rows(csv_text(pd.DataFrame({"Netto": [-0.0001, -0.06]}), {}))[1:] == [["0,0"], ["-0,06"]]


@pytest.mark.parametrize("text", ["=1+1", "+47 22", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_would_be_a_formula_gets_an_apostrophe(text):
    table = pd.DataFrame({text: pd.array([text], dtype="str")})
    assert csv.reader(io.StringIO(csv_text(table, {})[1:], newline=""), delimiter=";").__next__()[0] == f"'{text}"
    assert f"'{text}" in csv_text(table, {}).split("\r\n", 1)[1]


def test_a_negative_number_is_a_number_and_no_formula():
    assert rows(csv_text(pd.DataFrame({"Netto": [-5, 7]}), {}))[1:] == [["-5"], ["7"]]


def test_making_a_csv_leaves_the_table_as_it_was():
    table = shares()
    csv_text(table, {})
    pd.testing.assert_frame_equal(table, shares())


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_text_survives_the_csv_and_is_no_formula(text):
    read = rows(csv_text(pd.DataFrame({"Navn": pd.Series([text], dtype="str")}), {}))[1][0]
    assert read in (text, f"'{text}")
    assert not read.startswith(("=", "+", "-", "@"))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1))
def test_any_text_in_a_cell_is_text(text):
    cell = parsed(table_html(pd.DataFrame({"Navn": pd.Series([text], dtype="str")}), text, {})).find(".//tbody/tr/th")
    assert len(cell) == 0
    assert cell.text == text


def test_html_in_any_text_of_a_figure_is_harmless():
    told = dict.fromkeys(("title", "reading", "alt", "uncertainty", "source"), HARMFUL)
    table = pd.DataFrame({HARMFUL: pd.array([HARMFUL], dtype="str")})
    figure = parsed(figure_html(chart(**told, table=table, decimals={})))
    assert not figure.findall(".//script")
    assert not figure.findall(".//img")
    assert [drawing.get("aria-label") for drawing in figure.findall(f".//{SVG}svg")] == [HARMFUL] * 2
    assert HARMFUL in [text.text for text in parsed(svg(chart(source=HARMFUL)).decode()).findall(f".//{SVG}text")]
    assert not [element for element in figure.iter() if element.get("onerror")]


def test_html_in_a_first_page_or_a_gap_is_harmless():
    harmful = front(lead=HARMFUL, key_figures=(KeyFigure(*[HARMFUL] * 5),), findings=(Finding(HARMFUL, "pendling.andel"),))
    for fragment in (front_html(harmful), missing_html(Missing("pendling.kart", HARMFUL, HARMFUL))):
        body = parsed(fragment)
        assert not body.findall(".//script")
        assert not body.findall(".//img")
        assert HARMFUL in "".join(body.itertext())


def test_findings_link_to_their_figures():
    links = parsed(front_html(front())).findall(".//ol//a")
    assert [link.get("href") for link in links] == ["#pendling-andel", "#pendling-tid"]
    assert len({link.get("aria-label") for link in links}) == 2


def test_a_first_page_shows_every_part_of_its_key_figures():
    text = re.sub(r"\s+", " ", words(parsed(front_html(front()))))
    assert "Arbeidsplass\N{SOFT HYPHEN}dekning" in text, "it may be broken where its words meet"
    text = text.replace("\N{SOFT HYPHEN}", "")
    for key in front().key_figures:
        for part in (key.label, key.value, key.period, key.change, key.rank):
            assert part in text


def test_a_gap_says_why():
    section = parsed(missing_html(Missing("pendling.flow_map", "Kartet mangler", "Grensene er ikke hentet."))).find("section")
    assert section.get("id") == "pendling-flow-map"
    assert words(section) == "Kartet mangler Grensene er ikke hentet."


@given(st.text())
def test_what_is_put_in_an_address_is_quoted_as_the_standard_library_does(written):
    assert _quoted(written) == quote(written, safe="".join(PLAIN))
