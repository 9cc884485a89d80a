"""StatBank tables saved by hand: what is read is what stands there, and what does not add up is refused."""

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import BadAnswer
from nlib.data.readers import cells, sheets, statbank_export

SAMPLES = Path(__file__).parent / "samples_by_hand"
TITLE = "99001: Oppdiktet tabell, etter region, sektor, statistikkvariabel og år"
NAME = st.text("ABCÆØÅabcæøå -", min_size=1, max_size=8).map(lambda name: "X" + " ".join(name.split()))
FIGURE = st.one_of(
    st.integers(-(10**9), 10**9), st.decimals(-1000, 1000, places=2).map(float), st.sampled_from([".", "..", ":", "-"])
)


def exports(body: bytes):
    return statbank_export.read(sheets.read(body))


def only(body: bytes) -> statbank_export.Export:
    (export,) = exports(body)
    return export


def sample(name: str) -> statbank_export.Export:
    return only((SAMPLES / name).read_bytes())


def value(frame: pd.DataFrame, **where) -> float:
    """The one value at these labels or codes."""
    (found,) = frame.loc[(frame[list(where)] == pd.Series(where)).all(axis=1), "value"]
    return found


def excel(*named_rows) -> bytes:
    """A workbook of (sheet name, rows)."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in named_rows:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    body = io.BytesIO()
    workbook.save(body)
    return body.getvalue()


def pivoted(**changes) -> list[list]:
    """A table of 2 regions x 2 sectors x 1 content x 2 years as StatBank lays it out, 1 to 8; `changes` replaces rows by name."""
    rows = {
        "title": [TITLE],
        "blank": [],
        "contents": [None, None, "Jobber", None],
        "years": [None, None, "2020", "2021"],
        "oslo_private": ["0301 Oslo", "Privat", 1, 2],
        "oslo_public": [None, "Offentlig", 3, 4],
        "haram_private": ["1580 Haram", "Privat", 5, 6],
        "haram_public": [None, "Offentlig", 7, 8],
        "gap": [],
        "footnote": ["Fotnote: tallene er oppdiktet."],
    }
    return [row for row in (rows | changes).values() if row is not None]


def workbook(**changes) -> bytes:
    return excel(("Ark", pivoted(**changes)))


def csv_text(rows: list[list], quoted: bool) -> str:
    """The rows as `;`-separated text with decimal comma, padded as Excel does it."""
    width = max(map(len, rows))

    def written(cell) -> str:
        if isinstance(cell, str):
            return f'"{cell}"' if quoted else cell
        return "" if cell is None else str(cell).replace(".", ",")

    return "".join(";".join(written(cell) for cell in [*row, *[None] * (width - len(row))]) + "\n" for row in rows)


def test_years_in_column_names_become_a_column():
    export = sample("statbank_heading.csv")
    assert export.table == "99001"
    assert list(export.frame) == ["region_code", "region", "statistikkvariabel", "år", "value", "status"]
    assert len(export.frame) == 12
    assert value(export.frame, region="Oslo", statistikkvariabel="Arbeidsplasser", år="2021") == 202


def test_a_code_is_kept_apart_as_it_is_written():
    frame = sample("statbank_heading.csv").frame
    assert frame["region_code"].unique().tolist() == ["0301", "K-3222", "9999"]
    assert frame["region"].unique().tolist() == ["Oslo", "Lørenskog", "Tømme (-2019)"]


def test_marks_are_kept_apart_from_each_other_and_only_a_dash_is_zero():
    frame = sample("statbank_heading.csv").frame
    assert frame["status"].value_counts().to_dict() == {".": 2, ":": 1, "..": 1, "-": 1}
    assert frame.loc[frame["status"] == "-", "value"].tolist() == [0]
    assert frame.loc[frame["status"].isin([".", "..", ":"]), "value"].isna().all()


def test_two_heading_rows_and_footnotes_of_a_csv_saved_by_excel_are_read():
    frame = sample("statbank_saved_by_excel.csv").frame
    assert len(frame) == 6
    assert value(frame, region_code="0301", år="2019") == 6.5
    assert frame["statistikkvariabel"].unique().tolist() == ["Barn i kulturskole (prosent)"]


def test_blank_repeated_cells_are_filled():
    frame = only(workbook()).frame
    assert value(frame, region="Haram", sektor="Offentlig", år="2020") == 7
    assert frame["region"].value_counts().to_dict() == {"Oslo": 4, "Haram": 4}


def test_ages_are_no_codes():
    rows = [["99001: Folk, etter alder og år"], ["alder", "2020"], ["0 år", 1], ["15-74 år", 2], ["105 år eller eldre", 3]]
    frame = only(excel(("Ark", rows))).frame
    assert frame["alder"].tolist() == ["0 år", "15-74 år", "105 år eller eldre"]
    assert "alder_code" not in frame


def test_a_list_whose_last_heading_is_the_title_is_read():
    rows = [["region", "år", "99001: Folkemengde, etter region og år"], ["0301 Oslo", "2020", 1], ["0301 Oslo", "2021", 2]]
    export = only(csv_text(rows, quoted=True).encode())
    assert (export.table, value(export.frame, region_code="0301", år="2021")) == ("99001", 2)


def test_headings_that_excel_made_up_and_an_address_beside_the_table_are_passed_over():
    made_up = ["Kolonne1", "Kolonne2", "Kolonne3", "Kolonne4", None, "https://www.ssb.no/statbank/sq/1"]
    assert len(only(workbook(blank=made_up)).frame) == 8


def test_other_sheets_and_figures_under_the_table_are_told_of():
    body = excel(("Ark", pivoted(footnote=["Sum", None, 16, 20])), ("Pivot", [["Fylke", "(Alle)"], ["Sum", 3]]))
    told = only(body).notes
    assert "1 rad med tall under tabellen er ikke lest" in told
    assert "arket «Pivot» er ikke fra Statistikkbanken og er ikke lest" in told


def test_missing_combinations_and_blank_cells_are_told_of():
    told = only(workbook(haram_public=None, oslo_public=[None, "Offentlig", None, 4])).notes
    assert "2 av 8 kombinasjoner av region, sektor, statistikkvariabel, år er ikke i filen" in told
    assert "1 tomme celler er tatt inn som manglende" in told


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"title": ["99001: Oppdiktet tabell, etter region, statistikkvariabel og år"]}, "Tittelen nevner 3 dimensjoner"),
        ({"years": None}, "Tittelen nevner 4 dimensjoner"),
        ({"oslo_private": [None, "Privat", 1, 2]}, "Tittelen nevner 4"),
        ({"haram_private": [None, "Privat", 5, 6]}, "står to ganger"),
        ({"haram_private": ["1580 Haram", None, 5, 6]}, "Rad 7 mangler sektor"),
        ({"oslo_public": [None, None, 3, 4]}, "Rad 6 mangler sektor"),
        ({"oslo_public": [None, "Offentlig", 3, 4, 9]}, "til høyre for tabellens siste kolonne"),
        ({"oslo_public": [None, "Offentlig", "tre", 4]}, "«tre» er ikke et tall"),
        ({"oslo_public": [None, "Offentlig", "1,5", "1.5"]}, "Både komma og punktum"),
        ({"oslo_public": [None, "Offentlig", "1e99", 4]}, "for stort"),
        ({"oslo_public": [None, "Offentlig", "=1+2", 4]}, "formel uten utregnet verdi"),
        ({"oslo_public": [None, "Offentlig", True, 4]}, "«SANN» er ikke et tall"),
        ({"contents": [None, None, None, "Jobber"]}, "Tittelen nevner 4"),
    ],
)
def test_a_table_that_does_not_add_up_is_refused(changes, why):
    with pytest.raises(BadAnswer, match=why):
        exports(workbook(**changes))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "ingen celler"),
        (b" \n;;\n", "ingen celler"),
        (b"<!DOCTYPE html><html><body>", "HTML"),
        (b"\xef\xbb\xbf<html>", "HTML"),
        (b"PK\x03\x04 not a zip", "skadet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "gammel"),
        (b"\x00\x01;\x02\n", "verken tekst eller Excel"),
        (b"one word", "ikke kolonner"),
        (b"a;b\n1;2\n", "Fant ingen rad som"),
        (b'"99001: T, etter region";x\n"unclosed;1\n', "anførselstegnet som åpner en celle i rad 2, lukkes ikke"),
        ("99001: BefÃ¸lkning, etter region;x\n".encode(), "ødelagt"),
    ],
)
def test_what_is_no_table_is_refused_in_words(body, why):
    with pytest.raises(BadAnswer, match=why):
        exports(body)


def zipped(**parts: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return body.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose first sheet is this XML."""
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(body, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else source.read(name))
    return body.getvalue()


def sheet_xml(cells: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'.encode()


def test_a_zip_that_unpacks_beyond_the_limit_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(cells, "MAX_BYTES", 100_000)
    with pytest.raises(BadAnswer, match="pakkes ut til"):
        sheets.read(zipped(xl__workbook_xml=b" " * 1_000_000))


def test_a_zip_that_is_no_workbook_is_refused():
    with pytest.raises(BadAnswer, match="ikke en Excel-fil"):
        sheets.read(zipped(readme_xml=b"<a/>"))


def test_a_table_of_more_different_texts_than_there_is_room_for_is_refused(monkeypatch):
    monkeypatch.setattr(cells, "MAX_TEXTS", 10_000)
    assert len(sheets.read(b"a;b\n" * 10_000)[0].rows) == 10_000
    with pytest.raises(BadAnswer, match="for mange ulike tekster"):
        sheets.read("\n".join(f"a;b{at}" for at in range(1_000)).encode())


def test_a_label_is_held_once_though_it_comes_after_very_many_different_figures(monkeypatch):
    monkeypatch.setattr(cells, "MAX_KNOWN", 50)
    (sheet,) = sheets.read("\n".join(f"sted {at // 20};{at}" for at in range(2_000)).encode())
    assert len({id(row[0]) for row in sheet.rows}) <= 2_000 // 20 + 2_000 // 40
    assert [row[1] for row in sheet.rows] == [str(at) for at in range(2_000)]


def test_a_cell_far_out_asks_for_no_memory():
    with pytest.raises(BadAnswer, match="mer enn 5000000 celler"):
        sheets.read(with_sheet(sheet_xml('<c r="XFD1048576"><v>1</v></c>')))


@pytest.mark.parametrize("place", ["C999999999995", "", "1", "A0", "ABCD1"])
def test_a_cell_that_is_nowhere_is_refused(place):
    with pytest.raises(BadAnswer, match="ikke er et sted"):
        sheets.read(with_sheet(sheet_xml(f'<c r="{place}"><v>1</v></c>')))


def test_a_cell_far_out_without_content_takes_no_room():
    rows = sheets.read(with_sheet(sheet_xml('<c r="A1"><v>1</v></c><c r="XFD1048576" s="0"/>')))[0].rows
    assert rows == [[1.0]]


def test_a_document_type_is_refused():
    with pytest.raises(BadAnswer, match="dokumenttype"):
        sheets.read(with_sheet(b'<!DOCTYPE a [<!ENTITY b "c">]>' + sheet_xml("")))


def test_an_error_in_a_cell_is_refused_not_missing():
    rows = with_sheet(sheet_xml('<c r="A1" t="e"><v>#N/A</v></c><c r="B1"><v>1</v></c>'))
    with pytest.raises(BadAnswer, match="A1 i «Ark» har feilverdien #N/A"):
        sheets.read(rows)[0].trusted()


def test_a_formula_that_keeps_a_zero_is_text_and_told_of():
    (sheet,) = sheets.read(b'a;b\n="0301";1\n')
    assert sheet.rows == [["a", "b"], ["0301", "1"]]
    assert sheet.notes == ["1 celle(r) skrevet som formel for å beholde nuller foran er lest som tekst"]


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(BadAnswer, match="rad 3 har 2 celler, mens de fleste har 3"):
        sheets.read(b"a;b;c\n1;2;3\n1;2\n1;2;3\n")[0].trusted()


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_all_common_encodings_give_the_same(encoding, newline):
    content = csv_text(pivoted(), quoted=True).replace("\n", newline).replace("Jobber", "Jøbber")
    assert only(content.encode(encoding)).frame["statistikkvariabel"].unique().tolist() == ["Jøbber"]


@st.composite
def tables(draw):
    """Rows in StatBank's layout, and the values by (region, sector, contents, year) that they hold."""
    regions, sectors, contents = (draw(st.lists(NAME, min_size=1, max_size=3, unique=True)) for _ in range(3))
    years = [str(2000 + at) for at in range(draw(st.integers(1, 3)))]
    width = len(contents) * len(years)
    rows, held = [[TITLE], [], [None, None], [None, None, *years * len(contents)]], {}
    for content in contents:
        rows[2] += [content, *[None] * (len(years) - 1)]
    for number, region in enumerate(regions):
        for place, sector in enumerate(sectors):
            cells = draw(st.lists(FIGURE, min_size=width, max_size=width))
            rows.append([None if place else f"{1000 + number} {region}", sector, *cells])
            keys = [(region, sector, content, year) for content in contents for year in years]
            held |= dict(zip(keys, cells, strict=True))
    return rows, held


def assert_holds(frame: pd.DataFrame, held: dict):
    assert len(frame) == len(held)
    for row in frame.itertuples():
        cell = held[row.region, row.sektor, row.statistikkvariabel, row.år]
        if isinstance(cell, str):
            assert row.status == cell
            assert row.value == 0 if cell == "-" else pd.isna(row.value)
        else:
            assert (row.value, pd.isna(row.status)) == (cell, True)


@given(tables(), st.booleans(), st.sampled_from(["latin-1", "utf-8-sig"]))
def test_what_is_written_as_csv_is_read_back(table, quoted, encoding):
    rows, held = table
    assert_holds(only(csv_text(rows, quoted).encode(encoding)).frame, held)


@settings(max_examples=25, deadline=None)
@given(tables())
def test_what_is_written_as_excel_is_read_back(table):
    rows, held = table
    assert_holds(only(excel(("Ark", rows))).frame, held)


def read_or_refused(body: bytes):
    """Any bytes: named errors and nothing else, or tables whose columns are the title's dimensions."""
    try:
        found = exports(body)
    except BadAnswer:
        return
    for export in found:
        dims = [name for name in export.frame if not name.endswith("_code") and name not in ("value", "status")]
        assert all(dim in export.title for dim in dims)
        assert len(export.frame) > 0
        assert not export.frame[dims].isna().any(axis=None)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_named_error(body):
    read_or_refused(body)


CUTS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=4)


def damaged(body: bytes, cuts) -> bytes:
    """The bytes with some of them replaced."""
    for at, length, instead in cuts:
        at %= len(body) + 1
        body = body[:at] + instead + body[at + length :]
    return body


@given(CUTS)
def test_a_damaged_csv_is_a_table_or_a_named_error(cuts):
    read_or_refused(damaged((SAMPLES / "statbank_saved_by_excel.csv").read_bytes(), cuts))


@settings(max_examples=60, deadline=None)
@given(CUTS)
def test_a_damaged_workbook_is_a_table_or_a_named_error(cuts):
    read_or_refused(damaged(workbook(), cuts))


@settings(max_examples=60, deadline=None)
@given(CUTS)
def test_damaged_xml_in_a_whole_workbook_is_a_table_or_a_named_error(cuts):
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        read_or_refused(with_sheet(damaged(archive.read("xl/worksheets/sheet1.xml"), cuts)))


@settings(max_examples=60, deadline=None)
@given(st.integers(4, 7), st.integers(0, 3), st.one_of(st.none(), st.text(max_size=4), st.floats(allow_nan=False)))
def test_one_changed_cell_never_moves_another(row, column, cell):
    rows = [list(cells) + [None] * (4 - len(cells)) for cells in pivoted()]
    before = {(r.region, r.sektor, r.år): r.value for r in only(workbook()).frame.itertuples()}
    rows[row][column] = cell
    try:
        frame = only(csv_text(rows, quoted=False).encode()).frame
    except BadAnswer:
        return
    if column >= 2:
        changed = sum(before[r.region, r.sektor, r.år] != r.value for r in frame.itertuples())
        assert changed <= 1


REAL = {  # file: sheet -> rows, missing, three values read off the file (SSB, StatBank; CC BY 4.0)
    "11616_20220427-120901.csv": [
        (
            ("11616", "", 92, 0),
            [
                ({"region_code": "3801", "statistikkvariabel": "Sysselsatte personer bosatt i regionen"}, 12807),
                ({"region_code": "3803", "statistikkvariabel": "Personer som pendler inn i regionen"}, 15843),
                ({"region": "Vinje", "statistikkvariabel": "Sysselsatte personer med arbeidssted i regionen"}, 1878),
            ],
        )
    ],
    "13135.csv": [
        (
            ("13135", "", 354, 183),
            [
                ({"region_code": "3801", "år": "2020"}, 5.1),
                ({"region": "Hof (-2017)", "år": "2017"}, 105.8),
                ({"region_code": "0712", "år": "2019"}, 13.7),
            ],
        )
    ],
    "11713.xlsx": [
        (
            ("11713", "BNPB", 13608, 895),
            [
                (
                    {
                        "region": "Hele landet",
                        "næring": "Totalt for næringer",
                        "år": "2019",
                        "statistikkvariabel": "Sysselsatte personer (1 000 personer)",
                    },
                    2836.1,
                ),
                (
                    {
                        "region_code": "0",
                        "næring": "Jordbruk og skogbruk",
                        "år": "2015",
                        "statistikkvariabel": "Bruttoprodukt i basisverdi. Løpende priser (mill. kr)",
                    },
                    20789,
                ),
                (
                    {
                        "region_code": "20",
                        "næring": "¬¬ Kommuneforvaltning",
                        "år": "2018",
                        "statistikkvariabel": "Bruttoprodukt i basisverdi. Løpende priser (mill. kr)",
                    },
                    6669,
                ),
            ],
        )
    ],
    "13472.xlsx": [
        (
            ("13472", "SysselEtterArbste", 1380, 0),
            [
                ({"region_code": "K-3801", "sektor": "Statsforvaltningen", "år": "2021"}, 1335),
                ({"region": "Horten", "sektor": "Kommunal forvaltning", "år": "2014"}, 2616),
                ({"region": "Vinje", "sektor": "Privat sektor", "år": "2019"}, 990),
            ],
        ),
        (
            ("13472", "Hele landet", 60, 0),
            [
                ({"sektor": "Statsforvaltningen", "år": "2010"}, 266564),
                ({"sektor": "Offentlige eide foretak", "år": "2016"}, 115267),
                ({"sektor": "Privat sektor", "år": "2021"}, 1777684),
            ],
        ),
    ],
}


@pytest.mark.parametrize("name", REAL)
def test_real_exports_hold_what_stands_in_them(name):
    data = os.environ.get("NLIB_REAL_DATA")
    if not data:
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    found = exports((Path(data) / "exports" / name).read_bytes())
    for export, (counts, values) in zip(found, REAL[name], strict=True):
        assert (export.table, export.sheet, len(export.frame), export.frame["value"].isna().sum()) == counts
        for where, expected in values:
            assert value(export.frame, **where) == expected


def test_every_real_export_is_tested():
    data = os.environ.get("NLIB_REAL_DATA")
    if not data:
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    assert {path.name for path in (Path(data) / "exports").iterdir()} == set(REAL)


def test_a_title_whose_dimensions_cannot_be_told_apart_is_refused_with_its_words():
    body = '"12345: Noe, etter region og år og kjønn"\n\n"region";"år";"kjønn";"Noe"\n"3222 Lørenskog";"2021";"Menn";5\n'
    with pytest.raises(BadAnswer, match="«region og år og kjønn», som ikke lar seg skille"):
        exports(body.encode())


def test_a_last_row_that_is_cut_short_is_refused():
    body = "12345: Noe, etter region og år\n\nregion;år;Noe\n3222 Lørenskog;2020;1\n3205 Lillestrøm;2020;2\n0301 Oslo;2020\n"
    with pytest.raises(BadAnswer, match="rad 6 har 2 celler, mens de fleste har 3"):
        exports(body.encode())
