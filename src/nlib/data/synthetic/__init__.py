"""The country of the edition that comes with the project: SSB's people and commuters, the rest made up to fit them, seeded.

Each source turns its share into the producer's own format, so that what is made up passes through the same cleaning as what is
real. What is true of each place is known (`Norway.truth`), so that a model can be tested on it.
"""

from types import MappingProxyType

from nlib.data.synthetic import known
from nlib.data.synthetic.business import Business
from nlib.data.synthetic.industries import INDUSTRIES, SECTORS
from nlib.data.synthetic.people import People
from nlib.data.synthetic.survey import Survey
from nlib.data.synthetic.work import Work

__all__ = ["INDUSTRIES", "SECTORS", "Norway"]


class Norway(People, Work, Business, Survey):
    """One draw of what is made up. The same seed gives the same country.

    The methods give a year's figures on the municipality numbers of that year, but for population by age, which is on today's.
    `flow_years` are the 4th quarters with commuting and employment, which end with the last that is SSB's; `industry_years` those
    of them that SSB has by industry. `population_years` are 1 Januaries, `employment_years` the years that are over since.
    """

    population_years = range(known.population_years()[0], known.population_years()[-1] + 1)
    employment_years = population_years[:-1]
    flow_years = range(population_years[0], known.flow_years()[-1] + 1)
    industry_years = range(2008, flow_years[-1] + 1)
    known_years = MappingProxyType(  # in which a method's figures are SSB's
        {"by_age": population_years, "flows": known.flow_years(), "margins": known.flow_years()}
    )
    updated = "2026-03-01T07:00:00Z"
