"""The topic notebooks are the analysis in sight: what they count is what reports say, pages leave out what is for researchers, and
tables and drawings of a cell's own reach a page, the same bytes in every engine."""

import ast
import html.parser
import json
import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import html5lib
import nbformat
import pandas as pd
import pytest
from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from papermill.inspection import inspect_notebook

from nlib.charts.files import asked
from nlib.charts.shown import KIND, ROWS, shown_html
from nlib.core import store
from nlib.press import fork, publish
from nlib.press.beside import KEPT
from nlib.press.local import EXPLORING, IN_PROCESS, KERNEL, RESEARCH, about_of, execute
from nlib.press.render import blocks, check_page
from nlib.press.shell import Shell
from tests.editions import ROOT, quiet, with_notebooks

TOPICS = sorted(path for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem != "rapport")
EMPTY = {"attraktivitet": ["1580"], "maal": ["1580", "1151"], "naeringspuls": ["1580", "1151"]}  # have nothing to count there
PLACES = ("3222", "1580", "1151")  # ordinary, split, tiny
topics = pytest.mark.parametrize("path", TOPICS, ids=lambda path: path.stem)


def cells(path, kind="code"):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def ran(path, home, place="3222", **options):
    with asked(False):
        return execute(path, {"kommune": place, "edition": "demo", "compare": []}, home, IN_PROCESS, **options)


def research_alone(path: Path, folder: Path) -> Path:
    """The notebook without the cells that a page shows, whose figures take their time and are tested elsewhere."""
    book = nbformat.read(path, as_version=4)
    book.cells = [cell for cell in book.cells if tags(cell) & {"parameters", "forsker"}]
    nbformat.write(book, folder / path.name)
    return folder / path.name


# -- the form


def test_there_are_thirteen_topics():
    assert len(TOPICS) == 13


@topics
def test_a_topic_begins_with_its_question_its_sources_and_who_is_counted(path):
    title = nbformat.read(path, as_version=4).cells[0]
    assert title.cell_type == "markdown" and tags(title) == {"forsker"}
    assert title.source.startswith("# ") and "?" in title.source and "**Kilder:**" in title.source
    assert re.search(r"\*\*Hv(em|a|em og hva) som telles:\*\*", title.source)


@topics
def test_a_topic_shows_a_row_the_measure_in_symbols_and_in_code_and_its_difference_from_the_reports(path):
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    shown = [
        "tittel",
        "parametere",
        "utsnitt",
        "forside",
        "om-raden",
        "raden",
        "om-maalet",
        "maalet",
        "om-kontrollen",
        "kontrollen",
    ]
    assert [id for id in ids if id in shown] == shown
    symbols = next(cell.source for cell in cells(path, "markdown") if cell.id == "om-maalet")
    assert "$$" in symbols and "\\" in symbols
    assert all(tags(cell) == {"forsker"} for cell in cells(path) if cell.id in ("raden", "maalet", "kontrollen"))


@topics
def test_parameters_are_typed_and_each_is_told_of(path):
    found = inspect_notebook(str(path))
    assert list(found)[:3] == ["kommune", "edition", "compare"]
    assert all(told["inferred_type_name"] not in (None, "None") and told["help"] for told in found.values()), found


def test_the_libraries_that_notebooks_show_at_work_are_used_in_them():
    code = "\n".join(cell.source for path in TOPICS for cell in cells(path))
    imported = {
        name.name.partition(".")[0] for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import) for name in node.names
    }
    assert {"pandas", "seaborn", "statsmodels", "geopandas", "nlib"} <= imported
    assert '.fit(cov_type="HC1")' in code and "sjoin(" in code


@topics
def test_what_takes_long_to_load_is_loaded_in_cells_that_a_page_does_not_run(path):
    for cell in cells(path):
        if EXPLORING not in tags(cell):
            assert not re.search(r"\b(seaborn|statsmodels|geopandas)\b|view\.boundaries", cell.source), cell.id


# -- the measure


@topics
def test_the_measure_that_a_notebook_shows_is_the_one_that_reports_use(path, demo_home, tmp_path):
    own = research_alone(path, tmp_path)
    for place in PLACES:
        ran(own, demo_home, place)
        difference = float(Shell.instance().user_ns["kontroll"])
        if place in EMPTY.get(path.stem, ()):
            assert pd.isna(difference)
        else:
            assert difference < 1e-6, place


@pytest.mark.parametrize("path", [path for path in TOPICS if path.stem != "naeringspuls"], ids=lambda path: path.stem)
def test_a_figure_is_drawn_of_what_is_computed_above_it_and_is_then_the_reports_own(path, demo_home, monkeypatch):
    """But for the survey's, whose answers nobody may see."""
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    for place in PLACES:
        first, *rest = [cell for cell in cells(path) if EXPLORING not in tags(cell)]
        names: dict = {}
        exec(first.source, names)
        names |= {"kommune": place, "edition": "demo"}
        drawn = []
        for cell in rest:
            asked_for = ast.parse(cell.source).body[-1].value if cell.source.startswith("view.figure(") else None
            if asked_for is None:
                exec(cell.source, names) if tags(cell) else None
            elif any(
                isinstance(names.get(name.id), pd.DataFrame | pd.Series)
                for name in ast.walk(asked_for)
                if isinstance(name, ast.Name)
            ):
                drawn.append(eval(cell.source, names))
        assert drawn, "no figure is drawn of what is computed"
        assert not [chart.id for chart in drawn if "egen utgave" in getattr(chart, "source", "")]


# -- run by papermill and nbconvert alone


class Words(html.parser.HTMLParser):
    """The words and headings of a page."""

    def __init__(self):
        super().__init__()
        self.tables, self.headings, self.words = 0, [], []
        self._in = ""

    def handle_starttag(self, tag, attributes):
        self.tables += tag == "table"
        self._in = tag

    def handle_data(self, text):
        if self._in in ("style", "script"):
            return
        self.words.append(text)
        if re.fullmatch("h[1-6]", self._in) and text.strip():
            self.headings.append(text.strip())


QUICK = ("pendling",)


@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=[] if path.stem in QUICK else pytest.mark.slow, id=path.stem) for path in TOPICS]
)
def test_papermill_and_nbconvert_alone_give_a_page_that_reads_well(path, demo_home, tmp_path):
    out = tmp_path / "ut.ipynb"
    environment = os.environ | {"NLIB_HOME": str(demo_home)}
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(path), str(out), "-p", "kommune", "3222"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert told.returncode == 0, told.stderr[-2000:]
    book = nbformat.read(out, as_version=4)
    first = next(output for cell in book.cells for output in cell.get("outputs", []))
    assert "<table>" in first.data["text/html"] and "Lørenskog" in first.data["text/html"]
    front = next(cell for cell in book.cells if cell.id == "forside").outputs[0].data["text/html"]
    assert front.startswith("<h3>") and "<span" not in front
    page = Words()
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(book)
    page.feed(body)
    title = next(cell for cell in book.cells if cell.id == "tittel").source.splitlines()[0].removeprefix("# ")
    assert title in page.headings and "Målet, regnet ut" in page.headings and "Metode" in page.headings
    assert page.tables >= 4
    assert "Største forskjell: 0.000000" in "".join(page.words)
    shown = [output.get("data", {}).get("text/html", "") for cell in book.cells for output in cell.get("outputs", [])]
    assert not [html for html in shown if re.search(r"<tbody>\s*</tbody>", html)], "a table without rows"
    drawn = [cell for cell in book.cells if re.search(r"\bsns\.|\.plot\(", cell.source)]
    assert all(any("image/png" in output.get("data", {}) for output in cell.outputs) for cell in drawn)


# -- the page of the leadership


@topics
def test_what_is_for_researchers_is_not_on_the_page(path, reports):
    once = about_of(path).get("once")  # a page an edition
    page = reports / f"{once}.html" if once else reports / "3222-lorenskog" / f"{path.stem}.html"
    shown = page.read_text(encoding="utf-8")
    own = [cell for cell in nbformat.read(path, as_version=4).cells if not tags(cell) & RESEARCH]
    bare = [cell.source.splitlines()[0].lstrip("# ") for cell in own if cell.cell_type == "markdown"]
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", shown)
    assert set(bare) <= set(headings) and not {"Hva en rad er", "Målet, regnet ut", "Referanser"} & set(headings)
    assert "Stedet og utgaven" not in shown and "Største forskjell" not in shown and 'class="scroll"' in shown


def test_nbconvert_leaves_out_the_same_cells_when_it_is_given_the_tags(demo_home):
    book = ran(ROOT / "notebooks" / "maal.ipynb", demo_home, exploring=False)
    removing = TagRemovePreprocessor(enabled=True, remove_cell_tags=set(RESEARCH))
    left, _ = removing.preprocess(nbformat.from_dict(book), {})
    assert 0 < len(left.cells) < len(book.cells)
    assert blocks(left) == blocks(book)


def test_a_page_loads_nothing_that_estimates_or_draws_for_researchers(demo_home, tmp_path):
    for path in TOPICS:
        research_alone(path, tmp_path)
    code = f"""
import sys
from pathlib import Path
from nlib.press import local
from nlib.core import store
from nlib.charts.files import asked
edition = store.edition("demo", Path({str(demo_home)!r}))
for path in sorted(Path({str(tmp_path)!r}).glob("*.ipynb")):
    given = {{"kommune": "3222", "edition": "demo", "compare": []}}
    with asked(False):
        local.execute(path, given, edition.root, local.IN_PROCESS, exploring=False)
slow = {{"seaborn", "statsmodels", "geopandas", "nlib.build.pipeline", "nlib.desk.research", "matplotlib.pyplot"}}
assert not slow & set(sys.modules), slow & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=300)


# -- tables and drawings of a cell's own

OWN = [
    "import pandas as pd\nimport seaborn as sns",
    'own = pd.DataFrame({"year": [2020, 2021], "andel": [12.34, None], "antall": [1000, 22000]})\nown',
    'own.style.hide().format({"andel": "{:.1f} %"}, na_rep="..").set_caption("Med stil")',
    'own.set_index("year")["andel"]',
    'sns.relplot(own, x="year", y="antall", height=3);',
    'from IPython.display import Markdown\nMarkdown("*skrått*")',
]


def own_notebook(folder: Path, sources, **of_cell) -> Path:
    parameters = nbformat.v4.new_code_cell('kommune: str = "3222"\nedition: str = ""\ncompare: list = []', id="parametere")
    parameters.metadata.tags = ["parameters"]
    codes = [nbformat.v4.new_code_cell(source, id=f"celle-{number}", **of_cell) for number, source in enumerate(sources)]
    heading = nbformat.v4.new_markdown_cell("## Egne tall", id="overskrift")
    book = nbformat.v4.new_notebook(cells=[parameters, heading, *codes])
    book.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "nlib": {"title": "Eget", "tables": ["municipalities"]},
    }
    nbformat.write(book, folder / "eget.ipynb")
    return folder / "eget.ipynb"


@pytest.fixture(scope="module")
def made(demo_home, tmp_path_factory):
    """The page of a notebook of one's own, by each engine, and the notebook as it was run."""
    pages = {}
    for engine in ("nlib", "kernel"):
        home = with_notebooks(tmp_path_factory.mktemp(engine))
        (home / "data").symlink_to(demo_home / "data")
        own_notebook(home / "notebooks", OWN)
        told = publish.make(store.edition("demo", home), ["3222"], ["eget"], 1, quiet, engine=engine, beside=[KEPT])
        assert told.failed == []
        folder = home / "reports" / "demo" / "3222-lorenskog"
        pages[engine] = (folder / "eget.html").read_text(encoding="utf-8"), nbformat.read(folder / "eget.ipynb", as_version=4)
    return pages


@pytest.mark.skipif(not fork.AVAILABLE, reason="fork finnes bare på Linux")
def test_a_page_with_tables_and_a_seaborn_figure_is_the_same_bytes_in_every_engine(made):
    assert made["nlib"][0] == made["kernel"][0]


def test_a_dataframe_on_a_page_is_an_accessible_table_in_norwegian_numbers_under_its_heading(made):
    page = made["kernel"][0]
    tables = html5lib.parse(page, namespaceHTMLElements=False).findall(".//main//table")
    plain, styled, series = [
        [["".join(cell.itertext()) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")] for table in tables
    ]
    assert [table.findtext("caption") for table in tables] == ["Egne tall", "Med stil", "Egne tall"]
    assert plain == [
        ["year", "andel", "antall"],
        ["2020", "12,34", "1\N{NO-BREAK SPACE}000"],
        ["2021", "..", "22\N{NO-BREAK SPACE}000"],
    ]
    assert [row[1] for row in styled[1:]] == ["12.3 %", ".."]
    assert series[1] == ["2020", "12,34"]
    assert all(head.get("scope") == "col" for table in tables for head in table.findall("thead//th"))
    assert check_page(page, scripts=1) == []  # the one that carries the choice of whom to compare with
    assert "<em>skrått</em>" in page


def test_a_seaborn_figure_on_a_page_is_a_drawing_with_text_as_text_and_says_what_it_shows(made):
    page = made["kernel"][0]
    (drawing,) = re.findall(r'<figure id="celle-celle-4-1" class="chart shown"><svg.*?</svg></figure>', page, re.DOTALL)
    assert 'role="img"' in drawing and "vannrett year fra" in drawing and "loddrett antall fra" in drawing
    assert ">antall</text>" in drawing and "<style" not in drawing and "dc:date" not in drawing


def test_the_notebook_that_is_kept_has_the_parameters_outputs_and_no_clock(made):
    page, book = made["nlib"]
    assert book.metadata.papermill.parameters == {"kommune": "3222", "edition": "demo", "compare": []}
    assert set(book.metadata.run) == {"edition", "nlib_version", "commit"}
    assert "time" not in json.dumps(book.metadata) and KIND not in json.dumps(book)
    shown = [set(output.get("data", {})) for cell in book.cells for output in cell.get("outputs", [])]
    assert [kind for kinds in shown for kind in kinds if kind.startswith("image/svg")] and len(shown) == len(OWN) - 1
    assert 'href="eget.ipynb"' in page


@pytest.mark.parametrize("engine", [IN_PROCESS, KERNEL])
def test_what_a_page_cannot_show_it_says(tmp_path, engine):
    path = own_notebook(
        tmp_path, ["from IPython.display import Javascript\nJavascript('1')", "from ipywidgets import IntSlider\nIntSlider()"]
    )
    with asked(False):
        shown = blocks(execute(path, {"kommune": "3222"}, tmp_path, engine))
    assert shown[1:] == [
        f'<p class="note">Her viser notatboken noe som bare kan ses i Jupyter ({kind}).</p>'
        for kind in ("application/javascript", "application/vnd.jupyter.widget-view+json")
    ]


@pytest.mark.parametrize("engine", [IN_PROCESS, KERNEL])
def test_exploring_cells_run_where_the_notebook_is_kept_and_not_for_a_page(tmp_path, engine):
    path = own_notebook(tmp_path, ["print('kjørt')"], metadata={"tags": [EXPLORING]})
    run = partial(execute, path, {"kommune": "3222"}, tmp_path, engine)
    printed = [[o.get("text") for c in book.cells for o in c.get("outputs", [])] for book in (run(), run(exploring=False))]
    assert printed == [["kjørt\n"], []]
    assert blocks(run()) == blocks(run(exploring=False))


def test_where_no_page_is_made_a_table_is_as_pandas_shows_it(tmp_path):
    path = own_notebook(tmp_path, ["import pandas as pd\npd.DataFrame({'a': [1.5]}, index=[3])"])
    given = partial(execute, path, {"kommune": "3222"}, tmp_path, IN_PROCESS)
    assert 'class="dataframe"' in given().cells[-1].outputs[0].data["text/html"]
    with asked(False):
        assert ">1,5<" in (told := given().cells[-1].outputs[0].data["text/html"]) and ">3<" not in told


def test_a_long_table_says_how_many_rows_it_has():
    told = {"kind": "table", "columns": [["Tall", True, ["1"]]], "caption": "", "rows": 2 * ROWS}
    assert f"<caption>Rader. De første {ROWS} av 100 rader</caption>" in shown_html(told, "x", "Rader")


# -- whole numbers


@pytest.mark.parametrize(("told", "number"), [(301, "0301"), ("0301", "0301"), (3222, "3222"), ("Lørenskog", "3222")])
def test_papermill_makes_numbers_of_numbers_and_their_zeros_are_put_back(told, number, demo_home, tmp_path):
    path = own_notebook(tmp_path, ["import nlib\nview = nlib.view(kommune, edition, compare)\nprint(view.komm_nr, *view.compare)"])
    book = execute(path, {"kommune": told, "edition": "demo", "compare": [1103, "1580"]}, demo_home, IN_PROCESS)
    assert book.cells[-1].outputs[0].text.split() == [number, "1103", "1580"]


def test_all_357_outlines_are_a_geodataframe_in_metres_of_utm_33(demo_home, monkeypatch):
    import nlib

    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    outlines = nlib.view("Lørenskog", "demo").boundaries()
    assert outlines.crs.to_epsg() == 25833
    assert set(outlines["komm_nr"]) == set(nlib.table("municipalities", "demo")["komm_nr"]) and len(outlines) == 357
    assert 300e9 < outlines[~outlines["shared"]].area.sum() < 340e9  # square metres: the land of Norway
