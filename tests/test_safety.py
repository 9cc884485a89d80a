"""What comes from outside stays data: no name leads out of the reports folder, no file unfolds without bound."""

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bombs import grid, workbook
from nlib.build import imports
from nlib.build.pipeline import datasets
from nlib.core import store
from nlib.core.errors import BadAnswer, NlibError
from nlib.data.codebooks import codebook
from nlib.data.readers import cells, kinds, sheets, statbank_json, survey_export
from nlib.data.readers import workbook as excel
from nlib.press.publish import slug

SPREADSHEET = "http://schemas.openxmlformats.org"
BOOK = f"<workbook xmlns='{SPREADSHEET}/spreadsheetml/2006/main'><sheets><sheet name='A' sheetId='1'/></sheets></workbook>"
DEEP = b"[" * 200_000 + b"]" * 200_000


def packed(files) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


@given(st.text(max_size=60))
def test_a_name_is_never_more_than_part_of_a_folders_name(name):
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc", "..", "a\\..\\b", "Lørenskog\0", "C:\\x", "<b>"])
def test_a_municipality_of_a_hostile_name_has_its_pages_in_the_reports_folder(tmp_path, name):
    reports = tmp_path / "reports" / "demo"
    assert (reports / f"3222-{slug(name)}" / "side.html").resolve().parents[1] == reports


@pytest.mark.parametrize("number", ["../x", "322", "3222/", "ABCD"])
def test_a_number_that_is_no_number_stops_the_build(number):
    table = datasets()["municipalities"]
    frame = table.empty().reindex([0]).assign(komm_nr=number)
    with pytest.raises(NlibError, match="komm_nr"):
        table.check(frame)


BOMBS = {
    "bok.xlsx": lambda: packed({"xl/workbook.xml": BOOK, "xl/worksheets/sheet1.xml": b" " * 130_000_000}),
    "enheter.xlsx": lambda: packed({"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>"}),
    "grenser.zip": lambda: packed({"grenser.geojson": b'{"type": "FeatureCollection"' + b" " * 30_000_000 + b"}"}),
    "dyp.geojson": lambda: b'{"type": "FeatureCollection", "features": ' + DEEP + b"}",
    "dyp_form.geojson": lambda: b'{"type": "FeatureCollection", "features": [{"geometry": {"coordinates": ' + DEEP + b"}}]}",
    "anker.yaml": lambda: b"kommune: '3222'\na: &a [x, x]\nb: &b [*a, *a]\n",
    "dyp.yaml": lambda: b"kommune: '3222'\nmaal: " + DEEP,
}


SAID = {
    "bok.xlsx": "pakkes ut til 130 MB; grensen er 120 MB",
    "grenser.zip": "grenser.geojson pakkes ut til 30 MB; grensen er 10 MB",
    "enheter.xlsx": "dokumenttype",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_unfold_is_refused_in_a_line_and_not_kept(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    assert path.stat().st_size < 2_000_000
    (told,) = imports.load(store.new_edition("2026", tmp_path), [path], None, lambda line: None)
    assert told.startswith(f"{name}: ") and SAID.get(name, "") in told
    assert not (tmp_path / "data").exists()


SPARSE = {"class": "dataset", "label": "07459: T", "id": ["A", "B"], "size": [3000, 3000], "value": {"0": 1}, "dimension": {}}
LIMITS = [  # where the limit is, a lower one, a file beyond it, and what is said
    (sheets, "MAX_BYTES", 9_000_000, lambda: b"a;b\n" * 2_300_000, "over 9 MB"),
    (sheets, "MAX_ROWS", 100, lambda: b"a;b\n" * 200, "har 200 linjer; grensen er 100"),
    (sheets, "MAX_CELLS", 100, lambda: b"a;b;c\n" * 100, "celler; grensen er 100"),
    (sheets, "MAX_COLUMNS", 100, lambda: b";".join([b"a"] * 200) + b"\n", "Rad 1 har 200 celler; grensen er 100"),
    (cells, "MAX_BYTES", 1_000_000, lambda: workbook(b"<row/>" * 400_000), "pakkes ut til 2 MB; grensen er 1 MB"),
    (cells, "MAX_ROWS", 100, lambda: workbook(b"<row/>" * 200), "Arket «A1» har mer enn 100 rader"),
    (excel, "MAX_PARTS", 20, lambda: workbook(*[b""] * 30), "deler; grensen er 20"),
    (excel, "MAX_MARKS", 1_200, lambda: workbook(b"<x/>" * 2_000), "mer enn 1200 merker i xl/worksheets/sheet1.xml"),
    (excel, "MAX_MARKS", 1_200, lambda: workbook(b"", styles=b"<xf/>" * 2_000), "mer enn 100 merker i xl/styles.xml"),
    (excel, "LONGEST", 10_000, lambda: workbook(b"<a b='" + b"c" * 200_000 + b"'/>"), "mer enn 10000 tegn i ett i xl/worksheets"),
    (excel, "MAX_DEPTH", 50, lambda: workbook(b"<a>" * 100 + b"</a>" * 100), "mer enn 50 nivåer i xl/worksheets/sheet1.xml"),
    (statbank_json, "MOST_VALUES", 100, lambda: b"[" + b"1," * 200 + b"1]", "mer enn 100 verdier"),
    (statbank_json, "MOST_VALUES", 400, lambda: json.dumps(SPARSE).encode(), "9000000 celler; grensen er 100"),
]


@pytest.mark.parametrize(("where", "limit", "lower", "body", "told"), LIMITS)
def test_a_file_beyond_a_limit_is_refused_with_the_limit_named(where, limit, lower, body, told, monkeypatch, tmp_path):
    monkeypatch.setattr(where, limit, lower)
    path = tmp_path / "fil"
    path.write_bytes(body())
    (said,) = imports.load(store.new_edition("2026", tmp_path), [path], None, lambda line: None)
    assert said.startswith("fil: ") and told in said


@pytest.mark.parametrize(
    ("filled", "spanned", "told"), [(4_000, 10**6, "mer enn 2500000 celler"), (10**6, 5_000, "«A1» spenner over mer enn 5000000")]
)
def test_a_sheet_with_more_cells_than_a_workbook_may_have_is_refused(filled, spanned, told):
    budget = excel.Budget(filled, spanned)
    with zipfile.ZipFile(io.BytesIO(workbook(grid(300, 20)))) as archive, pytest.raises(NlibError, match=told):
        excel.Scan(archive, "xl/worksheets/sheet1.xml", "A1", {}, budget)


def test_sixteen_thousand_headings_that_are_alike_are_numbered_at_once():
    table = survey_export.export(sheets.Sheet("", [["q"] * 16_000, ["a"] * 16_000]))
    assert table.columns[:2] + table.columns[-1:] == ["q", "q (2)", "q (16000)"]


def test_a_file_that_is_refused_is_read_once_whatever_number_of_kinds_there_are(monkeypatch):
    read = []

    def refused(body):
        read.append(body)
        raise BadAnswer("nei")

    monkeypatch.setattr(kinds, "unwrapped", refused)
    with pytest.raises(BadAnswer, match="nei"):
        kinds.recognise(kinds.File(b"a"))
    assert len(read) == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\n" * 4_000_000, "4000000 linjer"),
        (b"/*" * 1_000_000 + b"\n" * 1_000_000, "for lang"),
        (b"let x = `a;b`;" + b"return x " * 100 + b"!", "mer enn"),
        (b"f(" * 100 + b" " * 3_000_000, "for lang"),
    ],
)
def test_a_text_that_is_nearly_a_script_is_looked_at_once(body, told):
    with pytest.raises(BadAnswer, match=told):
        kinds.recognise(kinds.File(body))


def test_a_codebook_beyond_the_limit_is_refused_and_one_that_unfolds_is_told_of_in_few_words():
    head = "kommune: '3222'\når: '2024'\nspørsmål:\n"
    long = "".join(f"  q{at}:\n    kolonne: q{at}\n    type: fritekst\n" for at in range(10_000))
    with pytest.raises(BadAnswer, match="grensen er 300 kB"):
        codebook.read(f"{head}{long}".encode())
    laughs = "".join(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 30))
    book = f"a0: &a0 [x]\n{laughs}{head}  q: {{type: ett svar, kolonne: Q, svar: *a29}}\n"
    with pytest.raises(BadAnswer) as told:
        codebook.read(book.encode())
    assert len(str(told.value)) < 10_000
