"""How many there will be in the age groups that services are for, in the course that leads, with bands of their own."""

import numpy as np
import pandas as pd

from nlib.core.tables import Count, Placed, column, count, measure
from nlib.indicators.population_scenarios import GROUPS, record
from nlib.indicators.projection_rates import bosted
from nlib.methods.projection import banded, cohorts, errors, fast, ranked_courses, size_class
from nlib.methods.projection.bands import ahead as band_ahead

SERVED = {name: GROUPS[name] for name in ("age_1_5", "age_6_15", "age_20_66", "age_67_79", "age_80")}


class AheadByAge(Placed):
    year: int = column("År; tallene gjelder 1. januar", ge=1950, le=2150)
    ages: str = column("Aldersgruppe, som kolonnene i population_scenarios", isin=[*SERVED])
    people: float = column("Innbyggere i hovedforløpet, ikke avrundet", "personer", ge=0)
    low: float = column("Nedre grense for 90 prosents bånd", "personer", ge=0, nullable=True)
    high: float = column("Øvre grense for 90 prosents bånd", "personer", ge=0, nullable=True)
    tried: Count = column("Etterprøvinger av gruppens bånd fem år fram i kommunen", "antall", ge=1, nullable=True)
    held: Count = count("Etterprøvinger der båndet holdt", "antall")


def build(
    population_scenarios: pd.DataFrame,
    projection_errors: pd.DataFrame,
    population_by_age: pd.DataFrame,
    population_changes: pd.DataFrame,
    attractiveness: pd.DataFrame,
) -> pd.DataFrame:
    """People on 1 January by age group, from the latest year to 2050, in the course that leads.

    Bands are 90 %, from how far earlier projections of the same ages have been from what came, as those of the whole population
    are (see `nlib.methods.projection.bands`): children who are not yet born are less certain than those who will be old.
    """
    lead = population_scenarios[population_scenarios["leads"] & population_scenarios["population"].notna()]
    if lead.empty:
        return DATASET.empty()
    everyone = cohorts(population_by_age)
    found = errors(everyone, population_changes, bosted(attractiveness), groups=SERVED)
    found = banded(found[found["course"] == ranked_courses(projection_errors)[0]])
    wide = lead.pivot(index="year", columns="komm_nr", values="population")
    grown = pd.Series(fast(everyone.totals), everyone.places).reindex(wide.columns, fill_value=False)
    like, tables = (size_class(wide.iloc[0]), grown.to_numpy()), []
    for name in SERVED:
        own, people = found[found["ages"] == name], lead.pivot(index="year", columns="komm_nr", values=name)
        width = np.vstack([np.zeros(len(like[0])), band_ahead(own, wide.columns, *like, len(wide) - 1).T])
        table = {"people": people, "low": people * np.exp(-width), "high": people * np.exp(width)}
        table = pd.concat({column: frame.unstack() for column, frame in table.items()}, axis=1).reset_index()
        tables.append(table.assign(ages=name).merge(record(own), on="komm_nr", how="left", validate="m:1"))
    return pd.concat(tables, ignore_index=True)


DATASET = measure("Innbyggere framover etter alder", AheadByAge, build, by=("ages",), moment="1. januar", ahead=True)
