"""The population of each municipality to 2050 in several courses, with the jobs and dwellings that today's rates would ask for."""

import numpy as np
import pandas as pd

from nlib.core.tables import Count, Placed, column, count, measure
from nlib.methods.projection import cohorts, fast, is_usual, limited, project, ranked_courses, size_class, trend, usual
from nlib.methods.projection.backtest import LED_BY
from nlib.methods.projection.bands import ahead as band_ahead
from nlib.methods.projection.rates import from_table

HORIZON, RECORD = 2050, 5  # the last year; years ahead that a municipality's own record covers
COURSES = ("trend", "neutral", "limited", "high", "low")
GROUPS = {  # first age, and the first that is older; those of kindergarten and school age are also among those under 20
    "age_0_19": (0, 20),
    "age_1_5": (1, 6),
    "age_6_15": (6, 16),
    "age_20_66": (20, 67),
    "age_67_79": (67, 80),
    "age_80": (80, 106),
}


WORKING, GROWN_UP = GROUPS["age_20_66"], (20, 106)


class Scenarios(Placed):
    year: int = column("År; folketallet gjelder 1. januar", ge=1950, le=2150)
    course: str = column(
        "Forløp: trend er attraktivitet som den har vært, og avtar; neutral er attraktivitet null; limited er det som har truffet "
        "best, holdt innenfor det vanlige; high og low er ett standardavvik over og under det som leder",
        isin=COURSES,
    )
    leads: bool = column("Sann for forløpet som leder: det som har truffet best, av dem med vanlig vekst")
    usual: bool = column("Sann når veksten i alle tiår er innenfor det ni av ti tiår i like store kommuner har hatt")
    tried: Count = column("Etterprøvinger av kommunens bånd fem år fram", "antall", ge=1, nullable=True)
    held: Count = count("Etterprøvinger der båndet holdt", "antall")
    usual_low_pct: float = column("Nedre grense for vanlig vekst på ti år: 5. persentil", "prosent", nullable=True)
    usual_high_pct: float = column("Øvre grense for vanlig vekst på ti år: 95. persentil", "prosent", nullable=True)
    population: float = column("Framskrevet folketall 1. januar, ikke avrundet", "personer", ge=0, nullable=True)
    low: float = column("Nedre grense for 90 prosents bånd; mangler for high og low", "personer", ge=0, nullable=True)
    high: float = column("Øvre grense for 90 prosents bånd; mangler for high og low", "personer", ge=0, nullable=True)
    age_0_19: float = column("Innbyggere 0–19 år", "personer", ge=0, nullable=True)
    age_1_5: float = column("Innbyggere 1–5 år", "personer", ge=0, nullable=True)
    age_6_15: float = column("Innbyggere 6–15 år", "personer", ge=0, nullable=True)
    age_20_66: float = column("Innbyggere 20–66 år", "personer", ge=0, nullable=True)
    age_67_79: float = column("Innbyggere 67–79 år", "personer", ge=0, nullable=True)
    age_80: float = column("Innbyggere 80 år og eldre", "personer", ge=0, nullable=True)
    births: float = column("Fødte gjennom året; mangler det siste", "personer", ge=0, nullable=True)
    deaths: float = column("Døde gjennom året; mangler det siste", "personer", ge=0, nullable=True)
    migration: float = column("Nettoflytting gjennom året; mangler det siste", "personer", nullable=True)
    jobs: float = column(
        "Arbeidsplasser: så mange til hver innbygger på 20–66 år som ved siste telling", "personer", ge=0, nullable=True
    )
    dwellings: float = column(
        "Boliger: så mange til hver innbygger på 20 år og over som ved siste telling", "boliger", ge=0, nullable=True
    )
    jobs_counted: float = column("Arbeidsplasser ved siste telling", "personer", ge=0, nullable=True)
    dwellings_counted: float = column("Boliger ved siste telling", "boliger", ge=0, nullable=True)


def build(projection_rates, projection_errors, population_by_age, employed_register, dwellings) -> pd.DataFrame:
    """Population on 1 January from the latest year to 2050 by course; people + births - deaths + migration are those a year later.

    The courses differ in bostedsattraktivitet only. The one that has tested best leads where its growth in every ten years lies
    within what nine of ten decades have given municipalities of that size, else the same held within that (`limited`). High and
    low are a posterior standard deviation to either side of the one that leads. Bands are 90 %, from errors of earlier
    projections (see `nlib.methods.projection.bands`); `limited` has that of the course it is made of (I). Jobs and dwellings are
    as many to each inhabitant of 20-66 years, and of 20 and over, as when they were last counted (I): jobs in the 4th quarter,
    against the people of the next 1 January.
    """
    if projection_rates.empty:
        return DATASET.empty()
    start, rates = from_table(projection_rates)
    first, people = int(projection_rates["start"].iloc[0]), cohorts(population_by_age)
    years = max(HORIZON - first, 1)
    homes = dwellings.groupby(["komm_nr", "year"])["dwellings"].sum(min_count=1).reset_index()
    needs = {
        "jobs": _counted(employed_register, "jobs", people, rates.places, WORKING, later=1),
        "dwellings": _counted(homes, "dwellings", people, rates.places, GROWN_UP),
    }
    low, high = (pd.Series(end, people.places).reindex(rates.places).to_numpy() for end in usual(people))
    unknown = np.isnan(start.sum(axis=(1, 2)))
    start = np.nan_to_num(start)
    best = ranked_courses(projection_errors)[0]
    paths, leads = _paths(start, rates, years, low, high, best)
    classes = (
        size_class(start.sum(axis=(1, 2))),
        pd.Series(fast(people.totals), people.places).reindex(rates.places, fill_value=False),
    )
    index = pd.MultiIndex.from_product([range(first, first + years + 1), rates.places], names=["year", "komm_nr"])
    tables, banded = [], (*LED_BY, "limited")
    for course, path in paths.items():
        made = project(start, rates, years, path)
        figures = _figures(made, needs)
        if course in banded:
            own = projection_errors[projection_errors["course"] == (best if course == "limited" else course)]
            width = np.vstack([np.zeros(len(start)), band_ahead(own, rates.places, *classes, years).T])
            figures |= {"low": made.totals * np.exp(-width), "high": made.totals * np.exp(width)}
        table = pd.DataFrame({name: np.where(unknown, np.nan, values).ravel() for name, values in figures.items()}, index)
        of_place = {
            "leads": leads == course,
            "usual": is_usual(made.totals, low, high),
            "usual_low_pct": low,
            "usual_high_pct": high,
        }
        table = table.reset_index().assign(course=course, **{name: np.tile(each, years + 1) for name, each in of_place.items()})
        table = table.merge(record(own), on="komm_nr", how="left", validate="m:1") if course in banded else table
        tables.append(table[table["leads"]] if course == "limited" else table)
    return pd.concat(tables, ignore_index=True).reindex(columns=list(Scenarios.to_schema().columns))


def record(own: pd.DataFrame) -> pd.DataFrame:
    """How often a municipality's band has been tried five years ahead, and has held; own: the errors of one course."""
    own = own[(own["horizon"] == RECORD) & own["low"].notna()]
    counted = own["actual"].between(own["low"], own["high"]).groupby(own["komm_nr"]).agg(["size", "sum"])
    return counted.set_axis(["tried", "held"], axis=1).astype("Int64").reset_index()


def _paths(start, rates, years, low, high, best):
    """Attractiveness by year and place of every course, and the course that leads by place."""
    flat = np.zeros((years, len(start)))
    paths = {"trend": flat + trend(rates, years), "neutral": flat}
    bound = ~is_usual(project(start, rates, years, paths[best]).totals, low, high)
    middle = paths[best]
    if bound.any():
        ends = (np.where(bound, end, np.nan) for end in (low, high))
        middle = paths["limited"] = limited(start, rates, years, middle, *ends)
    leads = np.where(bound, "limited", best)
    return paths | {"high": middle + rates.deviation, "low": middle - rates.deviation}, leads


def _figures(made, needs):
    """What a course gives, by name, each by year and place."""
    ages = {name: made.people[..., youngest:oldest].sum(axis=(2, 3)) for name, (youngest, oldest) in GROUPS.items()}
    none = np.full(made.totals.shape[1], np.nan)
    return {
        "population": made.totals,
        **ages,
        **{name: np.vstack([getattr(made, name), none]) for name in ("births", "deaths", "migration")},
        "jobs": needs["jobs"][1] * ages["age_20_66"],
        "dwellings": needs["dwellings"][1] * (made.totals - ages["age_0_19"]),
        **{f"{name}_counted": np.tile(known, (len(made.totals), 1)) for name, (known, _each) in needs.items()},
    }


def _counted(counts, column, people, places, ages, later=0):
    """The latest number that is known by place, and how many it is to each of the people of these ages `later` years after; the
    nearest year that the people are known of where they are not of that."""
    known = counts.dropna(subset=column).sort_values("year").groupby("komm_nr")[["year", column]].last().reindex(places)
    then = (known["year"].astype(float) + later).clip(people.years[0], people.years[-1]) - people.years[0]
    of_ages = pd.DataFrame(people.people[..., slice(*ages)].sum(axis=(2, 3)), columns=people.places).reindex(columns=places)
    those = [of_ages.at[int(year), place] if pd.notna(year) else np.nan for place, year in then.items()]
    number = known[column].astype(float).to_numpy()
    return number, number / np.where(np.array(those) > 0, those, np.nan)


DATASET = measure("Befolkningsscenarioer", Scenarios, build, by=("course",), moment="1. januar", ahead=True)
