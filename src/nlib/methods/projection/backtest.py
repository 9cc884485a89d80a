"""How far projections have been from what came: made with what was known then, by course, horizon and class of municipality."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from nlib.methods.attractiveness.backtest import ALL, SIZES
from nlib.methods.projection.bands import BEFORE, FAST, crossed
from nlib.methods.projection.cohorts import OLDEST, Cohorts
from nlib.methods.projection.project import project, trend
from nlib.methods.projection.rates import PLAIN, Assumptions, estimate

COURSES = ("neutral", "trend", "unchanged")
LED_BY = ("trend", "neutral")  # courses that can lead
GROWN = {True: "fast", False: "steady"}
LEAST = 5  # years of change to estimate on before the first origin
LONGEST = 15  # years ahead that are judged
WHOLE = {ALL: (0, OLDEST + 1)}  # everybody as one group of ages
JUDGED = (5, 10)  # years ahead that courses are distinguished by
RULE = 5.0  # percent: SSB's rule of thumb is an error under this after five years in 8 of 10 municipalities
FIGURES = ["mean_abs_error_pct", "mean_error_pct", "within_5_pct", "coverage_pct", "width_pct"]
KEY = ["origin", "horizon", "course", "size_class", "growth_class"]


def errors(
    people: Cohorts,
    changes: pd.DataFrame | None = None,
    attractiveness: pd.DataFrame | None = None,
    assumptions: Assumptions = PLAIN,
    groups: Mapping[str, tuple[int, int]] = WHOLE,
) -> pd.DataFrame:
    """Every projection that could have been made, against what came.

    Returns `komm_nr`, `origin`, `horizon` (years), `course`, `size_class`, `fast` (grew by more than `FAST` % a year before the
    origin), `forecast`, `actual` (persons), and which of the `groups` they are of, `ages`: by name, from an age to before another.

    Courses: `neutral` (attractiveness 0), `trend` (as it has been, fading), `unchanged` (the population of the origin). Takes
    what `estimate` takes. Left out: municipality-years from before a split, and where either figure is 0 or missing.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100 - np.arange(106) ** 4 // 1300000})
    >>> population = cohorts(pd.concat([ages.assign(year=year) for year in range(2015, 2027)]))
    >>> found = errors(population)
    >>> found.query("course == 'unchanged' and horizon == 5")[["forecast", "actual"]].iloc[0].tolist()
    [8629.0, 8629.0]
    """
    columns = ["komm_nr", "origin", "horizon", "course", "size_class", "fast", "forecast", "actual", "ages"]
    found = [
        made
        for origin in map(int, people.years[LEAST:-1])
        for made in _from_origin(
            people, origin, estimate(people, changes, attractiveness, origin, assumptions), assumptions, groups
        )
    ]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _from_origin(people, origin, rates, assumptions, groups):
    """The projections of one origin, a table for each course, group of ages and horizon."""
    totals, at = people.totals, int(origin - people.years[0])
    ahead = min(LONGEST, int(people.years[-1] - origin))
    start = np.nan_to_num(people.at(origin))
    courses = {
        "neutral": project(start, rates, ahead, assumptions=assumptions).people,
        "trend": project(start, rates, ahead, trend(rates, ahead, assumptions), assumptions=assumptions).people,
        "unchanged": np.broadcast_to(start, (ahead + 1, *start.shape)),
    }
    same = np.logical_and.accumulate(people.comparable[at:], axis=0)
    of_place = pd.DataFrame({"komm_nr": people.places, "size_class": size_class(totals[at]), "fast": fast(totals[: at + 1])})
    for ages, (youngest, oldest) in groups.items():
        came = people.people[at:, ..., youngest:oldest].sum(axis=(2, 3))
        for course, projected in courses.items():
            forecast = projected[..., youngest:oldest].sum(axis=(2, 3))
            for horizon in range(1, ahead + 1):
                actual = came[horizon]
                kept = same[horizon] & (came[0] > 0) & (actual > 0) & (forecast[horizon] > 0)
                what = {"origin": origin, "horizon": horizon, "course": course, "ages": ages}
                yield of_place[kept].assign(**what, forecast=forecast[horizon][kept], actual=actual[kept])


def size_class(population: ArrayLike) -> np.ndarray:
    """The class of each population, by inhabitants.

    >>> size_class([200, 5000, 700000]).tolist()
    ['0-999', '5000-19999', '20000+']
    """
    return np.array(list(SIZES))[np.searchsorted(list(SIZES.values()), population, side="right") - 1]


def fast(totals: np.ndarray) -> np.ndarray:
    """Whether each place has grown by more than `FAST` % a year over the last `BEFORE` years (fewer where there are fewer).

    totals: population by year and place. False where it is not known.

    >>> fast(np.array([[1000.0, 1000.0], [1011.0, 1009.0]])).tolist()
    [True, False]
    """
    years = min(BEFORE, len(totals) - 1)
    if not years:
        return np.zeros(totals.shape[1], dtype=bool)
    before = np.where(totals[-1 - years] > 0, totals[-1 - years], np.nan)
    return np.nan_to_num(100 * ((totals[-1] / before) ** (1 / years) - 1)) > FAST


def banded(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of `errors` with `low` and `high`, the 90 % band, made without the municipality's own errors after the origin.

    See `nlib.methods.projection.bands`. Missing where there are too few errors to make a band of.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100 - np.arange(106) ** 4 // 1300000})
    >>> found = banded(errors(cohorts(pd.concat([ages.assign(year=year) for year in range(2015, 2027)]))))
    >>> bool((found["low"].isna() | (found["low"] <= found["high"])).all())
    True
    """
    if found.empty:
        return found.assign(low=np.nan, high=np.nan)
    width = pd.concat([crossed(rows) for _, rows in found.groupby(["course", "ages"])]).reindex(found.index)
    return found.assign(low=found["forecast"] * np.exp(-width), high=found["forecast"] * np.exp(width))


def ranked_courses(found: pd.DataFrame) -> list[str]:
    """The courses that can lead, the one that has tested best first: the least mean of absolute errors in % after 5 and 10 years.

    As `LED_BY` where nothing has been tested.

    >>> made = {"horizon": 5, "forecast": [101.0, 99.0], "actual": 100.0, "course": "trend"}
    >>> found = pd.concat([pd.DataFrame(made), pd.DataFrame(made | {"forecast": [110.0, 90.0], "course": "neutral"})])
    >>> ranked_courses(found)[0]
    'trend'
    """
    error = (100 * (found["forecast"] / found["actual"] - 1)).abs()
    judged = found["horizon"].isin(JUDGED) & found["course"].isin(LED_BY)
    means = error[judged].groupby([found["course"], found["horizon"]]).mean().groupby("course").mean()
    return sorted(LED_BY, key=lambda course: (means.get(course, np.inf), LED_BY.index(course)))


def backtest(found: pd.DataFrame) -> pd.DataFrame:
    """The record of each course by origin, horizon, size and growth.

    found: as `banded` gives them. Returns `origin`, `horizon`, `course`, `size_class` (all, or inhabitants), `growth_class` (all,
    fast, steady), `mean_abs_error_pct`, `mean_error_pct` (forecast above actual is positive), `within_5_pct` (the share with an
    error under 5 %), `coverage_pct` (of the 90 % bands), `width_pct` (half the band, % of the forecast), `n`. Errors are in % of
    what came.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100 - np.arange(106) ** 4 // 1300000})
    >>> found = errors(cohorts(pd.concat([ages.assign(year=year) for year in range(2015, 2027)])))
    >>> record = backtest(banded(found))
    >>> float(record.query("course == 'unchanged' and horizon == 1")["mean_abs_error_pct"].max())
    0.0
    """
    error = 100 * (found["forecast"] / found["actual"] - 1)
    cases = found.assign(
        growth_class=found["fast"].map(GROWN),
        mean_abs_error_pct=error.abs(),
        mean_error_pct=error,
        within_5_pct=100.0 * (error.abs() < RULE),
        coverage_pct=(100.0 * found["actual"].between(found["low"], found["high"])).where(found["low"].notna()),
        width_pct=100 * (found["high"] / found["forecast"] - 1),
    )
    cases = pd.concat([cases, cases.assign(size_class=ALL)])
    record = pd.concat([cases, cases.assign(growth_class=ALL)]).groupby(KEY)[FIGURES]
    return record.mean().assign(n=record.size()).reset_index()[[*KEY, *FIGURES, "n"]]
