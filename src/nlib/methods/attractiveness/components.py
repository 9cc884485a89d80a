"""What growth is made of: the parts of population growth and of private job growth, and what is left.

Telemarksforsking's model as of 2017; coefficients and how we know them: `resources/attractiveness_2017.csv`. Conventions that are
inferred (I): year t runs from 1 January t to 1 January t + 1, and job growth of t from the 4th quarter of t - 1 to that of t;
population is that of 1 January t, commuting that of the 4th quarter of t; neighbours are the other municipalities that residents
work in. The nation's job growth is in no part, private or public: it is in the constant and in what the year has for all (R).
"""

import numpy as np
import pandas as pd

from nlib.core.municipalities import resource
from nlib.methods.attractiveness.inputs import KEY, later, required
from nlib.methods.attractiveness.shift_share import national_rates

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
OWN_JOBS = ("industry_structure_pct", "business_pct", "public_pct")
LAGS = ("own_jobs_lag_0", "own_jobs_lag_1", "own_jobs_lag_2")
OF_JOBS = ("mix_pct", "population_effect_pct", "naering_pct", "public_growth_pct", "private_jobs_before", "public_jobs_before")
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
    above = _above_nation(100 * people["growth"] / people["population"], people["population"])
    table["population_effect_pct"] = coefficients["population_effect"] * later(above).reindex(table.index)
    table["naering_pct"] = table["private_growth_pct"] - table[list(JOB_PARTS)].sum(axis=1, skipna=False)
    same = jobs.groupby(KEY)["comparable"].all()
    table["comparable"] = same & _known(later(same), table.index) & _known(later(people["comparable"]), table.index)
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
    `business_pct` and `public_pct` (see `own_job_growth`); `neighbours_pct` (see `neighbours_job_growth`, of growth that is
    comparable); `bosted_pct` (what is left).
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
    work = required(jobs, "jobs", ["private_growth_pct", *OF_JOBS]).set_index(KEY)
    shares = required(integration, "integration", ["out_pct", "in_pct"]).set_index(KEY)
    abroad = required(nation, "nation", ["net_immigration_pct"], ["year"]).set_index("year")["net_immigration_pct"]

    size = people["population"]
    figures = ["private_growth_pct", *(part for part in JOB_PARTS if part in work), *OF_JOBS[2:]]
    table = people[["population"]].join(work[figures])
    table["growth_pct"] = 100 * people["growth"] / size
    table["birth_surplus_pct"] = 100 * (people["births"] - people["deaths"]) / size
    table["immigration_pct"] = abroad.reindex(table.index.get_level_values("year")).to_numpy() + c["immigration"]
    table["size_pct"] = c["size"] + c["size_ln_population"] * np.log(size)
    both = (shares["out_pct"] + shares["in_pct"]).reindex(table.index) / 100
    table["integration_pct"] = c["integration"] + c["integration_shares"] * both

    drawn = own_job_growth(jobs, integration, c).set_index(KEY)
    table = table.join(drawn[[*OWN_JOBS]])
    same = pd.Series(True, table.index)
    for lag in range(len(LAGS)):
        same &= _known(later(work["comparable"], lag), table.index)
    neighbours = neighbours_job_growth(flows, drawn["job_growth_pct"].where(same.reindex(drawn.index)).reset_index(), c)
    table["neighbours_pct"] = neighbours.set_index(KEY)["neighbours_pct"].reindex(table.index)
    table["bosted_pct"] = table["growth_pct"] - table[list(PARTS)].sum(axis=1, skipna=False)
    table["comparable"] = people["comparable"] & _known(shares["comparable"], table.index) & same
    return table.reset_index()


def own_job_growth(jobs: pd.DataFrame, integration: pd.DataFrame, coefficients: dict[str, float] | None = None) -> pd.DataFrame:
    """What a place's own job growth draws of people, in % of its population, in three parts.

    A part is the share of employed residents who work at home (T_ii/R_i, 1 - `out_pct`/100) times 0.130 x of this year, 0.073 of
    the last and 0.067 of the one before. x is in % of all jobs a year before: of structure `mix_pct` + `population_effect_pct`,
    of business `naering_pct`, both times private jobs / all jobs; of the public sector its growth above the nation's (the places
    given, weighted by public jobs) times public jobs / all jobs.

    jobs: as `job_components` returns them. integration: `komm_nr`, `year`, `out_pct` (0-100). Returns `komm_nr`, `year`,
    `industry_structure_pct`, `business_pct`, `public_pct`, and `job_growth_pct`, the three together before the share who work at
    home, which is what neighbours' residents are drawn by. A part is missing where any of its three years is. Status: R, that
    public growth is above the nation's too (against SSB 13472). Source: Telemarksforsking's model as of 2017.

    >>> rows = pd.DataFrame({"komm_nr": "3222", "year": [2023, 2024, 2025], "mix_pct": [1.0, 0, 0], "population_effect_pct": 0.0})
    >>> rows = rows.assign(naering_pct=2.0, public_growth_pct=1.0, private_jobs_before=600, public_jobs_before=400)
    >>> home = rows[["komm_nr", "year"]].assign(out_pct=50.0)
    >>> own_job_growth(rows, home).iloc[-1, 2:5].astype(float).round(4).tolist()
    [0.0201, 0.162, 0.0]
    """
    c = published() if coefficients is None else coefficients
    work = required(jobs, "jobs", list(OF_JOBS)).set_index(KEY)
    home = 1 - required(integration, "integration", ["out_pct"]).set_index(KEY)["out_pct"].reindex(work.index) / 100
    jobs_before = work["private_jobs_before"] + work["public_jobs_before"]
    private, public = (work[f"{side}_jobs_before"] / jobs_before.where(jobs_before > 0) for side in ("private", "public"))
    growth = pd.DataFrame(
        {
            "industry_structure_pct": (work["mix_pct"] + work["population_effect_pct"]) * private,
            "business_pct": work["naering_pct"] * private,
            "public_pct": _above_nation(work["public_growth_pct"], work["public_jobs_before"]) * public,
        }
    )
    drawn = sum(c[name] * later(growth, lag).reindex(growth.index) for lag, name in enumerate(LAGS))
    return drawn.mul(home, axis=0).assign(job_growth_pct=drawn.sum(axis=1, skipna=False)).reset_index()


def neighbours_job_growth(
    flows: pd.DataFrame, job_growth: pd.DataFrame, coefficients: dict[str, float] | None = None
) -> pd.DataFrame:
    """What job growth in the other municipalities that residents work in draws of people, in % of the population.

    1.64 times the sum over them of the share of employed residents who work there (T_iw/R_i) times its `job_growth_pct`. Where
    under half of commuters out go to places whose growth is known it is missing, else those known stand for all.

    flows: `home_nr`, `work_nr`, `year`, `employed` (pairs that are not listed are 0). job_growth: `komm_nr`, `year`,
    `job_growth_pct` (as `own_job_growth` returns it). Returns `komm_nr`, `year`, `neighbours_pct`. Status: I, the least exact of
    the terms (r 0.96 with the published). Source: Telemarksforsking's model as of 2017.

    >>> flows = pd.DataFrame({"home_nr": ["3222"] * 2, "work_nr": ["3222", "0301"], "year": 2025, "employed": [300, 700]})
    >>> growth = pd.DataFrame({"komm_nr": ["0301", "3222"], "year": 2025, "job_growth_pct": [0.2, 9.0]})
    >>> neighbours_job_growth(flows, growth)["neighbours_pct"].round(4).tolist()
    [0.2296]
    """
    c = published() if coefficients is None else coefficients
    growth = required(job_growth, "job_growth", ["job_growth_pct"]).set_index(KEY)["job_growth_pct"]
    return (c["neighbours_jobs"] * _commuted(flows, growth)).rename("neighbours_pct").reset_index()


def _structure(shares, before, now):
    """What the nation and its industries would have given the places of one year, % of their jobs."""
    rates, total = national_rates(before, now)
    expected = (shares * (rates - total)).sum(axis=1, skipna=False, min_count=1)
    return pd.DataFrame({"national_pct": 100 * total, "mix_pct": 100 * expected}, index=before.index)


def _above_nation(growth_pct, base):
    """Growth in % above that of all the places of the year, which is their mean weighted by what growth is a share of."""
    known = growth_pct.notna() & base.notna()
    sums = pd.DataFrame({"grown": growth_pct * base, "base": base})[known].groupby("year").sum()
    nation = sums["grown"] / sums["base"].where(sums["base"] > 0)
    return growth_pct - nation.reindex(growth_pct.index.get_level_values("year")).to_numpy()


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


def _known(comparable, index):
    """Whether figures could be compared, by the index; where there are none to compare, nothing stands in the way."""
    return comparable.reindex(index, fill_value=True).astype(bool)
