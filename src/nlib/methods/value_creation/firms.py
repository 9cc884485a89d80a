"""Firms: their value creation where they have establishments, how much a few of them count, and how sure a sum of them is."""

import numpy as np
import pandas as pd

from nlib.core.errors import InvalidTable
from nlib.methods.attractiveness.inputs import required

FIRM = ["orgnr", "year"]
KEY = ["komm_nr", "year"]
AMOUNTS = ["wage_costs_kr", "operating_result_kr"]
LARGEST = 3  # firms whose share is shown
ENOUGH = 10  # firms that an interval takes
COVERED = 0.90  # of the draws lie inside an interval


def shared_out(accounts: pd.DataFrame) -> pd.DataFrame:
    """The value creation of each establishment: wage costs + operating result, net of depreciation, kr.

    accounts: `orgnr`, `year`, `employees`, `wage_costs_kr`, `operating_result_kr`, a row an establishment, and any other column,
    which is kept. A firm whose amounts stand in one of its rows only, or are the same in all of them, has given those of the whole
    firm: they are shared out by employees. Where the employees of one of its establishments are not shown, or there are none, they
    cannot be, and its value is missing. Other firms tell each establishment's own. Adds `value_added_kr` and `shared`. The shares
    of a firm add up to its value. Status: inferred (that this is how the firm's figures are written).

    >>> accounts = pd.DataFrame({"orgnr": "1", "year": 2025, "employees": [30, 10], "wage_costs_kr": [3e6, np.nan]})
    >>> shared_out(accounts.assign(operating_result_kr=[1e6, np.nan]))["value_added_kr"].tolist()
    [3000000.0, 1000000.0]
    """
    if lacking := [column for column in (*FIRM, "employees", *AMOUNTS) if column not in accounts]:
        raise InvalidTable("accounts", [f"kolonnen {column} mangler" for column in lacking])
    accounts = accounts.reset_index(drop=True)
    value = accounts["wage_costs_kr"].astype(float) + accounts["operating_result_kr"].astype(float)
    several = accounts.duplicated(FIRM, keep=False)
    if not several.any():
        return accounts.assign(value_added_kr=value, shared=False)
    rows = accounts.assign(value=value, stated=value.notna(), none=accounts[AMOUNTS].isna().all(axis=1))[several].copy()
    rows["people"] = rows["employees"].astype("Float64").astype(float)
    by = rows.groupby(FIRM)
    size, stated = by["value"].transform("size"), by["stated"].transform("sum")
    alone = (stated == 1) & (by["none"].transform("sum") == size - 1)
    same = (by[AMOUNTS].transform("max") == by[AMOUNTS].transform("min")).all(axis=1)
    whole = alone | ((stated == size) & same & (rows["value"] != 0))
    everybody = by["people"].transform("sum").where(by["people"].transform("count") == size)
    parts = by["value"].transform("first") * rows["people"] / everybody.where(everybody > 0)
    value[rows.index[whole]] = parts[whole]
    return accounts.assign(value_added_kr=value, shared=several & whole.reindex(accounts.index, fill_value=False))


def concentration(firms: pd.DataFrame, largest: int = LARGEST) -> pd.DataFrame:
    """How much of a municipality's value creation the largest firms have.

    firms: `orgnr`, `komm_nr`, `year`, `value_added_kr`, `employees`; rows of one firm in one municipality are added up, and rows
    with a missing figure left out. Gives `komm_nr`, `year`, `firms` and `largest_pct` (of the sum of what firms with positive value
    creation have, so that losses do not make it more than 100; missing where none has). The share gives the largest firm away where
    it has nearly all, and is not to be published as it is.

    >>> firms = pd.DataFrame({"orgnr": list("abcd"), "komm_nr": "3222", "year": 2025, "employees": 5})
    >>> concentration(firms.assign(value_added_kr=[60.0, 20.0, 10.0, 10.0]))[["firms", "largest_pct"]].to_numpy().tolist()
    [[4.0, 90.0]]
    """
    known = firms.dropna(subset=["komm_nr", "value_added_kr", "employees"])
    each = known.groupby([*KEY, "orgnr"])["value_added_kr"].sum().astype(float).clip(lower=0).rename("positive").reset_index()
    each = each.sort_values([*KEY, "positive"], ascending=[True, True, False], kind="stable")
    by = each.groupby(KEY)["positive"]
    whole = by.sum()
    top = each[by.cumcount() < largest].groupby(KEY)["positive"].sum()
    return pd.DataFrame({"firms": by.size(), "largest_pct": (100 * top / whole.where(whole > 0)).clip(upper=100)}).reset_index()


def intervals(firms: pd.DataFrame, draws: int = 200, seed: int = 1) -> pd.DataFrame:
    """How far value creation per employee could be moved by which firms happen to be there: a 90 % bootstrap interval over firms.

    firms: as for `concentration`. Firms are drawn with replacement within a municipality and year; the same seed gives the same
    interval whatever other places the table has. Gives `komm_nr`, `year`, `low_kr`, `high_kr`, kr an employee; missing where there
    are fewer than ten firms, a draw has nobody employed, or one firm makes more than half of the spread (of the squared distances
    to the mean): the width would tell what that firm has. Source: Efron (1979), percentiles.

    >>> firms = pd.DataFrame({"orgnr": list("abcdefghij"), "komm_nr": "3222", "year": 2025, "employees": 5})
    >>> intervals(firms.assign(value_added_kr=[50.0, 50.0] + [10.0] * 8))[["low_kr", "high_kr"]].round(1).to_numpy().tolist()
    [[2.0, 5.2]]
    """
    known = firms.dropna(subset=["komm_nr", "value_added_kr", "employees"])
    each = known.groupby([*KEY, "orgnr"])[["value_added_kr", "employees"]].sum().astype(float)
    rows = []
    for (number, year), of in each.groupby(KEY, sort=True):
        value, people = of.to_numpy().T
        low, high = np.nan, np.nan
        if len(of) >= ENOUGH and not _one_spreads(value, people):
            drawn = np.random.default_rng([seed, int(number), int(year)]).integers(0, len(of), (draws, len(of)))
            staffed = people[drawn].sum(axis=1)
            if (staffed > 0).all():
                low, high = np.quantile(value[drawn].sum(axis=1) / staffed, [(1 - COVERED) / 2, (1 + COVERED) / 2])
        rows.append((number, year, low, high))
    frame = pd.DataFrame(rows, columns=[*KEY, "low_kr", "high_kr"])
    return frame.astype({"komm_nr": "str", "year": "int64", "low_kr": "float64", "high_kr": "float64"})


def _one_spreads(value, people):
    """Whether one firm makes more than half of the squared distances to the value that its employees would have at the mean."""
    apart = (value - people * value.sum() / people.sum() if people.sum() else value) ** 2
    return apart.max() > apart.sum() / 2


def totals(firms: pd.DataFrame) -> pd.DataFrame:
    """A municipality's value creation and employees: the sums over firms whose figures are both known.

    firms: as for `concentration`, with `shared` and `member_nr` (the municipality, where a place is several). Gives `komm_nr`,
    `year`, `value_added_kr`, `employees`, `per_employee_kr` (missing where nobody is employed), `left_out` (firms without all their
    figures) and `shared_pct` (how much of the value, without regard to sign, is shared out by employees, %).
    """
    here = required(firms, "firms", ["value_added_kr", "employees"], ["member_nr", "year", "orgnr", "nace"])
    known = here[["value_added_kr", "employees"]].notna().all(axis=1)
    complete = here[known].assign(size=here["value_added_kr"].abs())
    complete["by_employees"] = complete["size"].where(complete["shared"], 0.0)
    sums = complete.groupby(KEY)[["value_added_kr", "employees", "size", "by_employees"]].sum()
    left = here[~known].groupby(KEY)["orgnr"].nunique()
    frame = sums[["value_added_kr", "employees"]].assign(
        per_employee_kr=sums["value_added_kr"] / sums["employees"].where(sums["employees"] > 0),
        shared_pct=(100 * sums["by_employees"] / sums["size"].where(sums["size"] > 0)).clip(upper=100),
    )
    frame = frame.join(left.rename("left_out"), how="outer")
    return frame.assign(left_out=frame["left_out"].fillna(0).astype("int64")).reset_index()
