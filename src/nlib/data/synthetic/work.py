"""Who works where and in what in the synthetic country, 4th quarter."""

import numpy as np
import pandas as pd

from nlib.data.synthetic import industries, known
from nlib.data.synthetic.country import Country
from nlib.data.synthetic.industries import GROUPS, SECTORS, SIDES
from nlib.data.synthetic.rounding import shared


class Work(Country):
    def flows(self, year: int) -> pd.DataFrame:
        """Employed persons by `home_nr` and `work_nr`, every pair, 0 included: `employed`; SSB's in the years that are known."""
        day = f"{year}-12-31"
        codes = self._numbers(day).codes
        total = self.summed(self.summed(self.worked[year].flows, day).T, day).T
        pairs = pd.MultiIndex.from_product([codes, codes], names=["home_nr", "work_nr"])
        return pd.DataFrame({"employed": np.rint(total).astype(int).ravel()}, index=pairs).reset_index()

    def margins(self, year: int) -> pd.DataFrame:
        """`komm_nr`, `population_15_74`, `employed_residents` (with those abroad or at sea), `jobs`. SSB's in the years that are
        known; else persons of these ages are those of the next 1 January."""
        if year in self.known_years["margins"]:
            table = known.margins()
            return table[table["year"] == year].drop(columns="year").astype({"komm_nr": "str"}).reset_index(drop=True)
        figures = {
            "population_15_74": self.adults(year, 15, 74),
            "employed_residents": self.residents(year),
            "jobs": self.worked[year].jobs,
        }
        return self.table(f"{year}-12-31", figures)

    def _at_home(self, year: int, jobs: np.ndarray, what: str) -> np.ndarray:
        """Employed residents by what is known of the jobs of each atom, as if all who work in a place were alike."""
        alike = jobs / jobs.sum(axis=1, keepdims=True).clip(1)
        return shared(self.worked[year].flows @ alike, self.residents(year), self.draw(what).random(len(jobs)))

    def _by_industry(self, year: int) -> dict[str, np.ndarray]:
        jobs = self._whole_jobs(year)
        return {"employed_residents": self._at_home(year, jobs, "homes"), "jobs": jobs}

    def by_industry(self, year: int) -> pd.DataFrame:
        """Employed persons by industry: `komm_nr`, `nace2`, `employed_residents`, `jobs`; 1 and 2 are 0 or 3, as SSB gives them."""
        table = self.table(f"{year}-12-31", self._by_industry(year), nace2=self.industries["nace2"])
        random = self.draw("rounding", year)
        for name in ("employed_residents", "jobs"):
            few = table[name].isin([1, 2])
            table.loc[few, name] = 3 * (3 * random.random(few.sum()) < table.loc[few, name])
        return table

    def by_section(self, year: int) -> pd.DataFrame:
        """Employed persons by group of industries: `komm_nr`, `industry` (of `GROUPS`), `employed_residents`, `jobs`."""
        groups = industries.in_groups(self.industries)
        figures = {name: of @ groups for name, of in self._by_industry(year).items()}
        return self.table(f"{year}-12-31", figures, industry=GROUPS)

    def by_sector(self, year: int) -> pd.DataFrame:
        """Employed persons by sector: `komm_nr`, `industry` (`GROUPS` and all, `00-99`), `sector`, `jobs`, `employed_residents`."""
        of_sides, groups = [self.industries[list(sectors)].to_numpy() for sectors in SIDES], industries.in_groups(self.industries)
        parts = [(of / of.sum(axis=1, keepdims=True).clip(1e-9))[:, None] * groups[..., None] for of in of_sides]
        expected = [np.tensordot(jobs, part, 1) for jobs, part in zip(self.worked[year].by_industry, parts, strict=True)]
        flat = np.concatenate(expected, axis=2).reshape(len(expected[0]), -1)
        jobs = shared(flat, self.worked[year].jobs, self.draw("sectors").random(len(flat)))
        figures = {"jobs": jobs, "employed_residents": self._at_home(year, jobs, "sectors at home")}
        cubes = {name: of.reshape(len(of), len(GROUPS), len(SECTORS)) for name, of in figures.items()}
        whole = {name: np.concatenate([of.sum(axis=1, keepdims=True), of], axis=1) for name, of in cubes.items()}
        return self.table(f"{year}-12-31", whole, industry=("00-99", *GROUPS), sector=SECTORS)
