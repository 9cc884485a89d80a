"""The first page of the long-term report: its key figures and the findings of its figures."""

import pandas as pd

from nlib.charts.chart import Front
from nlib.charts.facts import own_years
from nlib.core.language import number, percent
from nlib.core.translations import _
from nlib.themes.facts import Drawn, cards, findings
from nlib.themes.perspektiv.figures import BY, SINCE


def front(
    facts: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    figure: Drawn,
    klimanoytral: int | None = None,
    kutt_prosent: float | None = None,
    kutt_aar: int = BY,
    basis_aar: int = SINCE,
    basis_tonn: float | None = None,
    dwelling_construction: pd.DataFrame | None = None,
    private_purchases: pd.DataFrame | None = None,
) -> Front:
    """Key figures of the latest year of each source, and the findings of the figures that there are."""
    name = names[komm_nr]
    goals = {
        "klimanoytral": klimanoytral,
        "kutt_prosent": kutt_prosent,
        "kutt_aar": kutt_aar,
        "basis_aar": basis_aar,
        "basis_tonn": basis_tonn,
    }
    lead = _(
        "Boligene, handlingsrommet i økonomien og utslippene av klimagasser, og hva som trengs for å nå målene, er "
        "det en langsiktig melding ser på. Tallene sier hvor kommunen står, ikke hvor den er på vei.",
    )
    return Front(
        _("Perspektiv for {name}", name=name),
        lead + completed(dwelling_construction, komm_nr) + purchases(private_purchases, komm_nr),
        cards(facts, komm_nr, "dwellings_per_1000", "net_operating_result_pct", "net_debt_pct", "free_reserves_pct", "emissions_t"),
        findings(figure("perspektiv.dwellings"), figure("perspektiv.economy"), figure("perspektiv.targets", **goals)),
    )


def completed(dwelling_construction: pd.DataFrame | None, komm_nr: str) -> str:
    """Dwellings completed in the latest year and their mean rate of three years, after a space; empty where there is none."""
    if dwelling_construction is None or (own := own_years(dwelling_construction, komm_nr, "mean_per_1000")).empty:
        return ""
    last = own.iloc[-1]
    return _(
        " I {year} ble det fullført {dwellings}; snittet av tre år er {mean_per_1000} per {value} innbyggere (landet "
        "{nation_mean_per_1000}; SSB, tabell 05940).",
        year=last["year"],
        dwellings=f"{number(last['completed'])} {_('bolig') if last['completed'] == 1 else _('boliger')}",
        mean_per_1000=number(last["mean_per_1000"], 1),
        value=number(1000),
        nation_mean_per_1000=number(last["nation_mean_per_1000"], 1),
    )


def purchases(private_purchases: pd.DataFrame | None, komm_nr: str) -> str:
    """The share of operating expenses that buys services of private firms, after a space; empty where there is none."""
    if private_purchases is None or (own := own_years(private_purchases, komm_nr, "share_pct")).empty:
        return ""
    last = own.iloc[-1]
    return _(
        " I {year} gikk {share_pct} av driftsutgiftene til tjenester kjøpt av private (landet {nation_pct}; SSB, tabell 12367).",
        year=last["year"],
        share_pct=percent(last["share_pct"]),
        nation_pct=percent(last["nation_pct"]),
    )
