"""Attractiveness: what is left of growth when structure is taken away, as published (anchor) and estimated here (nlib).

Telemarksforsking's model as of 2017, and the same two equations estimated on the data at hand with the noise told from the signal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

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


@dataclass(frozen=True)
class Estimate:
    """The two equations, estimated on rolling windows.

    coefficients: `term`, `value`, `standard_error` (robust), `n`, `r2`, `year` (the window's last), `first_year`, `kind` (bosted,
    naering). A term of `PARTS` is multiplied by the published coefficients already: 1 is as published, 0 no effect.
    residuals: `komm_nr`, `year`, `population`, `window` (its last year), `kind` (bosted, naering, samlet), `residual_pct`, and
    `structure_variance` (squared %), which the coefficients' uncertainty gives it.
    variances: `year`, `kind`, `tau_pct` (between places), `sigma_pct` (a year's noise in a place of 10 000). told: what was
    left out.
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

    anchor: growth less the parts, exactly; no interval. nlib: residuals of `estimate` on the `window` years up to and including
    the row's, shrunk towards 0 (see `shrinkage`): posterior mean, 90 % interval, P(a > 0), P(among the top 10 %), rank interval
    (5-95 %); needs `population`, and uses `private_growth_pct`, `mix_pct`, `population_effect_pct` and `settlement_pct` where
    they are.

    Returns `komm_nr`, `year` (the period's last), `model`, `kind`, `period` (years), `value_pct`, `low_pct`, `high_pct`,
    `p_positive`, `p_top10`, `rank` (1 is highest), `rank_low`, `rank_high`, `n` (municipalities ranked); `attrs["told"]` lists
    what was left out. `WrongUse` for another mode or period, `InvalidTable` for components that are not as above or too few to
    estimate on.

    >>> components = pd.DataFrame({"komm_nr": ["0301", "3222"], "year": 2025, "growth_pct": [1.2, 0.9], "own_pct": [1.0, 0.2]})
    >>> found = attractiveness(components, mode="anchor", period=1, parts=["own_pct"])
    >>> found[["value_pct", "rank"]].round(1).to_numpy().tolist()
    [[0.2, 2.0], [0.7, 1.0]]
    """
    periods = [period] if isinstance(period, int | np.integer) else list(period)
    if mode not in MODES:
        raise WrongUse(f"Modellen «{mode}» finnes ikke: velg {' eller '.join(MODES)}")
    if not periods or any(not isinstance(years, int | np.integer) or years < 1 for years in periods):
        raise WrongUse(f"Perioden må være et antall år, 1 eller flere, ikke {period}")
    if mode == "nlib" and max(periods) > window:
        raise WrongUse(f"Perioden ({max(periods)} år) kan ikke være lengre enn vinduet ({window} år)")
    if mode == "anchor":
        told: tuple[str, ...] = ()
        tables = [
            _ranked(means, mode, kind, years, last)
            for kind, wide in _published(components, parts).items()
            for years in periods
            for last in wide.columns
            if len(means := _means(wide, last, years))
        ]
    else:
        estimated = estimate(components, window, parts)
        told = estimated.told
        tables = [
            _ranked(means, mode, held.kind, years, held.last, held, draws, seed)
            for held in windows(estimated.residuals)
            for years in periods
            if len(means := _means(held.residuals, held.last, years))
        ]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(TYPES))
    table = table.reindex(columns=list(TYPES)).astype(TYPES).sort_values([*KEY, "kind", "period"], ignore_index=True)
    table.attrs["told"] = list(told)
    return table


def estimate(components: pd.DataFrame, window: int = WINDOW, parts: Sequence[str] = PARTS) -> Estimate:
    """The two equations of attractiveness by weighted least squares with random effects, on the years up to each year of the table.

    Population growth less birth surplus on the other parts (immigration is in the year effects), and private job growth on mix
    and population effect where they are there (else `naering_pct` as it is); year effects, weights population^0.76, errors that
    are robust, also to what a municipality's years have in common; a window is up to `window` years. `settlement_pct` (refugees
    settled, % of population) is a term of its own where the column is, 0 in years that have no such figure at all. Samlet is the
    bosted residual + the business part times its coefficient, above the year's weighted mean. Terms that others already say are
    left out, windows of too few rows too, and both are told. `InvalidTable` where no window can be estimated.

    >>> components = nlib.table("attractiveness_components").query("year > year.max() - 5")
    >>> found = estimate(components).coefficients.query("kind == 'bosted' and year == year.max()").set_index("term")
    >>> found.loc["neighbours_pct", ["value", "standard_error"]].round(1).tolist()
    [1.0, 0.1]
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
            design, fitted = _fit(held, kind, used)
            coefficients.append(_table(held, kind, design, fitted).assign(year=last, first_year=held["year"].min(), kind=kind))
            residuals.append(_left(held, kind, last, design, fitted))
            if kind == "bosted" and "business_pct" in terms:
                residuals.append(_left(held, "samlet", last, design, fitted))
    if not any((rows["kind"] == "bosted").any() for rows in residuals):
        raise InvalidTable("components", ["det er for få sammenlignbare kommuneår med alle ledd til å beregne modellen", *told])
    left = pd.concat(residuals, ignore_index=True)
    spread = [
        (held.last, held.kind, np.sqrt(held.spread.tau2), np.sqrt(held.spread.sigma2 * shrinkage.noise(10_000)))
        for held in windows(left)
    ]
    variances = pd.DataFrame(spread, columns=["year", "kind", "tau_pct", "sigma_pct"])
    return Estimate(pd.concat(coefficients, ignore_index=True), left, variances, tuple(told))


@dataclass(frozen=True)
class Window:
    """The residuals of one kind in one window, places by years in a row: `residuals`; `population` and `structure` one a place."""

    kind: str
    last: int
    residuals: pd.DataFrame
    population: pd.Series
    structure: pd.Series

    @cached_property
    def spread(self) -> shrinkage.Variances:
        return shrinkage.variances(self.residuals.to_numpy(), self.population.to_numpy())

    def posterior(self, mean: pd.Series, years) -> tuple[np.ndarray, np.ndarray]:
        """Posterior mean and deviation of places, from the means of their residuals over some years."""
        population, structure = (figures.loc[mean.index].to_numpy() for figures in (self.population, self.structure))
        return shrinkage.posterior(mean.to_numpy(), years, population, self.spread, structure)


def windows(residuals: pd.DataFrame) -> Iterator[Window]:
    """Every kind and window of an estimate's residuals."""
    for (kind, last), rows in residuals.groupby(["kind", "window"]):
        means = rows.groupby("komm_nr")[["population", "structure_variance"]].mean()
        yield Window(kind, last, _by_year(rows, "residual_pct"), means["population"], means["structure_variance"])


def _checked(components, parts, others=()):
    used = [*others, "growth_pct", *parts]
    there = ["private_growth_pct", *JOB_TERMS, "naering_pct", SETTLEMENT]
    used += [column for column in there if column in components.columns]
    return required(components, "components", used, positive=("population",)).astype({"komm_nr": "str", "year": "int64"})


def _published(components, parts):
    """The residuals of the model as published, places by years, by kind."""
    frame = _checked(components, parts)
    frame["bosted"] = frame["growth_pct"] - frame[list(parts)].sum(axis=1, skipna=False)
    if "business_pct" in parts:
        frame["samlet"] = frame["bosted"] + frame["business_pct"]
    if "naering_pct" in components.columns:
        frame["naering"] = frame["naering_pct"]
    frame = frame[frame["comparable"]]
    return {kind: _by_year(frame, kind) for kind in KINDS if kind in frame and len(frame)}


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
    """The design (year effects and terms) and the fit, in two steps.

    First weighted least squares; then the same with what its residuals say that a municipality's years have in common taken
    account of (random effects, feasible GLS by quasi-demeaning): else lasting attractiveness, which feeds job growth, is taken for
    an effect of jobs. Errors are robust to what is still in common.
    """
    import statsmodels.api as sm  # takes time to load, and a page that shows what is estimated has no use for it

    design = pd.get_dummies(rows["year"], prefix="year", dtype=float).join(rows[terms])
    place, weights = rows["komm_nr"].factorize()[0], _weights(rows)
    first = sm.WLS(rows[kind], design, weights=weights).fit()
    means = rows.assign(left=first.resid).groupby("komm_nr", sort=False)
    size, years = means["population"].mean().to_numpy(), means.size().to_numpy()
    wide = _by_year(rows.assign(left=first.resid), "left").loc[list(means.groups)]
    spread = shrinkage.variances(wide.to_numpy(), size)
    luck = spread.sigma2 * shrinkage.noise(size)
    common = (1 - np.sqrt(np.divide(luck, luck + years * spread.tau2, out=np.ones_like(luck), where=luck > 0)))[place]

    def apart(figures):
        """Figures less what a municipality's years have in common."""
        return figures - figures.groupby(place).transform("mean").mul(common, axis=0)

    second = sm.WLS(apart(rows[kind]), apart(design), weights=weights)
    return design, second.fit(cov_type="cluster", cov_kwds={"groups": place})


def _table(rows, kind, design, fitted):
    figures = {"term": list(design.columns), "value": fitted.params.to_numpy(), "standard_error": fitted.bse.to_numpy()}
    weights = _weights(rows)
    usual = np.average(rows[kind], weights=weights)
    left = np.sum(weights * (rows[kind] - design @ fitted.params) ** 2) / np.sum(weights * (rows[kind] - usual) ** 2)
    return pd.DataFrame(figures).assign(n=len(design), r2=1 - left)


def _left(rows, kind, last, design, fitted):
    """What the fit leaves of growth, and the variance that its coefficients give it; samlet has the business part back."""
    residual = rows["bosted" if kind == "samlet" else kind] - design @ fitted.params
    if kind == "samlet" and "business_pct" in design:
        business = design["business_pct"]
        weights = pd.Series(_weights(rows), rows.index)
        usual = rows["year"].map((business * weights).groupby(rows["year"]).sum() / weights.groupby(rows["year"]).sum())
        residual = residual + fitted.params["business_pct"] * (business - usual)
        design = design.assign(business_pct=usual)
    variance = np.einsum("ij,jk,ik->i", design, fitted.cov_params(), design)
    return rows[[*KEY, "population"]].assign(window=last, kind=kind, residual_pct=residual, structure_variance=variance.clip(0))


def _by_year(rows, figure):
    """Places by years, every year from the first to the last a column."""
    wide = rows.pivot(index="komm_nr", columns="year", values=figure)
    return wide.reindex(columns=range(rows["year"].min(), rows["year"].max() + 1))


def _means(wide, last, length):
    """The mean of a period's years, of the places where all of them are there."""
    years = [year for year in range(last - length + 1, last + 1) if year in wide.columns]
    return wide[years].mean(axis=1, skipna=False).dropna() if len(years) == length else pd.Series(dtype=float)


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
