"""The country itself: places and what is true of them, the atoms they are made of, the numbers these have had.

An *atom* is a municipality of the first day, or each part of one that has been split since; the figures of a year are sums of
atoms on the numbers that were valid in that year. How many live in each, and how many work, is SSB's (`nlib.data.synthetic.known`).
"""

import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from nlib.core.municipalities import Register, resource
from nlib.data.synthetic import history, industries, known
from nlib.data.synthetic.cohorts import AGES
from nlib.data.synthetic.rounding import shared, spread

FIRST_DAY = "2006-01-01"  # of the first year that there are people of every age for

# what is true of a place: its mean and standard deviation among places
TRUTHS = {
    "productivity": (1.0, 0.12),  # value of a job, times the nation's in the same industry
    "employed": (1.0, 0.02),  # of those of working age, times what is known of the place
    "frailty": (1.0, 0.06),  # deaths of those who are not old, times what age says
    "learning": (0.0, 0.25),  # how much education they have, beside what the size of the place says
    "thrift": (0.0, 1.0),  # how the municipality keeps its accounts
}
LEARNING_OF_SIZE = 0.25  # for each e times as many inhabitants


@dataclass(frozen=True)
class Numbers:
    """The numbers that hold on a day: `codes`; `place`, the row of each atom's number in it."""

    codes: pd.Index
    place: np.ndarray

    def summed(self, figures: np.ndarray) -> np.ndarray:
        """Figures of atoms (rows), summed on the numbers."""
        order = np.argsort(self.place, kind="stable")
        return np.add.reduceat(figures[order], np.searchsorted(self.place[order], np.arange(len(self.codes))), axis=0)


class Country:
    """What the figures are drawn from. The same seed gives the same country."""

    employment_years: range
    flow_years: range
    industry_years: range
    population_years: range
    known_years: Mapping[str, Sequence[int]]

    def __init__(self, seed: int = 1):
        self.seed = seed
        self.register = Register(resource("municipalities.csv"), resource("municipality_changes.csv"))
        self._numbers = cache(self._numbers_on)
        self._whole_jobs = cache(self._jobs_in)

    def draw(self, what: str, *when: int) -> np.random.Generator:
        """Where luck comes from: the same for the same purpose and year."""
        return np.random.default_rng([self.seed, zlib.crc32(what.encode()), *when])

    @cached_property
    def industries(self) -> pd.DataFrame:
        """Every industry, as `nlib.data.synthetic.industries.drawn` gives them."""
        return industries.drawn(self.draw("industries"))

    @cached_property
    def places(self) -> pd.DataFrame:
        """Every municipality of today, by `komm_nr` (the index): `TRUTHS`."""
        numbers = self.register.current["komm_nr"]
        figures = {name: self.draw(name).normal(*around, len(numbers)) for name, around in TRUTHS.items()}
        places = pd.DataFrame(figures, index=pd.Index(numbers, name="komm_nr"))
        size = np.log(self.people[self.population_years[-1]].sum(axis=1))
        places["learning"] += LEARNING_OF_SIZE * (size - size.mean())
        return places

    @cached_property
    def people(self) -> dict[int, np.ndarray]:
        """Population on each 1 January by municipality of today (in their order) and age: SSB's."""
        table, numbers, codes = known.population(), self.register.current["komm_nr"], self.register.codes
        cells = table.set_index(["year", "komm_nr", "age"])["population"].unstack().reindex(columns=AGES)
        people = {}
        for year in self.population_years:
            ages = cells.loc[year].reindex(numbers)
            for number in cells.loc[year].index[cells.loc[year].notna().all(axis=1)].difference(numbers):
                parts = self.register.successors(number, codes.loc[codes["komm_nr"] == number, "valid_from"].min())
                luck = np.full((1, len(AGES)), 0.5)
                whole = cells.loc[(year, number)].to_numpy()[None, :]
                share = np.array([share for share, _ in parts.values()])
                ages.loc[list(parts)] = spread(whole, share, np.zeros(len(parts), int), luck)
            people[year] = ages.to_numpy().astype(int)
        return people

    @cached_property
    def _parts(self) -> pd.DataFrame:
        """Every atom, and the `share` that it is of the number of the first day."""
        rows = [
            (number, end, share)
            for number in self.register.valid(FIRST_DAY)
            for end, (share, _) in self.register.successors(number, FIRST_DAY).items()
        ]
        return pd.DataFrame(rows, columns=["first_nr", "komm_nr", "share"])

    @cached_property
    def atoms(self) -> pd.DataFrame:
        """Every atom: `first_nr`, `komm_nr` (today), `place` (its row in today's municipalities), `weight` (relative size). Sizes
        are those of 2017, by the numbers of that year; what had merged before then is parted by luck."""
        atoms = self._parts.copy()
        atoms["place"] = pd.Index(self.register.current["komm_nr"]).get_indexer(atoms["komm_nr"])
        year = known.flow_years()[0]
        numbers = self._numbers(f"{year}-12-31")
        first = atoms["first_nr"].astype("category").cat.codes
        size = atoms["share"] * self.draw("atoms").lognormal(0, 0.7, first.max() + 1)[first]
        adults = known.margins().query("year == @year").set_index("komm_nr")["population_15_74"].reindex(numbers.codes)
        atoms["weight"] = size * (adults.to_numpy() / numbers.summed(size.to_numpy()))[numbers.place]
        return atoms

    def of_atoms(self, truth: str) -> np.ndarray:
        """What is true of the place that each atom is in."""
        return self.places[truth].to_numpy()[self.atoms["place"].to_numpy()]

    @cached_property
    def ages(self) -> dict[int, np.ndarray]:
        """Persons by atom and age on each 1 January; those of a municipality of today are SSB's."""
        place, weight = self.atoms["place"].to_numpy(), self.atoms["weight"].to_numpy()
        luck = self.draw("ages").random((len(self.register.current), len(AGES)))
        return {year: spread(people, weight, place, luck) for year, people in self.people.items()}

    lived = cached_property(history.lives)  # what has happened to people in each year
    worked = cached_property(history.work)  # who works where in each year
    known_work = cached_property(history.known_work)  # who works where in the years that SSB tells of
    to_business = cached_property(history.to_business)  # attractiveness to business of each place, % of private jobs a year

    @property
    def modelled_years(self) -> range:
        """The years that every term of the equations of attractiveness is known in."""
        return self.industry_years[3:]  # job growth, and that of the two years before

    def truth(self) -> pd.DataFrame:
        """What is true of each municipality of today: `komm_nr`, `bosted_pct`, `naering_pct`, `productivity`.

        Attractiveness is a year's, in % of population and in % of private jobs: drawn among what fits how people have moved and
        how jobs have grown, as the published equations have it. That to business is less the mean job's, which nobody is more
        attractive by. Productivity is times the nation's value a job in the same industry.
        """
        place = self.atoms["place"].to_numpy()
        jobs = sum(np.bincount(place, weights=self.worked[year].by_industry[1].sum(axis=1)) for year in self.modelled_years)
        truth = self.places[["productivity"]].assign(
            bosted_pct=history.to_people(self), naering_pct=self.to_business - np.average(self.to_business, weights=jobs)
        )
        return truth[["bosted_pct", "naering_pct", "productivity"]].reset_index()

    def population_in(self, year: int) -> np.ndarray:
        """Persons in each atom on 1 January."""
        return self.ages[year].sum(axis=1)

    # from atoms to the numbers of a day

    @cached_property
    def _lines(self) -> pd.DataFrame:
        """The numbers each atom has had: `atom` (its row), `date` (from when, in order), `number`."""
        after: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
        for change in self.register.changes.sort_values("date").itertuples():
            after[change.old_nr].setdefault(change.date, []).append(change.new_nr)
        rows = []
        for atom in self._parts.itertuples():
            number, day = atom.first_nr, FIRST_DAY
            while number:
                rows.append((atom.Index, day, number))
                day, ends = next(((date, new) for date, new in after[number].items() if date > day), ("", ()))
                number = next((new for new in ends if atom.komm_nr in self.register.successors(new, day)), "")
        return pd.DataFrame(rows, columns=["atom", "date", "number"])

    def _numbers_on(self, day: str) -> Numbers:
        valid = self._lines[self._lines["date"] <= day].groupby("atom")["number"].last()
        codes, place = np.unique(valid.to_numpy(dtype="U4"), return_inverse=True)
        return Numbers(pd.Index(codes, dtype="str", name="komm_nr"), place)

    def summed(self, figures: np.ndarray, day: str) -> np.ndarray:
        """Figures of atoms (rows), summed on the numbers of a day."""
        return self._numbers(day).summed(figures)

    def table(self, day: str, figures: dict[str, np.ndarray], **levels) -> pd.DataFrame:
        """Figures of atoms on the numbers of a day: `komm_nr`, the levels (what the further axes stand for), a column a figure."""
        labels = [pd.Index(list(values), dtype="str") for values in levels.values()]
        index = pd.MultiIndex.from_product([self._numbers(day).codes, *labels], names=["komm_nr", *levels])
        return pd.DataFrame({name: self.summed(of, day).ravel() for name, of in figures.items()}, index=index).reset_index()

    def means(self, day: str, weights: np.ndarray, figures: dict[str, np.ndarray]) -> pd.DataFrame:
        """Weighted means of atoms on the numbers of a day: `komm_nr`, a column a figure."""
        table = self.table(day, {name: of * weights for name, of in figures.items()})
        return table.assign(**{name: table[name] / self.summed(weights, day) for name in figures})

    # whole numbers of atoms

    def _jobs_in(self, year: int) -> np.ndarray:
        """Jobs by atom and industry, 4th quarter; they add up to the flows."""
        worked = self.worked[year]
        return shared(worked.by_industry.sum(axis=0), worked.jobs, self.draw("jobs").random(len(worked.jobs)))

    def adults(self, year: int, lowest: int, highest: int = 105) -> np.ndarray:
        """Persons of these ages in each atom at the end of a year."""
        return self.ages[year + 1][:, lowest : highest + 1].sum(axis=1)

    def at_work(self, year: int) -> int:
        """The year that what is known of work is taken from: itself, or the nearest there is."""
        return min(max(year, self.flow_years[0]), self.flow_years[-1])

    def residents(self, year: int) -> np.ndarray:
        """Employed residents of each atom, with those who work abroad, on the shelf or nobody knows where. After the last year of
        flows, as many of those of working age as then."""
        last = self.at_work(year)
        now, then = (self.adults(of, 20, 66) for of in (year, last))
        return np.minimum(np.rint(self.worked[last].residents * now / then.clip(1)), self.adults(year, 15)).astype(int)


def assumed(kind: str) -> pd.DataFrame:
    """What is made up of a kind of figures, by name (the index): the numbers of `resources/synthetic_shares.csv`."""
    rows = resource("synthetic_shares.csv").query("kind == @kind").set_index("name")
    return rows[["first", "second", "third"]].astype(float).dropna(axis="columns")


def price(year: int) -> float:
    """What a year's kroner are to those of 2020, as incomes go."""
    return 1.03 ** (year - 2020)
