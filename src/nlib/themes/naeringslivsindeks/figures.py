"""The figures of the page on the business index: areas, indicators, weights and development.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Scores are 0-100 among the year's municipalities.
"""

import pandas as pd

from nlib.core.translations import _
from nlib.themes import composites
from nlib.themes.composites import Asked, Measure, figure

POINTS = "%-poeng"
MEASURES = {
    "job_growth": Measure(_("Jobbvekst"), "%", sign=True),
    "job_growth_adjusted": Measure(_("Jobbvekst, justert"), POINTS, sign=True),
    "productivity": Measure(_("Produktivitet"), "kr", 0),
    "productivity_adjusted": Measure(_("Produktivitet, justert"), "kr", 0, sign=True),
    "profitability": Measure(_("Positivt resultat"), "%"),
    "profitability_adjusted": Measure(_("Positivt resultat, justert"), POINTS, sign=True),
    "positive_equity": Measure(_("Positiv egenkapital"), "%"),
    "new_firm_rate": Measure(_("Nye foretak"), "%"),
    "new_firm_rate_adjusted": Measure(_("Nye foretak, justert"), POINTS, sign=True),
    "firm_growth": Measure(_("Flere virksomheter"), "%", sign=True),
    "firm_growth_adjusted": Measure(_("Flere virksomheter, justert"), POINTS, sign=True),
    "size": Measure(_("Private jobber per 100"), "", 1),
}
SOURCE = _("SSB, tabell 08536, 13472, 07091, 08316 og 07459, og foretakenes regnskap. Beregnet av nlib")
LACKING = _(
    "arbeidsplasser etter næring og sektor, virksomheter, nye foretak og foretakenes regnskap er ikke hentet eller tatt inn."
)
AID = _("«Justert» er forskjellen fra det kommunens bransjer ville gitt med landets tall.")


def asked(
    business_index_areas: pd.DataFrame, business_index: pd.DataFrame, population: pd.DataFrame, names: dict[str, str], komm_nr: str
) -> Asked:
    """Whose index is told, and how."""
    tables = (business_index_areas, business_index, population)
    return Asked("naeringslivsindeks", _("næringslivsindeksen"), komm_nr, names, MEASURES, *tables, SOURCE, LACKING, AID)


areas = figure(composites.areas, asked)
indicators = figure(composites.indicators, asked)
weights = figure(composites.weights, asked)
development = figure(composites.development, asked)
