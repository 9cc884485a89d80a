"""SSB's own projections of population, each as a vintage: all ages, and the main alternative by age group."""

import pandas as pd

from nlib.core.tables import Count, Placed, column, count, measure

GROUPS = {  # as population_scenarios has them
    "age_0_19": (0, 19),
    "age_20_66": (20, 66),
    "age_67_79": (67, 79),
    "age_80": (80, 105),
}
VINTAGES = {"population_projection_2024": "14288", "population_projection_2026": "14746"}


class Projected(Placed):
    made: int = column("Året framskrivingen ble laget", ge=2000, le=2100)
    table: str = column("SSBs tabell")
    year: int = column("År; tallene gjelder 1. januar", ge=2000, le=2150)
    main: Count = count("Framskrevet folketall, hovedalternativet (MMMM)", "personer")
    low: Count = count("Framskrevet folketall, lav nasjonal vekst (LLML)", "personer")
    high: Count = count("Framskrevet folketall, høy nasjonal vekst (HHMH)", "personer")
    age_0_19: Count = count("0–19 år i hovedalternativet", "personer")
    age_20_66: Count = count("20–66 år i hovedalternativet", "personer")
    age_67_79: Count = count("67–79 år i hovedalternativet", "personer")
    age_80: Count = count("80 år og eldre i hovedalternativet", "personer")
    latest: bool = column("Sann for den siste framskrivingen i utgaven")


def build(*vintages: pd.DataFrame) -> pd.DataFrame:
    """SSB's projected population on 1 January by the year it was projected in; a hidden age leaves its sums missing.

    Vintages stand beside each other and are never chained: they differ in what was known and in what was assumed.
    """
    given = zip(VINTAGES.items(), vintages, strict=True)
    frames = [_summed(vintage).assign(made=int(name[-4:]), table=table) for (name, table), vintage in given if len(vintage)]
    if not frames:
        return DATASET.empty()
    table = pd.concat(frames, ignore_index=True)
    return table.assign(latest=table["made"] == table["made"].max())


def _summed(vintage: pd.DataFrame) -> pd.DataFrame:
    key = ["komm_nr", "year"]
    sums = vintage.groupby(key)[["main", "low", "high"]].sum(skipna=False)
    for name, (low, high) in GROUPS.items():
        sums[name] = vintage[vintage["age"].between(low, high)].groupby(key)["main"].sum(skipna=False)
    return sums.reset_index()


DATASET = measure(
    "SSBs befolkningsframskrivinger",
    Projected,
    build,
    key=("komm_nr", "made", "year"),
    needs=tuple(VINTAGES),
    moment="1. januar",
    ahead=True,
)
