"""Shift-share of private jobs by branch: what follows the nation, what follows the branch, and what is the municipality's own."""

import pandas as pd

from nlib.core.tables import KOMM_NR, Table, column, measure
from nlib.data.sources.ssb_08536 import DECLARED

BREAKS = set(DECLARED.breaks)
BRANCH = ["group", "branch"]


class Parts(Table):
    komm_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; veksten er fra 4. kvartal året før til 4. kvartal dette året", ge=2009, le=2100)
    group: str = column("Næringsgruppe: basis, besøk, regional eller lokal")
    branch: str = column("Bransje i gruppen")
    before: float = column("Private arbeidsplasser året før; beregnet", "personer", ge=0)
    growth: float = column("Vekst i private arbeidsplasser; beregnet", "personer")
    national: float = column("Veksten med landets rate for alle private arbeidsplasser", "personer")
    mix: float = column("Veksten fordi bransjen i landet vokste mer eller mindre enn alle", "personer")
    local: float = column("Resten av veksten, som er kommunens egen", "personer")
    comparable: bool = column("Usann når en delt kommune inngår i et av de to årene")


def build(jobs_by_branch: pd.DataFrame) -> pd.DataFrame:
    """The growth of private jobs by branch from the year before, in three parts: growth = national + mix + local, persons.

    Parts add up over branches to a municipality's, and over years to a period's (chained, after Barff and Knight 1988), so that
    the mix follows the times. The nation is the municipalities that are shown in both years. A municipality that is not shown in
    one of them has no rows, nor has anybody for growth over the break of 2015, for which no bridged figures by industry are
    published. Source: Dunn (1960).
    """
    key = ["komm_nr", "year", *BRANCH]
    wide = jobs_by_branch.set_index(key)["private_jobs"].unstack(BRANCH, fill_value=0.0)
    now = wide.stack(BRANCH, future_stack=True).rename("after").reset_index()
    now = now.merge(jobs_by_branch.groupby(key[:2])["comparable"].all().reset_index(), on=key[:2], validate="m:1")
    then = now.assign(year=now["year"] + 1).rename(columns={"after": "before", "comparable": "was_comparable"})
    parts = now.merge(then, on=key, validate="1:1")
    parts = parts[~parts["year"].isin(BREAKS)]
    total = _rate(parts, ["year"]).fillna(0.0)  # where nobody had a job, all growth is local
    rate = _rate(parts, ["year", *BRANCH]).fillna(total)
    parts["growth"] = parts["after"] - parts["before"]
    parts["national"] = parts["before"] * total
    parts["mix"] = parts["before"] * (rate - total)
    parts["local"] = parts["growth"] - parts["national"] - parts["mix"]
    parts["comparable"] &= parts["was_comparable"]
    return parts.loc[(parts["before"] > 0) | (parts["after"] > 0), list(Parts.to_schema().columns)]


def _rate(parts, within):
    """The growth within each group of rows as a share of 1, on every row of it; missing where there was nothing before."""
    sums = parts.groupby(within)[["before", "after"]].transform("sum")
    return sums["after"] / sums["before"].where(sums["before"] > 0) - 1


TITLE = "Vekst i private arbeidsplasser delt i landet, bransjen og det lokale"
DATASET = measure(TITLE, Parts, build, by=("group", "branch"), moment="4. kvartal")
