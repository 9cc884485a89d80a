"""How the country came about, year by year: births, deaths and moves are drawn so that they lead from one of SSB's 1 Januaries to
the next. Jobs and commuting are SSB's in the years that are known; between two of them commuting is the mean of both, and before
them jobs have grown to the first by the equation that Telemarksforsking published in 2017 (`resources/attractiveness_2017.csv`).
"""

from dataclasses import dataclass

import numpy as np

from nlib.core.municipalities import resource
from nlib.data.synthetic import known
from nlib.data.synthetic.cohorts import OLD, deaths
from nlib.data.synthetic.industries import BUSINESS
from nlib.data.synthetic.rounding import shared, spread, whole

WORKING = slice(20, 67)  # the ages that jobs are filled from
MOVERS = 0.04  # of the population, each year, to and from other places
EMIGRANTS = 0.0055  # of the population, each year
LATE_BIRTHS = 0.003  # of those who are 0 years old on 1 January, and so many more who were born but are not there
ACROSS = 0.1  # what those within a number that has become several work in another part, times what they would by size
LESS_SETTLED = 1e-6  # of the employed between two atoms, where the pattern of another year has none
BY_SIZE = 0.38  # luck goes with the population by this power
LUCK = 1.5  # of private job growth in a place of 10 000, %, in the years that are made up
SEEN_LUCK = 2.8  # the same in SSB's years: how far 2018 lies from 2021, by sqrt(2) and the private share of jobs
SPREAD = 1.0  # of attractiveness to business among places, % of private jobs a year
LEAST_BUSINESS = 0.4  # of the jobs of a place, where the known total would leave less


@dataclass(frozen=True)
class Lived:
    """What has happened to the people of atoms through a year, an entry each: births, deaths, moves and growth."""

    changes: dict[str, np.ndarray]
    abroad: int  # the nation's net immigration


@dataclass(frozen=True)
class Worked:
    """Who works where among atoms, 4th quarter."""

    by_industry: np.ndarray  # expected jobs, public and in business (first axis), of each atom, by industry (last)
    jobs: np.ndarray  # of each atom, whole numbers
    residents: np.ndarray  # employed who live in each atom, with those who work abroad or nobody knows where
    flows: np.ndarray  # from residence (rows) to work (columns); whole numbers but for the years that are SSB's


def lives(country) -> dict[int, Lived]:
    """What happened through every year between two 1 Januaries of a `nlib.data.synthetic.country.Country`."""
    return {year: _lived(country, year) for year in country.population_years[:-1]}


def _lived(country, year) -> Lived:
    now, then = country.ages[year], country.ages[year + 1]
    random, people = country.draw("year", year), now.sum(axis=1)
    born = then[:, 0] + random.poisson(LATE_BIRTHS * then[:, 0])
    young = deaths(now, year)[:, :OLD].sum(axis=1) * country.of_atoms("frailty")
    dead = np.maximum(now[:, OLD:].sum(axis=1) - then[:, OLD + 1 :].sum(axis=1), 0) + random.poisson(young)
    growth = then.sum(axis=1) - people
    net = growth - born + dead
    abroad = shared(people[None, :] * random.lognormal(0, 0.2, len(people)), np.array([net.sum()]), random.random(1))[0]
    gone = whole(EMIGRANTS * people, random.random(len(people)))
    gone = np.maximum(gone, -abroad)
    domestic = net - abroad
    left = np.maximum(whole(MOVERS * people, random.random(len(people))) - domestic // 2, np.maximum(-domestic, 0))
    changes = {"births": born, "deaths": dead, "immigration": abroad + gone, "emigration": gone}
    changes |= {"domestic_in": left + domestic, "domestic_out": left, "growth": growth}
    return Lived(changes, int(net.sum()))


def coefficients() -> dict[str, float]:
    """Those of the published equations, by name."""
    published = resource("attractiveness_2017.csv")
    return dict(zip(published["name"], published["value"].astype(float), strict=True))


# jobs


def work(country) -> dict[int, Worked]:
    """Every year of flows of a `nlib.data.synthetic.country.Country`."""
    real = country.known_work
    by_industry = _by_industry(country, {year: worked.jobs for year, worked in real.items()})
    first, worked = min(real), {}
    luck = country.draw("flows").random(real[first].flows.shape)
    abroad = real[first].residents.sum() / real[first].flows.sum() - 1  # or nobody knows where, for each at work in the country
    for year in country.flow_years:
        if year in real:
            worked[year] = Worked(by_industry[year], real[year].jobs, real[year].residents, real[year].flows)
            continue
        jobs = by_industry[year].sum(axis=(0, 2))
        if year > first:
            before, after = max(of for of in real if of < year), min(of for of in real if of > year)
            flows = whole((real[before].flows + real[after].flows) / 2, luck)
        else:
            grown = _workers(country, year) / _workers(country, first)
            flows = whole(_balanced(real[first].flows, real[first].residents * grown, jobs), luck)
        residents = flows.sum(axis=1)
        worked[year] = Worked(by_industry[year], flows.sum(axis=0), residents + whole(residents * abroad, luck[0]), flows)
    return worked


def _workers(country, year) -> np.ndarray:
    """Those who would work, by atom."""
    return country.adults(year, WORKING.start, WORKING.stop - 1).clip(1) * country.of_atoms("employed")


@dataclass(frozen=True)
class Known:
    """What SSB tells of a year, on atoms: jobs and residents in whole numbers, flows shared out within the numbers of the year."""

    jobs: np.ndarray
    residents: np.ndarray
    flows: np.ndarray


def known_work(country) -> dict[int, Known]:
    """Every year of work that is known; numbers that had merged since the year before are parted as they were then."""
    known_years, before = {}, None
    margins, listed = known.margins(), known.flows()
    weight = country.atoms["weight"].to_numpy()
    for year in known.flow_years():
        numbers = country._numbers(f"{year}-12-31")
        own = margins[margins["year"] == year].set_index("komm_nr").reindex(numbers.codes)
        bases = (weight, weight) if before is None else (before.jobs.clip(1), before.residents.clip(1))
        half = np.full((len(own), 1), 0.5)
        jobs, residents = (
            spread(own[[name]].to_numpy(), base, numbers.place, half)[:, 0]
            for name, base in zip(("jobs", "employed_residents"), bases, strict=True)
        )
        pairs = listed[listed["year"] == year]
        cells = np.zeros((len(numbers.codes), len(numbers.codes)))
        cells[numbers.codes.get_indexer(pairs["home_nr"]), numbers.codes.get_indexer(pairs["work_nr"])] = pairs["employed"]
        settled = np.outer(residents, jobs) * (LESS_SETTLED if before is not None else 1.0)
        if before is None:
            within = np.equal.outer(numbers.place, numbers.place) & ~np.eye(len(weight), dtype=bool)
            settled[within] *= ACROSS
        pattern = settled + (0 if before is None else before.flows) + 1e-9
        whole_of = numbers.summed(numbers.summed(pattern).T).T
        flows = pattern * (cells / whole_of)[np.ix_(numbers.place, numbers.place)]
        before = known_years[year] = Known(jobs, residents, flows)
    return known_years


def _by_industry(country, real: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    """Expected jobs of every year of flows, public and in business, by atom and industry; they add up to the known ones. real: jobs
    of each atom in the years that are known."""
    c, first = coefficients(), min(real)
    place, industries = country.atoms["place"].to_numpy(), country.industries
    attractive = country.to_business
    jobs = {country.flow_years[0]: _mix(country, real[first])}
    for year in country.flow_years[1:]:
        random = country.draw("work", year)
        living = country.people[year].sum(axis=1)
        rate = c["population_effect"] * _growth_above(country, year - 1) + random.normal(0, LUCK, len(living)) * _lucky(living)
        nation = industries["growth"].to_numpy() + random.normal(0, 0.8)
        more = np.stack([nation + (rate + of)[place][:, None] for of in (0.0, attractive)])
        jobs[year] = jobs[year - 1] * np.clip(1 + more / 100, 0.5, 2)
        if year in real:
            before = real[first] / jobs[year].sum(axis=(0, 2)).clip(1e-9)
            if year == first:  # what the years before grew to is made to be what is known
                jobs = {of: figures * before[None, :, None] for of, figures in jobs.items()}
            jobs[year] = _fitted(jobs[year], real[year])
        elif year > first:
            between = max(of for of in real if of < year), min(of for of in real if of > year)
            jobs[year] = _fitted(jobs[year], np.mean([real[of] for of in between], axis=0))
    return jobs


def _fitted(jobs: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Jobs that add up to the total of each atom: what is more or less is so in business, as far as there is business."""
    public, business = jobs.sum(axis=2)
    public_then = np.minimum(public, (1 - LEAST_BUSINESS) * total)
    times = np.stack([public_then / public.clip(1e-9), (total - public_then) / business.clip(1e-9)])
    return jobs * times[:, :, None]


def _mix(country, totals: np.ndarray) -> np.ndarray:
    """Public and business jobs by atom and industry, which add up to each atom's total: the latter differ more between places."""
    business = country.industries[list(BUSINESS)].sum(axis=1).to_numpy()
    luck = country.draw("mix").lognormal(0, 0.2 + 0.8 * business, (len(totals), len(business)))
    mix = country.industries["share"].to_numpy() * luck
    by_industry = totals.clip(1e-3)[:, None] * mix / mix.sum(axis=1, keepdims=True)
    return np.stack([(1 - business) * by_industry, business * by_industry])


def _balanced(pattern: np.ndarray, residents: np.ndarray, jobs: np.ndarray) -> np.ndarray:
    """Flows in a pattern, with exactly these jobs in each column, and nearly these residents, scaled to the jobs, in rows. Places
    that hardly exchange workers come together slowly. What is left is left in the rows: growth in jobs has a law to keep."""
    residents = residents * jobs.sum() / residents.sum()
    attraction = np.ones(len(jobs))
    for _ in range(30):
        leaving = residents / (pattern @ attraction).clip(1e-9)
        attraction = jobs / (pattern.T @ leaving).clip(1e-9)
    return leaving[:, None] * pattern * attraction


# attractiveness: what is left of growth, as the published equations have it


def _lucky(living: np.ndarray) -> np.ndarray:
    """What luck is in places of these sizes, times that in one of 10 000."""
    return (living / 10_000) ** -BY_SIZE


def _growth_above(country, year: int) -> np.ndarray:
    """Population growth of each place through a year above the nation's, % of population; nothing before the first year."""
    if year not in country.lived:
        return np.zeros(len(country.places))
    now, then = (country.people[of].sum(axis=1) for of in (year, year + 1))
    return 100 * (then / now - then.sum() / now.sum())


def to_business(country) -> np.ndarray:
    """Attractiveness to business of each place, % of private jobs a year: a draw among those that fit the known growth in jobs."""
    c, years = coefficients(), sorted(country.known_work)
    place, count = country.atoms["place"].to_numpy(), years[-1] - years[0]
    first, last = (np.bincount(place, weights=country.known_work[year].jobs) for year in (years[0], years[-1]))
    growth = 100 * ((last / first) ** (1 / count) - (last.sum() / first.sum()) ** (1 / count))
    above = [_growth_above(country, year) for year in range(years[0], years[-1])]
    growth -= c["population_effect"] * np.mean(above, axis=0)
    side = country.industries[list(BUSINESS)].sum(axis=1) @ country.industries["share"]
    living = country.people[years[0]].sum(axis=1)
    return _drawn(country.draw("naering"), growth / side, (SEEN_LUCK * _lucky(living)) ** 2 / count, SPREAD**2)


def to_people(country) -> np.ndarray:
    """Attractiveness to people of each place, % of population a year: a draw among those that fit how people have moved."""
    years = country.modelled_years
    left = np.array([_left(country, year) for year in years])
    living = np.mean([country.people[year].sum(axis=1) for year in years], axis=0)
    sizes = _lucky(living)
    luck = np.sqrt(np.mean(left.var(axis=0, ddof=1) / sizes**2)) * sizes
    noise = luck**2 / len(years)
    mean = left.mean(axis=0)
    trust = sizes**-2
    spread_of = np.average((mean - np.average(mean, weights=trust)) ** 2 - noise, weights=trust)
    return _drawn(country.draw("bosted"), mean, noise, max(spread_of, 0.01))


def _drawn(random, mean: np.ndarray, noise: np.ndarray, between: float) -> np.ndarray:
    """A draw of what is true of each place, given the mean that is seen of it, the variance of its luck and that between places."""
    trust = between / (between + noise)
    centre = np.average(mean, weights=1 / (between + noise))
    return centre + trust * (mean - centre) + random.normal(0, 1, len(mean)) * np.sqrt(between * (1 - trust))


def _left(country, year: int) -> np.ndarray:
    """What the published equation leaves of the net moves of each place in a year, % of its population."""
    c, place = coefficients(), country.atoms["place"].to_numpy()
    member = np.equal.outer(np.arange(len(country.places)), place).astype(float)
    living = country.people[year].sum(axis=1)
    changes = country.lived[year].changes
    net = member @ (changes["growth"] - changes["births"] + changes["deaths"])
    jobs = {of: member @ country.worked[of].jobs for of in range(year - 3, year + 1)}
    own = sum(
        c[f"own_jobs_lag_{lag}"] * 100 * (grown - np.average(grown, weights=jobs[year - lag - 1]))
        for lag in range(3)
        for grown in [jobs[year - lag] / jobs[year - lag - 1].clip(1)]
    )
    flows = member @ country.worked[year].flows @ member.T
    stay, residents, work = flows.diagonal(), flows.sum(axis=1).clip(1), flows.sum(axis=0).clip(1)
    structure = c["size"] + c["size_ln_population"] * np.log(living)
    structure += c["integration"] + c["integration_shares"] * (2 - stay / residents - stay / work)
    structure += stay / residents * own + c["neighbours_jobs"] * (flows @ own - stay * own) / residents
    return 100 * net / living - 100 * country.lived[year].abroad / living.sum() - c["immigration"] - structure
