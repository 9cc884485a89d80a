"""The people of the synthetic country: how many, how old, how they live."""

import numpy as np
import pandas as pd

from nlib.data.synthetic import cohorts, known
from nlib.data.synthetic.cohorts import AGES
from nlib.data.synthetic.country import Country, assumed, price
from nlib.data.synthetic.rounding import shared

PER_HOUSEHOLD = 2.15

LEVELS, STATUSES, DWELLINGS, MOVERS = map(assumed, ("education", "statuses", "dwellings", "moves"))
OUTSIDE = ("ledig", "aap_ufor", "ovrige")  # work, education and measures
BUILDINGS = ("111", "121", "131", "142", "151", "199")  # codes that stand for the types of dwelling
WAYS = {"in": "immigration", "out": "emigration"}
PROJECTED_TO = 2050
ALTERNATIVES = {"main": 0.0, "low": -0.35, "high": 0.35}  # % a year beside the main one


class People(Country):
    def population(self, year: int) -> pd.DataFrame:
        """Population on 1 January: `komm_nr`, `population`."""
        return self.table(f"{year}-01-01", {"population": self.population_in(year)})

    def by_age(self, year: int) -> pd.DataFrame:
        """Population on 1 January by age ("000" to "105"), both sexes: `komm_nr`, `age`, `population`. SSB's, on today's numbers.
        Ålesund stands whole, under the number it had, in the years before it was split."""
        table = known.population().query("year == @year")[["komm_nr", "age", "population"]]
        table = table.sort_values(["komm_nr", "age"], ignore_index=True)
        return table.assign(komm_nr=table["komm_nr"].astype("str"), age=table["age"].map("{:03}".format))

    def changes(self, year: int) -> pd.DataFrame:
        """Births, deaths and moves through a year: `komm_nr`, and the columns of `population_changes`."""
        table = self.table(f"{year}-01-01", self.lived[year].changes)
        moves = {f"{way}_migration": table[abroad] + table[f"domestic_{way}"] for way, abroad in WAYS.items()}
        return table.assign(**moves)

    def education(self, year: int) -> pd.DataFrame:
        """Residents aged 16 and over by level of education: `komm_nr`, `level`, `persons`."""
        at_first, at_last, tilt = LEVELS.to_numpy().T
        shares = at_first + (at_last - at_first) * (year - 2000) / 25
        expected = shares * np.exp(np.outer(self.of_atoms("learning"), tilt))
        persons = shared(expected, self.adults(year, 16), self.draw("education").random(len(expected)))
        return self.table(f"{year}-12-31", {"persons": persons}, level=LEVELS.index)

    def labour_force(self, year: int) -> pd.DataFrame:
        """Residents by age (`15-74`, `15-29`) and status: `komm_nr`, `status`, `age`, `persons`. The employed are those of
        `margins`, `i_alt` is everybody, `utenfor` those in `OUTSIDE`."""
        grown = np.stack([self.adults(year, *ages) for ages in ((15, 29), (30, 74))], axis=1)
        luck = self.draw("statuses").random((3, len(grown)))
        employed = np.minimum(shared(grown * (0.62, 0.75), self.residents(year), luck[0]), grown)
        weights = STATUSES.to_numpy() * self.draw("status", year).lognormal(0, 0.05, (len(STATUSES), 1))
        places = self.draw("status").lognormal(0, 0.15, (len(grown), len(STATUSES)))
        rest = [shared(weights[:, age] * places, (grown - employed)[:, age], luck[age + 1]) for age in (0, 1)]
        persons = np.concatenate([employed[:, None], np.stack(rest, axis=2)], axis=1)
        outside = persons[:, 1 + STATUSES.index.get_indexer(OUTSIDE)].sum(axis=1, keepdims=True)
        cube = np.concatenate([grown[:, None], persons, outside], axis=1)
        both = np.stack([cube.sum(axis=2), cube[..., 0]], axis=2)
        statuses = ["i_alt", "sysselsatt", *STATUSES.index, "utenfor"]
        return self.table(f"{year}-12-31", {"persons": both}, status=statuses, age=["15-74", "15-29"])

    def income(self, year: int) -> pd.DataFrame:
        """Households and their median income, nominal: `komm_nr`, `households`, `median_income_kr`, `median_after_tax_kr`."""
        day, households = f"{year}-12-31", (self.population_in(year + 1) / PER_HOUSEHOLD).round().astype(int).clip(1)
        rich = (0.6 + 0.4 * self.of_atoms("productivity")) * np.exp(0.15 * self.of_atoms("learning"))
        income = 690_000 * price(year) * rich * self.draw("income", year).normal(1, 0.01, len(rich))
        after_tax = 0.5 * income + 165_000 * price(year)
        medians = self.means(day, households, {"median_income_kr": income, "median_after_tax_kr": after_tax})
        table = self.table(day, {"households": households})
        return table.merge((medians.set_index("komm_nr") / 1000).round().astype(int) * 1000, on="komm_nr", validate="1:1")

    def dwellings(self, year: int) -> pd.DataFrame:
        """Dwellings by type of building, 1 January: `komm_nr`, `type`, `dwellings`."""
        return self.table(f"{year}-01-01", {"dwellings": self._dwellings(year)}, type=DWELLINGS.index)

    def construction(self, year: int) -> pd.DataFrame:
        """Dwellings through a year: `komm_nr`, `building` (of `BUILDINGS`), `completed`, `started`; some stand in others' place."""
        then, now = self._dwellings(year), self._dwellings(year + 1)
        replaced = self.draw("construction", year).poisson(0.002 * then, (2, *then.shape))
        completed, started = np.maximum(now - then, 0) + replaced
        return self.table(f"{year}-12-31", {"completed": completed, "started": started}, building=BUILDINGS)

    def moves_by_age(self, year: int) -> pd.DataFrame:
        """Moves through a year: `komm_nr`, `age` (of `MOVERS`), `moved_in`, `moved_out`, with those from and to abroad."""
        first, often, tilt = MOVERS.to_numpy().T
        leaving = np.add.reduceat(self.ages[year], first.astype(int), axis=1) * often
        coming = leaving.sum(axis=0) * np.exp(np.outer(np.log(self.population_in(year).clip(1) / 8000), tilt))
        changes, random = self.lived[year].changes, self.draw("moves by age", year)
        figures = {
            f"moved_{way}": shared(spread, changes[abroad] + changes[f"domestic_{way}"], random.random(len(spread)))
            for (way, abroad), spread in zip(WAYS.items(), (coming, leaving), strict=True)
        }
        return self.table(f"{year}-12-31", figures, age=MOVERS.index)

    def _dwellings(self, year: int) -> np.ndarray:
        """Dwellings by atom and type, 1 January."""
        people = self.population_in(year)
        at_usual, tilt = DWELLINGS.to_numpy().T
        expected = at_usual * np.exp(np.outer(np.log(people.clip(1) / 8000), tilt))
        total = (people * (0.474 + 0.001 * (year - 2006))).round().astype(int)
        return shared(expected, total, self.draw("dwellings").random(len(expected)))

    def projection(self) -> pd.DataFrame:
        """Population to come by age, of the last year's numbers: `komm_nr`, `age` ("000" to "105"), `year`, `main`, `low`, `high`.
        Each place goes on as in the last ten years at first, and more and more as the nation does."""
        last = self.population_years[-1]
        now, before = (self.population_in(year).astype(float) for year in (last, last - 10))
        own, nation = np.log(now / before) / 10, np.log(now.sum() / before.sum()) / 10
        ahead = np.arange(PROJECTED_TO - last + 1)
        fading = (1 - 0.93**ahead) / (1 - 0.93)
        main = nation * ahead + np.outer(own - nation, fading)
        courses = {name: now[:, None] * np.exp(main + beside * ahead / 100) for name, beside in ALTERNATIVES.items()}
        ages = [self.ages[last].astype(float)]
        for year in range(last, PROJECTED_TO):  # people grow older, and what moves take or bring is spread as they are
            ages.append(cohorts.older(ages[-1], year))
        shares = np.stack([age / age.sum(axis=1, keepdims=True) for age in ages], axis=2)
        figures = {name: (shares * course[:, None]).round().astype(int) for name, course in courses.items()}
        table = self.table(f"{last}-01-01", figures, age=[f"{age:03}" for age in AGES], year=map(str, last + ahead))
        return table.astype({"year": int})

    def groups(self, count: int) -> pd.DataFrame:
        """Groups of today's municipalities, the largest first: `komm_nr`, `group` ("1"), `name`, `valid_from`, `valid_to`."""
        last = self.population(self.population_years[-1])
        place = last["population"].rank(ascending=False, method="first").astype(int) - 1
        group = (place * count // len(last) + 1).astype("str")
        return last[["komm_nr"]].assign(group=group, name="Oppdiktet gruppe " + group, valid_from="2024-01-01", valid_to=None)
