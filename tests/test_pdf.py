"""PDF of a page, printed by a real Chromium: tagged, A4, numbered, with bookmarks, whole or not at all."""

import html
import re
import subprocess
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from nlib.core import settings, store
from nlib.core.errors import NlibError, UnknownMunicipality, WrongUse
from nlib.press import pdf, publish
from nlib.press.render import render
from tests import pages
from tests.editions import quiet, with_notebooks


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "3222-lørenskog" / "pendling.html"
    path.parent.mkdir()
    path.write_text(
        render(pages.notebook(), title="Pendling", municipality="Lørenskog", edition_facts=pages.FACTS), encoding="utf-8"
    )
    return path


def test_a_page_is_printed_tagged_on_a4_with_bookmarks_and_numbers(page, browser):
    printed = PdfReader(pdf.print_page(page))
    root = printed.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and str(root["/Lang"]).startswith("nb")
    assert {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in printed.pages} == {(595, 842)}
    assert [entry.title for entry in printed.outline if not isinstance(entry, list)][:1] == ["Pendling"]
    assert f"Side 1 av {len(printed.pages)}" in printed.pages[0].extract_text()
    assert [path.name for path in page.parent.iterdir() if path.suffix != ".html"] == ["pendling.pdf"]


def test_without_chromium_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(WrongUse, match="apt-get install chromium"):
        pdf.chromium()


def test_a_print_that_fails_or_hangs_is_named_and_leaves_the_pdf_of_before(page, monkeypatch, tmp_path):
    page.with_suffix(".pdf").write_bytes(b"%PDF-forrige")
    for body, told in (("exit 3", "kode 3"), ("sleep 30", "mer enn 1 sekunder")):
        program = tmp_path / "chromium"
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        monkeypatch.setattr(pdf, "chromium", lambda program=program: str(program))
        monkeypatch.setattr(pdf, "SECONDS", 1)
        with pytest.raises(NlibError, match=told):
            pdf.print_page(page)
    assert page.with_suffix(".pdf").read_bytes() == b"%PDF-forrige"


def test_chromium_is_asked_for_nothing_but_the_file(page, monkeypatch):
    asked = []
    monkeypatch.setattr(pdf, "chromium", lambda: "chromium")
    monkeypatch.setattr(
        subprocess, "run", lambda command, **given: asked.append(command) or subprocess.CompletedProcess(command, 1, "", "nei")
    )
    with pytest.raises(NlibError, match="nei"):
        pdf.print_page(page)
    assert asked[0][-1] == page.as_uri() and "--disable-background-networking" in asked[0]


@pytest.fixture
def country(demo_home, tmp_path, monkeypatch):
    """A home of the synthetic edition with no settings but its own."""
    monkeypatch.delenv("NLIB_CONFIG", raising=False)
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    settings.in_file.cache_clear()
    (tmp_path / "data").symlink_to(demo_home / "data")
    yield with_notebooks(tmp_path)
    settings.in_file.cache_clear()


def made(home, *numbers, say=quiet, **options):
    edition = store.edition("demo", home)
    assert publish.make(edition, numbers, ["rapport"], 2, say, **options).failed == []
    return edition.reports


@pytest.mark.slow
def test_a_report_is_printed_on_at_most_eight_sheets_and_its_note_on_two_and_both_name_the_comparison(country, browser):
    reports = made(country, "3222", "1151", pdf=True, compare=["Lillestrøm", "0301"])
    for place in ("3222-lorenskog", "1151-utsira"):
        report, note = (PdfReader(reports / place / f"{name}.pdf") for name in ("rapport", "notat"))
        assert len(report.pages) <= 8 and len(note.pages) == 2
        for paper, name in ((report, "Rapport"), (note, "Notat")):
            assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
            first = " ".join(paper.pages[0].extract_text().split())
            assert "Sammenlignet med Lillestrøm, Oslo og landet." in first
            assert f"{name}. Årene" in first and f"Side 1 av {len(paper.pages)}" in first
        asked = [entry.title for entry in note.outline[1] if not isinstance(entry, list)]
        assert [title.split(" ")[0] for title in asked][:4] == ["Hvordan", "Hvorfor", "Er", "Er"], "the second sheet is used"
        sheets = ["".join(normalize("NFKC", sheet.extract_text()).split()) for sheet in report.pages]  # without ligatures
        page = (reports / place / "rapport.html").read_text(encoding="utf-8")
        beside = re.findall(r'class="answer">\n<h2>(.*?)</h2>(?:(?!</section>).)*?<h3[^>]*>(.*?)</h3>', page, re.DOTALL)
        assert len(beside) > 8
        for texts in beside:
            question, title = ("".join(normalize("NFKC", html.unescape(text)).split()) for text in texts)
            assert any(question in sheet and title in sheet for sheet in sheets), f"{texts} stand on a sheet each"
    index = (reports / "index.html").read_text(encoding="utf-8")
    assert "3222-lorenskog/notat.pdf" in index and "3222-lorenskog/rapport.pdf" in index


@pytest.mark.slow
def test_a_page_that_becomes_another_takes_its_papers_with_it_and_says_so_and_one_that_is_the_same_keeps_them(country):
    folder = made(country, "3222") / "3222-lorenskog"
    for name in ("rapport.pdf", "notat.pdf"):
        (folder / name).touch()
    lines = []
    made(country, "3222", say=lines.append)
    assert sorted(path.name for path in folder.iterdir()) == ["notat.pdf", "rapport.html", "rapport.pdf"]
    assert not any("PDF" in line for line in lines)
    made(country, "3222", say=lines.append, compare=["3205"])
    assert [path.name for path in folder.iterdir()] == ["rapport.html"]
    assert any(line.startswith("2 PDF-er var av sider som nå er endret") and "--pdf" in line for line in lines)


@pytest.mark.slow
def test_a_standing_comparison_is_named_until_another_is_asked_for_and_makes_the_page_another(country):
    def compared():
        page = (country / "reports" / "demo" / "3222-lorenskog" / "rapport.html").read_text(encoding="utf-8")
        return page.partition('class="compared">')[2].partition("</p>")[0].partition("</strong> ")[2]

    (country / "nlib.toml").write_text('[compare]\n"Lørenskog" = ["Bærum", "3207"]\n', encoding="utf-8")
    made(country, "3222")
    assert compared() == "Bærum, Nordre Follo og landet."
    made(country, "3222", changed=True, compare=["4601"])
    assert compared() == "Bergen og landet."


def test_who_is_not_there_or_too_many_is_refused_before_anything_is_made(country):
    with pytest.raises(UnknownMunicipality, match="Lillestrøm"):
        made(country, "3222", compare=["Lillestrøn"])
    numbers = store.edition("demo", country).table("municipalities")["komm_nr"].head(13)
    with pytest.raises(WrongUse, match="høyst 12"):
        made(country, "3222", compare=list(numbers))
    assert not (country / "reports").exists()
