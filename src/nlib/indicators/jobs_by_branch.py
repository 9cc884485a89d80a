"""Private and public jobs by branch, from jobs by industry (08536) and by sector (13472)."""

import pandas as pd

from nlib.core.tables import KEY, KOMM_NR, Table, column, measure
from nlib.data.sources.ssb_07984 import GROUP_OF

PUBLIC = ("stat", "fylkeskommune", "kommune")  # of the sectors; enterprises that the public owns count as private business
ENOUGH = 0.9  # of the nation's jobs by industry must be in municipalities that are listed by sector too
PUBLIC_FIRST = ("84", "85", "86", "87", "88")  # public administration, education, health and care


class Jobs(Table):
    komm_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=2008, le=2100)
    group: str = column("Næringsgruppe: basis, besøk, regional eller lokal")
    branch: str = column("Bransje i gruppen")
    private_jobs: float = column("Private arbeidsplasser, også i offentlig eide foretak; beregnet", "personer", ge=0)
    public_jobs: float = column("Arbeidsplasser i stat, fylkeskommune og kommune; beregnet", "personer", ge=0)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(employed_by_industry, employed_by_sector, employed_by_sector_and_industry, industries) -> pd.DataFrame:
    """Private and public jobs by branch, 4th quarter, on today's municipalities; branches with nobody left out.

    SSB gives sector by industry in 16 groups: each two-digit industry is given the public share of its group (inferred). Where a
    group's share is not known, public jobs are taken from administration, education, health and care in proportion to their jobs,
    and from other industries only where those are too few; so too where no group has any of a side that the sectors have
    some of (SSB rounds small figures table by table). Each side is then scaled to the sectors' own sum, so that a
    municipality's branches add up to its private and its public jobs. Industries that are not known («00») lie outside,
    and a municipality-year with a hidden sector or industry is left out. So is a year whose sectors are listed for a part of the
    country only (an export that came by hand): what is measured against the nation would be measured against the part.
    """
    sides = employed_by_sector.assign(public=employed_by_sector["sector"].isin(PUBLIC))
    sides = sides.pivot_table(
        index=KEY, columns="public", values="jobs", aggfunc=lambda jobs: jobs.sum(skipna=False), observed=True
    )
    sides = sides.reindex(columns=[False, True]).set_axis(["private", "public"], axis=1).astype("Float64").dropna().astype(float)
    cells = employed_by_industry[employed_by_industry["nace2"].isin(industries["nace2"])]
    hidden = cells.loc[cells["jobs"].isna(), KEY].drop_duplicates()
    cells = cells.merge(hidden.assign(hidden=True), on=KEY, how="left", validate="m:1")
    cells = cells[cells.pop("hidden").isna()].astype({"jobs": float})
    listed = pd.MultiIndex.from_frame(cells[KEY]).isin(pd.MultiIndex.from_frame(employed_by_sector[KEY]))
    covered, nation = (jobs.groupby(cells["year"]).transform("sum") for jobs in (cells["jobs"].where(listed, 0.0), cells["jobs"]))
    cells = cells[covered >= ENOUGH * nation].merge(sides, on=KEY, validate="m:1")
    cells = cells.merge(industries[["nace2", "group", "branch"]], on="nace2", validate="m:1")
    presumed = _presumed(cells)
    share = _of_group(cells, employed_by_sector_and_industry).fillna(presumed)
    for side, jobs, otherwise in (
        ("public", cells["jobs"] * share, cells["jobs"] * presumed),
        ("private", cells["jobs"] * (1 - share), cells["jobs"] * (1 - presumed)),
    ):
        jobs = jobs.where(_sum(cells, jobs) > 0, otherwise)
        total = _sum(cells, jobs)
        cells[f"{side}_jobs"] = jobs * (cells[side] / total.where(total > 0)).fillna(0.0)
    summed = cells.groupby([*KEY, "group", "branch"])[["private_jobs", "public_jobs"]].sum().clip(lower=0).reset_index()
    summed = summed[(summed["private_jobs"] > 0) | (summed["public_jobs"] > 0)]
    comparable = pd.concat([employed_by_industry, employed_by_sector]).groupby(KEY)["comparable"].all()
    return summed.merge(comparable.reset_index(), on=KEY, validate="m:1")


def _of_group(counts: pd.DataFrame, by_group: pd.DataFrame) -> pd.Series:
    """The public share of jobs in each row's group of industries, 0-1; missing where the group's sectors are not known."""
    keys = [*KEY, "industry"]
    public = by_group["sector"].isin(PUBLIC)
    jobs = by_group["jobs"].astype("Float64").astype(float)
    sums = pd.DataFrame({"part": jobs.where(public, jobs * 0), "whole": jobs}).groupby([by_group[key] for key in keys])
    sums = sums.sum(min_count=1).mask(jobs.isna().groupby([by_group[key] for key in keys]).any())
    shares = (sums["part"] / sums["whole"].where(sums["whole"] > 0)).rename("share")
    rows = counts[KEY].assign(industry=counts["nace2"].map(GROUP_OF))
    return rows.join(shares, on=keys)["share"]


def _presumed(counts: pd.DataFrame) -> pd.Series:
    """The public share of each row's jobs, 0-1, as if what is public were first of all the industries in `PUBLIC_FIRST`."""
    first = counts["nace2"].isin(PUBLIC_FIRST)
    whole, room = _sum(counts, counts["jobs"]), _sum(counts, counts["jobs"].where(first, 0.0))
    public = counts["public"] / (counts["private"] + counts["public"]) * whole
    inside, rest = (public / room.where(room > 0)).clip(upper=1).fillna(0.0), (public - room).clip(lower=0)
    outside = (rest / (whole - room).where(whole > room)).fillna(0.0)
    return inside.where(first, outside)


def _sum(counts: pd.DataFrame, figures: pd.Series) -> pd.Series:
    """The sum of figures over each municipality and year, on every row of it."""
    return figures.groupby([counts["komm_nr"], counts["year"]]).transform("sum")


DATASET = measure("Private og offentlige arbeidsplasser etter bransje", Jobs, build, by=("group", "branch"), moment="4. kvartal")
