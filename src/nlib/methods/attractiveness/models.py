"""Attractiveness: what is left of growth when structure is taken away, as published (anchor) and estimated here (nlib).

Telemarksforsking's model as of 2017, and the same two equations estimated on the data at hand, noise and signal apart.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from nlib.core.errors import WrongUse
from nlib.methods.attractiveness import shrinkage
from nlib.methods.attractiveness.components import PARTS
from nlib.methods.attractiveness.estimating import (
    WINDOW,
    Covariates,
    Estimate,
    Window,
    Years,
    asked,
    by_year,
    checked,
    estimate,
    period_means,
)
from nlib.methods.attractiveness.inputs import KEY

MODES = ("anchor", "nlib")
KINDS = ("bosted", "naering", "samlet")
PERIODS = (1, 3, 5, 10)
TYPES = {
    "komm_nr": "str",
    "year": "int64",
    "model": "str",
    "kind": "str",
    "period": "int64",
    **dict.fromkeys(("value_pct", "low_pct", "high_pct", "p_positive", "p_top10"), "float64"),
    "rank": "int64",
    "rank_low": "Int64",
    "rank_high": "Int64",
    "n": "int64",
}


def attractiveness(
    components: pd.DataFrame | Estimate,
    mode: str = "nlib",
    period: int | Sequence[int] = PERIODS,
    parts: Sequence[str] = PARTS,
    window: int = WINDOW,
    draws: int = shrinkage.DRAWS,
    seed: int = shrinkage.SEED,
    years: Years = None,
    covariates: Covariates = (),
) -> pd.DataFrame:
    """Bosteds-, nærings- and samlet attraktivitet: growth above what structure gives, the mean of a period's years, with its rank.

    components: a row per `komm_nr` and `year` with `growth_pct` and `parts`, % of population (see `population_components`); any
    subset of the parts will do, and so will somebody else's. `naering_pct` (% of private jobs) gives næringsattraktivitet,
    `business_pct` among the parts samlet (bosted + business_pct); a kind without its columns is not given. Rows that are not
    `comparable`, or lack a figure, are left out, and a period's value is given where all its years are there. Or what `estimate`
    has made of such: then nothing is estimated again, and its `fit(kind, year)` is the regression of `statsmodels`.

    anchor: growth less the parts, exactly; no interval. nlib: residuals of `estimate` on the `window` years up to and including
    the row's, shrunk towards 0 (see `shrinkage`): posterior mean, 90 % interval, P(a > 0), P(among the top 10 %), rank interval
    (5-95 %); needs `population`, and uses `private_growth_pct`, `mix_pct`, `population_effect_pct` and `settlement_pct` where
    they are. `years`: the last years of the periods asked for, one or several; all unless given, and no other window is estimated.
    `covariates`: columns of one's own to take away too, see `estimate` (nlib only).

    Returns `komm_nr`, `year` (the period's last), `model`, `kind`, `period` (years), `value_pct`, `low_pct`, `high_pct`,
    `p_positive`, `p_top10`, `rank` (1 is highest), `rank_low`, `rank_high`, `n` (municipalities ranked); `attrs["omitted"]` lists
    what was left out. `WrongUse` for another mode, period or year, `InvalidTable` for components that are not as above or too few
    to estimate on.

    >>> components = pd.DataFrame({"komm_nr": ["0301", "3222"], "year": 2025, "growth_pct": [1.2, 0.9], "own_pct": [1.0, 0.2]})
    >>> found = attractiveness(components, mode="anchor", period=1, parts=["own_pct"])
    >>> found[["value_pct", "rank"]].round(1).to_numpy().tolist()
    [[0.2, 2.0], [0.7, 1.0]]
    >>> estimated = estimate(nlib.table("attractiveness_components"), years=2021)
    >>> attractiveness(estimated, period=3)["kind"].unique().tolist()
    ['bosted', 'naering', 'samlet']
    >>> "neighbours_pct" in estimated.fit("bosted", 2021).summary().as_text()
    True
    """
    periods = [period] if isinstance(period, int | np.integer) else list(period)
    if mode not in MODES:
        raise WrongUse(f"Modellen «{mode}» finnes ikke: velg {' eller '.join(MODES)}")
    if not periods or any(not isinstance(length, int | np.integer) or length < 1 for length in periods):
        raise WrongUse(f"Perioden må være et antall år, 1 eller flere, ikke {period}")
    if mode == "anchor":
        if covariates or isinstance(components, Estimate):
            raise WrongUse("Den publiserte modellen (anchor) har faste ledd og beregnes ikke: bruk parts, eller modellen nlib")
        return _anchor(components, parts, periods, years)
    if max(periods) > window:
        raise WrongUse(f"Perioden ({max(periods)} år) kan ikke være lengre enn vinduet ({window} år)")
    if not isinstance(components, Estimate):
        components = estimate(components, window, parts, years, covariates)
    kept = components.windows
    if years is not None:
        wanted = asked(years, pd.Series([each.last for each in kept]))
        kept = tuple(each for each in kept if each.last in wanted)
    table = posteriors(kept, periods, draws, seed)
    table.attrs["omitted"] = list(components.omitted)
    return table


def posteriors(
    windows: Iterable[Window],
    period: Sequence[int] = PERIODS,
    draws: int = shrinkage.DRAWS,
    seed: int = shrinkage.SEED,
) -> pd.DataFrame:
    """The table of `attractiveness` (nlib) of windows that have been estimated.

    windows: as `windows` makes them of the table `attractiveness_residuals`, or `estimate(...).windows`.

    >>> rows = nlib.table("attractiveness_residuals").query("window == 2021 and kind == 'naering'")
    >>> posteriors(windows(rows), [3])["rank"].min().item()
    1
    """
    tables = [
        _ranked(means, "nlib", window.kind, length, window.last, window, draws, seed)
        for window in windows
        for length in period
        if len(means := period_means(window.residuals, window.last, length))
    ]
    return _contract(tables)


def _anchor(components, parts, periods, years):
    """The residuals of the model as published."""
    frame = checked(components, parts)
    wanted = asked(years, frame["year"])
    frame["bosted"] = frame["growth_pct"] - frame[list(parts)].sum(axis=1, skipna=False)
    if "business_pct" in parts:
        frame["samlet"] = frame["bosted"] + frame["business_pct"]
    if "naering_pct" in components.columns:
        frame["naering"] = frame["naering_pct"]
    frame = frame[frame["comparable"]]
    wide = {kind: by_year(frame, kind) for kind in KINDS if kind in frame and len(frame)}
    tables = [
        _ranked(means, "anchor", kind, length, last)
        for kind, figures in wide.items()
        for length in periods
        for last in sorted(wanted & set(figures.columns))
        if len(means := period_means(figures, last, length))
    ]
    table = _contract(tables)
    table.attrs["omitted"] = []
    return table


def _contract(tables):
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(TYPES))
    return table.reindex(columns=list(TYPES)).astype(TYPES).sort_values([*KEY, "kind", "period"], ignore_index=True)


def _ranked(means, model, kind, period, last, window=None, draws=0, seed=0):
    """The contract's rows of one kind, period and year."""
    value, figures = means.to_numpy(), {}
    deviation = None
    if window is not None:
        value, deviation = window.posterior(means, period)
        figures["low_pct"], figures["high_pct"] = value - shrinkage.Z90 * deviation, value + shrinkage.Z90 * deviation
        figures["p_positive"] = shrinkage.positive(value, deviation)
    figures |= shrinkage.ranking(value, deviation, draws, seed)
    places = {"komm_nr": means.index, "year": last, "model": model, "kind": kind, "period": period, "n": len(means)}
    return pd.DataFrame({**places, "value_pct": value, **figures})
