"""A synthetic Norway: the real map and municipality numbers, made-up people and businesses, seeded.

Each source turns its share of it into the producer's own format, so that synthetic figures pass through the same cleaning
as real ones. Jobs and people change by the two equations of attractiveness with the coefficients that Telemarksforsking
published in 2017, so that a model of them can be held against the truth (`Norway.truth`).
"""

from nlib.data.synthetic.business import Business
from nlib.data.synthetic.industries import INDUSTRIES, SECTORS
from nlib.data.synthetic.people import People
from nlib.data.synthetic.survey import Survey
from nlib.data.synthetic.work import Work

__all__ = ["INDUSTRIES", "SECTORS", "Norway"]


class Norway(People, Work, Business, Survey):
    """One draw of the synthetic country. The same seed gives the same country.

    The methods give a year's figures on the municipality numbers of that year. `employment_years` and `flow_years` are 4th
    quarters, `population_years` 1 Januaries; `industry_years` are those that SSB has by industry.
    """

    employment_years = flow_years = range(2000, 2026)
    industry_years = range(2008, 2026)
    population_years = range(2000, 2027)
    updated = "2026-03-01T07:00:00Z"
