"""Which side of what is expected the growth of private jobs is on without the largest employer, where there are accounts."""

import pandas as pd

from nlib.core.tables import KEY, Placed, column, measure
from nlib.methods.value_creation.disclosure import gives_away

YEARS = 3


class Without(Placed):
    year: int = column("Det siste av tre år", ge=1986, le=2100)
    above: bool = column("Sann der veksten i private jobber, uten den største arbeidsgiveren, er over det ventede i de tre årene")


def build(attractiveness_components: pd.DataFrame, company_accounts: pd.DataFrame, value_creation: pd.DataFrame) -> pd.DataFrame:
    """Whether næringsattraktivitet, the mean of three years, is above zero without the firm that had most employees a year before.

    A firm's employees in the municipality are those of all its rows there; the one with most a year ago is taken away in both
    years, and what is expected of mix and the nation is kept. Only where the firm's employees are shown in both years and are
    fewer than the private jobs. Firms that cannot be placed, and firms' names, are left out. How large the firm is, and the value
    without it, are not given, as they are not of value creation: either tells the firm's own. Nor is the side, where the
    employees of the year before give a firm away or the value creation of the year is hidden. Status: inferred (nlib's own).
    """
    firms = company_accounts[company_accounts["komm_nr"].notna() & company_accounts["employees"].notna()]
    firms = firms.groupby([*KEY, "orgnr"])["employees"].sum().reset_index()
    few = firms.groupby(KEY)["employees"].agg(gives_away).rename("few").reset_index()
    order = firms.sort_values(["employees", "orgnr"], ascending=[False, True]).drop_duplicates(KEY)
    largest = order.merge(few, on=KEY).assign(year=lambda frame: frame["year"] + 1)
    both = largest.merge(firms, on=[*KEY, "orgnr"], suffixes=("_before", ""), validate="1:1")
    rows = both[~both["few"].astype(bool)].merge(attractiveness_components, on=KEY, validate="1:1").sort_values(KEY)
    rows = rows[rows["comparable"] & ~_key(rows).isin(_key(value_creation[value_creation["hidden"]]))]
    rows = rows.dropna(subset=["private_growth_pct", "naering_pct", "private_jobs_before"])
    before, now = (rows[name].astype(float) for name in ("employees_before", "employees"))
    rest = (rows["private_jobs_before"] - before).where(lambda left: left > 0)
    after = rows["private_jobs_before"] * (1 + rows["private_growth_pct"] / 100) - now
    rows["without"] = 100 * (after / rest - 1) - (rows["private_growth_pct"] - rows["naering_pct"])
    by = rows.dropna(subset="without").groupby("komm_nr")
    mean = by["without"].rolling(YEARS).mean().droplevel(0)
    full = by["year"].diff(YEARS - 1).eq(YEARS - 1)
    return rows.loc[full[full].index, KEY].assign(above=mean[full] > 0)


def _key(frame):
    return pd.MultiIndex.from_frame(frame[KEY])


DATASET = measure("Veksten uten den største arbeidsgiveren", Without, build, moment="4. kvartal", partial=True)
