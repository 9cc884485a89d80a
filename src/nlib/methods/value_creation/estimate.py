"""What value creation would be with the county's value per employed in each industry: an estimate, and how far it misses."""

import numpy as np
import pandas as pd

from nlib.methods.attractiveness.inputs import required

LEAST_EMPLOYED = 500  # in a county's industry; SSB rounds to hundreds, and with fewer the value of each is not known
NATION = "0"
CELL = ["county_nr", "year", "industry"]


def productivity(accounts: pd.DataFrame) -> pd.DataFrame:
    """Gross value added per employed by county and industry, kr, and the nation's as number 0: the sum of the counties.

    accounts: `county_nr`, `year`, `industry`, `value_added_mnok`, `employed_thousand`, a row each (of SSB 11713; the nation's own
    row is not used: the shelf and Svalbard are in it). A cell with a missing figure is not in the nation. Gives the key and
    `per_employed_kr`, missing where fewer than 500 are employed or a figure is missing.

    >>> accounts = {"county_nr": ["03", "32"], "value_added_mnok": [900.0, 500.0], "employed_thousand": [1.0, 1.0]}
    >>> per = productivity(pd.DataFrame(accounts).assign(year=2025, industry="bygg"))
    >>> per.set_index("county_nr")["per_employed_kr"].to_dict()
    {'03': 900000.0, '32': 500000.0, '0': 700000.0}
    """
    cells = required(accounts, "accounts", ["value_added_mnok", "employed_thousand"], CELL)
    cells = cells.loc[cells["county_nr"] != NATION, [*CELL, "value_added_mnok", "employed_thousand"]]
    nation = cells.dropna().groupby(["year", "industry"])[["value_added_mnok", "employed_thousand"]].sum().reset_index()
    cells = pd.concat([cells, nation.assign(county_nr=NATION)], ignore_index=True)
    enough = cells["employed_thousand"] * 1000 >= LEAST_EMPLOYED
    per = 1000 * cells["value_added_mnok"] / cells["employed_thousand"].where(enough)
    return cells[CELL].astype({"county_nr": "str"}).assign(per_employed_kr=per)


def estimate(jobs: pd.DataFrame, counties: pd.DataFrame, per_employed: pd.DataFrame) -> pd.DataFrame:
    """Local employment in each industry times what one employed in it makes in the county: gross value added, as an estimate.

    jobs: `komm_nr`, `year`, `industry`, `jobs`; counties: `komm_nr`, `year`, `county_nr`, the county it lay in then; per_employed:
    as `productivity` gives. Where the county's is missing, the nation's is used, and `from_nation` is True. Gives the key, `jobs`,
    `per_employed_kr` and `value_added_kr` (missing where jobs are hidden or neither is known).

    >>> jobs = pd.DataFrame({"komm_nr": ["3222"], "year": 2025, "industry": "bygg", "jobs": 100})
    >>> counties = pd.DataFrame({"komm_nr": ["3222"], "year": 2025, "county_nr": "32"})
    >>> per = pd.DataFrame({"county_nr": ["32", "0"], "year": 2025, "industry": "bygg", "per_employed_kr": [9e5, 8e5]})
    >>> estimate(jobs, counties, per)["value_added_kr"].tolist()
    [90000000.0]
    """
    jobs = required(jobs, "jobs", ["jobs"], ["komm_nr", "year", "industry"]).merge(
        counties, on=["komm_nr", "year"], how="left", validate="m:1"
    )
    nation = per_employed[per_employed["county_nr"] == NATION].drop(columns="county_nr")
    frame = jobs.merge(per_employed, on=CELL, how="left", validate="m:1")
    frame = frame.merge(nation, on=["year", "industry"], how="left", suffixes=("", "_nation"), validate="m:1")
    from_nation = frame["per_employed_kr"].isna()
    per = frame["per_employed_kr"].fillna(frame["per_employed_kr_nation"])
    columns = ["komm_nr", "year", "industry", "jobs"]
    return frame[columns].assign(per_employed_kr=per, from_nation=from_nation, value_added_kr=frame["jobs"] * per)


def errors(truth: pd.DataFrame, estimated: pd.DataFrame) -> pd.DataFrame:
    """How far an estimate misses a value per employee that was withheld from it, % of the true one.

    truth, estimated: `komm_nr`, `year`, `employees`, `value_added_kr`. They may be measured unlike (net and gross): the estimates
    of a year are scaled so that the sums over the places in both are alike. Gives `komm_nr`, `year`, `employees`,
    `per_employee_kr`, `estimated_kr` (scaled), `error_pct`, and `plain_error_pct`: that of guessing the mean of all for everybody.
    Places without employees or with a true value that is not positive have no error and are left out.

    >>> truth = pd.DataFrame({"komm_nr": ["0301", "3222"], "year": 2025, "employees": 10, "value_added_kr": [6e6, 4e6]})
    >>> errors(truth, truth.assign(value_added_kr=[11e6, 9e6]))[["error_pct", "plain_error_pct"]].round(1).to_numpy().tolist()
    [[-8.3, -16.7], [12.5, 25.0]]
    """
    both = truth.merge(estimated.drop(columns="employees"), on=["komm_nr", "year"], suffixes=("", "_estimated"), validate="1:1")
    both = both.dropna(subset=["employees", "value_added_kr", "value_added_kr_estimated"]).reset_index(drop=True)
    both = both[(both["employees"] > 0) & (both["value_added_kr"] > 0)]
    sums = both.groupby("year")[["value_added_kr", "value_added_kr_estimated", "employees"]].transform("sum")
    actual = both["value_added_kr"] / both["employees"]
    guess = both["value_added_kr_estimated"] / both["employees"] * sums["value_added_kr"] / sums["value_added_kr_estimated"]
    mean = sums["value_added_kr"] / sums["employees"]
    columns = {"per_employee_kr": actual, "estimated_kr": guess, "error_pct": 100 * (guess / actual - 1)}
    frame = both[["komm_nr", "year", "employees"]].assign(**columns, plain_error_pct=100 * (mean / actual - 1))
    return frame[np.isfinite(frame["error_pct"])].reset_index(drop=True)
