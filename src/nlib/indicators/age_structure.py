"""Age groups of each municipality on 1 January, and how many young and old there are to each 100 of working age."""

import pandas as pd

from nlib.core.tables import OWN_YEAR, Count, Counts, column, count, measure
from nlib.indicators.commuting import percent

GROUPS = {  # first and last age; the last group is open
    "age_0_5": (0, 5),
    "age_6_15": (6, 15),
    "age_16_19": (16, 19),
    "age_20_34": (20, 34),
    "age_35_49": (35, 49),
    "age_50_64": (50, 64),
    "age_65_79": (65, 79),
    "age_80": (80, 105),
}
YOUNG = ["age_0_5", "age_6_15", "age_16_19"]
WORKING = ["age_20_34", "age_35_49", "age_50_64"]
OLD = ["age_65_79", "age_80"]


def _count(ages):
    return column(f"Innbyggere {ages}", "personer", ge=0, nullable=True)


def _share(ages):
    return column(f"Innbyggere {ages}, andel av folketallet", "prosent", ge=0, le=100, nullable=True)


class AgeStructure(Counts):
    year: int = column("År; tallene gjelder 1. januar", ge=1950, le=2100)
    population: Count = count("Folketall 1. januar", "personer")
    age_0_5: pd.Int64Dtype = _count("0–5 år")
    age_6_15: pd.Int64Dtype = _count("6–15 år")
    age_16_19: pd.Int64Dtype = _count("16–19 år")
    age_20_34: pd.Int64Dtype = _count("20–34 år")
    age_35_49: pd.Int64Dtype = _count("35–49 år")
    age_50_64: pd.Int64Dtype = _count("50–64 år")
    age_65_79: pd.Int64Dtype = _count("65–79 år")
    age_80: pd.Int64Dtype = _count("80 år og eldre")
    age_0_5_pct: float = _share("0–5 år")
    age_6_15_pct: float = _share("6–15 år")
    age_16_19_pct: float = _share("16–19 år")
    age_20_34_pct: float = _share("20–34 år")
    age_35_49_pct: float = _share("35–49 år")
    age_50_64_pct: float = _share("50–64 år")
    age_65_79_pct: float = _share("65–79 år")
    age_80_pct: float = _share("80 år og eldre")
    young: Count = count("Unge, 0–19 år", "personer")
    working: Count = count("I yrkesaktiv alder, 20–64 år", "personer")
    old: Count = count("Eldre, 65 år og over", "personer")
    young_per_100: float = column("Unge (0–19 år) per 100 i alderen 20–64 år", "personer per 100", ge=0, nullable=True)
    old_per_100: float = column("Eldre (65 år og over) per 100 i alderen 20–64 år", "personer per 100", ge=0, nullable=True)
    dependants_per_100: float = column(
        "Forsørgerbyrde: unge og eldre per 100 i alderen 20–64 år", "personer per 100", ge=0, nullable=True
    )


def build(population_by_age: pd.DataFrame) -> pd.DataFrame:
    """Inhabitants by age group on 1 January, their shares, and those of 0-19 and of 65 and over to each 100 of 20-64 years.

    Both sexes together. A group with a hidden cell is missing, and so is what builds on it; a share of nobody is missing.
    """
    edges = [-1, *(last for _, last in GROUPS.values())]
    group = pd.cut(population_by_age["age"], edges, labels=list(GROUPS))
    by = [population_by_age["komm_nr"], population_by_age["year"], group]
    table = population_by_age["population"].groupby(by, observed=True).sum(skipna=False).unstack()
    table = table.reindex(columns=list(GROUPS)).set_axis(list(GROUPS), axis=1)
    table["comparable"] = population_by_age.groupby(["komm_nr", "year"])["comparable"].all()
    for name, groups in {"population": list(GROUPS), "young": YOUNG, "working": WORKING, "old": OLD}.items():
        table[name] = table[groups].sum(axis=1, skipna=False)
    for name in GROUPS:
        table[f"{name}_pct"] = percent(table[name], table["population"])
    table["dependants"] = table["young"] + table["old"]
    for name in ("young", "old", "dependants"):
        table[f"{name}_per_100"] = percent(table[name], table["working"])
    return table.drop(columns="dependants").reset_index()


DATASET = measure("Aldersgrupper og forsørgerbyrde", AgeStructure, build, moment="1. januar", rests={"population_by_age": OWN_YEAR})
