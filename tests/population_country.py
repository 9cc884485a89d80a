"""A small invented country whose population can be counted by hand, in the shape of the contract's tables."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.indicators import age_structure, population_changes, population_growth_parts, population_projection

NAMES = {"0301": "Oslo - Oslove", "3222": "Lørenskog", "3205": "Lillestrøm", "1151": "Utsira", "1508": "Ålesund", "1580": "Haram"}
COUNTIES = {"03": "Oslo", "32": "Akershus", "11": "Rogaland", "15": "Møre og Romsdal"}
YEARS = range(2018, 2027)
AGED = {3: 10, 10: 20, 17: 10, 25: 20, 40: 20, 60: 10, 70: 6, 85: 4}  # of a hundred, one age in each group
START = {"0301": 1000, "3222": 400, "3205": 600, "1151": 1, "1508": 300, "1580": 100}
STEP = {"0301": 10, "3222": 20, "3205": 0, "1151": 0, "1508": 0, "1580": 0}
CHANGES = {  # births, deaths, immigration, emigration, domestic_in, domestic_out of every year
    "0301": (15, 10, 9, 4, 10, 10),
    "3222": (8, 3, 6, 1, 30, 20),
    "3205": (6, 6, 0, 0, 20, 20),
    "1151": (0, 0, 0, 0, 0, 0),
    "1508": (3, 3, 0, 0, 0, 0),
    "1580": (1, 1, 0, 0, 0, 0),
}
SPLIT = ("1508", "1580")  # one municipality in 2020-2023


def register():
    spans = [("0301", "Oslo", "1838-01-01", None), ("1151", "Utsira", "1838-01-01", None)]
    spans += [("0230", "Lørenskog", "1908-01-01", "2020-01-01"), ("3029", "Lørenskog", "2020-01-01", "2024-01-01")]
    spans += [("3222", "Lørenskog", "2024-01-01", None), ("0231", "Skedsmo", "1838-01-01", "2020-01-01")]
    spans += [("0226", "Sørum", "1838-01-01", "2020-01-01"), ("3205", "Lillestrøm", "2020-01-01", None)]
    spans += [("1507", "Ålesund", "1838-01-01", "2024-01-01"), ("1508", "Ålesund", "2024-01-01", None)]
    spans += [("1580", "Haram", "2024-01-01", None)]
    codes = pd.DataFrame(spans, columns=["komm_nr", "name", "valid_from", "valid_to"]).astype("str")
    steps = [("0230", "3029", "2020-01-01"), ("3029", "3222", "2024-01-01")]
    steps += [("0231", "3205", "2020-01-01"), ("0226", "3205", "2020-01-01")]
    steps += [("1507", "1508", "2024-01-01"), ("1507", "1580", "2024-01-01")]
    return Register(codes, pd.DataFrame(steps, columns=["old_nr", "new_nr", "date"]).astype("str"))


def municipalities():
    frame = pd.DataFrame({"komm_nr": list(NAMES), "name": list(NAMES.values())}).astype("str")
    return frame.assign(county_nr=frame["komm_nr"].str[:2], county=frame["komm_nr"].str[:2].map(COUNTIES))


def people(start=START, step=STEP):
    """`population` of each year and municipality, not yet with growth."""
    rows = [{"komm_nr": nr, "year": year, "population": start[nr] + step[nr] * (year - YEARS[0])} for nr in start for year in YEARS]
    frame = pd.DataFrame(rows).astype({"komm_nr": "str", "population": "Int64"})
    return frame.assign(comparable=~(frame["komm_nr"].isin(SPLIT) & (frame["year"] < 2024)), growth=pd.NA).astype(
        {"growth": "Int64"}
    )


def changes(kept=tuple(NAMES)):
    names = ["births", "deaths", "immigration", "emigration", "domestic_in", "domestic_out"]
    rows = [{"komm_nr": nr, "year": year, **dict(zip(names, CHANGES[nr], strict=True))} for nr in kept for year in YEARS[:-1]]
    frame = pd.DataFrame(rows).assign(in_migration=pd.NA, out_migration=pd.NA, growth=pd.NA, comparable=True)
    return population_changes.DATASET.check(frame)


def no_changes():
    return population_changes.DATASET.empty()


def no_projection():
    return population_projection.DATASET.empty()


def projection():
    rows = [
        {"komm_nr": "3222", "year": year, "main": 560 + 20 * n, "low": 560 + 10 * n, "high": 560 + 30 * n}
        for n, year in enumerate(range(2026, 2051))
    ]
    vintage = {"made": 2026, "table": "14746", "latest": True} | dict.fromkeys(population_projection.GROUPS, pd.NA)
    return population_projection.DATASET.check(pd.DataFrame(rows).assign(**vintage))


def parts(told=None, moves=None):
    return population_growth_parts.DATASET.check(
        population_growth_parts.build(people() if told is None else told, changes() if moves is None else moves)
    )


def by_age(told=None, sexes=("1", "2")):
    """Everybody by age and sex: the hundreds of `AGED`, what is left over in the first age of all; men take the odd one."""
    rows = []
    for held in (people() if told is None else told).itertuples():
        left = int(held.population)
        for age, share in reversed(AGED.items()):
            count = int(held.population) * share // 100 if age != next(iter(AGED)) else left
            left -= count
            for sex in sexes:
                some = count if len(sexes) == 1 else count - count // 2 if sex == "1" else count // 2
                rows.append((held.komm_nr, held.year, sex, age, some, held.comparable))
    frame = pd.DataFrame(rows, columns=["komm_nr", "year", "sex", "age", "population", "comparable"])
    return frame.astype({"komm_nr": "str", "sex": "str", "population": "Int64"})


def structure(frame=None):
    return age_structure.DATASET.check(age_structure.build(by_age() if frame is None else frame))
