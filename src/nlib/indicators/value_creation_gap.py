"""Value creation by industry, and what each industry adds to the gap to the nation per employee."""

import numpy as np
import pandas as pd

from nlib.core.tables import KEY, Placed, column, measure
from nlib.indicators.value_creation_estimate import account_industries
from nlib.methods.value_creation import gap_by_industry, hidden, shared_out
from nlib.methods.value_creation.disclosure import ALL

NOWHERE = "uplassert"
PARTS = ["mix", "within", "mix_shapley", "within_shapley"]
SPREAD = 0.5  # of the municipalities must have firms in the accounts, or all of them together are no nation


class Gap(Placed):
    year: int = column("År", ge=1900, le=2100)
    source: str = column("Hva tallet bygger på", isin=["regnskap", "beregnet"])
    industry: str = column("Næring (account_industries.csv)")
    value_added_mnok: float = column("Verdiskaping, løpende priser", "mill. kr", nullable=True)
    employees: float = column("Ansatte, eller sysselsatte der tallet er beregnet", "personer", ge=0, nullable=True)
    employees_sure: float = column("Av dem i næringer med flere enn 3 (av anslaget)", "personer", ge=0, nullable=True)
    nation_share_pct: float = column("Næringens andel av landets ansatte", "prosent", ge=0, le=100, nullable=True)
    nation_per_employee_kr: float = column("Verdiskaping per ansatt i næringen i landet", "kr", nullable=True)
    nation_whole_kr: float = column("Verdiskaping per ansatt i landet, alle næringer", "kr", nullable=True)
    mix_kr: float = column("Bidrag til avstanden fra sammensetningen", "kr per ansatt", nullable=True)
    within_kr: float = column("Bidrag til avstanden innen næringen", "kr per ansatt", nullable=True)
    mix_shapley_kr: float = column("Bidrag fra sammensetningen, symmetrisk (Shapley)", "kr per ansatt", nullable=True)
    within_shapley_kr: float = column("Bidrag innen næringen, symmetrisk (Shapley)", "kr per ansatt", nullable=True)
    hidden: bool = column("Sann der tallet ikke vises: det ville røpet et foretak, alene eller sammen med andre tall")


def firms(company_accounts: pd.DataFrame) -> pd.DataFrame:
    """Every establishment with its industry and value creation, those of a firm that tells one sum shared out by employees."""
    accounts = company_accounts.drop(columns="value_added_kr")
    industry = accounts["nace2"].map(account_industries("nace2"))
    return shared_out(accounts.assign(industry=industry.astype("str")))


def spread(established: pd.DataFrame, municipalities: pd.DataFrame) -> pd.Series:
    """Whether the firms of a year are so widely spread that all of them together can stand for the nation, by year."""
    return established.groupby("year")["member_nr"].nunique() >= SPREAD * municipalities["members"].sum()


def by_cell(established: pd.DataFrame) -> pd.DataFrame:
    """The sums of firms' value creation and employees by place, year and industry; those without a place are in one of theirs."""
    known = established.dropna(subset=["value_added_kr", "employees"])
    known = known.assign(komm_nr=known["komm_nr"].fillna(NOWHERE))
    return known.groupby([*KEY, "industry"])[["value_added_kr", "employees"]].sum().astype(float).reset_index()


def not_shown(established: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """The sums that are not shown since they give a firm away, or help to: `komm_nr`, `year`, `industry`, and `why` of `hidden`.

    The number of the nation, and the industry of a total, is ALL. What a firm has in all its rows of a sum is counted as one. Of a
    region nothing is shown that its members, their counties and the nation do not tell already.
    """
    known = established.dropna(subset=["value_added_kr", "employees"]).rename(columns={"value_added_kr": "value"})
    wide = spread(known, municipalities)
    rows = [
        (place, year, industry, why)
        for year, of in known.groupby("year")
        for (place, industry), why in hidden(of[["orgnr", "komm_nr", "member_nr", "industry", "value"]], bool(wide[year])).items()
    ]
    frame = pd.DataFrame(rows, columns=[*KEY, "industry", "why"])
    return frame.astype({"komm_nr": "str", "year": "int64", "industry": "str", "why": "str"})


def build(company_accounts: pd.DataFrame, value_creation_estimate: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """The gap to the nation in value creation per employee by industry, plain and symmetric (Shapley), for each kind of figures.

    mix: the industry's share of the employees against the nation's, times the nation's value per employee; within: the value per
    employee against the nation's, times the local share. Summed over the industries of a municipality-year they are the gap,
    exactly. Firms' accounts (wage costs + operating result, net of depreciation) and the estimate (SSB's gross value added) are
    each compared with a nation of their own kind: all firms of the accounts, if they lie in at least half of the municipalities
    (else the parts are missing), and all municipalities of the estimate. Firms that lack a figure, or cannot be placed, are
    not in the municipality's. A cell of accounts that would give a firm away is `hidden`, and others with it, so that it does
    not follow from sums (`nlib.methods.value_creation.disclosure`): the value and the parts are missing, employees are public.
    Source: Oaxaca (1973), Shapley (1953).
    """
    established = firms(company_accounts)
    cells = by_cell(established)
    wide = spread(established.dropna(subset=["value_added_kr", "employees"]), municipalities)
    accounts = _gap(cells[cells["komm_nr"] != NOWHERE].empty, cells, "regnskap")
    nation = [name for name in accounts if name.startswith("nation")] + [f"{part}_kr" for part in PARTS]
    accounts[nation] = accounts[nation].where(accounts["year"].map(wide).fillna(False).astype(bool))
    accounts = _protected(accounts[accounts["komm_nr"] != NOWHERE], not_shown(established, municipalities))
    guess = value_creation_estimate.assign(
        value_added_kr=1e6 * value_creation_estimate["value_added_mnok"],
        employees=value_creation_estimate["jobs"].astype("Float64"),
        employees_sure=value_creation_estimate["jobs_sure"].astype("Float64"),
    )
    return pd.concat([accounts, _gap(guess.empty, guess, "beregnet")], ignore_index=True)


def _protected(accounts, away):
    """The rows without what is not shown: the value and the parts of a cell, and the nation's with the parts that it is in."""
    places = pd.MultiIndex.from_frame(away[[*KEY, "industry"]])
    parts = [f"{part}_kr" for part in PARTS]
    cell = pd.MultiIndex.from_frame(accounts[[*KEY, "industry"]]).isin(places)
    of_nation = pd.MultiIndex.from_frame(accounts.assign(komm_nr=ALL)[[*KEY, "industry"]]).isin(places)
    whole = pd.MultiIndex.from_frame(accounts.assign(komm_nr=ALL, industry=ALL)[[*KEY, "industry"]]).isin(places)
    accounts = accounts.assign(hidden=cell, nation_whole_kr=accounts["nation_whole_kr"].mask(whole))
    accounts["value_added_mnok"] = accounts["value_added_mnok"].mask(cell)
    accounts["nation_per_employee_kr"] = accounts["nation_per_employee_kr"].mask(of_nation)
    accounts.loc[cell | of_nation | whole, parts] = np.nan
    return accounts


def _gap(nothing: bool, cells: pd.DataFrame, source: str) -> pd.DataFrame:
    """The table's rows of one kind of figures."""
    if nothing:
        return DATASET.empty()
    key = [*KEY, "industry"]
    value = cells[[*key, "value_added_kr"]].rename(columns={"value_added_kr": "value_added"})
    gaps = gap_by_industry(value, cells[[*key, "employees"]])
    surely = cells.assign(employees_sure=cells.get("employees_sure", cells["employees"]))[[*key, "employees_sure"]]
    gaps = gaps.merge(surely.astype({"employees_sure": float}), on=key, how="left", validate="1:1")
    here = gaps["employees"].isna() | gaps["value_added"].isna() | (gaps["employees"] > 0) | (gaps["value_added"] != 0)
    gaps = gaps[here | gaps[PARTS].notna().any(axis=1)]
    gaps = gaps.assign(
        source=source, value_added_mnok=gaps["value_added"] / 1e6, nation_share_pct=100 * gaps["nation_share"], hidden=False
    )
    renamed = {"nation_per_employee": "nation_per_employee_kr", "nation_whole": "nation_whole_kr"}
    gaps = gaps.rename(columns=renamed | {part: f"{part}_kr" for part in PARTS}, errors="raise")
    return gaps[list(DATASET.schema.to_schema().columns)]


TITLE = "Verdiskaping etter næring og avstanden til landet"
DATASET = measure(TITLE, Gap, build, by=("source", "industry"), moment="året", partial=True)
