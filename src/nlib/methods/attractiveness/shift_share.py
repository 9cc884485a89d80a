"""Shift-share: how much of a place's job growth follows the nation, its mix of industries, and what is its own.

Jobs are a table of `komm_nr`, `year`, `industry`, `jobs` (an industry that is not listed has none; a missing figure makes the
place's parts missing). The nation is the sum of the places given, without the cells that are missing in either year.
"""

import numpy as np
import pandas as pd

from nlib.core.errors import WrongUse
from nlib.methods.attractiveness.inputs import required

PARTS = ("national", "mix", "local")


def classic(jobs: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Job growth from one year to another in three parts: the nation's rate, the industries' rates, and the rest.

    Returns `komm_nr`, `year` (the last), `growth`, `national` (jobs times the nation's rate), `mix` (each industry's jobs times
    what its national rate is above the nation's), `local` (what is left), persons; growth = national + mix + local.
    Source: Dunn (1960).

    >>> jobs = pd.DataFrame({"komm_nr": ["0301", "0301", "3222"] * 2, "industry": ["bygg", "olje", "bygg"] * 2})
    >>> jobs = jobs.assign(year=[2024] * 3 + [2025] * 3, jobs=[50, 50, 100, 60, 50, 110])
    >>> classic(jobs, 2024, 2025).set_index("komm_nr").loc["3222", ["growth", "national", "mix", "local"]].round(1).tolist()
    [10.0, 10.0, 3.3, -3.3]
    """
    before, after = _cells(jobs, first, last)
    return _table(_parts(before, after), last)


def esteban_marquillas(jobs: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """The classic parts with the local one split in competition and allocation.

    `competitive` is the local rates on the jobs the place would have with the nation's mix, `allocation` the rest: whether the
    place specialises where it grows faster than the nation. An industry that the place did not have has no rate, and its
    growth is allocation. growth = national + mix + competitive + allocation, persons. Source: Esteban-Marquillas (1972).

    >>> jobs = pd.DataFrame({"komm_nr": ["0301", "0301", "3222"] * 2, "industry": ["bygg", "olje", "bygg"] * 2})
    >>> jobs = jobs.assign(year=[2024] * 3 + [2025] * 3, jobs=[50, 50, 100, 60, 50, 110])
    >>> esteban_marquillas(jobs, 2024, 2025).set_index("komm_nr").loc["3222", ["competitive", "allocation"]].round(1).tolist()
    [-2.5, -0.8]
    """
    before, after = _cells(jobs, first, last)
    parts = _parts(before, after)
    rates, _ = national_rates(before, after)
    known = before.notna() & after.notna()
    nation = before.where(known).sum()
    homothetic = np.outer(before.sum(axis=1, skipna=False), nation / nation.sum() if nation.sum() else 0 * nation)
    gap = (after / before.where(before != 0) - 1 - rates).where(before != 0, 0.0)
    parts["competitive"] = (homothetic * gap).sum(axis=1, skipna=False).where(parts["local"].notna())
    parts["allocation"] = parts.pop("local") - parts["competitive"]
    return _table(parts, last)


def chained(jobs: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """The classic parts of every year from the first to the last, added up, so that the mix follows the times.

    Columns as `classic`. Every year between must be there for a place, else its parts are missing. Source: Barff and Knight (1988).

    >>> jobs = pd.DataFrame({"komm_nr": ["0301", "3222"] * 3, "industry": "bygg", "year": [2023] * 2 + [2024] * 2 + [2025] * 2})
    >>> found = chained(jobs.assign(jobs=[100, 100, 110, 100, 110, 110]), 2023, 2025)
    >>> found.set_index("komm_nr")[["growth", "national", "local"]].loc["3222"].round(1).tolist()
    [10.0, 9.8, 0.2]
    """
    if last <= first:
        raise WrongUse(f"Siste år ({last}) må være etter første ({first})")
    steps = [classic(jobs, year, year + 1).set_index("komm_nr").drop(columns="year") for year in range(first, last)]
    return _table(
        pd.concat(steps).groupby(level=0).sum(skipna=False).where(pd.concat(steps).groupby(level=0).size() == len(steps)), last
    )


def national_rates(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.Series, float]:
    """The nation's growth from before to after, as a share of 1: of each industry (column), and of all together.

    Cells that are missing in either are left out of both; an industry that nobody had follows the nation.
    """
    known = before.notna() & after.notna()
    old, new = before.where(known).sum(), after.where(known).sum()
    total = new.sum() / old.sum() - 1 if old.sum() else np.nan
    return (new / old.where(old != 0) - 1).fillna(total), total


def _cells(jobs, first, last):
    jobs = required(jobs, "jobs", ["jobs"], ["komm_nr", "year", "industry"])
    if missing := {first, last} - set(jobs["year"]):
        raise WrongUse(f"Det er ingen arbeidsplasser for {', '.join(map(str, sorted(missing)))}: velg år som er i tabellen")
    cells = jobs.set_index(["komm_nr", "year", "industry"])["jobs"].unstack("industry", fill_value=0.0)
    before, after = cells.xs(first, level="year"), cells.xs(last, level="year")
    places = before.index.union(after.index)
    return before.reindex(places), after.reindex(places)


def _parts(before, after):
    rates, total = national_rates(before, after)
    old, new = before.sum(axis=1, skipna=False), after.sum(axis=1, skipna=False)
    parts = pd.DataFrame(
        {"growth": new - old, "national": old * total, "mix": (before * (rates - total)).sum(axis=1, skipna=False)}
    )
    if np.isnan(total):  # nobody had a job: all growth is local
        parts[["national", "mix"]] = 0.0
    parts["local"] = parts["growth"] - parts["national"] - parts["mix"]
    return parts.where(parts["growth"].notna())


def _table(parts, year):
    return parts.reset_index().assign(year=year)[["komm_nr", "year", *parts.columns]]
