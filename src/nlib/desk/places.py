"""Whom a table or an indicator is asked of: municipalities and regions, with their counties and the nation beside."""

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Annotated

import pandas as pd

from nlib.build import regions
from nlib.core import store
from nlib.core.catalogue import LISTED, beside, chosen, figure, square
from nlib.core.errors import WrongParameter
from nlib.core.language import spans
from nlib.core.municipalities import resource
from nlib.core.store import Edition
from nlib.core.tables import Dataset
from nlib.desk.view import View
from nlib.indicators.facts import together

Place = str | int | View
Places = Annotated[Place | Sequence[Place], "nummer eller navn, ett eller en liste"]
Years = Annotated[int | range | Sequence[int] | None, "et år, 2020, eller det første og det siste, (2015, 2020)"]
NATION = "0000"
EVERY: tuple[Place, ...] = ()  # what is asked of where no place is named


def asked(kommune: Places, edition: str, others: bool) -> tuple[Edition, list[View]]:
    """The edition that is asked, and the places; that of the places' own where none is named."""
    given = [kommune] if isinstance(kommune, Place | Integral) else list(kommune)
    if not given and kommune is not EVERY:
        raise WrongParameter("kommune er en tom liste: se om utvalget traff noen, eller la kommune være borte for å få alle")
    own = next((place.edition.name.partition("+")[0] for place in given if isinstance(place, View)), "")
    chosen = store.edition(edition or own or None)
    views = [place if isinstance(place, View) else View(place, chosen.name) for place in given]
    if others and not views:
        raise WrongParameter("Si hvilken kommune med kommune=, så kommer fylket og landet ved siden av")
    return chosen, views


def around(edition: Edition, views: list[View], declared: Dataset) -> tuple[list[pd.DataFrame], dict[str, str]]:
    """A table's rows of the places' counties and of the nation, their municipalities together, and what these are called.

    What the catalogue publishes is as `beside_facts` has it; other whole numbers with a unit are added up where those of every
    municipality are known; what is alike for all of them stays. The rest (rates, medians, ranks, models) cannot be had from that
    of the municipalities, and is missing; a row with nothing published or added up is left out.
    """
    if not {"komm_nr", "year"} <= {*declared.key} or declared.name in regions.OWN:
        return [], {}
    table, by = edition.kept(declared.name), [column for column in declared.key if column != "komm_nr"]
    about = declared.columns().query("column not in @declared.key and column != 'comparable'").set_index("column")
    adding = list(about.index[about["dtype"].eq("Int64") & ~about["unit"].isin(["", "år"])])
    places, parts = called(views) | {"": NATION}, []
    for begin, number in places.items():
        own = table[table["komm_nr"].str.startswith(begin)]
        parts.append(_added(own, by, list(about.index), adding).reset_index().assign(komm_nr=number))
    found, known = pd.concat(parts, ignore_index=True), list(adding)
    for name, text in LISTED["figure"].items():
        match = figure(text)
        if match["table"] == declared.name:
            known.append(match["column"])
            values = pd.concat(beside_facts(edition, views, name)).set_index(["komm_nr", "year"])["value"]
            value = values.reindex(pd.MultiIndex.from_frame(found[["komm_nr", "year"]])).set_axis(found.index)
            at = chosen(match, found).index
            found.loc[at, match["column"]] = value[at].astype(found[match["column"]].dtype)
    found = found.dropna(subset=known, how="all").reindex(columns=list(table))
    if "comparable" in found:
        found["comparable"] = True
    names = resource("counties.csv").set_index("county_nr")["county"]
    by_number = {number: names.get(begin, "Landet") for begin, number in places.items()}
    return [found], {number: name for number, name in by_number.items() if number in set(found["komm_nr"])}


def _added(own: pd.DataFrame, by: list[str], columns: list[str], adding: list[str]) -> pd.DataFrame:
    """Municipalities' rows together, by what else the table is keyed by; missing where they cannot be put together."""
    many, grouped = own["komm_nr"].nunique(), own.groupby(by)
    alike = grouped[columns].nunique(dropna=False).eq(1) & (many > 1)
    rows = grouped[columns].first().where(alike)
    whole = own["year"].map(own.groupby("year")["komm_nr"].nunique().eq(many))
    summed = own[adding].notna().mul(whole, axis=0).groupby([own[column] for column in by]).all()
    rows[adding] = grouped[adding].sum().where(summed)
    kinds = own[columns].dtypes.astype(str).replace({"int64": "Int64", "bool": "boolean"})
    return rows.astype(kinds.to_dict())


def called(views: list[View]) -> dict[str, str]:
    """What the counties that places lie in are called, by what their municipalities' numbers begin with: «3200», but «32» where
    that is a region among the places."""
    members = {region.number: region.members for view in views for region in view.edition.regions}
    taken = {view.komm_nr for view in views}
    begins = [number[:2] for view in views for number in members.get(view.komm_nr, [view.komm_nr])]
    return {begin: begin if f"{begin}00" in taken else f"{begin}00" for begin in begins}


def span(years: Years) -> tuple[int, int] | None:
    """The first year and the last, of a year, a range, or a pair of these two; None where none are chosen."""
    if years is None:
        return None
    asked = [years, years] if isinstance(years, Integral) else [*years[:1], *years[-1:]] if isinstance(years, range) else years
    match asked:
        case [Integral() as first, Integral() as last] if first <= last:
            return int(first), int(last)
    raise WrongParameter(f"Parameteren years må være et år, 2020, eller det første og det siste, (2015, 2020), ikke {years!r}")


def within(frame: pd.DataFrame, years: Years, name: str) -> pd.DataFrame:
    """The rows from the first year to the last; `WrongParameter` tells which years there are where none of those is."""
    chosen = span(years)
    if chosen is None:
        return frame
    if "year" not in frame:
        raise WrongParameter(f"{name} har ingen år")
    rows = frame[frame["year"].between(*chosen)].reset_index(drop=True)
    if rows.empty and len(frame):
        there = spans(frame["year"].unique())
        raise WrongParameter(f"{name} har tall for {there}, ikke for {spans(range(chosen[0], chosen[1] + 1))}")
    return rows


def facts(view: View, name: str) -> pd.DataFrame:
    """An indicator of a region, as the catalogue says that it is made of the region's own tables: its value, interval and years."""
    row = LISTED.loc[name]
    tables = _read(row, ("figure", "low", "high"), view.table)
    value, comparable = square(row["figure"], tables)
    own = value[value.index == view.komm_nr]
    found = {"value": own, "comparable": comparable.reindex_like(own).eq(True)}
    found |= {column: beside(row[column], tables, own) for column in ("low", "high")}
    rows = pd.DataFrame({column: wide.stack(future_stack=True) for column, wide in found.items()})
    return rows.dropna(subset="value").rename_axis(["komm_nr", "year"]).reset_index()


def beside_facts(edition: Edition, views: list[View], name: str) -> list[pd.DataFrame]:
    """An indicator of the places' counties and the nation: of municipalities together, as reports say the nation's."""
    row, facts = LISTED.loc[name], edition.kept("facts")
    tables = _read(row, ("figure", "weight"), edition.kept)
    value, _ = square(row["figure"], tables)
    values = {number: together(row, value[value.index.str[:2] == begin], tables) for begin, number in called(views).items()}
    values[NATION] = facts[facts["indicator"] == name].drop_duplicates("year").set_index("year")["nation"]
    series = {number: whole.rename("value").rename_axis("year").dropna().sort_index() for number, whole in values.items()}
    return [whole.reset_index().assign(komm_nr=number, comparable=True) for number, whole in series.items()]


def _read(row: pd.Series, needed: Sequence[str], read: Callable[[str], pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables that the catalogue names of an indicator in these columns, by name."""
    return {name: read(name) for name in {figure(row[place])["table"] for place in needed if row[place]}}
