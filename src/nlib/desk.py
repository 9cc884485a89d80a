"""The researcher's desk: municipalities, tables, figures, SQL and StatBank by short names, `nlib.table("commuting")` and the like.

Everything reads an edition, the newest where none is named; nothing writes. Frames have the columns that the tables declare, and
texts are in bokmål. Faults are the named errors of `nlib.errors`.
"""

import difflib
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import lru_cache

import pandas as pd
from matplotlib.figure import Figure

from nlib import fetch, pipeline, store
from nlib.errors import UnknownMunicipality, UnknownTable, WrongParameter, WrongUse
from nlib.figures import sammenligning
from nlib.figures.chart import Chart, Missing
from nlib.language import listed, short_name
from nlib.municipalities import fold, spellings
from nlib.readers import jsonstat
from nlib.statbank import StatBank
from nlib.view import View

LISTED = {
    "Tabell": "table",
    "Innhold": "title",
    "Rader": "rows",
    "År": "years",
    "Kilde": "source",
    "Lisens": "licence",
    "Oppdatert": "updated",
}
MOST = 12  # municipalities that are named where many begin alike


def _show_figures() -> None:
    """Let a notebook show a matplotlib Figure as pictures are shown, also one that pyplot has not made."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    try:
        shell.display_formatter.formatters["image/png"].lookup_by_type(Figure)
    except KeyError:
        from IPython.core.pylabtools import select_figure_formats

        select_figure_formats(shell, {"png"})


_show_figures()


def view(kommune: str, edition: str = "", compare: Sequence[str] = ()) -> View:
    """A municipality, by number or name, with its figures as the reports draw them.

    >>> nlib.view("Lørenskog").figure("pendling.trend").figure().get_size_inches().tolist()
    [7.2, 3.3]

    `.figure(id)` gives a `Chart`, and its `.figure()` a matplotlib Figure to change further; `.figure("<TAB>` completes the ids.
    """
    return View(kommune, edition, tuple(compare))


kommune = view


class Kommuner:
    """The municipalities of the newest edition, each a `View`; number, name or an unambiguous beginning of a name will do.

    >>> nlib.kommuner["Lørens"].name
    'Lørenskog'
    >>> nlib.kommuner.Lørenskog.komm_nr
    '3222'

    Iterating gives one name for each. Names that two share are told apart by county: `nlib.kommuner["Våler (Innlandet)"]`,
    `nlib.kommuner.Våler_Innlandet`.
    """

    def __getitem__(self, text: str) -> View:
        if not isinstance(text, str):
            raise WrongParameter(f'Skriv kommunen som tekst, for eksempel nlib.kommuner["0301"], ikke {text!r}')
        try:
            return View(text)
        except UnknownMunicipality:
            begun = {number: name for name, number in _names().items() if fold(name).startswith(fold(text))}
            if len(begun) == 1:
                return View(next(iter(begun)))
            if not begun:
                raise
        some = listed([f"{short_name(name)} ({number})" for number, name in sorted(begun.items())[:MOST]])
        more = f" og {len(begun) - MOST} til" if len(begun) > MOST else ""
        raise UnknownMunicipality(f"«{text}» er begynnelsen på flere kommuner: {some}{more}. Skriv mer av navnet, eller nummeret.")

    def __getattr__(self, name: str) -> View:
        number = None if name.startswith("_") else _identifiers().get(name)
        if number is None:
            raise AttributeError(f'Ingen kommune kan skrives nlib.kommuner.{name}: prøv nlib.kommuner["navn"], og tast Tab')
        return View(number)

    def __iter__(self) -> Iterator[str]:
        return iter([short_name(name) for name in store.edition().kept("municipalities")["name"]])

    def __len__(self) -> int:
        return len(store.edition().kept("municipalities"))

    def __dir__(self) -> list[str]:
        return list(_identifiers())

    def __repr__(self) -> str:
        return f'{len(self)} kommuner i utgaven {store.edition().name}: nlib.kommuner["Lørenskog"], nlib.kommuner.Lørenskog'

    def _ipython_key_completions_(self) -> list[str]:
        return [*_names(), *store.edition().kept("municipalities")["komm_nr"]]


kommuner = Kommuner()


def tables(edition: str = "") -> pd.DataFrame:
    """The tables of an edition, a row each: `title`, `rows`, `years`, `source`, `licence`, `updated` (at the source).

    >>> nlib.tables().loc["commuting", "title"]
    'Pendling'
    """
    return _listed(store.edition(edition or None))


def table(name: str, edition: str = "") -> pd.DataFrame:
    """A table of an edition; its `.attrs` hold `title`, `source`, `licence`, `edition`, `synthetic`, `columns` and `breaks`.

    >>> commuting = nlib.table("commuting")
    >>> commuting.attrs["columns"]["out_pct"]["unit"]
    'prosent'

    The frame is the caller's own: what is done to it is not seen elsewhere. `UnknownTable` suggests near names.
    """
    chosen, declared = store.edition(edition or None), _declared(name)
    frame = chosen.kept(name)
    told = _listed(chosen, (name,)).loc[name].to_dict()
    columns = declared.columns().set_index("column")[["unit", "meaning"]].to_dict("index")
    breaks = {year: why for raw in pipeline.origins([name]).values() for year, why in raw.breaks.items()}
    about = {"edition": chosen.name, "synthetic": chosen.synthetic, "columns": columns, "breaks": breaks}
    frame.attrs = {"table": name, **told, **about}
    return frame


def describe(name: str) -> pd.DataFrame:
    """What the columns of a table are, a row each: `unit`, `meaning`, `dtype`; those of the key first, as in the table.

    >>> nlib.describe("commuting").loc["out_pct", "unit"]
    'prosent'
    """
    return _declared(name).columns().set_index("column")[["unit", "meaning", "dtype"]]


def sql(query: str, edition: str = "") -> pd.DataFrame:
    """The answer to a SELECT over the tables of an edition, by DuckDB.

    >>> nlib.sql("select name from municipalities where komm_nr = '3222'")["name"].tolist()
    ['Lørenskog']

    Reads only: one statement, no files or network, nothing is kept. Counts with missing cells come as float64.
    `WrongUse` says what DuckDB did not understand.
    """
    import duckdb

    chosen = store.edition(edition or None)
    with closing(duckdb.connect(config={"enable_external_access": False, "lock_configuration": True})) as connection:
        try:
            statements = connection.extract_statements(query)
            if [s.type for s in statements] not in ([duckdb.StatementType.SELECT], [duckdb.StatementType.EXPLAIN]):
                raise WrongUse("nlib.sql tar én spørring som leser (SELECT); utgavens tabeller kan ikke endres herfra")
            for name in set(re.findall(r"\w+", query.casefold())) & chosen.processed_manifest().get("tables", {}).keys():
                connection.register(name, chosen.kept(name))
            return connection.execute(statements[0]).df()
        except duckdb.Error as error:
            raise WrongUse(f"Spørringen kan ikke kjøres: {_fault(error)}. DuckDB sier: {error}") from error


def _fault(error: Exception) -> str:
    """What kind of fault DuckDB found."""
    kinds = {
        "ParserException": "SQL-en er skrevet feil",
        "BinderException": "en kolonne finnes ikke eller passer ikke (se nlib.describe)",
        "CatalogException": "en tabell eller funksjon finnes ikke (se nlib.tables)",
        "PermissionException": "filer og nett er stengt herfra",
        "ConversionException": "en verdi kan ikke gjøres om til typen det er bedt om",
    }
    return kinds.get(type(error).__name__, "den lar seg ikke regne ut")


def compare(
    table: pd.DataFrame, column: str, kommune: str, others: Sequence[str] = (), years: tuple[int, int] | None = None
) -> Chart | Missing:
    """A municipality's figures year by year beside those of others, by number or name; its comparison group where none is named.

    >>> nlib.compare(nlib.table("commuting"), "out_pct", "Lørenskog", ["Lillestrøm", "Rælingen"]).table.columns.tolist()
    ['År', 'Lørenskog', 'Lillestrøm', 'Rælingen']

    table: with a row for each `komm_nr` and `year`, one of `nlib.table` or your own; years: the first and the last.
    """
    chosen = View(kommune, table.attrs.get("edition", ""), tuple(others))
    names = {number: short_name(View(number, chosen.edition.name).name) for number in [chosen.komm_nr, *chosen.compare]}
    return sammenligning.lines(table, column, names, years)


def ssb_search(words: str) -> pd.DataFrame:
    """The tables of SSB's StatBank that answer to some words, a row each: `title`, `first`, `last`, `variables`.

    >>> "07459" in nlib.ssb_search("befolkning").index
    True

    Asks `NLIB_API`, or SSB. `SourceUnavailable` where there is no answer.
    """
    found = {
        row["id"]: {
            "title": row["label"].removeprefix(f"{row['id']}: "),
            "first": row.get("firstPeriod", ""),
            "last": row.get("lastPeriod", ""),
            "variables": ", ".join(row.get("variableNames", ())),
        }
        for row in fetch.service().pxweb.search(words)
    }
    return pd.DataFrame.from_dict(found, orient="index", columns=["title", "first", "last", "variables"]).rename_axis("table")


def ssb_variables(table: str) -> pd.DataFrame:
    """The variables of a StatBank table, a row each: `title`, `codes` (how many), `examples`, `eliminable` (SSB sums over it).

    >>> "Region" in nlib.ssb_variables("07459").index
    True
    """
    metadata = fetch.service().pxweb.metadata(table)
    titles, eliminable = jsonstat.titles(metadata), jsonstat.eliminable(metadata)
    rows = {
        variable: {
            "title": titles[variable],
            "codes": len(names),
            "examples": ", ".join(f"{code} ({name})" if name != code else code for code, name in list(names.items())[:3]),
            "eliminable": variable in eliminable,
        }
        for variable, names in jsonstat.labels(metadata).items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("variable")


def ssb_series(declared: StatBank, edition: str = "") -> pd.DataFrame:
    """A StatBank table's counts on today's municipalities, `komm_nr`, `year`, figures and `comparable`, straight from SSB.

    declared: which table and variables, and what we call them. Nothing is kept: to have it in every edition, put the
    declaration in a module of `nlib.sources`. Municipalities and their changes are the edition's.

    >>> from nlib.statbank import StatBank
    >>> declared = StatBank(
    ...     table="07459", title="Folketall", keys={"Region": "komm_nr"}, contents={"Personer1": "population"}, day="01-01"
    ... )
    >>> nlib.ssb_series(declared).columns.tolist()
    ['komm_nr', 'year', 'population', 'comparable']
    """
    client, chosen = fetch.service(), store.edition(edition or None)
    plan = client.plan(declared.query)
    raw = jsonstat.read([client.get(call, plan).body for call in plan.calls], declared.named)
    frame = declared.today(raw, chosen.kept("municipality_codes"), chosen.kept("municipality_changes"))
    frame.attrs = {"title": declared.title, "source": f"SSB, tabell {declared.table}", "updated": plan.updated or ""}
    return frame


def _declared(name):
    declared = pipeline.datasets()
    if name not in declared:
        near = difflib.get_close_matches(name, declared, n=3)
        raise UnknownTable(
            f"Ingen tabell heter «{name}». " + (f"Mente du {listed(near, 'eller')}?" if near else "Se nlib.tables().")
        )
    return declared[name]


def _listed(edition, only=()):
    rows = pipeline.describe(edition, only)
    return rows.reindex(columns=list(LISTED)).rename(columns=LISTED, errors="raise").set_index("table")


def _names() -> dict[str, str]:
    """Every way of writing a municipality's name, in its languages, that is one municipality's only, with its number."""
    edition = store.edition()
    return _spelt(edition, *edition.digests("municipalities"))


@lru_cache(maxsize=2)
def _spelt(edition, digest):
    held: dict[str, set[str]] = {}
    for number, name in edition.kept("municipalities")[["komm_nr", "name"]].itertuples(index=False):
        for spelling in spellings(name):
            held.setdefault(spelling, set()).add(number)
    return {spelling: next(iter(numbers)) for spelling, numbers in held.items() if len(numbers) == 1}


def _identifiers() -> dict[str, str]:
    """The same as Python can write them, `Nord_Odal`, with their numbers."""
    return {re.sub(r"\W+", "_", name).strip("_"): number for name, number in _names().items()}
