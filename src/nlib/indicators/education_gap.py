"""Higher education among residents against what the industries they work in would suggest."""

import numpy as np
import pandas as pd

from nlib.core.tables import KEY, Placed, column, measure

OF_KNOWN = "prosent av dem med kjent utdanning"
UNKNOWN = "00"  # industry
ROWS_PER_TERM = 5  # fewer municipalities than this for each industry, and a year is not estimated


class Gap(Placed):
    year: int = column("År", ge=2008, le=2100)
    higher_pct: float = column("Bosatte med universitets- eller høgskoleutdanning", OF_KNOWN, ge=0, le=100)
    expected_pct: float = column("Ventet av næringene de sysselsatte innbyggerne arbeider i", OF_KNOWN)
    low_pct: float = column("Nedre grense for 90 prosents intervall for det ventede", OF_KNOWN)
    high_pct: float = column("Øvre grense for 90 prosents intervall for det ventede", OF_KNOWN)
    gap_pct: float = column("Forskjellen mellom det som er, og det som er ventet", "prosentpoeng")


def build(education_levels: pd.DataFrame, employed_by_industry_group: pd.DataFrame) -> pd.DataFrame:
    """The share with higher education that a municipality's mix of industries suggests, and how far from it the share is.

    Each year by itself: the shares regressed on the shares of employed residents in each industry, over all comparable
    municipalities, weighted by the square root of those with known education; the interval is that of a single municipality, 90 %.
    Municipality-years with a hidden industry, or years with too few municipalities, are left out. Status: inferred (nlib's own).
    """
    employed = employed_by_industry_group[employed_by_industry_group["industry"] != UNKNOWN]
    counts = employed.pivot(index=KEY, columns="industry", values="employed_residents").astype("Float64")
    whole = counts.sum(axis=1, skipna=False)
    mix = counts.div(whole.where(whole > 0), axis=0).mul(100).dropna().astype(float)
    levels = education_levels[education_levels["comparable"] & education_levels["higher_pct"].notna()].set_index(KEY)
    both = levels[["higher_pct", "known"]].join(mix, how="inner")
    years = [_year(rows) for _, rows in both.groupby("year") if len(rows) >= ROWS_PER_TERM * mix.shape[1]]
    return pd.concat(years).reset_index() if years else DATASET.empty()


def _year(rows: pd.DataFrame) -> pd.DataFrame:
    """One year's municipalities; the last industry is what the others leave."""
    import statsmodels.api as sm  # takes time to load, and who asks what tables there are has no use for it

    design = sm.add_constant(rows.drop(columns=["higher_pct", "known"]).iloc[:, :-1])
    fitted = sm.WLS(rows["higher_pct"], design, weights=np.sqrt(rows["known"].astype(float).clip(lower=1))).fit()
    weights = fitted.model.weights
    spread = np.sqrt(fitted.scale / weights + np.einsum("ij,jk,ik->i", design, fitted.cov_params(), design))
    far = 1.6448536269514722 * spread  # of the normal distribution: a year has hundreds of municipalities
    expected, share = fitted.fittedvalues, rows["higher_pct"]
    columns = {
        "expected_pct": expected,
        "low_pct": (expected - far).clip(lower=0),
        "high_pct": (expected + far).clip(upper=100),
        "gap_pct": share - expected,
    }
    return rows[["higher_pct"]].assign(**columns)


DATASET = measure("Utdanning mot det næringene tilsier", Gap, build, partial=True)
