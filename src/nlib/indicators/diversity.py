"""How one-sided a municipality's jobs are: the Herfindahl index, the branches it amounts to, and the Krugman index."""

import numpy as np
import pandas as pd

from nlib.core.tables import KEY, KOMM_NR, Count, Table, column, count, measure


class Diversity(Table):
    komm_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=2008, le=2100)
    jobs: Count = count("Arbeidsplasser i næringer som er oppgitt", "personer")
    herfindahl: float = column("Herfindahls indeks: summen av bransjenes kvadrerte andeler, 0–1", ge=0, le=1, nullable=True)
    branches: float = column("Like store bransjer som jobbene svarer til", "like store bransjer", ge=1, nullable=True)
    krugman: float = column("Krugmans indeks: summen av avstandene til landets andeler, 0–2", ge=0, le=2, nullable=True)
    krugman_chance: float = column("Krugmans indeks ventet av tilfeldigheter alene, 0–2", ge=0, le=2, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(specialisation: pd.DataFrame) -> pd.DataFrame:
    """One-sidedness of a municipality's jobs by branch, 4th quarter; missing where a branch is hidden or nobody works there.

    `herfindahl` is the sum of squared shares, 1 where all jobs are in one branch, and `branches` one over it. `krugman` is the sum
    over branches of the distance between the municipality's share and the nation's, 0 where they are alike (Krugman 1991).
    Few jobs spread unevenly by chance: `krugman_chance` is what the index would be on average for that many jobs drawn by
    the nation's shares (each branch binomial, exactly, after de Moivre).
    """
    shares = specialisation.assign(share=specialisation["share_pct"] / 100, nation=specialisation["nation_pct"] / 100)
    shares = shares.assign(square=shares["share"] ** 2, distance=(shares["share"] - shares["nation"]).abs())
    sums = {"jobs": "jobs", "herfindahl": "square", "krugman": "distance"}
    frame = shares.groupby(KEY)[list(sums.values())].sum(skipna=False).set_axis(list(sums), axis=1)
    shares = shares.merge(frame["jobs"].rename("all").reset_index(), on=KEY, validate="m:1")
    shares["by_chance"] = mean_distance(shares["all"].astype("Float64").astype(float), shares["nation"])
    frame["krugman_chance"] = shares.groupby(KEY)["by_chance"].sum(skipna=False)
    frame["comparable"] = shares.groupby(KEY)["comparable"].all()
    bounded = frame.assign(herfindahl=frame["herfindahl"].clip(upper=1), krugman=frame["krugman"].clip(upper=2))
    return bounded.assign(branches=1 / bounded["herfindahl"]).reset_index()


def mean_distance(count: pd.Series, share: pd.Series) -> pd.Series:
    """The mean distance between a share and its mean where `count` are drawn; missing where none are. E|X - np| = 2 k (1 - p) P(X =
    k) with k the first count above np. Source: de Moivre (1730)."""
    from scipy.stats import binom  # takes time to load, and who asks what tables there are has no use for it

    above = np.floor(count * share) + 1
    return (2 * above * (1 - share) * binom.pmf(above, count, share) / count).where(count > 0)


DATASET = measure("Hvor ensidig næringslivet er", Diversity, build, moment="4. kvartal")
