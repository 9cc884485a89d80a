"""An edition to take away: all of it as a frictionless data package, or a municipality's or a table's figures as an Excel workbook.

The package follows https://datapackage.org/standard/ (version 2): `datapackage.json` beside one CSV file a table (UTF-8, comma,
decimal point, an empty cell where a value is missing). The same figures give the same bytes. Text in a cell is never a formula.
The facts stand twice more, at addresses that stay: `<indicator>.csv` with all municipalities, and `<komm_nr>.json` with all
indicators, for the web pages of a municipality to read.
"""

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from nlib import __version__
from nlib.build import pipeline
from nlib.charts.excel import NOTE, cell, fill, saved
from nlib.charts.html import FORMULA, harmless
from nlib.charts.style import SYNTHETIC
from nlib.core import store
from nlib.core.catalogue import CATALOGUE, PLACES
from nlib.core.errors import WrongUse
from nlib.core.municipalities import Register, slug
from nlib.core.tables import CC_BY, Dataset
from nlib.core.translations import _
from nlib.press.about import sources_of
from nlib.press.real import real_of
from nlib.press.render import commit

PACKAGE = "datapackage.json"
PROFILES = "https://datapackage.org/profiles/2.0/"
FACTS = "facts"
UNTOLD = "ikke oppgitt"  # the licence of a file that came by hand
KNOWN = {CC_BY: {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": CC_BY}}
CONSTRAINTS = {  # of pandera's checks: the name of the constraint, and where its value is
    "greater_than_or_equal_to": ("minimum", "min_value"),
    "less_than_or_equal_to": ("maximum", "max_value"),
    "isin": ("enum", "allowed_values"),
    "str_matches": ("pattern", "pattern"),
}
ROWS = 1_048_576  # that a sheet of Excel holds


def package(edition: store.Edition, to: Path, open_only: bool = False, firms: bool = False) -> Path:
    """Write the edition's tables as a data package in this folder, whole or not at all; gives the path of its description.

    open_only: leave out tables that are made from files whose licence is not known; firms: take in those of single firms, in a
    folder outside the reports. WrongUse where the folder holds something else.
    """
    _apart(edition, to, firms)
    if to.exists() and not (to / PACKAGE).is_file() and (to.is_file() or any(to.iterdir())):
        raise WrongUse(f"{to} finnes fra før og er ikke en datapakke: velg en annen mappe med --to")
    with store.whole_folder(to) as folder:
        resources = []
        for dataset, sources in packed(edition, open_only, firms):
            frame = _plain(edition.table(dataset.name))
            path = f"tables/{dataset.name}.csv"
            body = _csv(frame)
            store.write(folder / path, body)
            invented = edition.invented(dataset.name)
            resources.append(
                _resource(dataset, frame, path, body, sources)
                | ({"invented": invented.as_json()["invented"]} if invented.any else {})
            )
        if edition.holds_table(FACTS):
            resources += _facts(edition, folder, open_only)
        described = json.dumps(_described(edition, resources, open_only), ensure_ascii=False, indent=1)
        store.write(folder / PACKAGE, f"{described}\n".encode())
    return to / PACKAGE


def packed(edition: store.Edition, open_only: bool = False, firms: bool = False) -> Iterator[tuple[Dataset, Sequence]]:
    """The tables that `package` takes in, each with its sources."""
    for dataset in _built(edition):
        sources = sources_of(edition, [dataset.name])
        if (firms or not dataset.private) and not (open_only and _(UNTOLD) in {licence for __, __, licence, __ in sources}):
            yield dataset, sources


def refresh(edition: store.Edition) -> bool:
    """Write the data package among the reports if none made from just these tables is there; gives whether it was written.

    It has what the one before had, all of the tables or only the open ones; the first only the open ones.
    """
    to = edition.reports / "data"
    before = store.read_json(to / PACKAGE).get("nlib", {})
    if before.get("made_from") == _made_from(edition):
        return False
    package(edition, to, before.get("open_only", True))
    return True


def workbooks(
    edition: store.Edition, kommuner=(), tables=(), to: Path | None = None, firms: bool = False, dry=False
) -> Iterator[Path]:
    """Write an Excel workbook for each municipality (a sheet a table that it is in) and each table; gives their paths.

    Without `to` they lie among the edition's reports: `tall.xlsx` beside a municipality's pages, tables in `excel/`. firms: as for
    `package`; a table of single firms is refused without it. dry: only give the paths.
    """
    _apart(edition, to or edition.reports, firms)
    if private := [name for name in tables if pipeline.dataset(name).private and not firms]:
        raise WrongUse(f"Tabellen {private[0]} er om enkeltforetak: bruk --firms, og en mappe utenfor rapportene med --to")
    if kommuner:
        register = Register(edition.table("municipality_codes"), edition.table("municipality_changes"))
        names = edition.table("municipalities").set_index("komm_nr")["name"]
        for number in dict.fromkeys(register.find(kommune) for kommune in kommuner):
            place = f"{number}-{slug(names[number])}"
            path = to / f"{place}.xlsx" if to else edition.reports / place / "tall.xlsx"
            if not dry:
                store.write(path, workbook(edition, f"{names[number]} ({number})", _of(edition, number, firms)))
            yield path
    for name in tables:
        frame = edition.table(name)
        if len(frame) >= ROWS:
            raise WrongUse(f"Tabellen {name} har {len(frame)} rader, flere enn Excel tar: bruk datapakken (nlib export uten -t)")
        path = (to or edition.reports / "excel") / f"{name}.xlsx"
        if not dry:
            store.write(path, workbook(edition, pipeline.datasets()[name].title, {name: frame}))
        yield path


def workbook(edition: store.Edition, title: str, tables: dict[str, pd.DataFrame]) -> bytes:
    """An Excel workbook: a sheet on the sources, one on what the columns mean, and one a table; numbers are numbers."""
    book = openpyxl.Workbook(write_only=True)
    facts = [
        [title],
        [f"Utgave {edition.name}, laget med nlib {__version__}"],
        *([[real_of(edition, pipeline.origins(tables)) or SYNTHETIC]] if edition.synthetic else []),
        [NOTE],
    ]
    about = book.create_sheet("Kilder")
    fill(about, ["Ark", "Innhold", "Kilde", "Lenke", "Lisens", "Dato"], (), widths=(28, 44, 60, 44, 14, 32), above=facts)
    meanings = book.create_sheet("Kolonner")
    fill(meanings, ["Ark", "Kolonne", "Enhet", "Betydning"], (), widths=(28, 28, 22, 90))
    for name, frame in tables.items():
        dataset = pipeline.datasets()[name]
        for source in sources_of(edition, [name]) or [("nlib", "", "", "")]:
            about.append([cell(value) for value in (name, dataset.title, *source)])
        for row in dataset.columns()[["column", "unit", "meaning"]].itertuples(index=False):
            meanings.append([cell(value) for value in (name, *row)])
        shown = frame.drop(columns=[column for column in frame if frame[column].dtype == object])  # outlines: no cell holds one
        columns = [shown[column].astype(object).where(shown[column].notna(), None) for column in shown]
        fill(book.create_sheet(name), list(shown), zip(*columns, strict=True))
    return saved(book)


def _built(edition) -> list[Dataset]:
    return sorted((d for d in pipeline.datasets().values() if edition.holds_table(d.name)), key=lambda dataset: dataset.name)


def _apart(edition: store.Edition, to: Path, firms: bool) -> None:
    """`WrongUse` where figures of single firms would come among the reports, which are for everybody."""
    if firms and to.resolve().is_relative_to((edition.root / "reports").resolve()):
        raise WrongUse("Foretakenes regnskap skrives ikke blant rapportene: velg en mappe utenfor reports/ med --to")


def _of(edition, number, firms=False) -> dict[str, pd.DataFrame]:
    """A municipality's rows of every table that has any, by table."""
    found = {}
    for dataset in _built(edition):
        if dataset.private and not firms:
            continue
        table = edition.kept(dataset.name)
        if keys := [column for column in ("komm_nr", "home_nr", "work_nr") if column in table]:
            rows = table[table[keys].eq(number).any(axis=1)]
            if len(rows):
                found[dataset.name] = rows
    return found


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as a file of text can hold it: bytes in hexadecimals, and no text that is a formula."""
    changed = {}
    for column in frame:
        if frame[column].dtype == object:
            changed[column] = frame[column].map(bytes.hex).astype("str")
        elif frame[column].dtype == "str" and frame[column].str.startswith(FORMULA).fillna(False).any():
            changed[column] = frame[column].map(harmless, na_action="ignore")
    return frame.assign(**changed)


def _facts(edition, folder: Path, open_only: bool) -> Iterator[dict]:
    """Write the facts by indicator and by municipality; gives the description of each file.

    open_only: leave out indicators that are made from files whose licence is not known.
    """
    dataset, facts = pipeline.datasets()[FACTS], edition.table(FACTS).sort_values(["komm_nr", "year"])
    municipalities: dict[str, dict] = {}
    for row in CATALOGUE.to_dict("records"):
        name = row["indicator"]
        rows = facts[facts["indicator"] == name].drop(columns="indicator")
        if rows.empty:
            continue
        sources = sources_of(edition, sorted({text.partition(".")[0] for place in PLACES if (text := row[place])}))
        if open_only and _(UNTOLD) in {licence for __, __, licence, __ in sources}:
            continue
        body = _csv(rows)
        store.write(folder / f"{name}.csv", body)
        own = {"name": f"{FACTS}-{name}", "title": _(row["label"]), "description": _meaning(row)}
        yield _resource(dataset, rows, f"{name}.csv", body, sources) | own
        about = {key: row[key] for key in ("unit", "kind", "scope", "source")}
        about |= {"label": _(row["label"]), "decimals": int(row["decimals"]), "direction": int(row["direction"])}
        for year in rows.to_dict("records"):
            number = year.pop("komm_nr")
            municipalities.setdefault(number, {}).setdefault(name, about | {"years": []})["years"].append(_fact(year))
    names = edition.table("municipalities").set_index("komm_nr")["name"]
    municipalities = {number: municipalities[number] for number in sorted(names.index) if number in municipalities}
    for number, indicators in municipalities.items():
        content = {"komm_nr": number, "name": names[number], "edition": edition.name, "indicators": indicators}
        store.write(folder / f"{number}.json", f"{json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n".encode())
    if municipalities:
        yield {
            "$schema": f"{PROFILES}dataresource.json",
            "name": f"{FACTS}-by-municipality",
            "title": "Alle indikatorene for én kommune",
            "description": "En fil for hver kommune. Det som mangler, er utelatt; «comparable» står bare der det er usant, "
            "og «synthetic» der det er sant.",
            "path": [f"{number}.json" for number in municipalities],
            "format": "json",
            "mediatype": "application/json",
            "encoding": "utf-8",
        }


def _meaning(row: dict) -> str:
    """What a published indicator is, in a few words."""
    unit = f", {row['unit']}" if row["unit"] else ""
    return f"{_(row['label'])}{unit}: {row['kind']}, {row['scope']}. Plass 1 er høyest."


def _fact(fact: dict) -> dict:
    """A fact without what is missing and what is as usual; whole numbers are whole."""
    usual = {"comparable": True, "synthetic": False}
    known = {name: value for name, value in fact.items() if pd.notna(value) and usual.get(name) is not value}
    return {name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in known.items()}


def _csv(frame: pd.DataFrame) -> bytes:
    body = io.BytesIO()
    pyarrow.csv.write_csv(pa.Table.from_pandas(frame, preserve_index=False), body)
    return body.getvalue()


def _made_from(edition) -> str:
    """A hash of all that a package hangs on: tables, what is known of their sources, what is never in it, nlib's version."""
    private = [dataset.name for dataset in pipeline.datasets().values() if dataset.private]
    return store.sha256(" ".join([*(store.digest(path) for path in edition.manifests), *private, __version__]).encode())


def _described(edition, resources, open_only) -> dict:
    """The description of the package."""
    fetched = [source["files"][0]["fetched"] for source in edition.raw_manifest().get("sources", {}).values()]
    moments = [*fetched, *(entry["when"] for entry in edition.imports())]
    what = "Alle tabellene i en utgave av nlib, åpne analyser av norske kommuner. Tallene står på dagens kommuner."
    demo = f"{(real_of(edition) or SYNTHETIC).rstrip('.')}. " if edition.synthetic else ""
    description = {
        "$schema": f"{PROFILES}datapackage.json",
        "name": f"nlib-{slug(edition.name)}",
        "title": f"Kommunetall, utgave {edition.name}",
        "description": f"{demo}{what} {NOTE}",
        "version": edition.name,
        "nlib": {"version": __version__, "commit": commit(Path(__file__).parent), "synthetic": edition.synthetic}
        | {"accepted": edition.processed_manifest().get("accepted", {})}
        | {"open_only": open_only, "made_from": _made_from(edition)},
    }
    if moments:
        description["created"] = max(moments)
    if all("licenses" in resource for resource in resources):
        named = {licence["name"]: licence for resource in resources for licence in resource["licenses"]}
        description |= {"licenses": list(named.values())} if named else {}
    return description | {"resources": resources}


def _resource(dataset: Dataset, frame: pd.DataFrame, path: str, body: bytes, sources) -> dict:
    """The description of one table: its file, columns, key, sources, and licences where all of them are known."""
    description = {
        "$schema": f"{PROFILES}dataresource.json",
        "name": dataset.name,
        "type": "table",
        "title": dataset.title,
        "description": " ".join((dataset.build.__doc__ or "").split()),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(body),
        "hash": f"sha256:{store.sha256(body)}",
        "rows": len(frame),
    }
    listed = [{"title": text, "path": address, "licence": licence, "dated": dated} for text, address, licence, dated in sources]
    description |= {"sources": [{name: value for name, value in source.items() if value} for source in listed]} if listed else {}
    licences = dict.fromkeys(licence for __, __, licence, __ in sources)
    if licences and _(UNTOLD) not in licences:
        description["licenses"] = [KNOWN.get(licence, {"name": licence}) for licence in licences]
    return description | {"schema": _schema(dataset, frame)}


def _schema(dataset: Dataset, frame: pd.DataFrame) -> dict:
    columns = dataset.schema.to_schema().columns
    fields = [_field(name, columns[name], frame[name]) for name in frame]
    key = [name for name in dataset.key if name in frame]
    whole = not frame[key].isna().any(axis=None) and not frame[key].eq("").any(axis=None)
    unique = {"primaryKey": key} if whole else {"uniqueKeys": [key]}
    return {"$schema": f"{PROFILES}tableschema.json", "fields": fields, "missingValues": [""]} | unique


def _field(name: str, contract, cells: pd.Series) -> dict:
    """A column: its type, meaning and unit, and what its contract says that the values keep to."""
    kinds = {"boolean": pd.api.types.is_bool_dtype, "integer": pd.api.types.is_integer_dtype, "number": pd.api.types.is_float_dtype}
    constraints: dict = {"required": True} if not contract.nullable and not cells.eq("").any() else {}
    for check in contract.checks:
        if check.name in CONSTRAINTS:
            constraint, statistic = CONSTRAINTS[check.name]
            value = check.statistics[statistic]
            constraints[constraint] = list(value) if constraint == "enum" else getattr(value, "pattern", value)
    field = {"name": name, "type": next((kind for kind, is_kind in kinds.items() if is_kind(cells)), "string")}
    field["description"] = contract.description
    unit = (contract.metadata or {}).get("unit")
    return field | ({"unit": unit} if unit else {}) | ({"constraints": constraints} if constraints else {})
