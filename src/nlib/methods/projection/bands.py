"""How wide a projection's band must be to hold nine of ten: conformal, from errors that have been seen.

An error is |ln(what came / what was projected)|. Municipalities are classed by inhabitants and by growth, fast growers apart; a
class has a typical error at each horizon. A municipality's own errors, in times what is typical, say how much wider or narrower
its own band is, shrunken: its class counts as `OWN` origins beside its own. The band is then as wide as holds `LEVEL` of the
errors of the class, counted in times what each municipality's own scale is (normalised nonconformity scores).
Source: Lei et al. (2018), J. American Statistical Association 113.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.methods.attractiveness.backtest import ENOUGH, SIZES

LEVEL = 0.90
FAST = 1.0  # % a year, over `BEFORE` years: more than this is a fast grower
BEFORE = 5
OWN = 3  # origins that a class counts as, beside a municipality's own; with more, the bands of a few never hold (2011-2020)
FOLDS = 20  # groups of municipalities that are judged by what the others have shown
SEEN = 5  # origins that a horizon must have been seen from; beyond it bands go on growing as they have (I)
GROWTH = (0.5, 1.2)  # least and most of the power of the horizon that a band grows by beyond what has been seen
CLASSES = tuple((size, fast) for size in SIZES for fast in (False, True))


@dataclass(frozen=True)
class Seen:
    """The errors of one course by place, origin and horizon (from 1), NaN where there is none.

    `group` by place and origin is the place in `CLASSES`, -1 where there is none.
    """

    places: pd.Index
    origins: np.ndarray
    apart: np.ndarray
    group: np.ndarray


@dataclass(frozen=True)
class Calibration:
    """What errors say by class and horizon, ln of a ratio: `typical`, and `half` a band's width for a place like its class."""

    typical: np.ndarray
    half: np.ndarray


def seen(found: pd.DataFrame) -> Seen:
    """The errors of a course, from rows as `errors` gives them."""
    places, origins = pd.Index(sorted(found["komm_nr"].unique())), np.sort(found["origin"].unique())
    at = places.get_indexer(found["komm_nr"]), np.searchsorted(origins, found["origin"])
    apart = np.full((len(places), len(origins), int(found["horizon"].max())), np.nan)
    ratio = found["actual"].to_numpy(float) / found["forecast"].to_numpy(float)
    apart[(*at, found["horizon"].to_numpy() - 1)] = np.abs(np.log(ratio))
    group = np.full(apart.shape[:2], -1)
    group[at] = group_of(found["size_class"], found["fast"])
    return Seen(places, origins, apart, group)


def group_of(size_class: pd.Series | np.ndarray, fast: pd.Series | np.ndarray) -> np.ndarray:
    """The place in `CLASSES` of each municipality.

    >>> group_of(["0-999", "20000+"], [True, False]).tolist()
    [1, 6]
    """
    return 2 * np.array([list(SIZES).index(size) for size in size_class], dtype=int) + np.asarray(fast, dtype=int)


def calibrated(record: Seen, longest: int, level: float = LEVEL) -> Calibration:
    """What the errors say of every class, to `longest` years ahead; a class with too few errors has the figures of all."""
    group = np.broadcast_to(record.group[:, :, None], record.apart.shape)
    typical = _by_class(record.apart, group, np.mean)
    relative = record.apart / typical[group, np.arange(record.apart.shape[2])]
    scores = relative / own_scale(record, typical)[:, :-1, None]
    half = _by_class(scores, group, lambda values: _quantile(values, level)) * typical
    often = np.sum(np.isfinite(record.apart).any(axis=0), axis=0) >= SEEN
    return Calibration(typical, np.stack([_carried(row, often, longest) for row in half]))


def own_scale(record: Seen, typical: np.ndarray) -> np.ndarray:
    """How wide each place's own band is beside its class's, by place and origin, and last as known when all has come.

    From the errors that had been seen at the origin: those of each earlier origin in times what is typical, their mean, shrunken
    towards 1.
    """
    group = np.broadcast_to(record.group[:, :, None], record.apart.shape)
    relative = record.apart / typical[group, np.arange(record.apart.shape[2])]
    known_in = record.origins[:, None] + np.arange(1, record.apart.shape[2] + 1)
    scales = []
    for now in [*record.origins, known_in.max()]:
        past = np.where(known_in <= now, relative, np.nan)
        count = np.isfinite(past).sum(axis=2)
        mean = np.divide(np.nansum(past, axis=2), count, out=np.zeros(count.shape), where=count > 0)
        scales.append((OWN + mean.sum(axis=1)) / (OWN + (count > 0).sum(axis=1)))
    return np.stack(scales, axis=1)


def crossed(found: pd.DataFrame, level: float = LEVEL) -> pd.Series:
    """Half the width of the band of every row of `errors`, as ln of a ratio: made without the municipality's later errors.

    Municipalities are in turn judged by what the others have shown in all years, and by their own errors until the origin. The
    years are shared: what struck all in one year is in the others' errors. NaN where there is nothing to go by.
    """
    record = seen(found)
    longest = record.apart.shape[2]
    width = np.full(record.apart.shape, np.nan)
    fold = np.arange(len(record.places)) % FOLDS
    for each in np.unique(fold):
        own, others = fold == each, fold != each
        if not others.any():
            continue
        made = calibrated(Seen(record.places[others], record.origins, record.apart[others], record.group[others]), longest, level)
        judged = Seen(record.places[own], record.origins, record.apart[own], record.group[own])
        width[own] = made.half[judged.group] * own_scale(judged, made.typical)[:, :-1, None]
    at = record.places.get_indexer(found["komm_nr"]), np.searchsorted(record.origins, found["origin"])
    return pd.Series(width[(*at, found["horizon"].to_numpy() - 1)], found.index)


def ahead(found: pd.DataFrame, places: pd.Index, size_class: np.ndarray, fast: np.ndarray, longest: int) -> np.ndarray:
    """Half the width of bands from the latest year, as ln of a ratio, by place and horizon 1 to `longest`.

    found: the errors of one course. A place without errors of its own has the band of its class; NaN where nothing is seen.
    """
    if found.empty:
        return np.full((len(places), longest), np.nan)
    record = seen(found)
    made = calibrated(record, longest)
    scale = pd.Series(own_scale(record, made.typical)[:, -1], record.places).reindex(places).fillna(1.0).to_numpy()
    return made.half[group_of(size_class, fast)] * scale[:, None]


def _by_class(values, group, figure):
    """A figure of the values of each class at each horizon; where there are too few, of its size, else of all, else NaN."""
    rows = np.full((len(CLASSES), values.shape[2]), np.nan)
    for horizon in range(values.shape[2]):
        here, classes = values[:, :, horizon].ravel(), group[:, :, horizon].ravel()
        known = np.isfinite(here)
        for each in range(len(CLASSES)):
            for like in (classes == each, classes // 2 == each // 2, True):
                if (own := known & like).sum() >= ENOUGH:
                    rows[each, horizon] = figure(here[own])
                    break
    return rows


def _quantile(values, level):
    """What the share `level` of values are within, with the conformal allowance for their number."""
    place = min(int(np.ceil(level * (len(values) + 1))), len(values)) - 1
    return np.partition(values, place)[place]


def _carried(half, often, longest):
    """A band by horizon that never narrows, carried on beyond what has been seen often by the power that it has grown by."""
    horizon = np.arange(1, longest + 1, dtype=float)
    known = np.flatnonzero(often & np.isfinite(half))
    if not known.size:
        return np.full(longest, np.nan)
    at, band = known + 1.0, np.maximum.accumulate(half[known])
    power = 1.0
    if len(band) > 2 and (band > 0).all():
        power = float(np.clip(np.polyfit(np.log(at), np.log(band), 1)[0], *GROWTH))
    return np.where(horizon <= at[-1], np.interp(horizon, at, band), band[-1] * (horizon / at[-1]) ** power)
