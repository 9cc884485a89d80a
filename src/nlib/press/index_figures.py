"""The key figures of the index: a few declared measures, each in the latest year that it is known for."""

from dataclasses import dataclass

import pandas as pd

from nlib.core import store
from nlib.core.language import alphabetical

TRANSLATED = True


@dataclass(frozen=True)
class Measure:
    """A column of the index: its name, where it is from, and its decimals.

    `of` names the column that the value is a percentage of; a `change` is not told of a municipality whose border was moved.
    """

    label: str
    table: str
    column: str
    decimals: int = 0
    of: str = ""
    change: bool = False


MEASURES = (
    Measure("Folketall", "population", "population"),
    Measure("Folkevekst, prosent", "population", "growth", 1, of="population", change=True),
    Measure("Arbeidsplasser", "commuting", "jobs"),
    Measure("Vekst i arbeidsplasser, prosent", "employment_growth", "jobs_growth_pct", 1, change=True),
    Measure("Innpendling, prosent", "commuting", "in_pct", 1),
    Measure("Utpendling, prosent", "commuting", "out_pct", 1),
    Measure("Høyere utdanning, prosent", "education_levels", "higher_pct", 1),
)


@dataclass(frozen=True)
class KeyFigures:
    """A table of one row a municipality (`Nr`, `Kommune`, `Fylke` and measures by name), their decimals and their years."""

    table: pd.DataFrame
    decimals: dict[str, int]
    years: dict[str, int]


def key_figures(edition: store.Edition) -> KeyFigures:
    """The measures that the edition has any figures of, by municipality in alphabetical order."""
    places = edition.kept("municipalities")
    table = pd.DataFrame({"Nr": places["komm_nr"], "Kommune": places["name"], "Fylke": places["county"].fillna("Uten fylke")})
    table = table.sort_values(["Kommune", "Nr"], key=lambda held: held.map(alphabetical), ignore_index=True)
    years, decimals = {}, {}
    for measure in MEASURES:
        told = latest(edition.kept(measure.table), measure) if edition.holds_table(measure.table) else None
        if told is None:
            continue
        year, values = told
        years[measure.label], decimals[measure.label] = year, measure.decimals
        table[measure.label] = table["Nr"].map(values)
    return KeyFigures(table, decimals, years)


def latest(rows: pd.DataFrame, measure: Measure) -> tuple[int, pd.Series] | None:
    """The last year that any municipality's figure is known for, and the figures of it by `komm_nr`; None where there is none."""
    if not {measure.column, measure.of or measure.column} <= set(rows):  # an edition that an older nlib built
        return None
    values = rows[measure.column].astype("Float64") if measure.of else rows[measure.column]
    if measure.of:
        values = 100 * values / rows[measure.of].astype("Float64").mask(rows[measure.of] == 0)
    if measure.change:
        values = values.mask(~rows["comparable"])
    known = rows.loc[values.notna(), "year"]
    if known.empty:
        return None
    there = rows["year"] == known.max()
    return int(known.max()), values[there].set_axis(rows.loc[there, "komm_nr"])
