"""A synthetic Norway: the real map and municipality numbers, made-up people, seeded.

Each source turns its share of it into the producer's own format, so that synthetic figures pass through the same cleaning
as real ones. The unit is an *atom*: a municipality of 2017, or each part of one that has been split since; the figures of
a year are sums of atoms on the numbers that held in that year.
"""

from functools import cached_property

import numpy as np
import pandas as pd

from nlib import boundaries
from nlib.municipalities import Register, resource

FIRST_DAY = "2017-12-31"
INHABITANTS = 5_300_000
HOME = 5.0  # how many times the weight a job has to those who live where it is
REACH_KM = 14.0  # how far people commute: the weight of a job falls by e for each of these


class Norway:
    """One draw of the synthetic country.

    `employment_years` are 4th quarters, `population_years` 1 Januaries; `flows`, `margins` and `population` give a year's
    figures on the numbers of that year. The same seed gives the same country.
    """

    employment_years = range(2017, 2026)
    population_years = range(2018, 2027)
    updated = "2026-03-01T07:00:00Z"

    def __init__(self, seed: int = 1):
        self.seed = seed
        self._codes, self._changes = resource("municipalities.csv"), resource("municipality_changes.csv")
        self.register = Register(self._codes, self._changes)

    @cached_property
    def atoms(self) -> pd.DataFrame:
        """Every atom: `old_nr` (2017), `komm_nr` (today), `x`, `y` (metres), and the truths its figures are drawn from."""
        random = np.random.default_rng(self.seed)
        rows = [(old, end) for old in self.register.valid(FIRST_DAY) for end in self.register.successors(old, FIRST_DAY)]
        atoms = pd.DataFrame(rows, columns=["old_nr", "komm_nr"])
        shapes = boundaries.carried(boundaries.project(), self._changes)
        place = {number: shape for shape in shapes.itertuples() for number in (shape.komm_nr, *shape.also.split())}
        points = [place[number].geometry.representative_point() for number in atoms["komm_nr"]]
        atoms["x"] = [point.x for point in points] + random.normal(0, 6000, len(atoms))
        atoms["y"] = [point.y for point in points] + random.normal(0, 6000, len(atoms))
        size = random.lognormal(0, 1.1, len(atoms))
        atoms["inhabitants"] = INHABITANTS * size / size.sum()
        atoms["growth"] = random.normal(0.006, 0.006, len(atoms))
        atoms["employed_share"] = random.normal(0.5, 0.02, len(atoms))
        atoms["jobs_pull"] = atoms["inhabitants"] ** 1.08 * random.lognormal(0, 0.35, len(atoms))
        return atoms

    def _numbers(self, day: str) -> pd.Series:
        """The number each atom had on a day."""
        then = Register(self._codes, self._changes[self._changes["date"] <= day])

        def number(atom):
            held = then.successors(atom.old_nr, FIRST_DAY)
            return next(code for code in held if atom.komm_nr in self.register.successors(code, day))

        return pd.Series([number(atom) for atom in self.atoms.itertuples()], dtype="str")

    def _draw(self, *what) -> np.random.Generator:
        return np.random.default_rng([self.seed, *what])

    def population(self, year: int) -> pd.DataFrame:
        """Population on 1 January: `komm_nr`, `population`."""
        expected = self.atoms["inhabitants"] * np.exp(self.atoms["growth"] * (year - 2018))
        people = pd.Series(self._draw(1, year).poisson(expected))
        return people.groupby(self._numbers(f"{year}-01-01")).sum().rename_axis("komm_nr").rename("population").reset_index()

    def _atom_flows(self, year: int) -> np.ndarray:
        """Employed persons by atom of residence (rows) and of work (columns), 4th quarter."""
        atoms = self.atoms
        expected = atoms["inhabitants"] * np.exp(atoms["growth"] * (year - 2017)) * atoms["employed_share"]
        residents = self._draw(2, year).poisson(expected)
        apart = np.hypot(*(np.subtract.outer(atoms[axis].to_numpy(), atoms[axis].to_numpy()) for axis in "xy")) / 1000
        reach = REACH_KM * (1 + 0.01 * (year - 2017))
        weight = atoms["jobs_pull"].to_numpy() * np.exp(-apart / reach)
        np.fill_diagonal(weight, HOME * weight.diagonal())
        weight /= weight.sum(axis=1, keepdims=True)
        return self._draw(3, year).multinomial(residents, weight)

    def flows(self, year: int) -> pd.DataFrame:
        """Employed persons by `home_nr` and `work_nr`, every pair, 0 included: `employed`."""
        numbers = self._numbers(f"{year}-12-31").to_numpy()
        codes, place = np.unique(numbers, return_inverse=True)
        total = np.zeros((len(codes), len(codes)), dtype=int)
        np.add.at(total, (place[:, None], place[None, :]), self._atom_flows(year))
        home, work = np.meshgrid(codes, codes, indexing="ij")
        return pd.DataFrame({"home_nr": home.ravel(), "work_nr": work.ravel(), "employed": total.ravel()})

    def margins(self, year: int) -> pd.DataFrame:
        """`komm_nr`, `population_15_74`, `employed_residents` (with those who work abroad or at sea) and `jobs`."""
        flows = self.flows(year)
        table = pd.DataFrame(
            {"employed_residents": flows.groupby("home_nr")["employed"].sum(), "jobs": flows.groupby("work_nr")["employed"].sum()}
        )
        random = self._draw(4, year)
        table["employed_residents"] += random.binomial(table["employed_residents"], 0.002)
        table["population_15_74"] = (table["employed_residents"] / random.normal(0.68, 0.02, len(table))).round().astype(int)
        return table.rename_axis("komm_nr").reset_index()
