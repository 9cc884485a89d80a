"""nlib's projections on SSB's real population: errors, bands that held, courses that lead, and SSB's own vintages beside.

    NLIB_REAL_DATA=... python -m benchmarks.projections

Reads statbank/07459.csv.gz (population by municipality and age, 2006-2025) and projections.csv.gz (SSB's vintages, Telemark).
Figures from before Ålesund was split are shared out there, so Ålesund and Haram are taken together. Births and deaths are not
there, nor attractiveness: births are those of age 0 a year later, and a municipality's own is the deviation of its migration.
"""

import functools
import os
import re
import sys
from pathlib import Path

import pandas as pd

from nlib.indicators import population_scenarios, projection_backtest, projection_errors, projection_rates
from nlib.indicators.projection_rates import bosted
from nlib.methods.projection import banded, cohorts, errors

TOGETHER = {"1580": "1508"}  # Haram was in Ålesund until 2024, and again in the figures
SSB = "ssb"
LARGE = "20000+"
JUDGED = (5, 10)
EIGHT = 8  # origins
TELEMARK = {
    "Porsgrunn": "4001",
    "Skien": "4003",
    "Notodden": "4005",
    "Siljan": "4010",
    "Bamble": "4012",
    "Kragerø": "4014",
    "Drangedal": "4016",
    "Nome": "4018",
    "Midt-Telemark": "4020",
    "Bø (Telemark)": "4020",
    "Sauherad": "4020",
    "Seljord": "4022",
    "Hjartdal": "4024",
    "Tinn": "4026",
    "Kviteseid": "4028",
    "Nissedal": "4030",
    "Fyresdal": "4032",
    "Tokke": "4034",
    "Vinje": "4036",
}


def population(data: Path) -> pd.DataFrame:
    """`population_by_age` of every municipality today, both sexes together, Ålesund and Haram as one."""
    table = pd.read_csv(data / "statbank" / "07459.csv.gz", dtype={"Region": "str", "Alder": "str"})
    table = table[table["Region"].str.fullmatch(r"\d{4}")].replace({"Region": TOGETHER})
    table = table.assign(age=table["Alder"].str[:3].astype(int), sex="0", comparable=True)
    names = {"Region": "komm_nr", "Tid": "year", "value": "population"}
    keys = ["komm_nr", "year", "sex", "age", "comparable"]
    return table.rename(columns=names).groupby(keys, as_index=False)["population"].sum().astype({"population": "Int64"})


@functools.cache
def record(data: Path) -> pd.DataFrame:
    """The table `projection_errors` of real population."""
    no_attractiveness = pd.DataFrame(columns=["komm_nr", "year", "model", "kind", "period", "value_pct", "low_pct", "high_pct"])
    found = banded(errors(cohorts(population(data)), attractiveness=bosted(no_attractiveness)))
    return projection_errors.DATASET.check(found.drop(columns="ages"))


@functools.cache
def scenarios(data: Path) -> pd.DataFrame:
    """The table `population_scenarios` of real population, without jobs and dwellings."""
    people = population(data)
    nothing = pd.DataFrame(columns=["komm_nr", "year", "births", "deaths", "jobs", "dwellings"])
    none = pd.DataFrame(columns=["komm_nr", "year", "model", "kind", "period", "value_pct", "low_pct", "high_pct"])
    rates = projection_rates.build(people, nothing, none)
    return population_scenarios.DATASET.check(population_scenarios.build(rates, record(data), people, nothing, nothing))


def coverage(found: pd.DataFrame, course: str = "trend") -> pd.DataFrame:
    """Of a course's bands after 5 and 10 years: the share that held in %, half the width, errors and `n`, by size and growth."""
    table = projection_backtest.build(found[(found["course"] == course) & found["horizon"].isin(JUDGED)])
    figures = ["coverage_pct", "width_pct", "mean_abs_error_pct"]
    sums = table[figures].mul(table["n"], axis=0).assign(n=table["n"])
    sums = sums.groupby([table["horizon"], table["size_class"], table["growth_class"]]).sum()
    return sums[figures].div(sums["n"], axis=0).assign(n=sums["n"])


def by_origin(found: pd.DataFrame, course: str = "trend") -> pd.DataFrame:
    """The share of a course's bands that held in %, by origin (rows), of all and of 20 000 and more, after 5 and 10 years."""
    rows = found[(found["course"] == course) & found["horizon"].isin(JUDGED)]
    rows = rows.assign(held=100.0 * rows["actual"].between(rows["low"], rows["high"]))
    every = rows.groupby(["origin", "horizon"])["held"].mean().unstack()
    large = rows[rows["size_class"] == LARGE].groupby(["origin", "horizon"])["held"].mean().unstack()
    return pd.concat({"all": every, LARGE: large}, axis=1)


def never_held(found: pd.DataFrame, course: str = "trend") -> pd.DataFrame:
    """Municipalities whose band never held at a horizon that has been tried: `komm_nr`, `horizon`, `origins`."""
    rows = found[(found["course"] == course) & found["low"].notna()]
    held = rows["actual"].between(rows["low"], rows["high"]).groupby([rows["komm_nr"], rows["horizon"]]).agg(["sum", "size"])
    return held[held["sum"] == 0]["size"].rename("origins").reset_index()


def vintages(data: Path) -> pd.DataFrame:
    """The main alternative of SSB's projections: `komm_nr`, `origin` (the year it was made in), `horizon`, `forecast`; Telemark."""
    table = pd.read_csv(data / "projections.csv.gz", dtype={"region": "str"})
    table = table[table["alternative"].str.contains("MMMM")]
    named = table["region"].map(lambda region: TELEMARK.get(re.sub(r" \([\d-]+\)$", "", region)))
    number = table["region"].where(table["region"].isin(TELEMARK.values()), named)
    table = table.assign(komm_nr=number, origin=table["vintage"], horizon=table["year"] - table["vintage"]).dropna(subset="komm_nr")
    return table.groupby(["komm_nr", "origin", "horizon"], as_index=False)["value"].sum().rename(columns={"value": "forecast"})


def against_ssb(data: Path, found: pd.DataFrame) -> pd.DataFrame:
    """Errors in % where SSB has a vintage of the same year: `komm_nr`, `origin`, `horizon`, a column for each course and SSB."""
    key = ["komm_nr", "origin", "horizon"]
    theirs = vintages(data).merge(found.loc[found["course"] == "trend", [*key, "actual"]], on=key, validate="1:1")
    every = pd.concat([found[found["horizon"].isin(JUDGED)], theirs.assign(course=SSB)], ignore_index=True)
    every["error_pct"] = 100 * (every["forecast"] / every["actual"] - 1).abs()
    wide = every.pivot(index=key, columns="course", values="error_pct").dropna().reset_index()
    return wide[wide["horizon"].isin(JUDGED)]


def main() -> None:
    folder = os.environ.get("NLIB_REAL_DATA")
    if not folder:
        sys.exit("NLIB_REAL_DATA er ikke satt: mappen med SSBs egne tall")
    data = Path(folder)
    found = record(data)
    for course in ("trend", "neutral"):
        print(f"{course}\n{coverage(found, course).round(2).to_string()}\n{by_origin(found, course).round(0).to_string()}")
        never = never_held(found, course)
        print("aldri holdt, 8 startår eller flere:", never[never["origins"] >= EIGHT].to_dict("records"))
    beside = against_ssb(data, found)
    print(beside.groupby("horizon")[["trend", "neutral", SSB, "unchanged"]].mean().round(2).to_string())
    ahead = scenarios(data)
    first = ahead[ahead["year"] == ahead["year"].min()]
    print(first[first["leads"]]["course"].value_counts().to_string())


if __name__ == "__main__":
    main()
