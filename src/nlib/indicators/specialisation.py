"""Location quotients: how much larger a branch is among a municipality's jobs than among the nation's, with intervals."""

import numpy as np
import pandas as pd

from nlib.core.tables import KEY, KOMM_NR, Count, Table, column, count, measure

OUTSIDE = 0.05  # on each side of an interval
PRINTED = 3  # by SSB for 1 and 2, where they are not printed as 0


class Specialisation(Table):
    komm_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=2008, le=2100)
    group: str = column("Næringsgruppe: basis, besøk, regional eller lokal")
    branch: str = column("Bransje i gruppen")
    jobs: Count = count("Arbeidsplasser, private og offentlige", "personer")
    share_pct: float = column("Andel av kommunens arbeidsplasser", "prosent", ge=0, le=100, nullable=True)
    nation_pct: float = column("Andel av landets arbeidsplasser", "prosent", ge=0, le=100, nullable=True)
    lq: float = column("Lokaliseringskvotient: andelen delt på landets", ge=0, nullable=True)
    lq_low: float = column(
        "Nedre grense av intervallet på 90 prosent (Clopper og Pearson), uten næringer med 3 eller færre", ge=0, nullable=True
    )
    lq_high: float = column("Øvre grense av intervallet på 90 prosent (Clopper og Pearson)", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(employed_by_industry: pd.DataFrame, industries: pd.DataFrame) -> pd.DataFrame:
    """The share of a branch among a municipality's jobs over its share among the nation's, 4th quarter, one row a branch.

    Every branch that anyone in the nation works in that year has a row, with 0 where the municipality has none. The interval is
    the exact 90 % one of a share (Clopper and Pearson 1934) on the municipality's count, over the nation's share, which is taken
    as known: the register counts everybody, so it says how far the quotient could be moved by which jobs happened to be there. SSB
    prints 1 and 2 as 0 or 3, so the lower end is of the jobs in industries with more (`sure`).
    Industries that are not known («00») lie outside. Where a cell of a municipality is hidden, its branch has no count, and
    none of its shares are known, nor is it in the nation's. Jobs are inferred to a branch by `industries`.
    """
    employed = employed_by_industry.assign(sure=sure(employed_by_industry["jobs"]))
    employed = employed.merge(industries[["nace2", "group", "branch"]], on="nace2", validate="m:1")
    sums = employed.groupby([*KEY, "group", "branch"])[["jobs", "sure"]].sum(skipna=False)
    counts, surely = (sums[of].unstack(["group", "branch"], fill_value=0).astype("Float64").astype(float) for of in sums)
    total = counts.sum(axis=1, skipna=False)
    known = counts[total.notna()].groupby("year").sum()
    nation = known.div(known.sum(axis=1).where(lambda jobs: jobs > 0), axis=0).reindex(counts.index, level="year")
    columns = {"jobs": counts, "sure": surely, "nation": nation.where(nation > 0)}
    frame = pd.concat({name: wide.stack(["group", "branch"], future_stack=True) for name, wide in columns.items()}, axis=1)
    frame = frame.reset_index().merge(total.where(total > 0).rename("all").reset_index(), on=KEY, validate="m:1")
    frame = frame[frame["nation"].notna()]
    share = frame["jobs"] / frame["all"]
    (low, __), (__, high) = (interval(frame[of], frame["all"]) for of in ("sure", "jobs"))
    comparable = employed_by_industry.groupby(KEY)["comparable"].all().reset_index()
    frame = frame.assign(
        share_pct=100 * share,
        nation_pct=100 * frame["nation"],
        lq=share / frame["nation"],
        lq_low=low / frame["nation"],
        lq_high=high / frame["nation"],
    )
    return frame.drop(columns=["sure", "nation", "all"]).merge(comparable, on=KEY, validate="m:1")


def sure(jobs: pd.Series) -> pd.Series:
    """SSB's counts by industry, without those of 3 or fewer: 1 and 2 are printed as 0 or 3, so these may be another number."""
    return jobs.mask(jobs <= PRINTED, 0)


def interval(count: pd.Series, of: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The exact 90 % interval of a share, 0 to 1, from the count that has it; missing where either is. Source: Clopper and Pearson
    (1934)."""
    missing = count.isna() | of.isna()
    from scipy.stats import beta  # takes time to load, and who asks what tables there are has no use for it

    low = np.where(count > 0, beta.ppf(OUTSIDE, count.where(count > 0), of - count + 1), 0.0)
    high = np.where(count < of, beta.ppf(1 - OUTSIDE, count + 1, (of - count).where(count < of)), 1.0)
    return pd.Series(low, count.index).mask(missing), pd.Series(high, count.index).mask(missing)


DATASET = measure("Lokaliseringskvotienter etter bransje", Specialisation, build, by=("group", "branch"), moment="4. kvartal")
