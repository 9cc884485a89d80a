"""A small invented country whose commuting can be counted by hand, in the shape of the contract's tables."""

import numpy as np
import pandas as pd
from matplotlib.path import Path

from nlib.indicators.commuting import commuting

NAMES = {
    "0301": "Oslo - Oslove",
    "3205": "Lillestrøm",
    "3222": "Lørenskog",
    "3114": "Våler (Østfold)",
    "3419": "Våler (Innlandet)",
    "1151": "Utsira",
    "1508": "Ålesund",
    "1580": "Haram",
}
FLOWS = {  # home, work: employed in the first year and in the last
    ("0301", "0301"): (800, 800),
    ("0301", "3222"): (100, 100),
    ("0301", "3205"): (60, 61),
    ("3222", "3222"): (300, 280),
    ("3222", "0301"): (600, 650),
    ("3222", "3205"): (100, 100),
    ("3205", "3205"): (500, 500),
    ("3205", "0301"): (400, 400),
    ("3205", "3222"): (200, 180),
    ("3114", "3114"): (50, 50),
    ("3114", "0301"): (50, 50),
    ("3419", "3419"): (90, 90),
    ("3419", "0301"): (10, 10),
    ("1508", "1508"): (700, 700),
    ("1508", "1580"): (30, 30),
    ("1580", "1580"): (400, 400),
    ("1580", "1508"): (90, 90),
    ("1151", "1151"): (1, 1),
}


def flows(years=(2017, 2018, 2020, 2021)):
    """The flows of each year: those of the first year until the last, which has its own."""
    rows = [
        {"home_nr": home, "work_nr": work, "year": year, "employed": counts[year == max(years)]}
        for year in years
        for (home, work), counts in FLOWS.items()
    ]
    return pd.DataFrame(rows).astype({"home_nr": "str", "work_nr": "str", "employed": "Int64"})


def measures(table):
    """Commuting of the flows, with the two that were split marked as not comparable."""
    result = commuting(table)
    return result.assign(comparable=~result["komm_nr"].isin(["1508", "1580"]))


def municipalities():
    return pd.DataFrame({"komm_nr": list(NAMES), "name": list(NAMES.values())}).astype("str")


def areas(table):
    """Labour-market areas of every year, and their figures: the four round Oslo together, Utsira alone, the rest by pairs."""
    place = dict.fromkeys(NAMES, "0301") | {"1151": "1151", "1508": "1508", "1580": "1508"}
    community = place | {"3419": "3419"}
    members = table[["year"]].drop_duplicates().merge(pd.DataFrame({"komm_nr": list(NAMES)}), how="cross")
    members = members.assign(area=members["komm_nr"].map(place), community=members["komm_nr"].map(community))
    members["area_name"] = members["area"].map(NAMES)
    figures = commuting(table, place).rename(columns={"komm_nr": "area"})
    figures = figures.assign(
        area_name=figures["area"].map(NAMES),
        supply_pct=100 - figures["out_pct"],
        demand_pct=100 - figures["in_pct"],
        valid=(figures["jobs"] > 100).fillna(False),
    )
    return members, figures


def outlines():
    """Squares of 20 km side by side; Haram is drawn with Ålesund."""
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * 20_000.0
    shapes = {number: Path(square + np.array([20_000.0 * i, 6_600_000.0]), closed=True) for i, number in enumerate(NAMES)}
    return shapes | {"1580": shapes["1508"]}
