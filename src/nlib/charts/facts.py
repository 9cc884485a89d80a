"""What figures and findings say alike of a measure: the years it is compared between, and how few it is of."""

import pandas as pd

from nlib.charts.chart import Lacking
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import listed, points, some, years
from nlib.core.translations import _

PERIOD = 3  # years that attractiveness is the mean of, where nothing else is given
FEW = 500  # employed; with fewer, a reader sees how much one person counts
FEWEST = 10  # jobs, before a share of them is told in percent, or an industry is named for what has come or gone
ROUNDED = _("SSB skriver 1 og 2 i en næring som 0 eller 3.")
SPLIT = _("Kommunen er berørt av en deling eller en flyttet grense, og har for få år med egne tall.")


def newly_split(population: pd.DataFrame, komm_nr: str) -> bool:
    """Whether a split or a moved border lies so near that a municipality has fewer years of its own than a mean is made of."""
    own = population[population["komm_nr"] == komm_nr].sort_values("year")
    return not own["comparable"].tail(PERIOD + 1).all()


def own_years(table: pd.DataFrame, komm_nr: str, *columns: str, lacking: str = "") -> pd.DataFrame:
    """One municipality's years in which any of the measures is known, the first year first.

    `Lacking` where there are none, for the reason that is given as `lacking`.
    """
    own = table[table["komm_nr"] == komm_nr]
    rows = own[own[list(columns)].notna().any(axis=1)].sort_values("year", ignore_index=True)
    if lacking and rows.empty:
        raise Lacking(lacking)
    return rows


def projected(population_projection: pd.DataFrame, komm_nr: str, last: int) -> pd.DataFrame:
    """SSB's latest projection of a municipality by year, to a last year."""
    known = own_years(population_projection, komm_nr, "main")
    return known[known["latest"] & (known["year"] <= last)].astype({"main": float}).set_index("year")


def few(count: float) -> str:
    """How much one person counts among so many, as a sentence; empty where they are not few."""
    return _("Tallene er små: én person utgjør {value}.", value=points(100 / count)) if 0 < count < FEW else ""


def shared(comparable: pd.Series) -> str:
    """That figures from before a split are shared out, after a space; empty where all years can be compared."""
    if comparable.all():
        return ""
    return _(" Kommunen er berørt av en deling: tall fra før er fordelt etter folketall, og årene kan ikke sammenlignes.")


def must_be_own(rows: pd.DataFrame, name: str) -> None:
    """`Lacking` where the latest figures are not the municipality's own, but shared out by population.

    rows: one municipality's `year` and `comparable`.
    """
    last = rows[rows["year"] == rows["year"].max()]
    if not last["comparable"].all():
        reason = _(
            "Tallene for {year} er fordelt etter folketall, for kommunen er berørt av en deling eller en flyttet grense. De sier "
            "ikke noe om {name} alene.",
            year=last["year"].iloc[0],
            name=name,
        )
        raise Lacking(reason)


def the_others(compare: list[str], names: dict[str, str]) -> str:
    """Whom a figure is compared with, after a space; empty where with nobody."""
    return _(" Sammenlignet med {compare}.", compare=some(compare, names)) if compare else ""


def span(rows: pd.DataFrame, column: str, broken: int = A_ORDNINGEN) -> tuple[int, int] | None:
    """The first and last year that one municipality's measure is compared between; None where it cannot be.

    The last is the latest of `rows`, the first the earliest comparable year on the same side of the break in the
    year `broken` (0: of all).
    rows: one municipality's `year`, `comparable` and the measure.
    """
    years = rows.loc[rows["comparable"] & rows[column].notna(), "year"]
    last = rows["year"].max()
    if last not in set(years):
        return None
    first = years[years >= broken].min() if last >= broken else years.min()
    return (int(first), int(last)) if first < last else None


def attractiveness_of(attractiveness: pd.DataFrame, komm_nr: str, kind: str) -> pd.Series | None:
    """A municipality's row of nlib's model in the latest year of the three-year period; None where it has none."""
    rows = attractiveness[(attractiveness["model"] == "nlib") & (attractiveness["period"] == PERIOD)]
    own = rows[(rows["year"] == rows["year"].max()) & (rows["komm_nr"] == komm_nr) & (rows["kind"] == kind)]
    return own.iloc[0] if len(own) else None


def ssb(*tables: str, period: tuple[int, int] | None = None, when: str = "", more: str = "") -> str:
    """Where a figure's numbers are from: «SSB, tabell 06913 og 07459, 1. januar 2015–2026»; `more` is another source after it."""
    parts = [_("SSB, tabell {tables}", tables=listed(tables)), f"{when} {years(*map(int, period)) if period else ''}".strip()]
    return ", ".join(part for part in parts if part) + (f". {more}" if more else "")
