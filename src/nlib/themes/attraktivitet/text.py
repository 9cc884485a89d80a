"""The first page of the attractiveness report: its key figures, and the findings of three figures."""

import pandas as pd

from nlib.charts.chart import Front
from nlib.charts.facts import attractiveness_of
from nlib.core.translations import _
from nlib.themes.attraktivitet import figures as attraktivitet
from nlib.themes.facts import cards, findings


def front(
    facts: pd.DataFrame,
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
) -> Front:
    """Key figures and findings of the latest period that the municipality has figures for."""
    name, parts = names[komm_nr], (attractiveness_components, population, names)
    charts = (
        attraktivitet.scatter(attractiveness, *parts, compare, komm_nr),
        attraktivitet.growth(attractiveness, *parts, komm_nr),
        attraktivitet.expected(*parts, komm_nr),
    )
    what = _("Attraktivitet er vekst ut over det størrelse, arbeidsmarked, bransjer og landets utvikling skulle tilsi.")
    whole = attractiveness_of(attractiveness, komm_nr, "samlet")
    if whole is None:
        why = attraktivitet.why_not(attractiveness_components, population, komm_nr)
        lead = _("{what} For {name} kan den ikke beregnes: {why}", what=what, name=name, why=why)
    else:
        lead = _("{what} Den samlede verdien for {name} {row}.", what=what, name=name, row=attraktivitet.verdict(whole))
    keys = cards(facts, komm_nr, "growth_pct", "bosted", "naering", "samlet")
    return Front(_("Attraktiviteten til {name}", name=name), lead, keys, findings(*charts))
