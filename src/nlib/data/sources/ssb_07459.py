"""Population on 1 January by sex and age (SSB 07459)."""

import pandas as pd

from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import EITHER, SINCE_1994, StatBank

DECLARED = StatBank(
    table="07459",
    title="Befolkning, etter region, kjønn, alder, statistikkvariabel og år",
    keys={"Region": "komm_nr", "Kjonn": "sex", "Alder": "age"},
    values={"Kjonn": {"1": "1", "2": "2"}},
    codes={"Alder": ("???*",), "Tid": SINCE_1994},  # single years, 000 to 105 (and over)
    if_there=("Kjonn",),
    contents={"Personer1": "population"},
    day="01-01",
    first_year=1986,
    optional=False,
)
RAW = DECLARED.raw("by_age", "population_years")


class PopulationByAge(Counts):
    year: int = column("År; tallene gjelder 1. januar", ge=1950, le=2100)
    sex: str = column("Kjønn: 1 menn, 2 kvinner; 0 begge, der kjønn ikke er gitt", isin=["1", "2", EITHER])
    age: int = column("Alder i hele år; 105 er 105 og eldre", "år", ge=0, le=105)
    population: Count = count("Folketall 1. januar", "personer")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Population on 1 January by sex and single year of age, on today's municipalities; those of nobody are left in."""
    table = DECLARED.today(raw, municipality_codes, municipality_changes)
    return table.assign(age=table["age"].str[:3])


DATASET = DECLARED.dataset(RAW, "population_by_age", "Folketall etter kjønn og alder", PopulationByAge, build, moment="1. januar")
