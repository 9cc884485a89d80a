"""Scores from 0 to 100: where a place lies among the others in an indicator, by the published rule and by a robust one."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nlib.core.catalogue import LEAST_BASE
from nlib.core.errors import InvalidTable

MIDDLE, STEP = 50.0, 20.0  # the score of the mean, and of a standard deviation over it
MAD, MEAN_DEVIATION = 1.4826, 1.2533  # what makes them a standard deviation where values are normal
WILD = 4.0  # robust standard deviations; a value farther out counts as if it lay there when luck is measured
ROUNDS = 5  # of reweighting
LEAST = 1e-3  # of the whole variance is always a place's own: a value is never drawn all the way to the mean

Keys = str | Sequence[str]


def score(values: pd.DataFrame, by: Keys = "year") -> pd.DataFrame:
    """The score is clip(50 + 20 (value - mean) / sd, 0, 100); 0 and 100 are 2.5 sd from the mean, and not worst and best.

    values: `value` and the columns of `by`; each `indicator` apart where there is such a column. `direction` is 1 where high is
    good (and where there is no such column), -1 where low is good, and 0 where neither is: then there is no score.
    Mean and sd (ddof 0) are unweighted over the rows of a group that have a value. Gives the table with `mean` and `sd` (of
    the values as they are given), `score`, `rank` (1 is best, equal values share the better place) and `n`. Where all values of
    a group are the same, `sd` is exactly 0 and every score 50. A missing value has no score. Source: Telemarksforsking's
    næringslivsindeks (recovered from published scores).

    >>> values = pd.DataFrame({"komm_nr": ["0301", "3222", "3205"], "year": 2025, "value": [1.0, 2.0, 3.0]})
    >>> score(values)["score"].round(1).tolist()
    [25.5, 50.0, 74.5]
    """
    values = _checked(values)
    keys = _keys(values, by)
    mean, sd = _moments(values, keys)
    return _scored(values, keys, values["value"], mean, sd)


def placed_by_value(scored: pd.DataFrame, by: Sequence[str] = ("year", "indicator")) -> pd.DataFrame:
    """The table with `place` as a fact has it: by value and not by what is best, 1 is highest, and `tied` of them share it; none
    where fewer than fifty people or events lie under (`size`).

    >>> values = pd.DataFrame({"year": 2025, "indicator": "a", "value": [1.0, 2.0, 2.0], "size": [99.0, 99.0, 9.0]})
    >>> placed_by_value(values)[["place", "tied"]].astype(object).where(lambda found: found.notna(), None).to_numpy().tolist()
    [[3, 1], [1, 2], [None, 2]]
    """
    grouped = scored["value"].groupby([scored[key] for key in by], sort=False)
    place, last = grouped.rank(method="min", ascending=False), grouped.rank(method="max", ascending=False)
    tied = (last - place + 1).fillna(0)
    return scored.assign(place=place.mask(scored["size"] < LEAST_BASE), tied=tied).astype({"place": "Int64", "tied": int})


def robust_score(values: pd.DataFrame, by: Keys = "year") -> pd.DataFrame:
    """As `score`, with the median for the mean and 1.4826 MAD for the sd, on values that are shrunken where `size` is given.

    A few extreme places do not move the others' scores, and a small place is not first or last by luck alone. Where more than
    half of the values are the same, the mean absolute deviation stands in for the MAD. `shrunken` is the value that is scored.

    >>> values = pd.DataFrame({"year": 2025, "value": [1.0, 2.0, 3.0, 4.0, 1000.0]})
    >>> robust_score(values)["score"].round(1).tolist()
    [23.0, 36.5, 50.0, 63.5, 100.0]
    """
    values = _checked(values)
    keys = _keys(values, by)
    kept = shrunken(values, by) if "size" in values else values["value"]
    groups = [values[key] for key in keys]
    median = kept.groupby(groups, dropna=False).transform("median")
    deviation = (kept - median).abs()
    mad = MAD * deviation.groupby(groups, dropna=False).transform("median")
    spread = mad.where(mad > 0, MEAN_DEVIATION * deviation.groupby(groups, dropna=False).transform("mean"))
    return _scored(values.assign(shrunken=kept), keys, kept, median, spread)


def shrunken(values: pd.DataFrame, by: Keys = "year") -> pd.Series:
    """Each value drawn towards the group's mean by how much of it is luck: mean + (value - mean) tau2 / (tau2 + sigma2 / size).

    `size` is what the rate is measured on (its denominator). tau2 is the variance between places and sigma2 / size a place's
    luck; both are estimated in each group by regressing squared deviations on 1 / size, never below 0, with wild values drawn in
    first. A place without a size has the median's. Empirical Bayes; the index of the series is that of the table.

    >>> values = pd.DataFrame({"year": 2025, "value": [3, -3] * 10 + [5, -5] * 10, "size": [10000] * 20 + [10] * 20})
    >>> shrunken(values).iloc[[0, 20]].round(1).tolist()
    [3.0, 1.8]
    """
    values = _checked(values)
    kept = values["value"].copy()
    known = values[kept.notna()]
    for rows in known.groupby(_keys(values, by), dropna=False, sort=False).indices.values():
        part = known.iloc[rows]
        kept[part.index] = _drawn_in(part["value"].to_numpy(float), part["size"].to_numpy(float, na_value=np.nan))
    return kept


def _drawn_in(value, size):
    from scipy.optimize import nnls  # takes time to load, and a page that shows what is estimated has no use for it

    known = size > 0
    if not known.any() or value.min() == value.max():
        return value
    size = np.where(known, size, np.median(size[known]))
    size = size / np.median(size)
    median = np.median(value)
    reach = WILD * MAD * np.median(np.abs(value - median))
    calm = np.clip(value, median - reach, median + reach) if reach > 0 else value
    mean, whole = calm.mean(), calm.var()
    design = np.column_stack([np.ones_like(size), 1 / size])
    fitted = np.full_like(size, whole)
    for _ in range(ROUNDS):
        mean = np.average(calm, weights=1 / fitted)
        (tau2, sigma2), _ = nnls(design / fitted[:, None], (calm - mean) ** 2 / fitted)
        tau2 = max(tau2, LEAST * whole)
        fitted = tau2 + sigma2 / size
    return mean + (value - mean) * tau2 / fitted


def _checked(values):
    """The table with `value` as float64 and its own index; `InvalidTable` lists everything that is wrong with it."""
    faults = [f"kolonnen {column} mangler" for column in ("value",) if column not in values]
    if not faults:
        values = values.assign(value=values["value"].to_numpy(float, na_value=np.nan))
        if (endless := np.isinf(values["value"])).any():
            faults.append(f"value er uendelig i {int(endless.sum())} rad(er)")
    if "direction" in values and not values["direction"].isin([-1, 0, 1]).all():
        faults.append("direction må være 1 (høyt er bra), -1 (lavt er bra) eller 0 (verken eller)")
    if faults:
        raise InvalidTable("score", faults)
    return values.reset_index(drop=True)


def _keys(values, by):
    keys = [by] if isinstance(by, str) else list(by)
    if lacking := [key for key in keys if key not in values]:
        raise InvalidTable("score", [f"kolonnen {key} mangler" for key in lacking])
    return [*keys, "indicator"] if "indicator" in values and "indicator" not in keys else keys


def _moments(values, keys):
    """The mean and the standard deviation of each row's group; exactly 0 where all are the same."""
    grouped = values.groupby(keys, dropna=False, sort=False)["value"]
    sd = grouped.transform("std", ddof=0)
    return grouped.transform("mean"), sd.mask(grouped.transform("max") == grouped.transform("min"), 0.0)


def standing(value: pd.Series, mean: pd.Series, sd: pd.Series, direction: pd.Series | int = 1) -> pd.Series:
    """The score of a value by a mean and a standard deviation that need not be its own group's."""
    steps = ((value - mean) / sd.where(sd > 0)).mask((sd == 0) & value.notna(), 0.0)
    return (MIDDLE + STEP * steps * direction).clip(0, 100)


def _scored(values, keys, value, mean, sd):
    direction = values["direction"].astype(int) if "direction" in values else pd.Series(1, index=values.index)
    scored = standing(value, mean, sd, direction).where(direction != 0)
    return ranked(values.assign(mean=mean, sd=sd, score=scored), keys, (value * direction).where(direction != 0))


def ranked(table: pd.DataFrame, keys: Sequence[str], value: pd.Series) -> pd.DataFrame:
    """The table with `rank` (1 is highest, equal values share the better place) and `n` among those with a value."""
    grouped = value.groupby([table[key] for key in keys], dropna=False, sort=False)
    rank = grouped.rank(method="min", ascending=False)
    return table.assign(rank=rank.astype("Int64"), n=grouped.transform("count").astype(int))
