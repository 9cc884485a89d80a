"""How many more jobs there are than some years before, and how much of the growth is private (SSB 13472)."""

import pandas as pd

from nlib.core.breaks import A_ORDNINGEN
from nlib.core.tables import KEY, KOMM_NR, Count, Table, column, measure

SPANS = (1, 5, 10)  # years that growth is measured over, and those since the break of 2015
PARTS = {  # of the growth: the sectors in each
    "private_growth": ("privat",),
    "owned_growth": ("offentlig_foretak",),
    "public_growth": ("stat", "fylkeskommune", "kommune"),
}


class NewJobs(Table):
    komm_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    span: int = column("År tilbake veksten er regnet fra: ett, fem, ti, eller til bruddet i 2015", "år", ge=1)
    growth: Count = column("Arbeidsplasser flere enn da; under 0 er færre", "personer", nullable=True)
    private_growth: Count = column("Av dem i privat sektor", "personer", nullable=True)
    owned_growth: Count = column("Av dem i foretak som det offentlige eier", "personer", nullable=True)
    public_growth: Count = column("Av dem i stat, fylkeskommune og kommune", "personer", nullable=True)
    private_share_pct: float = column(
        "Privat sektors andel av de nye arbeidsplassene; over 100 når andre har færre, mangler der det ikke er blitt flere",
        "prosent",
        nullable=True,
    )
    nation_share_pct: float = column("Det samme for landet", "prosent", nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår i et av de to årene")


def build(employed_by_sector: pd.DataFrame) -> pd.DataFrame:
    """Growth in jobs over 1, 5 and 10 years and since the break of 2015, by the employer's sector, and the private share of it.

    Private is SSB's «Privat sektor»; enterprises that the public owns are counted apart. The share is given only where there are
    more jobs than before. No growth is measured over the break of 2015: those years are missing. A hidden sector leaves its part,
    the growth and the share missing. The nation is all municipalities that are known both years.
    """
    jobs = employed_by_sector.pivot(index=KEY, columns="sector", values="jobs").astype("Float64")
    counts = pd.DataFrame({part: jobs.reindex(columns=list(of)).sum(axis=1, skipna=False) for part, of in PARTS.items()})
    counts["comparable"] = employed_by_sector.groupby(KEY)["comparable"].all()
    since = range(1, max(counts.index.get_level_values("year"), default=A_ORDNINGEN) - A_ORDNINGEN + 1)
    found = pd.concat([_over(counts, span) for span in sorted({*SPANS, *since})], ignore_index=True)
    found = found[found["span"].isin(SPANS) | (found["year"] - found["span"] == A_ORDNINGEN)].reset_index(drop=True)
    nation = found.dropna(subset="growth").groupby(["year", "span"])[["growth", "private_growth"]].sum()
    shares = _share(nation).rename("nation_share_pct").reset_index()
    found["private_share_pct"] = _share(found)
    return found.merge(shares, on=["year", "span"], how="left", validate="m:1")


def _over(counts: pd.DataFrame, span: int) -> pd.DataFrame:
    before = counts.rename(lambda year: year + span, level="year").add_suffix("_before")
    both = counts.join(before, how="inner")
    years = both.index.get_level_values("year")
    crossing = (years >= A_ORDNINGEN) & (years - span < A_ORDNINGEN)
    grown = pd.DataFrame({part: (both[part] - both[f"{part}_before"]).mask(crossing) for part in PARTS})
    grown["growth"] = grown.sum(axis=1, skipna=False)
    return grown.assign(span=span, comparable=both["comparable"] & both["comparable_before"]).reset_index()


def _share(growth: pd.DataFrame) -> pd.Series:
    more = growth["growth"].where(growth["growth"] > 0)
    return (100 * growth["private_growth"] / more).astype("Float64").astype(float)


DATASET = measure("Nye arbeidsplasser og den private andelen", NewJobs, build, by=("span",), moment="4. kvartal")
