"""The population of each municipality to 2050 in four courses, with the jobs and dwellings that today's rates would ask for."""

import numpy as np
import pandas as pd

from nlib.indicators.projection_backtest import HORIZON
from nlib.projection import project, size_class, trend
from nlib.projection.rates import from_table
from nlib.tables import KOMM_NR, Dataset, Table, column

COURSES = {"neutral": "neutral", "high": "neutral", "low": "neutral", "trend": "trend"}  # course: whose errors give its band
GROUPS = {"age_0_19": (0, 20), "age_20_66": (20, 67), "age_67_79": (67, 80), "age_80": (80, 106)}


class Scenarios(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År; folketallet gjelder 1. januar", ge=1950, le=2150)
    course: str = column(
        "Forløp: neutral er attraktivitet null, high og low ett standardavvik over og under, trend som den har vært, og avtar",
        isin=list(COURSES),
    )
    population: float = column("Framskrevet folketall 1. januar, ikke avrundet", "personer", ge=0, nullable=True)
    low: float = column("Nedre grense for 80 prosents bånd", "personer", ge=0, nullable=True)
    high: float = column("Øvre grense for 80 prosents bånd", "personer", ge=0, nullable=True)
    age_0_19: float = column("Innbyggere 0–19 år", "personer", ge=0, nullable=True)
    age_20_66: float = column("Innbyggere 20–66 år", "personer", ge=0, nullable=True)
    age_67_79: float = column("Innbyggere 67–79 år", "personer", ge=0, nullable=True)
    age_80: float = column("Innbyggere 80 år og eldre", "personer", ge=0, nullable=True)
    births: float = column("Fødte gjennom året; mangler det siste", "personer", ge=0, nullable=True)
    deaths: float = column("Døde gjennom året; mangler det siste", "personer", ge=0, nullable=True)
    migration: float = column("Nettoflytting gjennom året; mangler det siste", "personer", nullable=True)
    jobs: float = column("Arbeidsplasser, med like mange for hver innbygger 20–66 år som nå", "personer", ge=0, nullable=True)
    dwellings: float = column("Boliger, med like mange for hver innbygger over 20 år som nå", "boliger", ge=0, nullable=True)


def build(
    projection_rates: pd.DataFrame,
    projection_backtest: pd.DataFrame,
    population_by_age: pd.DataFrame,
    employed_register: pd.DataFrame,
    dwellings: pd.DataFrame,
) -> pd.DataFrame:
    """Population on 1 January from the latest year to 2050 by course; people + births - deaths + migration are those a year later.

    The courses differ in bostedsattraktivitet only. Bands are 80 %, from the errors of earlier projections in the same size
    class; `high` and `low` are given those of `neutral` (I). Jobs are those of the latest 4th quarter that is known to each
    inhabitant of 20-66 years on the 1 January after, dwellings those to each of 20 and over on the same 1 January (I).
    """
    if projection_rates.empty:
        return DATASET.empty()
    start, rates = from_table(projection_rates)
    first = int(projection_rates["start"].iloc[0])
    ahead = max(HORIZON - first, 1)
    sizes = size_class(np.nan_to_num(start.sum(axis=(1, 2))))
    needs = _needed(population_by_age, employed_register, dwellings).reindex(rates.places)
    worth: dict[str, np.ndarray | float] = {
        "neutral": 0.0,
        "high": rates.deviation,
        "low": -rates.deviation,
        "trend": trend(rates, ahead),
    }
    unknown = np.isnan(start.sum(axis=(1, 2)))
    tables = []
    for course, whose in COURSES.items():
        made = project(np.nan_to_num(start), rates, ahead, worth[course])
        ages = {name: made.people[..., low:high].sum(axis=(2, 3)) for name, (low, high) in GROUPS.items()}
        width = _widths(projection_backtest, whose, first, ahead, sizes)
        figures = {
            "population": made.totals,
            "low": made.totals / (1 + width),
            "high": made.totals * (1 + width),
            **ages,
            **{name: np.vstack([getattr(made, name), np.full(len(start), np.nan)]) for name in ("births", "deaths", "migration")},
            "jobs": ages["age_20_66"] * needs["jobs"].to_numpy(),
            "dwellings": (made.totals - ages["age_0_19"]) * needs["dwellings"].to_numpy(),
        }
        index = pd.MultiIndex.from_product([range(first, first + ahead + 1), rates.places], names=["year", "komm_nr"])
        known = {name: np.where(unknown, np.nan, values).ravel() for name, values in figures.items()}
        tables.append(pd.DataFrame(known, index).reset_index().assign(course=course))
    return pd.concat(tables, ignore_index=True)


def _widths(backtest, course, origin, ahead, sizes):
    """Half the band as a ratio, by year from the start and place; none at the start itself."""
    held = backtest[(backtest["course"] == course) & (backtest["origin"] == origin) & (backtest["n"] == 0)]
    wide = held.pivot(index="horizon", columns="size_class", values="width_pct").reindex(range(1, ahead + 1))
    return np.vstack([np.zeros(len(sizes)), wide.reindex(columns=sizes).to_numpy(float) / 100])


def _needed(population_by_age, employed_register, dwellings):
    """By municipality, jobs to each of 20-66 years and dwellings to each of 20 and over; the latest of all that are known."""
    ages = population_by_age[["age", "population"]].astype(float)
    keys = [population_by_age["komm_nr"], population_by_age["year"]]
    adults, working = (ages["population"].where(ages["age"].between(20, oldest), 0.0).groupby(keys).sum() for oldest in (105, 66))
    jobs = employed_register.dropna(subset="jobs").astype({"jobs": float})
    jobs = jobs.assign(year=jobs["year"] + 1).set_index(["komm_nr", "year"])["jobs"]  # the 1 January after the 4th quarter
    homes = dwellings.astype({"dwellings": float}).groupby(["komm_nr", "year"])["dwellings"].sum(min_count=1)
    return pd.DataFrame({"jobs": _latest(jobs, working), "dwellings": _latest(homes, adults)})


def _latest(counts, people):
    """Counts to each of the people in the latest year that has both, by municipality."""
    rate = (counts / people.where(people > 0)).dropna()
    return rate.sort_index().groupby(level="komm_nr").last()


DATASET = Dataset(
    name="population_scenarios",
    title="Befolkningsscenarioer",
    key=("komm_nr", "year", "course"),
    schema=Scenarios,
    needs=("projection_rates", "projection_backtest", "population_by_age", "employed_register", "dwellings"),
    build=build,
    moment="1. januar",
)
