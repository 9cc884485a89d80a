"""A small invented country whose attractiveness is known, in the shape of the contract's tables."""

import numpy as np
import pandas as pd
from commuting_country import NAMES, municipalities, outlines

__all__ = [
    "BOTH",
    "GROUP",
    "NAMES",
    "PARTS",
    "attractiveness",
    "backtest",
    "components",
    "municipalities",
    "outlines",
    "population",
]

LAST, YEARS = 2025, range(2012, 2026)
SPLIT = ("1508", "1580")
GROUP = ["3205", "0301", "3114"]
PEOPLE = {"0301": 700_000, "3205": 90_000, "3222": 45_000, "3114": 6_000, "3419": 3_000, "1151": 190, "1508": 58_000, "1580": 9_000}
BOTH = {  # bosted and næring, percent a year; the intervals are 0.3 and 0.8 to each side
    "0301": (-0.40, 1.00),
    "3205": (0.60, 1.50),
    "3222": (0.10, -0.20),
    "3114": (-0.50, -1.20),
    "3419": (0.35, 0.10),
    "1151": (-0.05, 0.40),
}
PARTS = {
    "birth_surplus_pct": 0.30,
    "immigration_pct": 0.40,
    "size_pct": 0.10,
    "integration_pct": -0.05,
    "industry_structure_pct": 0.10,
    "public_pct": 0.05,
    "business_pct": -0.02,
    "neighbours_pct": 0.20,
}
JOBS = {"national_pct": 1.0, "mix_pct": 0.2, "population_effect_pct": -0.1}


def components(years=YEARS, off=0.0):
    """The parts of growth, the same every year but for `off` more immigration; the two that were split are not comparable."""
    rows = []
    for number in NAMES:
        bosted, naering = BOTH.get(number, (np.nan, np.nan))
        parts = PARTS | {"immigration_pct": PARTS["immigration_pct"] + off}
        rows += [
            {"komm_nr": number, "year": year, "population": float(PEOPLE[number]), "comparable": number not in SPLIT}
            | parts
            | JOBS
            | {"bosted_pct": bosted, "naering_pct": naering}
            | {"growth_pct": sum(parts.values()) + np.nan_to_num(bosted), "private_growth_pct": sum(JOBS.values()) + naering}
            for year in years
        ]
    return pd.DataFrame(rows)


def attractiveness(both=None, periods=(1, 3, 5, 10), models=("anchor", "nlib"), step=1):
    """What both models say of every municipality; a rank's interval is `step` places to each side."""
    rows = []
    for number, (bosted, naering) in (BOTH if both is None else both).items():
        values = {"bosted": (bosted, 0.3), "naering": (naering, 0.8), "samlet": (bosted + 0.1 * naering, 0.35)}
        for kind, (value, half) in values.items():
            for model in models:
                ours = model == "nlib"
                figures = {"value_pct": value if ours else 3 * value, "low_pct": value - half, "high_pct": value + half}
                hidden = {} if ours else {"low_pct": np.nan, "high_pct": np.nan}
                chance = {"p_positive": float(value > 0) if ours else np.nan}
                keys = {"komm_nr": number, "year": LAST, "model": model, "kind": kind}
                rows += [keys | figures | hidden | chance | {"period": period} for period in periods]
    table = pd.DataFrame(rows)
    by = table.groupby(["model", "kind", "period"])["value_pct"]
    table["rank"] = by.rank(ascending=False, method="min").astype("Int64")
    table["n"] = by.transform("size")
    table["rank_low"] = (table["rank"] - step).clip(lower=1).mask(table["model"] == "anchor")
    table["rank_high"] = (table["rank"] + step).clip(upper=table["n"]).mask(table["model"] == "anchor")
    return table


def population(years=range(2012, 2027)):
    """People and their growth; the two that were split are comparable since 2024, the last year has no growth yet."""
    rows = [
        {"komm_nr": number, "year": year, "population": people, "growth": round(0.01 * people) + year - 2020}
        | {"comparable": number not in SPLIT or year >= 2024}
        for number, people in PEOPLE.items()
        for year in years
    ]
    table = pd.DataFrame(rows).astype({"population": "Int64", "growth": "Int64"})
    return table.assign(growth=table["growth"].mask(table["year"] == max(years)))


def backtest(r2=None):
    """How well three methods have foretold growth from two years, for all and for the large."""
    r2 = {"national": -0.1, "persistence": 0.4, "attractiveness": 0.6} if r2 is None else r2
    rows = [
        {"origin": origin, "method": method, "size_class": size, "r2": value + 0.1 * (origin == 2021), "n": 8}
        | {"mean_abs_error_pct": 0.5, "coverage_pct": 88.0}
        for method, value in r2.items()
        for size in ("all", "20000+")
        for origin in (2020, 2021)
    ]
    return pd.DataFrame(rows)
