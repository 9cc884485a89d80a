"""How people age, die, are born and move: profiles by sex and age (0-105), and a year of an age structure."""

import numpy as np

AGES = np.arange(106)
BORN = np.array([0.513, 0.487])  # boys and girls
YEARLY_GAIN = 0.012  # how much of mortality goes each year
DEATHS = np.minimum(np.array([[1.9e-5], [1.15e-5]]) * np.exp(0.104 * AGES), 0.6)  # in the first year, of men and women
DEATHS[:, 0] = 0.003
BIRTHS = 1.8 * np.exp(-(((AGES - 30) / 5.2) ** 2) / 2) / (5.2 * np.sqrt(2 * np.pi))  # to a woman
MOVES = 0.2 + 1.5 * np.exp(-(((AGES - 24) / 5.5) ** 2) / 2) + 0.5 * np.exp(-AGES / 7)  # of those who move, relative


def first(young: np.ndarray) -> np.ndarray:
    """The age structure of places at first, shares by sex and age: `young` above 0 tilts a place to the young."""
    alive = np.cumprod(1 - DEATHS, axis=1)
    shape = BORN[:, None] * alive * np.exp(-0.005 * AGES) * (1 + 0.15 * np.exp(-(((AGES - 40) / 15) ** 2) / 2))
    people = shape * np.exp(-young[:, None, None] * (AGES - 40) / 100)
    return people / people.sum(axis=(1, 2), keepdims=True)


def births(ages: np.ndarray) -> np.ndarray:
    """Expected births in each place."""
    return ages[:, 1] @ BIRTHS


def deaths(ages: np.ndarray, years: int) -> np.ndarray:
    """Expected deaths in each place by sex and age, some years after the first."""
    return ages * DEATHS * (1 - YEARLY_GAIN) ** years


def after(ages, years, born, dead, come, left, population) -> np.ndarray:
    """The age structure a year later, given how many were born, died, came and left, and the population they leave."""
    died, moved = deaths(ages, years), ages * MOVES
    movers = moved.sum(axis=0) / moved.sum()
    rest = ages - died * _times(dead, died) - moved * _times(left, moved) + come[:, None, None] * movers
    rest = rest.clip(0)
    older = np.empty_like(rest)
    older[..., 1:] = rest[..., :-1]
    older[..., -1] += rest[..., -1]
    older[..., 0] = born[:, None] * BORN
    return older * _times(population, older)


def _times(totals, figures):
    return (totals / figures.sum(axis=(1, 2)))[:, None, None]
