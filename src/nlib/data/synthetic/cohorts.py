"""How people of each age (0 to 105) die and are born, both sexes together."""

import numpy as np

AGES = np.arange(106)
FIRST = 2006  # the year that the rates are those of
YEARLY_GAIN = 0.012  # how much of mortality goes each year
DEATHS = np.minimum(1.5e-5 * np.exp(0.104 * AGES), 0.6)  # of those of an age, in the first year
DEATHS[0] = 0.003
BIRTHS = 0.487 * 1.6 * np.exp(-(((AGES - 31) / 5.2) ** 2) / 2) / (5.2 * np.sqrt(2 * np.pi))  # for each person of an age
OLD = 75  # from this age few move, so that those who are fewer a year later have died


def deaths(ages: np.ndarray, year: int) -> np.ndarray:
    """Expected deaths in each place (row) by age, through a year."""
    return ages * DEATHS * (1 - YEARLY_GAIN) ** (year - FIRST)


def older(ages: np.ndarray, year: int) -> np.ndarray:
    """The people of each place (row) by age a year later, where nobody has moved."""
    left = ages - deaths(ages, year)
    aged = np.column_stack([ages @ BIRTHS, left[:, :-1]])
    aged[:, -1] += left[:, -1]
    return aged
