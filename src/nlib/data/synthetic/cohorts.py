"""How people of each age (0 to 105) die: a Gompertz line, both sexes together."""

import numpy as np

AGES = np.arange(106)
FIRST = 2006  # the year that the rates are those of
YEARLY_GAIN = 0.012  # how much of mortality goes each year
DEATHS = np.minimum(1.5e-5 * np.exp(0.104 * AGES), 0.6)  # of those of an age, in the first year
DEATHS[0] = 0.003
OLD = 75  # from this age few move, so that those who are fewer a year later have died


def deaths(ages: np.ndarray, year: int) -> np.ndarray:
    """Expected deaths in each place (row) by age, through a year."""
    return ages * DEATHS * (1 - YEARLY_GAIN) ** (year - FIRST)
