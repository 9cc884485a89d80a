"""The index of an edition: every municipality by county and on a map, key figures, what is new.

Works from a file share, by keyboard, and without its script.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from nlib.charts.html import csv_address
from nlib.core.language import MISSING, alphabetical, number
from nlib.core.municipalities import fold, slug
from nlib.core.translations import _
from nlib.press.index_figures import KeyFigures
from nlib.press.index_map import DOT, Drawing
from nlib.press.render import checked, own_style, resource, script

MANY, TOO_MANY = 500, 2_000  # places from which the index has but one link for each, and from which it has counties alone
MAIN = "rapport"


@dataclass(frozen=True)
class Entry:
    """A municipality in the index, with the pages it has, of which one link leads to the first, and the papers of its report.

    pages, papers: (text, address from the index).
    """

    number: str
    name: str
    county: str
    pages: tuple[tuple[str, str], ...] = ()
    papers: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """What a search looks in."""
        return fold(f"{self.number} {self.name} {self.county}")

    @property
    def first(self) -> str:
        """Where one click leads: the summary, else the first page there is; empty where none is made."""
        return next((to for __, to in self.pages if to.endswith(f"/{MAIN}.html")), self.pages[0][1] if self.pages else "")


def index_html(
    entries: list[Entry],
    edition_facts: dict,
    news: Sequence[str] = (),
    figures: KeyFigures | None = None,
    drawing: Drawing | None = None,
    downloads: Sequence[tuple[str, str]] = (),
    run: str = "",
    since: bool = False,
    once: Sequence[tuple[str, str]] = (),
    within: str = "",
) -> str:
    """The index as one page, whole and checked; of `MANY` places or more it leads to the pages of their counties (`of_counties`).

    news: what has changed since the last edition; downloads: (text, address from the index); run: the
    address of the page on the last yearly run, empty where there is none; since: whether there is a page on what is new;
    once: (text, address from the index) of the pages that are the same for all municipalities; within: the county that this is
    the page of, where it is.
    PageRejected lists every rule broken.
    """
    counties: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: (alphabetical(e.county), alphabetical(e.name), e.number)):
        counties.setdefault(entry.county, []).append(entry)
    by_number = {entry.number: entry for entry in entries}
    parted, searched = len(entries) >= MANY and not within, len(entries) < TOO_MANY or bool(within)
    made = sum(bool(entry.pages) for entry in entries)
    if parted:
        figures = None
    if parted or made < 2:  # a map of one place is a spot on grey ground, and the list has it
        drawing = None
    return checked(
        "index.html.j2",
        own_style() + resource("index.css"),
        script("index.js") if searched else "",
        facts=edition_facts,
        entries=entries,
        made=made,
        counties=[
            (county, of_county(county) if parted else "", len(places), places if searched else ())
            for county, places in counties.items()
        ],
        searched=searched,
        within=within,
        news=news,
        shapes=_shapes(drawing, by_number) if drawing else [],
        drawing=drawing,
        dot=DOT,
        figures=figures,
        rows=_rows(figures, by_number) if figures else [],
        csv=csv_address(figures.table, figures.decimals) if figures else "",
        downloads=downloads,
        run=run,
        since=since,
        once=once,
    )


def of_county(county: str) -> str:
    """What the page of a county is called."""
    return f"fylke-{slug(county)}.html"


def of_counties(
    entries: list[Entry], edition_facts: dict, figures: KeyFigures | None, drawn: Callable[[list[str]], Drawing | None]
) -> dict[str, str]:
    """The page of each county, by its name, where there are so many places that the index is parted; none where it is not.

    drawn: gives the map of these municipalities.
    """
    if len(entries) < MANY:
        return {}
    pages: dict[str, str] = {}
    for county in sorted({entry.county for entry in entries}):
        places = [entry for entry in entries if entry.county == county]
        numbers = [entry.number for entry in places]
        own = figures and replace(figures, table=figures.table[figures.table[_("Nr")].isin(numbers)])
        pages[of_county(county)] = index_html(places, edition_facts, figures=own, drawing=drawn(numbers), within=county)
    return pages


def _shapes(drawing: Drawing, entries: dict[str, Entry]) -> list[dict]:
    """The outlines of municipalities in the index, each with what it is called and where it leads; in alphabetical order."""
    shapes = []
    for outline in drawing.outlines:
        here = [entries[n] for n in (outline.number, *outline.also) if n in entries]
        if here:
            name = here[0].name + "".join(_(" (tegnet sammen med {name})", name=other.name) for other in here[1:])
            to = here[0].first
            shape_of = {"name": name, "to": to, "path": outline.path, "dot": outline.dot}
            shapes.append(shape_of | {"order": (alphabetical(name), outline.number)})
    return sorted(shapes, key=lambda shape: shape["order"])


def _rows(figures: KeyFigures, entries: dict[str, Entry]) -> list[dict]:
    """The table of key figures as it is written, a row a municipality."""
    columns = {
        label: [MISSING if pd.isna(value) else number(value, figures.decimals[label]) for value in figures.table[label]]
        for label in figures.years
    }
    cells = zip(*columns.values(), strict=True) if columns else ((),) * len(figures.table)
    named = zip(figures.table[_("Nr")], figures.table[_("Kommune")], figures.table[_("Fylke")], cells, strict=True)
    return [
        {"number": nr, "name": name, "county": county, "to": entries[nr].first if nr in entries else "", "cells": row}
        for nr, name, county, row in named
    ]
