"""The few figures that tell how it goes with a municipality, from all themes, with what is needed to choose among them."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from nlib.core.breaks import A_ORDNINGEN
from nlib.core.errors import InvalidTable
from nlib.core.invented import Invented
from nlib.core.municipalities import resource
from nlib.core.tables import KOMM_NR, LINEAGE, Dataset, Table, column

KEY = ["komm_nr", "year"]
LATEST = 10  # years of each figure that are kept
SPAN = 5  # years that a change is measured over
STEPS = 9  # of the latest yearly changes that tell how much a figure swings, and the fewest that do
FEWEST_STEPS = 4
NINETY = 1.645  # standard deviations either side of a normal mean that hold nine of ten
FIGURE = re.compile(r"(?P<table>\w+)\.(?P<column>\w+)(?:\[(?P<rows>[^\]]+)\])?")
LISTED = resource("headline_figures.csv").fillna("")
TABLES = tuple(
    dict.fromkeys(text.partition(".")[0] for named in ("figure", "weight", "low", "high") for text in LISTED[named] if text)
)
TEXTS = ["indicator", "theme", "label", "subject", "unit", "kind", "highest", "chart", "source"]


class Headlines(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=1980, le=2100)
    indicator: str = column("Nøkkeltallets navn i nlib", isin=list(LISTED["indicator"]))
    position: int = column("Plass i listen over nøkkeltall", ge=1)
    theme: str = column("Temaet det hører til")
    label: str = column("Hva det heter i en tabell")
    subject: str = column("Hva det heter i en setning")
    unit: str = column("Enhet; tom for antall")
    decimals: int = column("Desimaler det skrives med", ge=0)
    kind: str = column("rate: kan sammenlignes mellom kommuner; count: antall", isin=["rate", "count"])
    highest: str = column("Hva plass 1 betyr")
    chart: str = column("Figuren som viser det, som tema.figur")
    source: str = column("Tabell hos SSB, eller nlib der det er regnet ut av flere")
    value: float = column("Tallet", "som unit sier", nullable=True)
    national_value: float = column("Landets tall, eller snittet av kommunene", "som unit sier", nullable=True)
    national_mean: bool = column("Sann når national_value er et uvektet snitt av kommunene")
    spread: float = column("Typisk forskjell mellom kommuner (kvartilavstand / 1,349)", "som unit sier", ge=0, nullable=True)
    noise: float = column("Så mye tallet kan svinge tilfeldig (90 prosent)", "som unit sier", ge=0, nullable=True)
    rank: pd.Int64Dtype = column("Plass, 1 er høyest", ge=1, nullable=True)
    n: int = column("Antall kommuner som er rangert", ge=0)
    change_5y: float = column("Endring på fem år", "som change_unit sier", nullable=True)
    change_unit: str = column("percent: prosent; points: samme enhet som tallet", isin=["percent", "points", "none"])
    change_noise: float = column("Så stor endring kan være tilfeldig (90 prosent)", "som change_unit sier", ge=0, nullable=True)
    usual_change: float = column("Vanlig størrelse på endringen: median av kommunene", "som change_unit sier", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune eller flyttet grense gjør at tallet ikke kan sammenlignes")
    synthetic: bool = column("Sann når tallet bygger på oppdiktede tall, i utgaven som følger med nlib")


def build(*given: pd.DataFrame | Mapping[str, Invented]) -> pd.DataFrame:
    """Each figure listed in headline_figures.csv in its ten latest years, its place, its change in five years, and its noise.

    given: those of `TABLES`, in order, and perhaps what of them is invented; one without rows gives no rows. A figure that is real
    is not held against invented ones of other years. Change: to the figure five years before, in percent of
    it or in the figure's own unit; missing across the break of 2015 and between years that are not comparable. Noise: half the
    figure's own interval where it has one, else 1.645 times the standard deviation of its latest yearly changes (four to nine of
    them). change_noise: as large a change as steps of that size would make by chance, sqrt(5) times as much (sqrt(2) of an
    interval). Ranks are among comparable municipalities, 1 is highest, equal values share the better place.
    """
    tables, invented = dict(zip(TABLES, given, strict=False)), given[len(TABLES)] if len(given) > len(TABLES) else {}
    empty = pd.DataFrame(columns=list(Headlines.to_schema().columns))
    found = [_rows(row, at, tables, _invented(row, invented)) for at, row in enumerate(LISTED.itertuples(index=False), 1)]
    there = [rows for rows in found if len(rows)]
    return pd.concat(there, ignore_index=True) if there else empty


def _invented(row, invented):
    """The years in which a figure rests on invented ones."""
    named = filter(None, (FIGURE.fullmatch(text) for text in (row.figure, row.weight, row.low, row.high) if text))
    return frozenset().union(*(invented[of["table"]].of([of["column"]]) for of in named if of["table"] in invented))


def _rows(row, at, given, invented):
    """The rows of one figure, from squares of municipalities by years."""
    value, comparable = _square(row.figure, given)
    if value.empty:
        return pd.DataFrame()
    held = value.where(comparable)
    change, step = _moved(held, row)
    if real := [year for year in value.columns if year not in invented]:
        change[real], step[real] = (figures[real] for figures in _moved(held[real].reindex(columns=held.columns), row))
    noise = NINETY * step * (value.abs() / 100 if row.change == "percent" else 1)
    change_noise = NINETY * np.sqrt(SPAN) * step
    if row.low:
        low, high = (_square(text, given)[0].reindex_like(value) for text in (row.low, row.high))
        noise, change_noise = (high - low) / 2, np.sqrt(2) * (high - low) / 2
    weight = _square(row.weight, given)[0].reindex_like(value) if row.weight else value * 0 + 1
    weighed = value * weight
    quartiles = held.quantile([0.25, 0.75])
    by_year = {
        "national_value": weighed.sum(min_count=1) / weight.where(weighed.notna()).sum(min_count=1),
        "spread": (quartiles.loc[0.75] - quartiles.loc[0.25]) / 1.349,
        "n": held.count(),
        "usual_change": change.abs().median(),
    }
    squares = {
        "value": value,
        "noise": noise,
        "change_5y": change,
        "change_noise": change_noise.where(change.notna()),
        "rank": held.rank(method="min", ascending=False),
        "comparable": comparable,
    }
    years = value.columns[value.notna().any()][-LATEST:]
    frame = pd.DataFrame(
        {name: square[years].to_numpy().ravel() for name, square in squares.items()},
        index=pd.MultiIndex.from_product([value.index, years], names=KEY),
    ).reset_index()
    frame = frame.assign(**{name: frame["year"].map(told) for name, told in by_year.items()}).dropna(subset="value")
    if row.kind == "count":
        frame["national_value"] = np.nan
    said = {name: getattr(row, name) for name in TEXTS}
    numbers = {"position": at, "decimals": int(row.decimals), "national_mean": not row.weight, "change_unit": row.change}
    frame = frame.assign(**said, **numbers, rank=frame["rank"].astype("Int64"), comparable=frame["comparable"].astype(bool))
    return frame.assign(synthetic=frame["year"].isin(invented))


def _moved(held, row):
    """What a figure has changed by in five years, and how much it swings from year to year."""
    change, step = (_change(held, row.change, row.broken == "1", years) for years in (SPAN, 1))
    return change, _swing(step)


def _square(text, given):
    """A figure as municipalities by years, every year from the first to the last, and where it is comparable.

    `InvalidTable` where the list names a column that is not there.
    """
    match = FIGURE.fullmatch(text)
    if match is None:
        raise InvalidTable("headline_figures", [f"«{text}» er ikke tabell.kolonne"])
    table = given[match["table"]]
    tests = [test.split("=") for test in (match["rows"] or "").split(";") if test]
    if lacking := [name for name in (match["column"], *(name for name, _ in tests)) if name not in table]:
        raise InvalidTable("headline_figures", [f"tabellen {match['table']} har ikke kolonnen {lacking[0]} («{text}»)"])
    for name, told in tests:
        table = table[table[name].isin([told, int(told) if told.isdigit() else told == "True"])]
    if table.empty:
        return pd.DataFrame(dtype=float), pd.DataFrame(dtype=bool)
    years = range(table["year"].min(), table["year"].max() + 1)
    keyed = table.set_index(KEY)
    wide = keyed[match["column"]].astype("Float64").astype(float).unstack().reindex(columns=years)
    if "comparable" not in keyed:
        return wide, wide.notna()
    return wide, keyed["comparable"].astype(float).unstack().reindex(columns=years).eq(1)


def _change(held, change, broken, years):
    """What each figure has changed by in so many years: in percent, or in its own unit; missing where it is not told."""
    if change == "none":
        return held * np.nan
    before = held.shift(years, axis=1)
    moved = 100 * (held - before) / before.where(before > 0) if change == "percent" else held - before
    crossing = (moved.columns >= A_ORDNINGEN) & (moved.columns - years < A_ORDNINGEN)
    return moved.mask(np.broadcast_to(crossing, moved.shape)) if broken else moved


def _swing(steps):
    """The standard deviation of the latest yearly changes up to each year; missing where they are too few."""
    padded = np.pad(steps.to_numpy(float), ((0, 0), (STEPS - 1, 0)), constant_values=np.nan)
    latest = np.lib.stride_tricks.sliding_window_view(padded, STEPS, axis=1)
    told = np.isfinite(latest)
    count = told.sum(axis=2)
    known = np.where(count >= FEWEST_STEPS, count, np.nan)
    mean = np.where(told, latest, 0).sum(axis=2) / known
    squared = np.where(told, latest - mean[:, :, None], 0) ** 2
    return pd.DataFrame(np.sqrt(squared.sum(axis=2) / (known - 1)), steps.index, steps.columns)


DATASET = Dataset(
    name="headline_figures",
    title="Nøkkeltall fra alle temaene",
    key=("komm_nr", "year", "indicator"),
    schema=Headlines,
    needs=(*TABLES, LINEAGE),
    build=build,
    moment="årene til og med",
    partial=True,
)
