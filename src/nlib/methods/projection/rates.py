"""The rates that a projection runs on, estimated from what was known at its start.

Cohort change ratios of the nation are split into survival and net migration by a Gompertz line through the ratios of the old,
where hardly anybody moves over the border (I); its level is that of the nation's deaths where they are known. What survival does
not explain of a municipality's own cohorts is its net migration. Its size is drawn towards what the size of the municipality
tells, and by age towards the nation's, as far as the numbers are small. Bostedsattraktivitet is a part of it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.core.errors import InvalidTable, WrongUse, many
from nlib.methods.attractiveness import shrinkage
from nlib.methods.projection.cohorts import AGES, Cohorts, arrived, women

LEAST_DEATH, MOST_DEATH = 1e-5, 0.6


@dataclass(frozen=True)
class Assumptions:
    """What the figures do not tell, all inferred (I); each can be set.

    window: years of migration that rates are the mean of, and `fertility_window` of births (fewer where there are fewer)
    mortality_gain: how much of mortality goes each year from the start
    fade: how much of what attractiveness has been goes each year, where it is carried on (0.1 errs least of 0 to 0.1 in 2005-2025)
    mother_age, mother_spread: mean age of mothers and its standard deviation, years; the level is estimated
    birth_weight: births that the nation's fertility counts as beside a municipality's own
    move_weight: person-years that the nation's migration at an age counts as beside a municipality's own
    old: the ages, first and last, that the line of mortality is fitted on
    """

    window: int = 10
    fertility_window: int = 5
    mortality_gain: float = 0.012
    fade: float = 0.1
    mother_age: float = 31.0
    mother_spread: float = 5.2
    birth_weight: float = 100.0
    move_weight: float = 250.0
    old: tuple[int, int] = (65, 95)

    def __post_init__(self):
        if self.window < 1 or self.fertility_window < 1:
            raise WrongUse("window og fertility_window må være 1 år eller mer")
        if not 0 <= self.mortality_gain < 1:
            raise WrongUse(f"mortality_gain må være fra 0 og under 1, ikke {self.mortality_gain}")


PLAIN = Assumptions()


@dataclass(frozen=True)
class Rates:
    """What happens in a year to each who is there at its start.

    survival: by sex and age. fertility: births to a woman, by place and age. newborn_left: of the births, those who are there at
    the end of the year. migration: net migrants to each who is there, by place, sex and age. movers: who come and go as places
    differ, by sex and age; sums to 1. neutral: what comes by `movers` beside `migration` where attractiveness is 0, by place, % of
    the population. attractiveness, deviation: what it has been of late and its posterior standard deviation, likewise.
    """

    places: pd.Index
    sexes: tuple[str, ...]
    survival: np.ndarray
    fertility: np.ndarray
    newborn_left: float
    migration: np.ndarray
    movers: np.ndarray
    neutral: np.ndarray
    attractiveness: np.ndarray
    deviation: np.ndarray


def estimate(
    people: Cohorts,
    changes: pd.DataFrame | None = None,
    attractiveness: pd.DataFrame | None = None,
    until: int | None = None,
    assumptions: Assumptions = PLAIN,
) -> Rates:
    """The rates as they were known on 1 January of `until` (the last year unless given).

    changes: `komm_nr`, `year`, `births`, `deaths` (persons through the year), perhaps none; births and deaths of the years that
    are used count where all of the nation's are there. Without births, those of age 0 on the next 1 January stand for them.
    attractiveness: `komm_nr`, `year`, `value_pct`, `deviation_pct` (bosted, % of the population); of the year before `until`, else
    the latest before. Where it is not given for a place, its migration's own deviation from what its size tells stands for it.
    Missing figures and years from before a split are left out, but for a place that has no others. `WrongUse` where there are
    not two years to estimate on.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100 - np.arange(106) ** 4 // 1300000})
    >>> rates = estimate(cohorts(pd.concat([ages.assign(year=year) for year in (2024, 2025, 2026)])))
    >>> rates.survival[0, [30, 90]].round(2).tolist()
    [1.0, 0.95]
    """
    last = int(people.years[-1] if until is None else until) if len(people.years) else 0
    span = [year for year in people.years[1:] if last - assumptions.window < year <= last]
    if not span:
        raise WrongUse(f"Framskriving fra {last or 'ingen år'} trenger folketall etter alder for to år på rad")
    before, after = (np.stack([people.at(year - back) for year in span]) for back in (1, 0))
    known = ~np.isnan(before.sum(axis=(2, 3)) + after.sum(axis=(2, 3)))
    comparable = known & np.stack([people.comparable[int(year) - people.years[0]] for year in span])
    comparable &= np.stack([people.comparable[int(year) - 1 - people.years[0]] for year in span])
    used = np.where(comparable.any(axis=0), comparable, known)
    before, after = (np.where(used[:, :, None, None], figures, 0.0) for figures in (before, after))
    came = arrived(after, before)

    births, deaths = (_counted(changes, people.places, span, name) for name in ("births", "deaths"))
    survival = _survival(before, came, None if deaths is None else np.where(used, deaths, 0.0).sum(), assumptions)
    stay = before * survival
    infants = after[..., 0].sum(axis=2)
    born = infants if births is None else np.where(used, births, 0.0)
    newborn_left = 1.0 if births is None or not born.sum() else min(1.0, infants.sum() / born.sum())
    fertility = _fertility(women(before, people.sexes), born, assumptions)

    net = came - stay
    sizes, moved = before.sum(axis=(2, 3)), net.sum(axis=(2, 3))
    crude = np.where(used, _ratio(100 * moved, sizes, np.nan), np.nan)
    population = people.at(last).sum(axis=(1, 2))
    population = np.where(np.isnan(population), np.nanmean(np.where(sizes > 0, sizes, np.nan), axis=0), population)
    expected, own, deviation = _levels(crude, population)
    migration, movers, given = _by_age(before, net, assumptions)
    level = expected + own - given
    own, deviation = _given(attractiveness, people.places, last, own, deviation)
    return Rates(people.places, people.sexes, survival, fertility, newborn_left, migration, movers, level - own, own, deviation)


def _counted(changes, places, span, name):
    """Births or deaths by year and place over the transitions into the years of `span`; None unless every place has them."""
    if changes is None or changes.empty:
        return None
    if lacking := [column for column in ("komm_nr", "year", name) if column not in changes]:
        raise InvalidTable("changes", [f"kolonnen {column} mangler" for column in lacking])
    wide = changes.pivot(index="year", columns="komm_nr", values=name).reindex([year - 1 for year in span], columns=places)
    figures = wide.to_numpy(float, na_value=np.nan)
    return None if np.isnan(figures).any() else figures


def _survival(before, came, deaths, assumptions):
    """The share of each sex and age who are alive a year later: a Gompertz line in the nation's hazards at old ages."""
    low, high = assumptions.old
    at, left = (figures.sum(axis=(0, 1)) for figures in (before, came))
    ages = AGES[low : high + 1]
    died = np.clip(at - left, 0, None)[:, low : high + 1]
    hazard = -np.log(np.clip(_ratio(left, at, 1.0), 1 - MOST_DEATH, 1 - LEAST_DEATH))
    lines = []
    for sex in range(len(at)):
        weights = np.sqrt(died[sex])
        if (weights > 0).sum() < 2:
            lines.append(np.full(len(AGES), LEAST_DEATH))
            continue
        slope, level = np.polyfit(ages, np.log(hazard[sex, low : high + 1]), 1, w=weights)
        lines.append(np.exp(level + slope * AGES))
    hazards = np.array(lines)
    if deaths is not None:
        expected = (at * (1 - np.exp(-hazards))).sum()
        hazards = hazards * (deaths / expected if deaths > 0 and expected > 0 else 1.0)
    return 1 - np.clip(1 - np.exp(-hazards), LEAST_DEATH, MOST_DEATH)


def _fertility(mothers, births, assumptions):
    """Births to a woman by place and age: a fixed shape, the nation's level, and the place's own as far as births are many."""
    shape = np.exp(-(((AGES - assumptions.mother_age) / assumptions.mother_spread) ** 2) / 2)
    shape = np.where((AGES >= 15) & (AGES <= 49), shape, 0.0)
    expected = mothers @ shape
    recent = slice(-assumptions.fertility_window, None)
    level = _ratio(births[recent].sum(), expected[recent].sum())
    yearly = _ratio(births.sum(axis=1), expected.sum(axis=1))
    due = (expected * yearly[:, None]).sum(axis=0)
    own = (births.sum(axis=0) + assumptions.birth_weight) / (due + assumptions.birth_weight)
    return own[:, None] * level * shape


def _levels(crude, population):
    """Net migration, % of population a year: what the size of each place tells, and what a place has of its own, with its sd.

    crude: by year and place, NaN where unknown. Each year has its own line on ln(population); see `nlib.methods.attractiveness`.
    """
    lines = np.full_like(crude, np.nan)
    sizes = np.log(np.maximum(population, 1.0))
    weights = np.sqrt(1 / shrinkage.noise(np.maximum(population, 1.0)))
    for year, figures in enumerate(crude):
        known = ~np.isnan(figures)
        if not known.any():
            continue
        if known.sum() > 2 and np.ptp(sizes[known]) > 0:
            lines[year] = np.polyval(np.polyfit(sizes[known], figures[known], 1, w=weights[known]), sizes)
        else:
            lines[year] = np.average(figures[known], weights=weights[known] ** 2)
    expected = np.nanmean(lines, axis=0)
    residuals = (crude - lines).T
    years = (~np.isnan(residuals)).sum(axis=1)
    mean = _ratio(np.nansum(residuals, axis=1), years)
    if not np.nansum(residuals**2) > 1e-12:
        return expected, mean, np.zeros_like(mean)
    spread = shrinkage.variances(residuals, np.maximum(population, 1.0))
    own, deviation = shrinkage.posterior(mean, np.maximum(years, 1), np.maximum(population, 1.0), spread)
    return expected, np.where(years > 0, own, 0.0), np.where(years > 0, deviation, np.sqrt(spread.tau2))


def _by_age(before, net, assumptions):
    """Net migrants to each person by place, sex and age; who come and go as places differ; and the migrants given, % a year.

    Who come and go is the slope, across places, of net migration at an age on net migration in all: it sums to 1 by itself.
    """
    at, moved = before.sum(axis=0), net.sum(axis=0)
    national = _ratio(moved.sum(axis=0), at.sum(axis=0))
    rates = (moved + assumptions.move_weight * national) / (at + assumptions.move_weight)
    people = at.sum(axis=(1, 2))
    apart = moved.sum(axis=(1, 2)) - people * _ratio(moved.sum(), people.sum())
    slope = _smooth(np.einsum("m,msa->sa", _ratio(apart, people), moved)).clip(0)
    movers = slope if slope.sum() > 1e-9 else at.sum(axis=0)
    return rates, movers / movers.sum(), 100 * _ratio((at * rates).sum(axis=(1, 2)), people)


def _ratio(part, whole, empty=0.0):
    """Part over whole; `empty` where there is no whole."""
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, float(empty)), where=whole > 0)


def _smooth(figures):
    """The mean of three ages."""
    wide = np.pad(figures, ((0, 0), (1, 1)), mode="edge")
    return (wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]) / 3


def _given(attractiveness, places, last, own, deviation):
    """Attractiveness and its standard deviation as given, % of population; the place's own where it is not."""
    if attractiveness is None or attractiveness.empty:
        return own, deviation
    if lacking := [name for name in ("komm_nr", "year", "value_pct", "deviation_pct") if name not in attractiveness]:
        raise InvalidTable("attractiveness", [f"kolonnen {name} mangler" for name in lacking])
    earlier = attractiveness[(attractiveness["year"] < last) & attractiveness["deviation_pct"].notna()]
    latest = earlier[earlier["year"] == earlier["year"].max()].set_index("komm_nr").reindex(places)
    known = latest["value_pct"].notna().to_numpy()
    return (np.where(known, latest[name].to_numpy(float), old) for name, old in (("value_pct", own), ("deviation_pct", deviation)))


def from_table(table: pd.DataFrame) -> tuple[np.ndarray, Rates]:
    """The start (people by place, sex and age) and the rates, from a table with a row for each place, sex and age.

    table: `komm_nr`, `sex`, `age`, `population`, `survival`, `fertility`, `newborn_left`, `migration`, `movers`,
    `neutral_pct`, `attractiveness_pct`, `deviation_pct`; what holds for all stands in every row.
    """
    table = table.sort_values(["komm_nr", "sex", "age"])
    places, sexes = pd.Index(table["komm_nr"].unique()), tuple(table["sex"].unique())
    if len(table) != len(places) * len(sexes) * len(AGES):
        raise InvalidTable("projection_rates", [f"{many(len(table), 'rad', 'rader')} er ikke én for hvert sted, kjønn og alder"])
    shape = (len(places), len(sexes), len(AGES))
    by = {name: table[name].to_numpy(float).reshape(shape) for name in table.columns.drop(["komm_nr", "sex", "age"])}
    return by["population"], Rates(
        places,
        sexes,
        by["survival"][0],
        by["fertility"][:, -1],
        float(by["newborn_left"][0, 0, 0]),
        by["migration"],
        by["movers"][0],
        *(by[name][:, 0, 0] for name in ("neutral_pct", "attractiveness_pct", "deviation_pct")),
    )
