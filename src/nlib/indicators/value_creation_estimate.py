"""Gross value added by industry, estimated from the county accounts and local employment."""

import pandas as pd

from nlib.core.municipalities import Register, resource
from nlib.core.tables import KEY, KOMM_NR, Count, Table, column, count, measure
from nlib.indicators.specialisation import sure
from nlib.methods.value_creation import estimate, productivity


class Estimate(Table):
    komm_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År", ge=2008, le=2100)
    industry: str = column("Næring (account_industries.csv)")
    jobs: Count = count("Sysselsatte etter arbeidssted i 4. kvartal", "personer")
    jobs_sure: Count = count("Av dem i næringer med flere enn 3: SSB skriver 1 og 2 som 0 eller 3", "personer")
    per_employed_kr: float = column("Bruttoprodukt per sysselsatt i næringen i fylket", "kr", nullable=True)
    from_nation: bool = column("Sann når fylkets tall mangler eller er for lite, så landets er brukt")
    value_added_mnok: float = column("Anslått bruttoprodukt, løpende priser", "mill. kr", nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så sysselsettingen er fordelt etter folketall")


def account_industries(by: str) -> pd.Series:
    """The industry that value creation is published by, of each two-digit industry (`nace2`) or industry of the `accounts`."""
    listed = resource("account_industries.csv").set_index("industry")[by].str.split(r";| " if by == "nace2" else ";").explode()
    return pd.Series(listed.index, index=listed.to_numpy(), name="industry").astype("str")


def per_employed(county_accounts: pd.DataFrame) -> pd.DataFrame:
    """Gross value added per employed by county and the industries that value creation is published by, as `productivity` gives."""
    accounts = county_accounts.assign(industry=county_accounts["industry"].map(account_industries("accounts"))).dropna(
        subset="industry"
    )
    sums = accounts.groupby(["county_nr", "year", "industry"])[["value_added_mnok", "employed_thousand"]].sum(skipna=False)
    return productivity(sums.reset_index())


def counties(register: Register, years, there: pd.DataFrame) -> pd.DataFrame:
    """The county that each of today's municipalities lay in, by year: that of most of the numbers it comes from (or the lowest).

    there: `county_nr` and `year` of the counties that have figures; one of a later year's number is used where the year's own is
    not among them (SSB carries some, such as Trøndelag, back). `komm_nr`, `year`, `county_nr`; none where neither is there.
    """
    lineage = register.lineage(years).assign(county_nr=lambda frame: frame["old_nr"].str[:2])
    today = lineage[["komm_nr", "year"]].drop_duplicates().assign(county_nr=lambda frame: frame["komm_nr"].str[:2])
    covered = there[["county_nr", "year"]].drop_duplicates()
    votes = lineage.value_counts([*KEY, "county_nr"]).rename("votes").reset_index()
    votes = pd.concat([votes, today.assign(votes=0)]).merge(covered, on=["county_nr", "year"], validate="m:1")
    votes = votes.sort_values([*KEY, "votes", "county_nr"], ascending=[True, True, False, True])
    return votes.drop_duplicates(KEY)[[*KEY, "county_nr"]].astype({"komm_nr": "str", "county_nr": "str"})


def build(employed_by_industry, county_accounts, municipality_codes, municipality_changes) -> pd.DataFrame:
    """Local employment by industry, 4th quarter, times the gross value added per employed in that industry in the county.

    An estimate of SSB's kind of value added (gross, all sectors, basic prices), not of firms' accounts: whether the businesses
    here do better than the county's is not in it. Counties are those of the year. Where the county's figure is missing, or
    fewer than 500 are employed, the nation's is used (the sum of the counties, without the shelf). The shelf, pipelines and own
    dwellings are left out, and so are employed persons without a known industry. A hidden count makes its value missing.
    Only years that the accounts have. Status: inferred (nlib's own).
    """
    each = per_employed(county_accounts)
    jobs = employed_by_industry[employed_by_industry["year"].isin(each["year"].unique())]
    jobs = jobs.assign(industry=jobs["nace2"].map(account_industries("nace2")), jobs_sure=sure(jobs["jobs"]))
    jobs = jobs.dropna(subset="industry")
    by = jobs.groupby([*KEY, "industry"])
    jobs = by[["jobs", "jobs_sure"]].sum(skipna=False).join(by["comparable"].all()).reset_index()
    register = Register(municipality_codes, municipality_changes)
    where = counties(register, jobs["year"].unique(), each)
    estimated = estimate(jobs.drop(columns=["jobs_sure", "comparable"]), where, each)
    estimated = estimated.merge(jobs[[*KEY, "industry", "jobs_sure", "comparable"]], on=[*KEY, "industry"], validate="1:1")
    estimated = estimated.astype({"jobs": "Int64", "jobs_sure": "Int64"}).assign(value_added_mnok=estimated["value_added_kr"] / 1e6)
    return estimated.drop(columns="value_added_kr")


DATASET = measure("Anslått bruttoprodukt etter næring", Estimate, build, by=("industry",), moment="året", partial=True)
