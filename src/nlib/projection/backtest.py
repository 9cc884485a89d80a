"""How far projections have been from what came: made with what was known then, each course, by horizon and size of municipality.

Bands are conformal: half the width, as a ratio, is the share of absolute errors that had been seen when the projection was made, at
the same horizon in the same size class. Beyond the longest horizon seen they go on growing as they have (I).
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from nlib.attractiveness.backtest import ALL, ENOUGH, SIZES
from nlib.projection.cohorts import Cohorts
from nlib.projection.project import project, trend
from nlib.projection.rates import PLAIN, Assumptions, estimate

COURSES = ("neutral", "trend", "unchanged")
BAND = 0.80
LEAST = 5  # years of change to estimate on before the first origin
LONGEST = 15  # years ahead that are judged
RULE = 5.0  # percent: SSB's rule of thumb is an error under this after five years in 8 of 10 municipalities
GROWTH = (0.5, 1.2)  # least and most of the power of the horizon that a band grows by beyond what has been seen
FIGURES = ["mean_abs_error_pct", "mean_error_pct", "within_5_pct", "coverage_pct", "width_pct"]
KEY = ["origin", "horizon", "course", "size_class"]


def errors(
    held: Cohorts,
    changes: pd.DataFrame | None = None,
    attractiveness: pd.DataFrame | None = None,
    assumptions: Assumptions = PLAIN,
) -> pd.DataFrame:
    """Every projection that could have been made, against what came.

    Returns `komm_nr`, `origin`, `horizon` (years), `course`, `size_class`, `forecast`, `actual` (persons).

    Courses: `neutral` (attractiveness 0), `trend` (as it has been, fading), `unchanged` (the population of the origin). Takes
    what `estimate` takes. Left out: municipality-years from before a split, and where either figure is 0 or missing.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100 - np.arange(106) ** 4 // 1300000})
    >>> held = cohorts(pd.concat([ages.assign(year=year) for year in range(2015, 2027)]))
    >>> found = errors(held)
    >>> found.query("course == 'unchanged' and horizon == 5")[["forecast", "actual"]].iloc[0].tolist()
    [8629.0, 8629.0]
    """
    found = []
    totals = held.totals
    for origin in held.years[LEAST:-1]:
        at = int(origin - held.years[0])
        rates = estimate(held, changes, attractiveness, int(origin), assumptions)
        ahead = min(LONGEST, int(held.years[-1] - origin))
        start = np.nan_to_num(held.at(origin))
        courses = {
            "neutral": project(start, rates, ahead, assumptions=assumptions).totals,
            "trend": project(start, rates, ahead, trend(rates, ahead, assumptions), assumptions=assumptions).totals,
            "unchanged": np.broadcast_to(start.sum(axis=(1, 2)), (ahead + 1, len(start))),
        }
        same = np.logical_and.accumulate(held.comparable[at:], axis=0)
        for course, forecast in courses.items():
            for horizon in range(1, ahead + 1):
                actual = totals[at + horizon]
                kept = same[horizon] & (totals[at] > 0) & (actual > 0) & (forecast[horizon] > 0)
                found.append(
                    pd.DataFrame(
                        {
                            "komm_nr": held.places[kept],
                            "origin": int(origin),
                            "horizon": horizon,
                            "course": course,
                            "size_class": size_class(totals[at][kept]),
                            "forecast": forecast[horizon][kept],
                            "actual": actual[kept],
                        }
                    )
                )
    columns = ["komm_nr", *KEY, "forecast", "actual"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def size_class(population: ArrayLike) -> np.ndarray:
    """The class of each population, by inhabitants.

    >>> size_class([200, 5000, 700000]).tolist()
    ['0-999', '5000-19999', '20000+']
    """
    return np.array(list(SIZES))[np.searchsorted(list(SIZES.values()), population, side="right") - 1]


class Seen:
    """The errors of one course, by class and horizon, so that those known at an origin are found fast."""

    def __init__(self, found: pd.DataFrame):
        apart = np.abs(np.log(found["actual"].to_numpy(float) / found["forecast"].to_numpy(float)))
        classes, horizons, origins = (found[name].to_numpy() for name in ("size_class", "horizon", "origin"))
        self.held = {}
        for horizon in np.unique(horizons):
            here = horizons == horizon
            for name in (ALL, *SIZES):
                own = here if name == ALL else here & (classes == name)
                self.held[name, int(horizon)] = origins[own] + int(horizon), apart[own]

    def widths(self, year: int, longest: int) -> pd.DataFrame:
        """Half the width of the 80 % band that could be given in a year, as ln of a ratio.

        By size class (rows) and horizon 1 to `longest`; NaN where nothing is seen. A class with too few has the band of all.
        """
        whole = self._bands(ALL, year)
        rows = [_extended(self._bands(name, year).reindex(whole.index).fillna(whole).cummax(), longest) for name in SIZES]
        return pd.DataFrame(rows, index=list(SIZES), columns=range(1, longest + 1))

    def _bands(self, name, year):
        """By horizon, what the share `BAND` of the errors are within, with the conformal allowance for their number."""
        bands = {}
        for (size, horizon), (known, apart) in self.held.items():
            values = apart[known <= year] if size == name else ()
            if len(values) >= ENOUGH:
                place = min(int(np.ceil(BAND * (len(values) + 1))), len(values)) - 1
                bands[horizon] = np.partition(values, place)[place]
        return pd.Series(bands, dtype=float)


def _extended(band, longest):
    """A band by horizon, carried on by the power of the horizon that it has grown by."""
    ahead = np.arange(1, longest + 1, dtype=float)
    if band.empty:
        return np.full(longest, np.nan)
    last = band.index[-1]
    power = 1.0
    if len(band) > 2 and (band > 0).all():
        power = np.clip(np.polyfit(np.log(band.index.to_numpy(float)), np.log(band.to_numpy()), 1)[0], *GROWTH)
    return np.where(ahead <= last, np.interp(ahead, band.index, band), band.iloc[-1] * (ahead / last) ** power)


def backtest(found: pd.DataFrame, last: int, longest: int) -> pd.DataFrame:
    """The record of each course by origin, horizon and size class, and the bands that could be given at the time.

    found: as `errors` gives them. last: the latest origin, of which nothing has come yet, given bands to `longest` years ahead.

    Returns `origin`, `horizon`, `course`, `size_class` (all, or inhabitants), `mean_abs_error_pct`, `mean_error_pct` (forecast
    above actual is positive), `within_5_pct` (the share with an error under 5 %), `coverage_pct` (of the 80 % bands), `width_pct`
    (half the band, % of the forecast), `n`. Errors are in % of what came.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100 - np.arange(106) ** 4 // 1300000})
    >>> found = errors(cohorts(pd.concat([ages.assign(year=year) for year in range(2015, 2027)])))
    >>> record = backtest(found, last=2026, longest=5)
    >>> float(record.query("course == 'unchanged' and horizon == 1")["mean_abs_error_pct"].max())
    0.0
    """
    bands = []
    for course in COURSES:
        seen = Seen(found[found["course"] == course])
        for origin in [*sorted(found["origin"].unique()), last]:
            wide = seen.widths(origin, longest if origin == last else LONGEST).rename_axis("size_class").reset_index()
            bands.append(wide.melt("size_class", var_name="horizon", value_name="width").assign(origin=origin, course=course))
    bands = pd.concat(bands, ignore_index=True).astype({"horizon": int, "width": float})
    bands["width_pct"] = 100 * np.expm1(bands["width"])
    cases = found.merge(bands, on=KEY, how="left", validate="m:1")
    error = 100 * (cases["forecast"] / cases["actual"] - 1)
    apart = np.log(cases["actual"] / cases["forecast"]).abs()
    cases = cases.assign(
        mean_abs_error_pct=error.abs(),
        mean_error_pct=error,
        within_5_pct=100.0 * (error.abs() < RULE),
        coverage_pct=(100.0 * (apart <= cases["width"])).where(cases["width"].notna()),
    )
    record = pd.concat([cases, cases.assign(size_class=ALL)]).groupby(KEY)[FIGURES]
    told = record.mean().assign(n=record.size()).reset_index()
    return pd.concat([told, bands[bands["origin"] == last].assign(n=0)], ignore_index=True)[[*KEY, *FIGURES, "n"]]
