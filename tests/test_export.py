"""An edition to take away: the data package keeps the rules of the standard, workbooks hold numbers, and no cell is a formula."""

import csv
import hashlib
import io
import json
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
import shapely

from nlib.build import pipeline
from nlib.charts.html import FORMULA
from nlib.core import store
from nlib.core.catalogue import CATALOGUE, written
from nlib.core.errors import UnknownMunicipality, UnknownTable, WrongUse
from nlib.press import export

HOSTILE = [
    '=HYPERLINK("http://x.no";"a")',
    "+47 22",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    '<script>alert("1")</script>',
    'a,"b"\nc',
    "\x07\x0b æøå",
]
PLACES = [("0301", "Oslo"), ("1508", "Ålesund"), ("1580", "Haram"), ("3222", "Lørenskog"), ("5610", "Kárášjohka - Karasjok")]


def accounts():
    rows = [(f"99999999{n}", 2024, "3222", "47.110", name, 5) for n, name in enumerate(HOSTILE)]
    frame = pd.DataFrame(rows, columns=["orgnr", "year", "komm_nr", "nace", "name", "employees"])
    frame.loc[0, "komm_nr"] = None
    return frame.assign(
        nace2="47", wage_costs_kr=1.5, operating_result_kr=None, value_added_kr=None, placed=frame["komm_nr"].notna()
    )


def population():
    frame = pd.DataFrame([(nr, year) for nr, _ in PLACES for year in (2024, 2025)], columns=["komm_nr", "year"])
    counts = dict.fromkeys(("births", "deaths", "in_migration", "out_migration", "growth"), 1)
    return frame.assign(population=[1000 + n for n in range(9)] + [None], comparable=True, **counts)


def tables():
    places = pd.DataFrame(PLACES, columns=["komm_nr", "name"]).assign(
        county_nr="32", county="Akershus", valid_from="1838-01-01", valid_to=None, members=1, area=None, centrality=None
    )
    codes = places[["komm_nr", "name", "valid_from", "valid_to"]]
    shape = shapely.to_wkb(shapely.box(0, 0, 50_000, 50_000))
    flows = [("3222", "0301", 2024, 10), ("0301", "3222", 2024, 5), ("0301", "1508", 2024, 1)]
    frames = {
        "municipalities": places,
        "municipality_codes": codes,
        "municipality_changes": pd.DataFrame({"old_nr": ["3029"], "new_nr": ["3222"], "date": ["2024-01-01"]}),
        "population": population(),
        "commuting_flows": pd.DataFrame(flows, columns=["home_nr", "work_nr", "year", "employed"]),
        "company_accounts": accounts(),
        "boundaries": pd.DataFrame({"komm_nr": ["1508", "3222"], "also": ["1580", ""], "geometry": [shape, shape]}),
    }
    return {name: fitted(name, frame) for name, frame in frames.items()}


def fitted(name, frame):
    """A frame in its contract, with what is not given missing."""
    dataset = pipeline.datasets()[name]
    return dataset.check(frame.reindex(columns=list(dataset.schema.to_schema().columns)))


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """A small edition: real contracts, invented figures, and a file by hand whose licence is not told."""
    edition = store.new_edition("2026", tmp_path_factory.mktemp("home"))
    told = {"updated": "2026-02-25T07:00:00Z", "files": [{"fetched": "2026-03-01T09:00:00Z"}]}
    store.write_json(edition.raw / "manifest.json", {"edition": "2026", "synthetic": False, "sources": {"ssb_06913": told}})
    edition.keep("regnskap", "regnskap.csv", b"x", {"when": "2026-03-02T10:00:00Z", "producer": None, "licence": None})
    held = tables()
    edition.publish(held, dict.fromkeys(held, "x"))
    return edition


@pytest.fixture(scope="module")
def package(edition, tmp_path_factory):
    return export.package(edition, tmp_path_factory.mktemp("out") / "data", firms=True).parent


READ = {
    "string": str,
    "integer": lambda cell: int(re.fullmatch(r"-?\d+", cell)[0]),
    "number": lambda cell: float(re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", cell)[0]),
    "boolean": {"true": True, "false": False}.__getitem__,
}


def faults(folder, largest=2_000_000):
    """What in a data package breaks the standard's rules that can be tried by hand, or is not as it says itself.

    Rows of a file of more bytes than the largest are not read.
    """
    told = json.loads((folder / "datapackage.json").read_bytes())
    named = [resource["name"] for resource in told["resources"]]
    found = [] if named and len(named) == len(set(named)) else ["names of resources are not unique"]
    for resource in told["resources"]:
        if isinstance(resource["path"], list):  # files that are not tables
            lacking = [path for path in resource["path"] if not isinstance(json.loads((folder / path).read_bytes()), dict)]
            found += [f"{resource['name']}: {path}" for path in lacking]
            continue
        body = (folder / resource["path"]).read_bytes()
        if hashlib.sha256(body).hexdigest() != resource["hash"].removeprefix("sha256:") or len(body) != resource["bytes"]:
            found.append(f"{resource['name']}: hash or bytes")
        if not re.fullmatch(r"[a-z0-9._-]+", resource["name"]) or not re.fullmatch(r"[\w./-]+", resource["path"]):
            found.append(f"{resource['name']}: name or path")
        if len(body) > largest:
            continue
        headings, *rows = csv.reader(io.StringIO(body.decode("utf-8"), newline=""))
        fields, schema = resource["schema"]["fields"], resource["schema"]
        if headings != [field["name"] for field in fields] or len(rows) != resource["rows"]:
            found.append(f"{resource['name']}: columns or rows")
        key = schema.get("primaryKey") or schema["uniqueKeys"][0]
        keys = [tuple(row[headings.index(name)] for name in key) for row in rows]
        if len(set(keys)) != len(keys) or ("primaryKey" in schema and any("" in held for held in keys)):
            found.append(f"{resource['name']}: key")
        for field, cells in zip(fields, zip(*rows, strict=True), strict=bool(rows)):
            where = f"{resource['name']}.{field['name']}"
            rules, values = field.get("constraints", {}), set(cells) - set(schema["missingValues"])
            if not field["description"] or (rules.get("required") and "" in cells):
                found.append(f"{where}: no meaning, or a required value is missing")
            try:
                read = {READ[field["type"]](value) for value in values}
            except (TypeError, KeyError, ValueError) as error:
                found.append(f"{where}: {error!r}")
                continue
            kept = all(rules.get("minimum", value) <= value <= rules.get("maximum", value) for value in read)
            listed = read <= set(rules.get("enum", read))
            matched = all(re.search(rules.get("pattern", ""), value) for value in values)
            if not (kept and listed and matched):
                found.append(f"{where}: a value breaks {rules}")
            if any(value.startswith(FORMULA) and field["type"] == "string" for value in values):
                found.append(f"{where}: a formula")
    return found


def test_the_package_keeps_the_rules_of_the_standard(package):
    assert faults(package) == []


@pytest.fixture(scope="module")
def whole(demo_edition, tmp_path_factory):
    return export.package(demo_edition, tmp_path_factory.mktemp("whole") / "data").parent


@pytest.mark.slow
def test_a_whole_synthetic_edition_keeps_the_rules_of_the_standard(demo_edition, whole):
    assert faults(whole) == []
    told = json.loads((whole / "datapackage.json").read_bytes())
    tables = [r["name"] for r in told["resources"] if "/" in r["path"]]
    assert tables == sorted(demo_edition.processed_manifest()["tables"].keys() - {"company_accounts"})
    assert told["nlib"]["synthetic"]
    assert told["description"].startswith("Demodata")


@pytest.mark.slow
def test_a_fact_is_the_same_in_the_file_of_its_indicator_and_of_its_municipality_and_as_pages_tell_it(demo_edition, whole):
    own = json.loads((whole / "3222.json").read_bytes())
    assert own["name"] == "Lørenskog" and set(own["indicators"]) == set(CATALOGUE["indicator"])
    facts = demo_edition.table("facts")
    facts = facts[facts["komm_nr"] == "3222"].set_index(["indicator", "year"])
    for name, told in own["indicators"].items():
        rows = pd.read_csv(whole / f"{name}.csv", dtype={"komm_nr": "str"})
        rows = rows[rows["komm_nr"] == "3222"].set_index("year")
        assert [year["year"] for year in told["years"]] == list(rows.index)
        for year in told["years"]:
            fact = facts.loc[(name, year["year"])]
            assert year["value"] == rows.at[year["year"], "value"]
            assert written(name, year["value"]) == written(name, fact["value"])
            assert year.get("rank") == (None if pd.isna(fact["rank"]) else fact["rank"])
            assert year.get("synthetic", False) == fact["synthetic"] and year.get("comparable", True) == fact["comparable"]


def test_what_would_show_a_firm_or_who_answered_is_in_none_of_the_open_figures(demo_edition, whole):
    values = demo_edition.table("value_creation")
    hidden = values[values["hidden"] & values["best_per_employee"].eq(True)]
    shown = pd.read_csv(whole / "per_employee_kr.csv", dtype={"komm_nr": "str"}).set_index(["komm_nr", "year"])
    assert len(shown) and not set(zip(hidden["komm_nr"], hidden["year"], strict=True)) & set(shown.index)
    assert not [figure for figure in CATALOGUE["figure"] if figure.startswith(("survey", "company"))]
    names = {path.stem for path in whole.glob("*.csv")}
    assert names == set(CATALOGUE["indicator"])


def resource(package, name):
    told = json.loads((package / "datapackage.json").read_bytes())
    return next(resource for resource in told["resources"] if resource["name"] == name)


def test_a_table_tells_its_types_units_meanings_key_and_source(package):
    told = resource(package, "population")
    assert told["schema"]["primaryKey"] == ["komm_nr", "year"]
    assert told["schema"]["fields"][2] == {
        "name": "population",
        "type": "integer",
        "description": "Folketall 1. januar",
        "unit": "personer",
        "constraints": {"minimum": 0},
    }
    assert told["sources"][0]["title"].startswith("SSB, tabell 06913")
    assert told["licenses"][0]["name"] == "CC-BY-4.0"
    rows = (package / told["path"]).read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith('"0301",2024,1000,1,')
    assert rows[-1].startswith('"5610",2025,,1,')


def test_a_key_with_missing_values_is_unique_but_no_primary_key(package):
    schema = resource(package, "company_accounts")["schema"]
    assert "primaryKey" not in schema
    assert schema["uniqueKeys"] == [["orgnr", "year", "member_nr", "nace"]]


def test_a_licence_that_is_not_told_is_not_made_up_and_such_tables_can_be_left_out(edition, package, tmp_path):
    told = resource(package, "company_accounts")
    assert "licenses" not in told
    assert told["sources"][-1]["licence"] == "ikke oppgitt"
    whole = json.loads((package / "datapackage.json").read_bytes())
    assert "licenses" not in whole
    assert whole["created"] == "2026-03-02T10:00:00Z"
    told = json.loads(export.package(edition, tmp_path / "open", open_only=True).read_bytes())
    assert "company_accounts" not in {r["name"] for r in told["resources"]}
    assert "population" in {r["name"] for r in told["resources"]}


def test_outlines_can_be_read_back(package):
    with (package / "tables" / "boundaries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert shapely.from_wkb(bytes.fromhex(rows[0]["geometry"])).area == 2.5e9


def test_the_same_edition_gives_the_same_bytes(edition, package, tmp_path):
    again = export.package(edition, tmp_path / "data", firms=True).parent
    for path in sorted(p for p in package.rglob("*") if p.is_file()):
        assert (again / path.relative_to(package)).read_bytes() == path.read_bytes()
    books = [next(export.workbooks(edition, ["3222"], to=tmp_path / name)).read_bytes() for name in "ab"]
    assert books[0] == books[1]


def test_a_package_takes_the_place_of_the_one_before_but_never_of_anything_else(edition, tmp_path):
    export.package(edition, tmp_path / "data")
    (tmp_path / "data" / "tables" / "gammel.csv").write_text("x")
    export.package(edition, tmp_path / "data")
    assert not (tmp_path / "data" / "tables" / "gammel.csv").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "brev.txt").write_text("x")
    with pytest.raises(WrongUse, match="ikke en datapakke"):
        export.package(edition, tmp_path / "mine")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "mine"]


def test_the_package_of_a_yearly_run_is_written_only_for_other_tables_and_holds_what_it_held(edition, monkeypatch):
    described = edition.reports / "data" / "datapackage.json"
    assert export.refresh(edition)
    assert "company_accounts" not in {r["name"] for r in json.loads(described.read_bytes())["resources"]}
    assert not export.refresh(edition)
    export.package(edition, described.parent)
    assert not export.refresh(edition)
    monkeypatch.setattr(export, "__version__", "9")
    assert export.refresh(edition)
    held = json.loads(described.read_bytes())
    assert held["nlib"]["open_only"] is False
    assert "company_accounts" not in {r["name"] for r in held["resources"]}, "single firms are never among the reports"


def test_accounts_of_firms_are_written_only_when_asked_for_and_outside_the_reports(edition, tmp_path):
    for write in (export.package, lambda *given, **asked: list(export.workbooks(given[0], ["3222"], to=given[1], **asked))):
        with pytest.raises(WrongUse, match="utenfor reports/"):
            write(edition, edition.reports / "data", firms=True)
    with pytest.raises(WrongUse, match="--firms"):
        list(export.workbooks(edition, tables=["company_accounts"], to=tmp_path))
    export.package(edition, tmp_path / "data")
    assert not (tmp_path / "data" / "tables" / "company_accounts.csv").exists()
    (book,) = export.workbooks(edition, ["3222"], to=tmp_path)
    assert "company_accounts" not in opened(book).sheetnames
    (book,) = export.workbooks(edition, ["3222"], to=tmp_path, firms=True)
    assert "company_accounts" in opened(book).sheetnames


def test_a_package_that_fails_half_way_leaves_what_was_there(edition, tmp_path, monkeypatch):
    before = export.package(edition, tmp_path / "data").read_bytes()

    def fail(*anything):
        raise OSError(28, "Disken er full")

    monkeypatch.setattr(export, "_described", fail)
    with pytest.raises(OSError, match="full"):
        export.package(edition, tmp_path / "data")
    assert (tmp_path / "data" / "datapackage.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def opened(path):
    return openpyxl.load_workbook(path)


def test_a_municipality_s_workbook_has_its_rows_of_every_table_and_their_sources(edition, tmp_path):
    (path,) = export.workbooks(edition, ["Lørenskog"], to=tmp_path, firms=True)
    assert path.name == "3222-lorenskog.xlsx"
    book = opened(path)
    assert set(book.sheetnames) >= {"Kilder", "Kolonner", "population", "commuting_flows", "company_accounts", "municipalities"}
    assert {row[0] for row in book["population"].iter_rows(min_row=2, values_only=True)} == {"3222"}
    assert book["commuting_flows"].max_row == 3
    sources = [row for row in book["Kilder"].iter_rows(values_only=True) if row[0] == "population"]
    assert any("SSB, tabell 06913" in row[2] and row[4] == "CC BY 4.0" for row in sources)
    meanings = [row for row in book["Kolonner"].iter_rows(values_only=True) if row[:2] == ("population", "births")]
    assert meanings == [("population", "births", "personer", "Levendefødte i året")]


def test_numbers_are_numbers_and_missing_ones_are_empty(edition, tmp_path):
    (path,) = export.workbooks(edition, tables=["population"], to=tmp_path)
    cells = list(opened(path)["population"].iter_rows(min_row=2))
    assert [cell.data_type for cell in cells[0][:3]] == ["s", "n", "n"]
    assert cells[0][2].value == 1000
    assert cells[-1][2].value is None
    assert cells[0][-1].value is True


def test_hostile_text_is_text_in_excel(edition, tmp_path):
    (path,) = export.workbooks(edition, tables=["company_accounts"], to=tmp_path, firms=True)
    column = next(row for row in opened(path)["company_accounts"].iter_cols() if row[0].value == "name")[1:]
    assert [cell.data_type for cell in column] == ["s"] * len(HOSTILE)
    assert {cell.value for cell in column} >= {"'" + HOSTILE[0], "'+47 22", "'-2+3", "'@SUM(A1)", HOSTILE[5], " æøå"}
    with zipfile.ZipFile(path) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


def test_workbooks_lie_among_the_reports_where_no_folder_is_named(edition):
    paths = list(export.workbooks(edition, ["1580"], ["population"]))
    assert [str(path.relative_to(edition.reports)) for path in paths] == ["1580-haram/tall.xlsx", "excel/population.xlsx"]


def test_what_is_not_there_is_said(edition, tmp_path):
    with pytest.raises(UnknownMunicipality):
        list(export.workbooks(edition, ["Bielefeld"], to=tmp_path))
    with pytest.raises(UnknownTable):
        list(export.workbooks(edition, tables=["bielefeld"], to=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_table_too_long_for_excel_is_refused(edition, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "ROWS", 5)
    with pytest.raises(WrongUse, match="flere enn Excel tar"):
        list(export.workbooks(edition, tables=["population"], to=tmp_path))


def test_a_synthetic_edition_says_so_in_its_workbook(edition, tmp_path, monkeypatch):
    manifest = edition.raw_manifest() | {"synthetic": True}
    monkeypatch.setattr(store.Edition, "raw_manifest", lambda self: manifest)
    (path,) = export.workbooks(edition, tables=["population"], to=tmp_path)
    assert opened(path)["Kilder"]["A3"].value == "Demodata – ikke virkelige tall"


def test_every_table_s_name_is_one_that_a_sheet_may_have():
    assert all(len(name) <= 31 and re.fullmatch(r"[a-z0-9_]+", name) for name in pipeline.datasets())
