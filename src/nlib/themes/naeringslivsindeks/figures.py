"""The figures of the page on the business index: areas, indicators, weights and development.

Each function takes contract tables and gives a Chart, or Missing with the reason. Scores are 0-100 among the year's municipalities.
"""

import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.core.translations import _
from nlib.themes import composites
from nlib.themes.composites import Asked, Measure

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


def areas(
    business_index_areas: pd.DataFrame,
    business_index: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
) -> Chart | Missing:
    """The index and its five areas with rank, the robust version, and those it is compared with."""
    return composites.areas(asked(business_index_areas, business_index, population, names, komm_nr), compare)


def indicators(
    business_index_areas: pd.DataFrame, business_index: pd.DataFrame, population: pd.DataFrame, names: dict[str, str], komm_nr: str
) -> Chart | Missing:
    """The twelve indicators with score, value and rank; those that are missing are named."""
    return composites.indicators(asked(business_index_areas, business_index, population, names, komm_nr))


def weights(
    business_index_areas: pd.DataFrame, business_index: pd.DataFrame, population: pd.DataFrame, names: dict[str, str], komm_nr: str
) -> Chart | Missing:
    """The place with other weights on the areas, and by the robust version."""
    return composites.weights(asked(business_index_areas, business_index, population, names, komm_nr))


def development(
    business_index_areas: pd.DataFrame,
    business_index: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
) -> Chart | Missing:
    """The index and its areas year by year."""
    return composites.development(asked(business_index_areas, business_index, population, names, komm_nr), compare)


def asked(areas: pd.DataFrame, scores: pd.DataFrame, population: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Asked:
    """Whose index is told, and how."""
    what = _("næringslivsindeksen")
    return Asked("naeringslivsindeks", what, komm_nr, names, MEASURES, areas, scores, population, SOURCE, LACKING, AID)
