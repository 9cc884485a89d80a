"""The researcher's desk: municipalities, tables, indicators and maps by short names, `nlib.table("commuting")` and the like.

Everything reads an edition, the newest where none is named; nothing writes.
Frames have the columns that the tables declare, and texts are in bokmål. Faults are the named errors of `nlib.core.errors`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import pandas as pd

from nlib import indicators as indicators
from nlib.build import pipeline, regions
from nlib.charts.chart import Chart, Missing
from nlib.core import store
from nlib.core.catalogue import LISTED as CATALOGUE
from nlib.core.errors import UnknownMunicipality, UnknownTable, WrongParameter, WrongUse
from nlib.core.language import listed, short_name
from nlib.core.meant import near, question
from nlib.core.municipalities import fold, spellings
from nlib.desk import places
from nlib.desk.asking import checked
from nlib.desk.places import EVERY, Places, Years
from nlib.desk.view import WHERE, View
from nlib.desk.view import view as view

if TYPE_CHECKING:  # geopandas takes a second to load
    from nlib.desk.maps import Map

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


kommune = view


@checked
def region(kommuner: Sequence[str], name: str, edition: str = "") -> View:
    """Several municipalities as one place, by number or name: as a `View`, with every table and figure that one municipality has.

    >>> romerike = nlib.region(["3222", "Lillestrøm", "3224"], name="Nedre Romerike")
    >>> int(romerike.rows("commuting")["live_and_work"].iloc[-1]) > 0
    True

    Counts are added and rates made of the added counts; those who commute between the members stay inside; models are estimated
    with the region as one of the places. What cannot be added up (medians, key figures of accounts) is missing. Tables are built
    when they are asked for, and kept with the edition.
    """
    return View(regions.named(store.edition(edition or None), kommuner, name), edition)


class Kommuner:
    """The municipalities of the newest edition, each a `View`; number, name or an unambiguous beginning of a name will do.

    >>> nlib.kommuner["Lørens"].name
    'Lørenskog'
    >>> nlib.kommuner.Lørenskog.komm_nr
    '3222'

    Iterating gives one name for each. Names that two share are distinguished by county: `nlib.kommuner["Våler (Innlandet)"]`,
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
            todo = 'Prøv nlib.kommuner["navn"], og tast Tab'
            meant = question((f"nlib.kommuner.{each}" for each in near(name, _identifiers())), todo)
            raise AttributeError(f"Ingen kommune kan skrives nlib.kommuner.{name}. {meant}")
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


@checked
def tables(edition: str = "") -> pd.DataFrame:
    """The tables of an edition, a row each: `title`, `rows`, `years`, `source`, `licence`, `updated` (at the source).

    >>> nlib.tables().loc["commuting", "title"]
    'Pendling'
    """
    return _listed(store.edition(edition or None))


@checked
def table(name: str, edition: str = "", kommune: Places = EVERY, years: Years = None, beside: bool = False) -> pd.DataFrame:
    """A table of an edition; its `.attrs` hold `title`, `source`, `licence`, `edition`, `columns`, `breaks` and more.

    >>> commuting = nlib.table("commuting")
    >>> commuting.attrs["columns"]["out_pct"]["unit"]
    'prosent'
    >>> nlib.table("commuting", kommune="Lørenskog", years=(2017, 2018), beside=True)["komm_nr"].unique().tolist()
    ['3222', '3200', '0000']

    kommune: only the rows of these, by number or name, or of a region; years: one, or from the first to the last; beside: the
    rows of their counties («3200») and of the nation («0000») after them (`.attrs["beside"]` says of whom), with the values that
    `indicator` gives and counts added up; what cannot be added up is missing there. `.attrs["synthetic"]` tells whether any of
    the table rests on invented figures, `.attrs["invented"]` the years in which each column does. The frame is the caller's own.
    `UnknownTable` suggests near names.
    """
    declared, (chosen, views) = pipeline.dataset(name), places.asked(kommune, edition, beside)
    parts, others = places.around(chosen, views, declared) if beside else ([], {})
    frame = pd.concat([*(view.rows(name) for view in views), *parts], ignore_index=True) if views else chosen.kept(name)
    frame = places.within(frame, years, f"Tabellen {name}")
    described = _listed(chosen, (name,)).loc[name].to_dict()
    columns = declared.columns().set_index("column")[["unit", "meaning"]].to_dict("index")
    breaks = {year: why for raw in pipeline.origins([name]).values() for year, why in raw.breaks.items()}
    invented = chosen.invented(name)
    about = {"edition": chosen.name, "synthetic": invented.any, "columns": columns, "breaks": breaks}
    about["invented"] = {column: sorted(of) for column, of in invented.columns.items() if of}
    frame.attrs = {"table": name, **described, **about} | ({"beside": others} if beside else {})
    return frame


@checked
def describe(name: str) -> pd.DataFrame:
    """What the columns of a table are, a row each: `unit`, `meaning`, `dtype`; those of the key first, as in the table.

    >>> nlib.describe("commuting").loc["out_pct", "unit"]
    'prosent'
    """
    return pipeline.dataset(name).columns().set_index("column")[["unit", "meaning", "dtype"]]


@checked
def indicator(name: str, kommune: Places = EVERY, edition: str = "", years: Years = None, beside: bool = False) -> pd.DataFrame:
    """A published indicator: the facts that reports say, of these municipalities (number or name), or of all of them.

    >>> out = nlib.indicator("out_pct", ["Lørenskog", "Lillestrøm"])
    >>> out.query("komm_nr == '3222' and year == 2017")["value"].round(1).tolist()
    [69.3]
    >>> nlib.indicator("out_pct", "Lørenskog", years=2021, beside=True)["komm_nr"].tolist()
    ['3222', '3200', '0000']

    A row a municipality and year with `value`, `low` and `high` (90 percent, of what is estimated), `rank` (1 is highest) among
    `n`, its band, and the `nation`; `.attrs["catalogue"]` is what the catalogue says of it: unit, kind, direction, scope, source.
    kommune and years as for `table`; beside: of the counties' municipalities and of all together, as reports say the nation's (a
    count is added up, a rate is the weighted mean: who commutes inside a county counts as commuting). Those have no rank, nor has
    a region. `nlib list indikatorer` has them all; `UnknownTable` names those that are like an unknown one.
    """
    if name not in CATALOGUE.index:
        raise UnknownTable(f"Indikatoren «{name}» finnes ikke. {question(near(name, CATALOGUE.index), 'Se nlib list indikatorer')}")
    chosen, views = places.asked(kommune, edition, beside)
    rows = chosen.table("facts")
    rows = rows[rows["indicator"] == name].drop(columns="indicator").reset_index(drop=True)
    if views:
        parts = [places.facts(each, name) if each.edition.regions else rows[rows["komm_nr"] == each.komm_nr] for each in views]
        parts += places.beside_facts(chosen, views, name) if beside else []
        invented = rows.loc[rows["synthetic"], "year"]
        whole = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True).reindex(columns=list(rows))
        rows = whole.assign(synthetic=whole["year"].isin(invented)).astype(rows.dtypes.to_dict() | {"n": "Int64", "tied": "Int64"})
    rows = places.within(rows, years, name)
    rows.attrs |= {"edition": chosen.name, "catalogue": CATALOGUE.loc[name].to_dict()}
    return rows


@checked
def map(values: pd.Series, edition: str = "") -> "Map":
    """Values of municipalities on the map: a GeoDataFrame (EPSG:25833) with a row for each of today's municipalities.

    >>> out = nlib.indicator("out_pct", years=2021).set_index("komm_nr")["value"]
    >>> drawn = nlib.map(out.rename("Andel som pendler ut, prosent"))
    >>> len(drawn), drawn.crs.to_epsg(), drawn.columns.tolist()
    (357, 25833, ['komm_nr', 'name', 'Andel som pendler ut, prosent', 'outline', 'geometry'])

    values: by number or name of today; those that are not there are missing. `.figure()` is a quick picture, a matplotlib Figure;
    geopandas' `.plot` and `.explore` draw others, `.to_file("kart.gpkg")` keeps it. `outline` is the municipality whose outline it
    is: its own, but where a map is older than a division.
    """
    from nlib.desk.maps import on_map

    return on_map(values, edition, _names())


@checked
def compare(
    table: pd.DataFrame, column: str, kommune: Annotated[str | int, WHERE], others: str | Sequence[str] = (), years: Years = None
) -> Chart | Missing:
    """A municipality's figures year by year beside those of others, by number or name; its comparison group where none is named.

    >>> nlib.compare(nlib.table("commuting"), "out_pct", "Lørenskog", ["Lillestrøm", "Rælingen"]).table.columns.tolist()
    ['År', 'Lørenskog', 'Lillestrøm', 'Rælingen', 'Sammenlignbar']

    table: with a row for each `komm_nr` and `year`, one of `nlib.table` or your own; years: as for `table`.
    """
    from nlib.themes.sammenligning import figures as sammenligning  # what draws takes half a second to load

    if column in table and not pd.api.types.is_numeric_dtype(table[column]):
        raise WrongUse(f"Kolonnen {column} er ikke tall, og kan ikke tegnes år for år")
    chosen = View(kommune, table.attrs.get("edition", ""), (others,) if isinstance(others, str) else tuple(others))
    names = {number: short_name(View(number, chosen.edition.name).name) for number in [chosen.komm_nr, *chosen.compare]}
    return sammenligning.lines(places.within(table, years, table.attrs.get("table", "Tabellen")), column, names)


def _listed(edition, only=()):
    rows = pipeline.listed(edition, only)
    return rows.reindex(columns=list(LISTED)).rename(columns=LISTED, errors="raise").set_index("table")


def _names() -> dict[str, str]:
    """Every way of writing a municipality's name, in its languages, that is one municipality's only, with its number."""
    edition = store.edition()
    return _spelt(edition, *edition.digests("municipalities"))


@lru_cache(maxsize=2)
def _spelt(edition, digest):
    numbers_of: dict[str, set[str]] = {}
    for number, name in edition.kept("municipalities")[["komm_nr", "name"]].itertuples(index=False):
        for spelling in spellings(name):
            numbers_of.setdefault(spelling, set()).add(number)
    return {spelling: next(iter(numbers)) for spelling, numbers in numbers_of.items() if len(numbers) == 1}


def _identifiers() -> dict[str, str]:
    """The same as Python can write them, `Nord_Odal`, with their numbers."""
    return {re.sub(r"\W+", "_", name).strip("_"): number for name, number in _names().items()}
