"""Telemarksforsking's tables in their forms: each gives the same figures, and what does not add up is refused."""

import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.errors import BadAnswer
from nlib.readers import telemarksforsking

SAMPLES = Path(__file__).parent / "samples_by_hand"
HEADINGS = ["Nr", "Navn", "Inndeling", "År", "Produktivitet", "Næringsindeks"]
ROWS = [
    ["0301", "Oslo", "Kommune", "2016", 812.5, 63.1],
    ["03", "Oslo", "Fylke", "2016", 812.5, 63.1],
    ["0301", "Oslo", "Kommune", "2017", 820.0, None],
]


def read(body: bytes) -> tuple[pd.DataFrame, list[str]]:
    return telemarksforsking.read(telemarksforsking.unwrapped(body))


def sample(name: str) -> pd.DataFrame:
    return read((SAMPLES / name).read_bytes())[0]


def value(frame: pd.DataFrame, **where) -> float:
    (found,) = frame.loc[(frame[list(where)] == pd.Series(where)).all(axis=1), "value"]
    return found


def csv(headings=HEADINGS, rows=ROWS, delimiter=";", decimal=",") -> str:
    def written(cell):
        return "" if cell is None else cell if isinstance(cell, str) else str(cell).replace(".", decimal)

    return "".join(delimiter.join(map(written, row)) + "\n" for row in [headings, *rows])


def excel(headings=HEADINGS, rows=ROWS) -> bytes:
    workbook = openpyxl.Workbook()
    for row in [headings, *rows]:
        workbook.active.append(row)
    body = io.BytesIO()
    workbook.save(body)
    return body.getvalue()


def as_json(headings=HEADINGS, rows=ROWS) -> bytes:
    document = {"vars": [name for name in headings if name != "År"]}
    for nr, name, level, year, *cells in rows:
        document.setdefault(year, []).append([nr, name, level, *cells])
    return json.dumps(document).encode()


FORMS = {
    "excel": lambda rows: excel(rows=rows),
    "csv, decimal comma": lambda rows: csv(rows=rows).encode("latin-1"),
    "csv, decimal point": lambda rows: csv(rows=rows, delimiter=",", decimal=".").encode(),
    "json": lambda rows: as_json(rows=rows),
    "script with a template": lambda rows: f"var data = `{csv(rows=rows)}`;".encode(),
    "script with a string": lambda rows: f"callback({json.dumps(csv(rows=rows))});".encode(),
    "script with json": lambda rows: b"const data = " + as_json(rows=rows) + b";\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_figures(form):
    keys = ["level", "nr", "year", "measure"]
    frame = read(FORMS[form](ROWS))[0].sort_values(keys, ignore_index=True)
    expected = read(FORMS["json"](ROWS))[0].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(frame, expected)
    assert len(frame) == 6
    assert value(frame, level="kommune", nr="0301", year=2016, measure="productivity") == 812.5


def test_known_figures_of_the_samples():
    frame = sample("telemarksforsking.csv")
    assert len(frame) == 25
    assert frame["value"].isna().sum() == 1
    assert value(frame, nr="3222", measure="productivity") == 600.2
    assert value(frame, nr="0301", level="kommune", measure="productivity_adjusted") == 790.1
    assert value(frame, name="Øvre Romerike", measure="new_firm_rate") == 7.9
    assert value(sample("telemarksforsking.js"), nr="3222", measure="profitability") == 58.0
    assert value(sample("telemarksforsking.json"), nr="0301", year=2015, measure="business_index") == 62


def test_levels_are_told_apart():
    frame = sample("telemarksforsking.csv")
    levels = frame.drop_duplicates(["level", "nr", "name"]).groupby("level")["name"].apply(list).to_dict()
    assert levels == {"kommune": ["Oslo", "Lørenskog"], "region": ["Øvre Romerike"], "fylke": ["Oslo"], "land": ["Norge"]}


def test_levels_follow_from_the_number_where_nothing_else_says_them():
    rows = [[nr, name, "2016", 1.0] for nr, name in [("0301", "Oslo"), ("03", "Oslo"), ("0", "Norge")]]
    frame, told = read(csv(["Nr", "Navn", "År", "Produktivitet"], rows).encode())
    assert frame["level"].tolist() == ["kommune", "fylke", "land"]
    assert any("ingen Inndeling" in line for line in told)


def test_zeros_that_excel_took_come_back_and_it_is_told():
    frame, told = read(excel(rows=[[301, "Oslo", "Kommune", 2016, 1.0, 2.0], [3, "Oslo", "Fylke", 2016, 1.0, 2.0]]))
    assert frame["nr"].unique().tolist() == ["0301", "03"]
    assert "2 nummer har fått tilbake nullen foran" in told


def test_columns_are_found_by_name_and_unknown_ones_told_of():
    headings = ["Rart", "NÆRINGSINDEKS", "år", "Kommunenr.", "Produktivitet (1 000 kr)"]
    frame, told = read(csv(headings, [["x", 50.5, "2016", "0301", 800.5]]).encode())
    assert value(frame, measure="business_index") == 50.5
    assert frame.set_index("measure")["unit"].to_dict()["productivity"] == "1 000 kr"
    assert "kolonnen «Rart» er ukjent og ikke lest" in told


def test_a_banner_and_notes_around_the_table_are_passed_over():
    rows = [["Tabell fra Telemarksforsking"], [], HEADINGS, *ROWS, [], ["Kilde: Telemarksforsking"]]
    assert len(read(excel(rows[0], rows[1:]))[0]) == 6


@pytest.mark.parametrize(
    ("headings", "rows", "why"),
    [
        (["Nr", "Navn", "Produktivitet"], [["0301", "Oslo", 1.5]], "year: År, Årstall"),
        (["Nr", "År", "Annet"], [["0301", "2016", 1.5]], "minst én av: Produktivitet"),
        ([*HEADINGS, "Næringslivsindeks"], [[*ROWS[0], 1.5]], "er begge business_index"),
        (HEADINGS, [ROWS[0], ROWS[0]], "kommune 0301 står to ganger i 2016"),
        (HEADINGS, [["0301", "Oslo", "Bydel", "2016", 1.5, 2.5]], "«Bydel» er ikke Kommune, Region, Fylke eller Land"),
        (HEADINGS, [["30100", "Oslo", "Kommune", "2016", 1.5, 2.5]], "«30100» er ikke nummeret på en kommune"),
        (HEADINGS, [["0301", "Oslo", "Kommune", "16", 1.5, 2.5]], "«16» er ikke et år"),
        (HEADINGS, [["0301", "Oslo", "Kommune", "2016", "1,5", "2.5"]], "Både komma og punktum"),
        (HEADINGS, [["0301", "Oslo", "Kommune", "2016", "mye", 2.5]], "«mye» er ikke et tall"),
        (HEADINGS, [["", "", "Land", "2016", 1.5, 2.5]], "verken nummer eller navn"),
        (HEADINGS, [ROWS[0], ["", "", "", "", "", ""], ROWS[1]], "under en tom rad"),
        ([*HEADINGS, ""], [[*ROWS[0], "x"]], "ingen overskrift"),
        (HEADINGS, [], "ingen rader"),
    ],
)
def test_a_table_that_does_not_add_up_is_refused(headings, rows, why):
    with pytest.raises(BadAnswer, match=why):
        read(csv(headings, rows).encode())


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"vars": ["Nr"], "2016": [["0301", 1]]}', "ikke 1 celler"),
        (b'{"vars": ["Nr"], "i fjor": [["0301"]]}', "ikke er et år"),
        (b'{"vars": ["Nr"], "2016": [[{}]]}', "verken tekst eller et vanlig tall"),
        (b'{"vars": ["Nr"], "2016": [[NaN]]}', "verken tekst eller et vanlig tall"),
        (b'{"vars": ["Nr"], "2016": [["\\ud800"]]}', "halvt tegn"),
        (b'{"vars": ["Nr"], "2016": [], "2016": []}', "to ganger"),
        (b'{"vars": ["\\ud800"], "2016": []}', "halvt tegn"),
        (b'{"2016": []}', "ikke «vars»"),
        (b'{"vars": ["Nr"', "ikke hel"),
        (b'var x = "\\ud800;a\\nb;c";', "halvt tegn"),
        (b"<html><table>", "HTML"),
    ],
)
def test_json_and_script_that_do_not_add_up_are_refused(body, why):
    with pytest.raises(BadAnswer, match=why):
        read(body)


PLACES = st.lists(st.integers(1, 9999).map("{:04}".format), min_size=1, max_size=4, unique=True)
FIGURE = st.one_of(st.none(), st.integers(-(10**6), 10**6).map(lambda number: number / 10))


@settings(deadline=None, max_examples=60)
@given(
    PLACES,
    st.lists(st.integers(1990, 2030).map(str), min_size=1, max_size=3, unique=True),
    st.sampled_from(sorted(FORMS)),
    st.data(),
)
def test_what_is_written_is_read_back(places, years, form, data):
    rows = [[nr, "Sted", "Kommune", year, data.draw(FIGURE), data.draw(FIGURE)] for nr in places for year in years]
    frame = read(FORMS[form](rows))[0]
    held = {(nr, int(year)): cells for nr, _, _, year, *cells in rows}
    assert len(frame) == 2 * len(rows)
    for row in frame.itertuples():
        expected = held[row.nr, row.year][["productivity", "business_index"].index(row.measure)]
        assert pd.isna(row.value) if expected is None else row.value == expected


def read_or_refused(body: bytes):
    try:
        frame, _ = read(body)
    except BadAnswer:
        return
    assert len(frame) > 0
    assert frame["level"].isin(["kommune", "region", "fylke", "land"]).all()
    assert frame.loc[frame["level"] == "kommune", "nr"].str.fullmatch(r"\d{4}").all()
    assert frame["year"].between(1900, 2100).all()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_named_error(body):
    read_or_refused(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["vars", "2016", "x"]), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_table_or_a_named_error(document):
    read_or_refused(json.dumps(document).encode())


@given(
    st.sampled_from(["telemarksforsking.csv", "telemarksforsking.js", "telemarksforsking.json"]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=4),
)
def test_a_damaged_file_is_a_table_or_a_named_error(name, cuts):
    body = (SAMPLES / name).read_bytes()
    for at, length, instead in cuts:
        at %= len(body) + 1
        body = body[:at] + instead + body[at + length :]
    read_or_refused(body)
