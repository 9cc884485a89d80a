"""A page holds the prose and figures of a notebook and nothing else; one that breaks a rule is not made."""

import re
from types import SimpleNamespace

import html5lib
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from nlib.charts.chart import Front, Missing
from nlib.core.errors import NotebookFailed, PageRejected
from nlib.press.about import accepted_in
from nlib.press.render import LIMIT, blocks, check_page, figureless, policy, render, resource, script
from tests.pages import FACTS, HARMFUL, chart, notebook, shown


def page(*extra, charts=None, **facts):
    return render(notebook(*extra, charts=charts), title="Pendling", municipality="Lørenskog", edition_facts=FACTS | facts)


def output(**data):
    kinds = {kind.replace("_", "/", 1): value for kind, value in data.items()}
    return new_code_cell("x", id="ekstra", outputs=[new_output("display_data", kinds)])


def body(text):
    """The page's own words, without style, pictures and tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text[text.index("<body>") :]))


@pytest.fixture(scope="module")
def plain():
    return page()


def test_a_page_is_valid_html(plain):
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(plain)
    assert parser.errors == []


def test_a_page_breaks_no_rule(plain):
    assert check_page(plain) == []


def test_a_page_is_in_bokmaal_with_one_heading_on_top(plain):
    assert '<html lang="nb">' in plain
    assert re.findall(r"<h1>(.*?)</h1>", plain) == ["Pendling"]
    assert [int(level) for level in re.findall(r"<h(\d)", plain)] == [1, 2, 2, 2, 3, 3, 2, 3, 2]


def test_prose_and_figures_are_shown_and_code_and_logs_are_not(plain):
    assert "<em>hvor langt</em>" in plain
    assert plain.count("<figure") == 2
    for hidden in ("HEMMELIG", "kommune =", "Chart(...)"):
        assert hidden not in plain


def test_a_part_without_figures_has_its_reason_and_no_prose_of_what_is_not_there():
    missing = shown("borte", Missing("pendling.borte", "Borte", "Ingen tall."))
    page_of = body(page(new_markdown_cell("## Hva mer?\n\nStolpene sier mye.", id="om-borte"), missing))
    assert "Hva mer? Borte Ingen tall." in page_of and "Stolpene" not in page_of
    assert "Se etter hvor langt stripen rekker" in page_of


def test_a_page_of_what_is_missing_alone_has_no_figures():
    made = notebook()
    made.cells = [cell for cell in made.cells if cell.id not in ("andelen", "tiden", "forside")]
    made.cells.insert(1, shown("forside", Front("Pendling", "Ingen har pendlet.", (), ())))
    assert figureless(blocks(made))
    assert not figureless(blocks(notebook()))
    made.cells.append(new_code_cell("frame", id="rader", outputs=[new_output("execute_result", {"text/html": "<table></table>"})]))
    assert not figureless(blocks(made)), "a table is a figure to who reads it"
    made.cells = [cell for cell in made.cells if cell.cell_type == "markdown"]
    assert not figureless(blocks(made)), "prose alone is somebody's own page"


def test_the_foot_holds_sources_licence_date_version_and_commit(plain):
    text = body(plain)
    for fact in (
        "SSB, tabell 03321: Pendling",
        "oppdatert 1. juni 2022",
        "CC BY 4.0",
        "4. kvartal 2021",
        "nlib 0.1.0",
        "0123456789",
    ):
        assert fact in text
    assert 'href="https://www.ssb.no/statbank/table/03321"' in plain


def test_a_synthetic_page_says_so_on_screen_and_on_paper(plain):
    assert "Demodata" not in plain
    synthetic = page(synthetic=True)
    assert '<p class="banner">Demodata – ikke virkelige tall</p>' in synthetic
    assert "DEMODATA" in re.search(r"--foot: (.*?);", synthetic)[1]
    told = page(synthetic=True, real="Demodata. Virkelige er: Befolkning <b>")
    assert '<p class="banner">Demodata. Virkelige er: Befolkning &lt;b&gt;</p>' in told


def test_warnings_stand_at_the_top(plain):
    told = page(warnings=["Tallene stopper i 2021 <b>."])
    assert '<p class="warning">Tallene stopper i 2021 &lt;b&gt;.</p>' in told[: told.index("<main")]
    assert 'class="warning"' not in plain


def test_a_rule_that_is_broken_knowingly_is_one_plain_line_at_the_end():
    told = {"accepted": {"alle-kommuner:5061:2019": "alle-kommuner (commuting): komm_nr 5061, year 2019"}}
    line = accepted_in(SimpleNamespace(processed_manifest=lambda: told))
    page = render(notebook(), title="Pendling", municipality="Lørenskog", edition_facts=FACTS | {"accepted": line})
    foot = page[page.index("<footer>") :]
    assert "Godtatt brudd på en kontroll: alle-kommuner (commuting): komm_nr 5061, year 2019." in foot
    assert page.count("Godtatt brudd") == 1
    assert accepted_in(SimpleNamespace(processed_manifest=dict)) == ""


def test_marks_are_explained_where_they_occur(plain):
    assert "Tegn i tabellene: .. tallet finnes ikke." in body(plain)
    whole = chart(table=chart().table.dropna())
    assert "Tegn i tabellene" not in page(charts=(whole, chart("pendling.tid", table=whole.table)))


def test_the_same_notebook_gives_the_same_bytes(plain):
    assert page() == plain


def test_a_page_holds_its_script_without_remarks_and_room():
    written, held = resource("rapport.js"), script("rapport.js")
    assert "// " in written and "\n  " in written
    assert "// " not in held and "\n " not in held
    assert len(held) < 0.86 * len(written)


def test_the_policy_lets_nothing_in_but_the_page_itself(plain):
    told = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', plain)[1]
    assert told.startswith("default-src 'none'; img-src data:; font-src data:; style-src 'sha256-")
    assert "script-src" not in told
    assert "unsafe" not in told
    css = re.search(r"<style>(.*?)</style>", plain, re.S)[1]
    assert told == policy(css)


def test_html_and_scripts_in_names_and_prose_are_text():
    text = render(
        notebook(new_markdown_cell(f"## {HARMFUL}\n\n{HARMFUL}\n\n<div onclick=x>\nA\n</div>", id="vond")),
        title=HARMFUL,
        municipality=HARMFUL,
        edition_facts=FACTS | {"warnings": [HARMFUL], "edition": HARMFUL, "sources": [(HARMFUL, "", HARMFUL, HARMFUL)]},
    )
    assert "<script" not in text
    assert "<img src=x" not in text
    assert "<div onclick" not in text


def test_a_failed_cell_gives_no_page():
    failed = new_code_cell("1/0", id="deling", outputs=[new_output("error", ename="ZeroDivisionError", evalue="division by zero")])
    with pytest.raises(NotebookFailed, match="deling feilet: ZeroDivisionError: division by zero"):
        page(failed)


def test_a_bare_picture_gives_no_page():
    with pytest.raises(NotebookFailed, match="ekstra viser et bilde uten beskrivelse"):
        page(output(image_png="iVBORw0KGgo=", text_plain="<Figure>"))


def test_plain_text_is_left_behind():
    assert blocks(notebook(output(text_plain="42"))) == blocks(notebook())


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<h1>En til</h1>", "2 overskrifter på øverste nivå"),
        ("<h5>For dypt</h5>", "hopper over et nivå"),
        ('<img src="data:," alt="">', "mangler beskrivelse"),
        ('<img src="data:,">', "mangler beskrivelse"),
        ('<img src="data:," alt="Figur">', "mangler beskrivelse"),
        ('<img src="data:," alt="En stigende linje">', "ingen tall"),
        ('<svg role="img" aria-label=""></svg>', "mangler beskrivelse"),
        ('<svg role="img"></svg>', "mangler beskrivelse"),
        ('<svg role="img" aria-label="Graf"></svg>', "mangler beskrivelse"),
        ('<svg role="img" aria-label="En stigende linje"><text>3 av 4</text></svg>', "ingen tall"),
        ('<svg aria-label="3 av 4"></svg>', "verken et bilde med beskrivelse"),
        ('<svg role="img" aria-label="3 av 4"><path id="pendling-tid"/></svg>', "samme id står flere ganger: pendling-tid"),
        ('<svg role="img" aria-label="3 av 4"><style>p{color:red}</style></svg>', "2 stilark"),
        ('<svg role="img" aria-label="3 av 4"><path style="fill:red"/></svg>', "har stil i seg"),
        ('<svg role="img" aria-label="3 av 4"><path fill="url(https://example.org/#a)"/></svg>', "henter noe utenfra"),
        ('<svg role="img" aria-label="3 av 4"><image href="data:image/svg+xml,x"/></svg>', "<image href> peker utenfor siden"),
        ('<svg role="img" aria-label="3 av 4"><use href="data:image/png;x"/></svg>', "<use href> peker utenfor siden"),
        ('<img src="https://example.org/1.png" alt="3 av 4">', "<img src> peker utenfor siden"),
        ('<img src="bilde.png" alt="3 av 4">', "<img src> peker utenfor siden"),
        ('<picture><source srcset="data:,x https://example.org/"></picture>', "<source srcset> peker utenfor siden"),
        ('<svg role="img" aria-label="3 av 4"><image href="//example.org/1.png"/></svg>', "<image href> peker utenfor siden"),
        ("<script>1</script>", "1 skript"),
        ("<style>p{color:red}</style>", "2 stilark"),
        ('<p style="color:red">x</p>', "har stil i seg"),
        ('<p onclick="x()">x</p>', "hendelse som kjører kode"),
        ('<a href="javascript:alert(1)">x</a>', "adresse som ikke er lov"),
        ('<a href="data:text/html,x">x</a>', "adresse som ikke er lov"),
        ('<iframe src="data:,"></iframe>', "<iframe> hører ikke hjemme"),
        ('<link rel="stylesheet" href="https://example.org/x.css">', "<link> hører ikke hjemme"),
        ('<form action="https://example.org"></form>', "<form> hører ikke hjemme"),
        ('<meta http-equiv="refresh" content="0">', "http-equiv=refresh"),
        ('<p id="pendling-tid">x</p>', "samme id står flere ganger: pendling-tid"),
        ('<a href="#finnes-ikke">x</a>', "lenker til det som ikke finnes på siden: finnes-ikke"),
        ("<p>" + "x" * LIMIT + "</p>", "grensen er 1000000"),
    ],
)
def test_a_page_that_breaks_a_rule_is_not_made(html, fault):
    with pytest.raises(PageRejected, match=re.escape(fault)):
        page(output(text_html=html))


def test_every_broken_rule_is_named_at_once():
    with pytest.raises(PageRejected) as rejected:
        page(output(text_html="<h1>x</h1><script>1</script><img src='x.png'>"))
    assert str(rejected.value).count("  - ") == 4


def test_a_page_without_a_policy_is_faulted(plain):
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", plain)
    assert check_page(bare) == ["siden mangler regler for innhold (Content-Security-Policy)"]
