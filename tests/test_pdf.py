"""PDF of a page, printed by a real Chromium: tagged, A4, numbered, with bookmarks, whole or not at all."""

import subprocess

import pytest
from pypdf import PdfReader

from nlib.core.errors import NlibError, WrongUse
from nlib.press import pdf
from nlib.press.render import render
from tests import pages


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
