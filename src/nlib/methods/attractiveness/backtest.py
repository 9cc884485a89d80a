"""How well attractiveness has foretold population growth: forecasts made with what was known then, compared with what came.

A forecast of an origin uses the years up to and including it, also in its coefficients and its interval. What is judged is what is
published: the posterior mean of a period's years, and the structure that it stands above.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nlib.core.errors import WrongUse
from nlib.methods.attractiveness import shrinkage
from nlib.methods.attractiveness.components import PARTS
from nlib.methods.attractiveness.estimating import ROWS_PER_TERM, WINDOW, estimate, period_means, windows
from nlib.methods.attractiveness.inputs import required

SIZES = {"0-999": 0, "1000-4999": 1_000, "5000-19999": 5_000, "20000+": 20_000}
ALL = "all"
TERMS: dict[str, list[str]] = {
    "national": [],
    "persistence": [],
    "structure": ["structure"],
    "attractiveness": ["structure", "posterior"],
}
METHODS = tuple(TERMS)
INTERVAL = 0.90
ENOUGH = 20  # errors in a size class to set its interval by; else those of all classes
COLUMNS = ["origin", "method", "size_class", "r2", "mean_abs_error_pct", "coverage_pct", "n"]


def backtest(
    components: pd.DataFrame,
    origins: Sequence[int] | None = None,
    horizon: int = 3,
    parts: Sequence[str] = PARTS,
    window: int = WINDOW,
    forecasts: pd.DataFrame | None = None,
    residuals: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Population growth of the years after an origin, above the nation's, as foretold in the origin year and as it came.

    components: as `attractiveness` (nlib) takes them; residuals: those of `estimate` on them, estimated here unless given. The
    target is the mean of `growth_pct` less the nation's (weighted by population) over the `horizon` years after the origin.
    Methods: `national` (0: as the nation), `persistence` (the mean of the last `horizon` years), `structure` (a regression on
    what the equation gave those years without immigration and business, above the nation's), `attractiveness` (that and the
    posterior mean of samlet, else bosted, over those years, as `attractiveness` gives it with `period=horizon`). Regressions are
    fitted on the `window` earlier origins whose targets were known. Intervals hold 90 % of the absolute errors of those origins
    in the same size class (conformal). `forecasts` may give others' (SSB's projections): `komm_nr`, `origin`, `method`,
    `forecast_pct`; judged where they are, without interval. `origins`: all that are possible unless given.

    Returns `origin`, `method`, `size_class` (all, or inhabitants), `r2` (1 - squared error / squared deviation from the class's
    mean; below 0 is worse than that mean), `mean_abs_error_pct` (percentage points a year), `coverage_pct` (of the 90 %
    intervals), `n`; no rows, and `attrs["omitted"]` says why, where the years are too few. `WrongUse` for origins that cannot be
    judged.

    >>> random = np.random.default_rng(1)
    >>> panel = pd.DataFrame({"komm_nr": np.repeat([f"{n:04}" for n in range(60)], 12), "year": [*range(2014, 2026)] * 60})
    >>> panel = panel.assign(population=5000, own_pct=random.normal(0, 1, 720)).assign(growth_pct=lambda t: t["own_pct"] + 0.5)
    >>> record = backtest(panel, horizon=1, parts=["own_pct"], window=3)
    >>> record["method"].unique().tolist()
    ['national', 'persistence', 'structure', 'attractiveness']
    """
    if horizon < 1:
        raise WrongUse(f"Horisonten må være 1 år eller mer, ikke {horizon}")
    residuals = estimate(components, window, parts).residuals if residuals is None else residuals
    cases = _cases(components, residuals, horizon)
    judged = cases.dropna(subset=["target"])
    results = {}
    for origin in sorted(judged["origin"].unique()):
        known = judged[judged["origin"].between(origin - horizon - window + 1, origin - horizon)]
        if len(known) >= ROWS_PER_TERM * (len(TERMS["attractiveness"]) + 1):
            results[origin] = _judge(known, judged[judged["origin"] == origin], forecasts)
    if origins is not None:
        if impossible := [origin for origin in origins if origin not in results]:
            possible = ", ".join(map(str, results)) or "ingen"
            raise WrongUse(f"{', '.join(map(str, impossible))} kan ikke prøves; mulige år er {possible}")
        results = {origin: results[origin] for origin in sorted(set(origins))}
    tables = [table.assign(origin=origin) for origin, table in results.items()]
    table = pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)
    table.attrs["omitted"] = [] if tables else [f"for få år til å prøve modellen {horizon} år fram"]
    return table


def _cases(components, residuals, horizon):
    """What was known of each place at each origin, and what came (`target`, missing where it is not known yet)."""
    frame = required(components, "components", ["population", "growth_pct"], positive=("population",))
    frame = frame[frame["comparable"]]
    known = frame[frame["growth_pct"].notna() & frame["population"].notna()]
    frame = frame.assign(above=frame["growth_pct"] - frame["year"].map(_nation(known, "growth_pct", "year")))
    years = range(frame["year"].min(), frame["year"].max() + 1)
    above, population = (
        frame.pivot(index="year", columns="komm_nr", values=name).reindex(years) for name in ("above", "population")
    )
    past = above.rolling(horizon, min_periods=horizon).mean()
    columns = {"target": past.shift(-horizon), "persistence": past, "population": population}
    cases = pd.DataFrame({name: figures.stack() for name, figures in columns.items()}).rename_axis(["origin", "komm_nr"])
    cases = cases.join(_published(residuals, horizon)).reset_index()
    cases = cases.dropna(subset=["persistence", "population", "posterior"])
    cases["structure"] -= cases["origin"].map(_nation(cases, "structure", "origin"))
    size = pd.cut(cases["population"], [*SIZES.values(), np.inf], right=False, labels=list(SIZES)).astype("str")
    return cases.assign(size_class=size)


def _nation(rows, figure, year):
    """The mean of a figure weighted by population, by year."""
    people = rows["population"].groupby(rows[year]).sum()
    return (rows[figure] * rows["population"]).groupby(rows[year]).sum() / people


def _published(residuals, length):
    """What is published of every origin and place: the posterior mean of the last years, and their structure."""
    kind = "samlet" if (residuals["kind"] == "samlet").any() else "bosted"
    residuals = residuals[residuals["kind"] == kind]
    of_period = residuals[residuals["year"] > residuals["window"] - length].groupby(["window", "komm_nr"])["structure_pct"]
    structure = of_period.mean().where(of_period.size() == length)
    values = []
    for estimated in windows(residuals):
        means = period_means(estimated.residuals, estimated.last, length)
        index = pd.MultiIndex.from_product([[estimated.last], means.index], names=["origin", "komm_nr"])
        values.append(pd.Series(estimated.posterior(means, length)[0], index, dtype=float))
    return pd.DataFrame({"posterior": pd.concat(values), "structure": structure.rename_axis(["origin", "komm_nr"])})


def _judge(known, now, forecasts):
    """Every method's record at one origin."""
    tables = []
    for method, terms in TERMS.items():
        if terms:
            weights = 1 / shrinkage.noise(known["population"])
            earlier, forecast = _fitted(known, now, terms, np.sqrt(weights / weights.mean()))
        else:
            earlier, forecast = (rows["persistence"] * (method == "persistence") for rows in (known, now))
        width = _widths((known["target"] - earlier).abs(), known["size_class"])
        tables.append(_record(now, forecast, now["size_class"].map(width)).assign(method=method))
    if forecasts is not None:
        others = required(forecasts, "forecasts", ["forecast_pct"], ["komm_nr", "origin", "method"])
        joined = now.merge(others.drop(columns="comparable"), on=["komm_nr", "origin"], validate="1:m").dropna(
            subset=["forecast_pct"]
        )
        tables += [_record(rows, rows["forecast_pct"]).assign(method=method) for method, rows in joined.groupby("method")]
    return pd.concat(tables, ignore_index=True)


def _fitted(known, now, terms, root):
    design, target = (rows.assign(one=1.0)[["one", *terms]].to_numpy(float) for rows in (known, now))
    coefficients = np.linalg.lstsq(design * root[:, None], known["target"].to_numpy() * root, rcond=None)[0]
    return pd.Series(design @ coefficients, known.index), pd.Series(target @ coefficients, now.index)


def _widths(errors, classes):
    """Half the width of a 90 % interval by size class, from earlier absolute errors."""

    def width(values):
        at = min(int(np.ceil(INTERVAL * (len(values) + 1))), len(values)) - 1
        return np.sort(values)[at]

    return {name: width(errors[classes == name] if (classes == name).sum() >= ENOUGH else errors) for name in SIZES}


def _record(rows, forecast, width=None):
    """R^2, mean absolute error and coverage of one method's forecasts, for all and by size class."""
    error = rows["target"] - forecast
    covered = pd.Series(np.nan, rows.index) if width is None else (error.abs() <= width).astype(float)
    records = []
    for name in [ALL, *SIZES]:
        inside = pd.Series(True, rows.index) if name == ALL else rows["size_class"] == name
        if not inside.any():
            continue
        target = rows.loc[inside, "target"]
        spread = ((target - target.mean()) ** 2).sum()
        r2 = 1 - (error[inside] ** 2).sum() / spread if spread > 0 else np.nan
        records.append((name, r2, error[inside].abs().mean(), 100 * covered[inside].mean(), int(inside.sum())))
    return pd.DataFrame(records, columns=["size_class", "r2", "mean_abs_error_pct", "coverage_pct", "n"])
