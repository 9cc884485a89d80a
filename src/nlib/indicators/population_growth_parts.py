"""What a municipality's growth through each year is made of: births, deaths, domestic and foreign moves, and a correction."""

import pandas as pd

from nlib.core.tables import Count, Placed, Rests, column, count, measure
from nlib.indicators.commuting import percent

PARTS = ("birth_surplus", "domestic_net", "foreign_net", "correction")
COUNTED = ("births", "deaths", *PARTS)


def _share(what):
    return column(f"{what}, av folketallet 1. januar", "prosent", nullable=True)


class GrowthParts(Placed):
    year: int = column("År; endringene er fra 1. januar til neste 1. januar", ge=1950, le=2100)
    population: Count = count("Folketall 1. januar", "personer")
    births: Count = count("Levendefødte", "personer")
    deaths: Count = count("Døde", "personer")
    birth_surplus: Count = column("Fødselsoverskudd: fødte minus døde", "personer", nullable=True)
    domestic_net: Count = column("Innenlandsk nettoflytting: fra minus til andre kommuner", "personer", nullable=True)
    foreign_net: Count = column("Nettoinnvandring: innvandring minus utvandring", "personer", nullable=True)
    correction: Count = column(
        "Korreksjon: det av veksten som de andre delene ikke gjør rede for, som flyttede grenser og rettelser",
        "personer",
        nullable=True,
    )
    growth: Count = column("Folkevekst: folketallet neste 1. januar minus dette", "personer", nullable=True)
    birth_surplus_pct: float = _share("Fødselsoverskudd")
    domestic_net_pct: float = _share("Innenlandsk nettoflytting")
    foreign_net_pct: float = _share("Nettoinnvandring")
    correction_pct: float = _share("Korreksjon")
    growth_pct: float = _share("Folkevekst")
    comparable: bool = column("Usann når en delt kommune inngår, eller grensen er flyttet i året")


def build(population: pd.DataFrame, population_changes: pd.DataFrame) -> pd.DataFrame:
    """Growth from one 1 January to the next = birth surplus + domestic net moves + net immigration + correction.

    Growth is the difference between the two populations; where the next is not known yet, what 06913 says it is. A part with a
    hidden figure is missing and so is the correction; where there are no changes at all, growth alone is shown. Years without
    growth and without changes are left out. Shares are in % of the population on the first of the two days.
    """
    key = ["komm_nr", "year"]
    following = population[[*key, "population"]].assign(year=population["year"] - 1).rename(columns={"population": "following"})
    frame = population[[*key, "population", "growth", "comparable"]].merge(following, on=key, how="left", validate="1:1")
    changes = population_changes.drop(columns=["growth", "comparable"])
    frame = frame.merge(changes, on=key, how="left", validate="1:1")
    frame["growth"] = (frame["following"] - frame["population"]).fillna(frame["growth"])
    frame["birth_surplus"] = frame["births"] - frame["deaths"]
    frame["domestic_net"] = frame["domestic_in"] - frame["domestic_out"]
    frame["foreign_net"] = frame["immigration"] - frame["emigration"]
    frame["correction"] = frame["growth"] - frame["birth_surplus"] - frame["domestic_net"] - frame["foreign_net"]
    for name in (*PARTS, "growth"):
        frame[f"{name}_pct"] = percent(frame[name], frame["population"])
    known = frame[["births", "deaths", "domestic_net", "foreign_net", "growth"]].notna().any(axis=1)
    return frame.loc[known, list(GrowthParts.to_schema().columns)]


TITLE = "Hva folkeveksten består av"
RESTS = {
    "population": Rests(of=("population", "comparable"), years=(0, 1)),
    "population_changes": Rests(into=(*COUNTED, *(f"{part}_pct" for part in PARTS)), years=(0,)),
}
DATASET = measure(TITLE, GrowthParts, build, moment="året", rests=RESTS)
