"""What lies beside a page: figures as files, numbers in Excel, the researchers' edition, and links that always lead somewhere."""

import io
import json
import re
import xml.etree.ElementTree as xml
import zipfile

import html5lib
import nbformat
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_output

from nlib.charts import files as bundled
from nlib.charts.chart import Listing
from nlib.charts.drawing import svg
from nlib.charts.html import anchor, figure_html
from nlib.charts.style import SYNTHETIC
from nlib.core import store
from nlib.core.errors import NotebookFailed
from nlib.press import beside, code, publish
from nlib.press.journal import leads_to, settled
from nlib.press.render import check_page, render
from tests.editions import ROOT, quiet
from tests.pages import FACTS, HARMFUL, chart, notebook, shares
from tests.test_export import HOSTILE
from tests.test_style import contrast

ABOUT = {"title": "Pendling", "facts": FACTS}


def listing(**changes):
    told = {"id": "maal.tiltak", "title": "Tiltakene", "reading": "r", "uncertainty": "u", "source": "s", "by": "År"}
    return Listing(**(told | {"table": pd.DataFrame({"År": [2024], "Tiltak": ["Areal"]})} | changes))


def run(*sections):
    """A notebook that has shown these with their files asked for."""
    cells = []
    for number, section in enumerate(sections):
        with bundled.asked(True):
            data = {"text/html": section._repr_html_()} | section._repr_mimebundle_()
        cells.append(new_code_cell("view", id=f"celle-{number}", outputs=[new_output("execute_result", data, execution_count=1)]))
    return nbformat.v4.new_notebook(cells=cells)


def made(*sections, page="pendling"):
    return beside.figure_files(run(*sections), page, "Lørenskog", ABOUT)


def book(*sections):
    return openpyxl.load_workbook(io.BytesIO(made(*sections)["figurer/pendling/pendling.xlsx"]))


# -- figures as files


def test_a_figure_carries_no_files_unless_they_are_asked_for():
    assert chart()._repr_mimebundle_() == {}
    with bundled.asked(False):
        assert chart()._repr_mimebundle_() == {}
    with bundled.asked(True), bundled.asked(False):
        assert chart()._repr_mimebundle_() == {}


def test_a_page_s_figures_are_files_by_their_ids_and_its_numbers_one_workbook():
    assert sorted(made(chart(), chart("pendling.i_tid"), listing())) == [
        "figurer/pendling/pendling-andel.png",
        "figurer/pendling/pendling-andel.svg",
        "figurer/pendling/pendling-i-tid.png",
        "figurer/pendling/pendling-i-tid.svg",
        "figurer/pendling/pendling.xlsx",
    ]
    assert made() == {}


def test_the_svg_is_the_drawing_of_the_page_and_the_png_is_200_dots_an_inch():
    files = made(chart(height=(3.6, 3.0)))
    drawing = files["figurer/pendling/pendling-andel.svg"]
    first = xml.fromstring(drawing)[0]
    assert (first.tag, first.text) == ("{http://www.w3.org/2000/svg}title", chart().title)
    assert drawing.endswith(svg(chart(height=(3.6, 3.0))).partition(b">")[2])
    assert drawing.count(b"@font-face") == 2
    picture = files["figurer/pendling/pendling-andel.png"]
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(picture[at : at + 4]) for at in (16, 20)] == [1440, 720]
    assert b"tEXt" not in picture


def test_the_same_figures_give_the_same_bytes():
    assert made(chart(), listing()) == made(chart(), listing())


def test_a_figure_s_name_is_letters_digits_and_hyphens_whatever_its_id():
    assert anchor("pendling.i_tid") == "pendling-i-tid"
    for name in made(chart('../../x".<b>/y')):
        assert beside.NAME.fullmatch(name)


@given(st.text())
def test_no_id_leaves_the_folder_or_breaks_out_of_its_attribute(id):
    assert re.fullmatch(r"[\w-]*", anchor(id))


def test_an_archive_is_what_was_packed():
    files = {"pendling.html": b"<p>", "figurer/pendling/pendling-andel.png": b"\x89", "forskning/pendling.ipynb": b"{}"}
    assert beside.unpacked(beside.packed(files)) == files
    assert beside.packed(files) == beside.packed(dict(files))


@pytest.mark.parametrize(
    "name", ["../x.html", "/etc/x.html", "figurer/../x.png", "figurer/p/../../x.png", "x.py", "a/b.html", ".x.html"]
)
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(NotebookFailed, match="Et filnavn er ikke lov"):
        beside.packed({name: b""})
    with pytest.raises(NotebookFailed, match="Et filnavn er ikke lov"):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as held:
            held.writestr(name, b"")
        beside.unpacked(archive.getvalue())


# -- the workbook


def test_a_workbook_has_a_sheet_on_sources_and_one_a_figure_with_its_title():
    opened = book(chart(), listing())
    first, second = opened.sheetnames[1:]
    assert first.startswith("1 ") and f"1 {chart().title}".startswith(first.rstrip("…")) and second.startswith("2 ")
    told = list(opened["Kilder"].iter_rows(values_only=True))
    assert told[0][0] == "Lørenskog: Pendling"
    assert (first, chart().title, chart().source, chart().uncertainty) in [row[:4] for row in told]
    assert FACTS["sources"][0] in [row[1:5] for row in told]
    assert opened[first]["A1"].value == chart().title
    assert opened[first]["A2"].value == chart().source


def test_numbers_are_numbers_as_the_figure_writes_them_and_missing_ones_are_empty():
    rows = list(book(chart()).worksheets[1].iter_rows(min_row=3))
    assert [cell.value for cell in rows[0]] == list(shares().columns)
    assert [cell.value for cell in rows[1]] == ["Lørenskog", 2021, 69.34, 20720, True]
    assert [cell.number_format for cell in rows[1]] == ["General", "General", "#,##0.0", "#,##0", "General"]
    assert [cell.value for cell in rows[3]] == ["'=Oslo", 2021, None, None, False]


def test_years_are_numbers_even_where_the_figure_has_them_as_text():
    assert book(listing()).worksheets[1]["A4"].value == 2024
    for years, value in ((["2024"], 2024), (["2020–2024"], "2020–2024")):
        table = pd.DataFrame({"År": pd.array(years, dtype="str"), "Tall": [1]})
        assert book(chart(table=table, decimals={})).worksheets[1]["A4"].value == value


def test_no_text_in_a_workbook_is_a_formula():
    table = pd.DataFrame({name: pd.array(HOSTILE, dtype="str") for name in HOSTILE})
    told = dict.fromkeys(("title", "source", "uncertainty"), HOSTILE[0])
    body = beside.workbook(beside.sections(run(chart(table=table, decimals={}, **told))), HOSTILE[0], ABOUT | {"title": HOSTILE[0]})
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
    opened = openpyxl.load_workbook(io.BytesIO(body))
    cells = [cell for sheet in opened for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if cell.value.startswith(("=", "+", "-", "@"))]


def test_long_and_equal_names_still_give_sheets():
    ids = ["pendling.en_figur_med_et_navn_som_er_altfor_langt_for_excel"] * 2 + ["pendling.[a]:*?/\\"]
    names = book(*map(chart, ids)).sheetnames
    assert len({name.casefold() for name in names}) == 4
    assert all(len(name) <= 31 for name in names)


def test_a_synthetic_workbook_says_so_on_every_sheet():
    found = beside.sections(run(chart(synthetic=True)))
    opened = openpyxl.load_workbook(io.BytesIO(beside.workbook(found, "X", {"title": "Y", "facts": FACTS | {"synthetic": True}})))
    assert [SYNTHETIC in [row[0] for row in sheet.iter_rows(values_only=True)] for sheet in opened] == [True, True]


# -- links


def test_a_figure_on_the_page_leads_to_its_files_where_they_are_made():
    files = made(chart())
    block = beside.with_links([figure_html(chart())], files)[0]
    assert '<a href="figurer/pendling/pendling-andel.svg" download>SVG</a>' in block
    assert '<a href="figurer/pendling/pendling-andel.png" download>PNG</a>' in block
    assert beside.with_links([figure_html(chart())], {}) == [figure_html(chart())]


def test_a_page_with_links_to_its_files_breaks_no_rule():
    links = [("Tallene i figurene (Excel)", "figurer/pendling/pendling.xlsx"), ("Forskerutgaven", "forskning/pendling.html")]
    told = {"title": "Pendling", "municipality": "Lørenskog", "edition_facts": FACTS}
    page = render(notebook(), **told, files=made(chart()), beside=links)
    assert check_page(page) == []
    assert page.count(">PNG</a>") == 1
    parser = html5lib.HTMLParser()
    parser.parse(page)
    assert parser.errors == []


PAGE = b'<a href="pendling.html#a" aria-label="1">Se</a> <a href="../index.html">x</a> <a href="#b">y</a> <a href="om.html">z</a>'
TABLE = b'<a href="../../data/tables/commuting.csv" download>CSV</a>'


def test_a_link_to_a_page_that_is_not_there_is_hidden_and_comes_back_with_the_page():
    assert leads_to(PAGE) == ["om.html", "pendling.html"]
    bare = settled(PAGE, lambda name: name == "om.html")
    assert bare == PAGE.replace(b'href="pendling', b'hidden data-href="pendling')
    assert leads_to(bare) == leads_to(PAGE)
    assert settled(bare, lambda name: True) == PAGE
    assert settled(bare, lambda name: name == "om.html") == bare


def test_a_link_to_a_table_is_shown_where_the_table_is_exported():
    assert leads_to(TABLE) == ["../../data/tables/commuting.csv"]
    assert settled(TABLE, lambda name: False) == TABLE.replace(b"<a href", b"<a hidden data-href")


# -- the researchers' edition


def ran(**changes):
    """A notebook as papermill leaves it."""
    given = new_code_cell('# Parameters\nkommune = "3222"\ncompare = []\n', id="x1", metadata={"tags": ["injected-parameters"]})
    first = new_code_cell(
        'kommune = ""\ncompare = []', id="parametere", metadata={"tags": ["parameters"], "papermill": {"duration": 0.3}}
    )
    printed = new_output("stream", name="stdout", text="<b>42</b>")
    log = new_output("stream", name="stderr", text="HEMMELIG")
    shown = new_code_cell('print("<b>42</b>")', id="utskrift", execution_count=7, outputs=[printed, log])
    metadata = {"papermill": {"start_time": "2026-11-21"}, "nlib": {"title": "Prøve"}}
    return nbformat.v4.new_notebook(cells=[first, given, shown], metadata=metadata | changes)


def test_the_notebook_to_run_again_has_its_parameters_and_no_trace_of_the_run():
    book = nbformat.reads(code.to_run(code.with_parameters(ran())).decode(), as_version=4)
    nbformat.validate(book)
    assert [cell.source for cell in book.cells] == ['kommune = "3222"\ncompare = []\n', 'print("<b>42</b>")']
    assert [cell.id for cell in book.cells] == ["parametere", "utskrift"]
    assert not any(cell.outputs or cell.execution_count for cell in book.cells)
    assert "papermill" not in json.dumps(book)
    assert code.to_run(code.with_parameters(ran())) == code.to_run(code.with_parameters(ran()))


def test_code_and_what_it_prints_are_text_and_logs_are_left_behind():
    from nlib.press.render import blocks

    shown = "".join(blocks(code.with_parameters(ran()), code=code.code_html))
    assert "&lt;b&gt;42&lt;/b&gt;</pre>" in shown
    assert "<b>" not in shown
    assert "HEMMELIG" not in shown


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])))
def test_any_code_is_shown_as_it_is_written(source):
    shown = html5lib.parseFragment(code.code_html(source), namespaceHTMLElements=False)
    assert {element.tag for element in shown.iter()} <= {"DOCUMENT_FRAGMENT", "pre", "code", "span"}
    assert "".join(shown.itertext()).rstrip() == source.rstrip()


def test_every_colour_of_code_can_be_read():
    colours = {style["color"] for _, style in code.Colours if style["color"]}
    assert len(colours) >= 4
    assert min(contrast(f"#{colour}", code.GROUND) for colour in colours) >= 4.5
    assert f"--tint: {code.GROUND}" in (ROOT / "src/nlib/press/page.css").read_text(encoding="utf-8")


def test_names_of_tables_are_text():
    shown = code.tables_html([(HARMFUL, HARMFUL)], "../..")
    assert "<script" not in shown and "<img" not in shown


# -- a run


@pytest.fixture(scope="module")
def home(demo_home, tmp_path_factory):
    """A home with the synthetic edition by link, and the pages that two runs of its own left."""
    home = tmp_path_factory.mktemp("beside")
    (home / "data").symlink_to(demo_home / "data")
    (home / "notebooks").symlink_to(ROOT / "notebooks")
    return home


def make(home, *names, **options):
    return publish.make(store.edition("demo", home), ["3222"], names, 2, quiet, **options)


def files(home):
    folder = home / "reports" / "demo" / "3222-lorenskog"
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def dead(home):
    """Links among the reports that lead to nothing."""
    reports = home / "reports" / "demo"
    for page in reports.rglob("*.html"):
        for address in re.findall(r'<a href="([^"#:]+)(?:#[^"]*)?"', page.read_text(encoding="utf-8")):
            if not (page.parent / address).exists():
                yield f"{page.relative_to(reports)}: {address}"


@pytest.mark.slow
def test_a_run_leaves_no_dead_link_and_makes_what_lies_beside_a_page_with_it(home):
    make(home, "rapport")
    first = files(home)
    assert list(first) == ["rapport.html"]
    assert b'<a hidden data-href="' in first["rapport.html"]
    assert list(dead(home)) == []

    made = make(home, "utdanning", beside=["figurer", "forskning"])
    assert made.failed == []
    both = files(home)
    assert {"forskning/utdanning.html", "forskning/utdanning.ipynb", "figurer/utdanning/utdanning.xlsx"} <= set(both)
    assert {path.rpartition(".")[2] for path in both if path.startswith("figurer")} == {"svg", "png", "xlsx"}
    shown = re.findall(rb'<a (?:hidden data-)?href="utdanning.html', both["rapport.html"])
    assert set(shown) <= {b'<a href="utdanning.html'}
    assert list(dead(home)) == []
    pages = {name: body.decode() for name, body in both.items() if name.endswith(".html")}
    assert all(check_page(body, scripts=not name.startswith("forskning/")) == [] for name, body in pages.items())

    assert make(home, "utdanning", changed=True).unchanged == 1
    victim = next(name for name in both if name.endswith(".png"))
    (home / "reports/demo/3222-lorenskog" / victim).unlink()
    (home / "reports/demo/3222-lorenskog/figurer/utdanning/gammel.svg").write_text("<svg/>")
    (home / "reports/demo/3222-lorenskog/rapport.html").unlink()
    assert make(home, "utdanning", changed=True, engine="kernel").made == 1
    there = files(home)  # where the report is gone, the link to it is hidden
    assert {name: settled(body, lambda _: True) for name, body in there.items()} == {
        name: settled(body, lambda _: True) for name, body in both.items() if name != "rapport.html"
    }


@pytest.mark.slow
def test_the_notebook_beside_a_page_runs(home):
    from nlib.press.local import IN_PROCESS, execute

    make(home, "utdanning", beside=["forskning"])
    path = home / "reports/demo/3222-lorenskog/forskning/utdanning.ipynb"
    shown = execute(path, {}, home, IN_PROCESS)
    assert any("text/html" in output.get("data", {}) for cell in shown.cells for output in cell.get("outputs", []))
