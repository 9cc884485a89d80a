"""Telemarksforsking's tables in their forms: each gives the same figures, and what does not add up is refused."""

import gzip
import io
import json
import os
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import BadAnswer
from nlib.data.readers import telemarksforsking
from nlib.data.sources import telemarksforsking_figures

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


# -- Telemarksforsking's own web files


BUSINESS = (
    "Nr,Navn,Inndeling,Fnr,Fylke,Rnr,Region,År,Produktivitet,Bransjejustert produktivitet,Lønnsomhet,Egenkapital,Størrelse,"
    "Produktivitet Score,Egenkapital Score,Lønnsomhet Indeks,Nyetablering Indeks,Næringsindeks\n"
    "0,Norge,Land,,,,,2016,677.7,0,60.3,83.2,33.9,,,,,\n"
    "1,Østby,Fylke,1,Østby,,,2016,582.1,-73.9,62.4,81.9,26.9,33.3,25.4,47.2,39.7,41.3\n"
    "301,Oslo,Kommune,3,Oslo,3001,Byen,2016,812.5,101.2,63.5,84.1,61.2,71.0,44.4,55.5,48.8,63.1\n"
)
TAILS = [
    *("", "\n", ";", "\n\nmodule.exports.data = WebInput", "\nmodule.exports = { WebInput };\n", "\nexport default WebInput;"),
    *("\nexports.data = WebInput;\n// laget i 2017\n", "\nwindow.WebInput = WebInput"),
]
ATTRACTIVENESS = [
    *("Inndeling", "Nr", "Navn", "Fylke", "Region", "År", "Folketall", "Befolkningsvekst", "Egenvekst Struktur", "Nabovekst"),
    *("Størrelse", "Arbeidsmarkedintegrasjon", "Konstantledd", "Bostedsattraktivitet", "Arbeidsplassvekst", "Næringsattraktivitet"),
]
PARTS = ["Kommune", 301, "Oslo", "Oslo", "Byen", 2016, 658390, 1.26, -0.11, 0.02, 0.49, 0.2, -0.23, 0.33, 1.8, 0.4]


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize(
    "head", ["let WebInput = ", "export const WebInput: string = ", '"use strict";\n/* tall: 2016 */\nvar W = ']
)
def test_a_text_in_a_script_is_read_whatever_code_comes_after_it(head, tail):
    frame, told = read(f"{head}`{BUSINESS}`{tail}".encode())
    assert value(frame, nr="0301", measure="positive_equity") == 84.1
    assert value(frame, level="land", measure="productivity") == 677.7
    assert not any("ukjent" in line for line in told)


def test_each_column_of_the_business_file_has_a_name_of_its_own():
    frame = read(f"let WebInput = `{BUSINESS}`".encode())[0]
    own = frame[frame["level"] == "kommune"].set_index("measure")["value"].to_dict()
    assert own == {
        "productivity": 812.5,
        "productivity_adjusted": 101.2,
        "profitability": 63.5,
        "positive_equity": 84.1,
        "size": 61.2,
        "productivity_score": 71.0,
        "positive_equity_score": 44.4,
        "profitability_index": 55.5,
        "new_firms_index": 48.8,
        "business_index": 63.1,
    }


@pytest.mark.parametrize("script", ["", "{}", "JSON.parse({})"])
@pytest.mark.parametrize("row", [PARTS, dict(zip(ATTRACTIVENESS, PARTS, strict=True))], ids=["liste", "med navn"])
def test_the_year_may_stand_in_the_row_too_and_size_is_then_a_part_of_the_growth(script, row):
    body = json.dumps({"2016": [row], "vars": ATTRACTIVENESS}, ensure_ascii=False)
    if script:
        table = script.format(json.dumps(body) if "parse" in script else body)
        body = f"const data = {table};\nmodule.exports = data;\n"
    frame = read(body.encode())[0]
    own = frame.set_index("measure")["value"].to_dict()
    assert own["size_effect"] == 0.49
    assert own["private_growth"] == 1.8
    assert own["bosted"] == 0.33
    assert own["industry_structure"] == -0.11
    assert {"size", "job_growth"}.isdisjoint(own)
    assert frame["year"].unique().tolist() == [2016]


def test_shares_that_were_saved_as_fractions_are_refused():
    head = "Nr,Navn,Inndeling,År,Lønnsomhet\n"
    with pytest.raises(BadAnswer, match="«Lønnsomhet» er andeler mellom 0 og 1"):
        read(f"{head}301,Oslo,Kommune,2016,0.679\n3222,Lørenskog,Kommune,2016,0.61\n".encode())
    assert value(read(f"{head}301,Oslo,Kommune,2016,67.9\n".encode())[0], nr="0301", measure="profitability") == 67.9


def test_a_row_under_another_year_than_its_own_is_refused():
    with pytest.raises(BadAnswer, match=r"En rad under 2015 er merket 2016"):
        read(json.dumps({"2015": [PARTS], "vars": ATTRACTIVENESS}).encode())


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("let a = `Nr;År;Lønnsomhet\n301;2016;1`\nlet b = `Nr;År;Lønnsomhet\n301;2017;1`", "mer enn én tabell"),
        ("let a = `Nr;År;Lønnsomhet\n301;2016;1", "slutter ikke"),
        ('let a = {"vars": ["Nr"], "2016": [[1]]', "er ikke hel"),
        ("let a = {vars: ['Nr'], 2016: [[1]]}", "er ikke hel"),
        ("let a = `Nr;År;Lønnsomhet\n301;2016;1`.split('\\n').map(rad => rad.split(';'))", "kode etter den"),
    ],
)
def test_a_script_that_is_more_or_less_than_a_table_is_refused(body, why):
    with pytest.raises(BadAnswer, match=why):
        read(body.encode())


def test_both_files_of_a_place_can_be_imported_side_by_side():
    business = telemarksforsking_figures.IMPORTED.read(f"let WebInput = `{BUSINESS}`".encode())
    parts = telemarksforsking_figures.IMPORTED.read(json.dumps({"2016": [PARTS], "vars": ATTRACTIVENESS}).encode())
    together = telemarksforsking_figures.IMPORTED.together([("a", business), ("b", parts)])
    assert len(together) == len(business) + len(parts)


def test_a_percent_cell_is_percent():
    workbook = openpyxl.Workbook()
    for row in (["Nr", "Inndeling", "År", "Lønnsomhet"], ["3222", "Kommune", 2020, 0.635]):
        workbook.active.append(row)
    workbook.active["D2"].number_format = "0.0%"
    body = io.BytesIO()
    workbook.save(body)
    assert value(read(body.getvalue())[0], measure="profitability") == 63.5


@pytest.fixture(scope="module")
def real():
    if not (data := os.environ.get("NLIB_REAL_DATA")):
        pytest.skip("NLIB_REAL_DATA, the folder of real files, is not set")
    return Path(data)


@pytest.mark.parametrize(
    ("name", "rows", "measures", "known"),
    [
        ("WebInput.js", 1920, 30, {"positive_equity": 81.88, "business_index": 51.32, "size": 28.7, "job_growth": -0.26}),
        ("naring_data.json", 420, 30, {"positive_equity": 81.88, "business_index": 51.32, "new_firms_index": 56.53}),
        ("attraktivitet_data.json", 304, 19, {"bosted": 0.97, "size_effect": 0.28, "naering": -0.6, "business": -0.03}),
        ("components.csv.gz", 15960, 19, {"bosted": 0.97, "size_effect": 0.28, "naering": -0.6, "population": 78967}),
    ],
)
def test_their_own_files_come_in_whole(real, name, rows, measures, known):
    body = (real / "telemarksforsking" / name).read_bytes()
    frame, told = read(gzip.decompress(body) if name.endswith(".gz") else body)
    assert (len(frame), frame["measure"].nunique()) == (rows, measures)
    assert not any("ukjent" in line for line in told)
    for measure, figure in known.items():
        assert value(frame, nr="0106", year=2016, measure=measure) == figure
