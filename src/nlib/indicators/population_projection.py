"""SSB's own projections of population, each as a vintage: all ages, and the main alternative by age group."""

import pandas as pd

from nlib.core.tables import KEY, Count, Placed, column, count, measure
from nlib.indicators.population_scenarios import GROUPS

VINTAGES = {"population_projection_2024": "14288", "population_projection_2026": "14746"}


class Projected(Placed):
    made: int = column("Året framskrivingen ble laget", ge=2000, le=2100)
    table: str = column("SSBs tabell")
    year: int = column("År; tallene gjelder 1. januar", ge=2000, le=2150)
    main: Count = count("Framskrevet folketall, hovedalternativet (MMMM)", "personer")
    low: Count = count("Framskrevet folketall, lav nasjonal vekst (LLML)", "personer")
    high: Count = count("Framskrevet folketall, høy nasjonal vekst (HHMH)", "personer")
    age_0_19: Count = count("0–19 år i hovedalternativet", "personer")
    age_1_5: Count = count("1–5 år i hovedalternativet", "personer")
    age_6_15: Count = count("6–15 år i hovedalternativet", "personer")
    age_20_66: Count = count("20–66 år i hovedalternativet", "personer")
    age_67_79: Count = count("67–79 år i hovedalternativet", "personer")
    age_80: Count = count("80 år og eldre i hovedalternativet", "personer")
    latest: bool = column("Sann for den siste framskrivingen i utgaven")


def build(*vintages: pd.DataFrame) -> pd.DataFrame:
    """SSB's projected population on 1 January by the year it was projected in; a hidden age leaves its sums missing.

    Vintages stand beside each other and are never chained: they differ in what was known and in what was assumed.
    """
    given = zip(VINTAGES.items(), vintages, strict=True)
    frames = []
    for (name, table), vintage in ((of, vintage) for of, vintage in given if len(vintage)):
        sums = vintage.groupby(KEY)[["main", "low", "high"]].sum(skipna=False)
        for group, ages in GROUPS.items():
            sums[group] = vintage[vintage["age"].between(*ages, inclusive="left")].groupby(KEY)["main"].sum(skipna=False)
        frames.append(sums.reset_index().assign(made=int(name[-4:]), table=table))
    if not frames:
        return DATASET.empty()
    table = pd.concat(frames, ignore_index=True)
    return table.assign(latest=table["made"] == table["made"].max())


TITLE = "SSBs befolkningsframskrivinger"
DATASET = measure(TITLE, Projected, build, key=("komm_nr", "made", "year"), needs=tuple(VINTAGES), moment="1. januar", ahead=True)
