"""The two equations of attractiveness, estimated on rolling windows: coefficients, residuals, and how sure both are.

Lasting attractiveness feeds job growth, so that plain least squares takes it for an effect of jobs: what a municipality's years
have in common is a random effect here. `shrinkage` says what of the residuals is luck.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nlib.core.errors import InvalidTable, WrongUse
from nlib.methods.attractiveness import shrinkage
from nlib.methods.attractiveness.components import PARTS
from nlib.methods.attractiveness.inputs import KEY, required

if TYPE_CHECKING:
    from statsmodels.regression.linear_model import RegressionResults

WINDOW = 10
ROWS_PER_TERM = 3  # fewer observations than this for each coefficient, and a window is not estimated
COLLINEAR = 1e-7  # of a column's length: less than this left when those before it are taken away
SETTLEMENT = "settlement_pct"
JOB_TERMS = ("mix_pct", "population_effect_pct")

Years = int | Sequence[int] | None
Covariates = Sequence[str] | Mapping[str, Sequence[str]]


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
        """The variance between places and of a year's luck."""
        return shrinkage.variances(self.residuals.to_numpy(), self.population.to_numpy())

    def posterior(self, mean: pd.Series, years) -> tuple[np.ndarray, np.ndarray]:
        """Posterior mean and deviation of places, from the means of their residuals over some years."""
        population, structure = (figures.loc[mean.index].to_numpy() for figures in (self.population, self.structure))
        return shrinkage.posterior(mean.to_numpy(), years, population, self.spread, structure)


@dataclass(frozen=True, eq=False)
class Estimate:
    """The two equations, estimated on rolling windows.

    coefficients: `term`, `value`, `standard_error` (robust), `n`, `r2`, `year` (the window's last), `first_year`, `kind` (bosted,
    naering). A term of `PARTS` is multiplied by the published coefficients already: 1 is as published, 0 no effect.
    residuals: `komm_nr`, `year`, `population`, `window` (its last year), `kind` (bosted, naering, samlet); growth = `structure_pct`
    (what the equation gives, year effect included) + `residual_pct`; `low_pct` and `high_pct`, the 90 % interval of what is the
    place's own of the residual, not shrunken: from a year's luck and from `structure_variance` (squared %), which the
    coefficients' uncertainty gives it. windows: the same, one a kind and year. fits: of `statsmodels`, by kind and year.
    omitted: what was not estimated, and why.
    """

    coefficients: pd.DataFrame
    residuals: pd.DataFrame
    windows: tuple[Window, ...]
    fits: dict[tuple[str, int], "RegressionResults"]
    omitted: tuple[str, ...]

    @property
    def variances(self) -> pd.DataFrame:
        """`year`, `kind`, `tau_pct` (standard deviation between places), `sigma_pct` (of a year's luck in a place of 10 000)."""
        rows = [
            (window.last, window.kind, np.sqrt(window.spread.tau2), np.sqrt(window.spread.sigma2 * shrinkage.noise(10_000)))
            for window in self.windows
        ]
        return pd.DataFrame(rows, columns=["year", "kind", "tau_pct", "sigma_pct"])

    def fit(self, kind: str = "bosted", year: int | None = None) -> "RegressionResults":
        """The fit of `statsmodels`, for `.summary()`, `.conf_int()`, `.wald_test(...)`; the latest window unless `year` is given.

        Samlet has the equation of bosted. Both sides have had a part of what a municipality's years have in common taken away
        (random effects), and errors are robust to what is left. `WrongUse` where there is no such fit.
        """
        kind = "bosted" if kind == "samlet" else kind
        there = sorted(last for which, last in self.fits if which == kind)
        year = max(there, default=0) if year is None else year
        if (kind, year) not in self.fits:
            raise WrongUse(f"{kind} {year} er ikke beregnet: velg bosted eller naering, og {_listed(there)}")
        return self.fits[kind, year]


def estimate(
    components: pd.DataFrame,
    window: int = WINDOW,
    parts: Sequence[str] = PARTS,
    years: Years = None,
    covariates: Covariates = (),
) -> Estimate:
    """The two equations of attractiveness by weighted least squares with random effects, on the years up to each year of the table.

    Population growth less birth surplus on the other parts (immigration is in the year effects), and private job growth on mix
    and population effect where they are there (else `naering_pct` as it is); year effects, weights population^0.76, errors that
    are robust, also to what a municipality's years have in common; a window is up to `window` years, and `years` are the last
    years of the windows asked for (all unless given). `covariates`: columns of one's own, terms with a coefficient of their own in
    the equation of bosted, or `{"bosted": [...], "naering": [...]}`. `settlement_pct` (refugees settled, % of population) is a
    term of its own where the column is, 0 in years that have no such figure at all. Samlet is the bosted residual + the business
    part times its coefficient, above the year's weighted mean. Terms that others already say are left out, windows of too few
    rows too, and both are listed. `InvalidTable` where no window can be estimated, `WrongUse` for years that are not in the table.

    >>> components = nlib.table("attractiveness_components")
    >>> found = estimate(components, years=2021)
    >>> found.coefficients.query("kind == 'naering'")["term"].tolist()[-2:]
    ['mix_pct', 'population_effect_pct']
    >>> found.fit("bosted", 2021).conf_int(0.1).loc["integration_pct"].gt(0).all().item()
    True
    """
    if window < 1:
        raise WrongUse(f"Vinduet må være 1 år eller mer, ikke {window}")
    frame, equations = _equations(components, parts, _by_kind(covariates))
    lasts = asked(years, frame["year"])
    coefficients, residuals, fits, omitted = [], [], {}, []
    for kind, columns in equations.items():
        rows = frame[frame["comparable"] & frame[[kind, *columns, "population"]].notna().all(axis=1)]
        for last in sorted(set(rows["year"]) & lasts):
            inside = rows[rows["year"].between(last - window + 1, last)]
            used = _independent(inside, columns)
            if len(inside) < ROWS_PER_TERM * (len(used) + inside["year"].nunique()):
                omitted.append(f"{kind} {last}: {len(inside)} kommuneår er for få å beregne på")
                continue
            omitted += [
                f"{kind} {last}: {column} kan ikke skilles fra de andre leddene" for column in columns if column not in used
            ]
            design, fitted = _fit(inside, kind, used)
            fits[kind, int(last)] = fitted
            coefficients.append(_table(inside, kind, design, fitted).assign(year=last, first_year=inside["year"].min(), kind=kind))
            residuals.append(_left(inside, kind, last, design, fitted))
            if kind == "bosted" and "business_pct" in parts:
                residuals.append(_left(inside, "samlet", last, design, fitted))
    if not any((rows["kind"] == "bosted").any() for rows in residuals):
        raise InvalidTable("components", ["det er for få sammenlignbare kommuneår med alle ledd til å beregne modellen", *omitted])
    left = pd.concat(residuals, ignore_index=True)
    each = tuple(windows(left))
    return Estimate(pd.concat(coefficients, ignore_index=True), _with_intervals(left, each), each, fits, tuple(omitted))


def windows(residuals: pd.DataFrame) -> Iterator[Window]:
    """Every kind and window of an estimate's residuals.

    >>> rows = nlib.table("attractiveness_residuals").query("window >= 2020 and kind == 'bosted'")
    >>> [(window.kind, window.last) for window in windows(rows)]
    [('bosted', 2020), ('bosted', 2021)]
    """
    for (kind, last), rows in residuals.groupby(["kind", "window"]):
        means = rows.groupby("komm_nr")[["population", "structure_variance"]].mean()
        yield Window(str(kind), int(last), by_year(rows, "residual_pct"), means["population"], means["structure_variance"])


def checked(components: pd.DataFrame, parts: Sequence[str], others: Sequence[str] = ()) -> pd.DataFrame:
    """Components with the figures of the model as float64; `InvalidTable` lists what is wrong with them."""
    there = ["private_growth_pct", *JOB_TERMS, "naering_pct", SETTLEMENT]
    used = dict.fromkeys([*others, "growth_pct", *parts, *(column for column in there if column in components.columns)])
    return required(components, "components", list(used), positive=("population",)).astype({"komm_nr": "str", "year": "int64"})


def asked(years: Years, there: pd.Series) -> set[int]:
    """The years asked for, all that are there unless some are; `WrongUse` for one that is not there."""
    possible = {int(year) for year in there.unique()}
    if years is None:
        return possible
    given = [years] if isinstance(years, int | float | str | np.number) else list(years)
    if odd := [year for year in given if not str(year).removesuffix(".0").isdecimal()]:
        raise WrongUse(f"«{odd[0]}» er ikke et år: skriv for eksempel years=[2019, 2020]")
    wanted = {int(float(year)) for year in given}
    if (missing := sorted(wanted - possible)) or not wanted:
        why = f"Tabellen har ikke {_listed(missing)}" if missing else "Listen years er tom"
        raise WrongUse(f"{why}: velg blant {_listed(sorted(possible))}")
    return wanted


def by_year(rows: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Places by years, every year from the first to the last a column."""
    wide = rows.pivot(index="komm_nr", columns="year", values=figure)
    return wide.reindex(columns=range(rows["year"].min(), rows["year"].max() + 1))


def period_means(wide: pd.DataFrame, last: int, length: int) -> pd.Series:
    """The mean of a period's years, of the places where all of them are there."""
    years = [year for year in range(last - length + 1, last + 1) if year in wide.columns]
    return wide[years].mean(axis=1, skipna=False).dropna() if len(years) == length else pd.Series(dtype=float)


def _listed(years):
    return ", ".join(map(str, years)) or "ingen år"


def _by_kind(covariates):
    """The columns of one's own by equation."""
    own = covariates if isinstance(covariates, Mapping) else {"bosted": covariates}
    if any(isinstance(columns, str) for columns in own.values()) or set(own) - {"bosted", "naering"}:
        raise WrongUse("covariates må være en liste med kolonner, eller {'bosted': [...], 'naering': [...]}")
    return {kind: list(columns) for kind, columns in own.items()}


def _equations(components, parts, own):
    """The table with what each equation explains, `bosted` and `naering`, and the terms it is explained by."""
    frame = checked(components, parts, ["population", *(column for columns in own.values() for column in columns)])
    frame["bosted"] = frame["growth_pct"] - (frame["birth_surplus_pct"] if "birth_surplus_pct" in parts else 0.0)
    equations = {"bosted": [part for part in parts if part not in ("birth_surplus_pct", "immigration_pct")]}
    if SETTLEMENT in components.columns:
        equations["bosted"].append(SETTLEMENT)
        frame[SETTLEMENT] = frame[SETTLEMENT].mask(frame.groupby("year")[SETTLEMENT].transform("count") == 0, 0.0)
    if {"private_growth_pct", *JOB_TERMS} <= set(components.columns):
        equations["naering"], frame["naering"] = list(JOB_TERMS), frame["private_growth_pct"]
    elif "naering_pct" in components.columns:
        equations["naering"], frame["naering"] = [], frame["naering_pct"]
    elif "naering" in own:
        raise InvalidTable("components", ["kolonnen naering_pct mangler, så det er ingen ligning for næring å legge ledd i"])
    return frame, {kind: list(dict.fromkeys([*terms, *own.get(kind, ())])) for kind, terms in equations.items()}


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
        close = np.flatnonzero(left <= COLLINEAR * length[effects.shape[1] :])
        if not close.size:
            return used
        del used[close[0]]
    return used


def _weights(rows):
    weights = 1 / shrinkage.noise(rows["population"])
    return weights / weights.mean()


def _fit(rows, kind, terms):
    """The design (year effects and terms) and the fit, in two steps.

    First weighted least squares; then the same with what its residuals say that a municipality's years have in common taken
    account of (random effects, feasible GLS by quasi-demeaning). Errors are robust to what is still in common.
    """
    import statsmodels.api as sm  # takes time to load, and a page that shows what is estimated has no use for it

    design = pd.get_dummies(rows["year"], prefix="year", dtype=float).join(rows[terms])
    place, weights = rows["komm_nr"].factorize()[0], _weights(rows)
    values, outcome, root = design.to_numpy(), rows[kind].to_numpy(), np.sqrt(weights)
    first = outcome - values @ np.linalg.lstsq(values * root[:, None], outcome * root, rcond=None)[0]
    means = rows.groupby("komm_nr", sort=False)
    size, years = means["population"].mean().to_numpy(), means.size().to_numpy()
    spread = shrinkage.variances(by_year(rows.assign(left=first), "left").loc[list(means.groups)].to_numpy(), size)
    luck = spread.sigma2 * shrinkage.noise(size)
    common = (1 - np.sqrt(np.divide(luck, luck + years * spread.tau2, out=np.ones_like(luck), where=luck > 0)))[place]

    def apart(figures):
        """Figures less what a municipality's years have in common."""
        return figures - figures.groupby(place).transform("mean").mul(common, axis=0)

    second = sm.WLS(apart(rows[kind]), apart(design), weights=weights, hasconst=True)  # the year effects are the constant
    return design, second.fit(method="qr", cov_type="cluster", cov_kwds={"groups": place})


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
    grown = rows["naering" if kind == "naering" else "growth_pct"]
    variance = ((design.to_numpy() @ fitted.cov_params().to_numpy()) * design.to_numpy()).sum(axis=1)
    figures = {"structure_pct": grown - residual, "residual_pct": residual, "structure_variance": variance.clip(0)}
    return rows[[*KEY, "population"]].assign(window=last, kind=kind, **figures)


def _with_intervals(residuals, each):
    """The residuals with 90 % intervals of what is the place's own of them."""
    luck = {(window.kind, window.last): window.spread.sigma2 for window in each}
    sigma2 = pd.Series(luck).reindex(pd.MultiIndex.from_frame(residuals[["kind", "window"]])).to_numpy()
    half = shrinkage.Z90 * np.sqrt(sigma2 * shrinkage.noise(residuals["population"]) + residuals["structure_variance"])
    return residuals.assign(low_pct=residuals["residual_pct"] - half, high_pct=residuals["residual_pct"] + half)
