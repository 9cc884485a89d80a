"""What næringsattraktivitet would be without the largest employer, where company accounts have been imported."""

import pandas as pd

from nlib.core.tables import KEY, Placed, column, measure


class Without(Placed):
    year: int = column("År; veksten er fra året før", ge=1986, le=2100)
    share_pct: float = column("Ansatte i det største foretaket året før", "prosent av private arbeidsplasser", ge=0, le=100)
    naering_pct: float = column("Næringsattraktivitet", "prosent av private arbeidsplasser")
    without_pct: float = column(
        "Næringsattraktivitet når det største foretaket er holdt utenfor i begge år", "prosent av de andre private arbeidsplassene"
    )
    comparable: bool = column("Usann når en delt kommune eller flyttet grense inngår")


def build(attractiveness_components: pd.DataFrame, company_accounts: pd.DataFrame) -> pd.DataFrame:
    """Næringsattraktivitet with and without the firm that had most employees in the municipality the year before.

    A firm's employees in the municipality are those of all its rows there; the one with most a year ago is taken away in both
    years, and what is expected of mix and the nation is kept. Only where the firm's employees are shown in both years and are
    fewer than the private jobs. Firms that cannot be placed, and firms' names, are left out. Status: inferred (nlib's own).
    """
    firms = company_accounts[company_accounts["komm_nr"].notna() & company_accounts["employees"].notna()]
    firms = firms.groupby([*KEY, "orgnr"])["employees"].sum().reset_index()
    order = firms.sort_values(["employees", "orgnr"], ascending=[False, True])
    largest = order.drop_duplicates(KEY).assign(year=lambda frame: frame["year"] + 1)
    both = largest.merge(firms, on=[*KEY, "orgnr"], suffixes=("_before", ""), validate="1:1")
    rows = both.merge(attractiveness_components, on=KEY, validate="1:1")
    rows = rows.dropna(subset=["private_growth_pct", "naering_pct", "private_jobs_before", "employees", "employees_before"])
    before, now = (rows[name].astype(float) for name in ("employees_before", "employees"))
    rest = rows["private_jobs_before"] - before
    rows, before, now, rest = (part[rest > 0] for part in (rows, before, now, rest))
    after = rows["private_jobs_before"] * (1 + rows["private_growth_pct"] / 100) - now
    expected = rows["private_growth_pct"] - rows["naering_pct"]
    without = 100 * (after / rest - 1) - expected
    columns = ["komm_nr", "year", "naering_pct", "comparable"]
    return rows[columns].assign(share_pct=100 * before / rows["private_jobs_before"], without_pct=without)


DATASET = measure("Næringsattraktivitet uten den største arbeidsgiveren", Without, build, moment="4. kvartal", partial=True)
