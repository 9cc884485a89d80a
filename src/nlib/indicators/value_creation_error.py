"""How far the method of the estimate misses value creation that is known: that of firms' accounts, withheld from it."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import KEY, Placed, column, measure
from nlib.indicators.value_creation_estimate import counties, per_employed
from nlib.indicators.value_creation_gap import firms
from nlib.methods.value_creation import errors, estimate


class Error(Placed):
    year: int = column("År", ge=1900, le=2100)
    employees: float = column("Ansatte i regnskapene", "personer", gt=0)
    per_employee_kr: float = column("Verdiskaping per ansatt i regnskapene", "kr", gt=0)
    estimated_kr: float = column("Anslaget for de samme ansatte, på regnskapenes nivå", "kr per ansatt")
    error_pct: float = column("Hvor mye anslaget bommer", "prosent av regnskapenes tall")
    plain_error_pct: float = column("Hvor mye snittet av alle kommunene bommer", "prosent av regnskapenes tall")


def build(company_accounts, county_accounts, municipality_codes, municipality_changes, value_creation) -> pd.DataFrame:
    """The error of the estimate where accounts are known: the county's value per employed on the employees of the same firms.

    The method is given the firms' employees by industry and nothing else of theirs, and is compared with what they made. Net and
    gross are brought to the same level by the sums of the year, so the error is in how municipalities differ, not in the level.
    A part of the error is the luck of few firms, and firms are business only, so it is a test of the method and not of the
    estimate itself. Municipalities whose firms made nothing or less have no error, and those
    whose value creation is not shown (`value_creation.hidden`) are not in it, nor in the level. Status: inferred (nlib's own).
    """
    each = per_employed(county_accounts)
    known = firms(company_accounts).dropna(subset=["komm_nr", "value_added_kr", "employees"])
    known = known[known["year"].isin(each["year"].unique())]
    cells = known.groupby([*KEY, "industry"])[["value_added_kr", "employees"]].sum().astype(float).reset_index()
    if cells.empty:
        return DATASET.empty()
    register = Register(municipality_codes, municipality_changes)
    where = counties(register, cells["year"].unique(), each)
    guess = estimate(cells[[*KEY, "industry", "employees"]].rename(columns={"employees": "jobs"}), where, each)
    guess = guess.rename(columns={"jobs": "employees"}).groupby(KEY)[["value_added_kr", "employees"]].sum(skipna=False)
    truth = cells.groupby(KEY)[["value_added_kr", "employees"]].sum()
    shown = value_creation[(value_creation["source"] == "regnskap") & ~value_creation["hidden"]].set_index(KEY).index
    return errors(truth[truth.index.isin(shown)].reset_index(), guess.reset_index())


DATASET = measure("Hvor mye anslaget på verdiskaping bommer", Error, build, moment="året", partial=True)
