"""Attractiveness: what is left of growth when structure is taken away, as published (anchor) and estimated here (nlib).

Telemarksforsking's model as of 2017, and the same two equations estimated on the data at hand with the noise told from the signal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from nlib.attractiveness import shrinkage
from nlib.attractiveness.components import PARTS
from nlib.attractiveness.inputs import KEY, required
from nlib.errors import InvalidTable, WrongUse

MODES = ("anchor", "nlib")
KINDS = ("bosted", "naering", "samlet")
PERIODS = (1, 3, 5, 10)
WINDOW = 10
ROWS_PER_TERM = 3  # fewer observations than this for each coefficient, and a window is not estimated
COLLINEAR = 1e-7  # of a column's length: less than this left when those before it are taken away
SETTLEMENT = "settlement_pct"
JOB_TERMS = ("mix_pct", "population_effect_pct")
COLUMNS = [
    *KEY, "model", "kind", "period", "value_pct", "low_pct", "high_pct", "p_positive", "p_top10", "rank", "rank_low", "rank_high", "n",
]  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """The two equations, estimated on rolling windows.

    coefficients: `year` (the window's last), `first_year`, `kind` (bosted, naering), `term`, `value`, `standard_error` (HC1), `n`, `r2`.
    A term of `PARTS` is multiplied by the published coefficients already: 1 is as published, 0 no effect.
    residuals: `window` (its last year), `komm_nr`, `year`, `population`, and `bosted`, `naering`, `samlet` in %, NaN where missing.
    variances: `year`, `kind`, `tau_pct` (between places), `sigma_pct` (a year's noise in a place of 10 000). told: what was left out.
    """

    coefficients: pd.DataFrame
    residuals: pd.DataFrame
    variances: pd.DataFrame
    told: tuple[str, ...]


def attractiveness(
    components: pd.DataFrame,
    mode: str = "nlib",
    period: int | Sequence[int] = PERIODS,
    parts: Sequence[str] = PARTS,
    window: int = WINDOW,
    draws: int = shrinkage.DRAWS,
    seed: int = shrinkage.SEED,
) -> pd.DataFrame:
    """Bosteds-, nærings- and samlet attraktivitet: growth above what structure gives, the mean of a period's years, with its rank.

    components: a row per `komm_nr` and `year` with `growth_pct` and `parts`, % of population (see `population_components`); any
    subset of the parts will do, and so will somebody else's. `naering_pct` (% of private jobs) gives næringsattraktivitet,
    `business_pct` among the parts samlet (bosted + business_pct); a kind without its columns is not given. Rows that are not
    `comparable`, or lack a figure, are left out, and a period's value is given where all its years are there.

    anchor: growth less the parts, exactly; no interval. nlib: residuals of `estimate` on the `window` years up to and including the
    row's, shrunk towards 0 (see `shrinkage`): posterior mean, 90 % interval, P(a > 0), P(among the top 10 %), rank interval (5-95 %);
    needs `population`, and uses `private_growth_pct`, `mix_pct`, `population_effect_pct` and `settlement_pct` where they are.

    Returns `komm_nr`, `year` (the period's last), `model`, `kind`, `period` (years), `value_pct`, `low_pct`, `high_pct`, `p_positive`,
    `p_top10`, `rank` (1 is highest), `rank_low`, `rank_high`, `n` (municipalities ranked); `attrs["told"]` lists what was left out.
    `WrongUse` for another mode or period, `InvalidTable` for components that are not as above or too few to estimate on.
    """
    periods = [period] if isinstance(period, int | np.integer) else list(period)
    if mode not in MODES:
        raise WrongUse(f"Modellen «{mode}» finnes ikke: velg {' eller '.join(MODES)}")
    if not periods or any(not isinstance(years, int | np.integer) or years < 1 for years in periods):
        raise WrongUse(f"Perioden må være et antall år, 1 eller flere, ikke {period}")
    if mode == "nlib" and max(periods) > window:
        raise WrongUse(f"Perioden ({max(periods)} år) kan ikke være lengre enn vinduet ({window} år)")
    if mode == "anchor":
        residuals, told = _published(components, parts), ()
        tables = [
            _ranked(years, "anchor", kind, length)
            for kind in KINDS
            if kind in residuals
            for length in periods
            for years in _periods(residuals, kind, length)
        ]
    else:
        estimated = estimate(components, window, parts)
        told = estimated.told
        tables = [
            _ranked(years, "nlib", kind, length, spread, draws, seed)
            for kind, last, rows, spread in spreads(estimated.residuals)
            for length in periods
            for years in _periods(rows, kind, length, last)
        ]
    result = pd.concat([_NOTHING, *tables], ignore_index=True)
    result = result.sort_values([*KEY, "kind", "period"], ignore_index=True)
    result.attrs["told"] = list(told)
    return result


def estimate(components: pd.DataFrame, window: int = WINDOW, parts: Sequence[str] = PARTS) -> Estimate:
    """The two equations of attractiveness by weighted least squares, on the years up to each year of the table.

    Population growth less birth surplus on the other parts (immigration is in the year effects), and private job growth on mix and
    population effect where they are there (else `naering_pct` as it is); year effects, weights population^0.76, HC1 robust errors;
    a window is up to `window` years. `settlement_pct` (refugees settled, % of population) is a term of its own where the column is,
    0 in years that have no such figure at all. Samlet is the bosted residual + the business part times its coefficient, above the
    year's weighted mean. Terms that others already say are left out, windows of too few rows too, and both are told.
    `InvalidTable` where no window can be estimated.
    """
    if window < 1:
        raise WrongUse(f"Vinduet må være 1 år eller mer, ikke {window}")
    frame, settled = _checked(components, parts, ["population"]), SETTLEMENT in components.columns
    terms = [part for part in parts if part not in ("birth_surplus_pct", "immigration_pct")]
    frame["bosted"] = frame["growth_pct"] - (frame["birth_surplus_pct"] if "birth_surplus_pct" in parts else 0.0)
    equations = {"bosted": terms + [SETTLEMENT] * settled}
    if settled:
        frame[SETTLEMENT] = frame[SETTLEMENT].mask(frame.groupby("year")[SETTLEMENT].transform("count") == 0, 0.0)
    if {"private_growth_pct", *JOB_TERMS} <= set(components.columns):
        equations["naering"], frame["naering"] = list(JOB_TERMS), frame["private_growth_pct"]
    elif "naering_pct" in components.columns:
        equations["naering"], frame["naering"] = [], frame["naering_pct"]
    coefficients, residuals, told = [], [], []
    for kind, columns in equations.items():
        rows = frame[frame["comparable"] & frame[[kind, *columns, "population"]].notna().all(axis=1)]
        for last in sorted(rows["year"].unique()):
            held = rows[rows["year"].between(last - window + 1, last)]
            used = _independent(held, columns)
            if len(held) < ROWS_PER_TERM * (len(used) + held["year"].nunique()):
                told.append(f"{kind} {last}: {len(held)} kommuneår er for få å beregne på")
                continue
            told += [f"{kind} {last}: {column} kan ikke skilles fra de andre leddene" for column in columns if column not in used]
            fitted = _fit(held, kind, used)
            coefficients.append(_told_coefficients(fitted, kind, used, held["year"].min(), last))
            left = held[KEY + ["population"]].assign(window=last, kind=kind, residual=fitted.resid)
            residuals.append(left)
            if kind == "bosted" and "business_pct" in terms:
                drawn = fitted.params.get("business_pct", 0.0) * held["business_pct"]
                weights = held["population"] ** shrinkage.SIZE_POWER
                by_year = (drawn * weights).groupby(held["year"]).transform("sum") / weights.groupby(held["year"]).transform("sum")
                residuals.append(left.assign(kind="samlet", residual=fitted.resid + drawn - by_year))
    if not any((rows["kind"] == "bosted").any() for rows in residuals):
        raise InvalidTable("components", ["det er for få sammenlignbare kommuneår med alle ledd til å beregne modellen", *told])
    long = pd.concat(residuals, ignore_index=True)
    wide = (
        long.pivot(index=["window", *KEY, "population"], columns="kind", values="residual").reset_index().rename_axis(columns=None)
    )
    return Estimate(pd.concat(coefficients, ignore_index=True), wide, _variances(wide), tuple(told))


_NOTHING = pd.DataFrame(
    {
        **dict.fromkeys(COLUMNS, pd.Series(dtype="float64")),
        **dict.fromkeys(("komm_nr", "model", "kind"), pd.Series(dtype="str")),
        **dict.fromkeys(("year", "period", "n"), pd.Series(dtype="int64")),
        **dict.fromkeys(("rank", "rank_low", "rank_high"), pd.Series(dtype="Int64")),
    }
)


def _checked(components, parts, others=()):
    used = [*others, "growth_pct", *parts]
    there = ["private_growth_pct", *JOB_TERMS, "naering_pct", SETTLEMENT]
    used += [column for column in there if column in components.columns]
    return required(components, "components", used, positive=("population",)).astype({"komm_nr": "str", "year": "int64"})


def _published(components, parts):
    """The residuals of the model as published, by kind."""
    frame = _checked(components, parts)
    frame["bosted"] = frame["growth_pct"] - frame[list(parts)].sum(axis=1, skipna=False)
    if "business_pct" in parts:
        frame["samlet"] = frame["bosted"] + frame["business_pct"]
    if "naering_pct" in components.columns:
        frame["naering"] = frame["naering_pct"]
    return frame.loc[frame["comparable"], [*KEY, *(kind for kind in KINDS if kind in frame)]]


def _independent(rows, columns):
    """The columns that say something that the years and the columns before them do not."""
    used = list(columns)
    while used:
        effects = pd.get_dummies(rows["year"]).to_numpy(float)
        design = np.column_stack([effects, rows[used].to_numpy(float)]) * np.sqrt(_weights(rows))[:, None]
        if len(design) < design.shape[1]:
            return used
        length = np.linalg.norm(design, axis=0)
        left = np.abs(np.diagonal(np.linalg.qr(design, mode="r")))[effects.shape[1] :]
        said = np.flatnonzero(left <= COLLINEAR * length[effects.shape[1] :])
        if not said.size:
            return used
        del used[said[0]]
    return used


def _weights(rows):
    weights = 1 / shrinkage.noise(rows["population"])
    return weights / weights.mean()


def _fit(rows, kind, terms):
    design = pd.get_dummies(rows["year"], prefix="year", dtype=float).join(rows[terms])
    return sm.WLS(rows[kind], design, weights=_weights(rows)).fit(cov_type="HC1")


def _told_coefficients(fitted, kind, terms, first, last):
    named = [name for name in fitted.params.index if name in terms or name.startswith("year_")]
    table = pd.DataFrame({"term": named, "value": fitted.params[named].to_numpy(), "standard_error": fitted.bse[named].to_numpy()})
    return table.assign(year=last, first_year=first, kind=kind, n=int(fitted.nobs), r2=fitted.rsquared)


def spreads(residuals):
    """The variances of every kind and window: kind, its last year, its rows, `Variances`."""
    for kind in KINDS:
        if kind in residuals:
            for last, rows in residuals[residuals[kind].notna()].groupby("window"):
                wide = rows.pivot(index="komm_nr", columns="year", values=kind)
                size = rows.groupby("komm_nr")["population"].mean().reindex(wide.index)
                yield kind, last, rows, shrinkage.variances(wide.to_numpy(), size.to_numpy())


def _variances(residuals):
    rows = [
        (last, kind, np.sqrt(spread.tau2), np.sqrt(spread.sigma2 * shrinkage.noise(10_000)))
        for kind, last, _, spread in spreads(residuals)
    ]
    return pd.DataFrame(rows, columns=["year", "kind", "tau_pct", "sigma_pct"])


def _periods(residuals, kind, length, last=None):
    """Means over periods whose years are all there, a frame for each last year: `komm_nr`, `year`, `value`, and `population`."""
    for end in sorted(residuals["year"].unique()) if last is None else [last]:
        rows = residuals[residuals["year"].between(end - length + 1, end) & residuals[kind].notna()]
        figures = {"value": (kind, "mean"), "years": (kind, "size")}
        if "population" in rows:
            figures["population"] = ("population", "mean")
        means = rows.groupby("komm_nr").agg(**figures)
        means = means[means.pop("years") == length].reset_index().assign(year=end)
        if len(means):
            yield means


def _ranked(means, model, kind, length, spread=None, draws=0, seed=0):
    """The contract's rows of one kind and period."""
    value, table = means["value"].to_numpy(), means[KEY].assign(model=model, kind=kind, period=length, n=len(means))
    figures = dict.fromkeys(("low_pct", "high_pct", "p_positive"), np.nan)
    deviation = None
    if spread is not None:
        value, deviation = shrinkage.posterior(value, length, means["population"].to_numpy(), spread)
        low, high = value - shrinkage.Z90 * deviation, value + shrinkage.Z90 * deviation
        figures = {"low_pct": low, "high_pct": high, "p_positive": shrinkage.positive(value, deviation)}
    ranks = shrinkage.ranking(value, deviation, draws, seed)
    return pd.concat([table.assign(value_pct=value, **figures), ranks], axis=1)[COLUMNS]
