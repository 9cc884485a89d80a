"""Files by hand: each form is read to the values it holds, kept with its origin, recognised twice; anything else is refused."""

import contextlib
import io
import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib import imports, store
from nlib.errors import BadAnswer
from nlib.readers import accounts, statbank_export, telemarksforsking

STATBANK = """"99999: Sysselsatte, etter region, statistikkvariabel og år"

"region";"statistikkvariabel";"2020";"2021"
"K-3222 Lørenskog";"Sysselsatte (personer)";22838;23555
"K-3205 Lillestrøm";"Sysselsatte (personer)";:;..


Kilde: Statistisk sentralbyrå
"""
TF_CSV = "Nr;Navn;Inndeling;År;Produktivitet;Næringsindeks\n3222;Lørenskog;Kommune;2016;600,2;55,5\n0;Norge;Land;2016;677,7;\n"
ACCOUNTS = [
    ["Orgnr", "Kommunenr", "Næringskode", "Lønnskostnader (1 000 kr)", "Driftsresultat (1 000 kr)", "Antall ansatte", "År"],
    ["974760673", "0301", "47.110", "1 200,5", "-300", "3", "2020"],
]


def csv(rows):
    return "\n".join(";".join(row) for row in rows).encode()


def excel(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheets_of(body):
    return telemarksforsking.unwrapped(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_statbank_export_is_read_to_its_cells_and_marks_in_any_encoding(encoding):
    (export,) = statbank_export.read(sheets_of(STATBANK.encode(encoding)))
    assert export.table == "99999"
    rows = export.frame.astype(object).where(export.frame.notna(), None).to_dict("records")
    assert [row["value"] for row in rows] == [22838, 23555, None, None]
    assert [row["status"] for row in rows] == [None, None, ":", ".."]
    assert {"3222", "3205"} <= {str(value).removeprefix("K-") for row in rows for value in row.values()}


@pytest.mark.parametrize(
    "body",
    [
        TF_CSV.encode(),
        TF_CSV.encode("latin-1"),
        f"const data = `{TF_CSV}`;".encode(),
        json.dumps(
            {
                "vars": ["Nr", "Navn", "Inndeling", "Produktivitet", "Næringsindeks"],
                "2016": [["3222", "Lørenskog", "Kommune", 600.2, 55.5], ["0", "Norge", "Land", 677.7, None]],
            }
        ).encode(),
        excel(
            [
                ["Nr", "Navn", "Inndeling", "År", "Produktivitet", "Næringsindeks"],
                [3222, "Lørenskog", "Kommune", 2016, 600.2, 55.5],
                [0, "Norge", "Land", 2016, 677.7, None],
            ]
        ),
    ],
    ids=["csv", "latin-1", "javascript", "json", "excel"],
)
def test_telemarksforsking_says_the_same_in_every_form_it_comes_in(body):
    frame, _ = telemarksforsking.read(sheets_of(body))
    told = frame.set_index(["level", "measure"])["value"]
    assert told["kommune", "productivity"] == 600.2
    assert told["land", "productivity"] == 677.7
    assert told["kommune", "business_index"] == 55.5
    assert str(told["land", "business_index"]) == "nan"


def test_accounts_are_converted_to_kroner_and_it_is_told():
    frame, told = accounts.read(sheets_of(csv(ACCOUNTS)))
    row = frame.iloc[0]
    assert (row["wage_costs_kr"], row["operating_result_kr"], row["employees"]) == (1_200_500, -300_000, 3)
    assert (row["orgnr"], row["komm_nr"], row["nace"]) == ("974760673", "0301", "47.110")
    assert any("1 000 kr" in line for line in told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({3: "Lønnskostnader (mill. kr)"}, "ulike enheter"),
        ({3: "Lønnskostnader", 4: "Driftsresultat"}, "kr, 1 000 kr eller mill. kr"),
        ({0: "Firma"}, "Skrivemåtene som godtas"),
    ],
)
def test_mixed_or_unsaid_units_and_missing_columns_are_refused_with_what_to_do(change, told):
    heading = [change.get(place, name) for place, name in enumerate(ACCOUNTS[0])]
    with pytest.raises(BadAnswer, match=told):
        accounts.read(sheets_of(csv([heading, *ACCOUNTS[1:]])))


def test_a_wrong_control_digit_and_a_row_twice_are_refused():
    with pytest.raises(BadAnswer, match="kontrollsifferet"):
        accounts.read(sheets_of(csv([ACCOUNTS[0], ["974760674", *ACCOUNTS[1][1:]]])))
    with pytest.raises(BadAnswer, match="to ganger"):
        accounts.read(sheets_of(csv([*ACCOUNTS, ACCOUNTS[1]])))


def test_a_file_is_kept_byte_for_byte_with_its_origin_and_recognised_the_second_time(tmp_path):
    edition, said = store.new_edition("2026", tmp_path), []
    path = tmp_path / "tall.csv"
    path.write_bytes(TF_CSV.encode())
    assert imports.load(edition, [path], say=said.append) == []
    assert imports.load(edition, [path], say=said.append) == []
    assert "fra før" in said[1]
    kept = [p for p in (edition.raw / "import").rglob("*") if p.is_file()]
    assert [p.read_bytes() for p in kept] == [TF_CSV.encode()]
    (entry,) = edition.raw_manifest()["imports"]
    assert {"kind", "name", "sha256", "bytes", "when", "producer"} <= set(entry)


def test_one_bad_file_is_named_and_the_others_are_imported(tmp_path):
    edition = store.new_edition("2026", tmp_path)
    good, bad = tmp_path / "god.csv", tmp_path / "side.xlsx"
    good.write_bytes(TF_CSV.encode())
    bad.write_bytes(b"<!DOCTYPE html><html><body>Logg inn</body></html>")
    (failed,) = imports.load(edition, [bad, good], say=[].append)
    assert failed.startswith("side.xlsx:")
    assert len(edition.raw_manifest()["imports"]) == 1


def test_a_formula_without_a_value_is_refused():
    with pytest.raises(BadAnswer):
        telemarksforsking.read(sheets_of(excel([["Nr", "Navn", "År", "Produktivitet"], ["3222", "L", 2016, "=1+1"]])))


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=400).map(str.encode)
    | st.text(alphabet='Nr;År20163,.:"\n=', max_size=300).map(str.encode)
)
def test_any_bytes_are_a_table_or_a_named_error(body):
    for reader in (statbank_export.read, telemarksforsking.read, accounts.read):
        try:
            reader(sheets_of(body))
        except BadAnswer:
            continue


cells = (
    st.none() | st.integers(-999, 999) | st.floats(-1e6, 1e6).map(lambda value: round(value, 2)) | st.text("abå =+;", max_size=5)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=5))
def test_any_workbook_is_a_table_or_a_named_error(rows):
    body = excel([["Nr", "Navn", "År", "Produktivitet"], *rows])
    with contextlib.suppress(BadAnswer):
        telemarksforsking.read(sheets_of(body))
