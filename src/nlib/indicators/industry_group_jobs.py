"""Jobs in knowledge-intensive industries and in own groups of industries, of all jobs (SSB 08536)."""

import pandas as pd

from nlib.core.tables import KEY, KOMM_NR, Count, Table, column, count, measure
from nlib.indicators.commuting import beside_nation

UNKNOWN = "00"  # industry


class GroupJobs(Table):
    komm_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=2008, le=2100)
    group: str = column("Gruppen av næringer, fra industry_groups")
    own: bool = column("Sann når gruppen er fra en fil")
    jobs: Count = count("Arbeidsplasser i gruppen; 1 og 2 i en næring er 0 eller 3", "personer")
    share_pct: float = column("Av arbeidsplasser med kjent næring", "prosent", ge=0, le=100, nullable=True)
    nation_pct: float = column("Landets andel", "prosent", ge=0, le=100, nullable=True)
    quotient: float = column("Andelen delt på landets: over 1 er mer enn i landet", "", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(employed_by_industry: pd.DataFrame, industry_groups: pd.DataFrame) -> pd.DataFrame:
    """Jobs in each group of industries and their share of all jobs whose industry is known, 4th quarter.

    An industry may be in several groups. A hidden industry leaves the groups that it is in, and all shares of the municipality in
    the year, missing; a group that nobody works in has none. The nation is the sum of municipalities with known shares.
    """
    employed = employed_by_industry[employed_by_industry["nace2"] != UNKNOWN].astype({"jobs": "Float64"})
    whole = employed.groupby(KEY)["jobs"].sum(skipna=False).rename("all_jobs")
    groups = industry_groups["group"].unique()
    every = pd.MultiIndex.from_tuples([(*at, group) for at in whole.index for group in groups], names=[*KEY, "group"])
    inside = employed.merge(industry_groups[["group", "nace2"]], on="nace2", validate="m:m")
    jobs = inside.groupby([*KEY, "group"])["jobs"].sum(skipna=False)
    table = jobs.reindex(every).mask(~every.isin(jobs.index), 0.0).rename("jobs").reset_index().merge(whole, on=KEY, validate="m:1")
    table = beside_nation(table, "jobs", "all_jobs", by=("year", "group"))
    table["quotient"] = table["share_pct"] / table["nation_pct"].where(table["nation_pct"] > 0)
    comparable = employed_by_industry.groupby(KEY)["comparable"].all().reset_index()
    table["own"] = table["group"].isin(industry_groups.loc[industry_groups["own"], "group"])
    return table.drop(columns="all_jobs").merge(comparable, on=KEY, validate="m:1")


TITLE = "Arbeidsplasser i kunnskapsintensive og egne næringsgrupper"
DATASET = measure(TITLE, GroupJobs, build, by=("group",), moment="4. kvartal")
