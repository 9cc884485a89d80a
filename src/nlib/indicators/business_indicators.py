"""The twelve indicators of the business index: what they are measured on, before they are scored."""

import pandas as pd

from nlib.core.tables import KEY, Placed, column, measure
from nlib.data.sources.ssb_07984 import GROUP_OF
from nlib.methods.composite import adjusted
from nlib.methods.value_creation.disclosure import LEAST

MADE_OF = {  # the areas of the index
    "jobbvekst": ("job_growth", "job_growth_adjusted"),
    "produktivitet": ("productivity", "productivity_adjusted"),
    "lønnsomhet": ("profitability", "profitability_adjusted", "positive_equity"),
    "nyetablering": ("new_firm_rate", "new_firm_rate_adjusted", "firm_growth", "firm_growth_adjusted"),
    "størrelse": ("size",),
}
AREAS = {indicator: area for area, indicators in MADE_OF.items() for indicator in indicators}
PRIVATE = ("privat", "offentlig_foretak")
UNKNOWN = "00"  # industry


class Indicators(Placed):
    year: int = column("År", ge=1990, le=2100)
    indicator: str = column("Hva som er målt", isin=list(AREAS))
    area: str = column("Området i indeksen", isin=list(dict.fromkeys(AREAS.values())))
    value: float = column(
        "Verdien; mangler der den ikke er kjent eller ikke kan sammenlignes", "prosent, kr eller per 100", nullable=True
    )
    size: float = column("Det raten er målt på (nevneren)", "personer, foretak eller virksomheter", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår i tallet eller i året før")


def build(
    shift_share,
    value_creation,
    company_accounts,
    new_enterprises,
    establishments,
    employed_by_sector,
    population,
    telemarksforsking,
) -> pd.DataFrame:
    """The twelve indicators of every municipality, for each year that any of them is known in; missing ones as missing.

    job_growth: growth of private jobs from the year before, percent; adjusted: less what the nation's growth in each branch gives.
    productivity: wage costs + operating result per employee, kr, net of depreciation: that of the accounts in `value_creation`, so
    that two figures of the same firms do not give one of them away; adjusted: the part of the gap to the nation within industries.
    profitability: companies with an operating result above 0, percent; missing with fewer than three. positive_equity: as
    Telemarksforsking gives it, percent; accounts as they are imported do not hold it. new_firm_rate: new enterprises per 100
    establishments at the start of the year. firm_growth: growth of establishments from 1 January to the next, percent. size:
    private jobs per 100 inhabitants next 1 January. «Adjusted» is the rate less what the nation's rate in each industry gives
    with the municipality's industries.
    A figure that a split has touched is missing, and `comparable` False.
    """
    tables = [
        _jobs(shift_share),
        _productivity(value_creation),
        _profitability(company_accounts),
        _new(new_enterprises, establishments),
        _growth(establishments),
        _size(employed_by_sector, population),
        _equity(telemarksforsking),
    ]
    found = pd.concat(tables, ignore_index=True)
    known = found.dropna(subset="value")
    years = known["year"].unique()
    every = pd.MultiIndex.from_product([sorted(found["komm_nr"].unique()), sorted(years), AREAS], names=[*KEY, "indicator"])
    table = found.set_index(every.names)[["value", "size", "comparable"]].reindex(every).reset_index()
    comparable = table["comparable"].fillna(True).astype(bool)
    return table.assign(area=table["indicator"].map(AREAS), comparable=comparable, value=table["value"].where(comparable))


def _jobs(shift_share):
    sums = shift_share.groupby(KEY)[["before", "growth", "local"]].sum()
    comparable = shift_share.groupby(KEY)["comparable"].all()
    before = sums["before"].where(sums["before"] > 0)
    rates = {"job_growth": sums["growth"] / before, "job_growth_adjusted": sums["local"] / before}
    return _long(100 * pd.DataFrame(rates), before, comparable)


def _productivity(value_creation):
    accounts = value_creation[value_creation["source"] == "regnskap"].set_index(KEY)
    rates = {"productivity": accounts["per_employee_kr"], "productivity_adjusted": accounts["within_kr"]}
    return _long(pd.DataFrame(rates), accounts["employees"].where(accounts["employees"] > 0))


def _profitability(accounts):
    result = accounts["operating_result_kr"]
    parts = accounts.loc[result.notna(), ["orgnr", "komm_nr", "year"]].assign(industry=accounts["nace2"])
    rates = _rates(parts.assign(part=(result > 0).astype(float), whole=1.0), "profitability", 100.0)
    firms = parts.groupby(KEY)["orgnr"].nunique()
    few = firms.reindex(pd.MultiIndex.from_frame(rates[KEY])).lt(LEAST).to_numpy()
    return rates.assign(value=rates["value"].mask(few))


def _new(new_enterprises, establishments):
    """SSB has no stock of enterprises by municipality: establishments stand for it, in the same groups of industries."""
    there = establishments.assign(industry=establishments["nace2"].map(GROUP_OF))
    hidden = there["establishments"].isna().groupby([there[key] for key in (*KEY, "industry")]).any()
    whole = there.astype({"establishments": float}).groupby([*KEY, "industry"])["establishments"].sum().mask(hidden)
    figures = new_enterprises.rename(columns={"new_enterprises": "part"}, errors="raise")
    figures = figures[pd.MultiIndex.from_frame(figures[KEY]).isin(pd.MultiIndex.from_frame(establishments[KEY]))]
    figures = figures.merge(whole.rename("whole").reset_index(), on=[*KEY, "industry"], how="left", indicator=True, validate="1:1")
    figures["whole"] = figures["whole"].mask(figures["_merge"] == "left_only", 0.0)
    comparable = pd.concat([new_enterprises, establishments]).groupby(KEY)["comparable"].all()
    return _rates(figures[[*KEY, "industry", "part", "whole"]], "new_firm_rate", 100.0, comparable)


def _growth(establishments):
    """From 1 January of a year to the next; industries that have none on one of the days count as 0 there."""
    keys = [*KEY, "nace2"]
    establishments = establishments[establishments["nace2"] != UNKNOWN]
    counts = establishments.assign(hidden=establishments["establishments"].isna(), whole=establishments["establishments"])
    counts = counts.astype({"whole": float}).groupby(keys).agg({"whole": "sum", "hidden": "any"}).reset_index()
    counts["whole"] = counts["whole"].mask(counts.pop("hidden"))
    there = establishments.groupby(KEY)["comparable"].all()
    before = there.rename(lambda year: year + 1, level="year")
    both = pd.concat({"now": there, "then": before}, axis=1, join="inner").all(axis=1)
    then = counts.assign(year=counts["year"] + 1)
    pair = then.merge(counts.rename(columns={"whole": "after"}), on=keys, how="outer", indicator=True, validate="1:1")
    pair["whole"] = pair["whole"].mask(pair["_merge"] == "right_only", 0.0)
    pair["after"] = pair["after"].mask(pair.pop("_merge") == "left_only", 0.0)
    pair = pair[pd.MultiIndex.from_frame(pair[KEY]).isin(both.index)]
    pair = pair.assign(part=pair["after"] - pair["whole"], year=pair["year"] - 1).rename(columns={"nace2": "industry"})
    return _rates(pair, "firm_growth", 100.0, both.rename(lambda year: year - 1, level="year"))


def _size(sectors, population):
    sectors = sectors[sectors["sector"].isin(PRIVATE)]
    by = sectors.groupby(KEY)
    whole = by["jobs"].count() == len(PRIVATE)
    jobs = by["jobs"].sum().astype(float).where(whole)
    people = population.assign(year=population["year"] - 1).set_index(KEY)
    people, comparable = people["population"].astype("Float64").astype(float), people["comparable"]
    people = people.where(people > 0).reindex(jobs.index)
    comparable = by["comparable"].all() & comparable.reindex(jobs.index).fillna(True).astype(bool)
    return _long(pd.DataFrame({"size": 100 * jobs / people}), people, comparable)


def _equity(telemarksforsking):
    rows = telemarksforsking[telemarksforsking["indicator"] == "positive_equity"]
    return rows.assign(size=float("nan"), comparable=True)[[*KEY, "indicator", "value", "size", "comparable"]]


def _rates(parts, name, unit=1.0, comparable=None):
    """Both versions of a rate, raw and adjusted, in long form."""
    rates = adjusted(parts.dropna(subset=["year"])).set_index(KEY)
    both = {name: rates["value"], f"{name}_adjusted": rates["adjusted"]}
    return _long(unit * pd.DataFrame(both), rates["size"], comparable)


def _long(rates, size, comparable=None):
    """Rates by municipality and year (the index) in long form, with what they are measured on."""
    rates = rates.assign(_size=size, comparable=True if comparable is None else comparable.reindex(rates.index).fillna(False))
    return (
        rates.reset_index()
        .melt([*KEY, "_size", "comparable"], var_name="indicator")
        .rename(columns={"_size": "size"})
        .astype({"comparable": bool, "indicator": "str"})
    )


DATASET = measure("De tolv indikatorene i næringslivsindeksen", Indicators, build, by=("indicator",), moment="året", partial=True)
