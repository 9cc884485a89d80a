"""What growth is made of: the parts of population growth and of private job growth, and what is left.

Telemarksforsking's model as of 2017; coefficients and how we know them: `resources/attractiveness_2017.csv`. Conventions that are
inferred (I): year t runs from 1 January t to 1 January t + 1, and job growth of t from the 4th quarter of t - 1 to that of t;
population is that of 1 January t, commuting that of the 4th quarter of t; the industry structure's part of own job growth is all
of private job growth but the business attractiveness; neighbours are the other municipalities that residents work in.
"""

import numpy as np
import pandas as pd

from nlib.attractiveness.inputs import KEY, later, required
from nlib.attractiveness.shift_share import national_rates
from nlib.municipalities import resource

PARTS = (
    "birth_surplus_pct",
    "immigration_pct",
    "size_pct",
    "integration_pct",
    "industry_structure_pct",
    "business_pct",
    "public_pct",
    "neighbours_pct",
)
JOB_PARTS = ("national_pct", "mix_pct", "population_effect_pct")
LAGS = ("own_jobs_lag_0", "own_jobs_lag_1", "own_jobs_lag_2")
KNOWN = 0.5  # of the commuters out must go to where job growth is known


def published() -> dict[str, float]:
    """The coefficients of the model as Telemarksforsking had them in 2017, by name.

    >>> published()["population_effect"]
    0.314
    """
    table = resource("attractiveness_2017.csv")
    return dict(zip(table["name"], table["value"].astype(float), strict=True))


def job_components(
    jobs_by_industry: pd.DataFrame, population: pd.DataFrame, coefficients: dict[str, float] | None = None
) -> pd.DataFrame:
    """Private job growth in % = national + industry mix + population effect + næringsattraktivitet; public job growth beside it.

    jobs_by_industry: `komm_nr`, `year`, `industry`, `private` (bool), `jobs` (4th quarter; an industry that is not listed has
    none, a missing figure makes the place's growth missing), perhaps `comparable`. population: `komm_nr`, `year`, `population` (1
    January), `growth` (persons through the year). The nation is the sum of the municipalities given. Returns a row per `komm_nr`
    and `year` with `private_growth_pct`, its four parts `national_pct`, `mix_pct` (sum of the shares of jobs a year ago times
    each industry's national growth above the nation's), `population_effect_pct` (0.314 times population growth above the
    nation's, a year earlier), `naering_pct` (what is left), all in % of private jobs a year ago; `public_growth_pct` in % of
    public ones; `private_jobs_before` and `public_jobs_before` (persons, a year ago); `comparable` (both years, and the year
    before's population). Status: the equation R, conventions of time I. Source: Telemarksforsking's model as of 2017.

    >>> cells = pd.DataFrame({"komm_nr": ["0301", "3222"] * 2, "year": [2024, 2024, 2025, 2025], "jobs": [100, 100, 110, 104]})
    >>> people = cells.assign(population=1000, growth=10)
    >>> parts = job_components(cells.assign(industry="F", private=True), people.assign(year=people["year"] - 1))
    >>> parts = parts.set_index(["komm_nr", "year"])[["private_growth_pct", "national_pct", "naering_pct"]]
    >>> parts.loc[("3222", 2025)].round(1).tolist()
    [4.0, 7.0, -3.0]
    """
    coefficients = published() if coefficients is None else coefficients
    jobs = required(jobs_by_industry, "jobs_by_industry", ["jobs"], [*KEY, "industry", "private"])
    cells = jobs.set_index([*KEY, "private", "industry"])["jobs"].unstack(["private", "industry"], fill_value=0.0)
    table = pd.DataFrame(index=cells.index)
    for side, private in (("private", True), ("public", False)):
        now = cells.loc[:, cells.columns.get_level_values("private") == private]
        before = later(now).reindex(now.index)
        total, base = (frame.sum(axis=1, skipna=False, min_count=1) for frame in (now, before))
        table[f"{side}_growth_pct"] = 100 * (total - base) / base.where(base > 0)
        table[f"{side}_jobs_before"] = base
        if private:
            shares = before.div(base.where(base > 0), axis=0)
            table[["national_pct", "mix_pct"]] = pd.concat(
                [_structure(shares.loc[rows], before.loc[rows], now.loc[rows]) for rows in now.groupby("year").groups.values()]
            )
    people = required(population, "population", ["population", "growth"], positive=("population",)).set_index(KEY)
    above = _growth_above_nation(people)
    table["population_effect_pct"] = coefficients["population_effect"] * later(above).reindex(table.index)
    table["naering_pct"] = table["private_growth_pct"] - table[list(JOB_PARTS)].sum(axis=1, skipna=False)
    same = jobs.groupby(KEY)["comparable"].all()
    table["comparable"] = same & _held(later(same), table.index) & _held(later(people["comparable"]), table.index)
    return table.reset_index()


def population_components(
    population: pd.DataFrame,
    jobs: pd.DataFrame,
    integration: pd.DataFrame,
    flows: pd.DataFrame,
    nation: pd.DataFrame,
    coefficients: dict[str, float] | None = None,
) -> pd.DataFrame:
    """Population growth in % of population = the eight `PARTS` + bostedsattraktivitet, a row per municipality and year.

    population: `komm_nr`, `year`, `population` (1 January), `births`, `deaths`, `growth` (persons through the year).
    jobs: as `job_components` returns them. integration: `komm_nr`, `year`, `out_pct`, `in_pct` (0-100, 4th quarter).
    flows: `home_nr`, `work_nr`, `year`, `employed` (pairs that are not listed are 0). nation: `year`, `net_immigration_pct` (of the
    nation's population). `comparable` may stand in the first three.

    Returns the columns of `jobs` and, in % of population: `growth_pct`; `birth_surplus_pct`; `immigration_pct` (the nation's,
    less 0.23); `size_pct` (by ln population); `integration_pct` (by the shares commuting out and in); `industry_structure_pct`,
    `business_pct` and `public_pct` (own job growth: x of this year, the last and the one before, times 0.195, 0.109 and 0.099,
    where x is that part of job growth in % times jobs / population); `neighbours_pct` (the sum over other municipalities of the
    share of employed residents who work there times its own job growth, all three parts; where under half of commuters out go to
    places whose growth is known and comparable it is missing, else those known stand for all); `bosted_pct` (what is left).
    Missing inputs make a part, and what is left, missing. `comparable` is False where any year that goes into the row is not.
    Status: coefficients R, conventions I (see the module). Source: Telemarksforsking's model as of 2017.

    >>> names = ("population", "commuting", "commuting_flows")
    >>> people, commuting, flows = (nlib.table(name).query("year > 2020") for name in names)
    >>> nation = pd.DataFrame({"year": range(2021, 2027), "net_immigration_pct": 0.5})
    >>> table = population_components(people, nlib.table("attractiveness_components"), commuting, flows, nation).dropna()
    >>> np.allclose(table["growth_pct"], table[[*PARTS, "bosted_pct"]].sum(axis=1))
    True
    """
    c = published() if coefficients is None else coefficients
    people = required(population, "population", ["population", "births", "deaths", "growth"], positive=("population",)).set_index(
        KEY
    )
    figures = ["private_growth_pct", "public_growth_pct", "naering_pct", "private_jobs_before", "public_jobs_before"]
    work = required(jobs, "jobs", figures).set_index(KEY)
    shares = required(integration, "integration", ["out_pct", "in_pct"]).set_index(KEY)
    abroad = required(nation, "nation", ["net_immigration_pct"], ["year"]).set_index("year")["net_immigration_pct"]

    size = people["population"]
    table = people[["population"]].join(work[[*figures, *(part for part in JOB_PARTS if part in work)]])
    table["growth_pct"] = 100 * people["growth"] / size
    table["birth_surplus_pct"] = 100 * (people["births"] - people["deaths"]) / size
    table["immigration_pct"] = abroad.reindex(table.index.get_level_values("year")).to_numpy() + c["immigration"]
    table["size_pct"] = c["size"] + c["size_ln_population"] * np.log(size)
    both = (shares["out_pct"] + shares["in_pct"]).reindex(table.index) / 100
    table["integration_pct"] = c["integration"] + c["integration_shares"] * both

    private, public = (table[f"{side}_jobs_before"] / size for side in ("private", "public"))
    growth = pd.DataFrame(
        {
            "industry_structure_pct": (table["private_growth_pct"] - table["naering_pct"]) * private,
            "business_pct": table["naering_pct"] * private,
            "public_pct": table["public_growth_pct"] * public,
        }
    )
    own = sum(c[name] * later(growth, lag).reindex(table.index) for lag, name in enumerate(LAGS))
    table[own.columns] = own
    same = pd.Series(True, table.index)
    for lag in range(len(LAGS)):
        same &= _held(later(work["comparable"], lag), table.index)
    commuted = _commuted(flows, own.sum(axis=1, skipna=False).where(same)).reindex(table.index)
    table["neighbours_pct"] = c["neighbours"] + c["neighbours_jobs"] * commuted
    table["bosted_pct"] = table["growth_pct"] - table[list(PARTS)].sum(axis=1, skipna=False)
    table["comparable"] = people["comparable"] & _held(shares["comparable"], table.index) & same
    return table.reset_index()


def _structure(shares, before, now):
    """What the nation and its industries would have given the places of one year, % of their jobs."""
    rates, total = national_rates(before, now)
    expected = (shares * (rates - total)).sum(axis=1, skipna=False, min_count=1)
    return pd.DataFrame({"national_pct": 100 * total, "mix_pct": 100 * expected}, index=before.index)


def _growth_above_nation(people):
    """Population growth above the nation's, percentage points."""
    known = people[people["growth"].notna() & people["population"].notna()]
    nation = known.groupby("year")[["growth", "population"]].sum()
    rate = 100 * nation["growth"] / nation["population"]
    return 100 * people["growth"] / people["population"] - rate.reindex(people.index.get_level_values("year")).to_numpy()


def _commuted(flows, own):
    """The own job growth of the other municipalities that residents work in, each times the share of residents who do."""
    flows = required(flows, "flows", ["employed"], ["home_nr", "work_nr", "year"])
    flows = flows[flows["employed"] != 0]
    residents = flows.groupby(["home_nr", "year"])["employed"].sum(skipna=False)
    out = flows[flows["home_nr"] != flows["work_nr"]]
    growth = own.reindex(pd.MultiIndex.from_frame(out[["work_nr", "year"]])).to_numpy()
    out = out.assign(known=out["employed"].where(~np.isnan(growth)), drawn=out["employed"] * growth)
    sums = out.groupby(["home_nr", "year"])[["employed", "known", "drawn"]].sum().reindex(residents.index, fill_value=0.0)
    scaled = (sums["drawn"] * sums["employed"] / sums["known"]).where(sums["employed"] > 0, 0.0)
    return (scaled.where(sums["known"] >= KNOWN * sums["employed"]) / residents).rename_axis(KEY)


def _held(comparable, index):
    """Whether figures could be compared, by the index; where there are none to compare, nothing stands in the way."""
    return comparable.reindex(index, fill_value=True).astype(bool)
