"""The first page of the education report: its key figures and the findings of its figures."""

import pandas as pd

from nlib.charts.chart import Front
from nlib.charts.facts import own_years
from nlib.core.language import at, number, percent
from nlib.core.translations import _
from nlib.themes.facts import cards, findings
from nlib.themes.utdanning import figures as utdanning


def front(
    facts: pd.DataFrame,
    education_levels: pd.DataFrame,
    education_gap: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
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
    charts = utdanning.levels(education_levels, names, komm_nr), utdanning.gap(education_gap, names, compare, komm_nr)
    shown = cards(facts, komm_nr, "higher_pct", "fagskole_pct", "grunnskole_pct", "gap_pct")
    return Front(title, lead + outside(youth_outside, komm_nr), shown, findings(*charts))


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
