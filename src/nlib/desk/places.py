"""Whom a table or an indicator is asked of: municipalities and regions, with their counties and the nation beside."""

from collections.abc import Callable, Sequence
from numbers import Integral

import pandas as pd

from nlib.build import regions
from nlib.core import store
from nlib.core.catalogue import LISTED, beside, square
from nlib.core.errors import NlibError, WrongParameter
from nlib.core.store import Edition
from nlib.desk.view import View
from nlib.indicators.facts import together

Place = str | int | View
Places = Place | Sequence[Place]
Years = int | range | Sequence[int] | None
NATION = "0000"


def asked(kommune: Places, edition: str, others: bool) -> tuple[Edition, list[View]]:
    """The edition that is asked, and the places; that of the places' own where none is named."""
    if kommune is None:
        raise WrongParameter('Parameteren kommune må være nummer eller navn, ett eller en liste, for eksempel ["0301"], ikke None')
    given = [kommune] if isinstance(kommune, Place) else list(kommune)
    own = next((place.edition.name.partition("+")[0] for place in given if isinstance(place, View)), "")
    chosen = store.edition(edition or own or None)
    views = [place if isinstance(place, View) else View(place, chosen.name) for place in given]
    if others and not views:
        raise WrongParameter("Si hvilken kommune med kommune=, så kommer fylket og landet ved siden av")
    return chosen, views


def around(edition: Edition, views: list[View], name: str) -> tuple[list[pd.DataFrame], dict[str, str]]:
    """A table's rows of the places' counties and of the nation, and what these are called; a model of many has none of one.

    A county has the number of a region of some of its municipalities; it stands as «32» where that is among the places.
    """
    taken = {region.number: region for view in views for region in view.edition.regions}
    parts, named = [], {}
    for region in (*filter(None, (regions.county(edition, number) for number in counties(views))), regions.nation(edition)):
        if region == taken.get(region.number):
            continue
        number = region.number[:2] if region.number in taken else region.number
        try:
            found = View(region, edition.name).rows(name)
        except NlibError as error:
            named[number] = f"{region.name}: {error}"
        else:
            parts.append(found.assign(komm_nr=number))
            named[number] = region.name
    return parts, named


def counties(views: list[View]) -> list[str]:
    """The numbers of the counties that places lie in, «32»."""
    members = {region.number: region.members for view in views for region in view.edition.regions}
    return list(dict.fromkeys(number[:2] for view in views for number in members.get(view.komm_nr, [view.komm_nr])))


def span(years: Years) -> tuple[int, int] | None:
    """The first year and the last, of a year, a range, or a pair of these two; None where none are chosen."""
    if years is None:
        return None
    asked = (
        [years, years] if isinstance(years, Integral) else [years[0], years[-1]] if isinstance(years, range) and years else years
    )
    if isinstance(asked, tuple | list) and len(asked) == 2 and all(isinstance(year, Integral) for year in asked):
        return int(asked[0]), int(asked[1])
    raise WrongParameter(f"Parameteren years må være et år, 2020, eller det første og det siste, (2015, 2020), ikke {years!r}")


def within(frame: pd.DataFrame, years: Years, name: str) -> pd.DataFrame:
    """The rows from the first year to the last."""
    chosen = span(years)
    if chosen is None:
        return frame
    if "year" not in frame:
        raise WrongParameter(f"{name} har ingen år")
    return frame[frame["year"].between(*chosen)].reset_index(drop=True)


def facts(view: View, name: str) -> pd.DataFrame:
    """An indicator of a region, as the catalogue says that it is made of the region's own tables: its value, interval and years."""
    row, tables = LISTED.loc[name], Tables(view.table)
    value, comparable = square(row["figure"], tables)
    own = value[value.index == view.komm_nr]
    found = {"value": own, "comparable": comparable.reindex_like(own).eq(True)}
    found |= {column: beside(row[column], tables, own) for column in ("low", "high")}
    rows = pd.DataFrame({column: wide.stack(future_stack=True) for column, wide in found.items()})
    return rows.dropna(subset="value").rename_axis(["komm_nr", "year"]).reset_index()


def beside_facts(edition: Edition, views: list[View], name: str, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """An indicator of the places' counties and the nation: of municipalities together, as reports say the nation's.

    rows: the indicator's of all municipalities.
    """
    row, tables = LISTED.loc[name], Tables(edition.kept)
    value, _ = square(row["figure"], tables)
    taken = {view.komm_nr for view in views}
    called = {number: number if f"{number}00" in taken else f"{number}00" for number in counties(views)}
    values = {called[number]: together(row, value[value.index.str[:2] == number], tables) for number in called}
    values[NATION] = rows.drop_duplicates("year").set_index("year")["nation"]
    series = {number: whole.rename("value").rename_axis("year").dropna().sort_index() for number, whole in values.items()}
    return [whole.reset_index().assign(komm_nr=number, comparable=True) for number, whole in series.items()]


class Tables(dict):
    """Tables that are read when they are asked for."""

    def __init__(self, read: Callable[[str], pd.DataFrame]):
        super().__init__()
        self._read = read

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = self._read(name)
        return self[name]
