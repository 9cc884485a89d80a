"""What comes from outside stays data: no name leads out of the reports folder, no file unfolds without bound."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlib.build import imports
from nlib.build.pipeline import datasets
from nlib.core import store
from nlib.core.errors import NlibError
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
    "bok.xlsx": lambda: packed({"xl/workbook.xml": BOOK, "xl/worksheets/sheet1.xml": b" " * 210_000_000}),
    "enheter.xlsx": lambda: packed({"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>"}),
    "grenser.zip": lambda: packed({"grenser.geojson": b'{"type": "FeatureCollection"' + b" " * 210_000_000 + b"}"}),
    "dyp.geojson": lambda: b'{"type": "FeatureCollection", "features": ' + DEEP + b"}",
    "dyp_form.geojson": lambda: b'{"type": "FeatureCollection", "features": [{"geometry": {"coordinates": ' + DEEP + b"}}]}",
    "anker.yaml": lambda: b"kommune: '3222'\na: &a [x, x]\nb: &b [*a, *a]\n",
    "dyp.yaml": lambda: b"kommune: '3222'\nmaal: " + DEEP,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_unfold_is_refused_in_a_line_and_not_kept(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    assert path.stat().st_size < 2_000_000
    (told,) = imports.load(store.new_edition("2026", tmp_path), [path], None, lambda line: None)
    assert told.startswith(f"{name}: ")
    assert not (tmp_path / "data").exists()
