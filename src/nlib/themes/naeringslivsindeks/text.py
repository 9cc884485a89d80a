"""The first page of the report on the business index: its key figure, and the findings of three figures."""

import pandas as pd

from nlib.charts.chart import Front
from nlib.core.translations import _
from nlib.themes import composites
from nlib.themes.facts import Drawn
from nlib.themes.naeringslivsindeks.figures import asked


def front(
    facts: pd.DataFrame,
    business_index_areas: pd.DataFrame,
    business_index: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    figure: Drawn,
) -> Front:
    """The key figure and the findings of the latest year that the municipality has the index for."""
    whose = asked(business_index_areas, business_index, population, names, komm_nr)
    what = _("Næringslivsindeksen er snittet av fem områder, der 50 poeng er gjennomsnittet av kommunene.")
    return composites.front(whose, facts, "business_index", _("Næringslivsindeksen for {name}", name=names[komm_nr]), what, figure)
