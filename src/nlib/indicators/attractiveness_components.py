"""What growth in people and in private jobs is made of, municipality by municipality (Telemarksforsking's model as of 2017)."""

import pandas as pd

from nlib.core.tables import KEY, Placed, column, measure
from nlib.data.sources.ssb_11618 import DECLARED
from nlib.methods.attractiveness import job_components, population_components

FIGURES = ["private_growth_pct", "national_pct", "mix_pct", "population_effect_pct", "naering_pct", "public_growth_pct"]
FIGURES += ["private_jobs_before", "public_jobs_before"]
OF_PEOPLE, OF_JOBS = "prosent av folketallet", "prosent av private arbeidsplasser"


class Components(Placed):
    year: int = column("År; fra 1. januar til neste 1. januar, jobbvekst fra 4. kvartal til 4. kvartal", ge=1986, le=2100)
    population: float = column("Folketall 1. januar", "personer", nullable=True)
    growth_pct: float = column("Folkevekst", OF_PEOPLE, nullable=True)
    birth_surplus_pct: float = column("Fødte minus døde", OF_PEOPLE, nullable=True)
    immigration_pct: float = column("Landets nettoinnvandring det året, minus 0,23", OF_PEOPLE, nullable=True)
    size_pct: float = column("Ventet av størrelsen", OF_PEOPLE, nullable=True)
    integration_pct: float = column("Ventet av inn- og utpendlingen", OF_PEOPLE, nullable=True)
    industry_structure_pct: float = column("Ventet av jobbveksten som bransjene og egen folkevekst gir", OF_PEOPLE, nullable=True)
    business_pct: float = column("Ventet av jobbveksten som er næringsattraktivitet", OF_PEOPLE, nullable=True)
    public_pct: float = column("Ventet av offentlig jobbvekst over landets", OF_PEOPLE, nullable=True)
    neighbours_pct: float = column("Ventet av jobbveksten der innbyggerne pendler til", OF_PEOPLE, nullable=True)
    bosted_pct: float = column("Det som er igjen: bostedsattraktivitet", OF_PEOPLE, nullable=True)
    private_growth_pct: float = column("Vekst i private arbeidsplasser", OF_JOBS, nullable=True)
    national_pct: float = column("Landets vekst i private arbeidsplasser", OF_JOBS, nullable=True)
    mix_pct: float = column("Ventet av bransjesammensetningen", OF_JOBS, nullable=True)
    population_effect_pct: float = column("Ventet av egen folkevekst året før", OF_JOBS, nullable=True)
    naering_pct: float = column("Det som er igjen: næringsattraktivitet", OF_JOBS, nullable=True)
    public_growth_pct: float = column("Vekst i offentlige arbeidsplasser", "prosent av offentlige arbeidsplasser", nullable=True)
    private_jobs_before: float = column("Private arbeidsplasser året før", "personer", nullable=True)
    public_jobs_before: float = column("Offentlige arbeidsplasser året før", "personer", nullable=True)
    comparable: bool = column("Usann når en delt kommune eller flyttet grense inngår i et av årene raden bygger på")


def build(
    population, population_changes, jobs_by_branch, employment_bridge, employed_register, commuting, commuting_flows
) -> pd.DataFrame:
    """Growth in people and in private jobs in parts that add up, with published coefficients; see `nlib.methods.attractiveness`.

    No job growth is measured over a break: where SSB's bridged figure is there, the years before it are put on the level of the
    years after (both sides and all branches by the municipality's own factor, inferred), else growth into that year is missing.
    """
    work = _job_growth(jobs_by_branch, population, _level(employment_bridge, employed_register))
    moves = population_changes.merge(population[[*KEY, "population"]], on=KEY, validate="1:1")
    moves = moves.dropna(subset=["immigration", "emigration", "population"]).groupby("year")[
        ["immigration", "emigration", "population"]
    ]
    nation = moves.sum().astype(float)
    abroad = 100 * (nation["immigration"] - nation["emigration"]) / nation["population"]
    table = population_components(population, work, commuting, commuting_flows, abroad.rename("net_immigration_pct").reset_index())
    known = table[["growth_pct", "private_growth_pct"]].notna().any(axis=1)
    return table.loc[known, list(Components.to_schema().columns)]


def _job_growth(jobs_by_branch: pd.DataFrame, population: pd.DataFrame, factors: pd.Series) -> pd.DataFrame:
    """The parts of job growth; all missing where jobs by branch are not known. factors: as `_level` gives them."""
    if jobs_by_branch.empty:
        return population[KEY].assign(**dict.fromkeys(FIGURES, float("nan")), comparable=True)
    jobs = jobs_by_branch.melt([*KEY, "branch", "comparable"], ["private_jobs", "public_jobs"], var_name="side", value_name="jobs")
    jobs = jobs.rename(columns={"branch": "industry"}).assign(private=jobs["side"] == "private_jobs").drop(columns="side")
    level = jobs["komm_nr"].map(factors).fillna(1.0)
    for year in DECLARED.breaks:
        jobs["jobs"] = jobs["jobs"].where(jobs["year"] >= year, jobs["jobs"] * level)
    work = job_components(jobs, population)
    unknown = work["year"].isin(DECLARED.breaks) & ~work["komm_nr"].isin(factors.index)
    work.loc[unknown, FIGURES] = float("nan")
    return work


def _level(bridge: pd.DataFrame, register: pd.DataFrame) -> pd.Series:
    """What jobs before the break are multiplied by to be measured as after it, by `komm_nr`."""
    both = bridge[[*KEY, "jobs"]].merge(register[[*KEY, "jobs"]], on=KEY, suffixes=("_before", ""), validate="1:1")
    both = both[(both["jobs_before"] > 0).fillna(False) & both["jobs"].notna()]
    return (both["jobs"] / both["jobs_before"]).astype(float).set_axis(both["komm_nr"])


DATASET = measure("Hva veksten består av", Components, build, moment="året")
