"""A synthetic Norway: the real map and municipality numbers, made-up people, seeded.

Each source turns its share of it into the producer's own format, so that synthetic figures pass through the same cleaning
as real ones. The unit is an *atom*: a municipality of 2017, or each part of one that has been split since; the figures of
a year are sums of atoms on the numbers that held in that year (before 2018 on those of 2017).

Jobs and people change by the two equations of attractiveness with the coefficients that Telemarksforsking published in 2017,
so that a model of them can be held against the truth (`Norway.truth`).
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from nlib import boundaries
from nlib.municipalities import Register, resource

FIRST_DAY = "2017-12-31"
INHABITANTS = 4_800_000  # on 1 January of the first year
HOME = 5.0  # how many times the weight a job has to those who live where it is
REACH_KM = 14.0  # how far people commute: the weight of a job falls by e for each of these
EMPLOYED = 0.5  # of the population
RESIDENTS_ABROAD = 0.002  # of the employed: with work abroad, on the shelf or unknown
LAGS = (0.195, 0.109, 0.099)  # % of population, for job growth of 1 % of population this year, last year and the year before
SECTORS = ("state", "county", "municipal", "public_enterprise", "private")

# section: jobs of a thousand, yearly growth in %, jobs by sector (SECTORS), value added in 1 000 kr a job
SECTIONS = {
    "A": (25, -1.0, (0, 0, 0, 0, 1), 600),
    "B": (22, 1.0, (0, 0, 0, 0.2, 0.8), 6000),
    "C": (85, -0.3, (0, 0, 0, 0.02, 0.98), 950),
    "D": (6, 1.5, (0, 0, 0, 0.8, 0.2), 4000),
    "E": (6, 1.5, (0, 0, 0.2, 0.5, 0.3), 1100),
    "F": (85, 2.0, (0, 0, 0, 0, 1), 800),
    "G": (135, 0.1, (0, 0, 0, 0.02, 0.98), 650),
    "H": (52, 0.3, (0, 0, 0, 0.25, 0.75), 850),
    "I": (36, 2.0, (0, 0, 0, 0, 1), 420),
    "J": (38, 2.5, (0, 0, 0, 0.05, 0.95), 1200),
    "K": (18, 0.0, (0, 0, 0, 0.02, 0.98), 2500),
    "L": (11, 2.0, (0, 0, 0.05, 0.1, 0.85), 1500),
    "M": (54, 2.2, (0.1, 0, 0, 0.02, 0.88), 1000),
    "N": (50, 1.6, (0, 0, 0, 0, 1), 600),
    "O": (62, 0.9, (0.6, 0.05, 0.35, 0, 0), 750),
    "P": (83, 1.0, (0.18, 0.18, 0.52, 0, 0.12), 650),
    "Q": (203, 1.4, (0.18, 0, 0.58, 0.02, 0.22), 600),
    "R": (20, 1.8, (0.05, 0.02, 0.23, 0, 0.7), 550),
    "S": (19, 0.8, (0, 0, 0, 0, 1), 500),
    "T": (0, 0.0, (0, 0, 0, 0, 1), 300),
    "U": (0, 0.0, (0, 0, 0, 0, 1), 300),
}


@dataclass(frozen=True)
class Year:
    """What a year has made of the atoms: expected figures, an entry (or row) each."""

    jobs: np.ndarray  # by industry, 4th quarter
    flows: np.ndarray  # from residence (rows) to work (columns), 4th quarter
    changes: pd.DataFrame  # births, deaths and moves through the year, whole numbers
    population: np.ndarray  # on 1 January, whole numbers


class Norway:
    """One draw of the synthetic country. The same seed gives the same country.

    `employment_years` are 4th quarters, those of the flows are fewer; `population_years` 1 Januaries. The methods give a year's
    figures on the numbers of that year.
    """

    employment_years = range(2008, 2026)
    flow_years = range(2017, 2026)
    population_years = range(2008, 2027)
    updated = "2026-03-01T07:00:00Z"

    def __init__(self, seed: int = 1):
        self.seed = seed
        self._codes, self._changes = resource("municipalities.csv"), resource("municipality_changes.csv")
        self.register = Register(self._codes, self._changes)
        self._numbers = cache(self._numbers_on)

    @cached_property
    def industries(self) -> pd.DataFrame:
        """Every industry: `nace2`, `section`, its share of jobs, growth in %, value in 1 000 kr a job, and `SECTORS`."""
        table = resource("industries.csv")[["nace2", "section"]]
        random = self._draw(7)
        share = np.array([SECTIONS[section][0] for section in table["section"]]) / table.groupby("section")["nace2"].transform(
            "count"
        )
        share *= random.lognormal(0, 0.6, len(table))
        table["share"] = share / share.sum()
        table["growth"] = [SECTIONS[section][1] for section in table["section"]] + random.normal(0, 0.5, len(table))
        table["value"] = [SECTIONS[section][3] for section in table["section"]] * random.lognormal(0, 0.1, len(table))
        table[list(SECTORS)] = [SECTIONS[section][2] for section in table["section"]]
        return table

    @cached_property
    def atoms(self) -> pd.DataFrame:
        """Every atom: `old_nr` (2017), `komm_nr` (today), `x`, `y` (metres), and the truths its figures are drawn from.

        `bosted` is % of population a year, `naering` % of private jobs a year, `productivity` times the nation's value a job.
        """
        random = np.random.default_rng(self.seed)
        rows = [(old, end) for old in self.register.valid(FIRST_DAY) for end in self.register.successors(old, FIRST_DAY)]
        atoms = pd.DataFrame(rows, columns=["old_nr", "komm_nr"])
        shapes = boundaries.carried(boundaries.project(), self._changes)
        place = {number: shape for shape in shapes.itertuples() for number in (shape.komm_nr, *shape.also.split())}
        points = [place[number].geometry.representative_point() for number in atoms["komm_nr"]]
        atoms["x"] = [point.x for point in points] + random.normal(0, 6000, len(atoms))
        atoms["y"] = [point.y for point in points] + random.normal(0, 6000, len(atoms))
        size = random.lognormal(0, 1.1, len(atoms))
        atoms["inhabitants"] = (INHABITANTS * size / size.sum()).round()
        atoms["jobs_pull"] = atoms["inhabitants"] ** 1.08 * random.lognormal(0, 0.35, len(atoms))
        atoms["bosted"] = random.normal(0, 0.35, len(atoms))
        atoms["naering"] = random.normal(0, 1.0, len(atoms))
        atoms["productivity"] = random.lognormal(0, 0.12, len(atoms))
        atoms["birth_rate"] = random.normal(0.0110, 0.0008, len(atoms))
        atoms["death_rate"] = random.normal(0.0085, 0.0012, len(atoms)).clip(0.004)
        return atoms

    def truth(self) -> pd.DataFrame:
        """What the figures were made from, for each municipality of today: `komm_nr`, `bosted_pct`, `naering_pct`, `productivity`.

        Attractiveness is a year's, in % of population and in % of private jobs; where atoms have merged, their mean by population.
        """
        atoms = self.atoms.rename(columns={"bosted": "bosted_pct", "naering": "naering_pct"})
        names = ["bosted_pct", "naering_pct", "productivity"]
        weighted = atoms[names].mul(atoms["inhabitants"], axis=0).groupby(atoms["komm_nr"]).sum()
        return weighted.div(atoms.groupby("komm_nr")["inhabitants"].sum(), axis=0).reset_index()

    # how it came about

    @cached_property
    def _years(self) -> dict[int, Year]:
        """The history of the country, from the first 4th quarter on."""
        atoms, industries, years = self.atoms, self.industries, {}
        private = industries["private"].to_numpy()
        people = atoms["inhabitants"].to_numpy()
        near = self._nearness()
        pull = near * atoms["jobs_pull"].to_numpy()
        jobs = (EMPLOYED * people) @ (pull / pull.sum(axis=1, keepdims=True))
        jobs = jobs[:, None] * self._mix()
        growth = own = np.zeros(len(atoms))  # of population, % a year; of jobs, % of population
        lagged = [own, own]
        for year in self.population_years:
            random = self._draw(5, year)
            if year > self.employment_years[0]:
                before = jobs
                nation = industries["growth"].to_numpy() + random.normal(0, 0.8)
                luck = random.normal(0, 1.5, len(atoms)) * (before.sum(axis=1) / 5000) ** -0.38
                follow = 0.314 * (growth - np.average(growth, weights=people))
                more = nation + (follow + luck)[:, None] + private * atoms["naering"].to_numpy()[:, None]
                jobs = before * np.clip(1 + more / 100, 0.5, 2)
                own = 100 * (jobs - before).sum(axis=1) / people
            flows = _balanced(near, EMPLOYED * people, jobs.sum(axis=1))
            inflow = sum(weight * x for weight, x in zip(LAGS, [own, *lagged], strict=True))
            changes = self._year_of_people(random, people, flows, inflow)
            years[year] = Year(jobs, flows, changes, people)
            people, lagged = people + changes["growth"].to_numpy(), [own, lagged[0]]
            growth = 100 * changes["growth"].to_numpy() / years[year].population
        return years

    def _year_of_people(self, random, people, flows, inflow) -> pd.DataFrame:
        """Births, deaths and moves of a year: structure, attractiveness and luck; `inflow` is what job growth draws, in %."""
        atoms = self.atoms
        stay = flows.diagonal()
        integration = 2 - stay / flows.sum(axis=1) - stay / flows.sum(axis=0)
        to_work = flows / flows.sum(axis=1, keepdims=True)
        net = -0.8714 + 0.1026 * np.log(people) - 0.391 + 0.612 * integration + inflow - 0.06 + 3.1 * (to_work @ inflow)
        net += atoms["bosted"].to_numpy() + random.normal(0, 0.4, len(atoms)) * (people / 10_000) ** -0.38
        net -= np.average(net, weights=people)  # who comes to one place has left another
        rates = {
            "births": atoms["birth_rate"].to_numpy(),
            "deaths": atoms["death_rate"].to_numpy(),
            "immigration": np.full(len(atoms), random.normal(0.0110, 0.0015)),
            "emigration": np.full(len(atoms), 0.0055),
            "domestic_in": (0.04 + net / 200).clip(0.005),
            "domestic_out": (0.04 - net / 200).clip(0.005),
        }
        table = pd.DataFrame({name: _whole(rate * people, random.random(len(people))) for name, rate in rates.items()})
        come = table["births"] + table["immigration"] + table["domestic_in"]
        table["growth"] = come - table["deaths"] - table["emigration"] - table["domestic_out"]
        return table

    def _nearness(self) -> np.ndarray:
        """How near atoms are to one another as workplaces, by residence (rows)."""
        apart = np.hypot(*(np.subtract.outer(self.atoms[axis].to_numpy(), self.atoms[axis].to_numpy()) for axis in "xy")) / 1000
        near = np.exp(-apart / REACH_KM)
        np.fill_diagonal(near, HOME * near.diagonal())
        return near

    def _mix(self) -> np.ndarray:
        """The industries' shares of the first year's jobs, by atom: private ones differ more between places than public ones."""
        spread = 0.2 + 0.8 * self.industries["private"].to_numpy()
        mix = self.industries["share"].to_numpy() * self._draw(6).lognormal(0, spread, (len(self.atoms), len(spread)))
        return mix / mix.sum(axis=1, keepdims=True)

    def _draw(self, *what) -> np.random.Generator:
        return np.random.default_rng([self.seed, *what])

    # the figures of a year, on atoms and on the numbers of the year

    def _numbers_on(self, day: str) -> np.ndarray:
        """The number each atom had on a day."""
        then = Register(self._codes, self._changes[self._changes["date"] <= day])

        def number(atom):
            held = then.successors(atom.old_nr, FIRST_DAY)
            return next(code for code in held if atom.komm_nr in self.register.successors(code, day))

        return np.array([number(atom) for atom in self.atoms.itertuples()])

    def _summed(self, figures: pd.DataFrame, day: str) -> pd.DataFrame:
        """Figures of atoms, summed on the numbers of a day, with `komm_nr`."""
        return figures.groupby(self._numbers(day)).sum().rename_axis("komm_nr").reset_index()

    def _atom_flows(self, year: int) -> np.ndarray:
        """Employed persons by atom of residence (rows) and of work (columns), 4th quarter."""
        flows = self._years[year].flows
        return _whole(flows, self._draw(3).random(flows.shape))

    def _atom_jobs(self, year: int) -> np.ndarray:
        """Jobs by atom (rows) and industry, 4th quarter; they add up to the flows."""
        return _shared(self._years[year].jobs, self._atom_flows(year).sum(axis=0))

    def population(self, year: int) -> pd.DataFrame:
        """Population on 1 January: `komm_nr`, `population`."""
        return self._summed(pd.DataFrame({"population": self._years[year].population.astype(int)}), f"{year}-01-01")

    def changes(self, year: int) -> pd.DataFrame:
        """`komm_nr`, `births`, `deaths`, `immigration`, `emigration`, `domestic_in`, `domestic_out`, `growth` through a year."""
        return self._summed(self._years[year].changes, f"{year}-01-01")

    def flows(self, year: int) -> pd.DataFrame:
        """Employed persons by `home_nr` and `work_nr`, every pair, 0 included: `employed`."""
        codes, place = np.unique(self._numbers(f"{year}-12-31"), return_inverse=True)
        total = np.zeros((len(codes), len(codes)), dtype=int)
        np.add.at(total, (place[:, None], place[None, :]), self._atom_flows(year))
        home, work = np.meshgrid(codes, codes, indexing="ij")
        return pd.DataFrame({"home_nr": home.ravel(), "work_nr": work.ravel(), "employed": total.ravel()})

    def _residents(self, year: int) -> np.ndarray:
        """Employed residents of each atom, with those who work abroad, on the shelf or nobody knows where."""
        residents = self._atom_flows(year).sum(axis=1)
        return residents + self._draw(4, year).binomial(residents, RESIDENTS_ABROAD)

    def margins(self, year: int) -> pd.DataFrame:
        """`komm_nr`, `population_15_74`, `employed_residents` (with those who work abroad or at sea) and `jobs`."""
        residents = self._residents(year)
        adults = (residents / self._draw(8).normal(0.68, 0.02, len(residents))).round().astype(int)
        jobs = self._atom_flows(year).sum(axis=0)
        figures = pd.DataFrame({"employed_residents": residents, "jobs": jobs, "population_15_74": adults})
        return self._summed(figures, f"{year}-12-31")

    def by_industry(self, year: int) -> pd.DataFrame:
        """Employed persons by industry: `komm_nr`, `nace2`, `employed_residents`, `jobs`; 1 and 2 are 0 or 3, as SSB gives them."""
        jobs, flows, day = self._atom_jobs(year), self._years[year].flows, f"{year}-12-31"
        homes = flows @ (jobs / jobs.sum(axis=1, keepdims=True).clip(1))
        long = [
            self._summed(pd.DataFrame(figures, columns=self.industries["nace2"]), day).melt("komm_nr", value_name=name)
            for name, figures in {"employed_residents": _shared(homes, self._residents(year)), "jobs": jobs}.items()
        ]
        both = long[0].merge(long[1], on=["komm_nr", "nace2"], validate="1:1")
        random = self._draw(9, year)
        for name in ("employed_residents", "jobs"):
            few = both[name].isin([1, 2])
            both.loc[few, name] = 3 * (3 * random.random(few.sum()) < both.loc[few, name])
        return both

    def by_sector(self, year: int) -> pd.DataFrame:
        """Jobs by sector: `komm_nr` and `SECTORS`."""
        sectors = _shared(self._atom_jobs(year) @ self.industries[list(SECTORS)].to_numpy(), self._atom_flows(year).sum(axis=0))
        return self._summed(pd.DataFrame(sectors, columns=SECTORS), f"{year}-12-31")


def _balanced(near: np.ndarray, residents: np.ndarray, jobs: np.ndarray) -> np.ndarray:
    """Flows as nearness has them, with these jobs in each column, and in each row these residents, scaled to the jobs."""
    residents = residents * jobs.sum() / residents.sum()
    attraction = np.ones(len(jobs))
    for _ in range(30):
        attraction = jobs / (near.T @ (residents / (near @ attraction)))
    return (residents / (near @ attraction))[:, None] * near * attraction


def _whole(expected: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Whole numbers that are right on average: what is over a whole one is one more where `luck` (0-1) is below it."""
    floor = np.floor(expected)
    return (floor + (luck < expected - floor)).astype(int)


def _shared(expected: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Whole numbers in the proportions of each row, that add up to its total; by largest remainder."""
    exact = expected * (totals / expected.sum(axis=1))[:, None]
    whole = np.floor(exact)
    order = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1)
    return (whole + (order < (totals - whole.sum(axis=1)).round()[:, None])).astype(int)
