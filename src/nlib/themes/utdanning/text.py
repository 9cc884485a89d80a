"""The first page of the education report: its key figures and the findings of its figures."""

import pandas as pd

from nlib.charts.chart import Front
from nlib.charts.facts import own_years
from nlib.core.language import at, number, percent
from nlib.core.translations import _
from nlib.themes.facts import Drawn, cards, findings


def front(
    facts: pd.DataFrame,
    education_levels: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    figure: Drawn,
    youth_outside: pd.DataFrame | None = None,
) -> Front:
    """Key figures and findings of the latest year that the municipality has figures for."""
    name, rows = names[komm_nr], own_years(education_levels, komm_nr, "higher_pct")
    title = _("Utdanning {name}", name=at(name))
    if rows.empty:
        return Front(title, _("Utgaven har ingen tall for utdanningen {name}.", name=at(name)), (), ())
    last = rows.iloc[-1]
    lead = _(
        "1. oktober {year} hadde {known} innbyggere på 16 år og over kjent utdanning. {higher_pct} av dem hadde fullført "
        "universitet eller høgskole.",
        year=last["year"],
        known=number(last["known"]),
        higher_pct=percent(last["higher_pct"]),
    )
    shown = cards(facts, komm_nr, "higher_pct", "fagskole_pct", "grunnskole_pct")
    return Front(
        title, lead + outside(youth_outside, komm_nr), shown, findings(figure("utdanning.levels"), figure("utdanning.gap"))
    )


def outside(youth_outside: pd.DataFrame | None, komm_nr: str) -> str:
    """The share of the young outside work and education in the latest year that has it, after a space; empty where none has."""
    if youth_outside is None or (own := own_years(youth_outside, komm_nr, "share_pct")).empty:
        return ""
    last = own.iloc[-1]
    return _(
        " I november {year} var {share_pct} av dem mellom 15 og 29 år utenfor arbeid, utdanning og arbeidsmarkedstiltak "
        "(landet {nation_pct}; SSB, tabell 13563).",
        year=last["year"],
        share_pct=percent(last["share_pct"]),
        nation_pct=percent(last["nation_pct"]),
    )
