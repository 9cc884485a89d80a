"""Value, firms and public money in the synthetic country."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from stdnum.no import orgnr

from nlib.data.sources import ssb_10309
from nlib.data.synthetic import industries
from nlib.data.synthetic.country import Country, assumed, price
from nlib.data.synthetic.industries import HOUSING, INDUSTRIES, PIPELINES, TOTAL
from nlib.data.synthetic.rounding import shared, whole

GROUPS = ssb_10309.INDUSTRIES[:-1]  # nobody works in an unspecified one
SIZES = tuple(ssb_10309.SIZES.values())
MEAN_SIZES = np.array([2.2, 6.7, 13.5, 30, 70, 150, 400])  # employees of an establishment in each but the first
JOBS_BY_SIZE = np.array([0.10, 0.11, 0.16, 0.22, 0.15, 0.14, 0.12])
LARGER = dict.fromkeys("BCDOPQ", 0.25) | dict.fromkeys("ALS", -0.4)  # how jobs tilt to large establishments
ALONE = {"A": 8.0, "L": 6.0} | dict.fromkeys("FJMNRS", 1.6)  # establishments without employees for each that has any; else 0.7
CHURN = 0.075  # variance of the establishments of a year, for each there is: about as many open, and close, in a year
PIPELINE_VALUE = 40.0  # of a job in pipelines, times that of its industry
SMALL_INCOME = 2_000  # inhabitants of a municipality that has half as much again of income an inhabitant as a large one
RENT = 0.035  # mill. kr of 2020 a year, the value of an own dwelling, for each inhabitant
SERVICES = assumed("services")
FIRMS = 10_000
ACCOUNT_YEARS = 6
DEPRECIATION = 0.2  # of value added
FIRST_ORGNR = 31_000_000  # with a control digit to come; no real organisation has one that begins with 3


class Business(Country):
    def county_accounts(self, year: int) -> pd.DataFrame:
        """`county_nr` ("0" is the nation), `industry` (of `INDUSTRIES`), `value_added_mnok`, `employed_thousand`, rounded as SSB's.

        Value added is jobs times the industry's value and the place's productivity; the nation is the sum of its counties, and
        the total of its industries.
        """
        day, jobs = f"{year}-12-31", self._whole_jobs(year)
        parts = industries.in_accounts(self.industries)
        worth = parts * self.industries["value"].to_numpy()[:, None] * price(year) / 1000
        worth[:, INDUSTRIES.index(PIPELINES)] *= PIPELINE_VALUE
        value = jobs @ worth * self.of_atoms("productivity")[:, None]
        value[:, INDUSTRIES.index(HOUSING)] = RENT * price(year) * self.population_in(year)
        counties = self._numbers(day).codes.str[:2]
        frames = []
        for name, figures, decimals in (("value_added_mnok", value, 0), ("employed_thousand", jobs @ parts / 1000, 1)):
            frame = pd.DataFrame(self.summed(figures, day), columns=INDUSTRIES).groupby(counties).sum().round(decimals)
            frame.loc["0"] = frame.sum()
            frame = frame.sort_index()
            frame[TOTAL] = frame.sum(axis=1)
            frames.append(frame.round(decimals).stack().rename(name))
        return pd.concat(frames, axis=1).rename_axis(["county_nr", "industry"]).reset_index()

    def establishments(self, year: int) -> pd.DataFrame:
        """Establishments on 1 January: `komm_nr`, `nace2`, `establishments`."""
        there = self._establishments(year).sum(axis=2)
        return self.table(f"{year}-01-01", {"establishments": there}, nace2=self.industries["nace2"])

    def establishments_by_size(self, year: int) -> pd.DataFrame:
        """Establishments on 1 January: `komm_nr`, `industry` (of `GROUPS`), `size` (employees), `establishments`."""
        there = np.einsum("ans,ng->ags", self._establishments(year), industries.in_groups(self.industries, GROUPS))
        return self.table(f"{year}-01-01", {"establishments": there}, industry=GROUPS, size=SIZES)

    def _establishments(self, year: int) -> np.ndarray:
        """Establishments by atom, industry and size, from the jobs of the 4th quarter before, or of the last that is known."""
        last, sections = self.at_work(year - 1), self.industries["section"]
        grown = self.population_in(year) / self.population_in(last + 1).clip(1)
        jobs = grown[:, None] * self._whole_jobs(last)
        tilt = np.exp(np.outer([LARGER.get(section, 0) for section in sections], np.arange(len(MEAN_SIZES)) - 3))
        shares = JOBS_BY_SIZE * tilt / (JOBS_BY_SIZE * tilt).sum(axis=1, keepdims=True)
        staffed = jobs[..., None] * shares / MEAN_SIZES
        alone = staffed.sum(axis=2) * [ALONE.get(section, 0.7) for section in sections]
        expected = np.concatenate([alone[..., None], staffed], axis=2)
        usual = expected.sum(axis=2, keepdims=True).clip(1e-9)
        expected *= self.draw("churn", year).gamma(usual / CHURN, CHURN) / usual
        return whole(expected, self.draw("establishments").random(expected.shape))

    def new_enterprises(self, year: int) -> pd.DataFrame:
        """Enterprises founded in a year: `komm_nr`, `industry` (of the 16 groups), `new_enterprises`."""
        there = self._establishments(year).sum(axis=2) @ industries.in_groups(self.industries) * 0.93
        random = self.draw("enterprises", year)
        rate = 0.075 * (1 + 0.08 * self.to_business[self.atoms["place"]].clip(-5, 5)) * random.normal(1, 0.05)
        figures = {"new_enterprises": whole(there * rate[:, None], random.random(there.shape))}
        return self.table(f"{year}-01-01", figures, industry=industries.GROUPS)

    def economy(self, year: int) -> pd.DataFrame:
        """Key figures of municipal accounts: `komm_nr`, operating results, debt and reserves in % of income, kr an inhabitant."""
        thrift, random, people = self.of_atoms("thrift"), self.draw("economy", year), self.population_in(year).clip(1)
        small = 1 + SMALL_INCOME / (people + SMALL_INCOME)
        income = 58_000 * price(year) * small * (0.8 + 0.2 * self.of_atoms("productivity")) * (1 + 0.02 * thrift)
        net = 2 + thrift + random.normal(0, 1) + random.normal(0, 1.5, len(thrift))
        debt = 95 - 22 * thrift + 1.5 * (year - 2015) + random.normal(0, 2, len(thrift))
        figures = {
            "net_operating_result_pct": net,
            "net_debt_pct": debt,
            "net_debt_kr": debt / 100 * 1.45 * income,
            "free_reserves_pct": (9 + 3 * thrift + random.normal(0, 1, len(thrift))).clip(0),
            "free_income_kr": income,
        }
        table = self.means(f"{year}-12-31", people, figures)
        return table.round({name: 0 if name.endswith("_kr") else 1 for name in figures})

    def accounts_pct(self, year: int) -> pd.DataFrame:
        """Two of the key figures, a row each: `komm_nr`, `concept`, `share_pct`."""
        return self.economy(year).melt("komm_nr", ["net_operating_result_pct", "net_debt_pct"], "concept", "share_pct")

    def expenses(self, year: int) -> pd.DataFrame:
        """Operating expenses: `komm_nr`, `function`, `kind`, `amount` (1 000 kr)."""
        people, random = self.population_in(year), self.draw("expenses", year)
        shares, private = SERVICES.to_numpy().T
        spent = people[:, None] * 95 * price(year) * shares
        usual = self.draw("purchases").lognormal(0, 0.5, spent.shape)
        bought = spent * (private * usual).clip(0, 0.6) * random.lognormal(0, 0.05, spent.shape)
        amounts = np.stack([spent, bought], axis=2).round().astype(int)
        kinds = ["expenses_1000_kr", "private_1000_kr"]
        return self.table(f"{year}-12-31", {"amount": amounts}, function=SERVICES.index, kind=kinds)

    def ranks(self, areas: Iterable[str]) -> pd.DataFrame:
        """How somebody would rank today's municipalities in the last three years: `komm_nr`, `year`, `area`, `rank`."""
        last, rows = self.population_years[-1], []
        for place, area in enumerate(areas):
            usual = self.places["thrift"] + self.draw("ranks", place).normal(0, 1, len(self.places))
            for year in range(last - 2, last + 1):
                score = usual + self.draw("ranks", place, year).normal(0, 0.2, len(usual))
                rank = score.rank(ascending=False, method="first").astype(int)
                rows.append(pd.DataFrame({"komm_nr": rank.index, "year": year, "area": area, "rank": rank.to_numpy()}))
        return pd.concat(rows, ignore_index=True)

    def cpi(self) -> pd.DataFrame:
        """Consumer prices: `month` ("2006M01"), `cpi` (the mean of 2015 is 100)."""
        months = [f"{year}M{month:02}" for year in self.population_years for month in range(1, 13)]
        index = np.exp(np.cumsum(self.draw("prices").normal(0.0019, 0.003, len(months))))
        usual = np.mean([of for of, month in zip(index, months, strict=True) if month.startswith("2015")])
        return pd.DataFrame({"month": months, "cpi": (100 * index / usual).round(1)})

    def accounts(self) -> pd.DataFrame:
        """Accounts of private firms, a row a year: `orgnr`, `name`, `komm_nr`, `nace`, `year`, `employees`, `wage_costs_kr`,
        `operating_result_kr`.

        Wage costs and operating result are together what the industry's jobs are worth in the place, less depreciation, with the
        firm's luck. Numbers begin with 3, as no real organisation's do.
        """
        firms, random = self._firms(), self.draw("accounts")
        last = self.flow_years[-1]
        years = np.arange(last - ACCOUNT_YEARS + 1, last + 1)
        shape = (len(firms), ACCOUNT_YEARS)
        growth = np.cumsum(random.normal(0.01, 0.08, shape), axis=1)
        employees = np.round(firms["size"].to_numpy()[:, None] * np.exp(growth)).astype(int)
        luck = np.exp(random.normal(0, 0.15, (len(firms), 1)) + random.normal(0, 0.15, shape) - 0.15**2)
        prices = np.array([price(int(year)) for year in years])
        usual = firms["worth"].to_numpy()[:, None] * prices  # kr an employee
        wages = employees * np.minimum(0.75 * usual, 950_000 * prices) * random.normal(1, 0.04, shape)
        alone = random.normal(60_000, 250_000, shape)  # what a firm without employees has left
        result = np.where(employees > 0, employees * usual * luck - wages, alone)
        frame = firms.loc[firms.index.repeat(ACCOUNT_YEARS), ["orgnr", "name", "komm_nr", "nace"]].assign(
            year=np.tile(years, len(firms)),
            employees=employees.ravel(),
            wage_costs_kr=wages.ravel().round(-3),
            operating_result_kr=result.ravel().round(-3),
        )
        begun = np.where(random.random(len(firms)) < 0.2, random.integers(0, ACCOUNT_YEARS, len(firms)), 0)
        return frame[frame["year"] >= np.repeat(years[0] + begun, ACCOUNT_YEARS)].reset_index(drop=True)

    def _firms(self) -> pd.DataFrame:
        """Firms: `orgnr`, `name`, `komm_nr`, `nace`, `size` (employees), `worth` (kr an employee of 2020, less depreciation)."""
        random, place = self.draw("firms"), self.atoms["place"].to_numpy()
        jobs = np.zeros((len(self.places), len(self.industries)))
        np.add.at(jobs, place, self.worked[self.flow_years[-1]].by_industry[1])
        some = jobs.sum(axis=1)[None, :] ** 0.5  # more than their share where jobs are few
        count = shared(some, np.array([FIRMS]), random.random(1))[0]
        place = np.repeat(np.arange(len(count)), count)
        upto = np.cumsum(jobs, axis=1) / jobs.sum(axis=1, keepdims=True)
        industry = (upto[place] < random.random(len(place))[:, None]).sum(axis=1).clip(max=len(self.industries) - 1)
        nace = self.industries["nace2"].to_numpy()[industry].astype(object) + random.choice(
            [".110", ".120", ".200", ".900"], len(place)
        )
        size = random.lognormal(1.6, 1.2, len(place)) * (random.random(len(place)) > 0.08)
        value = self.industries["value"].to_numpy()[industry] * 1000 * (1 - DEPRECIATION)
        return pd.DataFrame(
            {
                "orgnr": pd.Series(_organisation_numbers(len(place)), dtype="str"),
                "name": [f"Oppdiktet bedrift {number} AS" for number in range(1, len(place) + 1)],
                "komm_nr": self.places.index[place],
                "nace": pd.Series(nace, dtype="str"),
                "size": size,
                "worth": value * self.places["productivity"].to_numpy()[place],
            }
        )


def _organisation_numbers(count: int) -> list[str]:
    """The first numbers that have a control digit, from `FIRST_ORGNR`."""
    stems = range(FIRST_ORGNR, FIRST_ORGNR + count + count // 5)
    return [f"{stem}{digit}" for stem in stems if (digit := -orgnr.checksum(f"{stem}0") % 11) < 10][:count]
