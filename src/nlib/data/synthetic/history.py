"""How the country came about, year by year: the two equations of attractiveness, commuting, births, deaths and moves.

The coefficients are those that Telemarksforsking published in 2017 (`resources/attractiveness_2017.csv`); structure is worked out
on the municipalities of today, where attractiveness is measured.
"""

from dataclasses import dataclass

import numpy as np

from nlib.core.municipalities import resource
from nlib.data.synthetic import cohorts
from nlib.data.synthetic.industries import BUSINESS
from nlib.data.synthetic.rounding import shared, whole

HOME = 5.0  # how many times the weight a job has to those who live where it is
REACH_KM = 14.0  # how far people commute: the weight of a job falls by e for each of these
WORKING = slice(20, 67)  # the ages that jobs are filled from
MOVERS = 0.04  # of the population, each year, to and from other places


@dataclass(frozen=True)
class Year:
    """What a year has made of the atoms, an entry (or row) each."""

    population: np.ndarray  # 1 January, whole numbers
    ages: np.ndarray  # expected, by sex and age, 1 January; they add up to the population
    changes: dict[str, np.ndarray]  # births, deaths, moves and growth through the year, whole numbers
    jobs: np.ndarray  # expected, public and in business (first axis), by industry (last), 4th quarter
    flows: np.ndarray  # from residence (rows) to work (columns), 4th quarter, whole numbers
    people_shift: float  # taken from every place's net moves, % of population: who comes to one has left another
    jobs_shift: float  # attractiveness to business of the mean job in business, %


def history(country) -> dict[int, Year]:
    """Every year of a `nlib.data.synthetic.country.Country`."""
    told = resource("attractiveness_2017.csv")
    c = dict(zip(told["name"], told["value"].astype(float), strict=True))
    atoms, industries, places = country.atoms, country.industries, country.places
    years: dict[int, Year] = {}
    place = atoms["place"].to_numpy()
    member = np.equal.outer(np.arange(len(places)), place).astype(float)
    people = atoms["inhabitants"].to_numpy().astype(int)
    ages = people[:, None, None] * cohorts.first(country.of_atoms("young"))
    near = _nearness(atoms)
    jobs = _first_jobs(country, near, _workers(country, ages))
    luck = country.draw("flows").random(near.shape)
    growth = own = np.zeros(len(places))  # of population and of jobs, % a year
    lagged = [own, own]
    for year in country.population_years:
        random, living = country.draw("year", year), member @ people
        jobs_shift = 0.0
        if years:
            jobs_shift = np.average(places["naering"], weights=member @ jobs[1].sum(axis=1))
            rate = c["population_effect"] * (growth - np.average(growth, weights=living))
            rate += random.normal(0, 1.5, len(places)) * (living / 10_000) ** -0.38
            nation = industries["growth"].to_numpy() + random.normal(0, 0.8)
            more = np.stack([nation + (rate + of)[place][:, None] for of in (0.0, places["naering"].to_numpy())])
            jobs = jobs * np.clip(1 + more / 100, 0.5, 2)
        flows = whole(_balanced(near, _workers(country, ages), jobs.sum(axis=(0, 2))), luck)
        if years:  # growth in jobs as they can be counted, above the nation's, which is what people move after
            then, now = (member @ flows_of.sum(axis=0) for flows_of in (years[year - 1].flows, flows))
            own = 100 * (now / then.clip(1) - now.sum() / then.sum())
        inflow = sum(c[f"own_jobs_lag_{lag}"] * x for lag, x in enumerate([own, *lagged]))
        net = _net_moves(c, living, member @ flows @ member.T, inflow) + places["bosted"].to_numpy()
        net += random.normal(0, 0.4, len(places)) * (living / 10_000) ** -0.38
        people_shift = np.average(net, weights=living)
        changes = _changes(country, random, ages, people, (net - people_shift)[place], year)
        # the equations add the nation's net immigration less a constant; every place has the whole of it here
        years[year] = Year(people, ages, changes, jobs, flows, people_shift + c["immigration"], jobs_shift)
        ages = cohorts.after(
            ages,
            year - country.population_years[0],
            changes["births"],
            changes["deaths"],
            changes["immigration"] + changes["domestic_in"],
            changes["emigration"] + changes["domestic_out"],
            people + changes["growth"],
        )
        growth, lagged = 100 * (member @ changes["growth"]) / living, [own, lagged[0]]
        people = people + changes["growth"]
    return years


def _net_moves(c, living, flows, inflow) -> np.ndarray:
    """What structure draws to each place, % of its population a year: size, integration, job growth here and among neighbours."""
    stay = flows.diagonal()
    residents, jobs = flows.sum(axis=1).clip(1), flows.sum(axis=0).clip(1)
    size = c["size"] + c["size_ln_population"] * np.log(living)
    integration = c["integration"] + c["integration_shares"] * (2 - stay / residents - stay / jobs)
    commuted = (flows @ inflow - stay * inflow) / residents
    return size + integration + stay / residents * inflow + c["neighbours_jobs"] * commuted


def _changes(country, random, ages, people, net, year) -> dict[str, np.ndarray]:
    """Births, deaths and moves of a year; those who move within the country leave one place and come to another."""
    dead = cohorts.deaths(ages, year - country.population_years[0]).sum(axis=(1, 2))
    expected = {
        "births": cohorts.births(ages) * country.of_atoms("children"),
        "deaths": dead * country.of_atoms("frailty"),
        "immigration": people * random.normal(0.0110, 0.0015),
        "emigration": people * 0.0055,
    }
    changes = {name: whole(figures, random.random(len(people))) for name, figures in expected.items()}
    come, leave = (people * (MOVERS + sign * net / 200).clip(0.005) for sign in (1, -1))
    moving = np.array([round((come.sum() + leave.sum()) / 2)])
    for name, figures in {"domestic_in": come, "domestic_out": leave}.items():
        changes[name] = shared(figures[None, :], moving, random.random(1))[0]
    changes["growth"] = changes["births"] + changes["immigration"] + changes["domestic_in"]
    changes["growth"] = changes["growth"] - changes["deaths"] - changes["emigration"] - changes["domestic_out"]
    return changes


def _workers(country, ages) -> np.ndarray:
    """Those who would work, by atom."""
    return ages[:, :, WORKING].sum(axis=(1, 2)) * country.of_atoms("employed")


def _nearness(atoms) -> np.ndarray:
    """How near atoms are to one another as workplaces, by residence (rows)."""
    apart = np.hypot(*(np.subtract.outer(atoms[axis].to_numpy(), atoms[axis].to_numpy()) for axis in "xy")) / 1000
    near = np.exp(-apart / REACH_KM)
    np.fill_diagonal(near, HOME * near.diagonal())
    return near


def _first_jobs(country, near, workers) -> np.ndarray:
    """Public and business jobs of the first year by atom and industry: the latter differ more between places."""
    pull = near * country.atoms["jobs_pull"].to_numpy()
    jobs = workers @ (pull / pull.sum(axis=1, keepdims=True))
    business = country.industries[list(BUSINESS)].sum(axis=1).to_numpy()
    spread = country.draw("mix").lognormal(0, 0.2 + 0.8 * business, (len(jobs), len(business)))
    mix = country.industries["share"].to_numpy() * spread
    by_industry = jobs[:, None] * mix / mix.sum(axis=1, keepdims=True)
    return np.stack([(1 - business) * by_industry, business * by_industry])


def _balanced(near: np.ndarray, residents: np.ndarray, jobs: np.ndarray) -> np.ndarray:
    """Flows as nearness has them, with exactly these jobs in each column, and nearly these residents, scaled to the jobs, in rows.

    Places that hardly exchange workers come together slowly. What is left is left in the rows: growth in jobs has a law to keep.
    """
    residents = residents * jobs.sum() / residents.sum()
    attraction = np.ones(len(jobs))
    for _ in range(30):
        leaving = residents / (near @ attraction)
        attraction = jobs / (near.T @ leaving)
    return leaving[:, None] * near * attraction
