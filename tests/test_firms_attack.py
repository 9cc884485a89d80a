"""An attack on what is published of firms' accounts: with sums, shares, rates and parts as equations, no firm's value is found.

The attacker knows which firms there are, where, in which industry and with how many employees (Enhetsregisteret), and has every
table that carries sums of the accounts, those of regions too, as many as somebody cares to make. Each firm also attacks the
largest one beside it, with its own figures taken away.
"""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from nlib.data.sources import company_accounts, ssb_13472, telemarksforsking_figures, telemarksforsking_nation
from nlib.indicators import (
    business_indicators,
    consumer_prices,
    shift_share,
    value_creation,
    value_creation_error,
    value_creation_estimate,
    value_creation_gap,
)
from nlib.methods import value_creation as library
from nlib.methods.value_creation.disclosure import ALL, NOWHERE

KEY = ["komm_nr", "year"]
NEAR = 0.10  # of the firm's value
YEAR = 2024
NACE = {"bygg": "41", "handel": "47", "it": "62", "olje": "06"}


# -- the attack


class Attack:
    """What follows from one year of published tables, as linear equations in the sums of firms by place and industry.

    regions: tables in which places are put together, each with the members of those places.
    """

    def __init__(self, tables, accounts, year, regions=()):
        firms = value_creation_gap.firms(accounts).dropna(subset=["value_added_kr", "employees"])
        firms = firms[firms["year"] == year].fillna({"komm_nr": NOWHERE})
        self.firms = firms.groupby(["komm_nr", "industry", "orgnr"])["value_added_kr"].sum().astype(float).reset_index()
        self.people = firms.groupby(["komm_nr", "industry"])["employees"].sum().astype(float)
        self.cells = list(self.people.index)
        self.at = {cell: at for at, cell in enumerate(self.cells)}
        places, industries = (self.people.index.get_level_values(level).to_numpy() for level in (0, 1))
        self.of_place = {place: (places == place).astype(float) for place in set(places)} | {ALL: np.ones(len(self.cells))}
        self.of_industry = {one: (industries == one).astype(float) for one in set(industries)} | {ALL: np.ones(len(self.cells))}
        for _, members in regions:
            self.of_place |= {region: sum(self.of_place.get(m, 0.0) for m in of) for region, of in members.items()}
        self.industries = sorted(set(industries))
        self.rows, self.values = [], []
        self.cell = np.full(len(self.cells), np.nan)  # those that are shown, or follow alone from a line
        for told in (tables, *(of_regions for of_regions, _ in regions)):
            self.tables = {name: table[table["year"] == year] for name, table in told.items()}
            self.read_shown()
            self.read_totals()
            self.read_cells()
            self.read_rates()
        self.basis, self.solution = self.solved()
        self.left = 1 - (self.basis**2).sum(axis=0)  # of each cell alone, what does not follow

    def vector(self, place=ALL, industry=ALL):
        """The sum over a place, an industry, or both."""
        return self.of_place.get(place, 0.0) * self.of_industry.get(industry, 0.0 * self.of_industry[ALL])

    def staff(self, vector):
        return float(self.people.to_numpy() @ vector)

    def unknown(self, vector):
        """The part of a sum that is not shown, and what the rest of it is worth."""
        shown = ~np.isnan(self.cell)
        return np.where(shown, 0.0, vector), vector[shown] @ self.cell[shown]

    def learn(self, vector, value):
        """Takes an equation in, of what is not shown."""
        if pd.isna(value) or np.abs(vector).max() < 1e-12:  # the nation's distance to itself is what rounding has left
            return
        rest, shown = self.unknown(vector)
        if (size := np.linalg.norm(rest)) > 1e-9 * np.linalg.norm(vector):
            self.rows.append(rest / size)
            self.values.append((value - shown) / size)

    def solved(self):
        """An orthonormal basis of the sums that follow from the equations, and a solution of them.

        Of many equations, random sums are taken: as many as can be independent, with some to spare, follow from the same.
        """
        matrix, told = np.array(self.rows).reshape(-1, len(self.cells)), np.array(self.values)
        most = 2 * (len(self.of_place) + len(self.of_industry)) + 100
        if len(matrix) > most:
            drawn = np.random.default_rng(1).normal(size=(most, len(matrix))) / np.sqrt(len(matrix))
            matrix, told = drawn @ matrix, drawn @ told
        left, sizes, right = np.linalg.svd(matrix, full_matrices=False)
        held = sizes > 1e-9 * sizes.max(initial=0.0)
        assert held.sum() < most - 50, "too few sums for all that the equations tell"
        return right[held], right[held].T @ ((left[:, held].T @ told) / sizes[held])

    def known(self, vector):
        """The sum that follows exactly, or None."""
        rest, shown = self.unknown(vector)
        if len(only := np.flatnonzero(rest)) == 1 and self.left[only[0]] > 1e-9:
            return None
        if np.linalg.norm(rest - (self.basis @ rest) @ self.basis) > 1e-6 * np.linalg.norm(vector):
            return None
        return float(rest @ self.solution + shown)

    def national_rate(self, industry=ALL):
        """The value per employee of the nation, or of an industry in it, as a vector."""
        vector = self.vector(industry=industry)
        return vector / self.staff(vector) if self.staff(vector) else 0 * vector

    def expected(self, place):
        """What a place would have per employee with the nation's value per employee in each of its industries."""
        own = {industry: self.staff(self.vector(place, industry)) for industry in self.industries}
        return sum((people / sum(own.values()) * self.national_rate(one) for one, people in own.items() if people), 0.0)

    def read_shown(self):
        table = self.tables["value_creation_gap"]
        for row in table[(table["source"] == "regnskap") & table["value_added_mnok"].notna()].itertuples():
            if (row.komm_nr, row.industry) in self.at:
                self.cell[self.at[row.komm_nr, row.industry]] = 1e6 * row.value_added_mnok
            else:
                self.learn(self.vector(row.komm_nr, row.industry), 1e6 * row.value_added_mnok)

    def read_totals(self):
        table = self.tables["value_creation"]
        for row in table[table["source"] == "regnskap"].itertuples():
            total, people = self.vector(row.komm_nr), self.staff(self.vector(row.komm_nr))
            self.learn(total, 1e6 * row.value_added_mnok)
            self.learn(total, people * row.per_employee_kr)
            self.learn(self.vector(), self.staff(self.vector()) * row.nation_per_employee_kr)
            self.learn(total - row.share_pct / 100 * self.vector(), 0.0 * row.share_pct)
            if people:
                self.learn(self.expected(row.komm_nr) - self.national_rate(), row.mix_kr)
                self.learn(total / people - self.expected(row.komm_nr), row.within_kr)

    def read_cells(self):
        table = self.tables["value_creation_gap"]
        table = table[table["source"] == "regnskap"]
        country = self.staff(self.vector())
        for row in table.drop_duplicates("industry").itertuples():
            nation = self.vector(industry=row.industry)
            self.learn(nation, self.staff(nation) * row.nation_per_employee_kr)
            self.learn(self.vector(), country * row.nation_whole_kr)
        for row in table.itertuples():
            cell, nation = self.vector(row.komm_nr, row.industry), self.vector(industry=row.industry)
            people, total = self.staff(cell), self.staff(self.vector(row.komm_nr))
            if not total or not people or not self.staff(nation):
                continue
            share, whole = people / total, self.staff(nation) / country
            rate = self.national_rate(row.industry)
            usual = (share - whole) * self.national_rate()
            gap = cell / total - nation / country
            shapley = (share - whole) * (cell / people + rate) / 2
            self.learn((share - whole) * rate - usual, row.mix_kr)
            self.learn(gap - (share - whole) * rate, row.within_kr)
            self.learn(shapley - usual, row.mix_shapley_kr)
            self.learn(gap - shapley, row.within_shapley_kr)

    def read_rates(self):
        for row in self.tables["value_creation_error"].itertuples():
            self.learn(self.vector(row.komm_nr), row.per_employee_kr * row.employees)
        table = self.tables["business_indicators"]
        for row in table[table["indicator"] == "productivity"].itertuples():
            self.learn(self.vector(row.komm_nr), row.value * row.size)
        for row in table[table["indicator"] == "productivity_adjusted"].dropna(subset="value").itertuples():
            total = self.vector(row.komm_nr)
            self.learn(total / self.staff(total) - self.expected(row.komm_nr), row.value)

    def sums(self):
        """The sums that are tried: cells, margins, what a line has hidden, and two hidden cells together (in a small table)."""
        lines = [(place, ALL) for place in sorted(set(self.of_place) - {ALL})]
        lines += [(ALL, industry) for industry in sorted(self.people.index.unique(1))] + [(ALL, ALL)]
        cells = [self.vector(*cell) for cell in self.cells]
        secret = [vector for vector in cells if self.known(vector) is None]
        hidden = np.sum(secret, axis=0) if secret else np.zeros(len(self.cells))
        tried = [*cells, *(self.vector(*line) for line in lines), *(self.vector(*line) * hidden for line in lines)]
        if len(secret) < 60:
            tried += [one + other for at, one in enumerate(secret) for other in secret[:at]]
        return [vector for vector in tried if vector.any()]

    def found(self):
        """The firms whose value is found within 10 %, by an outsider or by the firm with the second most, with the sum it is in."""
        by = defaultdict(list)
        for place, industry, firm, value in self.firms.itertuples(index=False):
            by[self.at[place, industry]].append((firm, value))
        recovered = set()
        for vector in self.sums():
            guess = self.known(vector)
            if guess is None:
                continue
            each = defaultdict(float)
            for cell in np.flatnonzero(vector):
                for firm, value in by[cell]:
                    each[firm] += value
            (firm, largest), *others = sorted(each.items(), key=lambda one: -abs(one[1]))
            second = others[0][1] if others else 0.0
            if min(abs(guess - largest), abs(guess - second - largest)) < NEAR * abs(largest) * (1 - 1e-9):
                recovered.add(firm)
        return recovered


def recovered(tables, accounts, regions=()):
    return {(year, firm) for year in sorted(accounts["year"].unique()) for firm in Attack(tables, accounts, year, regions).found()}


# -- small countries


def frame(rows):
    """Accounts of rows of place, firm, industry, employees and result; wage costs are half a million an employee."""
    table = pd.DataFrame(rows, columns=["komm_nr", "orgnr", "industry", "employees", "operating_result_kr"])
    table = table.assign(year=YEAR, nace2=table["industry"].map(NACE), wage_costs_kr=5e5 * table["employees"])
    table = table.astype({"komm_nr": "str", "orgnr": "str", "employees": "Int64"}).assign(member_nr=table["komm_nr"])
    return table.assign(nace=table["nace2"], name="", value_added_kr=np.nan, placed=table["komm_nr"].notna())


def published(accounts, regions=None, theirs=None):
    """The tables of a country that has these accounts and nothing else but jobs, with municipalities put together to regions.

    theirs: Telemarksforsking's figures, where there are some.
    """
    of = {member: region for region, members in (regions or {}).items() for member in members}
    accounts = accounts.assign(komm_nr=accounts["komm_nr"].replace(of))
    places = accounts.groupby("komm_nr")["member_nr"].nunique().rename("members").reset_index()
    jobs = accounts.dropna(subset="komm_nr").groupby(KEY)["employees"].sum().rename("jobs").reset_index()
    jobs = ssb_13472.DATASET.check(jobs.assign(sector="privat", employed_residents=jobs["jobs"], comparable=True))
    nothing = {module.DATASET.name: module.DATASET.empty() for module in (value_creation_estimate, consumer_prices, shift_share)}
    theirs = (telemarksforsking_figures.DATASET.empty() if theirs is None else theirs), telemarksforsking_nation.DATASET.empty()
    whole = value_creation.build(accounts, *theirs, nothing["value_creation_estimate"], jobs, nothing["consumer_prices"], places)
    told = accounts.assign(value_added_kr=accounts["wage_costs_kr"] + accounts["operating_result_kr"])
    rates = business_indicators._productivity(whole)
    errors = value_creation_error.DATASET.empty()
    cells = value_creation_gap.build(told, nothing["value_creation_estimate"], places)
    return {
        "value_creation": value_creation.DATASET.check(whole),
        "value_creation_gap": value_creation_gap.DATASET.check(cells),
        "value_creation_error": errors,
        "business_indicators": rates,
    }


def test_another_producers_figure_does_not_tell_what_the_accounts_hide():
    others = [row for place in ("0301", "4204", "5001") for row in many(place, "bygg", [9] * 12)]
    accounts = frame([("1151", "a", "bygg", 10, 1e6), ("1151", "b", "bygg", 9, 1e6), *others])
    rows = [(place, year) for place in ("1151", "0301", "4204", "5001", "4601") for year in (YEAR, YEAR + 1)]
    theirs = pd.DataFrame(rows, columns=["komm_nr", "year"]).assign(indicator="productivity", value=700_000.0, unit="kr")
    told = published(accounts, theirs=theirs)["value_creation"]
    secret = set(told.loc[told["hidden"], "komm_nr"])
    assert "1151" in secret and len(secret) < 4
    assert told.loc[told["komm_nr"].isin(secret), "per_employee_kr"].isna().all(), "times the employees it is the sum of the firms"
    shown = told[told["source"] == "Telemarksforsking"]
    assert set(shown["komm_nr"]) == set(theirs["komm_nr"]) - secret, "also of one that has no accounts here"


def many(place, industry, sizes, start=0):
    return [(place, f"{place}{industry}{start + at}", industry, size, 1e5 * size) for at, size in enumerate(sizes)]


def drawn_at_random(random, places, counties=1):
    """Accounts of a country: sizes and results at random, some firms in several industries or places, some without a place."""
    rows = []
    for place in range(1, places + 1):
        number = f"{1 + place % counties:02}{place:02}"
        for industry in NACE:
            sizes = random.lognormal(2, 1, random.choice([0, 1, 2, 4, 9], p=[0.2, 0.2, 0.1, 0.2, 0.3])).astype(int) + 1
            results = random.normal(1e6, 2e6, len(sizes))
            for at, (size, result) in enumerate(zip(sizes, results, strict=True)):
                where = number if random.random() > 0.03 else None
                rows.append((where, f"{number}{industry}{at}", industry, size, result))
    for at in random.choice(len(rows), 5, replace=False):  # the same firm again, in another industry or place
        other = rows[random.integers(len(rows))]
        rows[at] = (rows[at][0], other[1], *rows[at][2:])
    return frame(rows).drop_duplicates(["orgnr", "komm_nr", "industry"])


HARD = {
    "two firms": many("0001", "bygg", [9, 8]),
    "one firm has nearly all": many("0002", "bygg", [300, 4, 3, 2, 2]),
    "one hidden cell in a row": many("0003", "bygg", [9, 8, 8, 7]) + many("0003", "handel", [6, 6, 5]) + many("0003", "it", [20]),
    "one place in a column": many("0004", "olje", [50]) + many("0004", "bygg", [9, 9, 8]) + many("0004", "handel", [9, 9, 8]),
    "a firm in several industries": [
        ("0005", "X", "bygg", 30, 9e6),
        ("0005", "X", "it", 30, 9e6),
        *many("0005", "handel", [9, 9, 8, 8, 7]),
    ],
    "a firm without a place": [(None, "U", "handel", 40, 2e7)],
    "all others": [
        row
        for place in ("0006", "0007", "0008", "0009")
        for industry in ("bygg", "handel", "it")
        for row in many(place, industry, [12, 11, 10, 9, 8])
    ],
}


@pytest.fixture(scope="module")
def hard():
    accounts = frame([row for rows in HARD.values() for row in rows])
    return accounts, published(accounts)


def test_no_firm_of_the_hard_cases_is_found_and_what_is_safe_is_shown(hard):
    accounts, tables = hard
    assert recovered(tables, accounts) == set()
    totals = tables["value_creation"].set_index("komm_nr")
    assert totals.loc[["0001", "0002"], "hidden"].all()
    assert totals.loc[["0001", "0002"], value_creation.OF_VALUE].isna().all(axis=None)
    assert not totals.loc[["0006", "0007"], "hidden"].any()
    assert totals.loc[["0001", "0002"], ["firms", "employees"]].notna().all(axis=None), "these are public"
    assert tables["value_creation_gap"]["value_added_mnok"].notna().sum() >= 6


def test_the_attack_finds_firms_where_nothing_is_hidden_and_where_only_the_sensitive_cells_are(hard, monkeypatch):
    accounts, _ = hard
    monkeypatch.setattr(value_creation_gap, "hidden", lambda firms, nation: {})
    found = {firm for _, firm in recovered(published(accounts), accounts)}
    assert {"0001bygg0", "0002bygg0", "0003it0", "0004olje0", "X"} <= found

    def primary(firms, nation):
        return {cell: why for cell, why in library.hidden(firms, nation).items() if why == "primary"}

    monkeypatch.setattr(value_creation_gap, "hidden", primary)
    assert {"0003it0"} <= {firm for _, firm in recovered(published(accounts), accounts)}, "its row gives it away"


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 12))])
def test_no_firm_of_a_country_drawn_at_random_is_found(seed):
    accounts = drawn_at_random(np.random.default_rng(seed), 7)
    tables = published(accounts)
    assert recovered(tables, accounts) == set()
    assert tables["value_creation_gap"]["value_added_mnok"].notna().sum() >= 3, "not all is hidden"


# -- regions


def put_together(accounts, random=None):
    """The tables with counties put together, with the nation, and with regions of one's own that are as hard as they can be."""
    numbers = sorted(accounts["member_nr"].dropna().unique())
    counties = {f"{county}00": [n for n in numbers if n[:2] == county] for county in sorted({n[:2] for n in numbers})}
    made = [{number: members} for number, members in counties.items()] + [{"0000": numbers}]
    alone = numbers if random is None else random.choice(numbers, 3, replace=False)
    made += [{"9900": [other for other in numbers if other != one]} for one in alone]  # all but one
    for _ in range(0 if random is None else 3):
        made.append({"9900": list(random.choice(numbers, random.integers(2, len(numbers)), replace=False))})
    told = []
    for at, regions in enumerate(made):
        tables = published(accounts, regions)
        named = {number: f"{number}#{at}" for number in regions}  # regions of one number are several places to the attack
        told.append(
            (
                {name: table.assign(komm_nr=table["komm_nr"].replace(named)) for name, table in tables.items()},
                {named[number]: members for number, members in regions.items()},
            )
        )
    return told


def test_a_region_less_its_members_does_not_give_a_hidden_member_away(hard):
    accounts, tables = hard
    regions = put_together(accounts)
    assert recovered(tables, accounts, regions) == set()
    shown = pd.concat([told["value_creation"] for told, _ in regions]).query("komm_nr.str.startswith('9900')")
    assert shown["hidden"].all(), "in each there is one of the two that are hidden"


def test_the_attack_finds_the_hidden_member_where_a_region_is_shown_that_has_it(hard, monkeypatch):
    accounts, tables = hard
    monkeypatch.setattr(value_creation_gap, "hidden", lambda firms, nation: {})
    regions = {"9900": ["0002", "0006", "0007"]}
    found = {firm for _, firm in recovered(tables, accounts, [(published(accounts, regions), regions)])}
    assert {"0002bygg0"} <= found


def test_a_region_of_members_that_are_all_shown_is_shown_and_is_their_sum(hard):
    accounts, tables = hard
    totals = tables["value_creation"].set_index("komm_nr")["value_added_mnok"]
    own = published(accounts, {"9900": ["0006", "0007", "0008"]})
    row = own["value_creation"].set_index("komm_nr").loc["9900"]
    assert not row["hidden"]
    assert row["value_added_mnok"] == pytest.approx(totals[["0006", "0007", "0008"]].sum())


def test_what_is_hidden_of_the_others_is_the_same_with_a_region_among_them(hard):
    accounts, tables = hard
    own = published(accounts, {"9900": ["0006", "0003"]})
    for name, key in (("value_creation", ["komm_nr"]), ("value_creation_gap", ["komm_nr", "industry"])):
        before, after = tables[name].set_index(key)["hidden"], own[name].set_index(key)["hidden"]
        both = before.index.intersection(after.index)
        assert before[both].equals(after[both]), name


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
def test_no_firm_of_a_country_drawn_at_random_is_found_with_its_counties_the_nation_and_regions_that_overlap(seed):
    random = np.random.default_rng(seed)
    accounts = drawn_at_random(random, 14, counties=3)
    regions = put_together(accounts, random)
    assert recovered(published(accounts), accounts, regions) == set()


def test_a_county_is_shown_where_its_hidden_members_hide_each_other():
    accounts = drawn_at_random(np.random.default_rng(3), 24, counties=3)
    tables = published(accounts)["value_creation_gap"]
    secret = tables[tables["hidden"]].assign(komm_nr=lambda table: table["komm_nr"].str[:2] + "00")
    numbers = sorted(accounts["member_nr"].dropna().unique())
    counties = {f"{county}00": [number for number in numbers if number[:2] == county] for county in ("01", "02", "03")}
    told = published(accounts, counties)["value_creation_gap"].set_index(["komm_nr", "industry"])
    with_secrets = told.index.isin(pd.MultiIndex.from_frame(secret[["komm_nr", "industry"]]))
    assert told.loc[with_secrets & ~told["hidden"], "value_added_mnok"].notna().sum() >= 3


# -- the demo


@pytest.mark.slow
def test_no_firm_of_the_demo_edition_is_found(demo_edition):
    names = ("value_creation", "value_creation_gap", "value_creation_error", "business_indicators")
    tables = {name: demo_edition.table(name) for name in names}
    accounts = demo_edition.table(company_accounts.DATASET.name)
    last = accounts[accounts["year"] == accounts["year"].max()]
    numbers = sorted(last["member_nr"].dropna().unique())
    counties = {f"{county}00": [n for n in numbers if n[:2] == county] for county in {n[:2] for n in numbers} - {"03"}}
    own = {"9900": ["3222", "3205", "3224"], "9800": [n for n in numbers if n not in ("3222", "4601")]}
    regions = [
        (published(last, told), told) for told in (counties, {"9900": own["9900"]}, {"9800": own["9800"]}, {"0000": numbers})
    ]
    assert recovered(tables, last, regions) == set()
    assert tables["value_creation"].query("source == 'regnskap' and not hidden")["value_added_mnok"].notna().any()
    assert regions[0][0]["value_creation"].query("not hidden")["value_added_mnok"].notna().sum() > len(counties) / 2
