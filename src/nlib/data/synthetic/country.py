"""The country itself: places and what is true of them, the atoms they are made of, the numbers these have had.

An *atom* is a municipality of the first day, or each part of one that has been split since; the figures of a year are sums of
atoms on the numbers that held in that year.
"""

import zlib
from collections import defaultdict
from functools import cache, cached_property

import numpy as np
import pandas as pd

from nlib.core import boundaries
from nlib.core.municipalities import Register, resource
from nlib.data.synthetic import industries
from nlib.data.synthetic.history import Year, history
from nlib.data.synthetic.rounding import shared

FIRST_DAY = "1999-12-31"
INHABITANTS = 4_480_000  # on 1 January of the first year
RESIDENTS_ABROAD = 0.002  # of the employed: with work abroad, on the shelf or unknown

# what is true of a place: its mean and standard deviation among places
TRUTHS = {
    "bosted": (0.0, 0.35),  # attractiveness to people, % of population a year
    "naering": (0.0, 1.0),  # attractiveness to private business, % of private jobs a year
    "productivity": (1.0, 0.12),  # value of a job, times the nation's in the same industry
    "employed": (0.82, 0.02),  # share of those aged 20-66
    "children": (1.0, 0.06),  # births, times what the age of its women says
    "frailty": (1.0, 0.06),  # deaths, times what age says
    "young": (0.0, 0.5),  # how young people are at first
    "learning": (0.0, 0.35),  # how much education they have
    "thrift": (0.0, 1.0),  # how the municipality keeps its accounts
}


class Country:
    """What the figures are drawn from. The same seed gives the same country."""

    employment_years: range
    industry_years: range
    population_years: range

    def __init__(self, seed: int = 1):
        self.seed = seed
        self.register = Register(resource("municipalities.csv"), resource("municipality_changes.csv"))
        self._numbers = cache(self._numbers_on)
        self._whole_ages = cache(self._ages_in)
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
        figures = {name: self.draw(name).normal(*spread, len(numbers)) for name, spread in TRUTHS.items()}
        return pd.DataFrame(figures, index=pd.Index(numbers, name="komm_nr"))

    @cached_property
    def atoms(self) -> pd.DataFrame:
        """Every atom: `first_nr`, `komm_nr` (today), `place` (its row in `places`), `x`, `y` (metres), `inhabitants`, and
        `jobs_pull` (relative).
        """
        rows = [
            (number, end, share)
            for number in self.register.valid(FIRST_DAY)
            for end, (share, _) in self.register.successors(number, FIRST_DAY).items()
        ]
        atoms = pd.DataFrame(rows, columns=["first_nr", "komm_nr", "share"])
        atoms["place"] = self.places.index.get_indexer(atoms["komm_nr"])
        shapes = boundaries.carried(boundaries.project(), self.register.changes)
        points = {number: row.geometry.representative_point() for row in shapes.itertuples() for number in _numbers_of(row)}
        random = self.draw("atoms")
        for axis in "xy":
            atoms[axis] = [getattr(points[number], axis) for number in atoms["komm_nr"]] + random.normal(0, 6000, len(atoms))
        size = random.lognormal(0, 1.1, len(atoms)) * atoms["share"]
        atoms["inhabitants"] = (INHABITANTS * size / size.sum()).round().clip(50)
        atoms["jobs_pull"] = atoms["inhabitants"] ** 1.08 * random.lognormal(0, 0.35, len(atoms))
        return atoms

    def of_atoms(self, truth: str) -> np.ndarray:
        """What is true of the place that each atom is in."""
        return self.places[truth].to_numpy()[self.atoms["place"].to_numpy()]

    @cached_property
    def years(self) -> dict[int, Year]:
        """The history of the country."""
        return history(self)

    def truth(self) -> pd.DataFrame:
        """What the figures were made from, for each municipality of today: `komm_nr`, `bosted_pct`, `naering_pct`, `productivity`.

        Attractiveness is a year's, in % of population and in % of private jobs, as the published equations leave it on average
        over the years in which all their terms can be known: less the nation's mean, which nobody is more attractive by.
        Productivity is times the nation's value a job in the same industry.
        """
        lived = [self.years[year] for year in self.industry_years[3:]]  # job growth, and that of the two years before
        truth = self.places[["bosted", "naering", "productivity"]].rename(
            columns={"bosted": "bosted_pct", "naering": "naering_pct"}, errors="raise"
        )
        truth["bosted_pct"] -= np.mean([year.people_shift for year in lived])
        truth["naering_pct"] -= np.mean([year.jobs_shift for year in lived])
        return truth.reset_index()

    # from atoms to the numbers of a day

    @cached_property
    def _lines(self) -> pd.DataFrame:
        """The numbers each atom has had: `atom` (its row), `date` (from when, in order), `number`."""
        after: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
        for change in self.register.changes.sort_values("date").itertuples():
            after[change.old_nr].setdefault(change.date, []).append(change.new_nr)
        rows = []
        for atom in self.atoms.itertuples():
            number, day = atom.first_nr, FIRST_DAY
            while number:
                rows.append((atom.Index, day, number))
                day, ends = next(((date, new) for date, new in after[number].items() if date > day), ("", ()))
                number = next((new for new in ends if atom.komm_nr in self.register.successors(new, day)), "")
        return pd.DataFrame(rows, columns=["atom", "date", "number"])

    def _numbers_on(self, day: str) -> tuple[pd.Index, np.ndarray, np.ndarray]:
        """The numbers that hold on a day, atoms in their order, and where in it each begins."""
        lines = self._lines
        held = lines[lines["date"] <= day].groupby("atom")["number"].last()
        codes, place = np.unique(held.to_numpy(dtype="U4"), return_inverse=True)
        order = np.argsort(place, kind="stable")
        return pd.Index(codes, dtype="str", name="komm_nr"), order, np.searchsorted(place[order], np.arange(len(codes)))

    def summed(self, figures: np.ndarray, day: str) -> np.ndarray:
        """Figures of atoms (rows), summed on the numbers of a day."""
        _, order, starts = self._numbers(day)
        return np.add.reduceat(figures[order], starts, axis=0)

    def table(self, day: str, figures: dict[str, np.ndarray], **levels) -> pd.DataFrame:
        """Figures of atoms on the numbers of a day: `komm_nr`, the levels (what the further axes stand for), a column a figure."""
        labels = [pd.Index(list(values), dtype="str") for values in levels.values()]
        index = pd.MultiIndex.from_product([self._numbers(day)[0], *labels], names=["komm_nr", *levels])
        return pd.DataFrame({name: self.summed(of, day).ravel() for name, of in figures.items()}, index=index).reset_index()

    def means(self, day: str, weights: np.ndarray, figures: dict[str, np.ndarray]) -> pd.DataFrame:
        """Weighted means of atoms on the numbers of a day: `komm_nr`, a column a figure."""
        table = self.table(day, {name: of * weights for name, of in figures.items()})
        return table.assign(**{name: table[name] / self.summed(weights, day) for name in figures})

    # whole numbers of atoms

    def _ages_in(self, year: int) -> np.ndarray:
        """Persons by atom, sex and age on 1 January."""
        lived = self.years[year]
        flat = lived.ages.reshape(len(lived.ages), -1)
        return shared(flat, lived.population, self.draw("ages").random(len(flat))).reshape(lived.ages.shape)

    def _jobs_in(self, year: int) -> np.ndarray:
        """Jobs by atom and industry, 4th quarter; they add up to the flows."""
        lived = self.years[year]
        return shared(lived.jobs.sum(axis=0), lived.flows.sum(axis=0), self.draw("jobs").random(len(lived.flows)))

    def adults(self, year: int, lowest: int, highest: int = 105) -> np.ndarray:
        """Persons of these ages in each atom at the end of a year."""
        return self._whole_ages(year + 1)[:, :, lowest : highest + 1].sum(axis=(1, 2))

    def residents(self, year: int) -> np.ndarray:
        """Employed residents of each atom, with those who work abroad, on the shelf or nobody knows where."""
        residents = self.years[year].flows.sum(axis=1)
        return residents + self.draw("abroad", year).binomial(residents, RESIDENTS_ABROAD)


def price(year: int) -> float:
    """What a year's kroner are to those of 2020, as incomes go."""
    return 1.03 ** (year - 2020)


def _numbers_of(shape) -> list[str]:
    return [shape.komm_nr, *shape.also.split()]
