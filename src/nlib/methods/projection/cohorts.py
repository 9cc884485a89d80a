"""Population by sex and single year of age as one array, and what happens to a cohort in a year."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.core.errors import InvalidTable

OLDEST = 105  # and over
AGES = np.arange(OLDEST + 1)
KEY = ["komm_nr", "year", "sex", "age"]
WOMEN = "2"
BORN = {"1": 0.513, WOMEN: 0.487}  # of the newborn
WOMEN_OF_ALL = 0.487  # of those of an age where sex is not given (I)


@dataclass(frozen=True)
class Cohorts:
    """Population on 1 January: `people` by year, place, sex and age (105 is 105 and over), NaN where a place has no figures.

    `comparable` by year and place is False where figures from before a split are shared out.
    """

    places: pd.Index
    years: np.ndarray
    sexes: tuple[str, ...]
    people: np.ndarray
    comparable: np.ndarray

    def at(self, year: int) -> np.ndarray:
        """People of one year, by place, sex and age."""
        return self.people[int(year) - self.years[0]]

    @property
    def totals(self) -> np.ndarray:
        """Population by year and place."""
        return self.people.sum(axis=(2, 3))


def cohorts(population_by_age: pd.DataFrame) -> Cohorts:
    """The table as an array; `InvalidTable` lists what is wrong with it.

    population_by_age: `komm_nr`, `year` (those before a gap are left out), `sex` ("1" men, "2" women, or "0" for all
    where sex is not given), `age` (0 to 105), `population` (1 January, persons), perhaps `comparable`. An age that is not
    listed has nobody where the municipality has other rows that year; a missing figure makes the municipality's year missing.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "year": 2026, "sex": "0", "age": range(106), "population": 10})
    >>> population = cohorts(ages)
    >>> population.people.shape, population.totals.tolist()
    ((1, 1, 1, 106), [[1060.0]])
    """
    frame = population_by_age
    if lacking := [name for name in (*KEY, "population") if name not in frame]:
        raise InvalidTable("population_by_age", [f"kolonnen {name} mangler" for name in lacking])
    figures = frame["population"].astype("Float64").to_numpy(float, na_value=np.nan)
    sexes = tuple(sorted(frame["sex"].unique()))
    faults = []
    if (figures < 0).any() or np.isinf(figures).any():
        faults.append("population må være tall fra 0 og opp")
    if not frame["age"].between(0, OLDEST).all():
        faults.append(f"age må være fra 0 til {OLDEST}")
    if len(frame) and sexes not in (("1", "2"), ("0",)):
        faults.append(f"sex må være 1 og 2, eller bare 0, ikke {', '.join(sexes)}")
    if faults:
        raise InvalidTable("population_by_age", faults)
    given = np.sort(frame["year"].unique())
    given = given[np.flatnonzero(np.diff(given, prepend=given[:1] - 2) > 1)[-1] :] if len(given) else given
    frame = frame[frame["year"].isin(given)]
    figures = figures[population_by_age["year"].isin(given).to_numpy()]

    codes, places = pd.factorize(frame["komm_nr"], sort=True)
    years = np.arange(given[0], given[-1] + 1) if len(given) else np.array([], dtype=int)
    at = (frame["year"].to_numpy() - (years[0] if len(years) else 0), codes)
    people = np.zeros((len(years), len(places), len(sexes), len(AGES)))
    sex = (frame["sex"] == sexes[-1]).to_numpy(int) * (len(sexes) - 1) if sexes else codes
    cells = np.ravel_multi_index((*at, sex, frame["age"].to_numpy(int)), people.shape)
    if len(twice := np.flatnonzero(np.bincount(cells, minlength=1) > 1)):
        example = frame.iloc[np.flatnonzero(cells == twice[0])[0]][KEY].to_dict()
        raise InvalidTable("population_by_age", [f"nøkkelen {KEY} står flere ganger, for eksempel {example}"])
    people.ravel()[cells] = figures
    listed = np.zeros(people.shape[:2], dtype=bool)
    listed[at] = True
    people[~listed | np.isnan(people).any(axis=(2, 3))] = np.nan
    comparable = np.ones(listed.shape, dtype=bool)
    if "comparable" in frame:
        apart = ~frame["comparable"].to_numpy(bool)
        comparable[at[0][apart], at[1][apart]] = False
    return Cohorts(pd.Index(places, name="komm_nr"), years, sexes, people, comparable)


def older(figures: np.ndarray) -> np.ndarray:
    """Figures by age (the last axis) a year later, without the newborn: those of 104 join those of 105 and over."""
    moved = np.zeros_like(figures)
    moved[..., 1:] = figures[..., :-1]
    moved[..., -1] += figures[..., -1]
    return moved


def arrived(following: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Those of the following year by the age they had the year before; the open group is shared by who could reach it."""
    came = np.empty_like(following)
    came[..., :-2] = following[..., 1:-1]
    last = before[..., -2:]
    whole = last.sum(axis=-1, keepdims=True)
    shares = np.divide(last, whole, out=np.full_like(last, 0.5), where=whole > 0)
    came[..., -2:] = following[..., -1:] * shares
    return came


def women(people: np.ndarray, sexes: tuple[str, ...]) -> np.ndarray:
    """Women by age; where sex is not given, a fixed share of all (I)."""
    return people[..., sexes.index(WOMEN), :] if WOMEN in sexes else WOMEN_OF_ALL * people[..., 0, :]


def newborn(births: np.ndarray, sexes: tuple[str, ...]) -> np.ndarray:
    """Births by sex, on a new last axis."""
    return births[..., None] * (np.array([BORN[sex] for sex in sexes]) if WOMEN in sexes else np.ones(1))
